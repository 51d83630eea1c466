//! Participants: all who have been in a meeting, and those who are in it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{DAYS, INVALID, named, numbered, status};
use crate::dialect::Refusal;
use crate::sandbox::desk::{Case, Page, merge};
use crate::sandbox::meeting::Meeting;

fn head(meeting: &Meeting) -> Value {
    json!({
        "meeting_id": meeting.id,
        "meeting_code": meeting.code,
        "schedule_start_time": meeting.start.unwrap_or_default().to_string(),
        "schedule_end_time": meeting.end.to_string(),
    })
}

pub(super) fn list(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let meeting = case.meeting(named(case)?);
    let Some(span) = case.span(["start_time", "end_time"], DAYS) else { return Err(case.refuse(INVALID)) };
    let stays = meeting.stays.iter();
    let stays = stays.filter(|stay| stay.joined <= *span.end() && stay.left.is_none_or(|left| left >= *span.start()));
    let stays = stays.map(|stay| {
        json!({
            "userid": stay.user, "user_name": STANDARD.encode(&stay.user), "join_time": stay.joined.to_string(),
            "left_time": stay.left.unwrap_or_default().to_string(), "instanceid": 1,
            "user_role": if stay.user == meeting.host { 2 } else { 0 },
        })
    });
    let Page { items, next, total, .. } = case.page::<Value>(stays.collect(), None);
    let mut answer = head(meeting);
    merge(
        &mut answer,
        &json!({
            "subject": meeting.subject, "participants": items, "has_remaining": next.is_some(),
            "next_pos": next.unwrap_or(0), "total_count": total,
        }),
    );
    Ok(answer)
}

pub(super) fn present(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let meeting = case.meeting(named(case)?);
    let present = meeting.present().map(|stay| {
        json!({
            "userid": stay.user, "user_name": STANDARD.encode(&stay.user), "join_time": stay.joined.to_string(),
            "instanceid": 1, "user_role": if stay.user == meeting.host { 2 } else { 0 }, "join_type": 1,
            "audio_state": true, "video_state": false, "screen_shared_state": false,
        })
    });
    let mut answer = head(meeting);
    answer["subject"] = STANDARD.encode(&meeting.subject).into();
    answer["status"] = status(meeting).into();
    merge(&mut answer, &numbered(case, present.collect(), "participants", None));
    Ok(answer)
}
