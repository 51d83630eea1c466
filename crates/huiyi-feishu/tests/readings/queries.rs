//! Queries: lists that are repeated or joined, and whether a list's page fields go into the query or the body.

use futures_util::TryStreamExt;
use huiyi_feishu::ErrorKind;
use huiyi_feishu::types::{
    ExportMeetingDetailsRequest, ExportResourceReservationsRequest, MeetingDetailType, MeetingFilter, MeetingQueryMode,
    ReserveScopeType, ScopeType, SearchMeetingsRequest, SearchMinutesRequest, SearchRoomsRequest, TimeRange,
    WebinarUserRole,
};
use serde_json::json;

use super::{client, user};
use crate::support::{answer, answer_once, sent, server};

const ROOM: &str = "omm_4de32cf10a4358788ff4e09e37ebbf9b";

#[tokio::test]
async fn the_rooms_of_the_reservations_are_repeated_in_the_query() {
    let server = server().await;

    let list = client(&server)
        .list_resource_reservations("omb_1", 1_655_276_858, 1_655_280_458, ["omm_1", "omm_2", "omm_3"])
        .send()
        .await;

    list.unwrap();
    let pairs = sent(&server, "list_resource_reservations").query_pairs();
    let rooms: Vec<&str> = pairs.iter().filter(|(name, _)| name == "room_ids").map(|(_, id)| id.as_str()).collect();
    assert_eq!(rooms, ["omm_1", "omm_2", "omm_3"]);
}

#[tokio::test]
async fn rooms_are_required_for_their_reservations_and_not_for_the_export_of_these() {
    let server = server().await;
    let client = client(&server);

    let none: [&str; 0] = [];
    let list = client.list_resource_reservations("omb_1", 1, 2, none).send().await;
    let order = ExportResourceReservationsRequest::new("omb_1", 1, 2);
    client.export_resource_reservations(order).send().await.unwrap();

    assert_eq!(list.unwrap_err().kind(), ErrorKind::Misuse);
    assert!(server.calls("list_resource_reservations").is_empty());
    let sent = sent(&server, "export_resource_reservations").json();
    assert_eq!(sent, Some(json!({"room_level_id": "omb_1", "start_time": "1", "end_time": "2"})));
}

#[tokio::test]
async fn the_custom_ids_of_levels_are_one_text_with_commas() {
    let server = server().await;

    client(&server).search_room_levels("1000,1001").send().await.unwrap();

    let expected = [("custom_level_ids".to_owned(), "1000,1001".to_owned())];
    assert_eq!(sent(&server, "search_room_levels").query_pairs(), expected);
}

#[tokio::test]
async fn both_kinds_of_scope_type_look_alike_in_a_query() {
    let server = server().await;
    let client = client(&server);

    client.get_reserve_config(ROOM, ReserveScopeType::Room).send().await.unwrap();
    client.get_reserve_form(ROOM, ScopeType::Room).send().await.unwrap();

    assert_eq!(sent(&server, "get_reserve_config").query_value("scope_type").as_deref(), Some("2"));
    assert_eq!(sent(&server, "get_reserve_form").query_value("scope_type").as_deref(), Some("2"));
}

#[tokio::test]
async fn the_reserve_limits_do_not_shadow_a_config_of_that_name() {
    let server = server().await;

    client(&server).get_reserve_config(ROOM, ReserveScopeType::Room).send().await.unwrap();

    let call = sent(&server, "get_reserve_config");
    assert_eq!(call.path, "/open-apis/vc/v1/reserve_configs/reserve_scope");
    assert_eq!(call.query_value("scope_id").as_deref(), Some(ROOM));
}

#[tokio::test]
async fn the_search_for_rooms_pages_in_the_body() {
    let server = server().await;
    let user = user(&server).await;
    answer_once(&server, "search_rooms", json!({"rooms": [{"name": "one"}], "has_more": true, "page_token": "10"}));
    answer(&server, "search_rooms", json!({"rooms": [{"name": "two"}], "has_more": false}));

    let search = SearchRoomsRequest::new().keyword("meeting").page_size(10);
    let rooms: Vec<_> = user.search_rooms().body(search).stream().try_collect().await.unwrap();

    assert_eq!(rooms.iter().filter_map(|room| room.name.as_deref()).collect::<Vec<_>>(), ["one", "two"]);
    let calls = server.calls("search_rooms");
    assert_eq!(calls[0].json(), Some(json!({"keyword": "meeting", "page_size": 10})));
    assert_eq!(calls[1].json(), Some(json!({"keyword": "meeting", "page_size": 10, "page_token": "10"})));
    assert!(calls.iter().all(|call| call.query.is_none()));
}

