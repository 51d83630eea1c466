//! The typed mocks, one for each vendor.

#[cfg(feature = "dingtalk")]
pub(crate) mod dingtalk;
#[cfg(feature = "feishu")]
pub(crate) mod feishu;
#[cfg(feature = "tencent")]
pub(crate) mod tencent;
#[cfg(feature = "wecom")]
pub(crate) mod wecom;
