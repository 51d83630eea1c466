//! Facts about the loopback server, tested from outside by a client that only sends and reads bytes.

#![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

mod answers;
mod checks;
mod client;
mod dingtalk;
mod every_operation;
mod faults;
mod feishu;
mod refusals;
mod tencent;
mod wecom;
mod wire_faults;
