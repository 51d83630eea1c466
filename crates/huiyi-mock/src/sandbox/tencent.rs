//! Tencent Meeting: meetings of members, with lists that have three kinds of paging.
//!
//! Pages: "Meetings", "Participants" and "Recordings" of cloud.tencent.com/document/product/1095.

mod participants;
mod recordings;

use serde_json::{Value, json};

use crate::dialect::Refusal;
use crate::sandbox::desk::{Case, Desk, Page, Told, merge, number, page};
use crate::sandbox::meeting::{Change, Meeting, Stage};

/// Codes: a parameter is invalid, there is no such meeting, it was cancelled, has begun and cannot be cancelled, has
/// ended; not allowed.
const INVALID: i64 = 190_004;
const NO_MEETING: i64 = 9_003;
const CANCELLED: i64 = 9_007;
const BEGUN: i64 = 13_602;
const ENDED: i64 = 13_603;
const NOT_ALLOWED: i64 = 9_042;
/// The number of open meetings on a page.
const PAGE: usize = 20;
/// Maximum spans of time, in days: of ended meetings, of all others.
const ENDED_DAYS: i64 = 90;
const DAYS: i64 = 31;
/// The maximum number of invited members, and length of a subject in bytes.
const MOST_INVITED: usize = 300;
const LONGEST_SUBJECT: usize = 512;

/// Tencent Meeting's handling of meetings.
#[derive(Debug)]
pub(crate) struct TencentDesk;

impl Desk for TencentDesk {
    fn perform(&self, case: &mut Case<'_>) -> Option<Result<Value, Refusal>> {
        Some(match case.call.id() {
            "create_meeting" => create(case),
            "get_meeting" => named(case).map(|index| listed(vec![shown(case.meeting(index))])),
            "get_meetings" => list(case),
            "update_meeting" => update(case),
            "cancel_meeting" => cancel(case),
            "dismiss_meeting" => dismiss(case),
            "list_ended_meetings" => ended(case),
            "list_participants" => participants::list(case),
            "list_real_time_participants" => participants::present(case),
            "list_records" => recordings::list(case),
            "list_record_addresses" => recordings::addresses(case),
            "get_record_file" => recordings::file(case),
            _ => return None,
        })
    }

    fn event(&self, meeting: &Meeting, change: &Change, unix_millis: i64, _: usize) -> Option<Told> {
        let host = &meeting.host;
        let (event_type, actor) = match change {
            Change::Booked => ("meeting.created", host),
            Change::Changed => ("meeting.updated", host),
            Change::Cancelled => ("meeting.canceled", host),
            Change::Begun(user) => ("meeting.started", user),
            Change::Joined(user) => ("meeting.participant-joined", user),
            Change::Left(user) => ("meeting.participant-left", user),
            Change::Ended => ("meeting.end", host),
            Change::RecordingReady => ("recording.completed", host),
        };
        let mut content = json!({
            "operate_time": unix_millis,
            "operator": {"userid": actor, "user_name": actor},
            "meeting_info": {
                "meeting_id": meeting.id,
                "meeting_code": meeting.code,
                "subject": meeting.subject,
                "creator": {"userid": host, "user_name": host},
                "meeting_type": 0,
                "start_time": meeting.start.unwrap_or_default(),
                "end_time": meeting.end,
            },
        });
        match (change, &meeting.recording) {
            (Change::Ended, _) => content["meeting_end_type"] = 0.into(),
            (Change::RecordingReady, Some(recording)) => {
                content["recording_files"] = json!([{"record_file_id": recording.file}]);
            }
            _ => {}
        }
        Some(Told { event_type, content, actor: actor.clone() })
    }
}

/// Reads start and end; what the body omits stays as before. The start must be before the end.
fn times(case: &Case<'_>, before: (i64, i64)) -> Result<(i64, i64), Refusal> {
    let of = |name: &str, before: i64| match &case.body[name] {
        Value::Null => Some(before),
        value => number(value),
    };
    match (of("start_time", before.0), of("end_time", before.1)) {
        (Some(start), Some(end)) if start < end && end > case.now() => Ok((start, end)),
        _ => Err(case.refuse(INVALID)),
    }
}

/// Reads user ids: texts, or objects that contain one.
fn users(value: &Value) -> Vec<String> {
    let users = value.as_array().into_iter().flatten();
    users.filter_map(|user| user.as_str().or(user["userid"].as_str()).map(str::to_owned)).collect()
}

