//! Decides what follows a change of the connections. It is a pure function.

use std::time::Duration;

use super::protocol::Gravity;
use super::tempo::Tempo;

/// What has happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// The first connection is wanted.
    Begin,
    /// A connection is open.
    Opened,
    /// The vendor did not let us in, or could not be reached.
    Refused(Gravity),
    /// The connection in use is gone.
    Fell(Worth),
    /// The connection in use still works, and is to be replaced.
    Leaving(Worth),
}

/// What a connection was worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Worth {
    /// How long it was open.
    pub(super) open: Duration,
    /// Whether an event came over it.
    pub(super) brought_events: bool,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// Nothing: all is well.
    Stay,
    /// Open a connection after this pause. One that still works stays in use until then.
    Open { after: Duration },
    /// Give up: no retry mends this.
    End,
}

/// What is remembered from turn to turn.
#[derive(Clone, Debug, Default)]
pub(super) struct Course {
    failures: u32,
    was_connected: bool,
}

impl Course {
    /// How many failures there were in a row.
    pub(super) fn failures(&self) -> u32 {
        self.failures
    }

    /// Decides the next step. `random` is uniformly distributed.
    pub(super) fn next(&mut self, turn: Turn, tempo: &Tempo, random: u64) -> Move {
        match turn {
            Turn::Begin => Move::Open { after: Duration::ZERO },
            Turn::Opened => {
                self.was_connected = true;
                Move::Stay
            }
            // Once the credentials were good, the vendor says the same of them when it is in trouble itself.
            Turn::Refused(Gravity::Final) if !self.was_connected => Move::End,
            Turn::Refused(Gravity::Final | Gravity::Slow) => {
                self.failures = self.failures.saturating_add(1);
                let ceiling = tempo.slow_pause;
                Move::Open { after: ceiling / 2 + part(ceiling / 2, random) }
            }
            Turn::Refused(Gravity::Passing) => {
                let after = part(self.ceiling(tempo), random);
                self.failures = self.failures.saturating_add(1);
                Move::Open { after }
            }
            Turn::Fell(worth) => {
                self.weigh(worth, tempo);
                let after = part(self.ceiling(tempo), random);
                self.failures = self.failures.saturating_add(1);
                Move::Open { after }
            }
            Turn::Leaving(worth) => {
                self.weigh(worth, tempo);
                // A vendor that announces the end of each connection at once must not be flooded with attempts.
                let after = if self.failures == 0 { Duration::ZERO } else { part(self.ceiling(tempo), random) };
                self.failures = self.failures.saturating_add(1);
                Move::Open { after }
            }
        }
    }

    /// Resets the failures if the last connection was good.
    ///
    /// It resets them to none if the connection lasted as long as the pause before it may have been, and to one if the
    /// connection delivered events: then a long pause would only delay events. So a vendor that accepts and drops
    /// connections is asked less and less often.
    fn weigh(&mut self, worth: Worth, tempo: &Tempo) {
        let before = Self { failures: self.failures.saturating_sub(1), ..self.clone() };
        if worth.open >= before.ceiling(tempo) {
            self.failures = 0;
        } else if worth.brought_events {
            self.failures = self.failures.min(1);
        }
    }

    fn ceiling(&self, tempo: &Tempo) -> Duration {
        let doubled = 1_u32.checked_shl(self.failures.min(30)).unwrap_or(u32::MAX);
        tempo.first_pause.saturating_mul(doubled).min(tempo.longest_pause)
    }
}

