//! Builds the response to a request: the vendor's example, an error, an answer that a test has set, or one of these
//! changed by a fault. `connection.rs` sends the bytes.

use std::borrow::Cow;
use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::check::check_request;
use crate::clock::http_date;
use crate::dialect::{Call, Refusal};
use crate::fault::Fault;
use crate::http::{JSON, Response};
use crate::random;
use crate::record::Request;
use crate::spec::Operation;
use crate::state::{Shared, State};
use crate::stub::{Chosen, Fitting, Outcome, respond};

/// The body that the server sends if the document says that the response is binary.
pub const BINARY_ANSWER: &[u8] = &binary_answer();

const fn binary_answer() -> [u8; 4096] {
    let mut bytes = [0; 4096];
    let mut index = 0;
    while index < bytes.len() {
        // The period is prime, so a slice does not equal its neighbour.
        bytes[index] = (index % 251) as u8;
        index += 1;
    }
    bytes
}

/// A response that is ready to be sent.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) response: Response,
    pub(crate) date: String,
    /// Spaces to send after the body.
    pub(crate) padding: usize,
    /// What goes wrong on the wire.
    pub(crate) fault: Option<Fault>,
    /// The time to wait before it is sent.
    pub(crate) delay: Duration,
}

/// Answers a request and records it.
///
/// A call above the limits is refused as rate-limited only if nothing else is wrong with it.
pub(crate) fn answer(
    shared: &Shared,
    mut request: Request,
    operation: Option<&'static Operation>,
    is_within: bool,
) -> Reply {
    let trace = random::hex(32);
    let mut course = Course { is_within, fitting: shared.compare(&request), chosen: None };
    let mut state = shared.state();
    let now = state.clock.now();
    let call = Call { request: &request, operation, now, trace: &trace };
    let mut fault = request.fault.clone();
    let mut response = match fault.as_ref().and_then(|fault| instead(shared, &call, fault)) {
        Some(response) => response,
        None => usual(shared, &call, &mut course, &mut state)
            .unwrap_or_else(|refusal| shared.dialect.refuse(&call, &refusal)),
    };
    if let Some(Chosen { outcome: Outcome::Fault(ordered), .. }) = &course.chosen {
        response = instead(shared, &call, ordered).unwrap_or(response);
        fault = Some(ordered.clone());
    }
    for (name, value) in shared.dialect.trace_headers(&call) {
        if !response.has(name) {
            response = response.with(name, value);
        }
    }
    let mut padding = 0;
    match &fault {
        Some(Fault::MalformedJson) => halve(&mut response),
        Some(Fault::WrongContentType) => response = retype(response),
        Some(Fault::Gzip) => response = compress(response),
        Some(Fault::Oversized(length)) => padding = length.saturating_sub(response.body.len()),
        _ => {}
    }
    let is_answered = !matches!(fault, Some(Fault::ResetAfterRead | Fault::NoAnswer));
    request.status = is_answered.then_some(response.status);
    request.fault.clone_from(&fault);
    request.stub = course.chosen.as_ref().map(|chosen| chosen.stub);
    let delay = course.chosen.map(|chosen| chosen.delay).unwrap_or_default();
    state.keep(request);
    Reply { response, date: http_date(now), padding, fault, delay }
}

/// The state of a request before it is carried out, and the stub that answers it.
struct Course {
    /// Whether the call is within the limit that the test checks.
    is_within: bool,
    fitting: Fitting,
    chosen: Option<Chosen>,
}

/// Returns the response of a fault that replaces the usual one.
fn instead(shared: &Shared, call: &Call<'_>, fault: &Fault) -> Option<Response> {
    let kind = shared.dialect.presented(call);
    let refusal = match fault {
        Fault::RateLimited => Refusal::RateLimited(1),
        Fault::MonthlyQuota => Refusal::MonthlyQuota,
        Fault::TokenExpired => Refusal::TokenExpired(kind),
        Fault::TokenRejected => Refusal::TokenRejected(kind),
        Fault::WrongSecret => Refusal::WrongSecret,
        Fault::ClockSkew => Refusal::ClockSkew,
        Fault::Html(status) => return Some(html(*status)),
        Fault::Status { status, headers, body } => {
            return Some(given(*status, headers.clone(), body.clone().into_bytes()));
        }
        Fault::Redirect(location) => {
            return Some(Response::new(302, "text/plain", &b""[..]).with("Location", location));
        }
        Fault::Unavailable { retry_after } => {
            let response = Response::new(503, "text/plain", &b"service unavailable\n"[..]);
            return Some(match retry_after {
                Some(seconds) => response.with("Retry-After", seconds.to_string()),
                None => response,
            });
        }
        Fault::ResetBeforeRead
        | Fault::ResetAfterRead
        | Fault::NoAnswer
        | Fault::StalledBody
        | Fault::TruncatedBody
        | Fault::ResetInBody
        | Fault::ClosesAfter
        | Fault::MalformedJson
        | Fault::WrongContentType
        | Fault::Gzip
        | Fault::Oversized(_) => return None,
    };
    Some(shared.dialect.refuse(call, &refusal))
}

