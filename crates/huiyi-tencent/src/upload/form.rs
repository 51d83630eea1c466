//! A `multipart/form-data` body (RFC 7578) with one file in it.
//!
//! Written by hand: reqwest's forms are streams even if all their content is in memory, so the request could not be
//! retried after a rate limit, and they add three crates.

use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use huiyi_core::reqwest::Body;

use super::content::{FileContent, OnProgress};

/// The fields of a form, in the order in which they are sent.
pub(super) struct Form {
    boundary: String,
    before: Vec<u8>,
    after: Vec<u8>,
    file: Option<FileContent>,
}

/// A form that is ready to be sent.
pub(super) struct Encoded {
    pub(super) content_type: String,
    pub(super) length: u64,
    pub(super) body: Body,
}

impl Form {
    /// Creates an empty form. The boundary is made from the numbers, which must be random.
    pub(super) fn new(random: [u64; 2]) -> Self {
        let boundary = format!("huiyi-{:016x}{:016x}", random[0], random[1]);
        Self { boundary, before: Vec::new(), after: Vec::new(), file: None }
    }

    /// Adds a field. Names and values come from this crate or the vendor, and contain no line breaks of the form.
    pub(super) fn field(mut self, name: &str, value: &str) -> Self {
        let part = format!("--{}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n", self.boundary);
        self.half().extend_from_slice(part.as_bytes());
        self
    }

    /// Adds the file, under the file name that the official SDK sends.
    pub(super) fn file(mut self, name: &str, content: FileContent) -> Self {
        let head = format!(
            "--{}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"fileContent\"\r\nContent-Type: application/octet-stream\r\n\r\n",
            self.boundary
        );
        self.half().extend_from_slice(head.as_bytes());
        self.file = Some(content);
        self.after.extend_from_slice(b"\r\n");
        self
    }

    /// Returns the bytes before the file, or those after it if the file is set.
    fn half(&mut self) -> &mut Vec<u8> {
        if self.file.is_some() { &mut self.after } else { &mut self.before }
    }

    /// Ends the form. With a listener the body is a stream, so the listener can be called.
    pub(super) fn encode(mut self, listener: Option<OnProgress>) -> Encoded {
        let end = format!("--{}--\r\n", self.boundary);
        self.half().extend_from_slice(end.as_bytes());
        let file = self.file.unwrap_or_else(|| FileContent::from(Bytes::new()));
        let length = self.before.len() as u64 + file.length() + self.after.len() as u64;
        let body = match file.into_bytes(listener) {
            Ok(bytes) => Body::from([&self.before[..], &bytes[..], &self.after[..]].concat()),
            Err(pieces) => {
                let (before, after) = (Bytes::from(self.before), Bytes::from(self.after));
                Body::wrap_stream(stream::iter([Ok(before)]).chain(pieces).chain(stream::iter([Ok(after)])))
            }
        };
        Encoded { content_type: format!("multipart/form-data; boundary={}", self.boundary), length, body }
    }
}
