//! Following a list over its pages.
//!
//! Generated builders of paged operations have `stream()` for the items and `pages()` for page by
//! page. Both fetch a page only when it is asked for. The guards are the same: a cursor that
//! comes a second time is an error after the items of its page, an empty page with a cursor goes
//! on, a "more" flag without a cursor stops.

use std::collections::{HashSet, VecDeque};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::StreamExt as _;
use http::HeaderMap;
use progenitor_client::{Error, ResponseValue};
use serde::{Deserialize, Serialize};

pub use futures_core::Stream;

use crate::error::{ApiError, ErrorKind, Origin};
use crate::error_ext::ErrorExt;

/// Where a page starts: the values that the request for it carries.
///
/// Keep it to resume a list later, also in another process: it can be serialised.
///
/// ```
/// use huiyi_core::paging::Cursor;
///
/// let cursor = Cursor::new("page_token", "eVQrYzJB");
/// let kept = serde_json::to_string(&cursor)?;
/// let resumed: Cursor = serde_json::from_str(&kept)?;
/// assert_eq!(resumed.get("page_token"), Some("eVQrYzJB"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(Vec<(String, String)>);

impl Cursor {
    /// A cursor of one value.
    pub fn new(name: impl Into<String>, value: impl ToString) -> Self {
        Self(vec![(name.into(), value.to_string())])
    }

    /// Adds a further value that the request for the page carries.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.0.push((name.into(), value.to_string()));
        self
    }

    /// A name that is not among these.
    fn foreign_name(&self, known: &[&str]) -> Option<&str> {
        self.0.iter().map(|(name, _)| name.as_str()).find(|name| !known.contains(name))
    }

    /// The value for a request field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, (name, value)) in self.0.iter().enumerate() {
            let comma = if position == 0 { "" } else { ", " };
            write!(f, "{comma}{name}={value}")?;
        }
        Ok(())
    }
}

/// What follows a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing: it was the last one.
    End,
    /// The page at this cursor.
    At(Cursor),
}

impl Next {
    /// Reads the vendor's cursor and "more" flag. The flag decides where there is one; without a
    /// cursor there is no next page in any case.
    pub fn from_cursor(name: &'static str, next: Option<impl ToString>, more: Option<bool>) -> Self {
        match next.map(|next| next.to_string()) {
            Some(next) if more != Some(false) && !next.is_empty() => Self::At(Cursor::new(name, next)),
            _ => Self::End,
        }
    }

    /// Counts pages from the number of the page at hand and whatever total the vendor gives. `size` is that of
    /// the pages, best as the answer says it: a vendor may give less than was asked for.
    pub fn from_page(
        name: &'static str,
        current: i64,
        total_pages: Option<i64>,
        total_count: Option<i64>,
        size: Option<i64>,
        items: usize,
    ) -> Self {
        let more = match (total_pages, total_count, size) {
            (Some(pages), _, _) => current < pages,
            (None, Some(count), Some(size)) if size > 0 => current.saturating_mul(size) < count,
            _ => items > 0,
        };
        if more { Self::At(Cursor::new(name, current.saturating_add(1))) } else { Self::End }
    }

    /// Adds a further value from the answer that the next request carries.
    #[must_use]
    pub fn with(self, name: &'static str, value: Option<impl ToString>) -> Self {
        match (self, value) {
            (Self::At(cursor), Some(value)) => Self::At(cursor.with(name, value)),
            (next, _) => next,
        }
    }
}

/// A request that answers one page of a list. Implemented by generated builders.
pub trait Paged: Clone + Send + Sized {
    /// The answer with the items of one page.
    type Answer: Send;
    /// An item of the list.
    type Item: Send;

    /// The vendor and the operation, for errors.
    const CALL: (&'static str, &'static str);

    /// The names that a cursor of this list may have.
    const CURSOR: &'static [&'static str];

    /// Sets the cursor on the request.
    #[must_use]
    fn with_cursor(self, cursor: &Cursor) -> Self;

    /// Sends the request.
    fn fetch(self) -> impl Future<Output = Result<ResponseValue<Self::Answer>, Error<ApiError>>> + Send;

    /// Where the next page starts.
    fn next(&self, answer: &Self::Answer) -> Next;

    /// Takes the items out of an answer.
    fn items(answer: &mut Self::Answer) -> Vec<Self::Item>;

    /// What tells an item apart, if the vendor repeats items at page borders.
    fn key(_item: &Self::Item) -> Option<String> {
        None
    }
}

/// One page: the vendor's answer as it is, and where the next one starts.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page<T> {
    /// The answer.
    pub answer: T,
    /// The cursor with which this page was fetched; `None` for the first.
    pub cursor: Option<Cursor>,
    /// The cursor of the next page; `None` at the end.
    pub next: Option<Cursor>,
}

/// A page could not be fetched. Keeps the cursor, so that the list can be resumed there; one that the vendor
/// gave a second time leads in a circle.
pub struct PageError {
    /// The cursor of the page that failed; `None` for the first.
    pub cursor: Option<Cursor>,
    /// What went wrong.
    pub error: Error<ApiError>,
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cursor {
            Some(cursor) => write!(f, "the page at {cursor} could not be fetched: {}", self.error.describe()),
            None => write!(f, "the first page could not be fetched: {}", self.error.describe()),
        }
    }
}

impl fmt::Debug for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageError").field("cursor", &self.cursor).field("error", &self.error.describe()).finish()
    }
}

impl std::error::Error for PageError {}

/// The pages of a list; a [`Stream`].
///
/// ```
/// use huiyi_core::paging::{Cursor, PageError, Pages};
///
/// /// Counts pages; answers where to resume if one fails.
/// async fn count<T>(mut pages: Pages<'_, T>) -> (usize, Option<Cursor>) {
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
pub struct Pages<'a, T>(Pin<Box<dyn Stream<Item = Result<Page<T>, PageError>> + Send + 'a>>);

