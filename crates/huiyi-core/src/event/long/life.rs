//! Decides whether a connection is alive, by what is received and not by what could be written.

use std::time::Duration;

use super::tempo::Tempo;

/// What is to be done at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    Nothing,
    /// Send the application's ping.
    Ping,
    /// Send a WebSocket ping.
    Probe,
    /// It answers WebSocket pings, but the server's own pings have stopped, or it is old: replace it.
    Replace,
    /// Give it up: nothing has come back.
    Dead,
}

/// The signs of life of one connection.
///
/// There are two kinds. A **frame** is anything received, WebSocket pongs included: it shows that the line is open. A
/// **word** is a message of the vendor's: it shows that the vendor's server still answers.
#[derive(Debug)]
pub(super) struct Life {
    probe: Duration,
    patience: Duration,
    quiet: Option<Duration>,
    renew_at: Option<Duration>,
    /// The interval of our own pings.
    every: Option<Duration>,
    ping_at: Duration,
    /// The oldest ping since the last word.
    pinged: Option<Duration>,
    /// The oldest probe since the last frame.
    probed: Option<Duration>,
    frame: Duration,
    word: Duration,
    /// When the server last pinged, and the longest time from one of its pings to the next.
    server_ping: Option<Duration>,
    server_every: Option<Duration>,
    is_replaced: bool,
}

impl Life {
    pub(super) fn new(tempo: &Tempo, every: Option<Duration>, renew: Option<Duration>, now: Duration) -> Self {
        Self {
            probe: tempo.probe,
            patience: tempo.patience,
            quiet: tempo.quiet,
            renew_at: renew.map(|time| now.saturating_add(time)),
            every,
            ping_at: now,
            pinged: None,
            probed: None,
            frame: now,
            word: now,
            server_ping: None,
            server_every: None,
            is_replaced: false,
        }
    }

    /// The server wants pings at this interval.
    pub(super) fn ping_every(&mut self, every: Duration, now: Duration) {
        if self.every != Some(every) {
            self.every = Some(every);
            self.ping_at = self.ping_at.min(now.saturating_add(every));
        }
    }

    /// Something came.
    pub(super) fn frame(&mut self, now: Duration) {
        self.frame = now;
        self.probed = None;
    }

    /// A message of the vendor's came.
    pub(super) fn word(&mut self, now: Duration) {
        self.word = now;
        self.pinged = None;
    }

    /// The server has pinged.
    pub(super) fn server_ping(&mut self, now: Duration) {
        if let Some(last) = self.server_ping {
            let every = now.saturating_sub(last);
            self.server_every = Some(self.server_every.map_or(every, |longest| longest.max(every)));
        }
        self.server_ping = Some(now);
    }

    /// It is being replaced: do not report it again.
    pub(super) fn replaced(&mut self) {
        self.is_replaced = true;
    }

    /// When the last message of the vendor's came.
    pub(super) fn last_word(&self) -> Duration {
        self.word
    }

    fn patience(&self) -> Duration {
        self.every.map_or(self.patience, |every| self.patience.min(every / 4 * 3))
    }

    /// When the server's own pings are missed: after twice their interval, if it is known.
    fn missed_at(&self) -> Option<Duration> {
        let twice = self.server_every.map(|every| every.max(self.patience / 2).saturating_mul(2));
        Some(self.word.saturating_add(twice.or(self.quiet)?))
    }

    /// What is due now.
    pub(super) fn due(&mut self, now: Duration) -> Due {
        let is_over =
            |since: Option<Duration>, time: Duration| since.is_some_and(|since| now >= since.saturating_add(time));
        if is_over(self.pinged, self.patience()) || is_over(self.probed, self.patience()) {
            return Due::Dead;
        }
        if let Some(every) = self.every
            && now >= self.ping_at
        {
            self.ping_at = now.saturating_add(every);
            self.pinged.get_or_insert(now);
            return Due::Ping;
        }
        let old = [self.renew_at, self.missed_at()].into_iter().flatten().any(|at| now >= at);
        if old && !self.is_replaced {
            self.is_replaced = true;
            return Due::Replace;
        }
        if now >= self.frame + self.probe && self.probed.is_none() {
            self.probed = Some(now);
            return Due::Probe;
        }
        Due::Nothing
    }

