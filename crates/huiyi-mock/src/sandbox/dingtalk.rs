//! DingTalk: instant conferences, and scheduled ones whose conference begins later.
//!
//! Pages: "Video conferences" and "Scheduled conferences" of open.dingtalk.com.

mod scheduled;

use serde_json::{Value, json};

use crate::dialect::Refusal;
use crate::random;
use crate::sandbox::desk::{Case, Desk, Page, Told};
use crate::sandbox::meeting::{Change, Meeting, Stage};

/// Codes: a parameter is wrong, the title is, the conference was closed, there is no such conference, no such user, no
/// right.
const WRONG: &str = "paramsError";
const WRONG_TITLE: &str = "paramsTitleError";
const CLOSED: &str = "resourceClose";
const NO_ROOM: &str = "roomNotFound";
const NO_USER: &str = "unknownUserError";
const NO_RIGHT: &str = "permissionError";
/// A conference without an end time ends after a day, in seconds.
const DAY: i64 = 86_400;
/// The default number of members on a page.
const MEMBERS: usize = 128;
/// Titles are cut off after this many characters, and refused if they have more than the other number.
const TITLE: usize = 50;
const LONGEST_TITLE: usize = 256;

/// DingTalk's handling of meetings.
#[derive(Debug)]
pub(crate) struct DingTalkDesk;

impl Desk for DingTalkDesk {
    fn perform(&self, case: &mut Case<'_>) -> Option<Result<Value, Refusal>> {
        Some(match case.call.id() {
            "create_schedule_conference" => scheduled::create(case),
            "update_schedule_conference" => scheduled::update(case),
            "cancel_schedule_conference" => scheduled::cancel(case),
            "get_schedule_conference" => scheduled::info(case),
            "list_schedule_conference_history" => scheduled::history(case),
            "create_video_conference" => create(case),
            "close_video_conference" => close(case),
            "get_video_conference" => named(case, NO_ROOM).map(|index| json!({"confInfo": info(case, index)})),
            "query_video_conferences" => query(case),
            "list_members" => members(case),
            "kick_members" => kick(case),
            "list_user_conferences" => list_of_user(case),
            "list_cloud_record_videos" => videos(case),
            _ => return None,
        })
    }

    fn event(&self, meeting: &Meeting, change: &Change, unix_millis: i64, number: usize) -> Option<Told> {
        let (scene, actor) = match change {
            Change::Begun(user) => ("conference_created", user),
            Change::Ended => ("conference_closed", &meeting.host),
            Change::Joined(user) => ("user_join", user),
            Change::Left(user) => ("user_leave", user),
            Change::Booked | Change::Changed | Change::Cancelled | Change::RecordingReady => return None,
        };
        let (event_type, content) = match change {
            Change::Joined(user) | Change::Left(user) => {
                let mut model = member(meeting, user, unix_millis / 1000);
                if let Some(model) = model.as_object_mut() {
                    // Events call the union id `userId`.
                    let id = model.remove("unionId").unwrap_or_default();
                    model.insert("userId".to_owned(), id);
                    model.remove("outerOrgMember");
                }
                ("meeting_member_status_change", json!({"openMemberModels": [model]}))
            }
            _ => {
                let model = json!({
                    "bizType": "0",
                    "creatorId": meeting.host,
                    "creatorNick": meeting.host,
                    "title": meeting.subject,
                    "activeNum": meeting.present().count(),
                    "attendNum": meeting.users().len(),
                    "invitedNum": meeting.invited.len(),
                    "confDuration": lasted_millis(meeting, unix_millis / 1000),
                    "conferenceId": meeting.id,
                    "scheduleConferenceId": meeting.booking,
                    "startTime": millis(meeting.began),
                    "status": if meeting.stage == Stage::Ended { 1 } else { 2 },
                });
                ("meeting_status_change", json!({"openConfModel": model}))
            }
        };
        let mut content = content;
        content["statusSeqNum"] = number.into();
        content["changeScene"] = scene.into();
        Some(Told { event_type, content, actor: actor.clone() })
    }
}

fn millis(seconds: Option<i64>) -> i64 {
    seconds.unwrap_or_default().saturating_mul(1000)
}

