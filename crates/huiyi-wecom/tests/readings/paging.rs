//! The end of a list, which pages describe in different ways.

use std::pin::pin;

use futures_util::TryStreamExt;
use huiyi_mock::{Fault, Target};
use huiyi_wecom::types::{
    GetTranscriptRequest, ListAttendeesRequest, ListCalloutStatusRequest, ListEnrollmentsRequest,
    ListMeetingStartsRequest, ListUserMeetingIdsRequest, ListVipUsersRequest, ListWebinarEnrollmentsRequest,
    MeetingStartResult,
};
use serde_json::{Value, json};

use crate::support::{MEETING, WeCom, document};

impl WeCom {
    /// Answers the next requests of an operation with these pages, in order.
    fn answers_pages(&self, operation: &str, pages: impl IntoIterator<Item = Value>) {
        for page in pages {
            let fault = Fault::Status { status: 200, headers: Vec::new(), body: page.to_string() };
            self.server.fault(Target::Operation(operation.to_owned()), fault);
        }
    }

    fn cursors_sent(&self, operation: &str, field: &str) -> Vec<Value> {
        let requests = self.server.calls(operation).into_iter();
        requests.map(|request| request.json().unwrap()[field].clone()).collect()
    }
}

#[tokio::test]
async fn a_left_over_cursor_is_not_followed_if_there_is_no_more() {
    let wecom = WeCom::start().await;
    for operation in ["list_attendees", "list_enrollments", "list_webinar_enrollments", "list_callout_status"] {
        wecom.answers(operation, json!({"has_more": false, "next_cursor": "jigjegn=="}));
    }

    let attendees = wecom.client.list_attendees(ListAttendeesRequest::new(MEETING));
    let _: Vec<_> = attendees.stream().try_collect().await.unwrap();
    let enrollments = wecom.client.list_enrollments(ListEnrollmentsRequest::new(MEETING));
    let _: Vec<_> = enrollments.stream().try_collect().await.unwrap();
    let enrollments = wecom.client.list_webinar_enrollments(ListWebinarEnrollmentsRequest::new(MEETING));
    let _: Vec<_> = enrollments.stream().try_collect().await.unwrap();
    let phones = wecom.client.list_callout_status(ListCalloutStatusRequest::new(MEETING));
    let _: Vec<_> = phones.stream().try_collect().await.unwrap();

    for operation in ["list_attendees", "list_enrollments", "list_webinar_enrollments", "list_callout_status"] {
        assert_eq!(wecom.server.calls(operation).len(), 1, "{operation}");
    }
}

#[tokio::test]
async fn a_list_without_has_more_ends_where_the_cursor_is_empty() {
    let wecom = WeCom::start().await;
    let pages =
        [json!({"meetingid_list": ["1"], "next_cursor": "A"}), json!({"meetingid_list": ["2"], "next_cursor": ""})];
    wecom.answers_pages("list_user_meeting_ids", pages);

    let request = ListUserMeetingIdsRequest::new("lisi");
    let ids: Vec<String> = wecom.client.list_user_meeting_ids(request).stream().try_collect().await.unwrap();

    assert_eq!(ids, ["1", "2"]);
    assert_eq!(wecom.cursors_sent("list_user_meeting_ids", "cursor"), [Value::Null, json!("A")]);
}

#[tokio::test]
async fn a_list_whose_flag_is_missing_is_followed_as_long_as_there_is_a_cursor() {
    let wecom = WeCom::start().await;
    let pages =
        [json!({"meeting_list": [{"userid": "a"}], "next_cursor": "A"}), json!({"meeting_list": [{"userid": "b"}]})];
    wecom.answers_pages("list_meeting_starts", pages);

    let request = ListMeetingStartsRequest::new(MeetingStartResult::Succeeded, 1, 2);
    let starts: Vec<_> = wecom.client.list_meeting_starts(request).stream().try_collect().await.unwrap();

    assert_eq!(starts.len(), 2);
}

