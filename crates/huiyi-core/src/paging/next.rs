//! What follows a page, according to the cursor or the totals in an answer.

use super::cursor::Cursor;

/// What follows a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// This was the last page.
    End,
    /// The page at this cursor.
    At(Cursor),
    /// The page at this cursor, if it exists: the vendor gives no total.
    Perhaps(Cursor),
    /// The vendor says that there is more, but gives no cursor.
    Missing,
}

impl Next {
    /// Reads the vendor's cursor and "more" flag. If there is a flag, it decides. An empty cursor and `0` count as
    /// missing, because they lead to the start of the list.
    pub fn from_cursor(name: &'static str, next: Option<impl ToString>, more: Option<bool>) -> Self {
        let next = next.map(|next| next.to_string()).filter(|next| !matches!(next.as_str(), "" | "0"));
        match (next, more) {
            (_, Some(false)) | (None, None) => Self::End,
            (Some(next), _) => Self::At(Cursor::new(name, next)),
            (None, Some(true)) => Self::Missing,
        }
    }

    /// Derives the next page from the current page number and the vendor's totals. `size` is the page size,
    /// preferably from the answer, because a vendor may return smaller pages than requested.
    ///
    /// An empty page is the last one, whatever the totals say. A total of 0 on a page with items is ignored.
    pub fn from_page(
        name: &'static str,
        current: i64,
        total_pages: Option<i64>,
        total_count: Option<i64>,
        size: Option<i64>,
        items: usize,
    ) -> Self {
        let known = |total: &i64| *total > 0;
        let next = || Cursor::new(name, current.saturating_add(1));
        let more = match (total_pages.filter(known), total_count.filter(known), size) {
            _ if items == 0 => false,
            (Some(pages), _, _) => current < pages,
            (None, Some(count), Some(size)) if size > 0 => current.saturating_mul(size) < count,
            _ => return Self::Perhaps(next()),
        };
        if more { Self::At(next()) } else { Self::End }
    }

    /// Adds another value from the answer that the next request sends.
    #[must_use]
    pub fn with(self, name: &'static str, value: Option<impl ToString>) -> Self {
        match (self, value) {
            (Self::At(cursor), Some(value)) => Self::At(cursor.with(name, value)),
            (Self::Perhaps(cursor), Some(value)) => Self::Perhaps(cursor.with(name, value)),
            (next, _) => next,
        }
    }
}
