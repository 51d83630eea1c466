//! What follows a page, from the cursor or the totals in an answer.

use super::cursor::Cursor;

/// What follows a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing: it was the last one.
    End,
    /// The page at this cursor.
    At(Cursor),
    /// The page at this cursor, if there is one: the vendor does not say how many there are.
    Perhaps(Cursor),
    /// The vendor says that there is more, but not where.
    Missing,
}

impl Next {
    /// Reads the vendor's cursor and "more" flag. The flag decides where there is one. An empty cursor and `0` are
    /// none: they lead to the start of the list.
    pub fn from_cursor(name: &'static str, next: Option<impl ToString>, more: Option<bool>) -> Self {
        let next = next.map(|next| next.to_string()).filter(|next| !matches!(next.as_str(), "" | "0"));
        match (next, more) {
            (_, Some(false)) | (None, None) => Self::End,
            (Some(next), _) => Self::At(Cursor::new(name, next)),
            (None, Some(true)) => Self::Missing,
        }
    }

    /// Counts pages from the number of the page at hand and whatever total the vendor gives. `size` is that of
    /// the pages, best as the answer says it: a vendor may give less than was asked for.
    ///
    /// An empty page is the last one, whatever the totals say; a total of 0 beside items says nothing.
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

    /// Adds a further value from the answer that the next request carries.
    #[must_use]
    pub fn with(self, name: &'static str, value: Option<impl ToString>) -> Self {
        match (self, value) {
            (Self::At(cursor), Some(value)) => Self::At(cursor.with(name, value)),
            (Self::Perhaps(cursor), Some(value)) => Self::Perhaps(cursor.with(name, value)),
            (next, _) => next,
        }
    }
}
