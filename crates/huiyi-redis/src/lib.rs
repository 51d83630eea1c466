//! What many processes of one service share through Redis or Valkey: tokens, refresh tokens, quotas, and which
//! deliveries of events were seen.
//!
//! N replicas that start cold cause one token request; a user's refresh token is spent once; a documented quota is
//! kept by all of them together.
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
//! No call waits for it longer than the [time limit](Redis::with_time_limit) of a command. The client then works
//! alone: it asks for tokens of its own and keeps the quotas in the process, each divided by the
//! [number of replicas](Redis::with_replicas). It says so to its observer (`Observer::store_failed`) and, with the
//! feature `tracing`, at WARN. A second later Redis is asked again. A Redis that
//! has lost its data has lost the windows of the quotas: let it write to disk (`appendonly yes`).
//!
//! # What is stored
//!
//! Access tokens until they expire, refresh tokens, the owners of leases, and for each documented limit the calls of
//! one window. All keys begin with the prefix. With [`Redis::encrypted`] (feature `encryption`) nobody who reads
//! Redis sees a token. Redis 6 and newer and Valkey do; the scripts need no modules.
//!
//! With the feature `events`, [`Redis`] is a memory of delivered events as well (`Seen`): an event that comes to
//! several replicas is handled by one of them.
//!
//! A connection belongs to the runtime that used it first.

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
