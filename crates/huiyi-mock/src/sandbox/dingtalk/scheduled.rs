//! Scheduled conferences: each is booked by its creator and has one conference.

use serde_json::{Value, json};

use super::{NO_RIGHT, WRONG, kept_title, millis, new_meeting, status, url};
use crate::dialect::Refusal;
use crate::random;
use crate::sandbox::desk::{Case, Page};
use crate::sandbox::meeting::{Change, Stage};

/// Code: the conference was cancelled.
const CANCELLED: &str = "resourceCancel";

/// Reads start and end in seconds; the start must be before the end, and the end in the future.
fn times(case: &Case<'_>) -> Result<(i64, i64), Refusal> {
    let of = |name: &str| case.body[name].as_i64().map(|millis| millis.div_euclid(1000));
    match (of("startTime"), of("endTime")) {
        (Some(start), Some(end)) if start < end && end > case.now() => Ok((start, end)),
        _ => Err(case.refuse(WRONG)),
    }
}

pub(super) fn create(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let (start, end) = times(case)?;
    let creator = case.text("creatorUnionId").to_owned();
    let title = kept_title(case.text("title")).filter(|_| !creator.is_empty()).ok_or_else(|| case.refuse(WRONG))?;
    let hex = random::hex(32);
    let mut meeting = new_meeting(case, &creator, &title, Some(start), end);
    meeting.booking = format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]);
    let meeting = case.memory.book(meeting);
    Ok(json!({
        "requestId": random::hex(16),
        "scheduleConferenceId": meeting.booking,
        "roomCode": meeting.code,
        "url": url(meeting),
        "phones": [],
    }))
}

/// Returns the scheduled conference with this id.
fn scheduled(case: &Case<'_>, id: &str, code: &str) -> Result<usize, Refusal> {
    let found = case.memory.meetings.iter().position(|meeting| !id.is_empty() && meeting.booking == id);
    found.ok_or_else(|| case.refuse(code))
}

/// Returns the scheduled conference in the body, if the user is its creator.
fn own(case: &Case<'_>) -> Result<usize, Refusal> {
    let index = scheduled(case, case.text("scheduleConferenceId"), WRONG)?;
    if case.meeting(index).host == case.text("creatorUnionId") { Ok(index) } else { Err(case.refuse(NO_RIGHT)) }
}

pub(super) fn update(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let index = own(case)?;
    if case.meeting(index).stage == Stage::Cancelled {
        return Err(case.refuse(CANCELLED));
    }
    let (start, end) = times(case)?;
    let title = kept_title(case.text("title")).ok_or_else(|| case.refuse(WRONG))?;
    let meeting = &mut case.memory.meetings[index];
    (meeting.start, meeting.end, meeting.subject) = (Some(start), end, title);
    case.memory.tell(index, Change::Changed);
    Ok(json!({"success": true}))
}

pub(super) fn cancel(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let index = own(case)?;
    // The page has no code for a conference that was cancelled or has begun: its id is a wrong parameter.
    case.memory.cancel(index).map_err(|_| case.refuse(WRONG))?;
    Ok(json!({"success": true}))
}

pub(super) fn info(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let index = scheduled(case, case.path("scheduleConferenceId"), WRONG)?;
    let meeting = case.meeting(index);
    let user = case.query("requestUnionId").unwrap_or_default();
    if meeting.host != user && !meeting.users().contains(&user.as_str()) {
        return Err(case.refuse(NO_RIGHT));
    }
    if meeting.stage == Stage::Cancelled {
        return Err(case.refuse(CANCELLED));
    }
    Ok(json!({
        "requestId": random::hex(16),
        "scheduleConferenceId": meeting.booking,
        "title": meeting.subject,
        "startTime": millis(meeting.start),
        "endTime": millis(Some(meeting.end)),
        "roomCode": meeting.code,
        "url": url(meeting),
        "phones": [],
    }))
}

pub(super) fn history(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let index = scheduled(case, case.path("scheduleConferenceId"), "invalidScheduleConferenceId")?;
    let meeting = case.meeting(index);
    let conferences = meeting.began.map(|began| {
        json!({
            "conferenceId": meeting.id, "title": meeting.subject, "roomCode": meeting.code, "status": status(meeting),
            "startTime": millis(Some(began)), "endTime": millis(meeting.ended),
        })
    });
    let Page { items, total, .. } = case.page::<Value>(conferences.into_iter().collect(), None);
    Ok(json!({"totalCount": total, "conferenceList": items}))
}
