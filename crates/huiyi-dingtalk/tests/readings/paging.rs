//! The end of each list, and the place of its cursor.

use huiyi_dingtalk::Cursor;
use huiyi_dingtalk::types::ParagraphOrder;
use huiyi_mock::Loopback;
use serde_json::{Value, json};

use crate::support::{all, answer_in_turn, pair};

/// Returns the cursors that the calls of an operation sent.
fn cursors(server: &Loopback, operation: &str) -> Vec<Option<String>> {
    server.calls(operation).iter().map(|call| call.query_value("nextToken")).collect()
}

fn some(cursors: &[&str]) -> Vec<Option<String>> {
    std::iter::once(None).chain(cursors.iter().map(|cursor| Some((*cursor).to_owned()))).collect()
}

#[tokio::test]
async fn members_end_without_a_cursor_and_with_an_empty_one() {
    let last_pages = [
        json!({"memberModels": [{}]}),
        json!({"memberModels": [{}], "nextToken": ""}),
        json!({"memberModels": [{}], "nextToken": null}),
    ];
    for last in last_pages {
        let (server, client) = pair().await;
        let first = json!({"memberModels": [{}, {}], "nextToken": "2", "totalCount": 3});
        answer_in_turn(&server, "list_members", [first, last]);

        let members = all(client.list_members("c").max_results(2).stream()).await;

        assert_eq!(members.len(), 3);
        assert!(members.iter().all(Result::is_ok));
        assert_eq!(cursors(&server, "list_members"), some(&["2"]));
    }
}

#[tokio::test]
async fn members_end_at_an_empty_page_without_a_cursor() {
    let (server, client) = pair().await;
    answer_in_turn(
        &server,
        "list_members",
        [json!({"memberModels": [{}], "nextToken": "1"}), json!({"memberModels": []})],
    );

    let members = all(client.list_members("c").stream()).await;

    assert_eq!((members.len(), server.calls("list_members").len()), (1, 2));
}

#[tokio::test]
async fn members_end_at_an_empty_page_although_it_has_a_cursor() {
    let (server, client) = pair().await;
    let pages = [json!({"memberModels": [{}], "nextToken": "1"}), json!({"memberModels": [], "nextToken": "2"})];
    answer_in_turn(&server, "list_members", pages);

    let members = all(client.list_members("c").stream()).await;

    assert_eq!((members.len(), server.calls("list_members").len()), (1, 2));
    assert!(members[0].is_ok());
}

#[tokio::test]
async fn a_cursor_that_comes_back_ends_the_members_with_an_error_instead_of_going_round() {
    let (server, client) = pair().await;
    server.answer("list_members", 200, json!({"memberModels": [{"unionId": "u"}], "nextToken": "1"}).to_string());

    let members = all(client.list_members("c").stream()).await;

    assert_eq!(server.calls("list_members").len(), 2);
    assert!(members.last().unwrap().as_ref().is_err_and(|error| error.to_string().contains("second time")));
}

#[tokio::test]
async fn lists_with_has_more_end_when_it_is_false_whatever_the_cursor() {
    let (server, client) = pair().await;
    let pages = |items: &str| {
        [
            json!({items: [{}], "nextToken": "1", "hasMore": true}),
            json!({items: [{}], "nextToken": "2", "hasMore": false}),
        ]
    };
    answer_in_turn(&server, "list_org_conferences", pages("onGoingConfList"));
    answer_in_turn(&server, "list_room_code_conferences", pages("conferenceList"));
    answer_in_turn(&server, "list_minutes_texts", pages("paragraphList"));

    let running = all(client.list_org_conferences().stream()).await;
    let by_code = all(client.list_room_code_conferences("r").stream()).await;
    let minutes = all(client.list_minutes_texts("c", "0").stream()).await;

    assert_eq!([running.len(), by_code.len(), minutes.len()], [2, 2, 2]);
    for operation in ["list_org_conferences", "list_room_code_conferences", "list_minutes_texts"] {
        assert_eq!(cursors(&server, operation), some(&["1"]), "{operation}");
    }
}

