//! One fetch of a token: from the store, or from the vendor.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::state::{Held, State, is_final};
use super::visit::Visit;
use crate::error::{Error, ErrorKind};
use crate::token::context::TokenContext;
use crate::token::{Grant, IssuedToken, Token};

/// An issued token is used for at least this long, so the callers that waited for it can use it: if the
/// client's clock is ahead of the vendor's, a new token may look expired.
pub(super) const MIN_LIFETIME: Duration = Duration::from_secs(10);

/// Longest lifetime of a token, whatever the vendor or a store says.
pub(super) const MAX_LIFETIME: Duration = Duration::from_secs(366 * 24 * 3600);

/// If a renewal was refused, another process may have been faster and may store its token soon.
const LOOK_AGAIN: [Duration; 4] =
    [Duration::from_millis(100), Duration::from_millis(200), Duration::from_millis(400), Duration::from_millis(800)];

/// If another process was faster, or the keeper cannot be read, checks continue for this long, but at most half of the
/// time limit. A restarting store is back by then.
const LOOK_FOR: Duration = Duration::from_secs(15);

/// Everything that a fetch needs. It may outlive the caller that started the fetch.
pub(super) struct Fetcher<G> {
    pub(super) grant: G,
    pub(super) context: TokenContext,
    state: Mutex<State>,
}

impl<G: Grant> Fetcher<G> {
    pub(super) fn new(grant: G, context: TokenContext) -> Self {
        Self { grant, context, state: Mutex::default() }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn held(&self) -> Held {
        let now = self.context.clock.unix_time();
        self.state().held(now)
    }

    pub(super) async fn fetch(&self) -> Result<Token, Error> {
        let version = self.grant.version();
        let mut visit = Visit::new(self);
        if let Some(stored) = visit.look().await {
            return Ok(self.accept(stored, false));
        }
        if let Some(error) = self.refused_lately(version).await {
            self.pause();
            return Err(error);
        }
        if let Some(stored) = visit.take_lease().await {
            visit.leave().await;
            return Ok(self.accept(stored, false));
        }
        let mut asked = visit.holding(self.ask()).await;
        if let Err(error) = asked {
            asked = self.overtaken(error, &mut visit).await;
        }
        let result = match asked {
            Ok((token, issued)) => {
                if issued {
                    visit.keep(&token).await;
                }
                Ok(self.accept(token, issued))
            }
            Err(error) => {
                self.pause();
                let now = self.context.clock.monotonic();
                Err(self.state().fail(error, version, now))
            }
        };
        visit.leave().await;
        result
    }

    fn accept(&self, IssuedToken { token, expires_in }: IssuedToken, issued: bool) -> Token {
        let (now, jitter) = (self.context.clock.unix_time(), self.context.entropy.next_u64());
        self.state().accept(token, issued, (now, expires_in), jitter)
    }

    fn pause(&self) {
        let now = self.context.clock.unix_time();
        self.state().pause(now);
    }

    /// Returns the last failure if the vendor must not be asked yet.
    async fn refused_lately(&self, version: u64) -> Option<Error> {
        let now = self.context.clock.monotonic();
        let refusal = self.state().refusal(version, now)?;
        let goes_on = refusal.is_final && self.grant.has_news().await;
        (!goes_on).then_some(refusal.error)
    }

    /// Asks the vendor. The second value is whether the vendor issued the token to this process.
    async fn ask(&self) -> Result<(IssuedToken, bool), Error> {
        let IssuedToken { token, expires_in } = self.grant.issue().await?;
        if token.is_unusable() {
            let mut error = Error::no_token(ErrorKind::Other, "the answer has no token that can be sent");
            error.parts_mut().attempts = 1;
            return Err(error);
        }
        Ok((IssuedToken { token, expires_in: expires_in.clamp(MIN_LIFETIME, MAX_LIFETIME) }, true))
    }

    /// Handles a refusal that may mean that another process was faster.
    async fn overtaken(&self, mut error: Error, visit: &mut Visit<'_, G>) -> Result<(IssuedToken, bool), Error> {
        let may_be = |error: &Error| is_final(error) || error.kind() == ErrorKind::Overtaken;
        if !self.grant.is_single_use() || !may_be(&error) {
            return Err(error);
        }
        let (clock, limit) = (&*self.context.clock, self.context.time_limit / 2);
        let until = clock.monotonic().saturating_add(limit.min(LOOK_FOR));
        let mut pauses = LOOK_AGAIN.iter();
        loop {
            if let Some(stored) = visit.look().await {
                return Ok((stored, false));
            }
            if self.grant.has_news().await {
                match visit.holding(self.ask()).await {
                    Err(next) if may_be(&next) => error = next,
                    result => return result,
                }
            }
            let goes_on = error.kind() == ErrorKind::Overtaken && clock.monotonic() < until;
            let longest = LOOK_AGAIN.last().filter(|_| goes_on);
            let Some(pause) = pauses.next().or(longest) else { break };
            clock.sleep(*pause).await;
        }
        if visit.has_rival() {
            error.parts_mut().kind = ErrorKind::Overtaken;
        }
        Err(error)
    }
}
