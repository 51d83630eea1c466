//! The one way that every call takes: quota, credentials, send, read, classify, and again if that
//! is safe.

use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, StatusCode};
use progenitor_client::{ClientHooks, Error, OperationInfo};
use reqwest::{Request, RequestBuilder, Response, ResponseBuilderExt};

use crate::classify;
use crate::decode::{self, Passed};
use crate::error::{Action, ApiError, ErrorKind, Origin};
use crate::identity::{Stamp, Trouble, Used};
use crate::observe::Attempt;
use crate::operation::Operation;
use crate::patience::Patience;
use crate::retry::Plan;
use crate::session::Session;
use crate::token::Token;
use crate::trace;
use crate::transport::{Outcome, Transport, connection_trouble};
use crate::vendor::Reading;

/// Under this header a success carries a remark of the vendor's; see [`ResponseExt`](crate::ResponseExt).
pub(crate) const WARNING: &str = "x-huiyi-warning";

/// Refuses a request that must not be sent: no credential of the right kind, or a path argument
/// that would lead to another endpoint.
///
/// # Errors
///
/// [`Error::InvalidRequest`] with the operation and the reason.
#[doc(hidden)]
#[allow(clippy::result_large_err, reason = "the error type is the generator's")]
pub fn check<E>(session: &Session, request: &mut Request, info: &OperationInfo) -> Result<(), Error<E>> {
    let vendor = session.transport().vendor;
    let operation = vendor
        .operation(info.operation_id)
        .ok_or_else(|| Error::InvalidRequest(format!("{} has no operation `{}`", vendor.name, info.operation_id)))?;
    session.identity().check(operation).map_err(Error::InvalidRequest)?;
    let path = request.url().path();
    let path = path.strip_prefix(&*session.transport().base_path).unwrap_or(path);
    check_path(operation, path).map_err(Error::InvalidRequest)?;
    redirect_to_own_host(session, request, operation);
    Ok(())
}

/// A few operations live on another host than the rest of the API.
fn redirect_to_own_host(session: &Session, request: &mut Request, operation: &Operation) {
    let transport = session.transport();
    if &*transport.base_url != transport.vendor.default_url {
        return;
    }
    let own = transport.vendor.hosts.iter().find(|(id, _)| *id == operation.id);
    if let Some(Ok(own)) = own.map(|(_, host)| reqwest::Url::parse(host)) {
        // Both are https URLs with a host, so that setting it does not fail.
        let _ = request.url_mut().set_host(own.host_str());
    }
}

fn check_path(operation: &Operation, path: &str) -> Result<(), String> {
    let mut actual = path.split('/');
    for expected in operation.path.split('/') {
        let name = expected.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        match (name, actual.next()) {
            (Some(name), Some("")) => return Err(format!("the path argument `{name}` of `{}` is empty", operation.id)),
            (Some(_), Some(segment)) if segment != "." && segment != ".." => {}
            (None, Some(segment)) if segment == expected => {}
            _ => {
                return Err(format!(
                    "a path argument of `{}` is `.` or `..`, which would call another endpoint",
                    operation.id
                ));
            }
        }
    }
    match actual.next() {
        None => Ok(()),
        Some(_) => Err(format!("a path argument of `{}` adds segments to the path", operation.id)),
    }
}

/// Sends the request of an operation with the hooks of its client; what comes back is a success.
///
/// # Errors
///
/// Those of the hooks, [`Error::ErrorResponse`] if the vendor refuses, and
/// [`Error::UnexpectedResponse`] for a status that no operation has.
#[doc(hidden)]
pub async fn send<C>(
    client: &C,
    request: RequestBuilder,
    operation_id: &'static str,
) -> Result<Response, Error<ApiError>>
where
    C: ClientHooks<Session>,
{
    let mut request = request.build()?;
    let info = OperationInfo { operation_id };
    client.pre(&mut request, &info).await?;
    let result = client.exec(request, &info).await;
    client.post(&result, &info).await?;
    let response = result?;
    match response.status().as_u16() {
        200..=299 => Ok(response),
        400..=599 => Err(Error::ErrorResponse(decode::error(response))),
        _ => Err(Error::UnexpectedResponse(response)),
    }
}

