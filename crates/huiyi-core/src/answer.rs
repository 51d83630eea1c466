//! A successful answer, and everything that reads one.
//!
//! The pipeline in `call` receives an answer. This module tells a success from a refusal, decodes the value
//! and hands out downloads. It does not send, wait or retry.

pub(crate) mod classify;
pub mod decode;
pub mod download;
pub mod envelope;
pub(crate) mod json_path;
pub(crate) mod repair;
pub(crate) mod stall;

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind, Origin};
use crate::observe::{Observer, Oddity};
use crate::vendor::Vendor;
use decode::DecodeError;
use download::Download;

/// A successful answer: the value, status, headers and body.
///
/// It derefs to the value, so `answer.meeting` reads a field of the value.
///
/// ```
/// use huiyi_core::Answer;
///
/// /// Takes the value out, but looks at the vendor's warning first.
/// fn value<T>(answer: Answer<T>) -> T {
///     if let Some(warning) = answer.warning() {
///         eprintln!("the vendor warns: {warning}");
///     }
///     answer.into_inner()
/// }
/// ```
pub struct Answer<T> {
    value: T,
    head: Box<Head>,
}

/// The parts of an answer other than its value.
#[derive(Clone)]
pub(crate) struct Head {
    pub(crate) vendor: &'static Vendor,
    pub(crate) operation: std::borrow::Cow<'static, str>,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) warning: Option<String>,
    pub(crate) attempts: u32,
    /// The body as received; empty for a download.
    pub(crate) body: Bytes,
}

impl<T> Answer<T> {
    /// Creates an answer that was not received, with status 200 and no headers, for tests of programs that
    /// handle answers.
    pub fn from_value(value: T) -> Self {
        let head = Head {
            vendor: Vendor::none(),
            operation: "".into(),
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            warning: None,
            attempts: 0,
            body: Bytes::new(),
        };
        Self { value, head: Box::new(head) }
    }

    /// Returns only the value.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// Returns the HTTP status as received.
    pub fn status(&self) -> StatusCode {
        self.head.status
    }

    /// Returns the headers as received.
    pub fn headers(&self) -> &HeaderMap {
        &self.head.headers
    }

    /// Returns the vendor's request id, which the vendor's support asks for.
    pub fn request_id(&self) -> Option<String> {
        self.head.vendor.request_id(&self.head.headers)
    }

    /// Returns a warning that the vendor sent although the call succeeded, for instance WeCom's
    /// `Warning: wrong json format`: the vendor may have ignored a part of the request.
    pub fn warning(&self) -> Option<&str> {
        self.head.warning.as_deref()
    }

    /// Returns how many times the request was sent.
    pub fn attempts(&self) -> u32 {
        self.head.attempts
    }

    /// Returns the body as received, including the envelope; empty for a download.
    pub fn raw(&self) -> &Bytes {
        &self.head.body
    }

    /// Parses the body, including the envelope, as any type. Use it for a member that no page documents.
    ///
    /// ```
    /// # fn run(answer: huiyi_core::Answer<()>) -> Result<(), huiyi_core::Error> {
    /// let body: serde_json::Value = answer.raw_json()?;
    /// println!("{:?}", body.pointer("/data/meeting/undocumented"));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// If the body does not fit the type. The error names the JSON path.
    pub fn raw_json<R: DeserializeOwned>(&self) -> Result<R, Error> {
        decode::text(&self.head.body).and_then(decode::flat_from_str).map_err(|reason| self.head.unreadable(&reason))
    }

    /// Splits the answer into the value and the rest.
    pub fn into_parts(self) -> (T, Answer<()>) {
        (self.value, Answer { value: (), head: self.head })
    }

    /// Returns the same answer with another value.
    pub fn map<R>(self, change: impl FnOnce(T) -> R) -> Answer<R> {
        Answer { value: change(self.value), head: self.head }
    }
}

impl<T> Deref for Answer<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Answer<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T: Clone> Clone for Answer<T> {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), head: self.head.clone() }
    }
}

impl<T: fmt::Debug> fmt::Debug for Answer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("status", &self.head.status).field("value", &self.value).finish_non_exhaustive()
    }
}

impl Head {
    /// Creates the error for a successful answer that cannot be decoded.
    fn unreadable(&self, reason: &DecodeError) -> Error {
        let mut error = Error::new(self.vendor.name, self.operation.clone(), ErrorKind::Other, reason.to_string());
        let parts = error.parts_mut();
        parts.origin = Origin::Unreadable;
        parts.received = Some(self.status);
        parts.attempts = self.attempts;
        parts.request_id = self.vendor.request_id(&self.headers);
        error
    }
}

/// A success before its value is decoded.
pub(crate) struct Success {
    pub(crate) head: Box<Head>,
    /// The content, if the operation is a download.
    pub(crate) download: Option<Download>,
    /// Receives the oddities of the answer.
    pub(crate) observer: Option<Arc<dyn Observer>>,
}

impl Success {
    /// Decodes the value and reports its oddities to the observer.
    pub(crate) fn decode<T: DeserializeOwned>(
        self,
        parse: fn(&str) -> Result<T, DecodeError>,
    ) -> Result<Answer<T>, Error> {
        match decode::text(&self.head.body).and_then(|body| repair::parse(body, parse)) {
            Ok((value, oddities)) => {
                self.report(&oddities);
                Ok(Answer { value, head: self.head })
            }
            Err(reason) => Err(self.head.unreadable(&reason)),
        }
    }

    /// Reports oddities, if there are any, to the observer.
    fn report(&self, oddities: &[Oddity]) {
        if let (Some(observer), false) = (&self.observer, oddities.is_empty()) {
            observer.odd(self.head.vendor.name, &self.head.operation, oddities);
        }
    }

    /// Returns the answer without a value.
    pub(crate) fn empty(self) -> Answer<()> {
        Answer { value: (), head: self.head }
    }

    /// Returns the content of a download.
    pub(crate) fn download(self) -> Result<Answer<Download>, Error> {
        match self.download {
            Some(value) => Ok(Answer { value, head: self.head }),
            None => {
                let reason = DecodeError::local("the answer is not a file");
                Err(self.head.unreadable(&reason))
            }
        }
    }
}
