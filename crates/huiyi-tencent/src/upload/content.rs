//! The content to upload: bytes in memory, or a stream of known length that is read while it is sent.

use std::fmt;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, Stream, StreamExt as _};
use md5::{Digest as _, Md5};
use tokio::io::AsyncReadExt as _;

/// The number of bytes that are read or passed to the connection at a time.
const PIECE: usize = 64 * 1024;

/// The content of a file.
///
/// For bytes in memory (`From<Vec<u8>>`, `From<Bytes>`) the MD5 is computed when they are sent, and a request that
/// was certainly not accepted is sent again. A stream is sent once and never retried.
pub struct FileContent {
    source: Source,
    length: u64,
}

enum Source {
    Bytes(Bytes),
    Stream(Pieces),
}

/// A content as a stream.
pub(super) type Pieces = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send>>;

/// A listener for the progress of an upload.
pub(super) type OnProgress = Arc<dyn Fn(Progress) + Send + Sync>;

/// The progress of an upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Bytes of the file that are being sent or are stored.
    pub sent: u64,
    /// Size of the file in bytes.
    pub total: u64,
}

impl Progress {
    pub(super) fn new(sent: u64, total: u64) -> Self {
        Self { sent, total }
    }
}

impl FileContent {
    /// Creates a content from a stream of `length` bytes in total. If the stream has another length, the upload
    /// fails.
    pub fn stream<S, B, E>(length: u64, stream: S) -> Self
    where
        S: Stream<Item = Result<B, E>> + Send + 'static,
        B: Into<Bytes>,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let pieces = stream.map(|piece| piece.map(Into::into).map_err(io::Error::other));
        Self { source: Source::Stream(exactly(length, Box::pin(pieces))), length }
    }

    /// Opens a file on disk, which is read while it is sent.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened, or the path is not a file.
    pub async fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let file = tokio::fs::File::open(path).await?;
        let metadata = file.metadata().await?;
        if !metadata.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("`{}` is not a file", path.display())));
        }
        let pieces = stream::try_unfold(file, |mut file| async move {
            let mut piece = BytesMut::with_capacity(PIECE);
            let read = file.read_buf(&mut piece).await?;
            Ok((read > 0).then(|| (piece.freeze(), file)))
        });
        Ok(Self { source: Source::Stream(exactly(metadata.len(), Box::pin(pieces))), length: metadata.len() })
    }

    /// Returns the size in bytes.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Returns the MD5 of the content in hexadecimal digits; `None` if it is a stream.
    pub(super) fn checksum(&self) -> Option<String> {
        match &self.source {
            Source::Bytes(bytes) => Some(checksum(bytes)),
            Source::Stream(_) => None,
        }
    }

    /// Returns the content in memory, or the stream. With a listener it is always a stream.
    pub(super) fn into_bytes(self, listener: Option<OnProgress>) -> Result<Bytes, Pieces> {
        match (self.source, listener) {
            (Source::Bytes(bytes), None) => Ok(bytes),
            (Source::Stream(pieces), None) => Err(pieces),
            (Source::Bytes(bytes), Some(listener)) => Err(told(self.length, in_pieces(bytes), listener)),
            (Source::Stream(pieces), Some(listener)) => Err(told(self.length, pieces, listener)),
        }
    }

    /// Returns the content as a stream.
    pub(super) fn into_pieces(self) -> Pieces {
        match self.source {
            Source::Bytes(bytes) => Box::pin(stream::iter([Ok(bytes)])),
            Source::Stream(pieces) => pieces,
        }
    }
}

impl From<Bytes> for FileContent {
    fn from(bytes: Bytes) -> Self {
        Self { length: bytes.len() as u64, source: Source::Bytes(bytes) }
    }
}

impl From<Vec<u8>> for FileContent {
    fn from(bytes: Vec<u8>) -> Self {
        Self::from(Bytes::from(bytes))
    }
}

impl From<&'static [u8]> for FileContent {
    fn from(bytes: &'static [u8]) -> Self {
        Self::from(Bytes::from_static(bytes))
    }
}

impl fmt::Debug for FileContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileContent").field("length", &self.length).finish_non_exhaustive()
    }
}

/// Returns the MD5 of some bytes in lower-case hexadecimal digits.
pub(super) fn checksum(bytes: &[u8]) -> String {
    hexadecimal(&Md5::digest(bytes))
}

/// Returns bytes in lower-case hexadecimal digits.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// Passes a stream on and fails if it has another length.
fn exactly(length: u64, pieces: Pieces) -> Pieces {
    Box::pin(stream::try_unfold((pieces, 0), move |(mut pieces, read)| async move {
        let Some(piece) = pieces.next().await.transpose()? else {
            return if read == length { Ok(None) } else { Err(wrong_length(length, read)) };
        };
        let read = read + piece.len() as u64;
        if read > length {
            return Err(wrong_length(length, read));
        }
        Ok(Some((piece, (pieces, read))))
    }))
}

fn wrong_length(announced: u64, read: u64) -> io::Error {
    let text = format!(
        "the content has {} {read} bytes; {announced} were declared",
        if read < announced { "only" } else { "at least" }
    );
    io::Error::new(io::ErrorKind::InvalidData, text)
}

fn in_pieces(bytes: Bytes) -> Pieces {
    Box::pin(stream::unfold(bytes, |mut rest| async move {
        let piece = rest.split_to(rest.len().min(PIECE));
        (!piece.is_empty()).then_some((Ok(piece), rest))
    }))
}

/// Passes a stream on and calls a listener for every piece.
fn told(total: u64, pieces: Pieces, listener: OnProgress) -> Pieces {
    let mut sent = 0;
    Box::pin(pieces.inspect(move |piece| {
        if let Ok(piece) = piece {
            sent += piece.len() as u64;
            listener(Progress::new(sent, total));
        }
    }))
}
