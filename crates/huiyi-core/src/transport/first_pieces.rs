//! The beginning of a download, which is read first because a refusal may be sent as a file.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use reqwest::Response;

/// Longest body in bytes that may be a refusal.
const LONGEST_REFUSAL: usize = 64 << 10;

/// A download whose first pieces have arrived.
pub(crate) struct FirstPieces {
    pub(crate) response: Response,
    pieces: VecDeque<reqwest::Result<Bytes>>,
    has_ended: bool,
}

impl FirstPieces {
    pub(crate) fn new(response: Response) -> Self {
        Self { response, pieces: VecDeque::new(), has_ended: false }
    }

    /// Reads the first piece, and further pieces as long as the body may be a short JSON object.
    ///
    /// The future may be dropped at any time; pieces that have arrived are kept.
    pub(crate) async fn read(&mut self) {
        if self.response.content_length().is_some_and(|length| length > LONGEST_REFUSAL as u64) {
            return;
        }
        while !self.has_ended && self.may_be_refusal() {
            match self.response.chunk().await {
                Ok(Some(piece)) => self.pieces.push_back(Ok(piece)),
                Ok(None) => self.has_ended = true,
                Err(error) => {
                    self.pieces.push_back(Err(error));
                    return;
                }
            }
        }
    }

    /// Returns the whole body if it is a short JSON object.
    pub(crate) fn short_object(&self) -> Option<Bytes> {
        if !self.has_ended || !self.may_be_refusal() {
            return None;
        }
        let mut body = BytesMut::new();
        self.arrived().for_each(|piece| body.extend_from_slice(piece));
        (!body.is_empty()).then(|| body.freeze())
    }

    /// Returns all pieces: those that have arrived and those to come.
    pub(crate) fn into_stream(self) -> impl Stream<Item = reqwest::Result<Bytes>> + Send + 'static {
        Pieces { first: self.pieces, rest: Box::pin(self.response.bytes_stream()) }
    }

    fn may_be_refusal(&self) -> bool {
        let length: usize = self.arrived().map(Bytes::len).sum();
        let begin = self.arrived().flatten().find(|byte| !byte.is_ascii_whitespace());
        length <= LONGEST_REFUSAL && begin.is_none_or(|byte| *byte == b'{')
    }

    fn arrived(&self) -> impl Iterator<Item = &Bytes> {
        self.pieces.iter().flatten()
    }
}

struct Pieces<S> {
    first: VecDeque<reqwest::Result<Bytes>>,
    rest: Pin<Box<S>>,
}

impl<S: Stream<Item = reqwest::Result<Bytes>>> Stream for Pieces<S> {
    type Item = reqwest::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match self.first.pop_front() {
            Some(piece) => Poll::Ready(Some(piece)),
            None => self.rest.as_mut().poll_next(context),
        }
    }
}