impl<T> Pages<'_, T> {
    /// The next page; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<Page<T>, PageError>> {
        std::future::poll_fn(|context| self.0.as_mut().poll_next(context)).await
    }
}

impl<T> Stream for Pages<'_, T> {
    type Item = Result<Page<T>, PageError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl<T> fmt::Debug for Pages<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pages")
    }
}

/// The pages of a list, from the page that the request names.
pub fn pages<'a, P: Paged + 'a>(request: P) -> Pages<'a, P::Answer>
where
    P::Answer: 'a,
{
    pages_after(request, None)
}

/// The pages of a list, from a cursor on that an earlier run kept.
pub fn pages_from<'a, P: Paged + 'a>(request: P, cursor: Cursor) -> Pages<'a, P::Answer>
where
    P::Answer: 'a,
{
    pages_after(request, Some(cursor))
}

fn pages_after<'a, P: Paged + 'a>(request: P, cursor: Option<Cursor>) -> Pages<'a, P::Answer>
where
    P::Answer: 'a,
{
    let walk = Walk { request, seen: cursor.iter().cloned().collect(), at: Position::Before(cursor) };
    let pages = futures_util::stream::unfold(walk, |mut walk| async move {
        let page = walk.step().await?;
        Some((page, walk))
    });
    Pages(Box::pin(pages.fuse()))
}

/// The items of a list, page after page; a [`Stream`].
///
/// ```
/// use huiyi_core::paging::Items;
/// use huiyi_core::{ApiError, Error};
///
/// /// Stops at the first item that fits: later pages are never fetched.
/// async fn find<T>(mut items: Items<'_, T>, fits: impl Fn(&T) -> bool) -> Result<Option<T>, Error<ApiError>> {
///     while let Some(item) = items.next().await {
///         let item = item?;
///         if fits(&item) {
///             return Ok(Some(item));
///         }
///     }
///     Ok(None)
/// }
/// ```
pub struct Items<'a, T>(Pin<Box<dyn Stream<Item = Result<T, Error<ApiError>>> + Send + 'a>>);

impl<T> Items<'_, T> {
    /// The next item; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<T, Error<ApiError>>> {
        std::future::poll_fn(|context| self.0.as_mut().poll_next(context)).await
    }

    /// All items, or the first error.
    ///
    /// # Errors
    ///
    /// The error of the page that could not be fetched.
    pub async fn collect(mut self) -> Result<Vec<T>, Error<ApiError>> {
        let mut all = Vec::new();
        while let Some(item) = self.next().await {
            all.push(item?);
        }
        Ok(all)
    }
}

impl<T> Stream for Items<'_, T> {
    type Item = Result<T, Error<ApiError>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl<T> fmt::Debug for Items<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Items")
    }
}

/// The items of a list, page after page.
pub fn stream<'a, P: Paged + 'a>(request: P) -> Items<'a, P::Item>
where
    P::Item: 'a,
{
    let walk = Walk { request, seen: HashSet::new(), at: Position::Before(None) };
    let state = Gathered::<P> { walk, waiting: VecDeque::new(), known: HashSet::new() };
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
    /// Keeps the items of a page that were not on the page before.
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

struct Walk<P> {
    request: P,
    seen: HashSet<Cursor>,
    at: Position,
}

enum Position {
    Before(Option<Cursor>),
    Repeated(Cursor),
    End,
}

impl<P: Paged> Walk<P> {
    async fn step(&mut self) -> Option<Result<Page<P::Answer>, PageError>> {
        let cursor = match std::mem::replace(&mut self.at, Position::End) {
            Position::Before(cursor) => cursor,
            Position::Repeated(cursor) => {
                return Some(Err(PageError { error: repeated(P::CALL, &cursor), cursor: Some(cursor) }));
            }
            Position::End => return None,
        };
        if let Some(foreign) = cursor.as_ref().and_then(|cursor| cursor.foreign_name(P::CURSOR)) {
            let (_, operation) = P::CALL;
            let known = P::CURSOR.join("` and `");
            let reason =
                format!("`{operation}`: a cursor with `{foreign}` is another list's; this one's have `{known}`");
            return Some(Err(PageError { error: Error::InvalidRequest(reason), cursor }));
        }
        let request = match &cursor {
            Some(cursor) => self.request.clone().with_cursor(cursor),
            None => self.request.clone(),
        };
        let answer = match request.clone().fetch().await {
            Ok(answer) => answer.into_inner(),
            Err(error) => return Some(Err(PageError { cursor, error })),
        };
        let next = match request.next(&answer) {
            Next::End => None,
            Next::At(next) if self.seen.insert(next.clone()) => Some(next),
            Next::At(next) => {
                self.at = Position::Repeated(next);
                return Some(Ok(Page { answer, cursor, next: None }));
            }
        };
        if let Some(next) = &next {
            self.at = Position::Before(Some(next.clone()));
        }
        Some(Ok(Page { answer, cursor, next }))
    }
}

fn repeated((vendor, operation): (&'static str, &'static str), cursor: &Cursor) -> Error<ApiError> {
    let message = format!("the vendor answered the cursor {cursor} a second time; following it would never end");
    let mut error = ApiError::new(vendor, operation, ErrorKind::Other, message);
    error.parts_mut().origin = Origin::Local;
    Error::ErrorResponse(ResponseValue::new(error, http::StatusCode::BAD_GATEWAY, HeaderMap::new()))
}

#[cfg(test)]
#[path = "paging_tests.rs"]
mod tests;
