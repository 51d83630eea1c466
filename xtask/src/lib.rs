//! The workspace's code generator: OpenAPI documents in YAML become client crates.
//!
//! One stage per module, in this order: [`bundle`] merges a vendor's files, [`lint`] refuses what cannot be
//! generated faithfully, [`lower`] makes the document that progenitor reads, [`generate`] runs it,
//! [`postpass`] reworks its output, and [`write`] renders and compares. [`codegen`] runs them in order. [`upstream`]
//! compares the specs with what a vendor lists.

pub mod bundle;
pub mod codegen;
pub mod document;
pub mod enums;
pub mod envelope;
pub mod error_page;
pub mod events;
pub mod example;
pub mod generate;
pub mod lint;
pub mod listing;
pub mod locate;
pub mod lower;
pub mod mock;
pub mod names;
pub mod operations;
pub mod postpass;
pub mod replay;
pub mod report;
pub mod rules;
pub mod upstream;
pub mod vendor;
pub mod wire;
pub mod write;
pub mod yaml;
