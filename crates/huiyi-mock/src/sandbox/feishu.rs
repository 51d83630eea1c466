//! Feishu: a reservation has its own id; its meeting begins when the first user joins.
//!
//! Pages: "Reserve", "Meeting" and "Recording" of open.feishu.cn, VC v1.

mod running;

use serde_json::{Value, json};

use crate::dialect::Refusal;
use crate::sandbox::desk::{Case, Desk, Page, Told, merge, number};
use crate::sandbox::meeting::{Change, Meeting, Stage};

/// Codes: a parameter is invalid, there is no such data, the status does not allow it, there is no such meeting; a
/// one-to-one call cannot be recorded by itself.
const INVALID: i64 = 121_003;
const NO_DATA: i64 = 121_004;
const WRONG_STATUS: i64 = 122_001;
const NO_MEETING: i64 = 122_002;
const NO_RECORD: i64 = 123_002;
/// The default validity of a reservation, in seconds; its maximum, in days.
const DAY: i64 = 86_400;
const MOST_DAYS: i64 = 30;
/// The default number of meetings on a page.
const PAGE: usize = 20;

/// Feishu's handling of meetings.
#[derive(Debug)]
pub(crate) struct FeishuDesk;

impl Desk for FeishuDesk {
    fn perform(&self, case: &mut Case<'_>) -> Option<Result<Value, Refusal>> {
        let data = match case.call.id() {
            "apply_reserve" => apply(case),
            "update_reserve" => update(case),
            "delete_reserve" => delete(case),
            "get_reserve" => reserve_of(case).map(|index| json!({"reserve": whole_reserve(case, index)})),
            "get_active_meeting" => active_meeting(case),
            "get_meeting" => meeting_of(case, NO_DATA).map(|index| json!({"meeting": shown(case, index)})),
            "list_meetings_by_no" => list_by_no(case),
            "invite_participants" => running::invite(case),
            "remove_participants" => running::remove(case),
            "end_meeting" => running::end(case),
            "get_recording" => recording(case),
            _ => return None,
        };
        Some(data.map(|data| json!({"code": 0, "msg": "success", "data": data})))
    }

    fn event(&self, meeting: &Meeting, change: &Change, _: i64, _: usize) -> Option<Told> {
        let (event_type, actor) = match change {
            Change::Begun(user) => ("vc.meeting.meeting_started_v1", user),
            Change::Joined(user) => ("vc.meeting.join_meeting_v1", user),
            Change::Left(user) => ("vc.meeting.leave_meeting_v1", user),
            Change::Ended => ("vc.meeting.meeting_ended_v1", &meeting.host),
            Change::RecordingReady => {
                let content = json!({
                    "meeting": event_meeting(meeting),
                    "url": recording_url(meeting),
                    "duration": recorded_millis(meeting),
                });
                return Some(Told { event_type: "vc.meeting.recording_ready_v1", content, actor: String::new() });
            }
            Change::Booked | Change::Changed | Change::Cancelled => return None,
        };
        let mut content = json!({"meeting": event_meeting(meeting), "operator": event_user(actor)});
        if let Change::Left(user) = change {
            content["leave_reason"] = 1.into();
            content["leave_user"] = event_user(user);
        }
        Some(Told { event_type, content, actor: actor.clone() })
    }
}

