//! Tencent Meeting's signature covers the bytes that arrive, whatever the arguments contain.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use huiyi_core::{QuotaPolicy, RetryPolicy};
use huiyi_mock::{Loopback, Request, Vendor, credentials, tencent_signature};
use huiyi_tests::Arguments;
use huiyi_tests::examples::Spec;
use huiyi_tests::generated::tencent::call;
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// Characters with a meaning in URLs, headers, JSON or the signed text.
const RESERVED: &[char] = &[
    ' ', '!', '"', '#', '$', '%', '&', '\'', '(', ')', '*', '+', ',', '-', '.', '/', ':', ';', '<', '=', '>', '?', '@',
    '[', '\\', ']', '^', '_', '`', '{', '|', '}', '~', '\n', '\r', '\t', '\0', '\u{7f}', '\u{feff}',
];

fn arbitrary_text() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        3 => proptest::sample::select(RESERVED),
        2 => proptest::char::range('\u{4e00}', '\u{9fff}'),
        1 => any::<char>(),
        1 => proptest::char::range('a', 'z'),
    ];
    proptest::collection::vec(character, 1..24).prop_map(String::from_iter)
}

/// Generates a segment of a path. The client refuses segments that would lead to another path.
fn arbitrary_segment() -> impl Strategy<Value = String> {
    arbitrary_text().prop_filter("leads to another path", |text| text != "." && text != "..")
}

/// A server, and a client that signs with the server's keys.
struct Signed {
    runtime: Runtime,
    server: Loopback,
    client: huiyi_tencent::Client,
    spec: Spec,
}

impl Signed {
    fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let server = runtime.block_on(Loopback::start(Vendor::Tencent)).unwrap();
        let keys = credentials::TENCENT;
        let builder = huiyi_tencent::Client::builder().keys(keys.app_id, keys.secret_id, keys.secret_key);
        let builder = builder.base_url(server.base_url()).retry(RetryPolicy::off()).quota(QuotaPolicy::off());
        Self { client: builder.build().unwrap(), runtime, server, spec: Spec::tencent() }
    }

    /// Returns the arguments of an operation's page.
    fn arguments(&self, operation: &str) -> Arguments {
        self.spec.examples().into_iter().find(|example| example.operation == operation).unwrap().arguments
    }

    /// Calls an operation. Returns the only request that arrived, after checking its signature.
    fn call(&self, operation: &str, arguments: &Arguments) -> Result<Request, TestCaseError> {
        self.server.forget();
        self.server.answer(operation, 200, "{}");
        let outcome = self.runtime.block_on(call(&self.client, operation, arguments));
        // The server has compared the signature, too.
        prop_assert!(outcome.is_ok(), "{outcome:?}");
        let requests = self.server.requests();
        prop_assert_eq!(requests.len(), 1);
        let request = requests[0].clone();
        let header = |name: &str| request.header(name).unwrap_or_default();
        let (nonce, timestamp) = (header("X-TC-Nonce"), header("X-TC-Timestamp"));
        let keys = credentials::TENCENT;
        let expected = tencent_signature(
            keys.secret_id,
            keys.secret_key,
            &request.method,
            nonce,
            timestamp,
            &request.target,
            &request.body,
        );
        prop_assert_eq!(header("X-TC-Signature"), expected);
        prop_assert!(nonce.parse::<i64>().is_ok_and(|nonce| nonce > 0), "{}", nonce);
        Ok(request)
    }
}

fn check(
    strategy: impl Strategy<Value = (String, String)>,
    property: impl Fn(&Signed, String, String) -> Result<(), TestCaseError>,
) {
    let signed = Signed::start();
    // Failing cases are printed and do not need a file.
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    runner.run(&strategy, |(one, other)| property(&signed, one, other)).unwrap();
}

#[test]
fn path_and_query_are_signed_as_sent() {
    check((arbitrary_segment(), arbitrary_text()), |signed, user, operator| {
        let mut arguments = signed.arguments("get_user");
        arguments.path.insert("userid".to_owned(), json!(user));
        arguments.query.insert("operator_id".to_owned(), json!(operator));

        let request = signed.call("get_user", &arguments)?;

        prop_assert_eq!(&request.path_parameters, &[("userid".to_owned(), user)]);
        prop_assert_eq!(request.query_value("operator_id"), Some(operator));
        prop_assert_eq!(request.body.len(), 0);
        Ok(())
    });
}

#[test]
fn a_body_is_signed_byte_by_byte() {
    check((arbitrary_text(), arbitrary_text()), |signed, user, subject| {
        let mut arguments = signed.arguments("create_meeting");
        let body = arguments.body.as_mut().and_then(Value::as_object_mut).unwrap();
        body.insert("userid".to_owned(), json!(user));
        body.insert("subject".to_owned(), json!(subject));

        let request = signed.call("create_meeting", &arguments)?;

        let sent = request.json().unwrap();
        prop_assert_eq!(sent.get("userid"), Some(&json!(user)));
        prop_assert_eq!(sent.get("subject"), Some(&json!(subject)));
        Ok(())
    });
}

#[test]
fn the_body_of_a_delete_is_signed() {
    check((arbitrary_segment(), arbitrary_text()), |signed, record, operator| {
        let mut arguments = signed.arguments("remove_record_access_members");
        arguments.path.insert("meeting_record_id".to_owned(), json!(record));
        let body = arguments.body.as_mut().and_then(Value::as_object_mut).unwrap();
        body.insert("operator_id".to_owned(), json!(operator));

        let request = signed.call("remove_record_access_members", &arguments)?;

        prop_assert_eq!(request.method.as_str(), "DELETE");
        let sent = request.json().unwrap();
        prop_assert_eq!(sent.get("operator_id"), Some(&json!(operator)));
        Ok(())
    });
}

#[test]
fn a_post_without_a_body_is_signed_over_an_empty_one() {
    check((arbitrary_segment(), arbitrary_text()), |signed, room, operator| {
        let mut arguments = signed.arguments("create_room_activation_code");
        arguments.path.insert("meeting_room_id".to_owned(), json!(room));
        arguments.query.insert("operator_id".to_owned(), json!(operator));

        let request = signed.call("create_room_activation_code", &arguments)?;

        prop_assert_eq!(request.method.as_str(), "POST");
        prop_assert_eq!(request.body.len(), 0);
        Ok(())
    });
}