fn lasted_millis(meeting: &Meeting, now: i64) -> i64 {
    meeting.began.map_or(0, |began| (meeting.ended.unwrap_or(now) - began).saturating_mul(1000))
}

fn url(meeting: &Meeting) -> String {
    format!("https://meeting.dingtalk.com/j/{}", meeting.code)
}

fn new_meeting(case: &mut Case<'_>, host: &str, subject: &str, start: Option<i64>, end: i64) -> Meeting {
    Meeting {
        id: random::hex(24),
        booking: String::new(),
        code: case.memory.number(11),
        host: host.to_owned(),
        subject: subject.to_owned(),
        created: case.now(),
        start,
        end,
        stage: Stage::Booked,
        is_withdrawn: false,
        began: None,
        ended: None,
        invited: Vec::new(),
        settings: Value::Null,
        stays: Vec::new(),
        recording: None,
    }
}

/// Returns the status: 2 is running, 1 is ended, 0 is not begun.
fn status(meeting: &Meeting) -> i64 {
    match meeting.stage {
        Stage::Running => 2,
        Stage::Ended | Stage::Cancelled => 1,
        Stage::Booked => 0,
    }
}

/// Returns a title as it is kept; `None` if it is empty or too long.
fn kept_title(title: &str) -> Option<String> {
    (1..=LONGEST_TITLE).contains(&title.chars().count()).then(|| title.chars().take(TITLE).collect())
}

fn create(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let host = case.text("userId").to_owned();
    let title = kept_title(case.text("confTitle")).ok_or_else(|| case.refuse(WRONG_TITLE))?;
    if host.is_empty() {
        return Err(case.refuse(NO_USER));
    }
    let (now, end) = (case.now(), case.now().saturating_add(DAY));
    let mut meeting = new_meeting(case, &host, &title, Some(now), end);
    let invited = case.body["inviteUserIds"].as_array().into_iter().flatten();
    meeting.invited = invited.filter_map(|user| user.as_str().map(str::to_owned)).collect();
    let (id, code, link) = (meeting.id.clone(), meeting.code.clone(), url(&meeting));
    case.memory.book(meeting);
    let index = case.memory.meetings.len() - 1;
    // The conference begins at once, with the user who starts it.
    _ = case.memory.join(index, &host, now);
    Ok(json!({
        "conferenceId": id, "roomCode": code, "externalLinkUrl": link, "phoneNumbers": [],
        "conferencePassword": case.memory.number(10), "hostPassword": case.memory.number(10),
    }))
}

/// Returns the conference in the path; it exists only after it has begun.
fn named(case: &Case<'_>, code: &str) -> Result<usize, Refusal> {
    let id = case.path("conferenceId");
    let found = case.memory.meetings.iter().position(|meeting| meeting.id == id && meeting.began.is_some());
    found.ok_or_else(|| case.refuse(code))
}

fn close(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let (index, now) = (named(case, WRONG)?, case.now());
    if case.query("unionId").as_ref() != Some(&case.meeting(index).host) {
        return Err(case.refuse(NO_RIGHT));
    }
    case.memory.end(index, now).map_err(|_| case.refuse(CLOSED))?;
    Ok(json!({"code": 200, "cause": "success"}))
}

fn info(case: &Case<'_>, index: usize) -> Value {
    let meeting = case.meeting(index);
    json!({
        "activeNum": meeting.present().count(),
        "attendNum": meeting.users().len(),
        "confDuration": lasted_millis(meeting, case.now()),
        "conferenceId": meeting.id,
        "creatorId": meeting.host,
        "creatorNick": meeting.host,
        "externalLinkUrl": url(meeting),
        "invitedNum": meeting.invited.len(),
        "startTime": millis(meeting.began),
        "endTime": millis(meeting.ended),
        "status": status(meeting),
        "title": meeting.subject,
        "roomCode": meeting.code,
        "scheduleConferenceId": meeting.booking,
        "bizType": "0",
        "cloudRecordStatus": if meeting.recording.is_some() { 3 } else { 1 },
    })
}

