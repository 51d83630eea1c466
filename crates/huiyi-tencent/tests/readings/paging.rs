//! The eleven kinds of paging, and the methods for operations with several meanings.

use huiyi_tencent::types::{InstanceId, OperatorIdType};
use serde_json::{Value, json};

use crate::support::{Explained as _, as_user, pairs, query, start, values, walk};

/// The operations whose lists are paged by page number.
const P4: [&str; 32] = [
    "get_meeting_qos",
    "get_meeting_quality",
    "list_booking_users",
    "list_callouts",
    "list_corp_meetings",
    "list_corp_records",
    "list_corp_users",
    "list_department_users",
    "list_departments",
    "list_devices",
    "list_ended_meetings",
    "list_enrollments",
    "list_large_meeting_users",
    "list_pmi_meetings",
    "list_prepare_mode_records",
    "list_real_time_participants",
    "list_record_addresses",
    "list_record_events",
    "list_record_views",
    "list_records",
    "list_roles",
    "list_room_alarms",
    "list_room_controllers",
    "list_room_meetings",
    "list_rooms",
    "list_sign_in_records",
    "list_sign_ins",
    "list_user_documents",
    "list_virtual_room_users",
    "list_votes",
    "list_waiting_room_participants",
    "list_waiting_room_records",
];

fn document() -> Value {
    serde_json::from_str(include_str!("../../openapi.json")).unwrap()
}

#[test]
fn every_paged_list_has_one_of_the_eleven_shapes() {
    let document = document();
    let operations =
        document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
    let mut paged: Vec<(&str, &Value)> = operations
        .filter(|operation| operation.get("x-pagination").is_some())
        .map(|operation| (operation["operationId"].as_str().unwrap(), &operation["x-pagination"]))
        .collect();
    paged.sort_by_key(|(id, _)| *id);

    let counted: Vec<&str> =
        paged.iter().filter(|(_, paging)| paging["response"].get("total_pages").is_some()).map(|(id, _)| *id).collect();
    let mut expected = P4.to_vec();
    expected.push("export_asr_transcript");
    expected.sort_unstable();
    assert_eq!(counted, expected);
    let others: Vec<&str> = paged.iter().map(|(id, _)| *id).filter(|id| !expected.contains(id)).collect();
    let shapes = [
        "get_meetings",
        "get_transcript",
        "list_invitees",
        "list_participants",
        "list_record_access_members",
        "list_smart_speakers",
        "list_users",
        "search_meetings",
        "search_users",
    ];
    assert_eq!(others, shapes);
}

#[tokio::test]
async fn p4_counts_pages_up_to_total_page() {
    let (server, client) = start().await;
    let request = client.list_records(1, 2).operator_id("u").operator_id_type(1).page(1).page_size(10);

    let page = |number: i64| json!({"total_count": 11, "total_page": 2, "current_page": number, "current_size": 10, "record_meetings": [{}]});
    let requests = walk(&server, "list_records", request.pages(), &[page(1), page(2)]).await;

    assert_eq!(values(&requests, "page"), ["1", "2"]);
    assert_eq!(values(&requests, "page_size"), ["10", "10"]);
}

#[tokio::test]
#[allow(deprecated, reason = "the old votes still answer")]
async fn p4v_has_counters_of_votes() {
    let (server, client) = start().await;
    let request = client.list_votes("u").instanceid(1).meeting_id("7").page(1).page_size(1);

    let page = |number: i64| json!({"vote_total_number": 2, "vote_total_page": 2, "vote_current_page": number, "vote_current_size": 1, "vote_list": [{}]});
    let requests = walk(&server, "list_votes", request.pages(), &[page(1), page(2)]).await;

    assert_eq!(values(&requests, "page"), ["1", "2"]);
}

#[tokio::test]
async fn p4c_has_shortened_counters() {
    let (server, client) = start().await;
    let request = client.export_asr_transcript("7").operator_id("u").operator_id_type(1);

    let page = |number: i64| json!({"total_count": 2, "total_page": 2, "curr_page": number, "curr_size": 1, "download_url": ["https://example.com/1"]});
    let requests = walk(&server, "export_asr_transcript", request.pages(), &[page(1), page(2)]).await;

    assert_eq!(values(&requests, "page"), ["-", "2"]);
}

