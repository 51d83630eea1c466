//! Test servers that behave like Feishu, WeCom, DingTalk and Tencent Meeting, and typed stubs on top of them.
//!
//! With a vendor's feature, a mock gives the answers that the test sets, in the types of the vendor's client:
//!
#![cfg_attr(feature = "feishu", doc = "```")]
#![cfg_attr(not(feature = "feishu"), doc = "```ignore")]
//! use huiyi_feishu::types::{GetMeetingResponse, Meeting};
//! use huiyi_mock::FeishuMock;
//!
//! # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
//! let mock = FeishuMock::start().await;
//! mock.get_meeting().meeting_id("6911").answers(GetMeetingResponse::new().meeting(Meeting::new().topic("Weekly")));
//!
//! let client = mock.client(); // give it to the code under test
//! let answer = client.get_meeting("6911").send().await?;
//! assert_eq!(answer.meeting.topic.as_deref(), Some("Weekly"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! * A stub for each operation: its arguments by name, `.answers(..)`, `.fails(code)`, `.sequence(..)`,
//!   `.pages(..)`, `.fault(..)`; see [`Stub`].
//! * A call without a stub fails and names the nearest stub; a stub that gets fewer calls than expected fails the
//!   test.
//! * [`mock.client()`](FeishuMock::client) needs no credentials, has no quotas, and does not wait.
//! * [`mock.deliver(event)`](FeishuMock::deliver) delivers events, signed and encrypted in the vendor's way.
//!
//! A [`Sandbox`] is a server with a memory: meetings are booked, begin, end, and are recorded, and events are
//! pushed.
//!
//! # The server beneath
//!
//! [`Loopback`] replaces the real hosts, for clients in any language. It checks credentials, tokens and signatures
//! in the vendor's way, finds the operation in the bundled OpenAPI document, refuses requests that do not fit the
//! document, and answers with the vendor's own examples. Faults can be queued, down to single bytes. It is written
//! from the documents alone and does not use the client crates, so a mistake in a client cannot be repeated here.
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
#[cfg(feature = "delivery")]
#[cfg_attr(docsrs, doc(cfg(feature = "delivery")))]
pub mod event;
mod fault;
#[cfg(feature = "long-connection")]
mod gateway;
#[cfg(any(feature = "feishu", feature = "wecom", feature = "dingtalk", feature = "tencent"))]
#[rustfmt::skip]
#[allow(missing_docs, deprecated, unused_imports, clippy::all, reason = "generated: the texts stand in the clients")]
mod generated;
mod http;
mod ledger;
#[cfg(any(feature = "feishu", feature = "wecom", feature = "dingtalk", feature = "tencent"))]
mod mocks;
mod multipart;
mod quota;
mod random;
mod record;
#[cfg(feature = "sandbox")]
mod sandbox;
mod server;
mod spec;
mod state;
mod stub;
#[cfg(any(feature = "feishu", feature = "wecom", feature = "dingtalk", feature = "tencent"))]
mod typed;

pub use answer::BINARY_ANSWER;
pub use client::shared_http;
pub use dialect::tencent::tencent_signature;
pub use fault::{Fault, Target};
#[cfg(feature = "long-connection")]
pub use gateway::{AskFault, Break, Gateway, Tally};
pub use quota::Quota;
pub use record::Request;
#[cfg(feature = "sandbox")]
#[cfg_attr(docsrs, doc(cfg(feature = "sandbox")))]
pub use sandbox::{Impossible, Pushed, Sandbox, SandboxBuilder};
pub use server::{Loopback, Vendor};
pub use stub::{Code, UNMATCHED};
#[cfg(all(
    feature = "events",
    any(feature = "feishu", feature = "wecom", feature = "dingtalk", feature = "tencent")
))]
#[cfg_attr(docsrs, doc(cfg(feature = "events")))]
pub use typed::Delivery;
#[cfg(any(feature = "feishu", feature = "wecom", feature = "dingtalk", feature = "tencent"))]
pub use typed::{Call, MockClock, PagedCall, Reply, Stub, Unreadable};

#[cfg(feature = "dingtalk")]
pub use mocks::dingtalk::DingTalkMock;
#[cfg(feature = "feishu")]
pub use mocks::feishu::FeishuMock;
#[cfg(feature = "tencent")]
pub use mocks::tencent::TencentMock;
#[cfg(feature = "wecom")]
pub use mocks::wecom::WeComMock;

/// The typed mock of Feishu: [`FeishuMock`] and the calls that it receives.
#[cfg(feature = "feishu")]
#[cfg_attr(docsrs, doc(cfg(feature = "feishu")))]
pub mod feishu {
    pub use crate::generated::feishu as calls;
    pub use crate::mocks::feishu::FeishuMock;
}

/// The typed mock of WeCom: [`WeComMock`] and the calls that it receives.
#[cfg(feature = "wecom")]
#[cfg_attr(docsrs, doc(cfg(feature = "wecom")))]
pub mod wecom {
    pub use crate::generated::wecom as calls;
    pub use crate::mocks::wecom::WeComMock;
}

/// The typed mock of DingTalk: [`DingTalkMock`] and the calls that it receives.
#[cfg(feature = "dingtalk")]
#[cfg_attr(docsrs, doc(cfg(feature = "dingtalk")))]
pub mod dingtalk {
    pub use crate::generated::dingtalk as calls;
    pub use crate::mocks::dingtalk::DingTalkMock;
}

/// The typed mock of Tencent Meeting: [`TencentMock`] and the calls that it receives.
#[cfg(feature = "tencent")]
#[cfg_attr(docsrs, doc(cfg(feature = "tencent")))]
pub mod tencent {
    pub use crate::generated::tencent as calls;
    pub use crate::mocks::tencent::TencentMock;
}

/// The programs in the README compile.
#[cfg(all(doctest, feature = "feishu"))]
#[doc = include_str!("../README.md")]
struct Readme;

/// An answer of another operation is a compile error.
///
/// ```compile_fail,E0277
/// async fn wrong(mock: huiyi_mock::FeishuMock) {
///     mock.get_meeting().answers(huiyi_feishu::types::ListRoomsResponse::new());
/// }
/// ```
#[cfg(all(doctest, feature = "feishu"))]
struct WrongAnswer;
