//! The meaning of each documented error code, and whether the client retries it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use huiyi_mock::{Fault, Loopback, Target, Vendor, credentials};
use huiyi_tencent::ErrorKind::{
    self, Auth, Conflict, InvalidParameter, NotFound, Permission, QuotaExhausted, RateLimited, Unavailable,
};
use huiyi_tencent::core::secrecy::ExposeSecret as _;
use huiyi_tencent::core::user_token::{KeepTokens, UserTokens};
use huiyi_tencent::{BoxFuture, BuildError, Client, Error, QuotaPolicy, StoreError, StoredToken, Token, TokenStore};

use crate::support::{as_user, start};

/// What the client does after the failure of a call that may be repeated.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Then {
    Fails,
    IsRepeated,
}
use Then::{Fails, IsRepeated};

/// Codes, their HTTP status (as seen, or the usual one of their kind), their kind.
const CODES: &[(&[i64], u16, ErrorKind, Then)] = &[
    (&[190_300], 400, Auth, Fails),
    (&[190_301, 200_002], 400, Auth, IsRepeated),
    (&[190_303, 200_003], 400, Auth, Fails),
    (&[200_001, 200_004, 200_005], 400, InvalidParameter, Fails),
    (&[200_006, 190_004, 10_001], 400, InvalidParameter, Fails),
    (&[190_310, 190_313, 500_046, 9061], 500, RateLimited, IsRepeated),
    (&[190_311, 190_312, 500_029, 500_168, 9008, 9098, 156_009], 500, QuotaExhausted, Fails),
    (&[9042, 500_014, 190_315], 400, Permission, Fails),
    (&[9099, 9100, 9101, 9102, 9103, 9104], 500, Permission, Fails),
    (&[190_001, 20_001, 20_003, 9003, 190_457, 4051, 190_316, 190_317], 500, NotFound, Fails),
    (&[9002, 9093], 500, InvalidParameter, Fails),
    (&[9006, 9007, 13_602, 13_603], 500, Conflict, Fails),
    (&[20_002, 41_002, 41_003, 204_001, 20_006], 400, Conflict, Fails),
    (&[40_000, 41_001, 50_000, 50_001, 10_005], 400, InvalidParameter, Fails),
    (&[41, 5108, 10_000, 13_000, 190_318, 190_319, 550_000, 960_000], 500, Unavailable, IsRepeated),
];

fn answer(server: &Loopback, status: u16, body: String) {
    let headers = vec![("X-TC-Trace".to_owned(), "trace-1".to_owned())];
    server.fault(Target::Operation("get_meeting".to_owned()), Fault::Status { status, headers, body });
}

async fn call(client: &Client) -> Result<(), Error> {
    client.get_meeting("7").operator_id("u").operator_id_type(1).instanceid(1).send().await.map(drop)
}

