//! Following a list over its pages.
//!
//! Generated builders of paged operations have `stream()` for the items and `pages()` for page by
//! page. Both fetch a page only when it is asked for, and both own what they need. The guards are the same: a
//! cursor that comes a second time is an error after the items of its page, and so is a "more" flag without a
//! cursor, or the same items again, or a thousand empty pages; an empty page with a cursor goes on, an empty
//! numbered page is the last one. So is one before the same items again, where the vendor gives no total.

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

    /// The vendor and the operation, for errors.
    const CALL: (&'static str, &'static str);

    /// The names that a cursor of this list may have.
    const CURSOR: &'static [&'static str];

    /// Sets the cursor on the request.
    #[must_use]
    fn with_cursor(self, cursor: &Cursor) -> Self;

    /// Sends the request.
    fn fetch(self) -> impl Future<Output = Result<Answer<Self::Answer>, Error>> + Send;

    /// Where the next page starts.
    fn next(&self, answer: &Self::Answer) -> Next;

    /// Takes the items out of an answer.
    fn items(answer: &mut Self::Answer) -> Vec<Self::Item>;

    /// What tells an item apart, if the vendor repeats items at page borders.
    fn key(_item: &Self::Item) -> Option<String> {
        None
    }
}

#[cfg(test)]
mod endless_tests;
#[cfg(test)]
mod tests;
