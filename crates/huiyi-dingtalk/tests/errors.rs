//! DingTalk's error responses: their kinds, which calls are retried, and responses that are not JSON.
//!
//! Pages: "Error codes" and "Limits" of open.dingtalk.com, and the error tables of the conference pages.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod support;

use std::collections::BTreeSet;
use std::time::Duration;

use huiyi_dingtalk::core::reqwest;
use huiyi_dingtalk::types::{CreateVideoConferenceRequest, CreateVideoConferenceResponse, GetVideoConferenceResponse};
use huiyi_dingtalk::{Answer, BuildError, Client, Error, ErrorKind, SuiteTicket};
use huiyi_mock::{Fault, Loopback, Target, credentials};
use serde_json::{Value, json};
use support::{builder, pair, refuse_once};

use ErrorKind::{Auth, Conflict, InvalidParameter, NotFound, Permission, QuotaExhausted, RateLimited, Unavailable};

/// Codes of the general pages and of the token calls: HTTP status, code, kind, and the total number of attempts of
/// a call that reads.
const GENERAL: &[(u16, &str, ErrorKind, usize)] = &[
    (400, "InvalidAuthentication", Auth, 2),
    (400, "accesstoken.expired", Auth, 2),
    (400, "Missingbody", InvalidParameter, 1),
    (400, "commonParamIllegal", InvalidParameter, 1),
    (403, "Forbidden.AccessDenied.AccessTokenPermissionDenied", Permission, 1),
    (403, "Forbidden.AccessDenied.IpNotInWhiteList", Permission, 1),
    (403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", RateLimited, 3),
    (403, "Forbidden.AccessDenied.QpmLimitForAppkeyAndApi", RateLimited, 1),
    (403, "Forbidden.AccessDenied.QpsLimitForSuitekeyAndOrgAndApi", RateLimited, 3),
    (403, "Forbidden.AccessDenied.QpmLimitForSuitekeyAndOrgAndApi", RateLimited, 1),
    (403, "Forbidden.AccessDenied.QpsLimitForApi", RateLimited, 3),
    (403, "Forbidden.AccessDenied.ApiCountLimitForOrg", QuotaExhausted, 1),
    (429, "system.busy", RateLimited, 3),
    (429, "systemBusy", RateLimited, 3),
    (400, "invalidClientIdOrSecret", Auth, 1),
    (400, "invalidSuiteKey", Auth, 1),
    (400, "invalidSuiteTicket", Auth, 1),
    (400, "invalidAuthInfo", Permission, 1),
    (400, "invalid.client", Auth, 1),
    (400, "unsupported.grant.type", InvalidParameter, 1),
    (401, "unauthorized.client", Permission, 1),
    (500, "server.error", Unavailable, 3),
];

/// Codes of the conference pages, with every HTTP status that a page gives them.
const OF_PAGES: &[(&[u16], &str, ErrorKind, usize)] = &[
    (&[400], "cloudRecordNotFound", NotFound, 1),
    (&[400], "commandError", InvalidParameter, 1),
    (&[400], "confClosed", Conflict, 1),
    (&[400], "creatorUidError", InvalidParameter, 1),
    (&[400], "extensionAppSettingError", InvalidParameter, 1),
    (&[400], "file.no.minutes", Conflict, 1),
    (&[400], "illegalRequest", InvalidParameter, 1),
    (&[500], "innerSystemError", Unavailable, 3),
    (&[400], "invalidRoomCode", NotFound, 1),
    (&[400], "invalidScheduleConferenceId", NotFound, 1),
    (&[400], "missingRoomCode", InvalidParameter, 1),
    (&[400], "missingRoomId", InvalidParameter, 1),
    (&[400, 403], "noPermission", Permission, 1),
    (&[400], "orgAccessForbidden", Permission, 1),
    (&[400], "param.error", InvalidParameter, 1),
    (&[400], "paramError", InvalidParameter, 1),
    (&[400], "paramsError", InvalidParameter, 1),
    (&[400], "paramsTitleError", InvalidParameter, 1),
    (&[400, 404], "permissionError", Permission, 1),
    (&[400], "query.agent.error", NotFound, 1),
    (&[400], "query.file.error", NotFound, 1),
    (&[404], "recordStartError", Conflict, 1),
    (&[404], "recordStartPermissionError", Permission, 1),
    (&[400], "recordStopError", Conflict, 1),
    (&[400], "recordStopPermissionError", Permission, 1),
    (&[400], "request.permission.denied", Permission, 1),
    (&[400], "request.too.fast", RateLimited, 3),
    (&[400], "resourceCancel", Conflict, 1),
    (&[400], "resourceClose", Conflict, 1),
    (&[400], "roomClosed", Conflict, 1),
    (&[404], "roomNotFound", NotFound, 1),
    (&[400], "scheduleConferenceIdError", InvalidParameter, 1),
    (&[500], "system.error", Unavailable, 3),
    (&[500], "systemError", Unavailable, 3),
    (&[400], "unknownUserError", InvalidParameter, 1),
    (&[400], "userNotInOrg", Permission, 1),
    (&[404], "waterLimitError", RateLimited, 3),
];

/// Codes of the older interface, which some responses carry as `errcode`, also with status 200.
const OF_THE_OLDER_INTERFACE: &[(i64, ErrorKind, usize)] = &[
    (-1, Unavailable, 3),
    (88, Auth, 1),
    (40_001, Auth, 2),
    (40_014, Auth, 2),
    (40_089, Auth, 1),
    (42_001, Auth, 2),
    (43_007, Auth, 1),
    (60_011, Permission, 1),
    (90_002, RateLimited, 3),
    (90_005, RateLimited, 3),
    (90_006, RateLimited, 3),
    (90_018, RateLimited, 3),
    (90_020, QuotaExhausted, 1),
];

const READ: &str = "get_video_conference";
const CREATE: &str = "create_video_conference";

async fn read(client: &Client) -> Result<Answer<GetVideoConferenceResponse>, Error> {
    client.get_video_conference("c").send().await
}

async fn create(client: &Client) -> Result<Answer<CreateVideoConferenceResponse>, Error> {
    client.create_video_conference(CreateVideoConferenceRequest::new("u", "t")).send().await
}

fn refusal(code: &str) -> String {
    json!({"code": code, "requestid": "30EE8654-57F7-5C3F", "message": "not today"}).to_string()
}

/// Returns the error of a call that always gets this response, and the number of attempts.
async fn refused(server: &Loopback, status: u16, body: &str) -> (Error, usize) {
    server.forget();
    server.answer(READ, status, body);
    let client = builder(server).http_client(HTTP.with(Clone::clone)).build().unwrap();
    let error = read(&client).await.unwrap_err();
    (error, server.calls(READ).len())
}

thread_local! {
    /// Shared by the clients of a test: with TLS, each new HTTP client loads all certificates.
    static HTTP: reqwest::Client = reqwest::Client::builder().no_proxy().build().unwrap();
}

#[tokio::test]
async fn general_codes_have_their_kinds_and_are_retried_or_not() {
    let (server, _) = pair().await;
    for (status, code, kind, sent) in GENERAL {
        let (error, calls) = refused(&server, *status, &refusal(code)).await;

        assert_eq!((error.code(), error.kind(), calls), (Some(*code), *kind, *sent));
    }
}

#[tokio::test]
async fn codes_of_pages_have_their_kinds_whatever_the_status() {
    let (server, _) = pair().await;
    for (statuses, code, kind, sent) in OF_PAGES {
        for status in *statuses {
            let (error, calls) = refused(&server, *status, &refusal(code)).await;

            assert_eq!((error.code(), error.kind(), calls), (Some(*code), *kind, *sent));
            assert_eq!(error.http_status().unwrap().as_u16(), *status);
        }
    }
}

#[tokio::test]
async fn codes_of_the_older_interface_have_their_kinds_under_success_too() {
    let (server, _) = pair().await;
    for (code, kind, sent) in OF_THE_OLDER_INTERFACE {
        for status in [200, 400] {
            let body = json!({"errcode": code, "errmsg": "not today"}).to_string();
            let (error, calls) = refused(&server, status, &body).await;

            assert_eq!((error.code(), error.kind(), calls), (Some(&*code.to_string()), *kind, *sent), "{status}");
        }
    }
}

#[test]
fn the_three_tables_are_all_codes_of_the_document() {
    let document: Value = serde_json::from_str(include_str!("../openapi.json")).unwrap();
    let code = |row: &Value| match row.get("code").unwrap_or(row) {
        Value::String(code) => code.clone(),
        number => number.to_string(),
    };
    let mut documented: BTreeSet<String> = document["x-error-codes"].as_array().unwrap().iter().map(code).collect();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            documented.extend(operation["x-error-codes"].as_array().into_iter().flatten().map(code));
        }
    }

    let general = GENERAL.iter().map(|(_, code, ..)| *code);
    let named = general.chain(OF_PAGES.iter().map(|(_, code, ..)| *code)).chain(["punish"]).map(str::to_owned);
    let listed = named.chain(OF_THE_OLDER_INTERFACE.iter().map(|(code, ..)| code.to_string()));
    assert_eq!(listed.collect::<BTreeSet<_>>(), documented);
}