/// Sends a request and answers a response that the generated code can take as it is: a success
/// with its body, or a 4xx or 5xx with an [`ApiError`] inside.
///
/// # Errors
///
/// None: a request without an answer is an [`ApiError`], too.
#[doc(hidden)]
pub async fn exec(
    _client: &reqwest::Client,
    session: &Session,
    request: Request,
    info: &OperationInfo,
) -> reqwest::Result<Response> {
    let vendor = session.transport().vendor;
    let Some(operation) = vendor.operation(info.operation_id) else {
        let error =
            ApiError::new(vendor.name, "unknown", ErrorKind::Other, format!("no operation `{}`", info.operation_id));
        return Ok(refused(error));
    };
    let call = Call { session, operation };
    Ok(trace::call!(vendor.name, operation.id, call.run(request)).await)
}

struct Call<'a> {
    session: &'a Session,
    operation: &'static Operation,
}

/// What to do after an attempt.
enum Verdict {
    Done(Response),
    /// No answer came; `accepted` is false if the request certainly did not reach the vendor.
    Lost {
        error: ApiError,
        accepted: bool,
    },
    Refused(ApiError),
}

impl Verdict {
    /// Whether the call may have taken effect although it failed.
    fn is_uncertain(&self) -> bool {
        match self {
            Self::Done(_) => false,
            Self::Lost { accepted, .. } => *accepted,
            Self::Refused(error) => {
                let refused = error.http_status().is_some_and(|status| status.is_client_error());
                // The vendor's own word counts more than the status under which it comes.
                let failed = error.kind() == ErrorKind::Unavailable && (!refused || error.code().is_some());
                // A replayed nonce: the first copy of the request may have been accepted.
                let replayed = error.kind() == ErrorKind::Auth && error.parts().action == Action::Backoff;
                error.is_unreadable_success() || failed || replayed
            }
        }
    }
}

