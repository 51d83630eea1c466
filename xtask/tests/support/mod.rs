//! The small document that the tests take apart.

use std::collections::BTreeMap;

use xtask::bundle;
use xtask::document::Bundle;
use xtask::report::Report;
use xtask::vendor::{VENDORS, Vendor};

pub(crate) const OPENAPI: &str = include_str!("../specs/openapi.yaml");
pub(crate) const ROOM: &str = include_str!("../specs/room.yaml");

/// The vendor that the document is taken for.
pub(crate) fn vendor() -> Vendor {
    VENDORS[0]
}

/// Bundles two files.
pub(crate) fn bundle(openapi: &str, room: &str) -> (Bundle, Report) {
    let files = [("openapi.yaml", openapi), ("room.yaml", room)];
    let files: BTreeMap<String, String> =
        files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    bundle::merge(vendor(), files)
}