#[tokio::test]
async fn lists_without_has_more_end_with_an_empty_cursor() {
    let (server, client) = pair().await;
    let pages = |items: &str| [json!({items: [{}], "nextToken": "19"}), json!({items: [{}], "nextToken": ""})];
    answer_in_turn(&server, "list_schedule_conference_history", pages("conferenceList"));
    answer_in_turn(&server, "list_member_statistics", pages("list"));
    answer_in_turn(&server, "list_history_conferences", pages("list"));

    let held = all(client.list_schedule_conference_history("s").stream()).await;
    let members = all(client.list_member_statistics("c").stream()).await;
    let past = client.list_history_conferences(2_i64, true, 1_i64);
    let past = all(past.stream()).await;

    assert_eq!([held.len(), members.len(), past.len()], [2, 2, 2]);
    for operation in ["list_schedule_conference_history", "list_member_statistics", "list_history_conferences"] {
        assert_eq!(cursors(&server, operation), some(&["19"]), "{operation}");
    }
}

fn texts(cursors: &[i64], more: bool) -> Value {
    let rows: Vec<Value> = cursors.iter().map(|cursor| json!({"nextTtoken": cursor, "paragraph": "p"})).collect();
    json!({"hasMore": more, "paragraphList": rows})
}

#[tokio::test]
async fn the_cursor_of_texts_is_the_misspelt_number_in_the_last_row() {
    let (server, client) = pair().await;
    let pages = [texts(&[1, 1_631_172_045_153_000], true), texts(&[9_007_199_254_740_993], true), texts(&[5], false)];
    answer_in_turn(&server, "list_cloud_record_texts", pages);

    let request = client.list_cloud_record_texts("c").start_time(2000).max_results(2000);
    let paragraphs = all(request.direction(ParagraphOrder::Ascending).stream()).await;

    assert_eq!(paragraphs.len(), 4);
    let calls = server.calls("list_cloud_record_texts");
    assert_eq!(cursors(&server, "list_cloud_record_texts"), some(&["1631172045153000", "9007199254740993"]));
    for call in calls {
        assert_eq!(call.query_value("maxResults").as_deref(), Some("2000"));
        assert_eq!(call.query_value("startTime").as_deref(), Some("2000"));
        assert_eq!(call.query_value("direction").as_deref(), Some("0"));
    }
}

#[tokio::test]
async fn texts_end_without_rows_even_if_there_are_said_to_be_more() {
    let (server, client) = pair().await;
    server.answer("list_cloud_record_texts", 200, texts(&[], true).to_string());

    assert!(all(client.list_cloud_record_texts("c").stream()).await.is_empty());
    assert_eq!(server.calls("list_cloud_record_texts").len(), 1);
}

#[tokio::test]
async fn a_list_of_texts_is_resumed_from_a_kept_cursor() {
    let (server, client) = pair().await;
    server.answer("list_cloud_record_texts", 200, texts(&[7], false).to_string());
    let kept: Cursor = serde_json::from_str(r#"[["nextToken","1631172045153000"]]"#).unwrap();

    let mut pages = client.list_cloud_record_texts("c").pages_from(kept);
    let page = pages.next().await.unwrap().unwrap();

    assert_eq!((page.answer.paragraph_list.len(), page.next), (1, None));
    assert_eq!(cursors(&server, "list_cloud_record_texts"), [Some("1631172045153000".to_owned())]);
}

#[tokio::test]
async fn rows_of_members_come_in_order_and_none_is_taken_for_a_repetition() {
    let (server, client) = pair().await;
    let page =
        |ids: [&str; 2], next: &str| json!({"memberModels": ids.map(|id| json!({"unionId": id})), "nextToken": next});
    answer_in_turn(&server, "list_members", [page(["a", "b"], "2"), page(["c", "a"], "")]);

    let members = all(client.list_members("c").stream()).await;

    let ids = members.into_iter().map(|member| member.unwrap().union_id.unwrap());
    // A member who left and came back has two rows.
    assert_eq!(ids.collect::<Vec<_>>(), ["a", "b", "c", "a"]);
}