#[tokio::test]
async fn spellings_of_one_thing_are_one_kind() {
    let (server, _) = pair().await;
    for (codes, kind) in [
        (["paramsError", "paramError", "param.error"], InvalidParameter),
        (["systemError", "system.error", "innerSystemError"], Unavailable),
    ] {
        for code in codes {
            // With a status that has another meaning.
            let (error, _) = refused(&server, 404, &refusal(code)).await;
            assert_eq!(error.kind(), kind, "{code}");
        }
    }
}

#[tokio::test]
async fn a_limit_per_second_is_waited_for_even_when_creating() {
    let (server, client) = pair().await;
    let target = || Target::Operation(CREATE.to_owned());

    server.fault(target(), Fault::RateLimited);
    server.fault(target(), Fault::RateLimited);
    create(&client).await.unwrap();

    assert_eq!(server.calls(CREATE).len(), 3);
    assert_eq!(server.token_requests(), 1);
}

#[tokio::test]
async fn limits_say_how_long_they_last_and_a_minute_is_not_waited_for() {
    let (server, _) = pair().await;
    let ban = r#"{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"a1b2"}"#;
    for (status, body, seconds, sent) in [
        (403, refusal("Forbidden.AccessDenied.QpsLimitForApi"), Some(1), 3),
        (403, refusal("Forbidden.AccessDenied.QpmLimitForAppkeyAndApi"), Some(60), 1),
        (403, ban.to_owned(), Some(300), 1),
        (403, refusal("Forbidden.AccessDenied.ApiCountLimitForOrg"), None, 1),
        (429, refusal("system.busy"), None, 3),
    ] {
        let (error, calls) = refused(&server, status, &body).await;

        assert_eq!((error.retry_after(), calls), (seconds.map(Duration::from_secs), sent), "{body}");
    }
}

