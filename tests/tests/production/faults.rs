//! Every fault against every vendor: what the client does, what it reports, and what it must not do.
//!
//! `cargo test -p huiyi-tests --test production faults -- --nocapture` prints the whole table.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use huiyi_core::ErrorKind;
use huiyi_mock::{Fault, Loopback, Request, Target, Vendor};
use huiyi_tests::Failure;
use huiyi_tests::clock::TestClock;
use huiyi_tests::fault_matrix::{Outcome, Scripted, Times, calls, play};
use huiyi_tests::scenario::Scenario;
use huiyi_tests::subject::Subject;

/// The expected outcome of a fault that strikes every time.
struct Expected {
    /// `None` for a success.
    kind: Option<ErrorKind>,
    code: Option<&'static str>,
    /// The HTTP status in the error.
    status: Option<u16>,
    /// How often the client tries.
    tries: usize,
    /// How many token requests reach the server.
    tokens: usize,
    /// A part of the error's text.
    says: &'static str,
}

/// Returns three attempts for a call that may be repeated, one for a call that must not be.
fn if_safe(call: &Scripted) -> usize {
    if call.idempotent { 3 } else { 1 }
}

fn expected(vendor: Vendor, scenario: Scenario, call: &Scripted) -> Expected {
    use ErrorKind::{Auth, Other, QuotaExhausted, RateLimited, Unavailable};
    let signs = vendor == Vendor::Tencent;
    let first = usize::from(!signs);
    let row = |kind, code, status, tries, tokens, says| Expected { kind, code, status, tries, tokens, says };
    let failed = |status, tries, says| row(Some(Unavailable), None, status, tries, first, says);
    let by_vendor = |codes: [(ErrorKind, &'static str, u16); 4], tries, tokens| {
        let (kind, code, status) = codes[position(vendor)];
        row(Some(kind), Some(code), Some(status), tries, tokens, "")
    };
    let no_token = |tokens, says| row(Some(Unavailable), None, None, 0, tokens, says);
    match scenario {
        Scenario::ConnectionRefused => row(Some(Unavailable), None, None, 3, 0, "Connection refused"),
        Scenario::ResetBeforeRead | Scenario::ResetAfterRead => failed(None, if_safe(call), "no answer: "),
        Scenario::NoAnswer => failed(None, if_safe(call), "no answer within 8.0 s"),
        Scenario::StalledBody => failed(Some(200), if_safe(call), "the answer was not complete within 8.0 s"),
        Scenario::TruncatedBody => failed(Some(200), if_safe(call), "the connection broke during the answer"),
        Scenario::HugeErrorPage => failed(Some(502), if_safe(call), "is not the JSON"),
        Scenario::BadGateway => failed(Some(502), if_safe(call), "502 Bad Gateway"),
        Scenario::Unavailable => failed(Some(503), if_safe(call), "service unavailable"),
        Scenario::RateLimit => by_vendor(
            [
                (RateLimited, "99991400", 429),
                (RateLimited, "45009", 200),
                (RateLimited, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", 403),
                (RateLimited, "190310", 500),
            ],
            // WeCom blocks an API for a minute, which is longer than the client waits.
            if vendor == Vendor::WeCom { 1 } else { 3 },
            first,
        ),
        // WeCom has no monthly quota; what the server sends instead is temporary.
        Scenario::MonthlyQuota => by_vendor(
            [
                (QuotaExhausted, "99991403", 400),
                (RateLimited, "45036", 200),
                (QuotaExhausted, "Forbidden.AccessDenied.ApiCountLimitForOrg", 403),
                (QuotaExhausted, "500168", 500),
            ],
            if vendor == Vendor::WeCom { 3 } else { 1 },
            first,
        ),
        Scenario::TokenExpired => by_vendor(
            [
                (Auth, "99991663", 400),
                (Auth, "42001", 200),
                (Auth, "InvalidAuthentication", 400),
                (Auth, "190303", 400),
            ],
            2,
            2,
        ),
        Scenario::TokenRevoked => by_vendor(
            [
                (Auth, "99991663", 400),
                (Auth, "40014", 200),
                (Auth, "InvalidAuthentication", 400),
                (Auth, "190303", 400),
            ],
            2,
            2,
        ),
        Scenario::TokenHostDown => no_token(0, "no token could be obtained"),
        Scenario::TokenUnavailable => Expected { status: Some(503), ..no_token(3, "token request failed") },
        Scenario::TokenResetBeforeRead | Scenario::TokenResetAfterRead => no_token(3, "no token could be obtained"),
        Scenario::TokenRefused => Expected { says: "token request refused", ..by_vendor(UNKNOWN, 0, 1) },
        Scenario::WrongSecret => by_vendor(
            [(Auth, "10015", 400), (Auth, "40001", 200), (Auth, "invalidClientIdOrSecret", 400), (Auth, "200003", 400)],
            usize::from(signs),
            first,
        ),
        Scenario::ClockSkew if signs => row(Some(Auth), Some("190300"), Some(400), 1, 0, "clock"),
        Scenario::ClockSkew | Scenario::WrongContentType => row(None, None, None, 1, first, ""),
        Scenario::MalformedJson => {
            row(Some(Other), None, Some(200), 1, first, "the call succeeded but its answer cannot be read")
        }
        Scenario::Gzip if cfg!(feature = "gzip") => row(None, None, None, 1, first, ""),
        Scenario::Gzip => row(Some(Other), None, Some(200), 1, first, "encoded as gzip"),
        Scenario::Oversized => row(Some(Other), None, Some(200), 1, first, "larger than"),
        Scenario::StoreHangs | Scenario::StoreFails => row(None, None, None, 1, 1, ""),
        Scenario::ClosedWhileIdle => row(None, None, None, 1, 0, ""),
        // The user's refresh token works once, and it went out with the request whose answer is never read.
        Scenario::RuntimeStandsStill if signs => Expected { says: "token request refused", ..by_vendor(UNKNOWN, 0, 1) },
        Scenario::RuntimeStandsStill => row(None, None, None, 1, 1, ""),
        Scenario::Redirect => failed(Some(302), 1, "redirects to the host `127.0.0.1`"),
    }
}

/// No error is longer, whatever the vendor sends.
const LONGEST_LINE: usize = 2000;

/// The vendors' errors for an app, or a user, that they do not know.
const UNKNOWN: [(ErrorKind, &str, u16); 4] = [
    (ErrorKind::Auth, "10003", 400),
    (ErrorKind::Auth, "40013", 200),
    (ErrorKind::Auth, "invalidClientIdOrSecret", 400),
    (ErrorKind::Auth, "1006", 200),
];

fn position(vendor: Vendor) -> usize {
    Vendor::ALL.iter().position(|other| *other == vendor).unwrap()
}

/// Returns whether the vendor may have carried out a request, as far as the client can know.
fn may_have_taken_effect(request: &Request) -> bool {
    !matches!(
        request.fault,
        Some(Fault::RateLimited | Fault::MonthlyQuota | Fault::TokenExpired | Fault::TokenRejected)
    ) && request.status != Some(400)
}

/// Lists what differs from the expected outcome.
fn differences(scenario: Scenario, call: &Scripted, outcome: &Outcome, expected: &Expected) -> Vec<String> {
    let mut found = Vec::new();
    let mut differs = |what: &str, is: String, should: String| {
        if is != should {
            found.push(format!("{what} is {is} instead of {should}"));
        }
    };
    let (kind, code, status) = facts(&outcome.result);
    differs("kind", format!("{kind:?}"), format!("{:?}", expected.kind));
    differs("code", format!("{code:?}"), format!("{:?}", expected.code));
    differs("status", format!("{status:?}"), format!("{:?}", expected.status));
    differs("the number of tries", outcome.tries.to_string(), expected.tries.to_string());
    differs("the number of token requests", outcome.token_requests.to_string(), expected.tokens.to_string());
    let reached = if scenario == Scenario::ConnectionRefused { 0 } else { expected.tries };
    differs("the number of requests", outcome.requests.len().to_string(), reached.to_string());
    let again = if expected.tries > 0 { expected.tries - 1 } else { expected.tokens.saturating_sub(1) };
    let waits = match scenario {
        // A rejected token is replaced without delay.
        Scenario::TokenExpired | Scenario::TokenRevoked => 0,
        Scenario::TokenHostDown => 2,
        // Another process may have renewed the user's tokens, so the client looks for them.
        Scenario::TokenRefused if expected.code == Some(UNKNOWN[3].1) => 4,
        // One wait for the store, or for another caller's fetch.
        Scenario::StoreHangs => 1,
        Scenario::RuntimeStandsStill if expected.kind.is_some() => 5,
        Scenario::RuntimeStandsStill => 1,
        _ => again,
    };
    differs("the number of waits", outcome.waits.len().to_string(), waits.to_string());
    let told = match (&outcome.result, call.idempotent) {
        (Err(_), true) if scenario == Scenario::Unavailable => Some(Duration::from_secs(3)),
        (Err(Failure::Call(error)), _) if scenario == Scenario::RateLimit => error.retry_after(),
        _ => None,
    };
    if let Some(told) = told {
        differs("the wait", format!("{:?}", outcome.waits), format!("{:?}", vec![told; waits]));
    }
    if let Err(failure) = &outcome.result {
        let text = failure.to_string();
        if !text.contains(expected.says) || text.len() > LONGEST_LINE || text.contains("token-sentinel") {
            found.push(format!("the error says: {text}"));
        }
    }
    found
}

/// Returns kind, code and received HTTP status of a failure.
fn facts<T>(result: &Result<T, Failure>) -> (Option<ErrorKind>, Option<&str>, Option<u16>) {
    match result {
        Ok(_) => (None, None, None),
        Err(failure) => {
            let api = failure.api();
            let status = api.and_then(|api| api.http_status()).map(|status| status.as_u16());
            (failure.kind(), api.and_then(|api| api.code()), status)
        }
    }
}

/// Describes an outcome in a few words: kind, code, HTTP status.
fn told<T>(result: &Result<T, Failure>) -> String {
    let (kind, code, status) = facts(result);
    let Some(kind) = kind else {
        return "success".to_owned();
    };
    let mut text = format!("{kind:?}");
    if let Some(code) = code {
        // DingTalk's long codes differ in the last part.
        write!(text, " {}", code.rsplit('.').next().unwrap_or(code)).unwrap();
    }
    if let Some(status) = status {
        write!(text, " (HTTP {status})").unwrap();
    }
    text
}

fn seconds(waits: &[Duration]) -> String {
    let texts: Vec<String> = waits.iter().map(|wait| format!("{:.1}", wait.as_secs_f64())).collect();
    texts.join(" ")
}

/// Lists what differs in the second run, in which the fault strikes only the first request.
fn differences_once(vendor: Vendor, scenario: Scenario, once: &Outcome, expected: &Expected) -> Option<String> {
    let tried_again = expected.tries > 1 || expected.tries == 0 && expected.tokens > 1;
    // The user's refresh token works once, and it was in the request whose answer got lost.
    let lost = scenario == Scenario::TokenResetAfterRead && vendor == Vendor::Tencent;
    let succeeds = expected.kind.is_none() || tried_again && !lost;
    (once.result.is_ok() != succeeds).then(|| format!("when it strikes once: {}", told(&once.result)))
}

/// Returns what must never happen, whatever the fault.
fn harm(call: &Scripted, outcome: &Outcome) -> Option<String> {
    let taken = outcome.requests.iter().filter(|request| may_have_taken_effect(request)).count();
    if !call.idempotent && taken > 1 {
        return Some(format!("it may have been carried out {taken} times"));
    }
    (outcome.strayed > 0).then(|| format!("another host saw {} requests", outcome.strayed))
}

/// Plays one fault against one call. Returns the line of the table.
async fn cell(vendor: Vendor, scenario: Scenario, call: &Scripted, wrong: &mut Vec<String>) -> String {
    let expected = expected(vendor, scenario, call);
    let always = play(vendor, scenario, Times::Always, call).await;
    let mut found = differences(scenario, call, &always, &expected);
    found.extend(harm(call, &always));
    let mut struck_once = "-".to_owned();
    if scenario.can_strike_once() {
        let once = play(vendor, scenario, Times::Once, call).await;
        found.extend(differences_once(vendor, scenario, &once, &expected));
        found.extend(harm(call, &once));
        struck_once = format!("{}, {} tries, {} tokens", told(&once.result), once.tries, once.token_requests);
    }
    let place = format!("{vendor:?}, {}, {}", scenario.title(), call.operation);
    wrong.extend(found.into_iter().map(|difference| format!("{place}: {difference}")));
    format!(
        "{:8} {:34} {:23} {:>5} {:>7} {:>6}  {:46} {:8} {struck_once}",
        format!("{vendor:?}"),
        scenario.title(),
        call.operation,
        always.tries,
        always.requests.len(),
        always.token_requests,
        told(&always.result),
        seconds(&always.waits),
    )
}

#[tokio::test]
async fn every_fault_ends_as_expected_and_nothing_is_done_twice() {
    let mut wrong = Vec::new();

    println!(
        "{:8} {:34} {:23} {:>5} {:>7} {:>6}  {:46} {:8} if it strikes once",
        "vendor", "fault", "call", "tries", "reached", "tokens", "outcome", "waits/s"
    );
    for vendor in Vendor::ALL {
        let calls = calls(vendor);
        for scenario in Scenario::ALL {
            for call in &calls {
                println!("{}", cell(vendor, scenario, call, &mut wrong).await);
            }
        }
    }

    assert!(wrong.is_empty(), "{} cells differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// The time limit of an attempt is a minute; that of a call with all its attempts is half a minute.
#[tokio::test]
async fn a_call_whose_time_is_used_up_is_not_tried_again() {
    for vendor in Vendor::ALL {
        let server = Loopback::start(vendor).await.unwrap();
        let [call, _] = calls(vendor);
        let mut subject = Subject::new(vendor, server.base_url());
        subject.clock = Some(Arc::new(TestClock::new().impatient(&server)));
        server.fault(Target::Operation(call.operation.to_owned()), Fault::NoAnswer);

        let failure = subject.build().call(call.operation, &call.arguments).await.unwrap_err();

        assert!(failure.to_string().contains("no answer within 60.0 s"), "{failure}");
        assert_eq!(server.calls(call.operation).len(), 1);
    }
}
