//! A time limit for any future.

use std::future::Future;
use std::task::Poll;
use std::time::Duration;

use crate::clock::{BoxFuture, Clock};

/// Runs a future for at most `limit`, by the client's clock. Returns `None` if it did not finish.
///
/// A future that is ready at once does not start a timer.
pub(crate) async fn within<F: Future>(clock: &dyn Clock, limit: Duration, future: F) -> Option<F::Output> {
    let mut future = std::pin::pin!(future);
    let mut timer: Option<BoxFuture<'static, ()>> = None;
    std::future::poll_fn(|context| {
        if let Poll::Ready(output) = future.as_mut().poll(context) {
            return Poll::Ready(Some(output));
        }
        timer.get_or_insert_with(|| clock.sleep(limit)).as_mut().poll(context).map(|()| None)
    })
    .await
}