/// Carries out a request.
fn usual(shared: &Shared, call: &Call<'_>, course: &mut Course, state: &mut State) -> Result<Response, Refusal> {
    #[cfg(feature = "sandbox")]
    if let Some(response) = crate::sandbox::control::answer(call, state) {
        return Ok(response);
    }
    let operation = call.operation.ok_or(Refusal::UnknownPath)?;
    if !operation.security.is_empty() {
        shared.dialect.authenticate(call, &mut state.ledger)?;
    }
    if !course.is_within {
        return Err(Refusal::RateLimited(1));
    }
    state.usage.count(&state.rules.quotas, &operation.id, call.now).map_err(Refusal::RateLimited)?;
    let allowed = shared.dialect.query_parameters();
    check_request(shared.spec, operation, call.request, allowed).map_err(Refusal::Unfit)?;
    if let Some(response) = state.rules.answers.get(&operation.id) {
        return Ok(response.clone());
    }
    course.chosen = state.choose(&course.fitting);
    if let Some(chosen) = &course.chosen {
        return respond(shared, call, operation, &chosen.outcome, state);
    }
    #[cfg(feature = "sandbox")]
    if let Some(performed) = crate::sandbox::perform(shared, call, operation, state) {
        return performed.map(|body| Response::json(operation.success.status, &body));
    }
    if state.is_strict && !shared.issues_tokens(&operation.id) {
        return Err(state.unmatched(operation, call.request, &course.fitting));
    }
    let body = call.request.json().unwrap_or_default();
    match shared.dialect.perform(call, &body, &mut state.ledger) {
        Some(performed) => performed.map(|body| Response::json(200, &body)),
        None => Ok(example(shared, operation, state)),
    }
}

/// Returns the document's example for a success.
pub(crate) fn example(shared: &Shared, operation: &'static Operation, state: &State) -> Response {
    let success = &operation.success;
    let Some(media_type) = &success.media_type else {
        return Response { status: success.status, headers: Vec::new(), body: Cow::Borrowed(b"") };
    };
    if !media_type.starts_with("application/json") {
        return Response::new(success.status, media_type, BINARY_ANSWER);
    }
    let wanted = state.rules.examples.get(&operation.id);
    let found = match wanted {
        Some(name) => success.examples.iter().find(|(known, _)| known == name),
        None => success.examples.first(),
    };
    match (found, wanted) {
        (Some((_, bytes)), _) => Response::new(success.status, JSON, &bytes[..]),
        (None, None) => Response::json(success.status, &shared.dialect.plain_success()),
        (None, Some(name)) => {
            let text = format!("the document has no example `{name}` for `{}`\n", operation.id);
            Response::new(501, "text/plain", text.into_bytes())
        }
    }
}

/// Builds a response from a test's answer; JSON unless the headers say otherwise.
pub(crate) fn given(status: u16, headers: Vec<(String, String)>, body: Vec<u8>) -> Response {
    let response = Response { status, headers, body: Cow::Owned(body) };
    if response.has("content-type") { response } else { response.with("Content-Type", JSON) }
}

/// Builds an error page as nginx does.
fn html(status: u16) -> Response {
    let title = format!("{status} {}", crate::http::reason(status));
    let page = format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n\
        <hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    );
    Response::new(status, "text/html", page.into_bytes())
}

fn halve(response: &mut Response) {
    let half = response.body.len() / 2;
    response.body.to_mut().truncate(half);
}

fn retype(mut response: Response) -> Response {
    response.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
    response.with("Content-Type", "text/html; charset=utf-8")
}

fn compress(mut response: Response) -> Response {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let compressed = encoder.write_all(&response.body).and_then(|()| encoder.finish());
    // Writing into memory does not fail; if it did, the response would be sent uncompressed.
    match compressed {
        Ok(bytes) => {
            response.body = Cow::Owned(bytes);
            response.with("Content-Encoding", "gzip")
        }
        Err(_) => response,
    }
}