#[tokio::test]
async fn a_monthly_quota_that_is_used_up_is_never_sent_again() {
    let (server, client) = pair().await;

    server.fault(Target::Operation(READ.to_owned()), Fault::MonthlyQuota);
    let error = read(&client).await.unwrap_err();

    assert_eq!((error.kind(), server.calls(READ).len(), server.token_requests()), (QuotaExhausted, 1, 1));
}

#[tokio::test]
async fn a_missing_permission_is_never_sent_again_nor_with_another_token() {
    let (server, client) = pair().await;

    refuse_once(&server, READ, 403, &refusal("Forbidden.AccessDenied.AccessTokenPermissionDenied"));
    let error = read(&client).await.unwrap_err();

    assert_eq!((error.kind(), server.calls(READ).len(), server.token_requests()), (Permission, 1, 1));
}

#[tokio::test]
async fn an_unknown_403_is_a_permission_and_an_unknown_code_keeps_its_text() {
    let (server, _) = pair().await;
    for (status, kind) in [(403, Permission), (400, InvalidParameter), (404, NotFound), (500, Unavailable)] {
        let (error, calls) = refused(&server, status, &refusal("somethingNew")).await;

        assert_eq!((error.code(), error.kind(), calls), (Some("somethingNew"), kind, 1));
    }
}

