//! One request, one answer: sending with a time limit, reading with a size limit.

pub(crate) mod first_pieces;
pub(crate) mod retry_after;

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
    /// How connections that are upgraded are opened; `None` if the HTTP client is the application's own.
    #[cfg(feature = "long-connection")]
    pub(crate) upgrades: Option<Upgrades>,
}

/// Settings of the HTTP clients whose connections are upgraded.
#[cfg(feature = "long-connection")]
#[derive(Clone)]
pub(crate) struct Upgrades {
    pub(crate) user_agent: Arc<str>,
    pub(crate) connect_timeout: Duration,
}

/// How one attempt ended.
pub(crate) enum Outcome {
    /// The answer is here in full.
    Answered(Whole),
    /// The head of a download and its beginning are here; the rest is still to come.
    Streaming(FirstPieces),
    /// The request failed on the way; `accepted` is false if it certainly did not reach the vendor.
    Failed { error: reqwest::Error, accepted: bool },
    /// An answer too slow, broken off, too large or in an encoding that was not asked for.
    Unusable { reason: String, received: Option<(StatusCode, HeaderMap)>, kind: ErrorKind },
}

/// An answer in full.
pub(crate) struct Whole {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Transport {
    /// Scheme and host (and path prefix) of the API, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The connection pool.
    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// The path of the base URL, which a proxy takes away before the vendor sees the request; mostly empty.
    pub fn base_path(&self) -> &Arc<str> {
        &self.base_path
    }

    /// The clock of this client.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// The random numbers of this client.
    pub fn entropy(&self) -> &Arc<dyn Entropy> {
        &self.entropy
    }

    /// The HTTP clients whose connections are upgraded, over TLS and on this machine: HTTP/1.1 has upgrades, HTTP/2 has
    /// others.
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

    /// Sends once. With `raw`, a body that is not JSON is left to be streamed.
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
            // Where they do not come in time, the download says so to who reads it.
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
            None => self.too_slow("the answer did not end", Some((status, headers))),
            Some(Ok(body)) => Outcome::Answered(Whole { status, headers, body: without_mark(body) }),
            Some(Err(BodyTrouble::TooLarge)) => Outcome::Unusable {
                reason: format!("the answer is larger than {} bytes", self.body_limit),
                received: Some((status, headers)),
                kind: ErrorKind::Other,
            },
            // The head is known and worth keeping: after a success status the call has taken effect.
            Some(Err(BodyTrouble::Broken(error))) => Outcome::Unusable {
                reason: format!("the answer broke off: {}", connection_trouble(&error.without_url())),
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

/// Runs a future until a time limit ends, by the client's own clock.
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

/// A body without the byte order mark that some proxies put before it.
fn without_mark(mut body: Bytes) -> Bytes {
    const MARK: &[u8] = "\u{feff}".as_bytes();
    if body.starts_with(MARK) { body.split_off(MARK.len()) } else { body }
}

/// Whether it is the vendor's refusal, or somebody's page: no download of any vendor has these types.
fn is_no_file(headers: &HeaderMap) -> bool {
    let types = ["application/json", "text/json"];
    is_page(headers) || content_type(headers).is_some_and(|value| types.iter().any(|known| value.starts_with(known)))
}

/// Whether the body is a page for a browser: somebody between the vendor and us has written it.
pub(crate) fn is_page(headers: &HeaderMap) -> bool {
    let types = ["text/html", "application/xhtml+xml"];
    content_type(headers).is_some_and(|value| types.iter().any(|known| value.starts_with(known)))
}

fn content_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(http::header::CONTENT_TYPE)?.to_str().ok()?;
    Some(value.trim().to_ascii_lowercase())
}

/// An encoding that is still on the body; reqwest takes the header away when it decodes.
fn foreign_encoding(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(http::header::CONTENT_ENCODING)?.to_str().ok()?;
    (!value.eq_ignore_ascii_case("identity")).then(|| value.chars().take(20).collect())
}

/// Why a connection failed, in one line without the URL.
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