fn query(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let ids = case.body["conferenceIdList"].as_array().cloned().unwrap_or_default();
    let found = case.memory.meetings.iter();
    let found = found.filter(|meeting| meeting.began.is_some() && ids.iter().any(|id| *id == *meeting.id.as_str()));
    let found: Vec<&Meeting> = found.collect();
    if found.iter().any(|meeting| meeting.stage != Stage::Running) {
        return Err(case.refuse(CLOSED));
    }
    let infos = found.into_iter().map(|meeting| {
        let users = meeting.users().into_iter().map(|user| {
            let is_in = meeting.present().any(|stay| stay.user == user);
            json!({
                "userId": user, "nick": user, "attendStatus": if is_in { 3 } else { 6 }, "cameraStatus": 1,
                "micStatus": 1,
            })
        });
        json!({
            "conferenceId": meeting.id, "title": meeting.subject, "status": status(meeting), "mediaStatus": 0,
            "startTime": millis(meeting.began), "userList": users.collect::<Vec<_>>(),
        })
    });
    Ok(json!({"infos": infos.collect::<Vec<_>>()}))
}

/// Builds a member: 3 is in the meeting, 6 has left.
fn member(meeting: &Meeting, user: &str, now: i64) -> Value {
    let stays = || meeting.stays.iter().filter(|stay| stay.user == user);
    let is_in = stays().any(|stay| stay.left.is_none());
    let mut shown = json!({
        "unionId": user,
        "conferenceId": meeting.id,
        "userNick": user,
        "joinTime": millis(stays().map(|stay| stay.joined).min()),
        "duration": meeting.seconds_of(user, now).saturating_mul(1000),
        "host": user == meeting.host,
        "coHost": false,
        "attendStatus": if is_in { 3 } else { 6 },
        "outerOrgMember": false,
        "pstnJoin": false,
    });
    if !is_in {
        shown["leaveTime"] = millis(stays().filter_map(|stay| stay.left).max()).into();
    }
    shown
}

fn members(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let index = named(case, NO_ROOM)?;
    let meeting = case.meeting(index);
    let shown = meeting.users().into_iter().map(|user| member(meeting, user, case.now())).collect();
    let Page { items, next, total, .. } = case.page::<Value>(shown, Some(MEMBERS));
    // The list ends with an empty page.
    let next = next.unwrap_or(total).to_string();
    Ok(json!({"memberModels": items, "nextToken": next, "totalCount": total}))
}

fn kick(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let (index, now) = (named(case, WRONG)?, case.now());
    for user in case.body["userList"].as_array().into_iter().flatten() {
        let user = user["unionId"].as_str().unwrap_or_default();
        case.memory.leave(index, user, now).map_err(|_| case.refuse(WRONG))?;
    }
    Ok(json!({"success": true}))
}

fn list_of_user(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let user = case.query("unionId").unwrap_or_default();
    if user.is_empty() {
        return Err(case.refuse("param.error"));
    }
    let running = case.memory.meetings.iter().filter(|meeting| meeting.present().any(|stay| stay.user == user));
    let (mut ids, mut models) = (Vec::new(), serde_json::Map::new());
    for meeting in running {
        ids.push(meeting.id.clone());
        let mut model = member(meeting, &user, case.now());
        model.as_object_mut().map(|members| members.remove("attendStatus"));
        models.insert(meeting.id.clone(), model);
    }
    Ok(json!({"onGoingConfIdList": ids, "memberModelMap": models}))
}

fn videos(case: &mut Case<'_>) -> Result<Value, Refusal> {
    let index = named(case, WRONG)?;
    let meeting = case.meeting(index);
    let Some(recording) = meeting.recording.as_ref().filter(|recording| recording.is_ready) else {
        return Err(case.refuse("cloudRecordNotFound"));
    };
    Ok(json!({"videoList": [{
        "recordId": recording.id, "unionId": meeting.host, "startTime": millis(meeting.began),
        "endTime": millis(meeting.ended), "duration": lasted_millis(meeting, case.now()), "recordType": 1,
        "fileSize": 1_048_576, "mediaId": recording.file, "regionId": "cn-shenzhen",
    }]}))
}
