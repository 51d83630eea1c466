//! What the tests of the receivers share: senders that deliver like the vendors, and a clock that tests advance.

#![warn(missing_docs)]

pub mod apart;
pub mod clock;
pub mod draft;
pub mod fuzz;
pub mod receivers;
pub mod sender;

/// The vendors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vendor {
    /// Feishu, encrypted.
    Feishu,
    /// WeCom.
    WeCom,
    /// DingTalk.
    DingTalk,
    /// Tencent Meeting, encrypted.
    Tencent,
}

impl Vendor {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Feishu, Self::WeCom, Self::DingTalk, Self::Tencent];
}
