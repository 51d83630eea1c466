//! The runtime that the huiyi meeting clients share.
//!
//! Applications use a vendor crate, which re-exports what they need from this crate. One pipeline serves all
//! vendors:
//!
//! ```text
//! credential -> quota -> sign -> send -> read -> classify
//!     ^                                              |
//!     '------ wait (transient) / refresh once -------'
//! ```
//!
//! Applications use [`Answer`] and [`Error`], [`RetryPolicy`], [`QuotaPolicy`], [`TokenSource`] and
//! [`TokenStore`], [`paging`], [`observe`], and the [`wire`] types in the fields of requests and answers. The
//! rest is for the vendor crates.

#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod answer;
pub mod call;
pub mod client;
pub mod clock;
pub mod error;
#[cfg(feature = "events")]
pub mod event;
pub mod observe;
pub mod paging;
pub mod token;
pub mod transport;
pub mod vendor;
pub mod wire;

pub use answer::{Answer, decode, download, envelope};
#[doc(hidden)]
pub use call::request;
pub use call::{custom, identity, quota, retry, session, wait};
pub(crate) use error::redact;
pub use vendor::operation;

pub use answer::download::Download;
pub use call::custom::CustomRequest;
#[doc(hidden)]
pub use call::path::encoded as encode_path;
pub use call::quota::QuotaPolicy;
pub use call::retry::RetryPolicy;
pub use call::session::Session;
pub use client::{BuildError, IntoSecret, Settings};
pub use clock::BoxFuture;
pub use error::{Error, ErrorKind};
pub use reqwest;
pub use secrecy;
pub use token::{Lease, Leased, MemoryStore, StaticToken, StoreError, StoredToken, Token, TokenSource, TokenStore};
pub use token::{cache as token_cache, pkce, store as token_store, ticket, user as user_token};

pub use transport::retry_after::seconds as header_seconds;

#[cfg(feature = "schemars")]
#[doc(hidden)]
pub use schemars;
#[doc(hidden)]
pub use serde;
