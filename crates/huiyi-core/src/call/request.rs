//! A request that a generated builder fills before the pipeline sends it.
//!
//! The generated builders are small: they name each argument and its value. The code here does the rest and
//! is compiled only once.

use std::borrow::Cow;
use std::fmt::{self, Display};
use std::str::FromStr;

use bytes::Bytes;
pub use http::Method;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::Url;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::answer::download::Download;
use crate::answer::{Answer, decode};
use crate::call::path;
use crate::call::pipeline::{Call, Content};
use crate::error::Error;
use crate::operation::Operation;
use crate::session::Session;

/// The request of an operation.
///
/// The first argument that cannot be sent becomes the error of the call.
#[derive(Clone)]
pub struct Request {
    pub(super) session: Session,
    pub(super) operation: &'static Operation,
    pub(super) label: Cow<'static, str>,
    pub(super) method: Method,
    pub(super) idempotent: bool,
    /// The only kind of token to use, if the caller chose one.
    pub(super) token: Option<Cow<'static, str>>,
    /// The beginning of the path, with its arguments filled in.
    path: String,
    /// The rest of the path, with placeholders.
    rest: &'static str,
    query: Vec<(Cow<'static, str>, String)>,
    headers: HeaderMap,
    content: Content,
    misuse: Option<String>,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request").field("operation", &self.label).finish_non_exhaustive()
    }
}

impl Request {
    /// Creates a request without arguments.
    pub fn new(session: &Session, operation: &'static Operation) -> Self {
        // The table is generated and has only valid methods.
        let method = Method::from_bytes(operation.method.as_bytes()).unwrap_or_default();
        Self {
            session: session.clone(),
            operation,
            label: Cow::Borrowed(operation.id),
            method,
            idempotent: operation.idempotent,
            token: None,
            path: String::new(),
            rest: operation.path,
            query: Vec::new(),
            headers: HeaderMap::new(),
            content: Content::None,
            misuse: None,
        }
    }

    /// Creates a request that no spec describes, to a path without placeholders.
    pub(super) fn custom(session: &Session, operation: &'static Operation, method: Method, path: String) -> Self {
        let label = Cow::Owned(format!("{method} {path}"));
        let idempotent = method.is_idempotent();
        Self { label, method, idempotent, path, rest: "", ..Self::new(session, operation) }
    }

    /// Records a misuse by the program; only the first one is kept.
    pub fn refuse(&mut self, reason: impl Into<String>) {
        if self.misuse.is_none() {
            self.misuse = Some(reason.into());
        }
    }

    /// Fills the next placeholder of the path.
    #[must_use]
    pub fn path<T: Display + ?Sized>(mut self, name: &'static str, value: &T) -> Self {
        let value = value.to_string();
        if let Some(reason) = path::refusal(name, &value) {
            self.refuse(reason);
        }
        let (fixed, rest) = match self.rest.split_once('{') {
            Some((fixed, rest)) => (fixed, rest.split_once('}').map_or("", |(_, rest)| rest)),
            None => (self.rest, ""),
        };
        self.path.push_str(fixed);
        path::encode_path(&value, &mut self.path);
        self.rest = rest;
        self
    }

    /// Sets a query parameter; a later value replaces an earlier one.
    #[must_use]
    pub fn query<T: Display + ?Sized>(mut self, name: &'static str, value: &T) -> Self {
        self.set_query(name.into(), value.to_string());
        self
    }

