//! WeCom: meetings of members, identified by `meetingid` or by their code.
//!
//! Pages: "Meetings" of developer.work.weixin.qq.com (99104 and those after it).

mod lists;

use serde_json::{Value, json};

use crate::dialect::Refusal;
use crate::random;
use crate::sandbox::desk::{Case, Desk, Told, merge};
use crate::sandbox::meeting::{Change, Meeting, Stage};

/// Codes: no such meeting, no such code, the meeting was cancelled; it has begun or ended and can no longer be changed,
/// or no longer be cancelled.
const NO_MEETING: i64 = 90_602;
const NO_CODE: i64 = 730_004;
const CANCELLED: i64 = 400_041;
const UNCHANGEABLE: i64 = 400_221;
const UNDER_WAY: i64 = 400_224;
/// Codes: start, duration and title are invalid, the start has passed.
const WRONG_START: i64 = 400_034;
const WRONG_DURATION: i64 = 400_035;
const WRONG_TITLE: i64 = 400_042;
const PAST: i64 = 400_222;
/// Codes: too many participants, too many hosts, invalid password, the location is too long.
const TOO_MANY: i64 = 400_020;
const TOO_MANY_HOSTS: i64 = 400_027;
const WRONG_PASSWORD: i64 = 400_030;
const LONG_LOCATION: i64 = 400_237;
/// Codes: there is no `admin_userid`, no `userid`.
const NO_ADMIN: i64 = 400_040;
const NO_USER: i64 = 400_038;
/// Minimum and maximum duration of a meeting, in seconds; maximum length of a title and a location, in characters.
const SHORTEST: i64 = 300;
const LONGEST: i64 = 86_399;
const LONGEST_TITLE: usize = 255;
const LONGEST_LOCATION: usize = 128;
/// Maximum numbers of invited members and of hosts.
const MOST_INVITED: usize = 300;
const MOST_HOSTS: usize = 10;

/// WeCom's handling of meetings.
#[derive(Debug)]
pub(crate) struct WeComDesk;

impl Desk for WeComDesk {
    fn perform(&self, case: &mut Case<'_>) -> Option<Result<Value, Refusal>> {
        let content = match case.call.id() {
            "create_meeting" => create(case),
            "update_meeting" => update(case),
            "cancel_meeting" => cancel(case),
            "get_meeting_info" => info(case),
            "list_user_meeting_ids" => lists::of_user(case),
            "dismiss_meeting" => dismiss(case),
            "list_realtime_attendees" => lists::attendees(case, true),
            "list_attendees" => lists::attendees(case, false),
            "list_recordings" => lists::recordings(case),
            _ => return None,
        };
        Some(content.map(|content| {
            let mut answer = json!({"errcode": 0, "errmsg": "ok"});
            merge(&mut answer, &content);
            answer
        }))
    }

    fn event(&self, meeting: &Meeting, change: &Change, _: i64, _: usize) -> Option<Told> {
        let host = &meeting.host;
        let (event_type, actor) = match change {
            Change::Booked => return None,
            Change::Changed => ("meeting_change/modify_meeting", host),
            Change::Cancelled => ("meeting_change/cancel_meeting", host),
            Change::Begun(user) => ("meeting_change/meeting_start", user),
            Change::Joined(user) => ("meeting_change/join_meeting", user),
            Change::Left(user) => ("meeting_change/quit_meeting", user),
            Change::Ended => ("meeting_change/meeting_end", host),
            Change::RecordingReady => ("meeting_change/recording_complete", host),
        };
        Some(Told { event_type, content: json!({"MeetingId": meeting.id}), actor: actor.clone() })
    }
}

/// Returns the code for the first invalid field, if there is one. Create and update share these fields.
fn wrong_field(body: &Value, now: i64) -> Option<i64> {
    let count = |users: &Value| users["userid"].as_array().map_or(0, Vec::len);
    let length = |name: &str| body[name].as_str().map(|text| text.chars().count());
    let is_password = |text: &str| (4..=6).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let settings = &body["settings"];
    let checks = [
        (length("title").is_some_and(|length| !(1..=LONGEST_TITLE).contains(&length)), WRONG_TITLE),
        (body["meeting_start"].as_i64().is_some_and(|start| start <= now), PAST),
        (
            body["meeting_duration"].as_i64().is_some_and(|length| !(SHORTEST..=LONGEST).contains(&length)),
            WRONG_DURATION,
        ),
        (length("location").is_some_and(|length| length > LONGEST_LOCATION), LONG_LOCATION),
        (count(&body["invitees"]) > MOST_INVITED, TOO_MANY),
        (count(&settings["hosts"]) > MOST_HOSTS, TOO_MANY_HOSTS),
        (settings["password"].as_str().is_some_and(|text| !text.is_empty() && !is_password(text)), WRONG_PASSWORD),
    ];
    checks.into_iter().find_map(|(is_wrong, code)| is_wrong.then_some(code))
}

fn check(case: &Case<'_>) -> Result<(), Refusal> {
    wrong_field(case.body, case.now()).map_or(Ok(()), |code| Err(case.refuse(code)))
}

fn users(value: &Value) -> Vec<String> {
    value["userid"].as_array().into_iter().flatten().filter_map(|user| user.as_str().map(str::to_owned)).collect()
}