    /// When something will be due if nothing comes.
    pub(super) fn next(&self) -> Duration {
        let patience = self.patience();
        let dead = [self.pinged, self.probed].map(|since| since.map(|since| since.saturating_add(patience)));
        let ping = self.every.map(|_| self.ping_at);
        let probe = self.probed.is_none().then(|| self.frame + self.probe);
        let old = if self.is_replaced { [None, None] } else { [self.renew_at, self.missed_at()] };
        dead.into_iter().chain([ping, probe]).chain(old).flatten().min().unwrap_or(Duration::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// What is due from a moment on until it is dead or replaced, with nothing coming.
    fn alone(life: &mut Life, mut now: Duration) -> (Vec<(u64, Due)>, Duration) {
        let mut done = Vec::new();
        loop {
            now = now.max(life.next());
            match life.due(now) {
                Due::Nothing => panic!("woken up for nothing at {now:?}: {life:?}"),
                end @ (Due::Dead | Due::Replace) => {
                    done.push((now.as_secs(), end));
                    return (done, now);
                }
                other => done.push((now.as_secs(), other)),
            }
        }
    }

    #[test]
    fn a_half_open_connection_is_noticed_within_two_intervals() {
        for seconds in [4, 30, 90, 300] {
            let mut life = Life::new(&Tempo::default(), Some(at(seconds)), None, at(0));
            assert_eq!(life.due(at(0)), Due::Ping);
            life.frame(at(0));
            life.word(at(0));

            let (_, dead) = alone(&mut life, at(0));

            assert!(dead <= at(2 * seconds) && dead <= at(40), "{seconds} s: {dead:?}");
        }
    }

    #[test]
    fn pongs_of_the_line_alone_do_not_prove_that_somebody_is_there() {
        let mut life = Life::new(&Tempo::default(), Some(at(90)), None, at(0));
        assert_eq!(life.due(at(0)), Due::Ping);
        life.frame(at(19));

        assert_eq!(life.due(at(19)), Due::Nothing);
        assert_eq!(life.due(at(20)), Due::Dead);
    }

    #[test]
    fn an_idle_connection_whose_pings_are_answered_lives() {
        let mut life = Life::new(&Tempo::default(), None, None, at(0));
        let mut now = at(0);
        for _ in 0..1000 {
            now = life.next();
            assert_eq!(life.due(now), Due::Probe);
            now += at(19);
            assert_eq!(life.due(now), Due::Nothing);
            life.frame(now);
        }
        assert!(now > at(30_000));
    }

    #[test]
    fn a_server_whose_own_pings_stop_is_replaced_although_the_line_answers() {
        let mut life = Life::new(&Tempo::default(), None, None, at(0));
        for seconds in [25, 50, 75] {
            life.frame(at(seconds));
            life.word(at(seconds));
            life.server_ping(at(seconds));
        }
        let mut now = at(75);
        let due = loop {
            now = now.max(life.next());
            match life.due(now) {
                Due::Probe => life.frame(now),
                due => break due,
            }
        };

        assert_eq!((due, now), (Due::Replace, at(125)));
        assert_ne!(life.due(now), Due::Replace, "said once");
    }

    #[test]
    fn a_server_that_never_pinged_is_replaced_when_it_is_quiet_for_long() {
        let tempo = Tempo { quiet: Some(at(300)), probe: at(1000), ..Tempo::default() };

        assert_eq!(alone(&mut Life::new(&tempo, None, None, at(0)), at(0)).0, [(300, Due::Replace)]);
    }

    #[test]
    fn an_old_connection_is_replaced_once() {
        let mut life = Life::new(&Tempo::default(), None, Some(at(10)), at(0));

        let (done, _) = alone(&mut life, at(0));
        assert_eq!(done, [(10, Due::Replace)]);
        let (done, _) = alone(&mut life, at(10));
        assert_eq!(done, [(20, Due::Probe), (40, Due::Dead)]);
    }

    #[test]
    fn a_connection_may_have_any_time_to_answer() {
        let tempo = Tempo { patience: Duration::MAX, quiet: None, ..Tempo::default() };
        let mut life = Life::new(&tempo, None, None, at(0));

        assert_eq!(life.due(life.next()), Due::Probe);
        assert_eq!((life.next(), life.due(at(1 << 40))), (Duration::MAX, Due::Nothing));
    }

    #[test]
    fn a_shorter_interval_holds_at_once() {
        let mut life = Life::new(&Tempo::default(), Some(at(120)), None, at(0));
        assert_eq!(life.due(at(0)), Due::Ping);
        life.word(at(1));
        life.frame(at(1));
        life.ping_every(at(10), at(1));

        assert_eq!(life.next(), at(11));
        assert_eq!(life.due(at(11)), Due::Ping);
    }
}