#[tokio::test]
async fn p3_counts_items_because_it_has_no_total_page() {
    let (server, client) = start().await;
    let request = client.list_users().page(1).page_size(20).operator_id("u").operator_id_type(1);

    let page = |number: i64| json!({"total_count": 39, "current_page": number, "current_size": 20, "page_size": 20, "users": [{}]});
    let requests = walk(&server, "list_users", request.pages(), &[page(1), page(2)]).await;

    assert_eq!(values(&requests, "page"), ["1", "2"]);
}

#[tokio::test]
async fn pages_that_are_smaller_than_asked_for_are_counted_as_the_answer_says() {
    let (server, client) = start().await;
    let request = client.list_users().page(1).page_size(100).operator_id("u").operator_id_type(1);

    let page = |number: i64| json!({"total_count": 39, "current_page": number, "current_size": 20, "page_size": 20, "users": [{}]});
    let requests = walk(&server, "list_users", request.pages(), &[page(1), page(2)]).await;

    assert_eq!(values(&requests, "page"), ["1", "2"]);
}

#[tokio::test]
async fn p1_has_the_total_count_only() {
    let (server, client) = start().await;
    let request = client.list_smart_speakers("8").operator_id("u").operator_id_type(1).page(1).page_size(2);

    let page = |_| json!({"total_count": 3, "speaker_list": [{}]});
    let requests = walk(&server, "list_smart_speakers", request.pages(), &[page(1), page(2)]).await;

    assert_eq!(values(&requests, "page"), ["1", "2"]);
}

#[tokio::test]
async fn time_carries_position_and_cursory_and_drops_repeated_meetings() {
    let (server, client) = start().await;
    let mut meetings = client.list_user_meetings().userid("tester1").instanceid(InstanceId::Pc).stream();
    let mut seen = Vec::new();

    let first = json!({"remaining": 2, "next_pos": 1572085800, "next_cursory": 20, "meeting_info_list": [{"meeting_id": "1"}, {"meeting_id": "2"}]});
    server.answer("get_meetings", 200, first.to_string());
    for _ in 0..2 {
        seen.push(meetings.next().await.unwrap().ok_or_explain().meeting_id.unwrap());
    }
    let second = json!({"remaining": 0, "next_pos": 0, "next_cursory": 0, "meeting_info_list": [{"meeting_id": "2"}, {"meeting_id": "3"}]});
    server.answer("get_meetings", 200, second.to_string());
    while let Some(meeting) = meetings.next().await {
        seen.push(meeting.ok_or_explain().meeting_id.unwrap());
    }

    let requests = server.calls("get_meetings");
    assert_eq!(seen, ["1", "2", "3"]);
    assert_eq!(values(&requests, "pos"), ["-", "1572085800"]);
    assert_eq!(values(&requests, "cursory"), ["-", "20"]);
}

#[tokio::test]
async fn pos_follows_next_pos_while_something_remains() {
    let (server, client) = start().await;
    let request = client.list_participants("7").userid("owner1").size(20);

    let first = json!({"has_remaining": true, "next_pos": 5678, "total_count": 2, "participants": [{}]});
    let last = json!({"has_remaining": false, "next_pos": 0, "participants": [{}]});
    let requests = walk(&server, "list_participants", request.pages(), &[first, last]).await;

    assert_eq!(values(&requests, "pos"), ["-", "5678"]);
}

#[tokio::test]
async fn pos_of_the_user_search_is_text() {
    let (server, client) = start().await;
    let request = client.search_users().operator_id("u").operator_id_type(1).size(100);

    let first = json!({"has_remaining": true, "next_pos": "b3Blbg==", "users": [{}]});
    let last = json!({"has_remaining": false, "next_pos": "", "users": []});
    let requests = walk(&server, "search_users", request.pages(), &[first, last]).await;

    assert_eq!(values(&requests, "pos"), ["-", "b3Blbg=="]);
}

