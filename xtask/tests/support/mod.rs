//! The small document that the tests use.

use std::collections::BTreeMap;

use xtask::bundle;
use xtask::document::Bundle;
use xtask::report::Report;
use xtask::vendor::{VENDORS, Vendor};

pub(crate) const OPENAPI: &str = include_str!("../specs/openapi.yaml");
pub(crate) const ROOM: &str = include_str!("../specs/room.yaml");
pub(crate) const EVENTS: &str = include_str!("../specs/events.yaml");

/// Returns the vendor under whose name the document is generated.
pub(crate) fn vendor() -> Vendor {
    VENDORS[0]
}

/// Bundles the three files.
pub(crate) fn bundle(openapi: &str, room: &str, events: &str) -> (Bundle, Report) {
    let files = [("openapi.yaml", openapi), ("room.yaml", room), ("events.yaml", events)];
    let files: BTreeMap<String, String> =
        files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    bundle::merge(vendor(), files)
}