#[tokio::test]
async fn an_invalid_token_under_400_is_replaced_once_and_the_call_sent_again() {
    let (server, client) = pair().await;
    create(&client).await.unwrap();

    server.revoke_tokens();
    create(&client).await.unwrap();

    let statuses: Vec<Option<u16>> = server.calls(CREATE).iter().map(|call| call.status).collect();
    assert_eq!(statuses, [Some(200), Some(400), Some(200)]);
    assert_eq!(server.token_requests(), 2);
}

#[tokio::test]
async fn a_second_token_that_is_invalid_too_is_an_error() {
    let (server, client) = pair().await;
    for _ in 0..3 {
        server.fault(Target::Operation(READ.to_owned()), Fault::TokenRejected);
    }

    let error = read(&client).await.unwrap_err();

    assert_eq!((error.kind(), error.code()), (Auth, Some("InvalidAuthentication")));
    assert_eq!((server.calls(READ).len(), server.token_requests(), server.pending_faults()), (2, 2, 1));
}

#[tokio::test]
async fn a_plain_401_replaces_the_token_too() {
    let (server, client) = pair().await;

    refuse_once(&server, READ, 401, &refusal("Unauthorized"));
    read(&client).await.unwrap();

    assert_eq!((server.calls(READ).len(), server.token_requests()), (2, 2));
}

#[tokio::test]
async fn a_wrong_secret_is_told_and_not_tried_again_by_the_next_call() {
    let (server, _) = pair().await;
    let client = builder(&server).app("dingloopback", "wrong").build().unwrap();

    let first = read(&client).await.unwrap_err();
    let second = read(&client).await.unwrap_err();

    assert_eq!((first.kind(), first.code()), (Auth, Some("invalidClientIdOrSecret")));
    assert!(first.is_token_refusal() && second.is_token_refusal());
    assert_eq!((server.token_requests(), server.calls(READ).len()), (1, 0));
}

#[tokio::test]
async fn a_server_error_is_sent_again_for_reads_and_not_for_creates() {
    let (server, client) = pair().await;
    refuse_once(&server, READ, 500, &refusal("systemError"));
    refuse_once(&server, CREATE, 500, &refusal("systemError"));

    let (read, created) = (read(&client).await, create(&client).await);

    assert!(read.is_ok());
    assert_eq!(created.unwrap_err().kind(), Unavailable);
    assert_eq!((server.calls(READ).len(), server.calls(CREATE).len()), (2, 1));
}

#[tokio::test]
async fn a_banned_address_is_told_in_clear_words_under_any_status() {
    let (server, _) = pair().await;
    let object = r#"{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"a1b2"}"#;
    let page =
        r#"<html><body><script>location.replace("https://a/_____tmd_____/punish?x5secdata=xf")</script></body></html>"#;
    for status in [200, 302, 400, 403, 404, 405, 429, 500, 502, 503] {
        for body in [object, page] {
            let (error, calls) = refused(&server, status, body).await;

            assert_eq!((error.kind(), error.code(), calls), (RateLimited, Some("punish"), 1), "{status} {body}");
            assert!(error.to_string().contains("IP address is banned for about five minutes"));
            assert_eq!(error.http_status().unwrap().as_u16(), status);
        }
    }
}

#[tokio::test]
async fn a_page_of_somebody_else_is_an_error_with_an_excerpt_under_any_status() {
    let (server, _) = pair().await;
    for status in [200, 302, 400, 403, 404, 500, 502] {
        let (error, _) = refused(&server, status, "<html><h1>Sign in to the hotel</h1></html>").await;

        let words = error.to_string();
        assert!(words.contains("not the JSON object that DingTalk documents") && words.contains("Sign in"), "{words}");
        assert_eq!(error.http_status().unwrap().as_u16(), status);
    }
}

