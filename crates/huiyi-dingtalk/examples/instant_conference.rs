//! Starts an instant conference, calls a colleague and a phone number into it, and prints how to join.
//!
//! ```text
//! cargo run -p huiyi-dingtalk --example instant_conference
//! ```
//!
//! With DingTalk credentials it rings real people: `DINGTALK_UNION_ID` starts the conference,
//! `DINGTALK_INVITEE_UNION_ID` and `DINGTALK_INVITEE_PHONE` are called into it.

pub(crate) mod support;

use std::process::ExitCode;

use huiyi_dingtalk::types::{CreateVideoConferenceRequest, InviteUsersRequest, Invitee, PhoneInvitee};
use huiyi_mock::Loopback;
use serde_json::json;
use support::{Outcome, Setup};

#[tokio::main]
async fn main() -> ExitCode {
    support::run(example).await
}

pub(crate) async fn example(setup: Setup) -> Outcome {
    let host = setup.variable("DINGTALK_UNION_ID", "mE4lK7nFiPFhudV2Ch17AMwiEi")?;
    let colleague = setup.variable("DINGTALK_INVITEE_UNION_ID", "2iPOLbpUNMLzB5LuwggiiqiPwiEiE")?;
    let phone = setup.variable("DINGTALK_INVITEE_PHONE", "+86-13800000000")?;
    if let Some(server) = &setup.loopback {
        rehearse(server);
    }
    let client = &setup.client;

    let request = CreateVideoConferenceRequest::new(host.as_str(), "Weekly meeting 周会").invite_caller(false);
    let conference = client.create_video_conference(request).send().await?.into_inner();
    let id = conference.conference_id.ok_or("the answer has no conference id")?;
    println!("The conference has started.");
    println!("  by code   {}", conference.room_code.unwrap_or_default());
    println!("  by phone  {}", conference.phone_numbers.join(", "));
    if let Some(link) = conference.external_link_url {
        // The link is a secret, since anyone who has it can join; this example shows it on purpose.
        println!("  by link   {}", link.expose());
    }

    let request = InviteUsersRequest::new()
        .union_id(host)
        .invitee_list([Invitee::new("小钉").union_id(colleague)])
        .phone_invitee_list([PhoneInvitee::new().nick("老王").phone_number(phone)]);
    let invited = client.invite_users(id.as_str()).body(request).send().await?;
    println!(
        "\nCalling 小钉, and 老王 by telephone: {}.",
        if invited.success == Some(true) { "done" } else { "refused" }
    );

    let conference = client.get_video_conference(id).send().await?.into_inner().conf_info;
    let (now, invited) = (conference.active_num.unwrap_or_default(), conference.invited_num.unwrap_or_default());
    println!("{}: {now} in the conference, {invited} invited.", conference.title.unwrap_or_default());
    Ok(())
}

/// Gives the server inside this process more realistic answers than the examples on DingTalk's pages.
fn rehearse(server: &Loopback) {
    let link = "https://meeting.dingtalk.com/app?roomCode=83022917746&token=1_59209c43-431c-4e57-a0f8-11bebdb3db7f";
    let created = json!({
        "conferenceId": "607452e01401526ee39609e1", "roomCode": "830 2291 7746", "externalLinkUrl": link,
        "phoneNumbers": ["0571-26883112"], "conferencePassword": "1151302294", "hostPassword": "2142817614",
    });
    let running = json!({"confInfo": {"title": "Weekly meeting 周会", "activeNum": 1, "invitedNum": 2, "status": 2}});
    server.answer("create_video_conference", 200, created.to_string());
    server.answer("get_video_conference", 200, running.to_string());
}
