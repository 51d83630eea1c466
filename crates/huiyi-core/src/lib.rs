//! The runtime that the huiyi meeting clients share.
//!
//! Applications use a vendor crate, which re-exports from here what they need. One pipeline
//! serves all vendors:
//!
//! ```text
//! quota -> credentials -> send -> read -> classify
//!   ^                                        |
//!   '--- wait (transient) / refresh once ----'
//! ```
//!
//! What an application meets: [`ApiError`] with [`ErrorExt`], [`RetryPolicy`], [`QuotaPolicy`],
//! [`TokenSource`] and [`TokenStore`], [`paging`], [`observe`], and the [`wire`] types in
//! the fields of requests and answers. The rest is for the vendor crates.

#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[doc(hidden)]
pub mod argument;
pub mod clock;
pub mod decode;
pub mod download;
pub mod envelope;
pub mod error;
pub mod identity;
pub mod observe;
pub mod operation;
#[doc(hidden)]
pub mod outgoing;
pub mod paging;
pub mod pipeline;
pub mod pkce;
pub mod session;
pub mod settings;
pub mod ticket;
pub mod token;
pub mod token_cache;
pub mod token_store;
pub mod transport;
pub mod user_token;
pub mod vendor;
pub mod wire;

mod classify;
mod error_ext;
mod json_path;
mod path;
mod patience;
mod quota;
mod redact;
mod response_ext;
mod retry;
mod trace;

pub use classify::seconds as header_seconds;
pub use clock::BoxFuture;
pub use error::{ApiError, ErrorKind};
pub use error_ext::{Description, ErrorExt};
#[doc(hidden)]
pub use path::encode_path;
pub use progenitor_client::{self, ByteStream, Error, ResponseValue};
pub use quota::QuotaPolicy;
pub use reqwest;
pub use response_ext::ResponseExt;
pub use retry::RetryPolicy;
pub use secrecy;
pub use session::Session;
pub use settings::{BuildError, Settings};
pub use token::{StaticToken, Token, TokenSource};
pub use token_store::{MemoryStore, StoredToken, TokenStore};

#[cfg(feature = "schemars")]
#[doc(hidden)]
pub use schemars;
#[doc(hidden)]
pub use serde;