/// Returns the code for invalid settings, if there are any.
fn wrong_settings(case: &Case<'_>) -> Option<i64> {
    let settings = &case.body["meeting_settings"];
    if settings["meeting_initial_type"] == 2 && settings["auto_record"] == true {
        return Some(NO_RECORD);
    }
    if settings["assign_host_list"].as_array().is_some_and(|hosts| hosts.len() > 10) {
        return Some(123_003);
    }
    let is_password = |text: &str| (4..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let password = settings["password"].as_str().filter(|text| !text.is_empty());
    password.is_some_and(|text| !is_password(text)).then_some(123_006)
}

/// Reads the end of a reservation, which must be in the future, at most 30 days from now.
fn end_time(case: &Case<'_>) -> Result<Option<i64>, Refusal> {
    let is_valid = |end: &i64| (1..=MOST_DAYS * DAY).contains(&end.saturating_sub(case.now()));
    match &case.body["end_time"] {
        Value::Null => Ok(None),
        value => number(value).filter(is_valid).map(Some).ok_or_else(|| case.refuse(INVALID)),
    }
}

fn apply(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let is_user = case.call.request.header("authorization").is_some_and(|token| token.starts_with("Bearer u-"));
    let host = match case.text("owner_id") {
        // With the app's own token, the owner cannot be derived from the token.
        "" if !is_user => return Err(case.refuse(INVALID)),
        "" => "ou_user".to_owned(),
        owner => owner.to_owned(),
    };
    if let Some(code) = wrong_settings(case) {
        return Err(case.refuse(code));
    }
    let end = end_time(case)?.unwrap_or(case.now() + DAY);
    let settings = case.body["meeting_settings"].clone();
    let (booking, id, code) = (case.memory.number(18), case.memory.number(18), case.memory.number(9));
    let created = case.now();
    let meeting = case.memory.book(Meeting {
        id: format!("6{id}"),
        booking: format!("6{booking}"),
        code,
        host,
        subject: settings["topic"].as_str().unwrap_or_default().to_owned(),
        created,
        start: None,
        end,
        stage: Stage::Booked,
        is_withdrawn: false,
        began: None,
        ended: None,
        invited: Vec::new(),
        settings,
        stays: Vec::new(),
        recording: None,
    });
    Ok(json!({"reserve": reserve(meeting)}))
}

/// Returns the reservation in the path.
fn reserve_of(case: &Case<'_>) -> Result<usize, Refusal> {
    let id = case.path("reserve_id");
    let found = case.memory.meetings.iter().position(|meeting| meeting.booking == id && !meeting.is_withdrawn);
    found.ok_or_else(|| case.refuse(NO_DATA))
}

/// Returns the meeting in the path; it exists only after it has begun.
fn meeting_of(case: &Case<'_>, code: i64) -> Result<usize, Refusal> {
    let id = case.path("meeting_id");
    let found = case.memory.meetings.iter().position(|meeting| meeting.id == id && meeting.began.is_some());
    found.ok_or_else(|| case.refuse(code))
}

fn update(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let index = reserve_of(case)?;
    if let Some(code) = wrong_settings(case) {
        return Err(case.refuse(code));
    }
    let (end, settings) = (end_time(case)?, case.body["meeting_settings"].clone());
    let now = case.now();
    let meeting = &mut case.memory.meetings[index];
    meeting.end = end.unwrap_or(meeting.end);
    if let Some(topic) = settings["topic"].as_str() {
        meeting.subject = topic.to_owned();
    }
    merge(&mut meeting.settings, &settings);
    let mut shown = reserve(meeting);
    shown["expire_status"] = expire_status(meeting, now);
    case.memory.tell(index, Change::Changed);
    Ok(json!({"reserve": shown}))
}

fn delete(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let index = reserve_of(case)?;
    // A running meeting continues without its reservation.
    _ = case.memory.cancel(index);
    case.memory.meetings[index].is_withdrawn = true;
    Ok(json!({}))
}

fn url(meeting: &Meeting) -> String {
    format!("https://vc.feishu.cn/j/{}", meeting.code)
}

fn reserve(meeting: &Meeting) -> Value {
    let mut shown = json!({
        "id": meeting.booking,
        "meeting_no": meeting.code,
        "url": url(meeting),
        "app_link": format!(
            "https://applink.feishu.cn/client/videochat/open?source=openplatform&action=join&idtype=reservationid&id={}",
            meeting.booking
        ),
        "live_link": format!("https://meetings.feishu.cn/s/{}", meeting.code),
        "end_time": meeting.end.to_string(),
    });
    if let Some(password) = meeting.settings["password"].as_str() {
        shown["password"] = password.into();
    }
    shown
}

fn expire_status(meeting: &Meeting, now: i64) -> Value {
    if meeting.end <= now { 2.into() } else { 1.into() }
}

fn whole_reserve(case: &Case<'_>, index: usize) -> Value {
    let meeting = case.meeting(index);
    let mut shown = reserve(meeting);
    shown["expire_status"] = expire_status(meeting, case.now());
    shown["reserve_user_id"] = meeting.host.clone().into();
    shown["meeting_settings"] = meeting.settings.clone();
    shown
}

fn active_meeting(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let index = reserve_of(case)?;
    match case.meeting(index).stage {
        Stage::Running => Ok(json!({"meeting": shown(case, index)})),
        _ => Err(case.refuse(NO_DATA)),
    }
}

fn shown(case: &Case<'_>, index: usize) -> Value {
    let (meeting, now) = (case.meeting(index), case.now());
    let is_over = meeting.stage == Stage::Ended;
    let mut shown = json!({
        "id": meeting.id,
        "topic": meeting.subject,
        "url": url(meeting),
        "meeting_no": meeting.code,
        "create_time": meeting.created.to_string(),
        "start_time": meeting.began.unwrap_or_default().to_string(),
        "end_time": meeting.ended.unwrap_or_default().to_string(),
        "host_user": {"id": meeting.host, "user_type": 1},
        "status": if is_over { 3 } else { 2 },
        "participant_count": meeting.present().count().to_string(),
        "participant_count_accumulated": meeting.users().len().to_string(),
    });
    if case.query("with_participants").as_deref() == Some("true") {
        let participants = meeting.users().into_iter().map(|user| {
            let stays = || meeting.stays.iter().filter(|stay| stay.user == user);
            let is_in = stays().any(|stay| stay.left.is_none());
            let left = stays().filter_map(|stay| stay.left).max().filter(|_| !is_in);
            json!({
                "id": user,
                "first_join_time": stays().map(|stay| stay.joined).min().unwrap_or_default().to_string(),
                "final_leave_time": left.unwrap_or_default().to_string(),
                "in_meeting_duration": meeting.seconds_of(user, now).to_string(),
                "user_type": 1,
                "is_host": user == meeting.host,
                "is_cohost": false,
                "is_external": false,
                "status": if is_in { 2 } else { 4 },
            })
        });
        shown["participants"] = participants.collect();
    }
    shown
}

fn list_by_no(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let span = case.span(["start_time", "end_time"], i64::MAX / DAY).filter(|span| span.start() < span.end());
    let Some(span) = span.filter(|_| case.asked("size").is_none_or(|size| size <= case.largest_page())) else {
        return Err(case.refuse(INVALID));
    };
    let code = case.query("meeting_no").unwrap_or_default();
    let is_listed = |meeting: &&Meeting| meeting.code == code && meeting.began.is_some_and(|at| span.contains(&at));
    let listed = case.memory.meetings.iter().filter(is_listed);
    let briefs =
        listed.map(|meeting| json!({"id": meeting.id, "meeting_no": meeting.code, "topic": meeting.subject})).collect();
    let Page { items, next, .. } = case.page::<Value>(briefs, Some(PAGE));
    let token = next.map(|next| next.to_string()).unwrap_or_default();
    Ok(json!({"has_more": next.is_some(), "meeting_briefs": items, "page_token": token}))
}

fn recording(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let index = meeting_of(case, NO_MEETING)?;
    match &case.meeting(index).recording {
        None => Err(case.refuse(NO_DATA)),
        Some(recording) if !recording.is_ready => Err(case.refuse(124_002)),
        Some(_) => {
            let meeting = case.meeting(index);
            Ok(json!({"recording": {"url": recording_url(meeting), "duration": recorded_millis(meeting)}}))
        }
    }
}

fn recording_url(meeting: &Meeting) -> String {
    let id = meeting.recording.as_ref().map(|recording| recording.id.as_str()).unwrap_or_default();
    format!("https://meetings.feishu.cn/minutes/obcn{id}")
}

fn recorded_millis(meeting: &Meeting) -> String {
    let seconds = meeting.ended.zip(meeting.began).map_or(0, |(ended, began)| ended - began);
    (seconds * 1000).to_string()
}

fn event_user(user: &str) -> Value {
    json!({"id": {"open_id": user}, "user_role": 1, "user_type": 1})
}

fn event_meeting(meeting: &Meeting) -> Value {
    let mut shown = json!({
        "id": meeting.id,
        "topic": meeting.subject,
        "meeting_no": meeting.code,
        "meeting_source": 2,
        "start_time": meeting.began.unwrap_or_default().to_string(),
        "host_user": event_user(&meeting.host),
        "owner": event_user(&meeting.host),
    });
    if let Some(ended) = meeting.ended {
        shown["end_time"] = ended.to_string().into();
    }
    shown
}
