//! Goes from page to page and stops lists that would never end.

use std::collections::HashSet;

use bytes::Bytes;

use super::Paged;
use super::cursor::Cursor;
use super::next::Next;
use super::page::{Page, PageError};
use crate::error::{Error, ErrorKind, Origin};

/// A vendor that filters may return a few empty pages; a list with this many in a row never ends.
const MOST_EMPTY: u32 = 1000;

/// The progress of a walk over the pages.
pub(super) struct Walk<P> {
    request: P,
    seen: HashSet<Cursor>,
    at: Position,
    /// The body of the page before, to recognise repeated items.
    before: Bytes,
    /// Number of empty pages in a row.
    empty: u32,
}

enum Position {
    Before(Option<Cursor>),
    /// The list cannot be followed further.
    Broken {
        cursor: Option<Cursor>,
        reason: String,
    },
    End,
}

impl<P: Paged> Walk<P> {
    pub(super) fn new(request: P, cursor: Option<Cursor>) -> Self {
        let seen = cursor.iter().cloned().collect();
        Self { request, seen, at: Position::Before(cursor), before: Bytes::new(), empty: 0 }
    }

    pub(super) async fn step(&mut self) -> Option<Result<Page<P::Answer>, PageError>> {
        let cursor = match std::mem::replace(&mut self.at, Position::End) {
            Position::Before(cursor) => cursor,
            Position::Broken { cursor, reason } => {
                return Some(Err(PageError { error: broken(P::CALL, reason), cursor }));
            }
            Position::End => return None,
        };
        if let Some(foreign) = cursor.as_ref().and_then(|cursor| cursor.foreign_name(P::CURSOR)) {
            let known = P::CURSOR.join("` and `");
            let reason = format!("a cursor with `{foreign}` belongs to another list; those of this one have `{known}`");
            let (vendor, operation) = P::CALL;
            return Some(Err(PageError { error: Error::misuse(vendor, operation, reason), cursor }));
        }
        let request = match &cursor {
            Some(cursor) => self.request.clone().with_cursor(cursor),
            None => self.request.clone(),
        };
        let answer = match request.clone().fetch().await {
            Ok(answer) => answer,
            Err(error) => return Some(Err(PageError { cursor, error })),
        };
        let items = lists(answer.raw());
        let repeated = has_items(items) && items == lists(&self.before);
        self.empty = if has_items(items) || answer.raw().is_empty() { 0 } else { self.empty + 1 };
        let mut next = None;
        match request.next(&answer) {
            Next::End => {}
            Next::Missing => {
                let reason = "the vendor says that there are more items, but gives no cursor to them".to_owned();
                self.at = Position::Broken { cursor: cursor.clone(), reason };
            }
            Next::At(at) | Next::Perhaps(at) if !self.seen.insert(at.clone()) => {
                let reason = format!("the vendor gave the cursor {at} a second time; following it would never end");
                self.at = Position::Broken { cursor: Some(at), reason };
            }
            Next::Perhaps(_) if repeated => return None,
            Next::At(at) if repeated => {
                let reason = "the vendor gave the same page a second time; following it would never end".to_owned();
                self.at = Position::Broken { cursor: Some(at), reason };
            }
            Next::At(at) | Next::Perhaps(at) if self.empty >= MOST_EMPTY => {
                let reason = format!("the vendor gave {MOST_EMPTY} empty pages in a row, and says that there is more");
                self.at = Position::Broken { cursor: Some(at), reason };
            }
            Next::At(at) | Next::Perhaps(at) => {
                self.at = Position::Before(Some(at.clone()));
                next = Some(at);
            }
        }
        self.before = answer.raw().clone();
        let (answer, received) = answer.into_parts();
        Some(Ok(Page { answer, received, cursor, next }))
    }
}

fn broken((vendor, operation): (&'static str, &'static str), reason: String) -> Error {
    let mut error = Error::new(vendor, operation, ErrorKind::Other, reason);
    error.parts_mut().origin = Origin::Local;
    error
}

/// Returns the part of a body from its first to its last bracket. It contains the items, but usually not the page
/// number, the cursor and the request id.
fn lists(body: &[u8]) -> &[u8] {
    let (first, last) = (memchr::memchr(b'[', body), memchr::memrchr(b']', body));
    first.zip(last).and_then(|(first, last)| body.get(first..=last)).unwrap_or_default()
}

/// Returns whether any of the lists has an element.
fn has_items(lists: &[u8]) -> bool {
    memchr::memchr_iter(b'[', lists).any(|at| {
        let content = lists.get(at + 1..).unwrap_or_default().trim_ascii_start();
        content.first().is_some_and(|byte| *byte != b']')
    })
}
