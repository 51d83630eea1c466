//! The pipeline that every call uses: credential, quota, signature, send, read, and a retry if that is safe.
//!
//! The loop is in [`Call::run`]. The pure function [`decision::next`](super::decision::next) decides what
//! follows a failure. `exchange` sends one request and reads its answer, `observation` reports to the
//! observer, and `errors` has the call's own errors.

mod errors;
mod exchange;
mod observation;

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method};
use reqwest::Url;

use super::decision::{self, Facts, Next, Stage};
use super::retry::Plan;
use crate::answer::Success;
use crate::error::{Error, ErrorKind};
use crate::identity::{Credential, Scheme, Stamp};
use crate::observe::trace;
use crate::operation::Operation;
use crate::session::Session;
use crate::token::Token;

/// After a longer wait for a quota permit the token may have expired, so it is requested again.
const LONG_WAIT: Duration = Duration::from_secs(10);

/// A request body.
#[derive(Clone)]
pub(crate) enum Content {
    None,
    Bytes(Bytes),
    /// A stream, which can be sent once.
    Once(Arc<Mutex<Option<reqwest::Body>>>),
}

impl Content {
    pub(super) fn once(body: reqwest::Body) -> Self {
        Self::Once(Arc::new(Mutex::new(Some(body))))
    }

    fn is_repeatable(&self) -> bool {
        !matches!(self, Self::Once(_))
    }
}

/// A checked request with everything needed to send it, once or several times.
pub(crate) struct Call {
    session: Session,
    operation: &'static Operation,
    /// The operation's name, for errors and logs.
    label: Cow<'static, str>,
    idempotent: bool,
    /// Whether a body that is not JSON is a download.
    download: bool,
    /// The chosen credential scheme; `None` if the operation needs none.
    scheme: Option<Scheme>,
    method: Method,
    url: Url,
    headers: HeaderMap,
    content: Content,
}

/// The progress of a call so far.
struct Progress<'a> {
    plan: Plan<'a>,
    /// How many times the request was sent.
    sent: u32,
    /// How many token requests failed.
    token_failures: u32,
    /// Whether an attempt may have taken effect.
    uncertain: bool,
    /// The token that the vendor rejected, and the error.
    rejected: Option<(Token, Error)>,
}

/// An attempt that did not succeed.
enum Ended {
    /// Nothing was requested, and another try would end the same way.
    Local(Error),
    /// A token or an answer was requested and the request failed.
    Failed(Failed),
}

/// An attempt that failed.
struct Failed {
    error: Error,
    stage: Stage,
    credential: Credential,
    duration: Duration,
}

impl Call {
    /// Chooses the credential.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`] if the client has none of an accepted kind.
    pub(super) fn new(
        session: Session,
        operation: &'static Operation,
        label: Cow<'static, str>,
        idempotent: bool,
        token: Option<Cow<'static, str>>,
        download: bool,
        (method, url, headers, content): (Method, Url, HeaderMap, Content),
    ) -> Result<Self, Error> {
        let chosen = match &token {
            Some(kind) => session.identity().choose(&[kind]),
            None => session.identity().choose(operation.tokens),
        };
        let scheme = match chosen {
            Ok(scheme) => scheme.cloned(),
            Err(reason) => return Err(Error::misuse(session.transport().vendor.name, label, reason)),
        };
        Ok(Self { session, operation, label, idempotent, download, scheme, method, url, headers, content })
    }

    /// Makes the call.
    ///
    /// # Errors
    ///
    /// The vendor's refusal, or the reason why there is no usable answer.
    pub(super) async fn run(self) -> Result<Success, Error> {
        trace::call!(self.session.transport().vendor.name, &*self.label, self.attempts()).await
    }

    async fn attempts(&self) -> Result<Success, Error> {
        let transport = self.session.transport();
        let plan = Plan::new(self.session.retry(), self.session.budget(), transport.entropy().next_u64());
        let mut progress = Progress { plan, sent: 0, token_failures: 0, uncertain: false, rejected: None };
        loop {
            match self.attempt(&mut progress).await {
                Ok(success) => {
                    self.session.budget().give_back();
                    return Ok(success);
                }
                Err(Ended::Local(mut error)) => {
                    error.parts_mut().uncertain |= progress.uncertain;
                    return Err(error);
                }
                Err(Ended::Failed(failed)) => {
                    if let Some(error) = self.after(failed, &mut progress).await {
                        return Err(error);
                    }
                }
            }
        }
    }

