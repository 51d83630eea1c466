//! The contract of every operation with its vendor's server: the request as the page describes it, and how the client
//! reads a success, the vendor's refusals and a proxy's page.
//!
//! The expectations come from the bundled specs and the vendors' pages, not from generated code.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod dingtalk;
mod feishu;
mod mock;
mod refusal;
mod request;
mod side;
mod tencent;
mod wecom;

use std::collections::BTreeMap;

use base64::Engine as _;
use huiyi_core::ErrorKind;
use huiyi_tests::by_name::ByName;
use huiyi_tests::error_codes::ErrorCode;
use huiyi_tests::examples::{Example, Spec, same};
use huiyi_tests::family::{DINGTALK, FEISHU, TENCENT, WECOM};
use huiyi_tests::{Arguments, Failure};
use serde_json::{Value, json};

use self::mock::{Answer, Mock};
use self::refusal::Expected;
use self::side::Side;

/// The bytes of a download.
const BYTES: &[u8] = b"\x00\xff%PDF \xe4\xbc\x9a";

/// The cases of one vendor.
struct Run<'a> {
    side: &'a dyn Side,
    spec: Spec,
    mock: Mock,
    clients: Vec<(&'static str, Box<dyn ByName>)>,
    table: Vec<ErrorCode>,
    counts: BTreeMap<&'static str, usize>,
    failures: Vec<String>,
}

impl<'a> Run<'a> {
    async fn start(side: &'a dyn Side) -> Self {
        let spec = side.family().spec();
        let mock = Mock::start().await;
        let clients = side.clients(&mock.base_url());
        let table = spec.error_codes();
        Self { side, spec, mock, clients, table, counts: BTreeMap::new(), failures: Vec::new() }
    }

    fn note(&mut self, case: &'static str, example: &Example, result: Result<(), String>) {
        *self.counts.entry(case).or_default() += 1;
        if let Err(reason) = result {
            self.failures.push(format!("{} {}, {case}: {reason}", example.operation, example.name));
        }
    }

    /// Returns the kinds of credential to call with: every accepted kind, or any one if none is needed.
    fn credentials(&self, operation: &str) -> Vec<(Option<&'static str>, usize)> {
        let accepted = self.spec.credentials(operation);
        let mut found = Vec::new();
        for (position, (name, _)) in self.clients.iter().enumerate() {
            if accepted.contains(name) {
                found.push((Some(*name), position));
            }
        }
        if accepted.is_empty() { vec![(None, 0)] } else { found }
    }

    async fn call(&self, client: usize, example: &Example, answer: Answer) -> Result<Value, Failure> {
        self.mock.answer(answer);
        let (_, client) = &self.clients[client];
        client.call(&example.operation, &example.arguments).await
    }

    /// A call that succeeds, with every kind of credential that is accepted.
    async fn success(&mut self, example: &Example) {
        for (credential, client) in self.credentials(&example.operation) {
            let shown = example.answer.clone().unwrap_or_else(|| self.side.bare_success());
            let answer = if example.raw { Answer::bytes(BYTES) } else { Answer::json(200, &shown) };
            let outcome = self.call(client, example, answer).await;
            let received = self.mock.received();
            let request = match &received[..] {
                [request] => request::check(self.side, credential, example, request),
                other => Err(format!("{} requests were sent", other.len())),
            };
            self.note("request", example, request);
            let expected = if example.raw {
                json!(base64::engine::general_purpose::STANDARD.encode(BYTES))
            } else {
                self.side.family().data(&shown)
            };
            let result = match outcome {
                Ok(answer) if same(&answer, &expected) => Ok(()),
                Ok(answer) => Err(format!("the answer is {answer} instead of {expected}")),
                Err(failure) => Err(failure.to_string()),
            };
            self.note("success", example, result);
        }
    }

    /// Checks that nothing is sent with a kind of credential that the operation does not accept.
    async fn wrong_credential(&mut self, example: &Example) {
        let accepted = self.spec.credentials(&example.operation).len();
        for position in 0..self.clients.len() {
            let usable = self.credentials(&example.operation).iter().any(|(_, client)| *client == position);
            if usable || accepted == 0 {
                continue;
            }
            let outcome = self.call(position, example, Answer::json(200, &self.side.bare_success())).await;
            let sent = self.mock.received().len();
            let result = match outcome {
                Err(Failure::Call(_)) if sent == 0 => Ok(()),
                other => Err(format!("{sent} requests were sent, and it came to {other:?}")),
            };
            self.note("wrong kind of credential", example, result);
        }
    }

    async fn refused(&mut self, case: &'static str, example: &Example, answer: Answer, expected: Expected<'_>) {
        let (_, client) = self.credentials(&example.operation)[0];
        let outcome = self.call(client, example, answer).await;
        let sent = self.mock.received().len();
        let result = expected.check(self.side.family().name, outcome);
        let result = result.and_then(|()| side::equal("the number of requests", sent, 1));
        self.note(case, example, result.map_err(|reason| format!("{reason} ({expected:?})")));
    }

    /// Returns the codes of an operation's page, and one of the vendor's table in turn.
    fn codes(&self, operation: &str, turn: usize) -> Vec<ErrorCode> {
        let mut codes = self.spec.error_codes_of(operation);
        let general = &self.table[turn % self.table.len()];
        if !codes.iter().any(|own| own.code == general.code) {
            codes.push(general.clone());
        }
        codes
    }

