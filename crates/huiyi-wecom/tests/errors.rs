//! Every error code of the meeting calls has the kind that the vendor's table gives it.
//!
//! Page: "Global error codes" (90313) of developer.work.weixin.qq.com. All of them have HTTP status 200.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use huiyi_mock::{Loopback, Vendor, credentials};
use huiyi_wecom::ErrorKind::{
    self, Auth, Conflict, InvalidParameter, NotFound, Other, Permission, QuotaExhausted, RateLimited, Unavailable,
};
use huiyi_wecom::types::GetMeetingInfoRequest;
use huiyi_wecom::{Client, Error, MemoryStore, QuotaPolicy, RetryPolicy, SuiteTicket, TokenStore};
use serde_json::{Value, json};

/// Codes of all calls, and those of the calls that issue tokens.
const GENERAL: &[(i64, ErrorKind)] = &[
    (-1, Unavailable),
    (6000, Conflict),
    (40001, Auth),
    (40003, InvalidParameter),
    (40013, Auth),
    (40014, Auth),
    (40031, InvalidParameter),
    (40032, InvalidParameter),
    (40033, InvalidParameter),
    (40035, InvalidParameter),
    (40056, InvalidParameter),
    (40058, InvalidParameter),
    (40063, InvalidParameter),
    (40080, Auth),
    (40082, Auth),
    (40083, Auth),
    (40084, Auth),
    (40085, Auth),
    (40091, Auth),
    (40206, InvalidParameter),
    (41001, Auth),
    (41009, InvalidParameter),
    (41011, InvalidParameter),
    (42001, Auth),
    (42009, Auth),
    (45009, RateLimited),
    (45029, InvalidParameter),
    (45033, RateLimited),
    (45035, Conflict),
    (45036, RateLimited),
    (48001, Permission),
    (48002, Permission),
    (48004, Permission),
    (48005, Other),
    (48006, Permission),
    (50002, Permission),
    (50003, Permission),
    (50006, Permission),
    (301_007, Permission),
    (680_106, Permission),
    (60011, Permission),
    (60020, Permission),
    (60021, Permission),
    (50100, InvalidParameter),
    (60030, Permission),
    (60031, Permission),
    (60111, InvalidParameter),
    (81013, InvalidParameter),
    (81026, Unavailable),
    (90457, InvalidParameter),
    (90459, NotFound),
    (90466, Permission),
    (90472, Permission),
    (90475, InvalidParameter),
    (90494, InvalidParameter),
    (90708, InvalidParameter),
    (90602, NotFound),
    (301002, Permission),
];

/// Codes of scheduled meetings.
const SCHEDULING: &[(i64, ErrorKind)] = &[
    (400020, QuotaExhausted),
    (400021, InvalidParameter),
    (400025, InvalidParameter),
    (400026, InvalidParameter),
    (400027, InvalidParameter),
    (400028, Permission),
    (400029, InvalidParameter),
    (400030, InvalidParameter),
    (400031, InvalidParameter),
    (400032, InvalidParameter),
    (400033, InvalidParameter),
    (400034, InvalidParameter),
    (400035, InvalidParameter),
    (400036, Permission),
    (400037, InvalidParameter),
    (400038, InvalidParameter),
    (400039, InvalidParameter),
    (400040, InvalidParameter),
    (400041, Conflict),
    (400042, InvalidParameter),
    (400043, InvalidParameter),
    (400044, InvalidParameter),
    (400045, Conflict),
    (400218, Permission),
    (400219, Permission),
    (400220, Permission),
    (400221, Conflict),
    (400222, InvalidParameter),
    (400223, InvalidParameter),
    (400224, Conflict),
    (400226, Permission),
    (400227, InvalidParameter),
    (400228, InvalidParameter),
    (400237, InvalidParameter),
    (400238, Permission),
    (400301, Conflict),
    (400302, Conflict),
    (400303, Permission),
    (400304, Permission),
    (400307, Permission),
    (400308, Permission),
];

/// Codes of the advanced calls.
const ADVANCED: &[(i64, ErrorKind)] = &[
    (730000, InvalidParameter),
    (730001, NotFound),
    (730002, NotFound),
    (730003, NotFound),
    (730004, NotFound),
    (730005, Permission),
    (730006, NotFound),
    (730007, Permission),
    (730008, NotFound),
    (730009, InvalidParameter),
    (730010, Permission),
    (730011, Permission),
];

