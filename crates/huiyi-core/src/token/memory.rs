//! A token store in memory.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::access::Token;
use super::lease::{Lease, Leased};
use super::store::{StoreError, StoredToken, TokenStore};
use crate::clock::BoxFuture;

/// A store in this process's memory that shares tokens among several clients.
///
/// ```
/// use std::sync::Arc;
///
/// use huiyi_core::{MemoryStore, TokenStore};
///
/// // Give a clone of it to each client's `token_store`.
/// let shared: Arc<dyn TokenStore> = Arc::new(MemoryStore::default());
/// # let _ = shared;
/// ```
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    tokens: HashMap<String, StoredToken>,
    /// The last owner of each lease, its start and its duration.
    leases: HashMap<String, (String, Instant, Duration)>,
}

impl Kept {
    fn is_free(&self, lease: &Lease) -> bool {
        let other = self.leases.get(lease.key()).filter(|(owner, ..)| owner != lease.owner());
        other.is_none_or(|(_, since, ttl)| since.elapsed() >= *ttl)
    }
}

impl MemoryStore {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn ready<'a, T: Send + 'a>(value: T) -> BoxFuture<'a, Result<T, StoreError>> {
    Box::pin(std::future::ready(Ok(value)))
}

impl TokenStore for MemoryStore {
    fn load<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<StoredToken>, StoreError>> {
        ready(self.kept().tokens.get(key).cloned())
    }

    fn save<'a>(&'a self, key: &'a str, token: &'a StoredToken) -> BoxFuture<'a, Result<(), StoreError>> {
        self.kept().tokens.insert(key.to_owned(), token.clone());
        ready(())
    }

    fn save_under<'a>(&'a self, lease: &'a Lease, token: &'a StoredToken) -> BoxFuture<'a, Result<bool, StoreError>> {
        let mut kept = self.kept();
        let is_last = kept.leases.get(lease.key()).is_none_or(|(owner, ..)| owner == lease.owner());
        if is_last {
            kept.tokens.insert(lease.key().to_owned(), token.clone());
        }
        ready(is_last)
    }

    fn forget<'a>(&'a self, key: &'a str, token: &'a Token) -> BoxFuture<'a, Result<(), StoreError>> {
        let mut kept = self.kept();
        if kept.tokens.get(key).is_some_and(|stored| stored.token.is_same(token)) {
            kept.tokens.remove(key);
        }
        ready(())
    }

    fn lease<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<Leased, StoreError>> {
        let mut kept = self.kept();
        if !kept.is_free(lease) {
            return ready(Leased::HeldByAnother);
        }
        kept.leases.insert(lease.key().to_owned(), (lease.owner().to_owned(), Instant::now(), lease.ttl()));
        ready(Leased::Granted)
    }

    fn release<'a>(&'a self, lease: &'a Lease) -> BoxFuture<'a, Result<(), StoreError>> {
        if let Some((owner, _, ttl)) = self.kept().leases.get_mut(lease.key())
            && owner == lease.owner()
        {
            *ttl = Duration::ZERO;
        }
        ready(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::MemoryStore;
    use crate::token::{Lease, Leased, StoredToken, Token, TokenStore};

    fn lease(owner: &str) -> Lease {
        Lease::new("k", owner, Duration::from_secs(10))
    }

    fn stored(text: &str) -> StoredToken {
        StoredToken::new(Token::new(text), SystemTime::now())
    }

    #[tokio::test(start_paused = true)]
    async fn a_lease_is_one_owners_until_it_is_released_or_over() {
        let store = MemoryStore::default();

        assert_eq!(store.lease(&lease("a")).await.unwrap(), Leased::Granted);
        assert_eq!(store.lease(&lease("a")).await.unwrap(), Leased::Granted);
        assert_eq!(store.lease(&lease("b")).await.unwrap(), Leased::HeldByAnother);
        store.release(&lease("b")).await.unwrap();
        assert_eq!(store.lease(&lease("b")).await.unwrap(), Leased::HeldByAnother);
        store.release(&lease("a")).await.unwrap();
        assert_eq!(store.lease(&lease("b")).await.unwrap(), Leased::Granted);
        tokio::time::advance(Duration::from_secs(11)).await;
        assert_eq!(store.lease(&lease("a")).await.unwrap(), Leased::Granted);
    }

    #[tokio::test(start_paused = true)]
    async fn a_lease_may_be_without_end() {
        let store = MemoryStore::default();

        assert_eq!(store.lease(&Lease::new("k", "a", Duration::MAX)).await.unwrap(), Leased::Granted);
        assert_eq!(store.lease(&lease("b")).await.unwrap(), Leased::HeldByAnother);
    }

    #[tokio::test(start_paused = true)]
    async fn what_comes_under_a_lease_that_somebody_else_has_by_now_is_not_kept() {
        let store = MemoryStore::default();
        store.lease(&lease("a")).await.unwrap();

        assert!(store.save_under(&lease("a"), &stored("1")).await.unwrap());
        assert!(!store.save_under(&lease("b"), &stored("2")).await.unwrap());
        assert_eq!(store.load("k").await.unwrap().unwrap().token.expose(), "1");
    }

    #[tokio::test(start_paused = true)]
    async fn what_comes_under_a_lease_that_somebody_else_has_had_since_is_not_kept() {
        let store = MemoryStore::default();
        for is_released in [true, false] {
            store.lease(&lease("a")).await.unwrap();
            tokio::time::advance(Duration::from_secs(11)).await;
            assert!(store.save_under(&lease("a"), &stored("of a")).await.unwrap(), "nobody else has had it");
            store.lease(&lease("b")).await.unwrap();
            assert!(store.save_under(&lease("b"), &stored("of b")).await.unwrap());
            if is_released {
                store.release(&lease("b")).await.unwrap();
            } else {
                tokio::time::advance(Duration::from_secs(11)).await;
            }

            assert!(!store.save_under(&lease("a"), &stored("late")).await.unwrap());
            assert_eq!(store.load("k").await.unwrap().unwrap().token.expose(), "of b");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_is_forgotten_only_if_it_is_still_that_one() {
        let store = MemoryStore::default();
        store.save("k", &stored("2")).await.unwrap();

        store.forget("k", &Token::new("1")).await.unwrap();
        assert!(store.load("k").await.unwrap().is_some());
        store.forget("k", &Token::new("2")).await.unwrap();
        assert!(store.load("k").await.unwrap().is_none());
    }
}
