//! Sends one request with a time limit and reads its answer with a size limit.

pub(crate) mod first_pieces;
pub(crate) mod retry_after;
mod roots;

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode};
use reqwest::{Request, Response};

use crate::clock::{BoxFuture, Clock, Entropy};
use crate::error::ErrorKind;
use crate::operation::Operation;
use crate::vendor::{self, Vendor};
use first_pieces::FirstPieces;

#[doc(hidden)]
pub use roots::without_roots;

/// The connection pool of a client with the limits that apply to every request.
#[derive(Clone)]
pub struct Transport {
    pub(crate) vendor: &'static Vendor,
    pub(crate) http: reqwest::Client,
    pub(crate) base_url: Arc<str>,
    pub(crate) base_path: Arc<str>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) timeout: Duration,
    pub(crate) body_limit: usize,
    /// Settings for upgraded connections; `None` if the application supplied the HTTP client.
    #[cfg(feature = "long-connection")]
    pub(crate) upgrades: Option<Upgrades>,
}

/// Settings of the HTTP clients that open upgraded connections.
#[cfg(feature = "long-connection")]
#[derive(Clone)]
pub(crate) struct Upgrades {
    pub(crate) user_agent: Arc<str>,
    pub(crate) connect_timeout: Duration,
}

/// How one attempt ended.
pub(crate) enum Outcome {
    /// The whole answer has arrived.
    Answered(Whole),
    /// The head and the beginning of a download have arrived; the rest is still to come.
    Streaming(FirstPieces),
    /// The request failed on the way; `accepted` is false if it certainly did not reach the vendor.
    Failed { error: reqwest::Error, accepted: bool },
    /// An answer that was too slow, incomplete, too large or in an encoding that was not requested.
    Unusable { reason: String, received: Option<(StatusCode, HeaderMap)>, kind: ErrorKind },
}

/// An answer that has arrived in full.
pub(crate) struct Whole {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Transport {
    /// Returns scheme, host and path prefix of the API, without a trailing slash.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Returns the connection pool.
    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Returns the path of the base URL, which a proxy strips before the vendor sees the request; usually empty.
    pub fn base_path(&self) -> &Arc<str> {
        &self.base_path
    }

    /// Returns the client's clock.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Returns the client's random numbers.
    pub fn entropy(&self) -> &Arc<dyn Entropy> {
        &self.entropy
    }

    /// Builds the HTTP clients for upgraded connections: one for TLS, one for localhost (without a proxy).
    /// Both use HTTP/1.1 only, because HTTP/2 upgrades in another way.
    #[cfg(feature = "long-connection")]
    pub(crate) fn upgrading(&self) -> Result<(reqwest::Client, reqwest::Client), crate::BuildError> {
        let Some(upgrades) = &self.upgrades else { return Ok((self.http.clone(), self.http.clone())) };
        let builder = || {
            reqwest::Client::builder()
                .user_agent(&*upgrades.user_agent)
                .http1_only()
                .redirect(reqwest::redirect::Policy::none())
                .referer(false)
                .connect_timeout(upgrades.connect_timeout)
        };
        let build = |builder: reqwest::ClientBuilder| {
            builder.build().map_err(|error| crate::BuildError::Http(connection_trouble(&error)))
        };
        Ok((build(builder())?, build(builder().no_proxy())?))
    }

    /// Sends the request once. With `raw`, a body that is not JSON is not read, so that it can be streamed.
    pub(crate) async fn attempt(&self, request: Request, raw: bool) -> Outcome {
        let mut limit = self.clock.sleep(self.timeout);
        let Some(sent) = in_time(&mut limit, self.http.execute(request)).await else {
            return self.too_slow("no answer", None);
        };
        let mut response = match sent {
            Ok(response) => response,
            Err(error) => {
                let accepted = !error.is_connect() && !error.is_builder();
                return Outcome::Failed { error: error.without_url(), accepted };
            }
        };
        let is_file = raw && response.status().is_success() && !is_no_file(response.headers());
        if is_file && foreign_encoding(response.headers()).is_none() {
            let mut download = FirstPieces::new(response);
            // If they are late, the download reports it to its reader.
            let _in_time = in_time(&mut limit, download.read()).await;
            return Outcome::Streaming(download);
        }
        let status = response.status();
        let mut headers = std::mem::take(response.headers_mut());
        retry_after::add_date(&mut headers, self.clock.unix_time());
        if let Some(encoding) = foreign_encoding(&headers) {
            return Outcome::Unusable {
                reason: format!(
                    "the answer is encoded as {encoding}, which was not asked for (feature `gzip` reads gzip)"
                ),
                received: Some((status, headers)),
                kind: ErrorKind::Other,
            };
        }
        match in_time(&mut limit, read_body(response, self.body_limit)).await {
            None => self.too_slow("the answer was not complete", Some((status, headers))),
            Some(Ok(body)) => Outcome::Answered(Whole { status, headers, body: without_mark(body) }),
            Some(Err(BodyTrouble::TooLarge)) => Outcome::Unusable {
                reason: format!("the answer is larger than {} bytes", self.body_limit),
                received: Some((status, headers)),
                kind: ErrorKind::Other,
            },
            // Keep the head: after a success status the call has taken effect.
            Some(Err(BodyTrouble::Broken(error))) => Outcome::Unusable {
                reason: format!("the connection broke during the answer: {}", connection_trouble(&error.without_url())),
                received: Some((status, headers)),
                kind: ErrorKind::Unavailable,
            },
        }
    }

