//! A token store that is of no use.

use huiyi_core::{BoxFuture, StoreError, StoredToken, TokenStore};

/// Each step never ends, or fails.
#[derive(Clone, Copy, Debug)]
pub enum BrokenStore {
    /// No step ends.
    Hangs,
    /// Each step fails at once.
    Fails,
}

impl BrokenStore {
    fn step<T: Send + 'static>(self) -> BoxFuture<'static, Result<T, StoreError>> {
        match self {
            Self::Hangs => Box::pin(std::future::pending()),
            Self::Fails => Box::pin(std::future::ready(Err(StoreError::new("connection refused")))),
        }
    }
}

impl TokenStore for BrokenStore {
    fn load<'a>(&'a self, _key: &'a str) -> BoxFuture<'a, Result<Option<StoredToken>, StoreError>> {
        self.step()
    }

    fn save<'a>(&'a self, _key: &'a str, _token: &'a StoredToken) -> BoxFuture<'a, Result<(), StoreError>> {
        self.step()
    }
}
