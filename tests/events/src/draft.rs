//! A request that can still be changed.

use http::{Method, Request, Uri};

use crate::Vendor;

/// A part of a delivery's signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The signature.
    Signature,
    /// The time.
    Timestamp,
    /// The nonce.
    Nonce,
}

/// A request that can still be changed.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The vendor.
    pub vendor: Vendor,
    /// The HTTP method.
    pub method: Method,
    /// Headers or query parameters, depending on the vendor.
    pub parts: Vec<(String, String)>,
    /// More query parameters.
    pub query: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Draft {
    /// Returns the vendor's name of a part.
    #[must_use]
    pub fn name(vendor: Vendor, part: Part) -> &'static str {
        match (vendor, part) {
            (Vendor::Feishu, Part::Signature) => "x-lark-signature",
            (Vendor::Feishu, Part::Timestamp) => "x-lark-request-timestamp",
            (Vendor::Feishu, Part::Nonce) => "x-lark-request-nonce",
            (Vendor::WeCom | Vendor::DingTalk, Part::Signature) => "msg_signature",
            (Vendor::Tencent, Part::Signature) => "signature",
            (_, Part::Timestamp) => "timestamp",
            (_, Part::Nonce) => "nonce",
        }
    }

    /// Removes a part.
    #[must_use]
    pub fn without(mut self, part: Part) -> Self {
        let name = Self::name(self.vendor, part);
        self.parts.retain(|(other, _)| other != name);
        self
    }

    /// Sets a part to another value.
    #[must_use]
    pub fn with(self, part: Part, value: &str) -> Self {
        self.without(part).and(part, value)
    }

    /// Adds one more value of a part.
    #[must_use]
    pub fn and(mut self, part: Part, value: &str) -> Self {
        self.parts.push((Self::name(self.vendor, part).to_owned(), value.to_owned()));
        self
    }

    /// Returns the value of a part.
    #[must_use]
    pub fn value(&self, part: Part) -> String {
        let name = Self::name(self.vendor, part);
        self.parts.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// Sets another method.
    #[must_use]
    pub fn method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// Turns it into a `GET` without a body and with this parameter.
    #[must_use]
    pub fn get(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self.method(Method::GET).body("")
    }

    /// Sets another body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Returns whether the parts are in the query.
    #[must_use]
    pub fn is_in_query(&self) -> bool {
        matches!(self.vendor, Vendor::WeCom | Vendor::DingTalk)
    }

    /// Returns path and query.
    #[must_use]
    pub fn target(&self) -> String {
        let parts: &[(String, String)] = if self.is_in_query() { &self.parts } else { &[] };
        let pairs = parts.iter().chain(&self.query).map(|(name, value)| format!("{name}={}", encoded(value)));
        format!("/hook?{}", Vec::from_iter(pairs).join("&"))
    }

    /// Returns the headers.
    #[must_use]
    pub fn headers(&self) -> &[(String, String)] {
        if self.is_in_query() { &[] } else { &self.parts }
    }

    /// Builds the request.
    ///
    /// # Panics
    ///
    /// If it is not a valid request.
    #[must_use]
    #[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
    pub fn request(&self) -> Request<Vec<u8>> {
        let uri: Uri = self.target().parse().unwrap();
        let mut request = Request::builder().method(self.method.clone()).uri(uri);
        for (name, value) in self.headers() {
            request = request.header(name, value);
        }
        request.body(self.body.clone()).unwrap()
    }
}

/// Encodes a text for a query.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
