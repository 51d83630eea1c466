//! Shares tokens, refresh tokens, quotas and seen deliveries of events among many processes through Redis or Valkey.
//!
//! If many replicas start at the same time, they cause one token request. A user's refresh token is used once. All
//! replicas together keep the documented quotas.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use huiyi_redis::Redis;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let redis = Redis::new("redis://127.0.0.1:6379")?.with_prefix("booking").with_replicas(8);
//! let client = huiyi_feishu::Client::builder()
//!     .app("cli_a1b2c3", std::env::var("SECRET")?)
//!     .token_store(Arc::new(redis.clone()))
//!     .shared_quota(Arc::new(redis.clone()))
//!     .build()?;
//! // For each user, instead of a table of refresh tokens:
//! let keeper = redis.keeper("feishu:ou_7d8a6e6df7621556ce0d21922b676706ccs");
//! # let _ = (client, keeper); Ok(()) }
//! ```
//!
//! # If Redis is down
//!
//! No call waits longer for Redis than the [time limit](Redis::with_time_limit) of a command. The client then works
//! alone: it requests its own tokens and keeps the quotas in the process, each divided by the
//! [number of replicas](Redis::with_replicas). A failed token store or keeper is reported to the observer
//! (`Observer::store_failed`). With the feature `tracing`, these failures and those of the quotas are logged at WARN.
//! A second later it tries Redis again, over a new connection, also if the old
//! one was not closed, if Redis refused the password, or if the server has become a replica. If Redis loses its data,
//! the quota windows are lost too, so let it write to disk (`appendonly yes`).
//!
//! A process does not know which calls the others have made just before, so in the first window without Redis all
//! processes together may make up to twice as many calls as a quota allows. When Redis is back, each process first
//! enters the calls that it has made alone and that still count (at most the last 10,000); those that have not ended
//! are entered when they end.
//!
//! # What is stored
//!
//! Access tokens until they expire, refresh tokens and when they arrived, the last owners of leases, and for each
//! documented limit the calls of one window. All keys begin with the prefix. With [`Redis::encrypted`] (feature
//! `encryption`) nobody who can read Redis sees a token. Redis 6 and newer and Valkey work; the scripts need no
//! modules.
//!
//! With the feature `events`, [`Redis`] is also a record of delivered events (`Seen`): an event that is delivered to
//! several replicas is handled by one of them.
//!
//! A connection belongs to the runtime that first used it.

#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod connection;
mod deliveries;
mod keeper;
mod quota;
mod seal;
#[cfg(feature = "events")]
mod seen;
mod tokens;

pub use connection::Redis;
pub use keeper::RedisKeeper;
pub use redis::RedisError;

/// The programs in the README compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
