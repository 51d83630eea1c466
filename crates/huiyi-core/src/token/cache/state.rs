//! The state of a token cache: the token, and the vendor's last refusals.

use std::time::Duration;

use crate::error::{Error, ErrorKind};
use crate::token::Token;

/// A token is refreshed when less than this is left, plus up to a quarter of this as jitter. For a short-lived token it
/// is a quarter of its lifetime.
const EARLY: Duration = Duration::from_secs(300);

/// If a refresh failed while the old token still works, the next try waits this long.
const AFTER_FAILED_REFRESH: Duration = Duration::from_secs(15);

/// If the vendor refused the credentials, they are not tried again for this long: vendors ban the caller's
/// address after repeated attempts.
const AFTER_WRONG_CREDENTIALS: Duration = Duration::from_secs(60);

/// Pause after the first failure of another kind. Each further failure doubles it.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// The longest pause after a failure.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Even if a vendor asks for a longer wait, the token endpoint is asked again after an hour: no vendor
/// documents a longer block.
const LONGEST_WISH: Duration = Duration::from_secs(3600);

#[derive(Default)]
pub(super) struct State {
    cached: Option<Cached>,
    generation: u64,
    failure: Option<Failed>,
    rejected: Option<Token>,
    /// Generation of a token that was rejected right after the vendor had issued it, and the time of the
    /// rejection.
    hopeless: Option<(u64, Duration)>,
}

struct Cached {
    token: Token,
    /// Whether the vendor issued it to this process; other tokens are from a store and may be old.
    issued: bool,
    expires: Duration,
    refresh: Duration,
}

/// The last of several failed fetches: when the next one may start, and the grant's version.
struct Failed {
    error: Error,
    until: Duration,
    version: u64,
    times: u32,
}

pub(super) enum Held {
    Fresh(Token),
    Ageing(Token),
    None,
}

/// What to return instead of asking the vendor, which has just refused.
pub(super) struct Refusal {
    pub(super) error: Error,
    /// Whether the vendor rejected the grant's input; a different input may help.
    pub(super) is_final: bool,
}

impl State {
    pub(super) fn held(&self, now: Duration) -> Held {
        match &self.cached {
            Some(cached) if now < cached.refresh => Held::Fresh(cached.token.clone()),
            Some(cached) if now < cached.expires => Held::Ageing(cached.token.clone()),
            _ => Held::None,
        }
    }

    /// Caches a token. `jitter` is a random number.
    pub(super) fn accept(
        &mut self,
        token: Token,
        issued: bool,
        (now, expires_in): (Duration, Duration),
        jitter: u64,
    ) -> Token {
        self.generation += 1;
        let token = token.with_generation(self.generation);
        let jitter = Duration::from_secs(jitter % (EARLY.as_secs() / 4));
        let early = EARLY.min(expires_in / 4) + jitter.min(expires_in / 16);
        let expires = now.saturating_add(expires_in);
        let refresh = expires.saturating_sub(early);
        self.cached = Some(Cached { token: token.clone(), issued, expires, refresh });
        self.failure = None;
        token
    }

    /// Records a failure. Returns the error for the callers, with the pause if they may try again.
    pub(super) fn fail(&mut self, mut error: Error, version: u64, now: Duration) -> Error {
        let times = self.failure.as_ref().map_or(0, |failed| failed.times);
        let pause = pause(&error, times);
        if pause > Duration::ZERO && error.kind().is_transient() {
            error.parts_mut().retry_after = Some(error.retry_after().map_or(pause, |asked| asked.max(pause)));
        }
        self.failure =
            Some(Failed { error: error.clone(), until: now.saturating_add(pause), version, times: times + 1 });
        error
    }

    /// Returns the last failure if the vendor must not be asked yet and the grant has no new input.
    pub(super) fn refusal(&self, version: u64, now: Duration) -> Option<Refusal> {
        let failed = self.failure.as_ref()?;
        let left = failed.until.checked_sub(now).filter(|left| !left.is_zero())?;
        if failed.version != version {
            return None;
        }
        let mut error = failed.error.clone();
        if error.retry_after().is_some() {
            error.parts_mut().retry_after = Some(left);
        }
        Some(Refusal { is_final: is_final(&error), error })
    }

    /// Postpones the next refresh of a valid token.
    pub(super) fn pause(&mut self, now: Duration) {
        if let Some(cached) = &mut self.cached {
            cached.refresh = now.saturating_add(AFTER_FAILED_REFRESH).min(cached.expires);
        }
    }

    /// Returns whether a token from a store is useless: it is already cached, or was rejected.
    pub(super) fn is_known(&self, token: &Token) -> bool {
        self.is_rejected(token) || self.cached.as_ref().is_some_and(|cached| cached.token.is_same(token))
    }

    pub(super) fn is_rejected(&self, token: &Token) -> bool {
        self.rejected.as_ref().is_some_and(|rejected| rejected.is_same(token))
    }

    /// Drops the cached token if it is the rejected one. Returns whether the next one may be different.
    ///
    /// A token that was rejected right after it was issued is kept for a while: the token is not the reason
    /// for the rejection, and otherwise each call would cost a token request.
    pub(super) fn reject(&mut self, token: &Token, now: Duration) -> bool {
        if self.cached.as_ref().is_none_or(|cached| cached.token.generation() != token.generation()) {
            return true;
        }
        let lately = |at| now.saturating_sub(at) < AFTER_WRONG_CREDENTIALS;
        if self.hopeless.is_some_and(|(generation, at)| generation == token.generation() && lately(at)) {
            return false;
        }
        self.cached = None;
        self.rejected = Some(token.clone());
        true
    }

    pub(super) fn rejected_again(&mut self, token: &Token, now: Duration) {
        // The rejection of a token from the store does not predict how a newly issued one is received.
        let issued = |cached: &Cached| cached.issued && cached.token.generation() == token.generation();
        if self.cached.as_ref().is_some_and(issued) {
            self.hopeless = Some((token.generation(), now));
        }
    }

    /// Starts with an existing token.
    pub(super) fn preset(&mut self, token: Token, expires: Duration) {
        self.cached = Some(Cached { token, issued: false, expires, refresh: expires.saturating_sub(EARLY) });
    }
}

/// Returns whether the vendor rejected what it was given, so only a different input can help.
pub(super) fn is_final(error: &Error) -> bool {
    let transient = error.is_transient() || error.kind() == ErrorKind::Other;
    error.code().is_some() && !transient
}

/// Returns how long the vendor is not asked after this failure and `times` earlier ones. A failure of our
/// own, for instance a missing ticket, is retried at once.
fn pause(error: &Error, times: u32) -> Duration {
    let was_asked = error.attempts() > 0 || error.code().is_some() || error.http_status().is_some();
    if !was_asked {
        return Duration::ZERO;
    }
    let own = if is_final(error) {
        AFTER_WRONG_CREDENTIALS
    } else {
        FIRST_PAUSE.saturating_mul(1 << times.min(10)).min(LONGEST_PAUSE)
    };
    error.retry_after().map_or(own, |asked| asked.min(LONGEST_WISH).max(FIRST_PAUSE))
}
