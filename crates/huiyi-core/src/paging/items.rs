//! The items of a list across its pages.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use futures_util::StreamExt as _;

use super::Paged;
use super::walk::Walk;
use crate::error::Error;

/// The items of a list across its pages, as a [`Stream`].
///
/// ```
/// use huiyi_core::paging::Items;
/// use huiyi_core::Error;
///
/// /// Stops at the first item that fits: later pages are never fetched.
/// async fn find<T>(mut items: Items<T>, fits: impl Fn(&T) -> bool) -> Result<Option<T>, Error> {
///     while let Some(item) = items.next().await {
///         let item = item?;
///         if fits(&item) {
///             return Ok(Some(item));
///         }
///     }
///     Ok(None)
/// }
/// ```
pub struct Items<T>(Pin<Box<dyn Stream<Item = Result<T, Error>> + Send>>);

impl<T> Items<T> {
    /// Returns the next item; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        std::future::poll_fn(|context| self.0.as_mut().poll_next(context)).await
    }

    /// Collects all items, or returns the first error.
    ///
    /// # Errors
    ///
    /// The error of the page that could not be fetched.
    pub async fn collect(mut self) -> Result<Vec<T>, Error> {
        let mut all = Vec::new();
        while let Some(item) = self.next().await {
            all.push(item?);
        }
        Ok(all)
    }
}

impl<T> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Items")
    }
}

/// Returns the items of a list across its pages.
pub fn stream<P: Paged>(request: P) -> Items<P::Item> {
    let state = Gathered::<P> { walk: Walk::new(request, None), waiting: VecDeque::new(), known: HashSet::new() };
    let items = futures_util::stream::unfold(state, |mut state| async move {
        loop {
            if let Some(item) = state.waiting.pop_front() {
                return Some((Ok(item), state));
            }
            match state.walk.step().await? {
                Ok(page) => state.take(page.answer),
                Err(failed) => return Some((Err(failed.error), state)),
            }
        }
    });
    Items(Box::pin(items.fuse()))
}

struct Gathered<P: Paged> {
    walk: Walk<P>,
    waiting: VecDeque<P::Item>,
    known: HashSet<String>,
}

impl<P: Paged> Gathered<P> {
    /// Queues the items of a page that were not on the page before.
    fn take(&mut self, mut answer: P::Answer) {
        let mut keys = HashSet::new();
        for item in P::items(&mut answer) {
            if let Some(key) = P::key(&item) {
                let repeated = self.known.contains(&key);
                keys.insert(key);
                if repeated {
                    continue;
                }
            }
            self.waiting.push_back(item);
        }
        self.known = keys;
    }
}
