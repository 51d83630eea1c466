//! Typed clients of four meeting vendors of China behind one crate.
//!
//! This crate only re-exports. Turn on the features of the vendors that you need: `feishu`, `wecom`, `dingtalk`,
//! `tencent`, or `full` for all. If you need only one vendor, you can depend on its crate instead.
//!
//! | feature | vendor | module |
//! |---|---|---|
//! | `feishu` | Feishu/Lark Video Conferencing (飞书视频会议) | `feishu` |
//! | `wecom` | WeCom Meeting (企业微信会议) | `wecom` |
//! | `dingtalk` | DingTalk Conference (钉钉视频会议) | `dingtalk` |
//! | `tencent` | Tencent Meeting (腾讯会议) | `tencent` |
//!
//! The guide explains everything step by step: see the module `guide` (中文见 `guide::zh`).
//!
//! TLS is selected with `rustls` (default) or `native-tls`. `events`, `axum`, `long-connection`, `gzip`, `jiff`,
//! `chrono`, `schemars` and `tracing` turn on the features with the same names in the vendor crates.

#![cfg_attr(
    not(any(feature = "feishu", feature = "wecom", feature = "dingtalk", feature = "tencent")),
    doc = "\n\n**No vendor is turned on in this build**: add one of the features above."
)]
#![warn(missing_docs)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(any(doc, doctest))]
pub mod guide;

pub use huiyi_core as core;
pub use huiyi_core::{
    Answer, BuildError, Error, ErrorKind, MemoryStore, QuotaPolicy, RetryPolicy, StaticToken, StoreError, StoredToken,
    Token, TokenSource, TokenStore, observe, paging, reqwest,
};

#[cfg(feature = "dingtalk")]
pub use huiyi_dingtalk as dingtalk;
#[cfg(feature = "feishu")]
pub use huiyi_feishu as feishu;
#[cfg(feature = "tencent")]
pub use huiyi_tencent as tencent;
#[cfg(feature = "wecom")]
pub use huiyi_wecom as wecom;

/// The program in the README compiles.
#[cfg(all(doctest, feature = "feishu", feature = "tencent"))]
#[doc = include_str!("../README.md")]
struct Readme;
