//! Tasks that run without a caller: token requests that were sent, and storing their tokens.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;

use super::within::within;
use crate::clock::Clock;

/// Counts running tasks, so a program can wait for them before it ends.
#[derive(Clone)]
pub struct Fetches(Arc<watch::Sender<usize>>);

impl Default for Fetches {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }
}

impl Fetches {
    /// Runs a future to its end on the caller's runtime, even if the caller is dropped.
    ///
    /// # Errors
    ///
    /// Returns the future if there is no runtime.
    pub(crate) fn spawn<F: Future<Output = ()> + Send + 'static>(&self, future: F) -> Result<(), F> {
        let Ok(runtime) = Handle::try_current() else { return Err(future) };
        let one = One::new(self);
        runtime.spawn(async move {
            future.await;
            drop(one);
        });
        Ok(())
    }

    /// Waits at most `limit` until no task is running. Returns whether all have ended.
    pub(crate) async fn ended(&self, clock: &dyn Clock, limit: Duration) -> bool {
        let mut count = self.0.subscribe();
        let ended = count.wait_for(|count| *count == 0);
        within(clock, limit, ended).await.is_some()
    }
}

impl fmt::Debug for Fetches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fetches({})", *self.0.borrow())
    }
}

/// One running task; dropped when the task has ended or its runtime is gone.
struct One(Fetches);

impl One {
    fn new(fetches: &Fetches) -> Self {
        fetches.0.send_modify(|count| *count += 1);
        Self(fetches.clone())
    }
}

impl Drop for One {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| *count = count.saturating_sub(1));
    }
}
