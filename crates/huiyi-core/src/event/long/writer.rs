//! The writing half of a connection. It never waits for the reading half, nor the reading half for it.

use std::sync::Arc;

use futures_util::SinkExt as _;
use futures_util::stream::SplitSink;
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::common::Common;
use super::dial::Io;
use super::state::DisconnectReason;
use crate::token::within::within;

/// Limit of queued messages other than acknowledgements of events: answers to pings and to unreadable messages.
const CONTROL: usize = 64;
/// How many messages are written before they are flushed.
const BATCH: usize = 64;

/// Where messages are put to be sent.
pub(super) struct Outbox {
    control: mpsc::Sender<Message>,
    receipts: mpsc::UnboundedSender<Message>,
}

pub(super) struct Inbox {
    control: mpsc::Receiver<Message>,
    receipts: mpsc::UnboundedReceiver<Message>,
}

/// The acknowledgements are as many as there is room for events in hand, so their channel needs no bound of its own.
pub(super) fn channels() -> (Outbox, Inbox) {
    let (control, control_inbox) = mpsc::channel(CONTROL);
    let (receipts, receipts_inbox) = mpsc::unbounded_channel();
    (Outbox { control, receipts }, Inbox { control: control_inbox, receipts: receipts_inbox })
}

impl Outbox {
    /// Sends a message. If the vendor reads nothing, further answers are dropped, because the vendor repeats its
    /// messages.
    pub(super) fn send(&self, message: Message) {
        let _ = self.control.try_send(message);
    }

    /// Where the acknowledgements of events go.
    pub(super) fn receipts(&self) -> mpsc::UnboundedSender<Message> {
        self.receipts.clone()
    }

    /// Closes the connection after what is to be sent.
    pub(super) fn close(&self) {
        let frame = CloseFrame { code: CloseCode::Normal, reason: "".into() };
        let _ = self.receipts.send(Message::Close(Some(frame)));
    }
}

/// Writes until the connection takes nothing more. Returns why.
pub(super) async fn write(
    mut sink: SplitSink<WebSocketStream<Box<dyn Io>>, Message>,
    mut inbox: Inbox,
    common: Arc<Common>,
) -> DisconnectReason {
    loop {
        let first = tokio::select! {
            biased;
            Some(message) = inbox.control.recv() => message,
            Some(message) = inbox.receipts.recv() => message,
            // The reader has the other ends, and ends this.
            else => return std::future::pending().await,
        };
        let batch = async {
            sink.feed(first).await?;
            for _ in 1..BATCH {
                let next = inbox.control.try_recv().or_else(|_| inbox.receipts.try_recv());
                let Ok(message) = next else { break };
                sink.feed(message).await?;
            }
            sink.flush().await
        };
        match within(&*common.clock, common.tempo.write, batch).await {
            Some(Ok(())) => {}
            // The close handshake has begun: the reader ends it.
            Some(Err(Error::ConnectionClosed | Error::AlreadyClosed | Error::Protocol(_))) => {
                return std::future::pending().await;
            }
            Some(Err(_)) => return DisconnectReason::Broken,
            None => return DisconnectReason::Stuck,
        }
    }
}

/// Returns the protocol rule that the vendor broke, if that ended the connection.
pub(super) fn protocol_error(error: &Error) -> Option<&'static str> {
    match error {
        Error::Capacity(_) => Some("a message is larger than the limit"),
        Error::Utf8(_) => Some("a text message is not UTF-8"),
        Error::Protocol(tokio_tungstenite::tungstenite::error::ProtocolError::ResetWithoutClosingHandshake) => None,
        Error::Protocol(_) => Some("a frame is against the rules of WebSocket"),
        _ => None,
    }
}