impl Call<'_> {
    async fn run(&self, request: Request) -> Response {
        let transport = self.session.transport();
        let clock = transport.clock();
        let mut plan: Option<Plan<'_>> = None;
        let mut number = 0;
        let mut tokenless = 0;
        let mut uncertain = false;
        let mut rejected: Option<(Token, ApiError)> = None;
        let mut original = Some(request);
        loop {
            // A body that is a stream cannot be cloned: it is sent once and never repeated.
            let copy = original.as_ref().and_then(Request::try_clone);
            let repeatable = copy.is_some();
            let Some(mut attempt) = copy.or_else(|| original.take()) else {
                return refused(self.local(ErrorKind::Other, "the request body can be sent only once"));
            };
            if let Err(wait) = self.session.quotas().enter(self.operation, self.session.identity().tenant()).await {
                let mut error = self.local(
                    ErrorKind::RateLimited,
                    "the client's own quota for this operation is used up for the moment",
                );
                let parts = error.parts_mut();
                parts.retry_after = Some(wait);
                parts.attempts = number;
                parts.uncertain = uncertain;
                return refused(error);
            }
            // The time for retries begins with the first attempt, not with the wait for a place in the quota.
            let plan = plan.get_or_insert_with(|| {
                Plan::new(
                    self.session.retry(),
                    self.session.budget(),
                    clock.monotonic(),
                    transport.entropy().next_u64(),
                )
            });
            let stamp = Stamp { unix_time: clock.unix_time(), nonce: transport.entropy().next_u64() };
            let asked = clock.monotonic();
            let used = match self.session.identity().authenticate(self.operation, &mut attempt, stamp).await {
                Ok(used) => used,
                Err(Trouble::Unusable(reason)) => {
                    let mut error = self.local(ErrorKind::Auth, &reason);
                    error.parts_mut().attempts = number;
                    error.parts_mut().uncertain = uncertain;
                    return refused(error);
                }
                Err(Trouble::Refused(mut error)) => {
                    error.name_call(transport.vendor.name, self.operation.id);
                    tokenless += 1;
                    let parts = error.parts_mut();
                    // Of the call these would say something else than of the token.
                    if matches!(parts.kind, ErrorKind::NotFound | ErrorKind::Conflict | ErrorKind::InvalidParameter) {
                        parts.kind = if parts.code.is_some() { ErrorKind::Auth } else { ErrorKind::Other };
                    }
                    parts.attempts = parts.attempts.min(1) * tokenless;
                    parts.uncertain = uncertain;
                    let transient = matches!(error.kind(), ErrorKind::Unavailable | ErrorKind::RateLimited);
                    let wait = transient.then(|| plan.next(clock.monotonic(), error.retry_after())).flatten();
                    self.observe_error(&error, 0, clock.monotonic().saturating_sub(asked), wait);
                    match wait {
                        Some(wait) => {
                            clock.sleep(wait).await;
                            original = original.or(Some(attempt));
                            continue;
                        }
                        None => return refused(error),
                    }
                }
            };
            if let (Used::Token { source, token }, Some((old, error))) = (&used, &rejected)
                && token.is_same(old)
            {
                source.rejected_again(token);
                return refused(error.clone());
            }
            number += 1;
            let started = clock.monotonic();
            let mut verdict = self.attempt(attempt, number).await;
            uncertain |= verdict.is_uncertain();
            if let Verdict::Refused(error) | Verdict::Lost { error, .. } = &mut verdict {
                error.parts_mut().uncertain = uncertain;
                used.hide_in(error);
            }
            let duration = clock.monotonic().saturating_sub(started);
            let wait = match &verdict {
                Verdict::Done(_) => None,
                Verdict::Lost { accepted, .. } => {
                    self.may_repeat(repeatable, !accepted).then(|| plan.next(clock.monotonic(), None)).flatten()
                }
                Verdict::Refused(error) => {
                    // A replayed nonce is no proof of that: the first copy of the request may have been accepted.
                    let not_accepted = error.kind() == ErrorKind::RateLimited;
                    let backoff = error.parts().action == Action::Backoff && self.may_repeat(repeatable, not_accepted);
                    backoff.then(|| plan.next(clock.monotonic(), error.retry_after())).flatten()
                }
            };
            self.observe(&verdict, number, duration, wait);
            if let Some(wait) = wait {
                clock.sleep(wait).await;
                continue;
            }
            match verdict {
                Verdict::Done(response) => {
                    self.session.budget().give_back();
                    return response;
                }
                Verdict::Lost { error, .. } => return refused(error),
                Verdict::Refused(error) => {
                    let Used::Token { source, token } = used else { return refused(error) };
                    if error.parts().action != Action::Refresh {
                        return refused(error);
                    }
                    if rejected.is_some() {
                        source.rejected_again(&token);
                        return refused(error);
                    }
                    if !repeatable || !source.reject(&token).await {
                        return refused(error);
                    }
                    rejected = Some((token, error));
                }
            }
        }
    }

    fn may_repeat(&self, repeatable: bool, not_accepted: bool) -> bool {
        repeatable && (self.operation.idempotent || not_accepted)
    }

    async fn attempt(&self, request: Request, number: u32) -> Verdict {
        let transport = self.session.transport();
        let vendor = transport.vendor;
        let operation = self.operation;
        let mut url = request.url().clone();
        url.set_query(None);
        match transport.attempt(request, operation.raw).await {
            Outcome::Failed { error, accepted } => {
                let reason = format!("no answer: {}", connection_trouble(&error));
                let mut error = ApiError::new(vendor.name, operation.id, ErrorKind::Unavailable, reason);
                error.parts_mut().attempts = number;
                Verdict::Lost { error, accepted }
            }
            Outcome::Unusable { reason, received, kind } => {
                let mut error = classify::unusable(vendor, operation.id, reason, received, kind);
                error.parts_mut().attempts = number;
                Verdict::Refused(error)
            }
            Outcome::Streaming(response) => Verdict::Done(download(response, url, transport)),
            Outcome::Answered(received) => {
                let answer = match received.as_answer() {
                    Ok(answer) => answer,
                    Err(reason) => {
                        let mut error = classify::not_text(vendor, operation.id, &received, &reason);
                        error.parts_mut().attempts = number;
                        return Verdict::Refused(error);
                    }
                };
                let reading = match (vendor.read)(&answer) {
                    Reading::Success { .. } if operation.raw => {
                        Reading::Malformed("the answer is JSON instead of a file".to_owned())
                    }
                    reading => reading,
                };
                let warning = match &reading {
                    Reading::Success { warning } => warning.clone(),
                    _ => None,
                };
                if let Some(mut error) = classify::refusal(vendor, operation.id, operation.errors, &answer, reading) {
                    error.parts_mut().attempts = number;
                    return Verdict::Refused(error);
                }
                let passed = Passed { vendor, operation: operation.id, received: received.status, attempts: number };
                let mut headers = received.headers;
                headers.remove(http::header::CONTENT_LENGTH);
                headers.remove(http::header::TRANSFER_ENCODING);
                if let Some(value) = warning.and_then(|warning| HeaderValue::from_bytes(warning.as_bytes()).ok()) {
                    headers.insert(WARNING, value);
                }
                Verdict::Done(rebuilt(StatusCode::OK, headers, received.body, url, passed))
            }
        }
    }

    fn local(&self, kind: ErrorKind, reason: &str) -> ApiError {
        let mut error = ApiError::new(self.session.transport().vendor.name, self.operation.id, kind, reason);
        error.parts_mut().origin = Origin::Local;
        error
    }

    fn observe(&self, verdict: &Verdict, number: u32, duration: Duration, waits: Option<Duration>) {
        let response = match verdict {
            Verdict::Lost { error, .. } | Verdict::Refused(error) => {
                return self.observe_error(error, number, duration, waits);
            }
            Verdict::Done(response) => response,
        };
        if self.is_observed() {
            let request_id = self.session.transport().vendor.request_id(response.headers());
            let attempt = self.seen(number, duration, waits);
            let (status, request_id) = (Some(response.status()), request_id.as_deref());
            self.tell(&Attempt { status, request_id, ..attempt });
        }
    }

    fn observe_error(&self, error: &ApiError, number: u32, duration: Duration, waits: Option<Duration>) {
        if self.is_observed() {
            let attempt = self.seen(number, duration, waits);
            let (status, code) = (error.http_status(), error.code());
            self.tell(&Attempt { status, code, kind: Some(error.kind()), request_id: error.request_id(), ..attempt });
        }
    }

    fn is_observed(&self) -> bool {
        self.session.observer().is_some() || cfg!(feature = "tracing")
    }

    fn seen(&self, number: u32, duration: Duration, waits: Option<Duration>) -> Attempt<'static> {
        let vendor = self.session.transport().vendor.name;
        let operation = self.operation.id;
        Attempt { vendor, operation, number, status: None, code: None, kind: None, request_id: None, duration, waits }
    }

    fn tell(&self, attempt: &Attempt<'_>) {
        trace::attempt(attempt);
        if let Some(observer) = self.session.observer() {
            observer.attempt(attempt);
        }
    }
}

