//! Lists who attended a conference, and for how long.
//!
//! ```text
//! cargo run -p huiyi-dingtalk --example attendance
//! ```
//!
//! To call DingTalk it needs `DINGTALK_CONFERENCE_ID`.

pub(crate) mod support;

use std::process::ExitCode;

use huiyi_dingtalk::types::{AttendStatus, ConferenceMember};
use huiyi_mock::Loopback;
use serde_json::json;
use support::{Outcome, Setup, answer_in_turn, clock_time, span};

#[tokio::main]
async fn main() -> ExitCode {
    support::run(example).await
}

pub(crate) async fn example(setup: Setup) -> Outcome {
    let id = setup.variable("DINGTALK_CONFERENCE_ID", "6323d7c2b0a1")?;
    if let Some(server) = &setup.loopback {
        rehearse(server);
    }

    println!("{:<6} {:<6} {:>11}  who attended {id}", "joined", "left", "time");
    let (mut attended, mut listed, mut total) = (0, 0, 0);
    let mut pages = setup.client.list_members(id).max_results(100).pages();
    while let Some(page) = pages.next().await {
        for member in page?.answer.member_models {
            let time = member.duration.map_or("-".to_owned(), span);
            let (joined, left) = (clock_time(member.join_time.as_ref()), clock_time(member.leave_time.as_ref()));
            println!("{joined:<6} {left:<6} {time:>11}  {}", described(&member));
            listed += 1;
            attended += i32::from(member.join_time.is_some());
            total += member.duration.unwrap_or_default();
        }
    }
    println!("\n{attended} of {listed} people attended, {} between them.", span(total));
    Ok(())
}

fn described(member: &ConferenceMember) -> String {
    let mut words = vec![member.user_nick.clone().unwrap_or_default()];
    let mut say = |is_so: Option<bool>, word: &str| words.extend((is_so == Some(true)).then(|| word.to_owned()));
    say(member.host, "host");
    say(member.co_host, "co-host");
    say(member.pstn_join, "by telephone");
    say(member.outer_org_member, "from outside");
    match &member.attend_status {
        Some(AttendStatus::InMeeting) => words.push("still there".to_owned()),
        Some(AttendStatus::JoinFailed) => words.push("did not answer".to_owned()),
        Some(AttendStatus::Kicked) => words.push("was removed".to_owned()),
        _ => {}
    }
    words.join(", ")
}

/// Makes the server inside this process return two pages of members.
fn rehearse(server: &Loopback) {
    let minute = |minute: i64| 1_663_293_600_000 + minute * 60_000;
    let first = json!({"totalCount": 5, "nextToken": "3", "memberModels": [
        {"userNick": "小钉", "joinTime": minute(0), "leaveTime": minute(58), "duration": 3_480_000, "attendStatus": 6, "host": true},
        {"userNick": "钉三多", "joinTime": minute(2), "leaveTime": minute(58), "duration": 3_360_000, "attendStatus": 6, "coHost": true},
        {"userNick": "老王", "joinTime": minute(5), "duration": 3_180_000, "attendStatus": 3, "pstnJoin": true},
    ]});
    let second = json!({"totalCount": 5, "memberModels": [
        {"userNick": "Ms Li", "joinTime": minute(11), "leaveTime": minute(31), "duration": 1_200_000, "attendStatus": 5, "outerOrgMember": true},
        {"userNick": "小张", "attendStatus": 4},
    ]});
    answer_in_turn(server, "list_members", [(200, first), (200, second)]);
}
