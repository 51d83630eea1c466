//! Downloads, which arrive as streams of bytes.

use std::borrow::Cow;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;

use super::stall::{StallLimit, Stalled};
use crate::error::{Error, ErrorKind};
use crate::transport::{Transport, connection_trouble};

/// The content of a file as a [`Stream`] of pieces.
///
/// If a piece does not arrive within the client's time limit, the stream ends with an error.
///
/// ```no_run
/// # async fn run(answer: huiyi_core::Answer<huiyi_core::download::Download>) -> Result<(), huiyi_core::Error> {
/// let bytes = answer.into_inner().with_limit(10 << 20).collect().await?;
/// # let _ = bytes; Ok(()) }
/// ```
pub struct Download {
    pieces: Pin<Box<dyn Stream<Item = Result<Bytes, Stalled>> + Send>>,
    vendor: &'static str,
    operation: Cow<'static, str>,
    length: Option<u64>,
    received: u64,
    limit: u64,
    over: bool,
}

impl Download {
    pub(crate) fn new(
        pieces: impl Stream<Item = reqwest::Result<Bytes>> + Send + 'static,
        length: Option<u64>,
        transport: &Transport,
        operation: Cow<'static, str>,
    ) -> Self {
        let pieces = StallLimit::new(pieces, Arc::clone(transport.clock()), transport.timeout);
        Self {
            pieces: Box::pin(pieces),
            vendor: transport.vendor.name,
            operation,
            length,
            received: 0,
            limit: u64::MAX,
            over: false,
        }
    }

    /// Sets a limit in bytes. A larger download ends with an error of the kind [`ErrorKind::Other`].
    #[must_use]
    pub fn with_limit(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    /// Returns the length in bytes that the server announced.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// Returns how many bytes have arrived so far.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// Returns the next piece; `None` at the end.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unavailable`] if the connection broke or stalled, [`ErrorKind::Other`] if the limit was
    /// exceeded.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }

    /// Reads the whole download into memory. Set a limit first.
    ///
    /// # Errors
    ///
    /// Those of [`next`](Self::next).
    pub async fn collect(mut self) -> Result<Vec<u8>, Error> {
        let mut whole = Vec::new();
        while let Some(piece) = self.next().await? {
            whole.extend_from_slice(&piece);
        }
        Ok(whole)
    }

    fn error(&self, kind: ErrorKind, reason: String) -> Error {
        let mut error = Error::new(self.vendor, self.operation.clone(), kind, reason);
        error.parts_mut().attempts = 1;
        error
    }

    fn broken(&self, stalled: Stalled) -> Error {
        match stalled {
            Stalled::After(limit) => {
                let reason = format!("no data arrived for {:.1} s", limit.as_secs_f64());
                self.error(ErrorKind::Unavailable, reason)
            }
            Stalled::Broken(source) => {
                let reason = format!("the connection broke during the download: {}", connection_trouble(&source));
                let mut error = self.error(ErrorKind::Unavailable, reason);
                error.parts_mut().transport = Some(Arc::new(source));
                error
            }
        }
    }
}

impl Stream for Download {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.over {
            return Poll::Ready(None);
        }
        match self.pieces.as_mut().poll_next(context) {
            Poll::Ready(Some(Ok(piece))) => {
                self.received += piece.len() as u64;
                if self.received > self.limit {
                    self.over = true;
                    let reason = format!("the download is larger than {} bytes", self.limit);
                    return Poll::Ready(Some(Err(self.error(ErrorKind::Other, reason))));
                }
                Poll::Ready(Some(Ok(piece)))
            }
            Poll::Ready(Some(Err(stalled))) => {
                self.over = true;
                Poll::Ready(Some(Err(self.broken(stalled))))
            }
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("length", &self.length)
            .field("received", &self.received)
            .finish_non_exhaustive()
    }
}
