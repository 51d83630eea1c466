//! Token stores that do not work.

use huiyi_core::{BoxFuture, StoreError, StoredToken, TokenStore};

/// A store whose steps hang or fail.
#[derive(Clone, Copy, Debug)]
pub enum BrokenStore {
    /// Steps never end.
    Hangs,
    /// Steps fail at once.
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
