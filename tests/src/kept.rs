//! A keeper of user tokens that records all pairs.

use std::sync::{Arc, Mutex, PoisonError};

use huiyi_core::BoxFuture;
use huiyi_core::secrecy::ExposeSecret;
use huiyi_core::user_token::{KeepTokens, UserTokens};

/// The pairs that were kept: access token and refresh token. Clones share them.
#[derive(Clone, Default)]
pub struct Kept(Arc<Mutex<Vec<(String, String)>>>);

impl Kept {
    /// Returns all pairs in order.
    pub fn pairs(&self) -> Vec<(String, String)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns the keeper as the builders take it.
    pub fn keeper(&self) -> Arc<dyn KeepTokens> {
        Arc::new(self.clone())
    }
}

impl KeepTokens for Kept {
    fn keep<'a>(&'a self, tokens: &'a UserTokens) -> BoxFuture<'a, ()> {
        let refresh = tokens.refresh.as_ref().map(|token| token.expose_secret().to_owned()).unwrap_or_default();
        let pair = (tokens.access.expose().to_owned(), refresh);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(pair);
        Box::pin(async {})
    }
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Kept")
    }
}
