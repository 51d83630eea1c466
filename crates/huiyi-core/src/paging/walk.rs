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

/// A list and how far the walk over its pages has come.
pub(super) struct Walk<P> {
    request: P,
    progress: Progress,
}

impl<P: Paged> Walk<P> {
    pub(super) fn new(request: P, cursor: Option<Cursor>) -> Self {
        Self { request, progress: Progress::new(cursor) }
    }

    pub(super) async fn step(&mut self) -> Option<Result<Page<P::Answer>, PageError>> {
        let cursor = match self.progress.leave(P::CALL, P::CURSOR)? {
            Ok(cursor) => cursor,
            Err(error) => return Some(Err(error)),
        };
        let request = match &cursor {
            Some(cursor) => self.request.clone().with_cursor(cursor),
            None => self.request.clone(),
        };
        let answer = match request.clone().fetch().await {
            Ok(answer) => answer,
            Err(error) => return Some(Err(PageError { cursor, error })),
        };
        let (items, following) = (P::count(&answer), request.next(&answer));
        let Arrived::Page { next } = self.progress.arrive(cursor.as_ref(), answer.raw(), items, following) else {
            return None;
        };
        let (answer, received) = answer.into_parts();
        Some(Ok(Page { answer, received, cursor, next }))
    }
}

/// What a walk knows of the pages that it has seen. Not generic, so it is compiled once for all lists.
struct Progress {
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

/// What an answer is to the walk.
enum Arrived {
    Page {
        /// The cursor to the page after it.
        next: Option<Cursor>,
    },
    /// The last page once more.
    End,
}

impl Progress {
    fn new(cursor: Option<Cursor>) -> Self {
        let seen = cursor.iter().cloned().collect();
        Self { seen, at: Position::Before(cursor), before: Bytes::new(), empty: 0 }
    }

    /// Returns the cursor of the page to fetch, or `None` at the end of the list. `known` are the names in a cursor of
    /// this list.
    fn leave(
        &mut self,
        call: (&'static str, &'static str),
        known: &'static [&'static str],
    ) -> Option<Result<Option<Cursor>, PageError>> {
        let cursor = match std::mem::replace(&mut self.at, Position::End) {
            Position::Before(cursor) => cursor,
            Position::Broken { cursor, reason } => return Some(Err(PageError { error: broken(call, reason), cursor })),
            Position::End => return None,
        };
        if let Some(foreign) = cursor.as_ref().and_then(|cursor| cursor.foreign_name(known)) {
            let known = known.join("` and `");
            let reason =
                format!("the cursor field `{foreign}` belongs to another list; cursors of this list have `{known}`");
            let (vendor, operation) = call;
            return Some(Err(PageError { error: Error::misuse(vendor, operation, reason), cursor }));
        }
        Some(Ok(cursor))
    }

    /// Takes note of the page that was fetched with the cursor, of its number of items and of what follows it.
    fn arrive(&mut self, cursor: Option<&Cursor>, body: &Bytes, items: usize, following: Next) -> Arrived {
        let lists_of = |body| Some(lists(body)).filter(|lists| !lists.is_empty());
        let repeated = items > 0 && lists_of(body).is_some_and(|lists| Some(lists) == lists_of(&self.before));
        self.empty = if items > 0 { 0 } else { self.empty.saturating_add(1) };
        let mut next = None;
        match following {
            Next::End => {}
            Next::Missing => {
                let reason = "the vendor says that there are more items, but gives no cursor for them".to_owned();
                self.at = Position::Broken { cursor: cursor.cloned(), reason };
            }
            Next::At(at) | Next::Perhaps(at) if !self.seen.insert(at.clone()) => {
                let reason = format!("the vendor gave the cursor {at} a second time; following it would never end");
                self.at = Position::Broken { cursor: Some(at), reason };
            }
            Next::Perhaps(_) if repeated => return Arrived::End,
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
        self.before = body.clone();
        Arrived::Page { next }
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
