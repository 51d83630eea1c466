//! What can be done in a meeting that is running.

use serde_json::{Value, json};

use super::{NO_MEETING, WRONG_STATUS, meeting_of};
use crate::dialect::Refusal;
use crate::sandbox::desk::Case;
use crate::sandbox::meeting::Stage;

fn running(case: &Case<'_>) -> Result<usize, Refusal> {
    let index = meeting_of(case, NO_MEETING)?;
    if case.meeting(index).stage == Stage::Running { Ok(index) } else { Err(case.refuse(WRONG_STATUS)) }
}

pub(super) fn invite(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let index = running(case)?;
    let invitees = case.body["invitees"].as_array().cloned().unwrap_or_default();
    let invited = invitees.iter().filter_map(|invitee| invitee["id"].as_str().map(str::to_owned));
    case.memory.meetings[index].invited.extend(invited);
    let results = invitees.iter().map(|invitee| {
        let mut result = invitee.clone();
        result["status"] = 1.into();
        result
    });
    Ok(json!({"invite_results": results.collect::<Vec<_>>()}))
}

pub(super) fn remove(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let (index, now) = (running(case)?, case.now());
    let users = case.body["kickout_users"].as_array().cloned().unwrap_or_default();
    let results = users.iter().map(|user| {
        let was_in = case.memory.leave(index, user["id"].as_str().unwrap_or_default(), now).unwrap_or(false);
        let mut result = user.clone();
        result["result"] = if was_in { 1 } else { 2 }.into();
        result
    });
    Ok(json!({"kickout_results": results.collect::<Vec<_>>()}))
}

pub(super) fn end(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let (index, now) = (running(case)?, case.now());
    _ = case.memory.end(index, now);
    Ok(json!({}))
}