/// Checks the fields that create and update share.
fn check(case: &Case<'_>) -> Result<(), Refusal> {
    let body = case.body;
    let is_password = |text: &str| (4..=6).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_valid = case.text("subject").len() <= LONGEST_SUBJECT
        && body["invitees"].as_array().is_none_or(|invited| invited.len() <= MOST_INVITED)
        && body["password"].as_str().is_none_or(|text| text.is_empty() || is_password(text));
    if is_valid { Ok(()) } else { Err(case.refuse(INVALID)) }
}

/// Returns the members with the settings of a meeting, which responses repeat.
fn settings(body: &Value) -> Value {
    let names = ["settings", "password", "hosts", "location", "enable_live", "live_config", "host_key", "meeting_type"];
    let members = names.iter().filter_map(|name| Some(((*name).to_owned(), body.get(*name)?.clone())));
    Value::Object(members.collect())
}

fn create(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let (host, subject) = (case.text("userid").to_owned(), case.text("subject").to_owned());
    if host.is_empty() || subject.is_empty() {
        return Err(case.refuse(INVALID));
    }
    check(case)?;
    let (start, end) = times(case, (0, 0))?;
    let (id, code) = (case.memory.number(18), case.memory.number(9));
    let meeting = Meeting {
        id,
        booking: String::new(),
        code,
        subject,
        created: case.now(),
        start: Some(start),
        end,
        stage: Stage::Booked,
        is_withdrawn: false,
        began: None,
        ended: None,
        invited: users(&case.body["invitees"]).into_iter().filter(|user| *user != host).collect(),
        host,
        settings: settings(case.body),
        stays: Vec::new(),
        recording: None,
    };
    let mut answer = shown(case.memory.book(meeting));
    if let Some(members) = answer.as_object_mut() {
        members.retain(|name, _| !["status", "type", "meeting_type", "location"].contains(&name.as_str()));
    }
    Ok(listed(vec![answer]))
}

fn listed(meetings: Vec<Value>) -> Value {
    json!({"meeting_number": meetings.len(), "meeting_info_list": meetings})
}

fn status(meeting: &Meeting) -> &'static str {
    match meeting.stage {
        Stage::Booked => "MEETING_STATE_INIT",
        Stage::Running => "MEETING_STATE_STARTED",
        Stage::Ended => "MEETING_STATE_ENDED",
        Stage::Cancelled => "MEETING_STATE_CANCELLED",
    }
}

fn shown(meeting: &Meeting) -> Value {
    let user = |user: &String| json!({"userid": user});
    let mut shown = json!({
        "subject": meeting.subject,
        "meeting_id": meeting.id,
        "meeting_code": meeting.code,
        "status": status(meeting),
        "type": 0,
        "start_time": meeting.start.unwrap_or_default().to_string(),
        "end_time": meeting.end.to_string(),
        "hosts": [user(&meeting.host)],
        "participants": meeting.invited.iter().map(user).collect::<Vec<_>>(),
        "join_url": format!("https://meeting.tencent.com/dm/{}", meeting.code),
        "meeting_type": 0,
    });
    merge(&mut shown, &meeting.settings);
    shown
}

/// Returns the meeting in the path.
fn named(case: &Case<'_>) -> Result<usize, Refusal> {
    let id = case.path("meeting_id");
    case.memory.meetings.iter().position(|meeting| meeting.id == id).ok_or_else(|| case.refuse(NO_MEETING))
}

/// Lists a meeting by its code, or the meetings of a user that have not ended, in the order of their start.
fn list(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let meetings = &case.memory.meetings;
    if let Some(code) = case.query("meeting_code") {
        let found: Vec<Value> = meetings.iter().filter(|meeting| meeting.code == code).map(shown).collect();
        return if found.is_empty() { Err(case.refuse(NO_MEETING)) } else { Ok(listed(found)) };
    }
    let Some(user) = case.query("userid").or_else(|| case.query("operator_id")) else {
        return Err(case.refuse(INVALID));
    };
    let is_of_user = |meeting: &&Meeting| meeting.host == user || meeting.invited.contains(&user);
    let is_open = |meeting: &&Meeting| matches!(meeting.stage, Stage::Booked | Stage::Running);
    let mut open: Vec<&Meeting> = meetings.iter().filter(is_of_user).filter(is_open).collect();
    open.sort_by_key(|meeting| meeting.start);
    // `pos` is a time, which several meetings may share; `cursory` is the number of meetings seen so far.
    let from = match case.query("cursory").and_then(|text| text.parse().ok()) {
        Some(seen) => seen,
        None => {
            let pos = case.query("pos").and_then(|text| text.parse().ok()).unwrap_or(0);
            open.iter().filter(|meeting| meeting.start.is_some_and(|start| start < pos)).count()
        }
    };
    let starts: Vec<i64> = open.iter().map(|meeting| meeting.start.unwrap_or_default()).collect();
    let remaining = open.len().saturating_sub(from + PAGE);
    let (open, next) = page(open, from, PAGE);
    let mut answer = listed(open.into_iter().map(shown).collect());
    answer["remaining"] = remaining.into();
    if let Some(next) = next {
        answer["next_pos"] = starts.get(next).copied().unwrap_or_default().into();
        answer["next_cursory"] = next.into();
    }
    Ok(answer)
}