/// Codes of accounts with advanced features. The table does not have 770002 and 770012.
const ACCOUNTS: &[(i64, ErrorKind)] = &[
    (770001, QuotaExhausted),
    (770003, Permission),
    (770004, InvalidParameter),
    (770005, Permission),
    (770006, NotFound),
    (770007, Unavailable),
    (770008, Conflict),
    (770009, Conflict),
    (770010, Permission),
    (770011, InvalidParameter),
    (770013, InvalidParameter),
    (770014, Conflict),
    (770015, InvalidParameter),
    (770016, InvalidParameter),
    (770017, Conflict),
];

fn all() -> impl Iterator<Item = (i64, ErrorKind)> {
    [GENERAL, SCHEDULING, ADVANCED, ACCOUNTS].concat().into_iter()
}

/// Starts a server and a client that does not retry or wait, although many of the codes are retried by default.
async fn start() -> (Loopback, Client) {
    let server = Loopback::start(Vendor::WeCom).await.unwrap();
    let app = credentials::WECOM;
    let client = Client::builder().corp(app.corpid, app.secret).base_url(server.base_url());
    (server, client.retry(RetryPolicy::off()).quota(QuotaPolicy::off()).build().unwrap())
}

async fn refused(server: &Loopback, client: &Client, answer: Value) -> Error {
    server.answer("get_meeting_info", 200, answer.to_string());
    client.get_meeting_info().body(GetMeetingInfoRequest::new().meetingid("hyXXXXX")).send().await.unwrap_err()
}

