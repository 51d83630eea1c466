//! HTTP/1.1 in bytes: parses heads and formats responses. Other modules choose the response.
//!
//! Hand-written, since faults need control over every byte. It follows RFC 9112 as far as clients use it.

use std::borrow::Cow;
use std::io;

use serde_json::Value;

/// Maximum length of a head in bytes.
pub(crate) const MAX_HEAD: usize = 256 * 1024;
/// Maximum length of a body in bytes.
pub(crate) const MAX_BODY: usize = 256 * 1024 * 1024;
/// Maximum number of headers.
const MAX_HEADERS: usize = 128;

/// The `Content-Type` of the responses of all four vendors.
pub(crate) const JSON: &str = "application/json; charset=utf-8";

/// The framing of a request's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Framing {
    Length(usize),
    Chunked,
}

/// Request line and headers.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) framing: Framing,
    pub(crate) closes: bool,
    pub(crate) expects_continue: bool,
    /// Length of the head in bytes.
    pub(crate) length: usize,
}

/// Parses a head; returns `None` if it is not complete yet.
///
/// # Errors
///
/// If the bytes are not an HTTP/1 request, or the framing of the body is not supported.
pub(crate) fn parse_head(bytes: &[u8]) -> io::Result<Option<Head>> {
    let mut space = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut parsed = httparse::Request::new(&mut space);
    let length = match parsed.parse(bytes).map_err(invalid)? {
        httparse::Status::Complete(length) => length,
        httparse::Status::Partial => return Ok(None),
    };
    let headers: Vec<(String, String)> = parsed
        .headers
        .iter()
        .map(|header| {
            let value = String::from_utf8_lossy(header.value).into_owned();
            (header.name.to_owned(), value)
        })
        .collect();
    let value_of =
        |name: &str| headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str());
    let is_chunked = value_of("transfer-encoding").is_some_and(|value| value.to_ascii_lowercase().ends_with("chunked"));
    let framing = match value_of("content-length") {
        _ if is_chunked => Framing::Chunked,
        Some(text) => Framing::Length(text.trim().parse().map_err(invalid)?),
        None => Framing::Length(0),
    };
    if matches!(framing, Framing::Length(length) if length > MAX_BODY) {
        return Err(invalid("body too long"));
    }
    let connection = value_of("connection").map(str::to_ascii_lowercase);
    let closes = match connection.as_deref() {
        Some(value) if value.contains("close") => true,
        Some(value) if value.contains("keep-alive") => false,
        _ => parsed.version == Some(0),
    };
    let expects_continue = value_of("expect").is_some_and(|value| value.eq_ignore_ascii_case("100-continue"));
    Ok(Some(Head {
        method: parsed.method.unwrap_or_default().to_owned(),
        target: parsed.path.unwrap_or_default().to_owned(),
        framing,
        closes,
        expects_continue,
        length,
        headers,
    }))
}

/// Parses a chunked body; returns it with its length on the wire, or `None` if it is not complete.
///
/// # Errors
///
/// If the chunks are malformed or too long.
pub(crate) fn parse_chunks(bytes: &[u8]) -> io::Result<Option<(Vec<u8>, usize)>> {
    let mut body = Vec::new();
    let mut position = 0;
    loop {
        let rest = bytes.get(position..).unwrap_or_default();
        let (skipped, size) = match httparse::parse_chunk_size(rest) {
            Ok(httparse::Status::Complete(found)) => found,
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(_) => return Err(invalid("malformed chunk")),
        };
        let size = usize::try_from(size).map_err(invalid)?;
        if size > MAX_BODY {
            return Err(invalid("body too long"));
        }
        position += skipped;
        if size == 0 {
            return Ok(parse_trailers(bytes, position).map(|end| (body, end)));
        }
        let Some(data) = bytes.get(position..position + size + 2) else { return Ok(None) };
        body.extend_from_slice(&data[..size]);
        position += size + 2;
    }
}

/// Finds the end of the trailers, which are ignored.
fn parse_trailers(bytes: &[u8], mut position: usize) -> Option<usize> {
    loop {
        let rest = bytes.get(position..)?;
        let line = rest.windows(2).position(|pair| pair == b"\r\n")?;
        position += line + 2;
        if line == 0 {
            return Some(position);
        }
    }
}

/// Builds an error for malformed bytes.
pub(crate) fn invalid(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, cause)
}

/// A response, before `Date` and `Content-Length` are added.
#[derive(Clone, Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Cow<'static, [u8]>,
}

impl Response {
    /// Builds a response with a body of this type.
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Cow<'static, [u8]>>) -> Self {
        let headers = vec![("Content-Type".to_owned(), content_type.to_owned())];
        Self { status, headers, body: body.into() }
    }

    /// Builds a response with a JSON body.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::new(status, JSON, body.to_string().into_bytes())
    }

    /// Adds a header.
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// Returns whether there is a header of that name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|(key, _)| key.eq_ignore_ascii_case(name))
    }

    /// Formats status line and headers for a body of `length` bytes.
    pub(crate) fn head(&self, date: &str, length: usize, closes: bool) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} {}\r\nDate: {date}\r\n", self.status, reason(self.status));
        for (name, value) in &self.headers {
            // A test may set any value, and a line break in it would end the header.
            let value = value.replace(['\r', '\n'], " ");
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        if self.status != 204 && self.status != 304 {
            head.push_str(&format!("Content-Length: {length}\r\n"));
        }
        if closes {
            head.push_str("Connection: close\r\n");
        }
        head.push_str("\r\n");
        head.into_bytes()
    }
}

/// Returns the reason phrase of a status, for the statuses that the vendors use.
pub(crate) fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        202 => "Accepted",
        204 => "No Content",
        302 => "Found",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        413 => "Payload Too Large",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Status",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

    use super::{Framing, parse_chunks, parse_head};

    #[test]
    fn header_names_keep_their_spelling() {
        let head = parse_head(b"GET /a?b=1 HTTP/1.1\r\nX-TC-Key: k\r\nhost: h\r\n\r\nrest").unwrap();

        let head = head.unwrap();
        assert_eq!(head.headers[0], ("X-TC-Key".to_owned(), "k".to_owned()));
        assert_eq!((head.target.as_str(), head.framing), ("/a?b=1", Framing::Length(0)));
        assert_eq!(head.length, 45);
    }

    #[test]
    fn an_incomplete_head_is_not_an_error() {
        assert!(parse_head(b"GET / HTTP/1.1\r\nhost").unwrap().is_none());
    }

    #[test]
    fn chunks_are_joined_and_trailers_skipped() {
        let bytes = b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\nnext";

        let (body, taken) = parse_chunks(bytes).unwrap().unwrap();

        assert_eq!(body, b"abcde");
        assert_eq!(&bytes[taken..], b"next");
        assert!((0..taken).all(|end| parse_chunks(&bytes[..end]).unwrap().is_none()));
    }
}