#[tokio::test]
async fn the_search_for_meetings_pages_in_the_query_and_filters_in_the_body() {
    let server = server().await;
    let user = user(&server).await;
    answer_once(&server, "search_meetings", json!({"items": [{}], "has_more": true, "page_token": "15", "total": 2}));
    answer(&server, "search_meetings", json!({"items": [{}], "has_more": false, "total": 2}));
    let range = TimeRange::new().start_time("2026-03-21T16:15:30+08:00").end_time("2026-03-22T16:15:30+08:00");

    let search = SearchMeetingsRequest::new().query("周会").meeting_filter(MeetingFilter::new().start_time(range));
    let meetings: Vec<_> = user.search_meetings().page_size(30).body(search).stream().try_collect().await.unwrap();

    assert_eq!(meetings.len(), 2);
    let calls = server.calls("search_meetings");
    let filter =
        json!({"start_time": {"start_time": "2026-03-21T16:15:30+08:00", "end_time": "2026-03-22T16:15:30+08:00"}});
    for call in &calls {
        assert_eq!(call.json(), Some(json!({"query": "周会", "meeting_filter": filter})));
        assert_eq!(call.query_value("page_size").as_deref(), Some("30"));
    }
    assert_eq!(calls[0].query_value("page_token"), None);
    assert_eq!(calls[1].query_value("page_token").as_deref(), Some("15"));
}

#[tokio::test]
async fn the_search_for_minutes_pages_in_the_query() {
    let server = server().await;
    let user = user(&server).await;
    answer_once(&server, "search_minutes", json!({"items": [{}], "has_more": true, "page_token": "15"}));
    answer(&server, "search_minutes", json!({"items": [], "has_more": false}));

    let search = SearchMinutesRequest::new().query("周会");
    let minutes: Vec<_> = user.search_minutes().body(search).stream().try_collect().await.unwrap();

    assert_eq!(minutes.len(), 1);
    let calls = server.calls("search_minutes");
    assert_eq!(calls[1].query_value("page_token").as_deref(), Some("15"));
    assert!(calls.iter().all(|call| call.json() == Some(json!({"query": "周会"}))));
}

#[tokio::test]
async fn limits_on_which_a_page_disagrees_with_itself_are_left_to_the_vendor() {
    let server = server().await;

    let client = client(&server);
    let list = client.list_alerts(1_608_888_867, 1_608_888_966).page_size(1000);
    list.send().await.unwrap();

    assert_eq!(sent(&server, "list_alerts").query_value("page_size").as_deref(), Some("1000"));
}

#[tokio::test]
async fn of_two_parameters_that_exclude_each_other_neither_is_demanded() {
    let server = server().await;

    let client = client(&server);
    let list = client.list_participant_quality(1_655_276_858, 1_655_280_458, "123456789", 1_655_276_858);
    list.send().await.unwrap();

    let call = sent(&server, "list_participant_quality");
    assert_eq!((call.query_value("user_id"), call.query_value("room_id")), (None, None));
}

#[tokio::test]
async fn the_ids_of_users_are_of_the_kind_that_the_vendor_defaults_to_unless_asked() {
    let server = server().await;
    let client = client(&server);

    client.get_meeting("6911188411932033028").send().await.unwrap();
    client.get_meeting("6911188411932033028").user_id_type("union_id").send().await.unwrap();

    let calls = server.calls("get_meeting");
    assert_eq!(calls[0].query, None);
    assert_eq!(calls[1].query_value("user_id_type").as_deref(), Some("union_id"));
}

#[tokio::test]
async fn parameters_that_an_older_sdk_lacks_are_sent() {
    let server = server().await;
    let client = client(&server);

    let meeting = client.get_meeting("6911188411932033028").query_mode(MeetingQueryMode::Artifacts);
    meeting.send().await.unwrap();
    let list = client.list_meeting_details(1, 2).meeting_type(MeetingDetailType::VideoMeeting);
    list.include_webinar(true).include_external_meetings(false).send().await.unwrap();
    let list = client.list_participant_details(1, 2, "123456789");
    list.webinar_user_role(WebinarUserRole::Panelist).send().await.unwrap();
    let order = ExportMeetingDetailsRequest::new(1, 2).meeting_type(MeetingDetailType::VideoMeeting);
    client.export_meeting_details(order).send().await.unwrap();

    let value = |operation: &str, name: &str| sent(&server, operation).query_value(name);
    assert_eq!(value("get_meeting", "query_mode").as_deref(), Some("1"));
    assert_eq!(value("list_meeting_details", "meeting_type").as_deref(), Some("2"));
    assert_eq!(value("list_meeting_details", "include_webinar").as_deref(), Some("true"));
    assert_eq!(value("list_meeting_details", "include_external_meetings").as_deref(), Some("false"));
    assert_eq!(value("list_participant_details", "webinar_user_role").as_deref(), Some("0"));
    let order = sent(&server, "export_meeting_details").json();
    assert_eq!(order, Some(json!({"start_time": "1", "end_time": "2", "meeting_type": 2})));
}
