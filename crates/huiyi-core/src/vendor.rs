//! The facts that a vendor crate declares; everything else is shared.

pub mod operation;

use std::time::Duration;

use http::{HeaderMap, StatusCode};

use crate::error::excerpt;
use crate::error::{ErrorCode, ErrorKind, REQUEST_ID};
use crate::operation::Operation;

/// One vendor's API as the runtime sees it.
///
/// Each vendor crate has one as a `static`; applications never create one.
#[derive(Debug)]
pub struct Vendor {
    /// Short name in errors and logs: `feishu`, `wecom`, `dingtalk`, `tencent`.
    pub name: &'static str,
    /// Defaults that [`CustomRequest`](crate::call::custom::CustomRequest) uses for an operation that no spec
    /// describes.
    pub custom: &'static Operation,
    /// The error table, sorted by code.
    pub errors: &'static [ErrorCode],
    /// Codes with which the vendor rejects every request from this address, whatever the credentials.
    pub bans: &'static [&'static str],
    /// Reads the head of an answer: a success or a failure, and which failure.
    pub read: fn(&Received<'_>) -> Verdict,
    /// Whether the value of an answer is in the member `data`. If not, the whole body is the value.
    pub has_data_member: bool,
    /// Response headers that carry the request id, best first.
    pub request_id_headers: &'static [&'static str],
    /// How long the vendor's headers ask the client to wait after a rate limit.
    pub wait_hint: fn(&HeaderMap) -> Option<Duration>,
    /// The default API host. An operation with a different host is sent to that host only if the client uses
    /// this default.
    pub default_url: &'static str,
    /// The vendor's hosts that serve these operations.
    pub own_hosts: &'static [&'static str],
    /// The path prefixes of the vendor's operations, without slashes.
    pub own_prefixes: &'static [&'static str],
    /// Whether header names are sent as `Title-Case`, for servers that require it.
    pub title_case_headers: bool,
}

/// An answer that has arrived in full and is not yet interpreted.
#[derive(Clone, Copy, Debug)]
pub struct Received<'a> {
    /// The operation that was called, also for a token request; `None` if the body is not text.
    pub operation: Option<&'a Operation>,
    /// HTTP status as received.
    pub status: StatusCode,
    /// Headers as received.
    pub headers: &'a HeaderMap,
    /// The body, already known to be UTF-8.
    pub body: &'a str,
}

/// What an answer says about the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The call succeeded.
    Success {
        /// A warning that came with the success and must be kept.
        warning: Option<String>,
    },
    /// The vendor refused the call.
    Failure(Failure),
    /// The body is not what the vendor documents: an HTML page, half a JSON document.
    Malformed(String),
}

/// A refusal as the vendor reports it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    /// The code as text.
    pub code: Option<String>,
    /// The message.
    pub message: String,
    /// What the answer says besides the message: fields that are wrong, scopes that are missing.
    pub details: Vec<String>,
    /// The kind that a rule of the vendor gives the code, if no table lists it.
    pub kind: Option<ErrorKind>,
    /// Request id found in the body.
    pub request_id: Option<String>,
    /// Help link found in the body.
    pub help: Option<String>,
    /// How long such a refusal lasts, if the vendor's pages say so. A wait in the headers of the answer takes
    /// precedence.
    pub retry_after: Option<Duration>,
}

impl Vendor {
    /// The vendor of an answer that was not received; tests set what they need of it.
    pub(crate) const NONE: Self = Self {
        name: "",
        custom: &Operation::NONE,
        errors: &[],
        bans: &[],
        read: |_| Verdict::Success { warning: None },
        has_data_member: false,
        request_id_headers: &[],
        wait_hint: |_| None,
        default_url: "",
        own_hosts: &[],
        own_prefixes: &[],
        title_case_headers: false,
    };

    pub(crate) fn none() -> &'static Self {
        static NONE: Vendor = Vendor::NONE;
        &NONE
    }

    pub(crate) fn request_id(&self, headers: &HeaderMap) -> Option<String> {
        self.request_id_headers
            .iter()
            .find_map(|name| headers.get(*name))
            .and_then(|value| value.to_str().ok())
            .map(|id| excerpt::shortened(id, REQUEST_ID).into_owned())
    }
}
