//! A time limit for each piece of a download, by the client's own clock.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;

use crate::clock::{BoxFuture, Clock};

/// A stream of pieces that ends with an error when the next one does not come in time.
pub(crate) struct Patience<S> {
    pieces: Pin<Box<S>>,
    clock: Arc<dyn Clock>,
    limit: Duration,
    /// Runs while a piece is waited for.
    timer: Option<BoxFuture<'static, ()>>,
    over: bool,
}

impl<S> Patience<S> {
    pub(crate) fn new(pieces: S, clock: Arc<dyn Clock>, limit: Duration) -> Self {
        Self { pieces: Box::pin(pieces), clock, limit, timer: None, over: false }
    }
}

impl<S: Stream<Item = reqwest::Result<Bytes>>> Stream for Patience<S> {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.over {
            return Poll::Ready(None);
        }
        if let Poll::Ready(piece) = self.pieces.as_mut().poll_next(context) {
            self.timer = None;
            return Poll::Ready(piece.map(|piece| piece.map_err(|error| io::Error::other(error.without_url()))));
        }
        let (clock, limit) = (Arc::clone(&self.clock), self.limit);
        let timer = self.timer.get_or_insert_with(|| clock.sleep(limit));
        match timer.as_mut().poll(context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(()) => {
                self.over = true;
                let reason = format!("the download stood still for {:.1} s", limit.as_secs_f64());
                Poll::Ready(Some(Err(io::Error::new(io::ErrorKind::TimedOut, reason))))
            }
        }
    }
}
