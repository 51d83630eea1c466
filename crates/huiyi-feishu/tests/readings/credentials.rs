//! Token kinds: where pages and SDKs disagree, the pages are right. A call without a suitable token is not sent.

use huiyi_feishu::types::{
    InviteParticipantsRequest, MeetingUser, RemoveParticipantsRequest, SearchMeetingsRequest, SearchMinutesRequest,
    SearchRoomsRequest, SetMeetingHostRequest,
};
use huiyi_feishu::{Client, Error, ErrorKind, Operation};

use super::{client, user};
use crate::support::{sent, server};

const MEETING: &str = "6911188411932033028";

fn operations(accepts: &[&str]) -> Vec<&'static str> {
    let fitting = Client::operations().iter().filter(|operation| operation.tokens == accepts);
    fitting.map(|operation| operation.id).collect()
}

fn operation(id: &str) -> &'static Operation {
    Client::operations().iter().find(|operation| operation.id == id).unwrap()
}

fn is_refused_for_want_of<T>(result: Result<T, Error>, kind: &str) {
    let Err(error) = result else { panic!("was sent") };
    let said = error.to_string();
    assert!(said.contains(&format!("accepts credentials of kind {kind}")), "{said}");
    assert_eq!(error.kind(), ErrorKind::Misuse);
}

#[tokio::test]
async fn what_only_users_may_do_is_refused_before_anything_is_sent() {
    let server = server().await;
    let client = client(&server);

    is_refused_for_want_of(client.end_meeting(MEETING).send().await, "user");
    is_refused_for_want_of(client.start_recording(MEETING).send().await, "user");
    is_refused_for_want_of(client.stop_recording(MEETING).send().await, "user");
    let invitation = InviteParticipantsRequest::new([MeetingUser::new().id("ou_1")]);
    is_refused_for_want_of(client.invite_participants(MEETING, invitation).send().await, "user");
    is_refused_for_want_of(client.search_rooms().body(SearchRoomsRequest::new()).send().await, "user");

    assert!(server.requests().is_empty(), "not even for a token");
}

#[tokio::test]
async fn what_only_apps_may_do_is_refused_to_a_user_before_anything_is_sent() {
    let server = server().await;
    let user = user(&server).await;
    server.forget();

    let removal = RemoveParticipantsRequest::new([MeetingUser::new().id("ou_1")]);
    is_refused_for_want_of(user.remove_participants(MEETING, removal).send().await, "tenant");
    is_refused_for_want_of(user.list_alerts(1, 2).send().await, "tenant");
    is_refused_for_want_of(user.get_daily_report(1, 2).send().await, "tenant");
    is_refused_for_want_of(user.list_rooms().send().await, "tenant");

    assert!(server.requests().is_empty());
}

#[test]
fn the_operations_for_users_are_those_of_the_pages() {
    let mut expected = vec![
        "create_minute_from_file",
        "edit_minute_todos",
        "end_meeting",
        "get_note",
        "get_unified_note_transcript",
        "get_user_info",
        "invite_participants",
        "list_minute_speakers",
        "replace_minute_speaker",
        "replace_minute_words",
        "search_meetings",
        "search_rooms",
        "set_recording_permission",
        "start_recording",
        "stop_recording",
        "update_minute_summary",
        "update_minute_title",
    ];
    // Only the SDKs know these operations, and they allow users.
    for kind in ["meeting", "minute", "note", "recording"] {
        let found = operations(&["user"]).into_iter().filter(|id| id.ends_with(&format!("subscribe_{kind}_events")));
        expected.extend(found);
    }
    expected.sort_unstable();

    assert_eq!(operations(&["user"]), expected);
}

#[test]
fn rooms_are_for_apps_although_an_sdk_allows_users() {
    for id in [
        "batch_get_room_levels",
        "batch_get_rooms",
        "create_room",
        "create_room_level",
        "delete_room",
        "delete_room_level",
        "get_disable_inform",
        "get_reserve_admin",
        "get_reserve_config",
        "get_reserve_form",
        "get_room",
        "get_room_level",
        "get_scope_config",
        "list_room_levels",
        "list_rooms",
        "search_room_levels",
        "set_scope_config",
        "update_disable_inform",
        "update_reserve_admin",
        "update_reserve_config",
        "update_reserve_form",
        "update_room",
        "update_room_level",
    ] {
        assert_eq!(operation(id).tokens, ["tenant"], "{id}");
    }
}

#[test]
fn nothing_else_is_for_apps_only_but_alerts_reports_removals_and_the_old_room_configuration() {
    let rooms = ["room_level", "reserve_", "scope_config", "disable_inform", "get_rooms"];
    let is_of_rooms =
        |id: &str| rooms.iter().any(|part| id.contains(part)) || id.ends_with("_room") || id == "list_rooms";

    let others: Vec<&str> = operations(&["tenant"]).into_iter().filter(|id| !is_of_rooms(id)).collect();

    let expected = [
        "create_checkboard_access_code",
        "create_room_access_code",
        "end_meeting_as_bot",
        "get_bot_realtime_endpoint",
        "get_daily_report",
        "get_room_config",
        "list_alerts",
        "list_top_users",
        "remove_participants",
        "set_room_config",
    ];
    assert_eq!(others, expected);
}

#[tokio::test]
async fn the_host_may_be_set_by_an_app_and_by_a_user() {
    let server = server().await;
    let host = || SetMeetingHostRequest::new(MeetingUser::new().id("ou_1"));

    client(&server).set_meeting_host(MEETING, host()).send().await.unwrap();
    let by_app = sent(&server, "set_meeting_host").header("authorization").map(|value| value.starts_with("Bearer t-"));
    server.forget();
    user(&server).await.set_meeting_host(MEETING, host()).send().await.unwrap();
    let by_user = sent(&server, "set_meeting_host").header("authorization").map(|value| value.starts_with("Bearer u-"));

    assert_eq!((by_app, by_user), (Some(true), Some(true)));
}

#[tokio::test]
async fn searches_work_for_a_user() {
    let server = server().await;
    let user = user(&server).await;

    user.search_rooms().body(SearchRoomsRequest::new()).send().await.unwrap();
    user.search_meetings().body(SearchMeetingsRequest::new().query("周会")).send().await.unwrap();
    user.search_minutes().body(SearchMinutesRequest::new().query("周会")).send().await.unwrap();
    user.get_note("7506739912413560833").send().await.unwrap();
}

#[test]
fn what_reads_or_removes_may_be_repeated_and_what_creates_or_invites_may_not() {
    for id in ["batch_get_rooms", "batch_get_room_levels", "search_rooms", "search_meetings", "search_minutes"] {
        assert_eq!((operation(id).method, operation(id).idempotent), ("POST", true), "{id}");
    }
    // As in the other vendors' specs: a second removal, or a second end, changes nothing.
    for id in ["delete_room_level", "remove_participants", "end_meeting"] {
        assert!(operation(id).idempotent, "{id}");
    }
    for id in ["apply_reserve", "create_room", "invite_participants", "export_meeting_details"] {
        assert!(!operation(id).idempotent, "{id}");
    }
}
