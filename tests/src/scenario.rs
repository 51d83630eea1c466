//! What can go wrong with a call: the rows of the fault matrix.

use huiyi_mock::Fault;

use crate::fault_matrix::BODY_LIMIT;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    /// Nothing listens on the port.
    ConnectionRefused,
    /// The connection is reset before the request was read.
    ResetBeforeRead,
    /// The connection is reset after the request was carried out.
    ResetAfterRead,
    /// No head of an answer within the time limit.
    NoAnswer,
    /// No end of the answer within the time limit.
    StalledBody,
    /// The connection ends in the middle of the answer.
    TruncatedBody,
    /// A proxy's page with status 502.
    BadGateway,
    /// Status 503 that asks the client to wait three seconds.
    Unavailable,
    /// Too many calls, in the vendor's own words.
    RateLimit,
    /// The calls of the month are used up.
    MonthlyQuota,
    /// The token is refused as expired.
    TokenExpired,
    /// The token is refused as revoked.
    TokenRevoked,
    /// Nothing listens where tokens are issued.
    TokenHostDown,
    /// Status 503 where tokens are issued.
    TokenUnavailable,
    /// The connection is reset before the token request was read.
    TokenResetBeforeRead,
    /// The connection is reset after the token was issued.
    TokenResetAfterRead,
    /// The app, or the user's refresh token, is unknown.
    TokenRefused,
    /// The secret is wrong.
    WrongSecret,
    /// The client's clock is an hour ahead.
    ClockSkew,
    /// Half a JSON document, with a length that fits.
    MalformedJson,
    /// JSON with the content type of HTML.
    WrongContentType,
    /// A compressed answer that nobody asked for.
    Gzip,
    /// An answer above the client's limit.
    Oversized,
    /// A redirection to another host.
    Redirect,
    /// The token store never answers.
    StoreHangs,
    /// The token store fails.
    StoreFails,
    /// A proxy's page with status 502: a megabyte of tags that are never closed.
    HugeErrorPage,
    /// The server has closed the connection that the previous call left open.
    ClosedWhileIdle,
    /// A token request was begun on a runtime that has stopped.
    RuntimeStandsStill,
}

impl Scenario {
    /// All scenarios, in the order of the table.
    pub const ALL: [Self; 29] = [
        Self::ConnectionRefused,
        Self::ResetBeforeRead,
        Self::ResetAfterRead,
        Self::NoAnswer,
        Self::StalledBody,
        Self::TruncatedBody,
        Self::BadGateway,
        Self::Unavailable,
        Self::RateLimit,
        Self::MonthlyQuota,
        Self::TokenExpired,
        Self::TokenRevoked,
        Self::TokenHostDown,
        Self::TokenUnavailable,
        Self::TokenResetBeforeRead,
        Self::TokenResetAfterRead,
        Self::TokenRefused,
        Self::WrongSecret,
        Self::ClockSkew,
        Self::MalformedJson,
        Self::WrongContentType,
        Self::Gzip,
        Self::Oversized,
        Self::Redirect,
        Self::StoreHangs,
        Self::StoreFails,
        Self::HugeErrorPage,
        Self::ClosedWhileIdle,
        Self::RuntimeStandsStill,
    ];

