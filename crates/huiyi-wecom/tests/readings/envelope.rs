//! Success, warnings, and what older clients of the API sent.

use huiyi_wecom::types::{
    CreateMeetingRequest, CreateMeetingSettings, FinishPollRequest, GetWebinarRequest, ListPollsRequest,
};
use serde_json::json;

use crate::support::{MEETING, WeCom, json_of};

#[tokio::test]
async fn without_an_error_code_only_a_documented_member_makes_a_success() {
    let wecom = WeCom::start().await;
    wecom.server.answer("get_webinar", 200, json!({"title": "launch"}).to_string());
    for body in ["{}", r#"{"unheard_of": 1}"#] {
        wecom.server.answer("list_polls", 200, body);

        let refused = wecom.client.list_polls(ListPollsRequest::new("openid", 1, MEETING)).send().await.unwrap_err();

        assert!(refused.to_string().contains("neither `errcode` nor a member"), "{refused}");
    }
    wecom.server.answer("list_polls", 200, json!({"polls_theme_info": []}).to_string());

    let webinar = wecom.client.get_webinar().body(GetWebinarRequest::new().meetingid(MEETING)).send().await.unwrap();
    let polls = wecom.client.list_polls(ListPollsRequest::new("openid", 1, MEETING)).send().await.unwrap();

    assert_eq!(webinar.title.as_deref(), Some("launch"));
    assert!(polls.polls_theme_info.is_empty());
}

#[tokio::test]
async fn the_error_code_of_a_finished_poll_may_be_a_text() {
    let wecom = WeCom::start().await;
    let request = || FinishPollRequest::new("openid", 1, MEETING, "theme", "poll");

    wecom.server.answer("finish_poll", 200, r#"{"errcode": "0", "errmsg": "ok"}"#);
    wecom.client.finish_poll(request()).send().await.unwrap();
    wecom.server.answer("finish_poll", 200, r#"{"errcode": "730008", "errmsg": "meeting deleted"}"#);
    let refused = wecom.client.finish_poll(request()).send().await.unwrap_err();

    assert_eq!(refused.code(), Some("730008"));
}

#[tokio::test]
async fn a_remark_about_ill_typed_json_is_surfaced() {
    let wecom = WeCom::start().await;
    let remark = "ok. Warning: wrong json format. ";
    wecom.server.answer(
        "create_meeting",
        200,
        json!({"errcode": 0, "errmsg": remark, "meetingid": MEETING}).to_string(),
    );

    let answer = wecom.client.create_meeting(CreateMeetingRequest::new("zhangsan", "weekly")).send().await.unwrap();

    assert!(answer.warning().is_some_and(|warning| warning.contains("Warning: wrong json format")));
    assert_eq!(answer.meetingid.as_deref(), Some(MEETING));
}

#[tokio::test]
async fn a_plain_success_carries_no_warning() {
    let wecom = WeCom::start().await;

    let answer = wecom.client.create_meeting(CreateMeetingRequest::new("zhangsan", "weekly")).send().await.unwrap();

    assert_eq!(answer.warning(), None);
}

#[test]
fn nothing_of_the_old_generation_is_sent() {
    let settings = CreateMeetingSettings::new().hosts(["zhangsan"]);
    let request = CreateMeetingRequest::new("zhangsan", "weekly").invitees(["lisi"]).settings(settings);

    let body = json_of(&request);

    for name in ["creator_userid", "type", "remind_time", "attendees"] {
        assert_eq!(body.get(name), None, "{name}");
    }
    assert_eq!(body["invitees"], json!({"userid": ["lisi"]}));
}