    /// Carries out the decision: waits or replaces the token. Returns an error if it ends the call.
    async fn after(&self, mut failed: Failed, progress: &mut Progress<'_>) -> Option<Error> {
        let clock = self.session.transport().clock();
        let facts = self.facts(&failed, progress);
        let unreadable = failed.error.is_unreadable_success();
        let by_status = failed.error.http_status().is_some_and(|status| status.is_client_error());
        progress.uncertain |= decision::is_uncertain(&facts, unreadable, by_status, failed.error.code().is_some());
        failed.error.parts_mut().uncertain = progress.uncertain;
        let next = decision::next(&facts);
        let wait = match next {
            Next::Wait => progress.plan.next(clock.monotonic(), failed.error.retry_after()),
            _ => None,
        };
        let number = if failed.stage == Stage::Token { 0 } else { progress.sent };
        self.observe_error(&failed.error, number, failed.duration, wait);
        match (next, failed.credential) {
            (Next::Wait, _) if wait.is_some() => {
                clock.sleep(wait.unwrap_or_default()).await;
                None
            }
            (Next::ReplaceToken, Credential::Token { source, token, .. }) => {
                if !source.reject(&token).await {
                    return Some(failed.error);
                }
                progress.rejected = Some((token, failed.error));
                None
            }
            (Next::RejectedAgain, Credential::Token { source, token, .. }) => {
                source.rejected_again(&token);
                Some(failed.error)
            }
            _ => Some(failed.error),
        }
    }

    fn facts(&self, failed: &Failed, progress: &Progress<'_>) -> Facts {
        Facts {
            stage: failed.stage,
            kind: failed.error.kind(),
            action: failed.error.parts().action,
            idempotent: self.idempotent,
            repeatable: self.content.is_repeatable(),
            has_token: matches!(failed.credential, Credential::Token { .. }),
            token_replaced: progress.rejected.is_some(),
        }
    }

    /// Makes one attempt: credential, quota, signature, send, read.
    async fn attempt(&self, progress: &mut Progress<'_>) -> Result<Success, Ended> {
        let transport = self.session.transport();
        let clock = transport.clock();
        let mut credential = self.credential(progress).await?;
        if let (Credential::Token { source, token, .. }, Some((old, error))) = (&credential, &progress.rejected)
            && token.is_same(old)
        {
            source.rejected_again(token);
            return Err(Ended::Local(error.clone()));
        }
        let entered = clock.monotonic();
        let permit = match self.session.quotas().enter(self.operation, self.session.identity().tenant()).await {
            Ok(permit) => permit.unsent(),
            Err(refused) => return Err(Ended::Local(self.quota_error(refused, progress.sent))),
        };
        if clock.monotonic().saturating_sub(entered) > LONG_WAIT {
            credential = self.credential(progress).await?;
        }
        // The time for retries starts with the first attempt, after the wait for a quota permit.
        progress.plan.begin(clock.monotonic());
        let stamp = Stamp { unix_time: clock.unix_time(), nonce: transport.entropy().next_u64() };
        let Some(mut request) = self.request() else {
            let error = self.error(ErrorKind::Other, "the request body is a stream and was already sent");
            return Err(Ended::Local(error));
        };
        let secrets = match credential.apply(&mut request, stamp) {
            Ok(secrets) => secrets,
            Err(reason) => {
                let mut error = self.error(ErrorKind::Auth, &reason);
                error.parts_mut().attempts = progress.sent;
                return Err(Ended::Local(error));
            }
        };
        progress.sent += 1;
        let permit = permit.sending();
        let started = clock.monotonic();
        let result = self.send(request, progress.sent).await;
        let duration = clock.monotonic().saturating_sub(started);
        match &result {
            Err((_, Stage::Unsent)) => permit.release(),
            _ => permit.settle(),
        }
        match result {
            Ok(success) => {
                self.observe_success(&success.head, duration);
                Ok(success)
            }
            Err((mut error, stage)) => {
                error.parts_mut().attempts = progress.sent;
                credential.hide_in(&mut error, &secrets);
                error.shorten();
                self.hold_back(&error);
                Err(Ended::Failed(Failed { error, stage, credential, duration }))
            }
        }
    }

    /// Returns the credential of an attempt.
    async fn credential(&self, progress: &mut Progress<'_>) -> Result<Credential, Ended> {
        let Some(scheme) = &self.scheme else { return Ok(Credential::None) };
        let clock = self.session.transport().clock();
        let asked = clock.monotonic();
        match scheme.credential().await {
            Ok(credential) => Ok(credential),
            Err(error) => {
                progress.plan.begin(asked);
                progress.token_failures += 1;
                let error = self.token_error(error, progress.token_failures);
                let duration = clock.monotonic().saturating_sub(asked);
                let credential = Credential::None;
                Err(Ended::Failed(Failed { error, stage: Stage::Token, credential, duration }))
            }
        }
    }

    /// Builds the HTTP request of one attempt; `None` if its body was already sent.
    fn request(&self) -> Option<reqwest::Request> {
        let mut request = reqwest::Request::new(self.method.clone(), self.url.clone());
        *request.headers_mut() = self.headers.clone();
        match &self.content {
            Content::None => {}
            Content::Bytes(bytes) => *request.body_mut() = Some(bytes.clone().into()),
            Content::Once(body) => {
                *request.body_mut() = Some(body.lock().unwrap_or_else(PoisonError::into_inner).take()?);
            }
        }
        Some(request)
    }
}

#[cfg(test)]
mod tests;
