//! Messages that arrive in pieces, joined within limits of number, size and time.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use bytes::{Bytes, BytesMut};

/// The most pieces of one message.
const MOST_PIECES: u64 = 1024;
/// The most messages that are incomplete at the same time.
const MOST_MESSAGES: usize = 64;
/// The most bytes of all incomplete messages.
const MOST_BYTES: usize = 16 << 20;
/// How long a message may be incomplete. What is dropped comes whole again when the vendor repeats the event.
const LONGEST: Duration = Duration::from_secs(30);
/// How many complete messages are remembered, so a repeated piece does not complete one again, and for how long.
/// A message that was not acknowledged is repeated after 15 seconds.
const REMEMBERED: usize = 64;
const REMEMBERED_FOR: Duration = Duration::from_secs(5);
/// The longest id of a message that comes in pieces; ids have about 40 bytes.
const LONGEST_ID: usize = 256;

/// The pieces of incomplete messages.
#[derive(Default)]
#[allow(missing_debug_implementations, reason = "pieces may be secret")]
pub struct Fragments {
    open: VecDeque<Open>,
    bytes: usize,
    /// Ids, and when the messages became complete.
    complete: VecDeque<(String, Duration)>,
}

struct Open {
    id: String,
    sum: u64,
    since: Duration,
    bytes: usize,
    pieces: BTreeMap<u64, Bytes>,
}

/// An invalid fragment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadFragment(pub &'static str);

impl Fragments {
    /// Adds piece number `seq`, from 0, of `sum` to a message. Returns the whole message when it is complete.
    ///
    /// # Errors
    ///
    /// If the numbers are invalid, or contradict earlier fragments.
    pub fn add(
        &mut self,
        id: &str,
        (seq, sum): (u64, u64),
        piece: Bytes,
        now: Duration,
    ) -> Result<Option<Bytes>, BadFragment> {
        if sum == 0 || sum > MOST_PIECES {
            return Err(BadFragment("the number of fragments is out of bounds"));
        }
        if seq >= sum {
            return Err(BadFragment("the fragment's number is out of bounds"));
        }
        if sum == 1 {
            return Ok(Some(piece));
        }
        if piece.len() > MOST_BYTES {
            return Err(BadFragment("the fragment is too large"));
        }
        if id.len() > LONGEST_ID {
            return Err(BadFragment("the message id of a fragment is too long"));
        }
        self.forget(now);
        if self.complete.iter().any(|(complete, _)| complete == id) {
            return Ok(None);
        }
        let at = match self.open.iter().position(|open| open.id == id) {
            Some(at) if self.open[at].sum != sum => return Err(BadFragment("the number of fragments has changed")),
            Some(at) => at,
            None => {
                self.open.push_back(Open { id: id.to_owned(), sum, since: now, bytes: 0, pieces: BTreeMap::new() });
                self.open.len() - 1
            }
        };
        let open = &mut self.open[at];
        if !open.pieces.contains_key(&seq) {
            // A slice would keep the whole frame alive.
            let piece = Bytes::copy_from_slice(&piece);
            open.bytes += piece.len();
            self.bytes += piece.len();
            open.pieces.insert(seq, piece);
        }
        if open.pieces.len() as u64 == open.sum {
            return Ok(self.remove(at).map(|open| self.join(open, now)));
        }
        while self.open.len() > MOST_MESSAGES || self.bytes > MOST_BYTES {
            self.remove(0);
        }
        Ok(None)
    }

    /// How many bytes are kept.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Forgets what is too old.
    fn forget(&mut self, now: Duration) {
        while self.open.front().is_some_and(|open| open.since + LONGEST < now) {
            self.remove(0);
        }
        while self.complete.front().is_some_and(|(_, since)| *since + REMEMBERED_FOR < now) {
            self.complete.pop_front();
        }
    }

    fn remove(&mut self, at: usize) -> Option<Open> {
        let open = self.open.remove(at)?;
        self.bytes -= open.bytes;
        Some(open)
    }

    fn join(&mut self, open: Open, now: Duration) -> Bytes {
        let mut whole = BytesMut::with_capacity(open.bytes);
        open.pieces.values().for_each(|piece| whole.extend_from_slice(piece));
        self.complete.push_back((open.id, now));
        if self.complete.len() > REMEMBERED {
            self.complete.pop_front();
        }
        whole.freeze()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Duration = Duration::from_secs(100);

    fn add(fragments: &mut Fragments, id: &str, place: (u64, u64), piece: &'static str) -> Option<Bytes> {
        fragments.add(id, place, Bytes::from_static(piece.as_bytes()), NOW).unwrap_or_default()
    }

    #[test]
    fn pieces_come_in_any_order_mixed_and_repeated() {
        let mut fragments = Fragments::default();
        for (id, place, piece) in
            [("a", (2, 3), "c"), ("b", (1, 2), ""), ("a", (0, 3), "a"), ("a", (0, 3), "x"), ("b", (1, 2), "")]
        {
            assert_eq!(add(&mut fragments, id, place, piece), None);
        }

        assert_eq!(add(&mut fragments, "a", (1, 3), "b").as_deref(), Some(b"abc".as_slice()));
        assert_eq!(add(&mut fragments, "b", (0, 2), "d").as_deref(), Some(b"d".as_slice()));
        assert_eq!(add(&mut fragments, "a", (1, 3), "b"), None, "completed once");
        assert_eq!(fragments.bytes(), 0);
    }

    #[test]
    fn a_message_that_comes_again_later_is_complete_again() {
        let mut fragments = Fragments::default();
        let mut add = |seq: u64, seconds| {
            let piece = Bytes::from_static(if seq == 0 { b"a" } else { b"b" });
            fragments.add("id", (seq, 2), piece, NOW + Duration::from_secs(seconds)).unwrap_or_default()
        };
        for (seq, seconds, is_complete) in [(0, 0, false), (1, 0, true), (0, 5, false), (1, 5, false)] {
            assert_eq!(add(seq, seconds).is_some(), is_complete, "{seq} {seconds}");
        }

        assert_eq!((add(0, 15), add(1, 15).as_deref()), (None, Some(b"ab".as_slice())));
    }

    #[test]
    fn impossible_pieces_are_refused_and_cost_nothing() {
        let mut fragments = Fragments::default();
        for place in [(0, 0), (0, 2_000_000_000), (0, u64::MAX), (3, 3), (1, 1)] {
            assert!(fragments.add("a", place, Bytes::new(), NOW).is_err(), "{place:?}");
        }
        assert!(fragments.add(&"a".repeat(257), (0, 2), Bytes::new(), NOW).is_err());
        assert_eq!(add(&mut fragments, "a", (0, 3), "a"), None);
        assert!(fragments.add("a", (1, 2), Bytes::new(), NOW).is_err());
        assert_eq!((fragments.open.len(), fragments.bytes()), (1, 1));
    }

    #[test]
    fn number_size_and_time_are_bounded() {
        let mut fragments = Fragments::default();
        let piece = Bytes::from(vec![0; 1 << 20]);
        for number in 0..1000 {
            assert_eq!(fragments.add(&number.to_string(), (0, 1024), piece.clone(), NOW), Ok(None));
            assert!(fragments.open.len() <= MOST_MESSAGES && fragments.bytes() <= MOST_BYTES);
        }

        assert_eq!(fragments.add("late", (0, 2), Bytes::new(), NOW + LONGEST + LONGEST), Ok(None));
        assert_eq!((fragments.open.len(), fragments.bytes()), (1, 0));
    }
}
