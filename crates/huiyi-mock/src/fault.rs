//! Faults: what can go wrong with a call, and which requests it affects. `connection.rs` and `answer.rs` carry them
//! out.

/// The requests that a fault affects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The next request to a call that issues tokens.
    Token,
    /// The next request of that `operationId`.
    Operation(String),
    /// The next request of any kind, including token requests and unknown paths.
    Any,
}

/// A failure of a call. Unless a variant says otherwise, the request is not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The connection is reset after the head of the request, before its body is read.
    ResetBeforeRead,
    /// The request is read and carried out, then the connection is reset without an answer.
    ResetAfterRead,
    /// The request is read and carried out; the connection stays open and silent.
    NoAnswer,
    /// The usual answer up to the middle of its body, then silence.
    StalledBody,
    /// The usual answer up to the middle of its body, then the connection is closed.
    TruncatedBody,
    /// The usual answer up to the middle of its body, then the connection is reset.
    ResetInBody,
    /// The usual answer; then the connection is closed, without a header that announces it.
    ClosesAfter,
    /// An HTML page with this status, as a proxy or a gateway sends it.
    Html(u16),
    /// This answer. Without a `Content-Type` among the headers it is JSON.
    Status {
        /// The HTTP status.
        status: u16,
        /// Headers beside `Date` and `Content-Length`.
        headers: Vec<(String, String)>,
        /// The body.
        body: String,
    },
    /// Too many calls, in the vendor's format: Feishu 429 with 99991400 and `x-ogw-ratelimit-reset: 1`,
    /// WeCom 200 with 45009, DingTalk 403 with `Forbidden.AccessDenied.QpsLimitForAppkeyAndApi`, Tencent
    /// Meeting 500 with 190310.
    RateLimited,
    /// The monthly quota is used up: Feishu 99991403, DingTalk `Forbidden.AccessDenied.ApiCountLimitForOrg`,
    /// Tencent Meeting 500168. WeCom has no monthly quota; it answers 45036, the limit for unusual traffic.
    MonthlyQuota,
    /// The token is refused as expired, in the vendor's words; on a call that refreshes tokens it is the refresh
    /// token. Only this request is refused, the token itself stays valid.
    TokenExpired,
    /// The token is refused as invalid, in the vendor's words.
    TokenRejected,
    /// The secret is refused: on a token call the app's secret, on a signed call the signature (Tencent Meeting
    /// 200003). On other calls it is [`Fault::TokenRejected`].
    WrongSecret,
    /// The clocks differ too much (Tencent Meeting 190300). For other vendors it is [`Fault::TokenRejected`].
    ClockSkew,
    /// The usual answer, cut off in the middle, with a matching `Content-Length`.
    MalformedJson,
    /// The usual answer, declared as `text/html`.
    WrongContentType,
    /// The usual answer, compressed although the client did not ask for it.
    Gzip,
    /// The usual answer, padded with spaces to this many bytes.
    Oversized(usize),
    /// A redirect (302) to this URL.
    Redirect(String),
    /// Status 503 with a line of plain text.
    Unavailable {
        /// Value of `Retry-After` in seconds.
        retry_after: Option<u64>,
    },
}

impl Fault {
    /// Returns the name of the variant, for messages of tests that go through all faults.
    pub fn name(&self) -> &'static str {
        match self {
            Self::ResetBeforeRead => "ResetBeforeRead",
            Self::ResetAfterRead => "ResetAfterRead",
            Self::NoAnswer => "NoAnswer",
            Self::StalledBody => "StalledBody",
            Self::TruncatedBody => "TruncatedBody",
            Self::ResetInBody => "ResetInBody",
            Self::ClosesAfter => "ClosesAfter",
            Self::Html(_) => "Html",
            Self::Status { .. } => "Status",
            Self::RateLimited => "RateLimited",
            Self::MonthlyQuota => "MonthlyQuota",
            Self::TokenExpired => "TokenExpired",
            Self::TokenRejected => "TokenRejected",
            Self::WrongSecret => "WrongSecret",
            Self::ClockSkew => "ClockSkew",
            Self::MalformedJson => "MalformedJson",
            Self::WrongContentType => "WrongContentType",
            Self::Gzip => "Gzip",
            Self::Oversized(_) => "Oversized",
            Self::Redirect(_) => "Redirect",
            Self::Unavailable { .. } => "Unavailable",
        }
    }
}
