//! Tickets that a vendor pushes to an app that acts for others. A token request needs the newest one.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use secrecy::SecretString;

/// The newest ticket that a vendor has pushed to an app.
///
/// Set it from the handler of the vendor's event; clones share one ticket.
///
/// ```
/// use huiyi_core::ticket::Ticket;
///
/// let ticket = Ticket::default();
/// ticket.set("g05e97b3GAHB4E3M2VDBPLKGCNSWFTF4QNNVRLJ7");
/// assert_eq!(format!("{ticket:?}"), "Ticket(***)");
/// ```
#[derive(Clone, Default)]
pub struct Ticket(Arc<Mutex<Pushed>>);

/// The last ticket, and the number of tickets so far.
#[derive(Default)]
struct Pushed {
    ticket: Option<SecretString>,
    count: u64,
    /// When the vendor sent it, since the Unix epoch; zero if unknown.
    pushed_at: Duration,
}

impl Ticket {
    /// Replaces the ticket.
    ///
    /// If the vendor refused the last token request, the next call repeats it with this ticket.
    pub fn set(&self, ticket: impl Into<String>) {
        let mut pushed = self.pushed();
        pushed.ticket = Some(SecretString::from(ticket.into()));
        pushed.count += 1;
    }

    /// Replaces the ticket, unless a newer one is known: deliveries may be repeated or arrive out of order.
    #[doc(hidden)]
    pub fn set_pushed_at(&self, ticket: impl Into<String>, pushed_at: Duration) {
        let mut pushed = self.pushed();
        if pushed.pushed_at <= pushed_at {
            pushed.ticket = Some(SecretString::from(ticket.into()));
            pushed.count += 1;
            pushed.pushed_at = pushed_at;
        }
    }

    /// Returns the ticket; `None` if none was pushed yet.
    #[doc(hidden)]
    pub fn get(&self) -> Option<SecretString> {
        self.pushed().ticket.clone()
    }

    /// Returns how many tickets were pushed, which serves as the version of the grant.
    #[doc(hidden)]
    pub fn count(&self) -> u64 {
        self.pushed().count
    }

    fn pushed(&self) -> MutexGuard<'_, Pushed> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ticket(***)")
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use secrecy::ExposeSecret;

    use super::Ticket;

    #[test]
    fn an_older_ticket_does_not_replace_a_newer_one() {
        let ticket = Ticket::default();
        ticket.set_pushed_at("newer", Duration::from_secs(20));

        ticket.set_pushed_at("older", Duration::from_secs(10));

        assert_eq!(ticket.get().map(|ticket| ticket.expose_secret().to_owned()).as_deref(), Some("newer"));
        assert_eq!(ticket.count(), 1);
    }

    #[test]
    fn clones_share_the_newest_ticket_and_count_what_was_pushed() {
        let (ticket, other) = (Ticket::default(), Ticket::default());
        let clone = ticket.clone();
        assert!(ticket.get().is_none());

        ticket.set("first");
        clone.set("second");

        assert_eq!(ticket.get().map(|ticket| ticket.expose_secret().to_owned()).as_deref(), Some("second"));
        assert_eq!((ticket.count(), clone.count(), other.count()), (2, 2, 0));
        assert_eq!(format!("{ticket:?}"), "Ticket(***)");
    }
}