/// The response that stands for a failure. The generated code finds the error in it.
fn refused(error: ApiError) -> Response {
    let mut response = http::Response::new(bytes::Bytes::new());
    *response.status_mut() = error.meant_status();
    response.extensions_mut().insert(error);
    Response::from(response)
}

/// A success with its body, the URL without its query.
fn rebuilt(status: StatusCode, headers: HeaderMap, body: bytes::Bytes, url: reqwest::Url, passed: Passed) -> Response {
    let built = http::Response::builder().status(status).url(url).body(body);
    // Building fails only for header values and statuses, and both were received.
    let mut response = Response::from(built.unwrap_or_default());
    *response.headers_mut() = headers;
    response.extensions_mut().insert(passed);
    response
}

/// A download: its body still to come, watched for standing still, the URL without its query.
fn download(response: Response, url: reqwest::Url, transport: &Transport) -> Response {
    let status = response.status();
    let headers = response.headers().clone();
    let pieces = Patience::new(response.bytes_stream(), Arc::clone(transport.clock()), transport.timeout);
    match http::Response::builder().status(status).url(url).body(reqwest::Body::wrap_stream(pieces)) {
        Ok(mut built) => {
            *built.headers_mut() = headers;
            Response::from(built)
        }
        Err(_) => refused(ApiError::new("huiyi", "download", ErrorKind::Other, "the response could not be passed on")),
    }
}
