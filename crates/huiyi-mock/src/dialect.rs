//! The differences between the vendors: how callers authenticate, how tokens are issued, and how errors are worded.
//! Each vendor has an implementation in the file named after it.

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

/// The reason why a request is refused, independent of a vendor's wording.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Refusal {
    /// No token, or a header of the signature is missing; names the missing item.
    NoCredentials(&'static str),
    /// The token does not have the vendor's format.
    MalformedToken,
    /// The token was never issued, or was revoked.
    TokenRejected(TokenKind),
    /// The token has expired.
    TokenExpired(TokenKind),
    /// The call does not accept this kind of token.
    WrongTokenKind(TokenKind),
    /// The secret or the signature is wrong.
    WrongSecret,
    /// The clocks differ too much.
    ClockSkew,
    /// Too many calls; the number is the seconds until the next call is answered.
    RateLimited(i64),
    /// The monthly quota of calls is used up.
    MonthlyQuota,
    /// No operation has this method and path.
    UnknownPath,
    /// The request does not fit the document.
    Unfit(Violation),
    /// An error that only this vendor has.
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
    /// Builds an error that only one vendor has.
    pub(crate) fn own(status: u16, code: impl Into<Value>, message: &str) -> Self {
        Self::Own { status, code: code.into(), message: message.to_owned() }
    }

    /// Converts the state of an access token.
    pub(crate) fn of_token(kind: TokenKind) -> impl Fn(BadToken) -> Self {
        move |bad| match bad {
            BadToken::Expired => Self::TokenExpired(kind),
            BadToken::Unknown | BadToken::Spent => Self::TokenRejected(kind),
        }
    }
}

/// A request in progress, with the data that its response needs.
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

/// The behaviour of a vendor.
pub(crate) trait Dialect: Sync {
    /// Lists the operations that issue tokens.
    fn token_operations(&self) -> &'static [&'static str];

    /// Lists query parameters that every call accepts, in addition to those of the document.
    fn query_parameters(&self) -> &'static [&'static str] {
        &[]
    }

    /// Checks the credentials of a call that needs them.
    fn authenticate(&self, call: &Call<'_>, ledger: &mut Ledger) -> Result<(), Refusal>;

    /// Carries out a call whose answer is not an example; `None` for all others.
    fn perform(&self, call: &Call<'_>, body: &Value, ledger: &mut Ledger) -> Option<Result<Value, Refusal>>;

    /// Returns the kind of token in a request; it decides the wording of an error.
    fn presented(&self, _call: &Call<'_>) -> TokenKind {
        TokenKind::Tenant
    }

    /// Builds the response for an error, in the vendor's words.
    fn refuse(&self, call: &Call<'_>, refusal: &Refusal) -> Response;

    /// Returns the HTTP status of a failure that has no documented status.
    fn failure_status(&self) -> u16 {
        400
    }

    /// Returns the body of a success without an example.
    fn plain_success(&self) -> Value;

    /// Returns the headers with the vendor's request ids.
    fn trace_headers(&self, call: &Call<'_>) -> Vec<(&'static str, String)>;
}

/// Returns a text member of a body, or an empty text.
pub(crate) fn text<'a>(body: &'a Value, name: &str) -> &'a str {
    body[name].as_str().unwrap_or_default()
}