    fn too_slow(&self, what: &str, received: Option<(StatusCode, HeaderMap)>) -> Outcome {
        let reason = format!("{what} within {:.1} s", self.timeout.as_secs_f64());
        Outcome::Unusable { reason, received, kind: ErrorKind::Unavailable }
    }
}

/// Runs a future until a time limit ends, measured by the client's clock.
async fn in_time<F: Future>(limit: &mut BoxFuture<'static, ()>, future: F) -> Option<F::Output> {
    let mut future = std::pin::pin!(future);
    std::future::poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => limit.as_mut().poll(context).map(|()| None),
    })
    .await
}

impl Whole {
    pub(crate) fn as_text<'a>(&'a self, operation: Option<&'a Operation>) -> Result<vendor::Received<'a>, String> {
        let body = std::str::from_utf8(&self.body)
            .map_err(|error| format!("the answer is not UTF-8 after byte {}", error.valid_up_to()))?;
        Ok(vendor::Received { operation, status: self.status, headers: &self.headers, body })
    }
}

enum BodyTrouble {
    TooLarge,
    Broken(reqwest::Error),
}

async fn read_body(mut response: Response, limit: usize) -> Result<Bytes, BodyTrouble> {
    let announced = response.content_length().and_then(|length| usize::try_from(length).ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(BodyTrouble::TooLarge);
    }
    let Some(first) = response.chunk().await.map_err(BodyTrouble::Broken)? else {
        return Ok(Bytes::new());
    };
    let Some(second) = response.chunk().await.map_err(BodyTrouble::Broken)? else {
        return if first.len() > limit { Err(BodyTrouble::TooLarge) } else { Ok(first) };
    };
    let mut body = BytesMut::with_capacity(announced.unwrap_or_default().max(first.len() + second.len()));
    body.extend_from_slice(&first);
    body.extend_from_slice(&second);
    while body.len() <= limit {
        match response.chunk().await.map_err(BodyTrouble::Broken)? {
            Some(chunk) => body.extend_from_slice(&chunk),
            None => return Ok(body.freeze()),
        }
    }
    Err(BodyTrouble::TooLarge)
}

/// Removes the byte order mark that some proxies put before the body.
fn without_mark(mut body: Bytes) -> Bytes {
    const MARK: &[u8] = "\u{feff}".as_bytes();
    if body.starts_with(MARK) { body.split_off(MARK.len()) } else { body }
}

/// Returns whether the answer is a refusal by the vendor or an HTML page. No vendor offers downloads of these types.
fn is_no_file(headers: &HeaderMap) -> bool {
    let types = ["application/json", "text/json"];
    is_page(headers) || content_type(headers).is_some_and(|value| types.iter().any(|known| value.starts_with(known)))
}

/// Returns whether the body is an HTML page, written by an intermediary and not by the vendor.
pub(crate) fn is_page(headers: &HeaderMap) -> bool {
    let types = ["text/html", "application/xhtml+xml"];
    content_type(headers).is_some_and(|value| types.iter().any(|known| value.starts_with(known)))
}

fn content_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(http::header::CONTENT_TYPE)?.to_str().ok()?;
    Some(value.trim().to_ascii_lowercase())
}

/// Returns an encoding that the body still has; reqwest removes the header when it decodes.
fn foreign_encoding(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(http::header::CONTENT_ENCODING)?.to_str().ok()?;
    (!value.eq_ignore_ascii_case("identity")).then(|| value.chars().take(20).collect())
}

/// Describes why a connection failed, in one line without the URL.
pub(crate) fn connection_trouble(error: &reqwest::Error) -> String {
    let mut text = String::new();
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(error) = cause {
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&error.to_string());
        cause = error.source();
    }
    if text.is_empty() { error.to_string() } else { text }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("vendor", &self.vendor.name)
            .field("base_url", &self.base_url)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