#[tokio::test]
async fn every_code_has_its_kind() {
    let (server, client) = start().await;
    let mut wrong = Vec::new();

    for (code, kind) in all() {
        let error = refused(&server, &client, json!({"errcode": code, "errmsg": "refused"})).await;
        if (error.code(), error.kind()) != (Some(code.to_string().as_str()), kind) {
            wrong.push(format!("{code}: {:?} instead of {kind:?}", error.kind()));
        }
    }

    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_code_of_the_document_is_left_out() {
    let document: Value = serde_json::from_str(include_str!("../openapi.json")).unwrap();
    let rows = document["x-error-codes"].as_array().unwrap();

    let documented: BTreeSet<i64> = rows.iter().map(|row| row["code"].as_i64().unwrap()).collect();
    let tested: BTreeSet<i64> = all().map(|(code, _)| code).collect();

    assert_eq!(documented, tested);
}

#[test]
fn codes_of_the_calendar_stand_at_the_calls_that_send_one() {
    let document: Value = serde_json::from_str(include_str!("../openapi.json")).unwrap();
    for path in ["/cgi-bin/meeting/create", "/cgi-bin/meeting/update"] {
        let codes = document["paths"][path]["post"]["x-error-codes"].as_array().unwrap();
        for code in [90457, 90459, 90466, 90472, 90475, 90494, 90708] {
            assert!(codes.contains(&json!(code)), "{path} {code}");
        }
    }
}

/// Maintenance may be over soon, so a call that only reads is repeated.
#[tokio::test]
async fn maintenance_is_waited_for() {
    let server = Loopback::start(Vendor::WeCom).await.unwrap();
    let app = credentials::WECOM;
    let wait = Duration::from_millis(1);
    let client = Client::builder().corp(app.corpid, app.secret).base_url(server.base_url());
    let client = client.retry(RetryPolicy::default().with_backoff(wait, wait)).build().unwrap();

    let error = refused(&server, &client, json!({"errcode": 81026, "errmsg": "maintenance"})).await;

    assert_eq!((error.kind(), error.attempts()), (Unavailable, 3));
}

#[tokio::test]
async fn an_error_tells_what_happened_and_where_to_read_on() {
    let (server, client) = start().await;

    let errmsg = "invalid meeting, hint: [1600000007_5_abc], from ip: 1.2.3.4, more info at https://example.com";
    let error = refused(&server, &client, json!({"errcode": 90602, "errmsg": errmsg})).await;

    let api = &error;
    assert_eq!(api.http_status().unwrap(), 200);
    assert_eq!(api.operation(), "get_meeting_info");
    assert_eq!(error.request_id(), Some("1600000007_5_abc"));
    assert_eq!(api.help(), Some("https://open.work.weixin.qq.com/devtool/query?e=90602"));
    assert!(error.to_string().contains("the meeting id is invalid, or the meeting belongs to another app"));
}

#[tokio::test]
async fn a_code_that_no_page_lists_is_kept() {
    let (server, client) = start().await;

    let error = refused(&server, &client, json!({"errcode": 999_999_999, "errmsg": "something new"})).await;

    assert_eq!((error.code(), error.kind()), (Some("999999999"), Other));
    assert_eq!(error.message(), "something new");
}

#[tokio::test]
async fn only_a_refused_token_is_replaced() {
    for (code, tokens, calls) in [(40014, 2, 2), (42001, 2, 2), (40001, 2, 2), (41001, 2, 2), (48002, 1, 1)] {
        let (server, client) = start().await;

        refused(&server, &client, json!({"errcode": code, "errmsg": "refused"})).await;

        assert_eq!((server.token_requests(), server.calls("get_meeting_info").len()), (tokens, calls), "{code}");
    }
}

async fn call(client: &Client) -> Result<(), Error> {
    client.get_meeting_info().body(GetMeetingInfoRequest::new().meetingid("hyXXXXX")).send().await.map(drop)
}

#[tokio::test]
async fn an_api_that_is_blocked_is_left_alone_and_the_caller_told_for_how_long() {
    let server = Loopback::start(Vendor::WeCom).await.unwrap();
    let app = credentials::WECOM;
    let client = Client::builder().corp(app.corpid, app.secret).base_url(server.base_url()).build().unwrap();
    server.answer("get_meeting_info", 200, json!({"errcode": 45009, "errmsg": "reach max api limit"}).to_string());

    let error = call(&client).await.unwrap_err();

    assert_eq!((error.kind(), error.retry_after()), (RateLimited, Some(Duration::from_secs(60))));
    assert_eq!(server.calls("get_meeting_info").len(), 1);
}

#[tokio::test]
async fn apps_of_one_corporation_do_not_share_tokens() {
    for agents in [[None, None], [Some("1000002"), Some("1000002")], [Some("1000002"), Some("1000003")]] {
        let server = Loopback::start(Vendor::WeCom).await.unwrap();
        let store: Arc<dyn TokenStore> = Arc::new(MemoryStore::default());
        let app = credentials::WECOM;
        let client = |secret: &str, agent: Option<&str>| {
            let builder = Client::builder().corp(app.corpid, secret).token_store(Arc::clone(&store));
            let builder = if let Some(agent) = agent { builder.agent(agent) } else { builder };
            builder.base_url(server.base_url()).build().unwrap()
        };

        call(&client(app.secret, agents[0])).await.unwrap();
        call(&client(app.secret, agents[0])).await.unwrap();
        let stranger = call(&client("another secret", agents[1])).await.unwrap_err();

        assert_eq!((stranger.code(), stranger.kind()), (Some("40001"), Auth), "{agents:?}");
        assert_eq!(server.token_requests(), 2, "the first app's second client has found its token");
    }
}

#[tokio::test]
async fn the_life_of_a_token_is_read_in_any_spelling() {
    for life in [r#""7200""#, "7200.0", "null", "-1", r#""""#] {
        let (server, client) = start().await;
        call(&client).await.unwrap();
        let token = server.calls("get_meeting_info").pop().unwrap().query_value("access_token").unwrap();
        let answer = format!(r#"{{"errcode":0,"errmsg":"ok","access_token":"{token}","expires_in":{life}}}"#);
        server.answer("get_access_token", 200, answer);
        let app = credentials::WECOM;
        let client = Client::builder().corp(app.corpid, app.secret).base_url(server.base_url()).build().unwrap();

        call(&client).await.unwrap();

        assert_eq!(server.token_requests(), 2, "{life}");
    }
}

#[tokio::test]
async fn a_fresh_ticket_ends_the_wait_after_a_refused_one() {
    let server = Loopback::start(Vendor::WeCom).await.unwrap();
    let (app, ticket) = (credentials::WECOM, SuiteTicket::default());
    let builder = Client::builder().base_url(server.base_url()).suite(
        app.suite_id,
        app.suite_secret,
        ticket.clone(),
        app.corpid,
        app.permanent_code,
    );
    let client = builder.build().unwrap();
    ticket.set("of-yesterday");

    let refused = [call(&client).await.unwrap_err(), call(&client).await.unwrap_err()];
    assert_eq!(
        refused.map(|error| error.code().map(str::to_owned)),
        [Some("40085".to_owned()), Some("40085".to_owned())]
    );
    assert_eq!(server.token_requests(), 1, "a refused ticket is not tried again");

    ticket.set(app.suite_ticket);
    call(&client).await.unwrap();
    assert_eq!(server.calls("get_suite_token").len(), 2);
}
