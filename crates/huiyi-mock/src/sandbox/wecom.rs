//! WeCom: meetings of members, identified by `meetingid` or by their code.
//!
//! Pages: "Meetings" of developer.work.weixin.qq.com (99104 and those after it).

use serde_json::{Value, json};

use crate::dialect::Refusal;
use crate::random;
use crate::sandbox::desk::{Case, Desk, Told, merge, page};
use crate::sandbox::meeting::{Change, Meeting, Stage};

/// Codes: no such meeting, no such code, the meeting was cancelled, it has begun or ended.
const NO_MEETING: i64 = 90_602;
const NO_CODE: i64 = 730_004;
const CANCELLED: i64 = 400_041;
const UNDER_WAY: i64 = 400_224;
/// Codes: start, duration and title are invalid.
const WRONG_START: i64 = 400_034;
const WRONG_DURATION: i64 = 400_035;
const WRONG_TITLE: i64 = 400_042;
/// Minimum and maximum duration of a meeting, in seconds; maximum length of a title, in bytes.
const SHORTEST: i64 = 300;
const LONGEST: i64 = 86_399;
const LONGEST_TITLE: usize = 256;

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
            "list_user_meeting_ids" => list_of_user(case),
            "dismiss_meeting" => dismiss(case),
            "list_realtime_attendees" => attendees(case, true),
            "list_attendees" => attendees(case, false),
            "list_recordings" => recordings(case),
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

/// Checks the fields that create and update share.
fn check(case: &Case<'_>) -> Result<(), Refusal> {
    let body = case.body;
    let title = body["title"].as_str();
    if title.is_some_and(|title| title.is_empty() || title.len() > LONGEST_TITLE) {
        return Err(case.refuse(WRONG_TITLE));
    }
    if body["meeting_start"].as_i64().is_some_and(|start| start <= case.now()) {
        return Err(case.refuse(WRONG_START));
    }
    if body["meeting_duration"].as_i64().is_some_and(|seconds| !(SHORTEST..=LONGEST).contains(&seconds)) {
        return Err(case.refuse(WRONG_DURATION));
    }
    Ok(())
}

fn users(value: &Value) -> Vec<String> {
    value["userid"].as_array().into_iter().flatten().filter_map(|user| user.as_str().map(str::to_owned)).collect()
}

fn create(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let host = case.text("admin_userid").to_owned();
    if host.is_empty() {
        return Err(case.refuse(400_040));
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
        Stage::Running | Stage::Ended => return Err(case.refuse(WRONG_START)),
    }
    check(case)?;
    let body = case.body;
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

/// Reads the first item and the size of a page from the body.
fn place(case: &Case<'_>, usual: usize, most: usize) -> (usize, usize) {
    let size = case.body["limit"].as_u64().and_then(|size| usize::try_from(size).ok()).unwrap_or(usual);
    (case.text("cursor").parse().unwrap_or(0), size.clamp(1, most))
}

fn cursor(next: Option<usize>) -> String {
    next.map(|next| next.to_string()).unwrap_or_default()
}

fn list_of_user(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let user = case.text("userid");
    if user.is_empty() {
        return Err(case.refuse(400_038));
    }
    let from = case.body["begin_time"].as_i64().unwrap_or(i64::MIN);
    let until = case.body["end_time"].as_i64().unwrap_or(i64::MAX);
    let is_listed = |meeting: &&Meeting| {
        meeting.stage != Stage::Cancelled
            && meeting.start.is_some_and(|start| (from..=until).contains(&start))
            && (meeting.host == user || meeting.invited.iter().any(|invited| invited == user))
    };
    let ids = case.memory.meetings.iter().filter(is_listed).map(|meeting| meeting.id.clone()).collect();
    let (from, size) = place(case, 50, 100);
    let (ids, next) = page::<String>(ids, from, size);
    Ok(json!({"meetingid_list": ids, "next_cursor": cursor(next)}))
}

fn dismiss(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let (index, now) = (named(case)?, case.now());
    match case.memory.end(index, now) {
        Ok(()) => Ok(json!({})),
        Err(_) => Err(case.refuse(NO_MEETING)),
    }
}

fn attendees(case: &mut Case<'_>, only_present: bool) -> Result<Value, Refusal> {
    let index = named(case)?;
    let meeting = case.meeting(index);
    let stays = meeting.stays.iter().filter(|stay| !only_present || stay.left.is_none());
    let attendees = stays.map(|stay| {
        let role = if stay.user == meeting.host { 2 } else { 0 };
        let mut shown = json!({
            "userid": stay.user, "join_time": stay.joined.to_string(), "instance_id": 1, "role": role,
            "join_type": 1, "audio_state": true, "video_state": false, "screen_shared_state": false,
        });
        if let Some(left) = stay.left {
            shown["quit_time"] = left.to_string().into();
        }
        if !only_present {
            // The list of past attendees has no `video_state`.
            shown.as_object_mut().map(|members| members.remove("video_state"));
        }
        shown
    });
    let (from, size) = place(case, 50, if only_present { 50 } else { 100 });
    let (attendees, next) = page(attendees.collect::<Vec<_>>(), from, size);
    let mut answer = json!({"attendees": attendees, "has_more": next.is_some(), "next_cursor": cursor(next)});
    if only_present {
        answer["status"] = status(meeting, case.now()).to_string().into();
    }
    Ok(answer)
}

fn recordings(case: &mut Case<'_>) -> Result<Value, Refusal> {
    if !case.text("meetingid").is_empty() {
        named(case)?;
    }
    let wanted = |name: &str, own: &str| matches!(case.text(name), given if given.is_empty() || given == own);
    let found = case.memory.meetings.iter().filter(|meeting| {
        wanted("meetingid", &meeting.id) && wanted("meeting_code", &meeting.code) && wanted("userid", &meeting.host)
    });
    let shown = found.filter_map(|meeting| {
        let recording = meeting.recording.as_ref().filter(|recording| recording.is_ready)?;
        let (began, ended) = (meeting.began?.saturating_mul(1000), meeting.ended?.saturating_mul(1000));
        Some(json!({
            "meeting_record_id": recording.id,
            "meetingid": meeting.id,
            "meeting_code": meeting.code,
            "host_user_id": meeting.host,
            "meeting_start_time": began,
            "title": meeting.subject,
            "state": 3,
            "record_files": [{
                "record_file_id": recording.file, "record_start_time": began, "record_end_time": ended,
                "record_size": 1_048_576, "sharing_state": 0, "required_same_corp": true, "required_attendee": false,
                "allow_download": true,
            }],
        }))
    });
    let (from, size) = place(case, 10, 20);
    let (shown, next) = page(shown.collect::<Vec<_>>(), from, size);
    Ok(json!({"record_meetings": shown, "has_more": next.is_some(), "next_cursor": cursor(next)}))
}
