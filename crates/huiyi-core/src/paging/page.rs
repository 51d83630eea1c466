//! One page, or the error of fetching it.

use std::fmt;

use super::cursor::Cursor;
use crate::answer::Answer;
use crate::error::Error;

/// One page: the vendor's answer, and where the next page starts.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page<T> {
    /// The value of the answer.
    pub answer: T,
    /// Status, headers and body of the answer as received.
    pub received: Answer<()>,
    /// The cursor of this page; `None` for the first.
    pub cursor: Option<Cursor>,
    /// The cursor of the next page; `None` at the end.
    pub next: Option<Cursor>,
}

/// The error of a page that could not be fetched. It keeps the cursor, so the list can be resumed there. Do not
/// resume at a cursor that the vendor gave twice: it leads in a circle.
pub struct PageError {
    /// The cursor of the failed page; `None` for the first.
    pub cursor: Option<Cursor>,
    /// What went wrong.
    pub error: Error,
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cursor {
            Some(cursor) => write!(f, "the page at {cursor} could not be fetched: {}", self.error),
            None => write!(f, "the first page could not be fetched: {}", self.error),
        }
    }
}

impl fmt::Debug for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageError").field("cursor", &self.cursor).field("error", &self.error.to_string()).finish()
    }
}

impl std::error::Error for PageError {}

impl From<PageError> for Error {
    fn from(failed: PageError) -> Self {
        failed.error
    }
}