#[tokio::test]
async fn every_documented_code_has_its_kind() {
    let (server, client) = start().await;
    for (codes, status, kind, then) in CODES {
        for code in *codes {
            for _ in 0..3 {
                answer(&server, *status, format!(r#"{{"error_info":{{"error_code":{code},"message":"说明"}}}}"#));
            }
            server.forget();

            let error = call(&client).await.unwrap_err();

            assert_eq!(error.kind(), *kind, "{code}");
            assert_eq!(error.code(), Some(&*code.to_string()));
            assert_eq!(error.request_id(), Some("trace-1"));
            let api = error;
            assert_eq!((api.message(), api.http_status().unwrap().as_u16()), ("说明", *status));
            let attempts = server.calls("get_meeting").len();
            assert_eq!(if attempts == 1 { Fails } else { IsRepeated }, *then, "{code} in {attempts} attempts");
            server.clear();
        }
    }
}

#[tokio::test]
async fn a_rate_limit_is_over_with_the_next_attempt() {
    let (server, client) = start().await;
    answer(&server, 500, r#"{"error_info":{"error_code":190310,"message":"too many calls"}}"#.to_owned());

    call(&client).await.unwrap();

    assert_eq!(server.calls("get_meeting").len(), 2);
}

#[tokio::test]
async fn the_longer_code_does_not_replace_the_documented_one() {
    let (server, client) = start().await;

    for (body, code) in [
        (r#"{"error_info":{"error_code":9003,"new_error_code":200009003,"message":"MEETING NOT EXIST"}}"#, "9003"),
        (r#"{"error_info":{"error_code":9003,"message":"MEETING NOT EXIST"}}"#, "9003"),
        (r#"{"error_info":{"error_code":"9003","message":"MEETING NOT EXIST"}}"#, "9003"),
    ] {
        answer(&server, 500, body.to_owned());
        let error = call(&client).await.unwrap_err();
        assert_eq!((error.code(), error.kind()), (Some(code), NotFound), "{body}");
    }
}

#[tokio::test]
async fn the_longer_code_is_shown_if_it_is_all_there_is() {
    let (server, client) = start().await;
    answer(&server, 400, r#"{"error_info":{"new_error_code":200190303,"message":"x"}}"#.to_owned());

    assert_eq!(call(&client).await.unwrap_err().code(), Some("200190303"));
}

#[tokio::test]
async fn an_unknown_code_means_what_the_status_says() {
    let (server, client) = start().await;

    for (status, kind) in [(400, InvalidParameter), (403, Permission), (500, Unavailable)] {
        answer(&server, status, r#"{"error_info":{"error_code":500999,"message":"x"}}"#.to_owned());
        let error = call(&client).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (kind, Some("500999")));
    }
}

#[tokio::test]
async fn a_clock_that_is_off_and_a_wrong_secret_are_not_tried_again() {
    let (server, client) = start().await;

    for (fault, code) in
        [(Fault::ClockSkew, "190300"), (Fault::WrongSecret, "200003"), (Fault::TokenRejected, "190303")]
    {
        server.forget();
        server.fault(Target::Any, fault);
        let error = call(&client).await.unwrap_err();
        assert_eq!((error.kind(), error.code()), (Auth, Some(code)));
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_users_token_that_cannot_be_renewed_is_refused_once() {
    let (server, client) = start().await;
    let user = as_user(&server, &client).await;
    server.revoke_tokens();
    server.forget();

    let error = call(&user).await.unwrap_err();

    assert_eq!((error.kind(), error.code()), (Auth, Some("190303")));
    assert_eq!(server.calls("get_meeting").len(), 1);
}

#[tokio::test]
async fn a_monthly_quota_is_not_tried_again() {
    let (server, client) = start().await;
    server.fault(Target::Any, Fault::MonthlyQuota);

    let meeting = huiyi_tencent::types::CreateMeetingRequest::new("tester", "周会", 0, 1_572_172_200, 1_572_175_800)
        .instanceid(1);
    let error = client.create_meeting(meeting).send().await.unwrap_err();

    assert_eq!((error.kind(), error.code()), (QuotaExhausted, Some("500168")));
    assert_eq!(server.requests().len(), 1);
}

/// A store that keeps text and expiry, as most databases do.
#[derive(Default)]
struct TextStore(Mutex<HashMap<String, (String, SystemTime)>>);

impl TokenStore for TextStore {
    fn load<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<StoredToken>, StoreError>> {
        let found = self.0.lock().unwrap().get(key).cloned();
        Box::pin(async move { Ok(found.map(|(text, expires)| StoredToken::new(Token::new(text), expires))) })
    }

    fn save<'a>(&'a self, key: &'a str, stored: &'a StoredToken) -> BoxFuture<'a, Result<(), StoreError>> {
        let kept = (stored.token.expose().to_owned(), stored.expires);
        self.0.lock().unwrap().insert(key.to_owned(), kept);
        Box::pin(async { Ok(()) })
    }
}

struct Nowhere;

impl KeepTokens for Nowhere {
    fn keep<'a>(&'a self, _tokens: &'a UserTokens) -> BoxFuture<'a, ()> {
        Box::pin(async {})
    }
}

#[tokio::test]
async fn a_store_that_keeps_text_only_loses_no_open_id() {
    let server = Loopback::start(Vendor::Tencent).await.unwrap();
    let store: Arc<dyn TokenStore> = Arc::new(TextStore::default());
    let app = credentials::TENCENT;
    let third_party = || {
        let builder = Client::builder().oauth_app(app.sdk_id, app.oauth_secret).token_store(Arc::clone(&store));
        builder.base_url(server.base_url()).oauth_base_url(server.base_url()).quota(QuotaPolicy::off())
    };
    let (tokens, open_id) = third_party().login().unwrap().exchange(app.auth_code).await.unwrap();
    let refresh_token = tokens.refresh.unwrap();
    let as_user = || third_party().user_refresh_token(&*open_id, refresh_token.expose_secret(), Arc::new(Nowhere));

    call(&as_user().build().unwrap()).await.unwrap();
    call(&as_user().build().unwrap()).await.unwrap();

    // The second client finds the first one's token and sends it with the open id.
    assert_eq!(server.calls("refresh_oauth_token").len(), 1);
    assert_eq!(server.calls("get_meeting").pop().unwrap().header("openid"), Some(&*open_id));
}

#[tokio::test]
async fn the_end_of_a_token_is_read_in_any_spelling() {
    let server = Loopback::start(Vendor::Tencent).await.unwrap();
    for (expires, expires_in) in [("\"9999999999\"", 9_999_999_999), ("9999999999.0", 9_999_999_999), ("-5", 0)] {
        let data = format!(r#"{{"access_token":"a","refresh_token":"r","expires":{expires},"open_id":"o"}}"#);
        let (tokens, open_id) = login(&server, &data).await;

        assert!(
            tokens.expires_in.as_secs() <= expires_in && (expires_in == 0) == tokens.expires_in.is_zero(),
            "{expires}"
        );
        assert_eq!((tokens.access.account(), &*open_id), (Some("o"), "o"));
    }

    let (tokens, _) = login(&server, r#"{"access_token":"a","refresh_token":"r","open_id":"o"}"#).await;
    assert_eq!(tokens.expires_in, Duration::from_secs(7200));
}

/// Returns what a login reads from this response.
async fn login(server: &Loopback, data: &str) -> (UserTokens, String) {
    let app = credentials::TENCENT;
    server.answer("create_oauth_token", 200, format!(r#"{{"code":0,"message":"","data":{data}}}"#));
    let builder = Client::builder().oauth_app(app.sdk_id, app.oauth_secret).oauth_base_url(server.base_url());
    builder.login().unwrap().exchange(app.auth_code).await.unwrap()
}

#[test]
fn a_host_of_logins_that_cannot_be_used_is_told_without_its_password() {
    for url in [
        "meeting.example",
        "ftp://meeting.example",
        "https://",
        "https://user:sentinel@meeting.example",
        "https://sentinel@meeting.example",
        "https://meeting.example?key=sentinel",
        "https://meeting.example/#sentinel",
    ] {
        let builder = || Client::builder().keys("1", "id", "key").oauth_app("sdk", "secret").oauth_base_url(url);
        let refreshing = builder().user_refresh_token("open-id", "refresh-token", Arc::new(Nowhere));
        let errors = [builder().build().err(), refreshing.build().err(), builder().login().err()];

        for error in errors {
            let error = error.unwrap();
            assert!(matches!(error, BuildError::BaseUrl { .. }), "{url}: {error}");
            assert!(!format!("{error} {error:?}").contains("sentinel"), "{url}: {error}");
        }
    }
    let builder = Client::builder().keys("1", "id", "key").oauth_base_url("https://meeting.example/proxy/");
    assert!(builder.build().is_ok());
}
