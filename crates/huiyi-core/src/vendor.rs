//! The facts that a vendor crate states; everything else is shared.

pub mod operation;

use std::time::Duration;

use http::{HeaderMap, StatusCode};

use crate::error::excerpt;
use crate::error::{ErrorCode, ErrorKind, REQUEST_ID};
use crate::operation::Operation;

/// One vendor's API as the runtime sees it.
///
/// A vendor crate has one of these as a `static`; applications never make one.
#[derive(Debug)]
pub struct Vendor {
    /// Short name in errors and logs: `feishu`, `wecom`, `dingtalk`, `tencent`.
    pub name: &'static str,
    /// What [`CustomRequest`](crate::call::custom::CustomRequest) assumes of an operation that no spec has.
    pub custom: &'static Operation,
    /// The error table, sorted by code.
    pub errors: &'static [ErrorCode],
    /// Codes with which the vendor refuses everything that comes from this address, whoever calls.
    pub bans: &'static [&'static str],
    /// Reads the head of an answer: success, or which failure.
    pub read: fn(&Received<'_>) -> Verdict,
    /// Whether the value of an answer is its member `data`, and not the whole body.
    pub has_data_member: bool,
    /// Response headers that carry the request id, best first.
    pub request_id_headers: &'static [&'static str],
    /// How long the vendor's headers ask to wait after a rate limit.
    pub wait_hint: fn(&HeaderMap) -> Option<Duration>,
    /// The API host for clients that choose no other. An operation with a host of its own is sent there only if
    /// the client uses this one.
    pub default_url: &'static str,
    /// The hosts of the vendor that answer these operations.
    pub own_hosts: &'static [&'static str],
    /// What the paths of its operations begin with, without slashes.
    pub own_prefixes: &'static [&'static str],
    /// Whether header names are sent as `Title-Case`, for servers that insist on it.
    pub title_case_headers: bool,
}

/// An answer that has arrived in full and has not been understood yet.
#[derive(Clone, Copy, Debug)]
pub struct Received<'a> {
    /// The operation that was called; `None` for a token request.
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
        /// A remark that came with the success and should not be lost.
        warning: Option<String>,
    },
    /// The vendor refused the call.
    Failure(Failure),
    /// The body is not what the vendor documents: an HTML page, half a JSON document.
    Malformed(String),
}

/// A refusal in the vendor's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure {
    /// The code as text.
    pub code: Option<String>,
    /// The message.
    pub message: String,
    /// What the answer says beside the message: fields that are wrong, scopes that are missing.
    pub details: Vec<String>,
    /// What the code means by a rule of the vendor's, where no table lists it.
    pub kind: Option<ErrorKind>,
    /// Request id found in the body.
    pub request_id: Option<String>,
    /// Help link found in the body.
    pub help: Option<String>,
    /// How long such a refusal lasts, where the vendor's pages say so. What the answer's headers ask for
    /// comes first.
    pub retry_after: Option<Duration>,
}

/// What stands for the vendor of an answer that nobody sent.
static NONE: Vendor = Vendor {
    name: "",
    custom: &Operation {
        id: "",
        method: "GET",
        path: "",
        host: None,
        title: "",
        docs: "",
        idempotent: false,
        tokens: &[],
        scopes: &[],
        limits: &[],
        raw: false,
        members: &[],
        errors: &[],
    },
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

impl Vendor {
    pub(crate) fn none() -> &'static Self {
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
