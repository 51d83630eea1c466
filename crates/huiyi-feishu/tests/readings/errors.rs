//! Errors: codes whose status or meaning differs between pages, and responses of another shape.

use std::time::Duration;

use huiyi_feishu::types::SearchMeetingsRequest;
use huiyi_feishu::{ErrorKind, Verifier};
use huiyi_mock::BINARY_ANSWER;
use serde_json::json;

use super::{client, user};
use crate::support::{builder, refuse, server};

const MEETING: &str = "6911188411932033028";

#[tokio::test]
async fn the_code_decides_and_not_the_status() {
    let server = server().await;
    let client = client(&server);

    for (status, code, kind) in [
        (403, 121005, ErrorKind::Permission),
        (404, 121005, ErrorKind::Permission),
        (404, 121006, ErrorKind::Conflict),
        (409, 121006, ErrorKind::Conflict),
        (404, 125001, ErrorKind::Conflict),
        (400, 126009, ErrorKind::NotFound),
        (400, 122001, ErrorKind::Conflict),
        (200, 121004, ErrorKind::NotFound),
    ] {
        refuse(&server, "get_meeting", status, code);
        let error = client.get_meeting(MEETING).send().await.unwrap_err();

        assert_eq!(error.kind(), kind, "{status} {code}");
        assert_eq!(error.code(), Some(code.to_string().as_str()));
        assert_eq!(error.http_status().unwrap(), status);
    }
}

#[tokio::test]
async fn two_codes_mean_something_else_in_the_search_for_meetings() {
    let server = server().await;
    let (client, user) = (client(&server), user(&server).await);

    for (code, usual, in_search) in [
        (121001, ErrorKind::Unavailable, ErrorKind::InvalidParameter),
        (121002, ErrorKind::InvalidParameter, ErrorKind::Unavailable),
    ] {
        refuse(&server, "get_meeting", 500, code);
        refuse(&server, "search_meetings", 500, code);

        assert_eq!(client.get_meeting(MEETING).send().await.unwrap_err().kind(), usual, "{code}");
        let search = user.search_meetings().body(SearchMeetingsRequest::new().query("周会"));
        assert_eq!(search.send().await.unwrap_err().kind(), in_search, "{code}");
    }
}

#[tokio::test]
async fn a_search_that_must_be_changed_is_not_repeated_in_spite_of_its_status() {
    let server = server().await;
    let user = user(&server).await;

    for (code, kind) in [
        (121001, ErrorKind::InvalidParameter),
        (121011, ErrorKind::InvalidParameter),
        (121020, ErrorKind::InvalidParameter),
        (121022, ErrorKind::QuotaExhausted),
        (121030, ErrorKind::Auth),
        (122601, ErrorKind::InvalidParameter),
    ] {
        refuse(&server, "search_meetings", 500, code);
        server.forget();
        let search = user.search_meetings().body(SearchMeetingsRequest::new().query("周会"));

        assert_eq!(search.send().await.unwrap_err().kind(), kind, "{code}");
        assert_eq!(server.calls("search_meetings").len(), 1, "{code}");
    }
}

#[tokio::test]
async fn a_search_that_met_trouble_at_the_vendor_is_repeated_although_it_is_a_post() {
    let server = server().await;
    let user = user(&server).await;
    refuse(&server, "search_meetings", 500, 121040);

    let search = user.search_meetings().body(SearchMeetingsRequest::new().query("周会"));
    let error = search.send().await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(server.calls("search_meetings").len(), 3);
    assert_eq!(error.attempts(), 3);
}

#[tokio::test]
async fn what_is_not_ready_yet_is_unavailable_under_any_status() {
    let server = server().await;
    let client = client(&server);
    refuse(&server, "get_recording", 400, 124002);
    refuse(&server, "get_minute", 400, 2091003);

    assert_eq!(client.get_recording(MEETING).send().await.unwrap_err().kind(), ErrorKind::Unavailable);
    assert_eq!(client.get_minute("obcn1").send().await.unwrap_err().kind(), ErrorKind::Unavailable);
}

#[tokio::test]
async fn a_span_that_is_too_long_is_explained_by_the_page_of_the_call() {
    let server = server().await;
    let client = client(&server);
    refuse(&server, "list_meeting_details", 400, 126006);
    refuse(&server, "list_resource_reservations", 400, 126006);

    let meetings = client.list_meeting_details(1, 2).send().await.unwrap_err();
    let list = client.list_resource_reservations("omb_1", 1, 2, ["omm_1"]);
    let events = list.send().await.unwrap_err();

    assert!(meetings.to_string().contains("a year"), "{}", meetings);
    assert!(events.to_string().contains("a day"), "{}", events);
}

#[tokio::test]
async fn a_code_that_nobody_documents_is_judged_by_its_status() {
    let server = server().await;
    let client = client(&server);

    for (status, kind) in [(403, ErrorKind::Permission), (404, ErrorKind::NotFound), (422, ErrorKind::InvalidParameter)]
    {
        refuse(&server, "get_meeting", status, 999_999_999);

        assert_eq!(client.get_meeting(MEETING).send().await.unwrap_err().kind(), kind, "{status}");
    }
}

