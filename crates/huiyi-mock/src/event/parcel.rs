//! A delivery as an HTTP request, for any address.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::client::delivering_http;

/// Characters that a query contains unencoded (RFC 3986, section 2.3).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// A signed delivery, which can be sent any number of times.
#[derive(Clone, Debug)]
pub struct Parcel {
    method: &'static str,
    /// Whether the parts of the signature are in the query instead of headers.
    is_in_query: bool,
    /// Timestamp, nonce and signature, under the vendor's names.
    signature: Vec<(&'static str, String)>,
    query: Vec<(String, String)>,
    body: String,
}

/// The response of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
}

impl Parcel {
    pub(super) fn new(
        method: &'static str,
        is_in_query: bool,
        signature: Vec<(&'static str, String)>,
        body: String,
    ) -> Self {
        Self { method, is_in_query, signature, query: Vec::new(), body }
    }

    pub(super) fn with_query(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Returns the delivery without a signature.
    #[must_use]
    pub fn without_signature(mut self) -> Self {
        self.signature.pop();
        self
    }

    /// Returns the delivery with a signature that is wrong in one digit.
    #[must_use]
    pub fn with_bad_signature(mut self) -> Self {
        if let Some((_, signature)) = self.signature.last_mut() {
            let digit = if signature.starts_with('0') { "1" } else { "0" };
            signature.replace_range(..1, digit);
        }
        self
    }

    /// Returns the HTTP method.
    #[must_use]
    pub fn method(&self) -> &'static str {
        self.method
    }

    /// Returns the query to add to the address, without a question mark.
    #[must_use]
    pub fn query(&self) -> String {
        let parts = self.signature.iter().filter(|_| self.is_in_query).map(|(name, value)| (*name, value.as_str()));
        let others = self.query.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let pairs = parts.chain(others).map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, ENCODED)));
        pairs.collect::<Vec<_>>().join("&")
    }

    /// Returns the headers, with the signature if it is not in the query.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let signature = self.signature.iter().filter(|_| !self.is_in_query);
        signature.map(|(name, value)| (*name, value.as_str())).chain([("Content-Type", self.content_type())])
    }

    fn content_type(&self) -> &'static str {
        if self.body.starts_with('<') { "application/xml" } else { "application/json; charset=utf-8" }
    }

    /// Returns the body.
    #[must_use]
    pub fn body(&self) -> &str {
        &self.body
    }

    /// Builds a request to a path or a URL.
    #[cfg(feature = "events")]
    #[must_use]
    pub fn request(&self, address: &str) -> http::Request<Vec<u8>> {
        let mut request = http::Request::new(self.body.clone().into_bytes());
        *request.method_mut() = if self.method == "GET" { http::Method::GET } else { http::Method::POST };
        if let Ok(address) = self.at(address).parse() {
            *request.uri_mut() = address;
        }
        for (name, value) in self.headers() {
            let value = http::HeaderValue::from_str(value);
            if let (Ok(name), Ok(value)) = (http::HeaderName::from_bytes(name.as_bytes()), value) {
                request.headers_mut().insert(name, value);
            }
        }
        request
    }

    /// Sends the delivery.
    ///
    /// # Errors
    ///
    /// If the address does not respond.
    pub async fn send(&self, url: &str) -> Result<Answered, reqwest::Error> {
        let method = if self.method == "GET" { reqwest::Method::GET } else { reqwest::Method::POST };
        let mut request = delivering_http().request(method, self.at(url)).body(self.body.clone());
        for (name, value) in self.headers() {
            request = request.header(name, value);
        }
        let answer = request.send().await?;
        Ok(Answered { status: answer.status().as_u16(), body: answer.text().await? })
    }

    fn at(&self, address: &str) -> String {
        match self.query() {
            query if query.is_empty() => address.to_owned(),
            query if address.contains('?') => format!("{address}&{query}"),
            query => format!("{address}?{query}"),
        }
    }
}
