//! Conversions and accessors for values that have two forms on the wire.

use crate::types::{GetCloudRecordPlayInfoResponse, Toggle};

/// Converts `true` to `1` and `false` to `0`.
impl From<bool> for Toggle {
    fn from(is_on: bool) -> Self {
        if is_on { Self::On } else { Self::Off }
    }
}

impl GetCloudRecordPlayInfoResponse {
    /// Returns the size of the file in bytes, under either of its two names: `fileSize` in the page's table, `size`
    /// in its example.
    pub fn size_in_bytes(&self) -> Option<i64> {
        self.file_size.or(self.size)
    }
}