#[tokio::test]
async fn bodies_without_a_code_are_errors_too() {
    let (server, _) = pair().await;
    for (body, words, kind) in [
        ("", "400", InvalidParameter),
        ("{}", "400", InvalidParameter),
        ("[]", "400", InvalidParameter),
        ("null", "400", InvalidParameter),
        (r#"{"message":"bad gateway"}"#, "bad gateway", InvalidParameter),
        (r#"{"Code":"Throttling","Message":"slow down","RequestId":"R1"}"#, "slow down", InvalidParameter),
        (r#"{"code":40014,"message":"a number"}"#, "40014", Auth),
        (r#"{"errcode":88,"errmsg":"legacy","sub_code":"40014"}"#, "legacy", Auth),
    ] {
        let (error, _) = refused(&server, 400, body).await;

        assert!(error.to_string().contains(words), "{body}: {}", error);
        assert_eq!(error.kind(), kind, "{body}");
    }
}

#[tokio::test]
async fn the_request_id_comes_from_the_body_or_else_from_the_header() {
    let (server, _) = pair().await;

    let (in_body, _) = refused(&server, 400, &refusal("paramError")).await;
    server.answer_with(READ, &[("x-acs-request-id", "HEADER-ID")], 400, r#"{"code":"paramError"}"#);
    let in_header = read(&builder(&server).build().unwrap()).await.unwrap_err();

    assert_eq!(in_body.request_id(), Some("30EE8654-57F7-5C3F"));
    assert_eq!(in_header.request_id(), Some("HEADER-ID"));
}

#[tokio::test]
async fn no_error_shows_the_secret_or_a_token() {
    let (server, _) = pair().await;
    let client = builder(&server).app("dingloopback", "wrong-sentinel").build().unwrap();

    let token = read(&client).await.unwrap_err();
    let (call, _) = refused(&server, 400, &refusal("InvalidAuthentication")).await;

    for error in [token, call] {
        let shown = format!("{error:?} {error} {}", error);
        assert!(!shown.contains("sentinel"), "{shown}");
    }
}

#[tokio::test]
async fn a_success_whose_data_has_the_words_of_a_ban_is_a_success() {
    let (server, client) = pair().await;
    server.answer(READ, 200, r#"{"confInfo":{"title":"punish","roomCode":"deny"},"list":[{"punish":"deny"}]}"#);

    read(&client).await.unwrap();
}

#[tokio::test]
async fn the_life_of_a_token_is_read_in_any_spelling() {
    for life in [r#","expireIn":"7200""#, r#","expireIn":7200.0"#, r#","expires_in":null"#, r#","expireIn":-1"#, ""] {
        let (server, client) = pair().await;
        read(&client).await.unwrap();
        let token = server.calls(READ).pop().unwrap().header("x-acs-dingtalk-access-token").unwrap().to_owned();
        server.answer("create_access_token", 200, format!(r#"{{"accessToken":"{token}"{life}}}"#));

        read(&builder(&server).build().unwrap()).await.unwrap();

        assert_eq!(server.token_requests(), 2, "{life}");
    }
}

#[tokio::test]
async fn a_fresh_ticket_ends_the_wait_after_a_refused_one() {
    let (server, _) = pair().await;
    let (app, ticket) = (credentials::DINGTALK, SuiteTicket::default());
    let client = builder(&server).suite(ticket.clone(), app.corp_id).build().unwrap();
    ticket.set("of-yesterday");

    for _ in 0..2 {
        assert_eq!(read(&client).await.unwrap_err().code(), Some("invalidSuiteTicket"));
    }
    assert_eq!(server.token_requests(), 1, "a refused ticket is not tried again");

    ticket.set(app.suite_ticket);
    read(&client).await.unwrap();
    assert_eq!(server.token_requests(), 2);
}

#[tokio::test]
async fn a_corporation_is_one_segment_of_the_path_of_its_token_request() {
    let (server, _) = pair().await;
    for corporation in ["a/b", r"..\users", "a?b#c"] {
        server.forget();
        let client = builder(&server).corp(corporation).build().unwrap();

        read(&client).await.unwrap_err();

        let path = server.requests().pop().unwrap().path;
        assert_eq!(path.split('/').count(), 5, "{path}");
    }
    for corporation in ["", ".", ".."] {
        for builder in [builder(&server).corp(corporation), builder(&server).suite(SuiteTicket::default(), corporation)]
        {
            let error = builder.build().err();

            assert!(matches!(error, Some(BuildError::Credential { name: "corp id", .. })), "{error:?}");
        }
    }
}
