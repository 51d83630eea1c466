//! The search finds planted secrets.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use huiyi_mock::{Loopback, Vendor};
use huiyi_tests::fault_matrix::calls;
use huiyi_tests::subject::Subject;
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};

use crate::ear::{heard, listen};
use crate::forms::{Search, hex};
use crate::said::said_by_failure;
use crate::search::AWKWARD;

/// The search finds a secret in each of its forms, and all channels are recorded.
#[tokio::test]
async fn the_search_finds_what_is_planted() {
    let _listening = listen();
    let server = Loopback::start(Vendor::Feishu).await.unwrap();
    let [call, _] = calls(Vendor::Feishu);
    let headers = [("X-Tt-Logid", "planted-sentinel-in-a-span")];
    server.answer_with(call.operation, &headers, 400, r#"{"code":121005,"msg":"planted-sentinel-in-a-message"}"#);
    let client = Subject::new(Vendor::Feishu, server.base_url()).build();
    let failure = client.call(call.operation, &call.arguments).await.unwrap_err();
    log::trace!("planted-sentinel-in-a-record");
    let said = said_by_failure(&failure);
    let told = heard();

    let whole = format!("Authorization: Basic {}", STANDARD_NO_PAD.encode(format!("app:{AWKWARD}:x")));
    let planted = [
        format!("a {AWKWARD} b"),
        format!("?access_token={}", percent_encode(AWKWARD.as_bytes(), NON_ALPHANUMERIC)),
        whole,
        "Basic Y29kZS1sb29wYmFjaw==".to_owned(),
        hex(AWKWARD),
    ];
    let mut search = Search::new(Vendor::Feishu);
    search.look("planted", &[AWKWARD.to_owned()], &planted);
    assert_eq!(search.hits.len(), planted.len(), "{:#?}", search.hits);
    search.look("elsewhere", &[AWKWARD.to_owned()], &["code, token and ticket".to_owned()]);
    assert_eq!(search.hits.len(), planted.len());

    let has = |texts: &[String], part: &str| texts.iter().any(|text| text.contains(part));
    assert!(has(&said, "planted-sentinel-in-a-message") && has(&said, "planted-sentinel-in-a-span"));
    assert!(has(&told, "planted-sentinel-in-a-span"), "tracing is not heard");
    assert!(has(&told, "planted-sentinel-in-a-record"), "log is not heard");
    assert!(has(&told, "reqwest") && has(&told, "huiyi.call"), "targets are missing: {told:#?}");
    let unwrapped = told.iter().filter(|text| text.contains("planted-sentinel-in-a-message"));
    let panics: Vec<&String> = unwrapped.collect();
    assert!(
        panics.iter().any(|text| text.contains("unwrap()")) && panics.iter().any(|text| text.contains("a meeting"))
    );
}
