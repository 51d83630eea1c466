//! What a success says beside its value.

use progenitor_client::ResponseValue;

use crate::pipeline::WARNING;

/// Questions about a successful answer.
///
/// ```
/// use huiyi_core::{ResponseExt, ResponseValue};
///
/// /// Takes the value out, but not before its warning was seen.
/// fn value<T>(answer: ResponseValue<T>) -> T {
///     if let Some(warning) = answer.warning() {
///         eprintln!("the vendor remarks: {warning}");
///     }
///     answer.into_inner()
/// }
/// ```
pub trait ResponseExt {
    /// A remark that the vendor made although the call succeeded, for instance WeCom's
    /// `Warning: wrong json format`: part of the request may not have been understood.
    fn warning(&self) -> Option<&str>;
}

impl<T> ResponseExt for ResponseValue<T> {
    fn warning(&self) -> Option<&str> {
        self.headers().get(WARNING).and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
    }
}
