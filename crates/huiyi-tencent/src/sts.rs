//! The STS token, which some operations require in addition to the signature. It arrives as an event.
//!
//! Pages: <https://cloud.tencent.com/document/product/1095/127650>,
//! <https://cloud.tencent.com/document/product/1095/127651>.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use huiyi_core::secrecy::SecretString;

/// The STS token (STS-Token): of all delivered tokens, the one that expires last.
///
/// Clones share one token: give one clone to the receiver of events and one to the client, see
/// [`ClientBuilder::sts_token`](crate::ClientBuilder::sts_token). Request a token with
/// [`Client::request_sts_token`](crate::Client::request_sts_token), and a new one before
/// [`expires`](Self::expires). The new token arrives in the same way, and the old one stays valid until it expires.
#[derive(Clone, Default)]
pub struct StsToken(Arc<Mutex<Option<Kept>>>);

struct Kept {
    token: SecretString,
    expires: Duration,
}

impl StsToken {
    /// Keeps a token with this expiry since the Unix epoch, unless the present token expires later.
    pub fn set(&self, token: impl Into<String>, expires: Duration) {
        let mut kept = self.kept();
        if kept.as_ref().is_none_or(|kept| kept.expires <= expires) {
            *kept = Some(Kept { token: SecretString::from(token.into()), expires });
        }
    }

    /// Returns the expiry of the token, since the Unix epoch; `None` if there is no token.
    #[must_use]
    pub fn expires(&self) -> Option<Duration> {
        self.kept().as_ref().map(|kept| kept.expires)
    }

    /// Returns the token, if it has not expired at this time since the Unix epoch.
    pub(crate) fn at(&self, now: Duration) -> Option<SecretString> {
        self.kept().as_ref().filter(|kept| kept.expires > now).map(|kept| kept.token.clone())
    }

    fn kept(&self) -> MutexGuard<'_, Option<Kept>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for StsToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StsToken(***)")
    }
}