    pub(super) fn set_query(&mut self, name: Cow<'static, str>, value: String) {
        match self.query.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.query.push((name, value)),
        }
    }

    /// Sets a query parameter that is repeated for each value.
    #[must_use]
    pub fn query_list<T: Display>(mut self, name: &'static str, values: impl IntoIterator<Item = T>) -> Self {
        self.query.retain(|(known, _)| known != name);
        self.query.extend(values.into_iter().map(|value| (Cow::Borrowed(name), value.to_string())));
        self
    }

    /// Sets a required query parameter that is repeated for each value. An empty list cannot be sent.
    #[must_use]
    pub fn required_query_list<T: Display>(mut self, name: &'static str, values: Vec<T>) -> Self {
        if values.is_empty() {
            self.refuse(format!("`{name}` is empty, and an empty list cannot be sent in a query"));
        }
        self.query_list(name, values)
    }

    /// Sets a header; a later value replaces an earlier one.
    #[must_use]
    pub fn header<T: Display + ?Sized>(mut self, name: &'static str, value: &T) -> Self {
        self.set_header(name, &value.to_string());
        self
    }

    pub(super) fn set_header(&mut self, name: &str, value: &str) {
        match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            (Ok(name), Ok(value)) => {
                self.headers.insert(name, value);
            }
            _ => self.refuse(format!("the header `{name}` contains characters that are not allowed in a header")),
        }
    }

    /// Returns the value of a query parameter, if it is set.
    pub fn query_value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Returns the value of a query parameter as a number.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.query_value(name).and_then(|value| value.parse().ok())
    }

    /// Returns the client's default for a body argument that the call omits.
    pub fn default_of<T: FromStr>(&mut self, name: &'static str) -> Option<T> {
        let value = self.session.default_of(name).map(str::parse::<T>);
        match value {
            Some(Ok(value)) => return Some(value),
            Some(Err(_)) => self.refuse(format!("the client's `{name}` is not valid for this operation")),
            None => self.refuse(missing(name)),
        }
        None
    }

    /// Sends the client's default for a query parameter that the call omits.
    #[must_use]
    pub fn default_query(mut self, name: &'static str) -> Self {
        if self.query_value(name).is_some() {
            return self;
        }
        match self.session.default_of(name).map(str::to_owned) {
            Some(value) => self.set_query(name.into(), value),
            None => self.refuse(missing(name)),
        }
        self
    }

    /// Sends a body as JSON.
    #[must_use]
    pub fn json<T: Serialize + ?Sized>(mut self, body: &T) -> Self {
        match serde_json::to_vec(body) {
            Ok(body) => self.set_content("application/json", body.into()),
            Err(error) => self.refuse(format!("the body cannot be written as JSON: {error}")),
        }
        self
    }

    /// Sends a body as a form.
    #[must_use]
    pub fn form<T: Serialize>(mut self, body: &T) -> Self {
        match serde_json::to_value(body) {
            Ok(serde_json::Value::Object(fields)) => {
                let mut url = Url::parse("form:").ok();
                if let Some(mut pairs) = url.as_mut().map(Url::query_pairs_mut) {
                    for (name, value) in &fields {
                        match value {
                            serde_json::Value::String(text) => pairs.append_pair(name, text),
                            other => pairs.append_pair(name, &other.to_string()),
                        };
                    }
                }
                let body = url.as_ref().and_then(Url::query).unwrap_or_default().to_owned();
                self.set_content("application/x-www-form-urlencoded", body.into());
            }
            _ => self.refuse("the body cannot be written as a form"),
        }
        self
    }

    /// Sends a body unchanged.
    #[must_use]
    pub fn bytes(self, body: impl Into<reqwest::Body>) -> Self {
        self.stream("application/octet-stream", body)
    }

    /// Sends a body of the given media type unchanged.
    #[must_use]
    pub fn stream(mut self, media: &str, body: impl Into<reqwest::Body>) -> Self {
        let body = body.into();
        match body.as_bytes() {
            Some(bytes) => self.set_content(media, Bytes::copy_from_slice(bytes)),
            None => {
                self.set_header("content-type", media);
                self.content = Content::once(body);
            }
        }
        self
    }

    fn set_content(&mut self, media: &str, body: Bytes) {
        self.set_header(CONTENT_TYPE.as_str(), media);
        self.content = Content::Bytes(body);
    }

    /// Sends the request and decodes the `data` member of the answer.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`](crate::ErrorKind::Misuse) if an argument cannot be sent, otherwise those of the
    /// call.
    pub async fn data<T: DeserializeOwned>(self) -> Result<Answer<T>, Error> {
        self.accepting_json()?.run().await?.decode(decode::data_from_str)
    }

    /// Sends the request and decodes the whole answer.
    ///
    /// # Errors
    ///
    /// Those of [`data`](Self::data).
    pub async fn flat<T: DeserializeOwned>(self) -> Result<Answer<T>, Error> {
        self.accepting_json()?.run().await?.decode(decode::flat_from_str)
    }

    /// Sends the request and ignores the value of the answer.
    ///
    /// # Errors
    ///
    /// Those of [`data`](Self::data).
    pub async fn empty(self) -> Result<Answer<()>, Error> {
        Ok(self.accepting_json()?.run().await?.empty())
    }

    /// Sends the request and streams the content as it arrives.
    ///
    /// # Errors
    ///
    /// Those of [`data`](Self::data).
    pub async fn download(self) -> Result<Answer<Download>, Error> {
        self.call(true)?.run().await?.download()
    }

    fn accepting_json(mut self) -> Result<Call, Error> {
        self.headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        self.call(false)
    }

    /// Checks the arguments and builds the URL.
    fn call(mut self, download: bool) -> Result<Call, Error> {
        let vendor = self.session.transport().vendor;
        if let Some(reason) = self.misuse.take() {
            return Err(Error::misuse(vendor.name, self.label, reason));
        }
        let url = match self.url() {
            Ok(url) => url,
            Err(error) => return Err(Error::misuse(vendor.name, self.label, format!("the URL is not valid: {error}"))),
        };
        let Self { session, operation, label, method, idempotent, token, headers, content, .. } = self;
        Call::new(session, operation, label, idempotent, token, download, (method, url, headers, content))
    }

    fn url(&self) -> Result<Url, String> {
        let transport = self.session.transport();
        // An operation with its own host goes there, unless the application chose another host.
        let host = match self.operation.host {
            Some(own) if &*transport.base_url == transport.vendor.default_url => own,
            _ => &transport.base_url,
        };
        let mut url = Url::parse(&[host, &self.path, self.rest].concat()).map_err(|error| error.to_string())?;
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(self.query.iter().map(|(name, value)| (&**name, value.as_str())));
        }
        Ok(url)
    }
}

fn missing(name: &str) -> String {
    format!("`{name}` is not set, neither on the call nor on the client")
}

/// Implements `Debug` for request builders, without their arguments.
#[doc(hidden)]
#[macro_export]
macro_rules! opaque_debug {
    ($($name:ident),* $(,)?) => {$(
        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )*};
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
