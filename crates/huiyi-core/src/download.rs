//! Help with downloads, which arrive as streams of bytes.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use progenitor_client::{ByteStream, ResponseValue};

/// A download that ends with an error when it grows beyond a limit.
///
/// ```no_run
/// # async fn run(answer: huiyi_core::ResponseValue<huiyi_core::ByteStream>) -> Result<(), huiyi_core::download::DownloadError> {
/// use huiyi_core::download::Download;
///
/// let bytes = Download::new(answer).with_limit(10 << 20).collect().await?;
/// # let _ = bytes; Ok(()) }
/// ```
pub struct Download {
    stream: ByteStream,
    length: Option<u64>,
    received: u64,
    limit: u64,
}

impl Download {
    /// Takes the answer of an operation that downloads.
    pub fn new(answer: ResponseValue<ByteStream>) -> Self {
        Self { length: answer.content_length(), stream: answer.into_inner(), received: 0, limit: u64::MAX }
    }

    /// Ends with [`DownloadError::TooLarge`] when more than so many bytes arrive.
    #[must_use]
    pub fn with_limit(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    /// The length that the server announced.
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// How many bytes have arrived so far.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    ///
    /// [`DownloadError`] if the connection broke or the limit was passed.
    pub async fn next(&mut self) -> Result<Option<Bytes>, DownloadError> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await.transpose()
    }

    /// The whole download in memory. Set a limit before.
    ///
    /// # Errors
    ///
    /// [`DownloadError`] if the connection broke or the limit was passed.
    pub async fn collect(mut self) -> Result<Vec<u8>, DownloadError> {
        let mut whole = Vec::new();
        while let Some(piece) = self.next().await? {
            whole.extend_from_slice(&piece);
        }
        Ok(whole)
    }
}

impl Stream for Download {
    type Item = Result<Bytes, DownloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.received > self.limit {
            return Poll::Ready(None);
        }
        match self.stream.as_mut().poll_next(context) {
            Poll::Ready(Some(Ok(piece))) => {
                self.received += piece.len() as u64;
                if self.received > self.limit {
                    return Poll::Ready(Some(Err(DownloadError::TooLarge { limit: self.limit })));
                }
                Poll::Ready(Some(Ok(piece)))
            }
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(DownloadError::Broken(error.without_url())))),
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

/// Why a download ended early.
#[derive(Debug)]
#[non_exhaustive]
pub enum DownloadError {
    /// More bytes than the limit arrived.
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The connection broke.
    Broken(reqwest::Error),
}

impl fmt::Display for DownloadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { limit } => write!(f, "the download is larger than {limit} bytes"),
            Self::Broken(_) => f.write_str("the download broke off"),
        }
    }
}

impl std::error::Error for DownloadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::TooLarge { .. } => None,
            Self::Broken(source) => Some(source),
        }
    }
}
