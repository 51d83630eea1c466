//! One open connection of a gateway.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, frame::coding::CloseCode};

use super::dialect::Said;
use super::fault::Break;
use super::state::{Order, Shared};

type Socket = WebSocketStream<TcpStream>;

/// The time from an announcement to the close; the platform sends nothing in between.
const AFTER_DISCONNECT: Duration = Duration::from_secs(10);

pub(super) async fn run(stream: TcpStream, shared: &Arc<Shared>) -> io::Result<()> {
    let stream = stream.into_std()?;
    // A second handle of the socket, which can reset it.
    let twin = TcpStream::from_std(stream.try_clone()?)?;
    let socket = Socket::from_raw_socket(TcpStream::from_std(stream)?, Role::Server, None).await;
    let (sink, stream) = socket.split();
    let (number, orders) = shared.state().opened();
    let ended = Ended(Arc::clone(shared), number);
    let (answers, outgoing) = mpsc::unbounded_channel();
    let end = tokio::select! {
        () = read(stream, shared, answers) => End::Closed,
        end = write(sink, orders, outgoing, shared) => end,
    };
    // The reading half is dropped; the other half keeps the socket open.
    match end {
        End::Closed => {}
        End::Reset => twin.set_zero_linger()?,
        End::Hold(_socket) => std::future::pending().await,
    }
    drop(ended);
    Ok(())
}

/// Records the end of the connection, also when the gateway is dropped.
struct Ended(Arc<Shared>, u64);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.state().ended(self.1);
    }
}

enum End {
    Closed,
    Reset,
    /// The socket stays open, but is neither read nor written.
    Hold(#[allow(dead_code, reason = "held")] SplitSink<Socket, Message>),
}

async fn read(mut stream: SplitStream<Socket>, shared: &Shared, answers: mpsc::UnboundedSender<Message>) {
    while let Some(Ok(message)) = stream.next().await {
        match &message {
            Message::Close(_) => {
                shared.state().tally.closes += 1;
                continue;
            }
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => continue,
            Message::Text(_) | Message::Binary(_) => {}
        }
        let said = shared.dialect.hear(&message);
        let mut state = shared.state();
        match said {
            Said::Acknowledged(id, is_done) => state.acknowledged(&id, is_done),
            Said::Ping => {
                state.tally.pings += 1;
                let pong = shared.dialect.pong(state.ping_every);
                pong.into_iter().for_each(|pong| drop(answers.send(pong)));
            }
            Said::Answer => state.tally.answers += 1,
            Said::Malformed => state.tally.malformed += 1,
        }
    }
}

async fn write(
    mut sink: SplitSink<Socket, Message>,
    mut orders: mpsc::UnboundedReceiver<Order>,
    mut answers: mpsc::UnboundedReceiver<Message>,
    shared: &Shared,
) -> End {
    let ping = shared.dialect.ping(shared.state().ping_every);
    let every = ping.as_ref().map_or(Duration::MAX, |(_, every)| *every).min(Duration::from_secs(1 << 20));
    let mut pings = tokio::time::interval_at(tokio::time::Instant::now() + every, every);
    loop {
        let messages = tokio::select! {
            biased;
            Some(answer) = answers.recv() => vec![answer],
            order = orders.recv() => match order {
                Some(Order::Send(messages)) => messages,
                Some(Order::Break(how)) => return breaks(sink, answers, how, shared).await,
                None => return End::Hold(sink),
            },
            _ = pings.tick() => match &ping {
                Some((ping, _)) => vec![ping.clone()],
                None => continue,
            },
        };
        let pause = shared.state().pause;
        for message in messages {
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
            if sink.feed(message).await.is_err() {
                return End::Closed;
            }
        }
        if (orders.is_empty() || !pause.is_zero()) && sink.flush().await.is_err() {
            return End::Closed;
        }
    }
}

/// Carries out a break.
async fn breaks(
    mut sink: SplitSink<Socket, Message>,
    mut answers: mpsc::UnboundedReceiver<Message>,
    how: Break,
    shared: &Shared,
) -> End {
    match how {
        Break::Close => {
            let frame = CloseFrame { code: CloseCode::Away, reason: "".into() };
            let _ = sink.send(Message::Close(Some(frame))).await;
            // The client normally answers and disconnects; after this time the gateway disconnects.
            tokio::time::sleep(Duration::from_millis(200)).await;
            End::Closed
        }
        Break::Drop => End::Closed,
        Break::Reset => End::Reset,
        Break::HalfOpen => End::Hold(sink),
        Break::Mute => {
            // The reading half answers WebSocket pings, and ends when the client disconnects.
            while answers.recv().await.is_some() {}
            End::Closed
        }
        Break::Disconnect | Break::DisconnectAndStay => {
            if let Some(message) = shared.dialect.disconnect() {
                let _ = sink.send(message).await;
            }
            if how == Break::DisconnectAndStay {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(AFTER_DISCONNECT).await;
            let _ = sink.send(Message::Close(None)).await;
            End::Closed
        }
    }
}
