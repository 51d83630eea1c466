//! Where lists end, which pages say in different ways.

use std::pin::pin;

use futures_util::TryStreamExt;
use huiyi_loopback::{Fault, Target};
use huiyi_wecom::types::{
    GetTranscriptRequest, ListAttendeesRequest, ListCalloutStatusRequest, ListEnrollmentsRequest,
    ListMeetingStartsRequest, ListUserMeetingIdsRequest, ListWebinarEnrollmentsRequest, MeetingStartResult,
};
use serde_json::{Value, json};

use crate::support::{MEETING, WeCom};

impl WeCom {
    /// Answers the next requests of an operation with these pages, one after the other.
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

    let attendees = wecom.client.list_attendees().body(ListAttendeesRequest::new(MEETING));
    let _: Vec<_> = attendees.stream().try_collect().await.unwrap();
    let enrollments = wecom.client.list_enrollments().body(ListEnrollmentsRequest::new(MEETING));
    let _: Vec<_> = enrollments.stream().try_collect().await.unwrap();
    let enrollments = wecom.client.list_webinar_enrollments().body(ListWebinarEnrollmentsRequest::new(MEETING));
    let _: Vec<_> = enrollments.stream().try_collect().await.unwrap();
    let phones = wecom.client.list_callout_status().body(ListCalloutStatusRequest::new(MEETING));
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
    let ids: Vec<String> = wecom.client.list_user_meeting_ids().body(request).stream().try_collect().await.unwrap();

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
    let starts: Vec<_> = wecom.client.list_meeting_starts().body(request).stream().try_collect().await.unwrap();

    assert_eq!(starts.len(), 2);
}

#[tokio::test]
async fn the_limit_stays_the_same_from_page_to_page() {
    let wecom = WeCom::start().await;
    let pages = [json!({"has_more": true, "next_cursor": "A"}), json!({"has_more": false})];
    wecom.answers_pages("list_attendees", pages);

    let request = ListAttendeesRequest::new(MEETING).limit(7);
    let _: Vec<_> = wecom.client.list_attendees().body(request).stream().try_collect().await.unwrap();

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
    let mut paragraphs = pin!(wecom.client.get_transcript().body(request).stream());
    let mut pids = Vec::new();
    while let Some(paragraph) = paragraphs.try_next().await.unwrap() {
        pids.extend(paragraph.pid);
    }

    assert_eq!(pids, ["0", "1", "2"]);
    assert_eq!(wecom.cursors_sent("get_transcript", "pid"), [Value::Null, json!("1")]);
}