#[tokio::test]
async fn pos0_has_no_size() {
    let (server, client) = start().await;
    let request = client.list_invitees("7", "u").instanceid(1);

    let first = json!({"has_remaining": true, "next_pos": 200, "invitees": [{"userid": "a"}]});
    let last = json!({"has_remaining": false, "invitees": [{"userid": "b"}]});
    let requests = walk(&server, "list_invitees", request.pages(), &[first, last]).await;

    assert_eq!(values(&requests, "pos"), ["-", "200"]);
    assert_eq!(values(&requests, "size"), ["-", "-"]);
}

#[tokio::test]
async fn page_token_goes_on_until_none_comes() {
    let (server, client) = start().await;
    let user = as_user(&server, &client).await;
    let request = user.search_meetings().operator_id("u").operator_id_type(OperatorIdType::OpenId).page_size(30);

    let first = json!({"meetings": [{}], "next_page_token": "dG9rZW4="});
    let last = json!({"meetings": [{}], "next_page_token": ""});
    let requests = walk(&server, "search_meetings", request.pages(), &[first, last]).await;

    assert_eq!(values(&requests, "page_token"), ["-", "dG9rZW4="]);
}

#[tokio::test]
async fn cur_follows_a_numeric_cursor() {
    let (server, client) = start().await;
    let request = client.list_record_access_members("8").operator_id("u").operator_id_type(OperatorIdType::Userid);

    let first = json!({"total_count": 20, "has_more": true, "next_cursor": 3, "access_members": [{"userid": "a"}]});
    let last = json!({"total_count": 20, "has_more": false, "next_cursor": 20, "access_members": [{"userid": "b"}]});
    let requests = walk(&server, "list_record_access_members", request.pages(), &[first, last]).await;

    assert_eq!(values(&requests, "cursor"), ["-", "3"]);
}

#[tokio::test]
async fn pid_goes_on_at_the_last_paragraph_and_drops_it_when_it_comes_again() {
    let (server, client) = start().await;
    let request = client.get_transcript("8").operator_id("u").operator_id_type(1).limit(2);
    let mut paragraphs = request.stream();
    let mut seen = Vec::new();

    server.answer(
        "get_transcript",
        200,
        json!({"more": true, "minutes": {"paragraphs": [{"pid": "0"}, {"pid": "1"}]}}).to_string(),
    );
    for _ in 0..2 {
        seen.push(paragraphs.next().await.unwrap().ok_or_explain().pid.unwrap());
    }
    server.answer(
        "get_transcript",
        200,
        json!({"more": false, "minutes": {"paragraphs": [{"pid": 1}, {"pid": 2}]}}).to_string(),
    );
    while let Some(paragraph) = paragraphs.next().await {
        seen.push(paragraph.ok_or_explain().pid.unwrap());
    }

    assert_eq!(seen, ["0", "1", "2"]);
    assert_eq!(values(&server.calls("get_transcript"), "pid"), ["-", "1"]);
}

#[tokio::test]
async fn a_meeting_number_and_a_list_are_two_methods() {
    let (server, client) = start().await;

    client.get_meeting_by_code("806146667").userid("tester1").instanceid(1).send().await.ok_or_explain();
    let by_code = query(&server, "get_meetings");
    client.list_user_meetings().userid("tester1").instanceid(1).send().await.ok_or_explain();

    assert_eq!(by_code, pairs([("instanceid", "1"), ("meeting_code", "806146667"), ("userid", "tester1")]));
    assert_eq!(query(&server, "get_meetings"), pairs([("instanceid", "1"), ("userid", "tester1")]));
}

#[tokio::test]
async fn each_state_of_corporate_meetings_has_a_method() {
    let (server, client) = start().await;

    let requests =
        [client.list_ended_corp_meetings(), client.list_live_corp_meetings(), client.list_upcoming_corp_meetings()];
    for request in requests {
        request.page(1).page_size(20).send().await.ok_or_explain();
    }

    assert_eq!(values(&server.calls("list_corp_meetings"), "meeting_state"), ["1", "2", "3"]);
}

#[tokio::test]
async fn users_of_a_role_are_a_method() {
    let (server, client) = start().await;

    client.list_role_users("NORMAL_ROLE").page(1).page_size(20).send().await.ok_or_explain();

    assert_eq!(
        query(&server, "list_corp_users"),
        pairs([("page", "1"), ("page_size", "20"), ("role_code", "NORMAL_ROLE")])
    );
}
