//! Stubs in the types of the clients: one method for each operation, its arguments by name, its answer by type.
//!
//! The server beneath still uses only the vendors' documents; this layer only converts what the server sends and
//! receives.

mod clock;
#[cfg(feature = "events")]
mod delivery;
mod mock;
#[allow(dead_code, reason = "no vendor needs every kind of argument")]
mod read;
mod reply;
mod stub;
mod tokens;

pub use clock::MockClock;
#[cfg(feature = "events")]
pub use delivery::Delivery;
pub(crate) use mock::Core;
pub use read::Unreadable;
pub use reply::Reply;
pub use stub::Stub;

pub(crate) use mock::typed_mock;
#[allow(unused_imports, reason = "no vendor needs every kind of argument")]
pub(crate) use read::{body, bytes, list, optional, optional_body, optional_list, required};
pub(crate) use tokens::UserTokens;

use serde::Serialize;
use serde_json::Value;

use crate::record::Request;
use crate::stub::Content;

/// A call as the server received it, in the client's types.
///
/// Implemented by the structs of the modules [`feishu::calls`](crate::feishu::calls) and its siblings, one for each
/// operation.
pub trait Call: Sized + 'static {
    /// The operation's name.
    const OPERATION: &'static str;
    /// The answer of the client's method.
    type Answer;

    /// Reads a request.
    ///
    /// # Errors
    ///
    /// If an argument does not fit its type; the clients do not send such arguments.
    fn read(request: &Request) -> Result<Self, Unreadable>;

    /// Builds the content of an answer.
    #[doc(hidden)]
    fn content(answer: &Self::Answer) -> Content;
}

/// A call that returns pages.
pub trait PagedCall: Call {}

/// Builds content for `data` of the vendor's envelope.
pub(crate) fn data(answer: &impl Serialize) -> Content {
    Content::Data(json(answer))
}

/// Builds content that stands next to the members of the vendor's envelope.
pub(crate) fn flat(answer: &impl Serialize) -> Content {
    Content::Flat(json(answer))
}

/// Converts a value of the clients to JSON. All of them are structs, lists and scalars, so this does not fail.
fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}
