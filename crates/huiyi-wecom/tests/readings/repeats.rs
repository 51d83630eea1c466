//! Calls that are sent again after a broken connection. Nearly all calls are POST, so the method does not decide.

use huiyi_mock::{Fault, Target};
use huiyi_wecom::types::{
    ApproveEnrollmentsRequest, CallRoomRequest, CancelMeetingRequest, CreateMeetingRequest, EnrollAction,
    GetMeetingInfoRequest, ListAttendeesRequest, ListRecordingsRequest, SetInviteesRequest, SubmitVipAddJobRequest,
};
use serde_json::Value;

use crate::support::{MEETING, WeCom, document};

impl WeCom {
    /// Breaks the connection after the next request to an operation is carried out.
    fn breaks(&self, operation: &str) {
        self.server.fault(Target::Operation(operation.to_owned()), Fault::ResetAfterRead);
    }

    fn times_sent(&self, operation: &str) -> usize {
        self.server.calls(operation).len()
    }
}

#[tokio::test]
async fn a_post_that_reads_is_sent_again_after_a_reset() {
    let wecom = WeCom::start().await;
    let reads = ["get_meeting_info", "list_attendees", "list_recordings"];
    reads.iter().for_each(|operation| wecom.breaks(operation));

    let request = GetMeetingInfoRequest::new().meetingid(MEETING);
    wecom.client.get_meeting_info().body(request).send().await.unwrap();
    wecom.client.list_attendees(ListAttendeesRequest::new(MEETING)).send().await.unwrap();
    wecom.client.list_recordings(ListRecordingsRequest::new(1, 2)).send().await.unwrap();

    assert_eq!(reads.map(|operation| wecom.times_sent(operation)), [2, 2, 2]);
}

#[tokio::test]
async fn a_post_that_sets_a_state_is_sent_again_after_a_reset() {
    let wecom = WeCom::start().await;
    wecom.breaks("set_invitees");

    let request = SetInviteesRequest::new(MEETING, ["lisi"]);
    wecom.client.set_invitees(request).send().await.unwrap();

    assert_eq!(wecom.times_sent("set_invitees"), 2);
}

#[tokio::test]
async fn a_post_that_creates_is_not_sent_again_after_a_reset() {
    let wecom = WeCom::start().await;
    let creates = ["create_meeting", "call_room", "submit_vip_add_job"];
    creates.iter().for_each(|operation| wecom.breaks(operation));

    wecom.client.create_meeting(CreateMeetingRequest::new("zhangsan", "weekly")).send().await.unwrap_err();
    let call = CallRoomRequest::new(MEETING).meeting_room_id("room");
    wecom.client.call_room(call).send().await.unwrap_err();
    let job = SubmitVipAddJobRequest::new(["lisi"]);
    wecom.client.submit_vip_add_job(job).send().await.unwrap_err();

    assert_eq!(creates.map(|operation| wecom.times_sent(operation)), [1, 1, 1]);
}

#[tokio::test]
async fn an_approval_sets_a_state_so_it_is_sent_again_after_a_reset() {
    let wecom = WeCom::start().await;
    wecom.breaks("approve_enrollments");

    let approval = ApproveEnrollmentsRequest::new(MEETING, EnrollAction::Approve, ["e1"]);
    wecom.client.approve_enrollments(approval).send().await.unwrap();

    assert_eq!(wecom.times_sent("approve_enrollments"), 2);
}

#[tokio::test]
async fn a_refusal_is_final() {
    let wecom = WeCom::start().await;
    wecom.server.answer("cancel_meeting", 200, r#"{"errcode": 400041, "errmsg": "already cancelled"}"#);

    wecom.client.cancel_meeting(CancelMeetingRequest::new(MEETING)).send().await.unwrap_err();

    assert_eq!(wecom.times_sent("cancel_meeting"), 1);
}

#[test]
fn whatever_reads_may_be_repeated_and_whatever_creates_may_not() {
    let document = document();
    let operations = document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap());
    let begins = |id: &str, verbs: &[&str]| verbs.iter().any(|verb| id.starts_with(verb));
    for (method, operation) in operations {
        let id = operation["operationId"].as_str().unwrap();
        let repeatable = operation.get("x-idempotent").and_then(Value::as_bool).unwrap_or(method == "get");

        if begins(id, &["get_", "list_", "query_", "check_", "search_", "convert_"]) {
            assert!(repeatable, "{id}");
        }
        if begins(id, &["create_", "add_", "import_", "submit_", "call_", "start_"]) {
            assert!(!repeatable, "{id}");
        }
    }
}
