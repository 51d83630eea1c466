//! A time limit for each piece of a download, measured by the client's clock.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;

use crate::clock::{BoxFuture, Clock};

/// A stream of pieces that ends with an error if the next piece does not arrive in time.
pub(crate) struct StallLimit<S> {
    pieces: Pin<Box<S>>,
    clock: Arc<dyn Clock>,
    limit: Duration,
    /// Runs while the stream waits for a piece.
    timer: Option<BoxFuture<'static, ()>>,
    over: bool,
}

/// Why no piece arrived.
#[derive(Debug)]
pub(crate) enum Stalled {
    /// It did not come in time.
    After(Duration),
    /// The connection broke.
    Broken(reqwest::Error),
}

impl<S> StallLimit<S> {
    pub(crate) fn new(pieces: S, clock: Arc<dyn Clock>, limit: Duration) -> Self {
        Self { pieces: Box::pin(pieces), clock, limit, timer: None, over: false }
    }
}

impl<S: Stream<Item = reqwest::Result<Bytes>>> Stream for StallLimit<S> {
    type Item = Result<Bytes, Stalled>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.over {
            return Poll::Ready(None);
        }
        if let Poll::Ready(piece) = self.pieces.as_mut().poll_next(context) {
            self.timer = None;
            return Poll::Ready(piece.map(|piece| piece.map_err(|error| Stalled::Broken(error.without_url()))));
        }
        let (clock, limit) = (Arc::clone(&self.clock), self.limit);
        let timer = self.timer.get_or_insert_with(|| clock.sleep(limit));
        match timer.as_mut().poll(context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(()) => {
                self.over = true;
                Poll::Ready(Some(Err(Stalled::After(limit))))
            }
        }
    }
}
