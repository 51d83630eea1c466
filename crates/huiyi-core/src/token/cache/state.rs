//! What a token cache knows: the token, and what the vendor has said to the last requests.

use std::time::Duration;

use crate::error::{Error, ErrorKind};
use crate::token::Token;

/// A token is refreshed when less than this is left of it, plus up to a quarter of it as jitter.
const EARLY: Duration = Duration::from_secs(300);

/// After a refresh that failed while the old token still works, the next try waits so long.
const AFTER_FAILED_REFRESH: Duration = Duration::from_secs(15);

/// After the vendor refused the credentials for good, they are not tried again for so long:
/// vendors ban the caller's address after repeated attempts.
const AFTER_WRONG_CREDENTIALS: Duration = Duration::from_secs(60);

/// After the first failure of another kind; each further one doubles it ..
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// .. up to this.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// However long a vendor asks for, the token endpoint is asked again after an hour: no vendor documents a longer
/// block.
const LONGEST_WISH: Duration = Duration::from_secs(3600);

#[derive(Default)]
pub(super) struct State {
    cached: Option<Cached>,
    generation: u64,
    failure: Option<Failed>,
    rejected: Option<Token>,
    /// Generation of a token that was rejected as soon as the vendor had issued it, and when that was.
    hopeless: Option<(u64, Duration)>,
}

struct Cached {
    token: Token,
    /// Issued for us; others are from a store and may be old.
    issued: bool,
    expires: Duration,
    refresh: Duration,
}

/// The last of some failed fetches: when the next may be, and what the grant had at hand.
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

/// What to do instead of asking the vendor, which has refused a moment ago.
pub(super) struct Refusal {
    pub(super) error: Error,
    /// The vendor has said no to what the grant has at hand; something else may help.
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

    /// Takes a token. `jitter` is a random number.
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

    /// Remembers a failure. Gives it as the callers are told, with the pause if they may try again.
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

    /// The failure of a fetch after which the vendor is not asked yet, unless the grant was given something since.
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

    /// Leaves a token that still works alone for a while.
    pub(super) fn pause(&mut self, now: Duration) {
        if let Some(cached) = &mut self.cached {
            cached.refresh = now.saturating_add(AFTER_FAILED_REFRESH).min(cached.expires);
        }
    }

    /// Whether a token of a store is of no use: it is ours, or was rejected.
    pub(super) fn is_known(&self, token: &Token) -> bool {
        self.is_rejected(token) || self.cached.as_ref().is_some_and(|cached| cached.token.is_same(token))
    }

    pub(super) fn is_rejected(&self, token: &Token) -> bool {
        self.rejected.as_ref().is_some_and(|rejected| rejected.is_same(token))
    }

    /// Drops the cached token if it is the rejected one; returns whether the next one may be another.
    ///
    /// A token that was rejected as soon as it was issued is kept for a while: what the vendor rejects is not the
    /// token then, and each call would cost a token request.
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
        // One from the store says nothing of those that the vendor would issue.
        let issued = |cached: &Cached| cached.issued && cached.token.generation() == token.generation();
        if self.cached.as_ref().is_some_and(issued) {
            self.hopeless = Some((token.generation(), now));
        }
    }

    /// Starts with a token that is already there.
    pub(super) fn preset(&mut self, token: Token, expires: Duration) {
        self.cached = Some(Cached { token, issued: false, expires, refresh: expires.saturating_sub(EARLY) });
    }
}

/// Whether the vendor has said no to what it was given, so that only something else can help.
pub(super) fn is_final(error: &Error) -> bool {
    let transient = error.is_transient() || error.kind() == ErrorKind::Other;
    error.code().is_some() && !transient
}

/// How long the vendor is not asked after a failure that followed so many others. What failed on our side, for
/// instance for want of a ticket, is tried again at once.
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
