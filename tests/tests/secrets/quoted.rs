//! Refusals that quote a secret back, and settings that are refused.

use huiyi_core::{BuildError, RetryPolicy, StaticToken, Token};
use huiyi_mock::{Fault, Loopback, Target, Vendor, credentials, shared_http};
use huiyi_tests::by_name::ByName;
use huiyi_tests::fault_matrix::{calls, family, nobody};
use huiyi_tests::subject::{Credentials, Subject};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use serde_json::json;

use crate::ear::{heard, listen};
use crate::forms::Search;
use crate::said::{debugged, said_by, said_by_failure};
use crate::search::{AWKWARD, AWKWARD_IN_A_FORM};

/// Makes a failure that repeats the request, and returns everything that the client prints about it. The token of the
/// call is [`AWKWARD`]; the app's secret is the loopback server's.
async fn repeated(vendor: Vendor, target: Target, media_type: &str, status: u16, body: &str) -> Vec<String> {
    let server = Loopback::start(vendor).await.unwrap();
    let [call, _] = calls(vendor);
    let mut subject = Subject::new(vendor, server.base_url());
    subject.retry = RetryPolicy::off();
    subject.http = Some(shared_http(vendor));
    let client: Box<dyn ByName> = if vendor == Vendor::Tencent {
        let user = StaticToken::new(Token::new(AWKWARD).with_account(credentials::TENCENT.open_id));
        let builder = huiyi_tencent::Client::builder().base_url(server.base_url()).retry(RetryPolicy::off());
        Box::new(builder.http_client(shared_http(vendor)).user_source(user).build().unwrap())
    } else {
        if target != Target::Token {
            subject.credentials = Credentials::Token(AWKWARD.to_owned());
        }
        subject.build()
    };
    let headers = vec![("Content-Type".to_owned(), media_type.to_owned())];
    server.fault(target, Fault::Status { status, headers, body: body.to_owned() });
    let result = client.call(call.operation, &call.arguments).await;
    let mut texts = said_by_failure(&result.unwrap_err());
    texts.extend(heard());
    texts
}

fn call_of(vendor: Vendor) -> Target {
    let [call, _] = calls(vendor);
    Target::Operation(call.operation.to_owned())
}

/// Returns a refusal with this message, in the vendor's own form.
fn refusal(vendor: Vendor, message: &str) -> String {
    match vendor {
        Vendor::Feishu => json!({"code": 99991672, "msg": message}),
        Vendor::WeCom => json!({"errcode": 60020, "errmsg": message}),
        Vendor::DingTalk => json!({"code": "paramError", "message": message}),
        Vendor::Tencent => json!({"error_info": {"error_code": 200_006, "message": message}}),
    }
    .to_string()
}

/// A proxy's page quotes the URL that failed, which for WeCom contains a token or a secret. A vendor's message may
/// quote the token.
#[tokio::test]
async fn a_failure_that_quotes_the_token_is_told_without_it() {
    let _listening = listen();
    for vendor in Vendor::ALL {
        let mut search = Search::new(vendor);
        let secret = "wecom-secret-sentinel";
        let in_url = AWKWARD_IN_A_FORM;
        let url = format!("/cgi-bin/x?debug=1&access_token={in_url}&corpsecret={secret}&a=1");
        let mut targets = vec![call_of(vendor)];
        if vendor != Vendor::Tencent {
            targets.push(Target::Token);
        }
        for target in targets {
            for (status, media_type, page) in [
                (404, "text/html", format!("<html><body>The requested URL {url} was not found</body></html>")),
                (403, "text/html", format!("<html><body><a href=\"{url}\">again</a></body></html>")),
                (400, "text/plain", format!("cannot parse {url}")),
                (200, "text/html", format!("<html><body>You asked for {url}; please log in</body></html>")),
                (500, "application/json", format!("{{\"url\": \"{url}\"")),
            ] {
                let texts = repeated(vendor, target.clone(), media_type, status, &page).await;
                search.look(&page, &[AWKWARD.to_owned()], &texts);
            }
        }
        let message = refusal(vendor, &format!("the token {AWKWARD} has no permission"));
        let texts = repeated(vendor, call_of(vendor), "application/json", 400, &message).await;
        search.look(&message, &[AWKWARD.to_owned()], &texts);
        search.end("quoted");
    }
}