#[tokio::test]
async fn the_rate_limit_of_older_calls_comes_with_status_400() {
    let server = server().await;
    let body = json!({"code": 99991400, "msg": "request trigger frequency limit"}).to_string();
    server.answer_with("get_meeting", &[("x-ogw-ratelimit-reset", "7")], 400, body);

    let error = client(&server).get_meeting(MEETING).send().await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
}

#[tokio::test]
async fn a_token_of_the_wrong_kind_is_replaced_once_and_then_believed() {
    let server = server().await;
    refuse(&server, "get_meeting", 400, 99991663);

    let error = client(&server).get_meeting(MEETING).send().await.unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Auth);
    assert_eq!(server.calls("get_meeting").len(), 2);
    assert_eq!(server.token_requests(), 2);
}

#[tokio::test]
async fn downloads_are_bytes_but_their_refusals_are_json() {
    let server = server().await;
    let client = client(&server);

    let file = client.download_minute_transcript("obcn1").send().await.unwrap();
    assert_eq!(file.into_inner().collect().await.unwrap(), BINARY_ANSWER);

    refuse(&server, "download_minute_transcript", 403, 2091005);
    let Err(error) = client.download_minute_transcript("obcn1").send().await else {
        panic!("a refusal is no file");
    };
    assert_eq!((error.kind(), error.code()), (ErrorKind::Permission, Some("2091005")));
}

#[tokio::test]
async fn the_media_of_minutes_is_a_link_and_no_file() {
    let server = server().await;

    let media = client(&server).get_minute_media("obcn1").send().await.unwrap();

    assert!(media.download_url.as_ref().is_some_and(|url| url.expose().starts_with("https://")));
}

#[tokio::test]
async fn the_login_words_its_refusals_in_another_way() {
    let server = server().await;
    let verifier = Verifier::from_kept("verifier-of-at-least-forty-three-characters-0123456789");

    let login = builder(&server).login().unwrap();
    let error = login.exchange("no-such-code", "https://example.com/callback", &verifier).await.unwrap_err();

    assert_eq!((error.kind(), error.code()), (ErrorKind::Auth, Some("20003")));
    assert_eq!(error.message(), "The authorization code is not found.");
    assert!(error.is_token_refusal());
}

#[tokio::test]
async fn details_of_a_refusal_are_read_under_all_their_names() {
    let server = server().await;
    let client = client(&server);
    let mut said = Vec::new();

    for detail in [
        json!({"log_id": "L1", "troubleshooter": "https://open.feishu.cn/search?log_id=L1"}),
        json!({"logid": "L2", "helps": [{"url": "https://open.feishu.cn/help", "description": "how"}]}),
        json!({"field_violations": [{"field": "end_time", "value": "x", "description": "not a number"}]}),
        json!({"permission_violations": [{"type": "action_scope_required", "subject": "vc:meeting:readonly"}]}),
        json!({"permission_violations": [{"scope": "vc:meeting", "url": "https://open.feishu.cn/app"}]}),
        json!("a text instead of an object"),
    ] {
        let body = json!({"code": 99992402, "msg": "field validation failed", "error": detail}).to_string();
        server.answer("get_meeting", 400, body);
        let error = client.get_meeting(MEETING).send().await.unwrap_err();
        said.push(error.to_string());
    }

    assert!(said[0].contains("request id L1; see https://open.feishu.cn/search?log_id=L1"), "{}", said[0]);
    assert!(said[1].contains("request id L2; see https://open.feishu.cn/help"), "{}", said[1]);
    assert!(said[2].contains("field `end_time`: not a number"), "{}", said[2]);
    assert!(said[3].contains("missing scope: vc:meeting:readonly"), "{}", said[3]);
    assert!(said[4].contains("missing scope: vc:meeting"), "{}", said[4]);
    assert!(said[5].contains("field validation failed"), "{}", said[5]);
}

#[tokio::test]
async fn without_a_log_id_in_the_body_the_header_has_it() {
    let server = server().await;
    let headers = [("X-Tt-Logid", "202605242013"), ("X-Request-Id", "other")];
    server.answer_with("get_meeting", &headers, 403, json!({"code": 121005, "msg": "no permission"}).to_string());

    let error = client(&server).get_meeting(MEETING).send().await.unwrap_err();

    assert_eq!(error.request_id(), Some("202605242013"));
}

#[tokio::test]
async fn a_raw_line_break_in_a_text_is_no_json_and_the_error_says_where() {
    let server = server().await;
    // The page of the AI artifacts prints its example like this.
    server.answer("get_minute_artifacts", 200, "{\"code\":0,\"msg\":\"success\",\"data\":{\"summary\":\"one\ntwo\"}}");

    let error = client(&server).get_minute_artifacts("obcn1").send().await.unwrap_err();

    assert!(error.to_string().contains("control character"), "{}", error);
    assert!(error.is_unreadable_success());
}