#[tokio::test]
async fn a_short_page_is_not_the_last_while_there_is_more() {
    let wecom = WeCom::start().await;
    let pages = [
        json!({"has_more": true, "next_cursor": "A", "userid_list": []}),
        json!({"has_more": true, "next_cursor": "B", "userid_list": ["lisi"]}),
        json!({"has_more": false, "next_cursor": "C", "userid_list": ["wangwu"]}),
    ];
    wecom.answers_pages("list_vip_users", pages);

    let request = ListVipUsersRequest::new().limit(100);
    let users: Vec<String> = wecom.client.list_vip_users().body(request).stream().try_collect().await.unwrap();

    assert_eq!(users, ["lisi", "wangwu"]);
    assert_eq!(wecom.cursors_sent("list_vip_users", "cursor"), [Value::Null, json!("A"), json!("B")]);
}

#[tokio::test]
async fn the_limit_stays_the_same_from_page_to_page() {
    let wecom = WeCom::start().await;
    let pages = [json!({"has_more": true, "next_cursor": "A"}), json!({"has_more": false})];
    wecom.answers_pages("list_attendees", pages);

    let request = ListAttendeesRequest::new(MEETING).limit(7);
    let _: Vec<_> = wecom.client.list_attendees(request).stream().try_collect().await.unwrap();

    assert_eq!(wecom.cursors_sent("list_attendees", "limit"), [7, 7]);
}

#[tokio::test]
async fn a_paragraph_that_ends_a_page_and_begins_the_next_is_given_once() {
    let wecom = WeCom::start().await;
    let page = |pids: &[&str], more| {
        let paragraphs: Vec<Value> = pids.iter().map(|pid| json!({"pid": pid})).collect();
        json!({"has_more": more, "transcripts": {"paragraphs": paragraphs}})
    };
    wecom.answers_pages("get_transcript", [page(&["0", "1"], true), page(&["1", "2"], false)]);

    let request = GetTranscriptRequest::new("file", MEETING).limit(2);
    let mut paragraphs = pin!(wecom.client.get_transcript(request).stream());
    let mut pids = Vec::new();
    while let Some(paragraph) = paragraphs.try_next().await.unwrap() {
        pids.extend(paragraph.pid);
    }

    assert_eq!(pids, ["0", "1", "2"]);
    assert_eq!(wecom.cursors_sent("get_transcript", "pid"), [Value::Null, json!("1")]);
}

#[test]
fn eighteen_lists_are_paged_and_the_occurrences_of_a_meeting_are_not() {
    let document = document();
    let mut found = Vec::new();

    for operation in document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values())
    {
        if let Some(paging) = operation.get("x-pagination") {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let items = text(&paging["response"]["items"]);
            found.push((
                text(&operation["operationId"]),
                items,
                paging["max_size"].as_u64(),
                paging["response"]["more"] == "has_more",
            ));
        }
    }
    found.sort();

    let expected = [
        ("get_meeting_quality", "attendees", Some(50), true),
        ("get_transcript", "transcripts.paragraphs", None, true),
        ("list_attendees", "attendees", Some(100), true),
        ("list_callout_status", "phone_numbers", Some(100), true),
        ("list_enrollments", "enroll_list", Some(50), true),
        ("list_invitees", "invitees", None, true),
        ("list_meeting_starts", "meeting_list", Some(1000), true),
        ("list_realtime_attendees", "attendees", Some(50), true),
        ("list_recordings", "record_meetings", Some(20), true),
        ("list_room_controllers", "controller_info_list", Some(50), true),
        ("list_room_devices", "device_info_list", Some(50), true),
        ("list_room_meetings", "meeting_info_list", Some(20), true),
        ("list_rooms", "meeting_room_list", Some(50), true),
        ("list_user_meeting_ids", "meetingid_list", Some(100), false),
        ("list_vip_users", "userid_list", Some(200), true),
        ("list_waiting_room_history", "user_list", Some(50), true),
        ("list_waiting_room_users", "user_list", Some(50), true),
        ("list_webinar_enrollments", "enroll_list", Some(50), true),
    ];
    let expected = expected.map(|(id, items, size, flag)| (id.to_owned(), items.to_owned(), size, flag));
    assert_eq!(found, expected);
}