/// The other quotes of a vendor: encoded tokens, tokens in place of a request id or a code, and secrets in refusals of
/// token requests.
#[tokio::test]
async fn a_failure_that_quotes_an_encoded_token_or_a_secret_is_told_without_it() {
    let _listening = listen();
    let mut hits = Vec::new();
    for vendor in Vendor::ALL {
        let mut search = Search::new(vendor);
        let awkward = [AWKWARD.to_owned()];
        let hint = format!("bad, hint: [{AWKWARD}]");
        let code = json!({"code": AWKWARD, "errcode": AWKWARD, "requestid": AWKWARD, "error_code": AWKWARD});
        let encoded = percent_encode(AWKWARD.as_bytes(), NON_ALPHANUMERIC).to_string();
        for body in [
            refusal(vendor, &format!("bad query access_token={AWKWARD_IN_A_FORM}")),
            refusal(vendor, &format!("bad query access_token={encoded}")),
            refusal(vendor, &hint),
            code.to_string(),
        ] {
            let texts = repeated(vendor, call_of(vendor), "application/json", 400, &body).await;
            search.look(&body, &awkward, &texts);
        }
        if vendor != Vendor::Tencent {
            let secret = format!("{}-secret-sentinel", family(vendor).name);
            let body = refusal(vendor, &format!("the secret {secret} is wrong"));
            search.look(&body, &[], &repeated(vendor, Target::Token, "application/json", 400, &body).await);
        }
        hits.extend(search.hits);
    }
    assert!(hits.is_empty(), "{}", hits.join("\n"));
}

/// Errors about settings that cannot work name the setting and do not show the value.
#[tokio::test]
async fn refused_settings_show_no_secret() {
    let mut search = Search::new(Vendor::Feishu);
    let bad = "secret-sentinel\nof two lines";
    let errors: Vec<BuildError> = vec![
        huiyi_feishu::Client::builder().app("cli_1", bad).base_url("http://127.0.0.1").build().unwrap_err(),
        huiyi_wecom::Client::builder().corp("ww1", bad).base_url("http://127.0.0.1").build().unwrap_err(),
        huiyi_dingtalk::Client::builder().app("ding1", bad).base_url("http://127.0.0.1").build().unwrap_err(),
        huiyi_tencent::Client::builder().keys("1", "AKID1", bad).base_url("http://127.0.0.1").build().unwrap_err(),
        huiyi_feishu::Client::builder().tenant_access_token(bad).base_url("http://127.0.0.1").build().unwrap_err(),
        huiyi_feishu::Client::builder().user_access_token(bad).base_url("http://127.0.0.1").build().unwrap_err(),
        huiyi_wecom::Client::builder().access_token(bad).base_url("http://127.0.0.1").build().unwrap_err(),
        huiyi_dingtalk::Client::builder().access_token(bad).base_url("http://127.0.0.1").build().unwrap_err(),
        huiyi_tencent::Client::builder().user_access_token("o", bad).base_url("http://127.0.0.1").build().unwrap_err(),
    ];
    for error in &errors {
        let BuildError::Credential { .. } = error else { panic!("{error}") };
        search.look("settings", &[bad.to_owned()], &said_by(error));
    }
    // A token that no header can carry is refused when it is used.
    let (nobody, source) = (nobody().await, || StaticToken::new(Token::new("token-sentinel\nof two lines")));
    let feishu = huiyi_feishu::Client::builder().base_url(&nobody).tenant_source(source()).build().unwrap();
    let dingtalk = huiyi_dingtalk::Client::builder().base_url(&nobody).token_source(source()).build().unwrap();
    for (vendor, client) in [(Vendor::Feishu, &feishu as &dyn ByName), (Vendor::DingTalk, &dingtalk)] {
        let [call, _] = calls(vendor);
        let failure = client.call(call.operation, &call.arguments).await.unwrap_err();
        assert!(failure.to_string().contains("header"), "{failure}");
        search.look("token", &[bad.to_owned()], &said_by_failure(&failure));
    }
    search.end("settings");
}

#[tokio::test]
async fn a_password_in_the_base_url_is_not_shown() {
    let builder = huiyi_feishu::Client::builder().app("cli_1", "secret").base_url("http://user:pw-sentinel@127.0.0.1");
    let mut texts = debugged(&builder);
    texts.extend(said_by(&builder.build().unwrap_err()));
    let mut search = Search::new(Vendor::Feishu);
    search.look("base URL", &["pw-sentinel".to_owned()], &texts);
    search.end("base URL");
}
