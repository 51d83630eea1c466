//! A whole meeting in the sandbox of each vendor, with the real client and the receiver of its events.

#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod codes;
mod control;
mod curl;
mod dingtalk;
mod feishu;
mod inbox;
mod model;
mod pages;
mod python;
mod raw;
mod tencent;
mod wecom;
