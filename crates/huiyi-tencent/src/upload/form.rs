//! A `multipart/form-data` body (RFC 7578) with one file in it.
//!
//! Written by hand: reqwest's forms are streams even if all their content is in memory, so the request could not be
//! retried after a rate limit, and they add three crates.

use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use huiyi_core::reqwest::Body;
use md5::{Digest as _, Md5};

use super::content::{FileContent, OnProgress, Pieces, hexadecimal};

/// The number of digits of a checksum.
const DIGITS: usize = 32;

/// The fields of a form, in the order in which they are sent.
pub(super) struct Form {
    boundary: String,
    before: Vec<u8>,
    after: Vec<u8>,
    file: Option<FileContent>,
    /// Where the checksum of the file belongs in `after`.
    checksum_at: Option<usize>,
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
        Self { boundary, before: Vec::new(), after: Vec::new(), file: None, checksum_at: None }
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

    /// Adds a field with the MD5 of the file, after the file: it is computed while the file is sent.
    pub(super) fn checksum(mut self, name: &str) -> Self {
        self = self.field(name, &"0".repeat(DIGITS));
        self.checksum_at = self.after.len().checked_sub(DIGITS + "\r\n".len());
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
        let around = (self.before.len() + self.after.len()) as u64;
        let length = file.length().saturating_add(around);
        let body = match file.into_bytes(listener) {
            Ok(bytes) => {
                put(&mut self.after, self.checksum_at, || Md5::new_with_prefix(&bytes));
                Body::from([&self.before[..], &bytes[..], &self.after[..]].concat())
            }
            Err(pieces) => {
                let rest = with_end(pieces, self.after, self.checksum_at);
                Body::wrap_stream(stream::iter([Ok(Bytes::from(self.before))]).chain(rest))
            }
        };
        Encoded { content_type: format!("multipart/form-data; boundary={}", self.boundary), length, body }
    }
}

/// Passes a file on, and then the bytes after it, with the checksum of the file in its place.
fn with_end(pieces: Pieces, after: Vec<u8>, checksum_at: Option<usize>) -> Pieces {
    let begin = Some((pieces, Md5::new(), after));
    Box::pin(stream::try_unfold(begin, move |state| async move {
        let Some((mut pieces, mut sum, mut after)) = state else { return Ok(None) };
        Ok(Some(match pieces.next().await.transpose()? {
            Some(piece) => {
                if checksum_at.is_some() {
                    sum.update(&piece);
                }
                (piece, Some((pieces, sum, after)))
            }
            None => {
                put(&mut after, checksum_at, || sum);
                (Bytes::from(after), None)
            }
        }))
    }))
}

/// Writes a checksum into its place, if there is one.
fn put(after: &mut [u8], place: Option<usize>, sum: impl FnOnce() -> Md5) {
    if let Some(place) = place.and_then(|at| after.get_mut(at..at + DIGITS)) {
        let digits = hexadecimal(&sum().finalize());
        place.iter_mut().zip(digits.bytes()).for_each(|(place, digit)| *place = digit);
    }
}
