//! Recordings: one for each meeting that has ended, once it is processed.

use serde_json::{Value, json};

use super::{DAYS, INVALID, NO_MEETING, numbered};
use crate::dialect::Refusal;
use crate::sandbox::desk::{Case, merge};
use crate::sandbox::meeting::Meeting;

/// The default number of recordings on a page.
const RECORDS: usize = 10;

/// Returns the meetings with a finished recording.
fn recorded<'a>(case: &'a Case<'_>) -> impl Iterator<Item = &'a Meeting> {
    case.memory.meetings.iter().filter(|meeting| meeting.recording.as_ref().is_some_and(|found| found.is_ready))
}

pub(super) fn list(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let Some(span) = case.span(["start_time", "end_time"], DAYS) else { return Err(case.refuse(INVALID)) };
    let (id, code) = (case.query("meeting_id"), case.query("meeting_code"));
    // The id takes precedence over the code.
    let found = recorded(case).filter(|meeting| match (&id, &code) {
        (Some(id), _) => meeting.id == *id,
        (None, Some(code)) => meeting.code == *code,
        (None, None) => true,
    });
    let found = found.filter_map(|meeting| {
        let recording = meeting.recording.as_ref()?;
        let (began, ended) = (meeting.began.filter(|began| span.contains(began))?, meeting.ended?);
        let (began, ended) = (began.saturating_mul(1000), ended.saturating_mul(1000));
        Some(json!({
            "meeting_record_id": recording.id, "meeting_id": meeting.id, "meeting_code": meeting.code,
            "host_user_id": meeting.host, "media_start_time": began, "subject": meeting.subject, "state": 3,
            "record_files": [{
                "record_file_id": recording.file, "record_start_time": began, "record_end_time": ended,
                "record_size": 1_048_576, "sharing_state": 0, "required_same_corp": false,
                "required_participant": false, "allow_download": true,
            }],
        }))
    });
    Ok(numbered(case, found.collect(), "record_meetings", Some(RECORDS)))
}

fn addressed(file: &str) -> Value {
    let address = |kind: &str| format!("https://meeting.tencent.com/cw/{file}.{kind}");
    json!({
        "record_file_id": file,
        "view_address": address("html"),
        "download_address": address("mp4"),
        "download_address_file_type": "mp4",
        "audio_address": address("m4a"),
        "audio_address_file_type": "m4a",
    })
}

pub(super) fn addresses(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let id = case.query("meeting_record_id").unwrap_or_default();
    let found =
        recorded(case).find_map(|meeting| Some((meeting, meeting.recording.as_ref().filter(|found| found.id == id)?)));
    let Some((meeting, recording)) = found else { return Err(case.refuse(NO_MEETING)) };
    let mut answer = json!({
        "meeting_record_id": id, "meeting_id": meeting.id, "meeting_code": meeting.code, "subject": meeting.subject,
    });
    merge(&mut answer, &numbered(case, vec![addressed(&recording.file)], "record_files", None));
    Ok(answer)
}

pub(super) fn file(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let id = case.path("record_file_id");
    let has_file = |meeting: &&Meeting| meeting.recording.as_ref().is_some_and(|recording| recording.file == id);
    let Some(meeting) = recorded(case).find(has_file) else { return Err(case.refuse(NO_MEETING)) };
    let mut answer = json!({"meeting_id": meeting.id, "meeting_code": meeting.code});
    merge(&mut answer, &addressed(id));
    Ok(answer)
}
