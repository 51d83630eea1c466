//! An in-process server that speaks as the four meeting vendors do.
//!
//! It stands in for the real hosts in examples, contract tests, fault tests and benchmarks: it checks
//! credentials, tokens and signatures the vendor's way, finds the operation in the bundled OpenAPI
//! document, refuses requests that do not fit the document, and answers with the vendor's own examples.
//! Faults can be queued down to the level of bytes. It knows the vendors from the documents alone and must
//! not depend on the client crates, so that a mistake in a client cannot hide in here as well.
//!
//! ```
//! use huiyi_mock::{Fault, Loopback, Target, Vendor};
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let server = Loopback::start(Vendor::WeCom).await?;
//! server.fault(Target::Operation("create_meeting".to_owned()), Fault::RateLimited);
//! // .. point a client at `server.base_url()` ..
//! assert_eq!(server.token_requests(), 0);
//! # std::io::Result::Ok(())
//! # })?;
//! # std::io::Result::Ok(())
//! ```

#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod answer;
mod check;
mod client;
mod clock;
mod connection;
pub mod credentials;
mod dialect;
mod dingtalk;
mod fault;
mod feishu;
#[cfg(feature = "long-connection")]
mod gateway;
mod http;
mod ledger;
mod multipart;
mod quota;
mod random;
mod record;
mod server;
mod spec;
mod state;
mod tencent;
mod wecom;

pub use answer::BINARY_ANSWER;
pub use client::shared_http;
pub use fault::{Fault, Target};
#[cfg(feature = "long-connection")]
pub use gateway::{AskFault, Break, Gateway, Tally};
pub use quota::Quota;
pub use record::Request;
pub use server::{Loopback, Vendor};
pub use tencent::tencent_signature;

/// The program in the README runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
