//! DingTalk's error responses: their kinds, which calls are retried, and responses that are not JSON.
//!
//! Pages: "Error codes" and "Limits" of open.dingtalk.com, and the error tables of the conference pages.

mod codes;
mod tokens;

use std::collections::BTreeSet;
use std::time::Duration;

use crate::support::{builder, pair, refuse_once};
use codes::{GENERAL, OF_PAGES, OF_THE_OLDER_INTERFACE};
use huiyi_dingtalk::core::reqwest;
use huiyi_dingtalk::types::{CreateVideoConferenceRequest, CreateVideoConferenceResponse, GetVideoConferenceResponse};
use huiyi_dingtalk::{Answer, BuildError, Client, Error, ErrorKind, SuiteTicket};
use huiyi_mock::{Fault, Loopback, Target, credentials};
use serde_json::{Value, json};

use ErrorKind::{Auth, InvalidParameter, NotFound, Permission, QuotaExhausted, RateLimited, Unavailable};

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
async fn a_server_error_is_sent_again_for_reads_and_not_for_creates() {
    let (server, client) = pair().await;
    for code in ["systemError", "system.busy", "systemBusy"] {
        server.forget();
        refuse_once(&server, READ, 500, &refusal(code));
        refuse_once(&server, CREATE, 500, &refusal(code));

        let (read, created) = (read(&client).await, create(&client).await.unwrap_err());

        assert!(read.is_ok());
        assert_eq!((created.kind(), created.may_have_taken_effect()), (Unavailable, true), "{code}");
        assert_eq!((server.calls(READ).len(), server.calls(CREATE).len()), (2, 1), "{code}");
    }
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