    async fn refusals(&mut self, example: &Example, turn: usize) {
        let operation = example.operation.as_str();
        for row in self.codes(operation, turn) {
            let status =
                row.status.filter(|status| *status >= 400).unwrap_or(if turn.is_multiple_of(2) { 400 } else { 500 });
            let statuses = if self.side.ban().is_some() { vec![status] } else { vec![200, status] };
            for status in statuses {
                let answer = self.side.refusal(operation, &row.code, status);
                let case = if status == 200 { "refusal under 200" } else { "refusal under 4xx or 5xx" };
                self.refused(case, example, answer, Expected::refusal(operation, status, row.kind, row.text())).await;
            }
        }
        if let Some((answer, code)) = self.side.ban() {
            let kind = self.table.iter().find(|row| row.code == code).unwrap().kind;
            let expected = Expected { message: "banned", ..Expected::refusal(operation, 200, kind, code.to_owned()) };
            self.refused("ban under 200", example, answer, expected).await;
        }
    }

    /// Checks that a code that is in no table is classified by the HTTP status.
    async fn unknown_code(&mut self, example: &Example, turn: usize) {
        let by_status = [
            (400, ErrorKind::InvalidParameter),
            (401, ErrorKind::Auth),
            (403, ErrorKind::Permission),
            (404, ErrorKind::NotFound),
            (409, ErrorKind::Conflict),
            (429, ErrorKind::RateLimited),
            (500, ErrorKind::Unavailable),
        ];
        let (status, kind) = by_status[turn % by_status.len()];
        let code = if self.side.family().name == "dingtalk" { json!("code.of.tomorrow") } else { json!(987_654_321) };
        let expected = Expected::refusal(&example.operation, status, kind, huiyi_tests::examples::text(&code));
        let answer = self.side.refusal(&example.operation, &code, status);
        self.refused("unknown code", example, answer, expected).await;
    }

    async fn all(mut self) {
        let known = self.side.family().operations;
        let examples: Vec<Example> =
            self.spec.examples().into_iter().filter(|example| known.contains(&example.operation.as_str())).collect();
        let mut seen: Vec<&str> = Vec::new();
        for example in &examples {
            self.success(example).await;
            if seen.last() == Some(&example.operation.as_str()) {
                continue;
            }
            self.wrong_credential(example).await;
            self.refusals(example, seen.len()).await;
            self.unknown_code(example, seen.len()).await;
            self.refused("proxy's page", example, Answer::page(502), Expected::page(&example.operation)).await;
            seen.push(&example.operation);
        }
        let cases: usize = self.counts.values().sum();
        println!("{}: {} operations, {cases} cases: {:?}", self.side.family().name, seen.len(), self.counts);
        assert_eq!(seen.len(), known.len(), "every operation has a contract");
        assert!(
            self.failures.is_empty(),
            "{} of {cases} cases fail:\n{}",
            self.failures.len(),
            self.failures.join("\n")
        );
    }

    /// Checks the vendor's whole table with one operation.
    async fn table(mut self, operation: &str) {
        let example = self.spec.examples().into_iter().find(|example| example.operation == operation).unwrap();
        let own = self.spec.error_codes_of(operation);
        for row in self.table.clone() {
            let row = own.iter().find(|own| own.code == row.code).cloned().unwrap_or(row);
            let answer = self.side.refusal(operation, &row.code, 400);
            self.refused("table", &example, answer, Expected::refusal(operation, 400, row.kind, row.text())).await;
        }
        println!("{}: {:?}", self.side.family().name, self.counts);
        assert!(self.failures.is_empty(), "{}", self.failures.join("\n"));
    }
}

#[tokio::test]
async fn feishu_keeps_its_contract() {
    Run::start(&feishu::Feishu).await.all().await;
}

#[tokio::test]
async fn wecom_keeps_its_contract() {
    Run::start(&wecom::WeCom).await.all().await;
}

#[tokio::test]
async fn dingtalk_keeps_its_contract() {
    Run::start(&dingtalk::DingTalk).await.all().await;
}

#[tokio::test]
async fn tencent_keeps_its_contract() {
    Run::start(&tencent::Tencent).await.all().await;
}

#[tokio::test]
async fn every_code_of_the_vendors_tables_has_its_kind() {
    Run::start(&feishu::Feishu).await.table("get_meeting").await;
    Run::start(&wecom::WeCom).await.table("get_meeting_info").await;
    Run::start(&dingtalk::DingTalk).await.table("get_schedule_conference").await;
    Run::start(&tencent::Tencent).await.table("get_meeting").await;
}

#[test]
fn every_code_on_an_operations_page_has_a_kind() {
    for family in [FEISHU, WECOM, DINGTALK, TENCENT] {
        let spec = family.spec();
        for operation in family.operations {
            let listed = spec
                .operation(operation)
                .and_then(|operation| operation.get("x-error-codes"))
                .and_then(Value::as_array)
                .map_or(0, Vec::len);
            assert_eq!(spec.error_codes_of(operation).len(), listed, "{operation}");
        }
    }
}

#[tokio::test]
async fn an_argument_cannot_leave_its_place_in_the_path() {
    let run = Run::start(&feishu::Feishu).await;
    let spec = run.spec.examples().into_iter().find(|example| example.operation == "get_meeting").unwrap();
    let mut arguments = Arguments::default();
    arguments.path.insert("meeting_id".to_owned(), json!("../a b/ü?x=1#%2F&会"));
    let example = Example { arguments, ..spec };

    let outcome = run.call(0, &example, Answer::json(200, &run.side.bare_success())).await;

    assert!(outcome.is_ok(), "{outcome:?}");
    assert_eq!(request::check(run.side, Some("tenant"), &example, &run.mock.received()[0]), Ok(()));
}