/// A random part of a time.
fn part(ceiling: Duration, random: u64) -> Duration {
    let parts = 1 << 16;
    ceiling.saturating_mul(u32::try_from(random % (parts + 1)).unwrap_or(0)) / u32::try_from(parts).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: u64 = 1 << 16;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// Open for so long, and without an event.
    fn idle(open: Duration) -> Worth {
        Worth { open, brought_events: false }
    }

    #[test]
    fn pauses_grow_to_the_cap_and_never_end() {
        let (mut course, tempo) = (Course::default(), Tempo::default());
        let mut pauses = Vec::new();
        for _ in 0..100_000 {
            pauses.push(course.next(Turn::Refused(Gravity::Passing), &tempo, MOST));
        }

        let first: Vec<Move> = [1, 2, 4, 8, 16, 32, 60].map(|time| Move::Open { after: seconds(time) }).into();
        assert_eq!(pauses[..7], first);
        assert!(pauses[7..].iter().all(|next| *next == Move::Open { after: seconds(60) }));
    }

    #[test]
    fn a_pause_is_a_random_part_of_its_ceiling() {
        let tempo = Tempo::default();
        for random in 0..1000 {
            let Move::Open { after } = Course::default().next(Turn::Refused(Gravity::Passing), &tempo, random * 97)
            else {
                panic!("no pause");
            };
            assert!(after <= seconds(1));
        }
        assert_eq!(
            Course::default().next(Turn::Refused(Gravity::Passing), &tempo, MOST / 2),
            Move::Open { after: Duration::from_millis(500) }
        );
    }

    #[test]
    fn a_final_refusal_ends_the_first_start_and_nothing_later() {
        let (mut course, tempo) = (Course::default(), Tempo::default());
        assert_eq!(course.clone().next(Turn::Refused(Gravity::Final), &tempo, 0), Move::End);

        assert_eq!(course.next(Turn::Opened, &tempo, 0), Move::Stay);
        assert_eq!(course.next(Turn::Refused(Gravity::Final), &tempo, 0), Move::Open { after: seconds(30) });
        assert_eq!(course.next(Turn::Refused(Gravity::Final), &tempo, MOST), Move::Open { after: seconds(60) });
    }

    #[test]
    fn a_connection_that_was_worth_its_pause_ends_the_row_of_failures() {
        let (mut course, tempo) = (Course::default(), Tempo::default());
        for _ in 0..5 {
            course.next(Turn::Refused(Gravity::Passing), &tempo, MOST);
        }

        // The ceiling of the last pause was 16 s.
        assert_eq!(course.clone().next(Turn::Fell(idle(seconds(16))), &tempo, MOST), Move::Open { after: seconds(1) });
        assert_eq!(course.next(Turn::Fell(idle(seconds(15))), &tempo, MOST), Move::Open { after: seconds(32) });
    }

    #[test]
    fn a_connection_that_breaks_every_other_second_is_opened_again_within_a_second() {
        let (mut course, tempo) = (Course::default(), Tempo::default());
        for _ in 0..1000 {
            let next = course.next(Turn::Fell(idle(seconds(2))), &tempo, MOST);
            assert_eq!(next, Move::Open { after: seconds(1) });
        }
    }

    #[test]
    fn connections_that_bring_events_and_break_at_once_cost_two_seconds_at_most() {
        let (mut course, tempo) = (Course::default(), Tempo::default());
        for _ in 0..10 {
            course.next(Turn::Refused(Gravity::Passing), &tempo, MOST);
        }
        for _ in 0..1000 {
            let worth = Worth { open: Duration::from_millis(10), brought_events: true };
            assert_eq!(course.next(Turn::Fell(worth), &tempo, MOST), Move::Open { after: seconds(2) });
        }
    }

    #[test]
    fn accepting_and_dropping_makes_no_storm() {
        let (mut course, tempo) = (Course::default(), Tempo::default());
        let mut elapsed = Duration::ZERO;
        let mut connections = 0;
        while elapsed < seconds(3600) {
            connections += 1;
            match course.next(Turn::Fell(idle(Duration::from_millis(100))), &tempo, MOST / 2) {
                Move::Open { after } => elapsed += after,
                other => panic!("{other:?}"),
            }
        }
        assert!(connections < 130, "{connections}");
    }

    #[test]
    fn an_announced_end_is_followed_at_once_and_a_row_of_them_is_not() {
        let (mut course, tempo) = (Course::default(), Tempo::default());

        assert_eq!(course.next(Turn::Leaving(idle(seconds(30))), &tempo, MOST), Move::Open { after: Duration::ZERO });
        assert_eq!(course.next(Turn::Leaving(idle(seconds(30))), &tempo, MOST), Move::Open { after: Duration::ZERO });
        assert_eq!(
            course.next(Turn::Leaving(idle(Duration::from_millis(900))), &tempo, MOST),
            Move::Open { after: seconds(2) }
        );
        assert_eq!(
            course.next(Turn::Leaving(idle(Duration::from_millis(900))), &tempo, MOST),
            Move::Open { after: seconds(4) }
        );
    }
}
