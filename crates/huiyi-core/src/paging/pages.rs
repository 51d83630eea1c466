//! The pages of a list, one by one.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_util::StreamExt as _;

use super::Paged;
use super::cursor::Cursor;
use super::page::{Page, PageError};
use super::walk::Walk;

/// The pages of a list, as a [`Stream`].
///
/// ```
/// use huiyi_core::paging::{Cursor, PageError, Pages};
///
/// /// Counts pages; returns where to resume if one fails.
/// async fn count<T>(mut pages: Pages<T>) -> (usize, Option<Cursor>) {
///     let mut number = 0;
///     while let Some(page) = pages.next().await {
///         match page {
///             Ok(_page) => number += 1,
///             Err(PageError { cursor, error: _ }) => return (number, cursor),
///         }
///     }
///     (number, None)
/// }
/// ```
pub struct Pages<T>(Pin<Box<dyn Stream<Item = Result<Page<T>, PageError>> + Send>>);

impl<T> Pages<T> {
    /// Returns the next page; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<Page<T>, PageError>> {
        std::future::poll_fn(|context| self.0.as_mut().poll_next(context)).await
    }
}

impl<T> Stream for Pages<T> {
    type Item = Result<Page<T>, PageError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pages")
    }
}

/// Returns the pages of a list, starting at the page that the request names.
pub fn pages<P: Paged>(request: P) -> Pages<P::Answer> {
    pages_after(request, None)
}

/// Returns the pages of a list, starting at a cursor of an earlier run.
pub fn pages_from<P: Paged>(request: P, cursor: Cursor) -> Pages<P::Answer> {
    pages_after(request, Some(cursor))
}

fn pages_after<P: Paged>(request: P, cursor: Option<Cursor>) -> Pages<P::Answer> {
    let walk = Walk::new(request, cursor);
    let pages = futures_util::stream::unfold(walk, |mut walk| async move {
        let page = walk.step().await?;
        Some((page, walk))
    });
    Pages(Box::pin(pages.fuse()))
}