fn create(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let host = case.text("admin_userid").to_owned();
    if host.is_empty() {
        return Err(case.refuse(NO_ADMIN));
    }
    check(case)?;
    let now = case.now();
    let start = case.body["meeting_start"].as_i64().unwrap_or(now);
    let duration = case.body["meeting_duration"].as_i64().unwrap_or(3_600);
    let (id, code) = (format!("hy{}", random::hex(30)), case.memory.number(9));
    let mut settings = case.body.clone();
    if let Some(settings) = settings.as_object_mut() {
        settings.retain(|name, _| !["title", "meeting_start", "meeting_duration"].contains(&name.as_str()));
    }
    let meeting = Meeting {
        id: id.clone(),
        booking: String::new(),
        code,
        subject: case.text("title").to_owned(),
        created: now,
        start: Some(start),
        end: start.saturating_add(duration),
        stage: Stage::Booked,
        is_withdrawn: false,
        began: None,
        ended: None,
        invited: users(&case.body["invitees"]).into_iter().filter(|user| *user != host).collect(),
        host,
        settings,
        stays: Vec::new(),
        recording: None,
    };
    case.memory.book(meeting);
    Ok(json!({"meetingid": id, "excess_users": []}))
}

/// Returns the meeting in the body.
fn named(case: &Case<'_>) -> Result<usize, Refusal> {
    let id = case.text("meetingid");
    case.memory.meetings.iter().position(|meeting| meeting.id == id).ok_or_else(|| case.refuse(NO_MEETING))
}

fn update(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let index = named(case)?;
    match case.meeting(index).stage {
        Stage::Booked => {}
        Stage::Cancelled => return Err(case.refuse(CANCELLED)),
        Stage::Running | Stage::Ended => return Err(case.refuse(UNCHANGEABLE)),
    }
    check(case)?;
    let body = case.body;
    // Start and duration are changed together.
    match (body.get("meeting_start"), body.get("meeting_duration")) {
        (Some(_), None) => return Err(case.refuse(WRONG_DURATION)),
        (None, Some(_)) => return Err(case.refuse(WRONG_START)),
        _ => {}
    }
    let meeting = &mut case.memory.meetings[index];
    let duration = meeting.end - meeting.start.unwrap_or(meeting.end);
    let duration = body["meeting_duration"].as_i64().unwrap_or(duration);
    let start = body["meeting_start"].as_i64().or(meeting.start).unwrap_or(meeting.end);
    meeting.start = Some(start);
    meeting.end = start.saturating_add(duration);
    if let Some(title) = body["title"].as_str() {
        meeting.subject = title.to_owned();
    }
    if body.get("invitees").is_some() {
        meeting.invited = users(&body["invitees"]).into_iter().filter(|user| *user != meeting.host).collect();
    }
    for name in ["description", "location", "settings", "reminders", "cal_id"] {
        if let Some(value) = body.get(name) {
            merge(&mut meeting.settings, &json!({name: value}));
        }
    }
    case.memory.tell(index, Change::Changed);
    Ok(json!({"excess_users": []}))
}

fn cancel(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let index = named(case)?;
    match case.memory.cancel(index) {
        Ok(()) => Ok(json!({})),
        Err(Stage::Cancelled) => Err(case.refuse(CANCELLED)),
        Err(_) => Err(case.refuse(UNDER_WAY)),
    }
}

fn status(meeting: &Meeting, now: i64) -> i64 {
    match meeting.stage {
        Stage::Booked if meeting.is_expired(now) => 5,
        Stage::Booked => 1,
        Stage::Running => 2,
        Stage::Ended => 3,
        Stage::Cancelled => 4,
    }
}

fn info(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let index = match case.text("meeting_code") {
        code if !code.is_empty() && case.text("meetingid").is_empty() => {
            let found = case.memory.meetings.iter().position(|meeting| meeting.code == code);
            found.ok_or_else(|| case.refuse(NO_CODE))?
        }
        _ => named(case)?,
    };
    let (meeting, now) = (case.meeting(index), case.now());
    let start = meeting.start.unwrap_or_default();
    let everybody = std::iter::once(&meeting.host).chain(&meeting.invited);
    let members = everybody.map(|user| {
        let stays: Vec<_> = meeting.stays.iter().filter(|stay| stay.user == *user).collect();
        json!({
            "userid": user,
            "status": if stays.is_empty() { 2 } else { 1 },
            "first_join_time": stays.iter().map(|stay| stay.joined).min().unwrap_or_default(),
            "last_quit_time": stays.iter().filter_map(|stay| stay.left).max().unwrap_or_default(),
            "total_join_count": stays.len(),
            "cumulative_time": meeting.seconds_of(user, now),
        })
    });
    let mut shown = json!({
        "meetingid": meeting.id,
        "admin_userid": meeting.host,
        "title": meeting.subject,
        "meeting_start": start,
        "meeting_duration": meeting.end - start,
        "main_department": 1,
        "status": status(meeting, now),
        "attendees": {"member": members.collect::<Vec<_>>()},
        "meeting_code": meeting.code,
        "meeting_link": format!("https://meeting.tencent.com/dm/{}", meeting.code),
    });
    for name in ["description", "location", "settings", "reminders", "cal_id", "agentid"] {
        if let Some(value) = meeting.settings.get(name) {
            shown[name] = value.clone();
        }
    }
    Ok(shown)
}

fn dismiss(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let (index, now) = (named(case)?, case.now());
    match case.memory.end(index, now) {
        Ok(()) => Ok(json!({})),
        Err(_) => Err(case.refuse(NO_MEETING)),
    }
}
