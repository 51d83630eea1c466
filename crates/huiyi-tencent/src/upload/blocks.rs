//! Cuts content into parts of the size that the vendor asks for.

use std::io;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, StreamExt as _};
use tokio::sync::Mutex;

use super::content::{FileContent, Pieces};

/// A larger part is not held in memory: it is sent while it is read, so it cannot be retried, and its checksum follows
/// it.
pub(super) const HELD: u64 = 64 << 20;

/// Cuts content into blocks of one size; only the last one is smaller.
pub(super) struct Blocks {
    content: Arc<Mutex<Content>>,
    size: u64,
    held: u64,
}

/// The content that is not read yet.
struct Content {
    pieces: Pieces,
    rest: Bytes,
}

impl Blocks {
    /// Cuts content into blocks of `size`; a block of more than `held` is not held in memory.
    pub(super) fn new(content: FileContent, size: u64, held: u64) -> Self {
        let content = Content { pieces: content.into_pieces(), rest: Bytes::new() };
        Self { content: Arc::new(Mutex::new(content)), size, held }
    }

    /// Returns the next block while bytes are left; if `left` is 0, checks that the content has ended.
    pub(super) async fn next(&mut self, left: u64) -> io::Result<Option<FileContent>> {
        let length = self.size.min(left);
        let mut content = self.content.lock().await;
        match usize::try_from(length) {
            Ok(length) if length as u64 <= self.held || content.rest.len() >= length => {
                let block = content.block(length.max(1)).await?;
                Ok((!block.is_empty()).then(|| block.into()))
            }
            _ => {
                drop(content);
                Ok(Some(self.stream(length)))
            }
        }
    }

    /// Returns a block that is read while it is sent.
    fn stream(&self, length: u64) -> FileContent {
        let state = (Arc::clone(&self.content), length);
        let pieces = stream::try_unfold(state, |(content, left)| async move {
            if left == 0 {
                return Ok(None);
            }
            let at_most = usize::try_from(left).unwrap_or(usize::MAX);
            let piece = content.lock().await.piece(at_most).await?;
            Ok::<_, io::Error>(piece.map(|piece| {
                let left = left - piece.len() as u64;
                (piece, (content, left))
            }))
        });
        FileContent::stream(length, pieces)
    }
}

impl Content {
    /// Returns `length` bytes, fewer only at the end.
    async fn block(&mut self, length: usize) -> io::Result<Bytes> {
        let mut block = BytesMut::new();
        while let Some(piece) = self.piece(length - block.len()).await? {
            if block.is_empty() && piece.len() == length {
                return Ok(piece);
            }
            block.extend_from_slice(&piece);
            if block.len() == length {
                break;
            }
        }
        Ok(block.freeze())
    }

    /// Returns the next bytes, at most `at_most`; `None` at the end.
    async fn piece(&mut self, at_most: usize) -> io::Result<Option<Bytes>> {
        while self.rest.is_empty() {
            match self.pieces.next().await.transpose()? {
                Some(piece) => self.rest = piece,
                None => return Ok(None),
            }
        }
        let length = self.rest.len().min(at_most);
        Ok(Some(self.rest.split_to(length)))
    }
}
