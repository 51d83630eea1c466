//! Requests to the sandbox itself.

use huiyi_mock::{Sandbox, Vendor};

use crate::inbox::now;
use crate::{tencent, wecom};

#[tokio::test]
async fn what_is_not_possible_is_said() {
    let sandbox = Sandbox::start(Vendor::WeCom).await.unwrap();
    let created = wecom::client(&sandbox).create_meeting(wecom::request("Weekly", now() + 60)).send().await.unwrap();
    let id = created.meetingid.clone().unwrap();
    let said = |done: Result<(), huiyi_mock::Impossible>| done.unwrap_err().to_string();

    assert_eq!(said(sandbox.join("7", "lisi")), "there is no meeting 7");
    assert_eq!(said(sandbox.join(&id, "")), "`user` is missing");
    assert_eq!(said(sandbox.end(&id)), format!("the meeting {id} has not begun"));
    sandbox.join(&id, "lisi").unwrap();
    assert_eq!(said(sandbox.leave(&id, "wangwu")), format!("wangwu is not in the meeting {id}"));
    assert_eq!(
        said(sandbox.finish_recording(&id)),
        format!("the meeting {id} has no recording that is being processed")
    );
    sandbox.end(&id).unwrap();
    assert_eq!(said(sandbox.join(&id, "lisi")), format!("the meeting {id} has ended"));
    assert_eq!(sandbox.shown()["meetings"][0]["state"], "ended");
}

#[tokio::test]
async fn an_event_that_is_not_taken_is_pushed_again() {
    let sandbox = Sandbox::start(Vendor::Tencent).await.unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    sandbox.push_to(format!("http://{}/hook", listener.local_addr().unwrap()));
    let asked = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = std::sync::Arc::clone(&asked);
    let hook = axum::routing::any(move || {
        let is_first = counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0;
        std::future::ready(axum::http::StatusCode::from_u16(if is_first { 503 } else { 200 }).unwrap())
    });
    tokio::spawn(async move { axum::serve(listener, axum::Router::new().route("/hook", hook)).await });

    tencent::client(&sandbox).create_meeting(tencent::request("Weekly", now() + 60)).send().await.unwrap();
    sandbox.delivered().await;

    assert_eq!(asked.load(std::sync::atomic::Ordering::Relaxed), 2);
    assert_eq!(sandbox.pushed()[0].status, Some(200));
}

#[tokio::test]
async fn the_list_of_a_user_is_complete_though_meetings_begin_together() {
    let sandbox = Sandbox::start(Vendor::Tencent).await.unwrap();
    let client = tencent::client(&sandbox);
    let start = now() + 3600;
    let mut booked = Vec::new();
    for number in 0..45 {
        let answer = client.create_meeting(tencent::request("Same time", start + number / 30)).send().await.unwrap();
        booked.extend(answer.meeting_info_list.first().and_then(|meeting| meeting.meeting_id.clone()));
    }

    let listed = client.get_meetings().userid("host").stream().collect().await.unwrap();

    assert_eq!(listed.into_iter().filter_map(|meeting| meeting.meeting_id).collect::<Vec<_>>(), booked);
}

#[tokio::test]
async fn what_has_nothing_to_do_with_meetings_is_answered_as_its_page_shows() {
    let sandbox = Sandbox::start(Vendor::WeCom).await.unwrap();

    let rooms = wecom::client(&sandbox).list_rooms().send().await;

    assert!(rooms.is_ok(), "{rooms:?}");
}
