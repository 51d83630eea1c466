//! Follows a list over its pages.
//!
//! Generated builders of paged operations have `stream()` for the items and `pages()` for whole pages. Both fetch a
//! page only when it is needed, and both own their data.
//!
//! Both return an error, after the items of the current page, if the list would never end: if a cursor or the same
//! items come a second time, if the "more" flag has no cursor, or after a thousand empty pages. An empty page with a
//! cursor does not end the list; an empty numbered page does. If the vendor gives no total, the list ends before the
//! first page that repeats the items of the page before.

mod cursor;
mod items;
mod next;
mod page;
mod pages;
mod walk;

use std::future::Future;

pub use cursor::Cursor;
pub use futures_core::Stream;
pub use items::{Items, stream};
pub use next::Next;
pub use page::{Page, PageError};
pub use pages::{Pages, pages, pages_from};

use crate::answer::Answer;
use crate::error::Error;

/// A request for one page of a list. Implemented by generated builders.
pub trait Paged: Clone + Send + Sized + 'static {
    /// The answer with the items of one page.
    type Answer: Send + 'static;
    /// An item of the list.
    type Item: Send + 'static;

    /// Vendor and operation, for errors.
    const CALL: (&'static str, &'static str);

    /// The field names that a cursor of this list may have.
    const CURSOR: &'static [&'static str];

    /// Sets the cursor on the request.
    #[must_use]
    fn with_cursor(self, cursor: &Cursor) -> Self;

    /// Sends the request.
    fn fetch(self) -> impl Future<Output = Result<Answer<Self::Answer>, Error>> + Send;

    /// Returns where the next page starts.
    fn next(&self, answer: &Self::Answer) -> Next;

    /// Returns the number of items in an answer.
    fn count(answer: &Self::Answer) -> usize;

    /// Takes the items from an answer.
    fn items(answer: &mut Self::Answer) -> Vec<Self::Item>;

    /// Returns a key that identifies an item, if the vendor repeats items at page borders.
    fn key(_item: &Self::Item) -> Option<String> {
        None
    }
}

#[cfg(test)]
mod endless_tests;
#[cfg(test)]
mod tests;
