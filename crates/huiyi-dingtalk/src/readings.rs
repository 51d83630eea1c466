//! Where one thing has two forms on the wire: what a user means to say or to ask.

use crate::types::{GetCloudRecordPlayInfoResponse, Toggle};

/// `true` is `1`, `false` is `0`.
impl From<bool> for Toggle {
    fn from(is_on: bool) -> Self {
        if is_on { Self::On } else { Self::Off }
    }
}

impl GetCloudRecordPlayInfoResponse {
    /// The size of the file in bytes, under whichever of its two names it came: `fileSize` in the page's
    /// table, `size` in its example.
    pub fn size_in_bytes(&self) -> Option<i64> {
        self.file_size.or(self.size)
    }
}