/// Checks that a meeting has not begun.
fn not_begun(case: &Case<'_>, index: usize) -> Result<(), Refusal> {
    match case.meeting(index).stage {
        Stage::Booked => Ok(()),
        Stage::Cancelled => Err(case.refuse(CANCELLED)),
        Stage::Running => Err(case.refuse(BEGUN)),
        Stage::Ended => Err(case.refuse(ENDED)),
    }
}

/// Returns the meeting in the path, if the user in the body is its host.
fn own(case: &Case<'_>) -> Result<usize, Refusal> {
    let index = named(case)?;
    if case.meeting(index).host == case.text("userid") { Ok(index) } else { Err(case.refuse(NOT_ALLOWED)) }
}

fn update(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let index = own(case)?;
    not_begun(case, index)?;
    check(case)?;
    let before = case.meeting(index);
    let (start, end) = times(case, (before.start.unwrap_or_default(), before.end))?;
    let body = case.body;
    let meeting = &mut case.memory.meetings[index];
    (meeting.start, meeting.end) = (Some(start), end);
    if let Some(subject) = body["subject"].as_str() {
        meeting.subject = subject.to_owned();
    }
    if body.get("invitees").is_some() {
        meeting.invited = users(&body["invitees"]).into_iter().filter(|user| *user != meeting.host).collect();
    }
    merge(&mut meeting.settings, &settings(body));
    let short = json!({"meeting_id": meeting.id, "meeting_code": meeting.code});
    case.memory.tell(index, Change::Changed);
    Ok(listed(vec![short]))
}

fn cancel(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let index = own(case)?;
    not_begun(case, index)?;
    _ = case.memory.cancel(index);
    Ok(json!({}))
}

fn dismiss(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let (index, now) = (named(case)?, case.now());
    let (meeting, operator) = (case.meeting(index), case.text("operator_id"));
    if meeting.host != operator && !users(&meeting.settings["hosts"]).iter().any(|host| host == operator) {
        return Err(case.refuse(NOT_ALLOWED));
    }
    case.memory.end(index, now).map_err(|stage| match stage {
        Stage::Cancelled => case.refuse(CANCELLED),
        Stage::Ended => case.refuse(ENDED),
        // The pages have no code for a meeting that has not begun.
        Stage::Booked | Stage::Running => case.refuse(NO_MEETING),
    })?;
    Ok(json!({}))
}

/// Cuts out the page that the query requests, with the vendor's page counts. `usual` is as in [`Case::page`].
fn numbered(case: &Case<'_>, items: Vec<Value>, name: &str, usual: Option<usize>) -> Value {
    let Page { items, number, size, total, .. } = case.page(items, usual);
    json!({
        "total_count": total,
        "total_page": total.div_ceil(size),
        "current_page": number,
        "current_size": items.len(),
        name: items,
    })
}

fn ended(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let (user, code) = (case.path("userid"), case.query("meeting_code"));
    let Some(span) = case.span(["start_time", "end_time"], ENDED_DAYS) else { return Err(case.refuse(INVALID)) };
    let over = case.memory.meetings.iter().filter(|meeting| {
        meeting.stage == Stage::Ended
            && (meeting.host == user || meeting.users().contains(&user))
            && code.as_ref().is_none_or(|code| meeting.code == *code)
            && meeting.start.is_none_or(|start| span.contains(&start))
    });
    let over = over.map(|meeting| {
        json!({
            "meeting_id": meeting.id, "meeting_code": meeting.code, "subject": meeting.subject, "meeting_type": 0,
            "start_time": meeting.began.unwrap_or_default(), "end_time": meeting.ended.unwrap_or_default(),
        })
    });
    Ok(numbered(case, over.collect(), "meeting_info_list", None))
}
