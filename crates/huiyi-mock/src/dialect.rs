//! What differs from vendor to vendor: how a caller proves who it is, how tokens are issued, and how a
//! refusal is worded. One implementation per vendor, in the file named after it.

pub(crate) mod dingtalk;
pub(crate) mod feishu;
pub(crate) mod tencent;
pub(crate) mod wecom;

use serde_json::Value;

use crate::check::Violation;
use crate::http::Response;
use crate::ledger::{BadToken, Ledger, TokenKind};
use crate::record::Request;
use crate::spec::Operation;

/// Why a request is refused, before a vendor puts it into its own words.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Refusal {
    /// No token, or a header of the signature is missing; names what.
    NoCredentials(&'static str),
    /// The token is not one of the vendor's at all.
    MalformedToken,
    /// The token was never issued, or was revoked.
    TokenRejected(TokenKind),
    /// The token's time is over.
    TokenExpired(TokenKind),
    /// The call does not take this kind of token.
    WrongTokenKind(TokenKind),
    /// The secret or the signature is wrong.
    WrongSecret,
    /// The clocks differ too much.
    ClockSkew,
    /// Too many calls; seconds until the next one is answered.
    RateLimited(i64),
    /// The calls of the month are used up.
    MonthlyQuota,
    /// No operation has this method and path.
    UnknownPath,
    /// The request does not fit the document.
    Unfit(Violation),
    /// A refusal that only this vendor has.
    Own {
        /// The HTTP status.
        status: u16,
        /// The vendor's code, a number or a text.
        code: Value,
        /// Text for people.
        message: String,
    },
}

impl Refusal {
    /// Makes a refusal that only one vendor has.
    pub(crate) fn own(status: u16, code: impl Into<Value>, message: &str) -> Self {
        Self::Own { status, code: code.into(), message: message.to_owned() }
    }

    /// Words the state of an access token.
    pub(crate) fn of_token(kind: TokenKind) -> impl Fn(BadToken) -> Self {
        move |bad| match bad {
            BadToken::Expired => Self::TokenExpired(kind),
            BadToken::Unknown | BadToken::Spent => Self::TokenRejected(kind),
        }
    }
}

/// A request under way: what it asked for, and what is known when it is answered.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) request: &'a Request,
    /// The operation; `None` for unknown paths.
    pub(crate) operation: Option<&'static Operation>,
    /// Seconds since the Unix epoch, by the server's clock.
    pub(crate) now: i64,
    /// Random text for request ids, the same in headers and body.
    pub(crate) trace: &'a str,
}

impl Call<'_> {
    /// Returns the `operationId`, empty for unknown paths.
    pub(crate) fn id(&self) -> &str {
        self.operation.map(|operation| operation.id.as_str()).unwrap_or_default()
    }
}

/// A vendor's way of speaking.
pub(crate) trait Dialect: Sync {
    /// Lists the operations that issue tokens.
    fn token_operations(&self) -> &'static [&'static str];

    /// Lists query parameters that every call takes, beside those of the document.
    fn query_parameters(&self) -> &'static [&'static str] {
        &[]
    }

    /// Checks the credentials of a call that needs some.
    fn authenticate(&self, call: &Call<'_>, ledger: &mut Ledger) -> Result<(), Refusal>;

    /// Carries out a call that needs more than an example for its answer; `None` for all others.
    fn perform(&self, call: &Call<'_>, body: &Value, ledger: &mut Ledger) -> Option<Result<Value, Refusal>>;

    /// Tells what kind of token a request carries; decides the words of a refusal.
    fn presented(&self, _call: &Call<'_>) -> TokenKind {
        TokenKind::Tenant
    }

    /// Words a refusal.
    fn refuse(&self, call: &Call<'_>, refusal: &Refusal) -> Response;

    /// Returns the HTTP status of a failure for which none is documented.
    fn failure_status(&self) -> u16 {
        400
    }

    /// Returns the body of a success that has no example.
    fn plain_success(&self) -> Value;

    /// Returns the headers by which the vendor finds a call again.
    fn trace_headers(&self, call: &Call<'_>) -> Vec<(&'static str, String)>;
}

/// Returns a text member of a body, empty if there is none.
pub(crate) fn text<'a>(body: &'a Value, name: &str) -> &'a str {
    body[name].as_str().unwrap_or_default()
}
