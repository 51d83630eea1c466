//! Lists: meetings of a member, attendees of a meeting, recordings.

use serde_json::{Value, json};

use super::{NO_CODE, NO_USER, named, status};
use crate::dialect::Refusal;
use crate::sandbox::desk::{Case, Page};
use crate::sandbox::meeting::{Meeting, Stage};

/// Code: a parameter is invalid.
const INVALID: i64 = 40_058;
/// Maximum spans of time, in days.
const MEETING_DAYS: i64 = 180;
const DAYS: i64 = 31;
/// The default number of recordings on a page.
const RECORDINGS: usize = 10;

fn cursor(next: Option<usize>) -> String {
    next.map(|next| next.to_string()).unwrap_or_default()
}

pub(super) fn of_user(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let user = case.text("userid");
    if user.is_empty() {
        return Err(case.refuse(NO_USER));
    }
    let Some(span) = case.span(["begin_time", "end_time"], MEETING_DAYS) else { return Err(case.refuse(INVALID)) };
    // The end of the span bounds past meetings only.
    let is_in = |meeting: &Meeting, start: i64| match meeting.stage {
        Stage::Booked => *span.start() <= start,
        _ => span.contains(&start),
    };
    let is_listed = |meeting: &&Meeting| {
        meeting.stage != Stage::Cancelled
            && meeting.start.is_some_and(|start| is_in(meeting, start))
            && (meeting.host == user || meeting.invited.iter().any(|invited| invited == user))
    };
    let ids = case.memory.meetings.iter().filter(is_listed).map(|meeting| meeting.id.clone()).collect();
    let Page { items, next, .. } = case.page::<String>(ids, None);
    Ok(json!({"meetingid_list": items, "next_cursor": cursor(next)}))
}

pub(super) fn attendees(case: &mut Case<'_>, only_present: bool) -> Result<Value, Refusal> {
    let index = named(case)?;
    let Some(span) = case.span(["start_time", "end_time"], DAYS) else { return Err(case.refuse(INVALID)) };
    let meeting = case.meeting(index);
    let stays = meeting.stays.iter().filter(|stay| !only_present || stay.left.is_none());
    let stays = stays.filter(|stay| stay.joined <= *span.end() && stay.left.is_none_or(|left| left >= *span.start()));
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
    let Page { items, next, .. } = case.page::<Value>(attendees.collect(), None);
    let mut answer = json!({"attendees": items, "has_more": next.is_some(), "next_cursor": cursor(next)});
    if only_present {
        answer["status"] = status(meeting, case.now()).to_string().into();
    }
    Ok(answer)
}

/// Returns whether the call asks for a meeting: by its id, else by its code, else by its member.
fn is_wanted(case: &Case<'_>, meeting: &Meeting) -> bool {
    let names = [("meetingid", &meeting.id), ("meeting_code", &meeting.code), ("userid", &meeting.host)];
    let given = names.iter().map(|(name, own)| (case.text(name), own)).find(|(given, _)| !given.is_empty());
    given.is_none_or(|(given, own)| given == own.as_str())
}

pub(super) fn recordings(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let code = case.text("meeting_code");
    if !case.text("meetingid").is_empty() {
        named(case)?;
    } else if !code.is_empty() && !case.memory.meetings.iter().any(|meeting| meeting.code == code) {
        return Err(case.refuse(NO_CODE));
    }
    let Some(span) = case.span(["start_time", "end_time"], DAYS) else { return Err(case.refuse(INVALID)) };
    let found = case.memory.meetings.iter().filter(|meeting| is_wanted(case, meeting));
    let shown = found.filter_map(|meeting| {
        let recording = meeting.recording.as_ref().filter(|recording| recording.is_ready)?;
        let (began, ended) = (meeting.began.filter(|began| span.contains(began))?, meeting.ended?);
        let (began, ended) = (began.saturating_mul(1000), ended.saturating_mul(1000));
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
    let Page { items, next, .. } = case.page::<Value>(shown.collect(), Some(RECORDINGS));
    Ok(json!({"record_meetings": items, "has_more": next.is_some(), "next_cursor": cursor(next)}))
}