    /// Returns a short title.
    pub fn title(self) -> &'static str {
        match self {
            Self::ConnectionRefused => "connection refused",
            Self::ResetBeforeRead => "reset before the request was read",
            Self::ResetAfterRead => "reset after the request was read",
            Self::NoAnswer => "no answer in time",
            Self::StalledBody => "answer stalls",
            Self::TruncatedBody => "answer breaks off",
            Self::BadGateway => "HTML 502",
            Self::Unavailable => "503, Retry-After: 3",
            Self::RateLimit => "rate limit",
            Self::MonthlyQuota => "monthly quota",
            Self::TokenExpired => "token expired",
            Self::TokenRevoked => "token revoked",
            Self::TokenHostDown => "token request: connection refused",
            Self::TokenUnavailable => "token request: 503",
            Self::TokenResetBeforeRead => "token request: reset before read",
            Self::TokenResetAfterRead => "token request: reset after read",
            Self::TokenRefused => "token request: unknown app or user",
            Self::WrongSecret => "wrong secret",
            Self::ClockSkew => "clock an hour ahead",
            Self::MalformedJson => "half a JSON document",
            Self::WrongContentType => "JSON declared as HTML",
            Self::Gzip => "gzip unasked",
            Self::Oversized => "answer too large",
            Self::Redirect => "redirect to another host",
            Self::StoreHangs => "token store hangs",
            Self::StoreFails => "token store fails",
            Self::HugeErrorPage => "HTML 502 of a megabyte",
            Self::ClosedWhileIdle => "connection closed while idle",
            Self::RuntimeStandsStill => "runtime stands still",
        }
    }

    /// Returns whether it can strike a single request instead of all of them.
    pub fn can_strike_once(self) -> bool {
        !matches!(
            self,
            Self::ConnectionRefused
                | Self::TokenHostDown
                | Self::TokenRefused
                | Self::WrongSecret
                | Self::ClockSkew
                | Self::StoreHangs
                | Self::StoreFails
                | Self::ClosedWhileIdle
                | Self::RuntimeStandsStill
        )
    }

    /// Returns whether it is about tokens. Then Tencent Meeting's client acts for a user: its app needs no token.
    pub(crate) fn concerns_tokens(self) -> bool {
        use Scenario::{
            RuntimeStandsStill, StoreFails, StoreHangs, TokenExpired, TokenHostDown, TokenRefused, TokenResetAfterRead,
            TokenResetBeforeRead, TokenRevoked, TokenUnavailable,
        };
        matches!(
            self,
            TokenExpired
                | TokenRevoked
                | TokenHostDown
                | TokenUnavailable
                | TokenResetBeforeRead
                | TokenResetAfterRead
                | TokenRefused
                | StoreHangs
                | StoreFails
                | RuntimeStandsStill
        )
    }

    /// Returns the server's fault for it, and whether it strikes token requests.
    pub(crate) fn fault(self, elsewhere: &str) -> Option<(Fault, bool)> {
        let call = |fault| Some((fault, false));
        let token = |fault| Some((fault, true));
        match self {
            Self::ResetBeforeRead => call(Fault::ResetBeforeRead),
            Self::ResetAfterRead => call(Fault::ResetAfterRead),
            Self::NoAnswer => call(Fault::NoAnswer),
            Self::StalledBody => call(Fault::StalledBody),
            Self::TruncatedBody => call(Fault::TruncatedBody),
            Self::BadGateway => call(Fault::Html(502)),
            Self::Unavailable => call(Fault::Unavailable { retry_after: Some(3) }),
            Self::RateLimit => call(Fault::RateLimited),
            Self::MonthlyQuota => call(Fault::MonthlyQuota),
            Self::TokenExpired => call(Fault::TokenExpired),
            Self::TokenRevoked => call(Fault::TokenRejected),
            Self::TokenUnavailable => token(Fault::Unavailable { retry_after: None }),
            Self::TokenResetBeforeRead => token(Fault::ResetBeforeRead),
            Self::TokenResetAfterRead => token(Fault::ResetAfterRead),
            Self::MalformedJson => call(Fault::MalformedJson),
            Self::WrongContentType => call(Fault::WrongContentType),
            Self::Gzip => call(Fault::Gzip),
            Self::Oversized => call(Fault::Oversized(2 * BODY_LIMIT)),
            Self::HugeErrorPage => call(huge_error_page()),
            Self::Redirect => call(Fault::Redirect(format!("{elsewhere}/elsewhere?access_token=token-sentinel"))),
            Self::ConnectionRefused
            | Self::TokenHostDown
            | Self::TokenRefused
            | Self::WrongSecret
            | Self::ClockSkew
            | Self::StoreHangs
            | Self::StoreFails
            | Self::ClosedWhileIdle
            | Self::RuntimeStandsStill => None,
        }
    }
}

/// Makes a page that a careless reader of HTML scans again and again.
fn huge_error_page() -> Fault {
    const PIECE: &str = "<script></script";
    Fault::Status {
        status: 502,
        headers: vec![("Content-Type".to_owned(), "text/html".to_owned())],
        body: PIECE.repeat((1 << 20) / PIECE.len()),
    }
}
