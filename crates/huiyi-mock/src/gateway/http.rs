//! The HTTP part of a gateway: calls for an address, and upgrades.

use std::io;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;
use sha1::{Digest as _, Sha1};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::fault::AskFault;
use super::line;
use super::state::Shared;
use crate::http::{Framing, Head, JSON, invalid, parse_head, reason};

/// The maximum length of a request in bytes.
const LONGEST: usize = 1 << 20;

pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::task::yield_now().await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        let shared = Arc::clone(&shared);
        connections.spawn(async move {
            // An error of one connection does not affect the others.
            let _ = one(stream, &shared).await;
        });
    }
}

async fn one(mut stream: TcpStream, shared: &Arc<Shared>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(head) = parse_head(&bytes)? {
            bytes.drain(..head.length);
            break head;
        }
        read(&mut stream, &mut bytes).await?;
    };
    if head.headers.iter().any(|(name, value)| name.eq_ignore_ascii_case("upgrade") && value == "websocket") {
        return upgrade(stream, &head, shared).await;
    }
    let Framing::Length(length) = head.framing else { return Err(invalid("chunked")) };
    while bytes.len() < length {
        read(&mut stream, &mut bytes).await?;
    }
    ask(stream, &head, &bytes, shared).await
}

async fn read(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> io::Result<()> {
    if bytes.len() > LONGEST {
        return Err(invalid("too long"));
    }
    if stream.read_buf(bytes).await? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(())
}

async fn ask(mut stream: TcpStream, head: &Head, body: &[u8], shared: &Shared) -> io::Result<()> {
    let fault = {
        let mut state = shared.state();
        state.tally.asks += 1;
        match (&state.ask_always, state.asks.front()) {
            (Some(fault), _) => Some(fault.clone()),
            // This fault stays queued for the upgrade.
            (None, Some(AskFault::NotUpgraded(..) | AskFault::UpgradeHangs)) => None,
            (None, _) => state.asks.pop_front(),
        }
    };
    if let Some(AskFault::Slow(time)) = fault {
        tokio::time::sleep(time).await;
    }
    let host = shared.address.to_string();
    let (status, text) = match fault {
        Some(AskFault::Hang) => return hold(stream).await,
        Some(AskFault::Reset) => return stream.set_zero_linger(),
        Some(AskFault::Answer(status, body)) => (status, body),
        Some(AskFault::Code(code)) => shared.dialect.refusal(&code),
        Some(AskFault::Empty) => (200, shared.dialect.address(&host, None, 0)),
        _ if head.target != shared.dialect.path() || head.method != "POST" => (404, "{}".to_owned()),
        _ => match shared.dialect.check(&head.headers, body) {
            Err(refused) => refused,
            Ok(()) => {
                let (ticket, ping_every) = {
                    let mut state = shared.state();
                    (state.ticket(), state.ping_every)
                };
                (200, shared.dialect.address(&host, Some(&ticket), ping_every))
            }
        },
    };
    answer(&mut stream, status, &[("Content-Type".to_owned(), JSON.to_owned())], &text).await
}

async fn answer(stream: &mut TcpStream, status: u16, headers: &[(String, String)], body: &str) -> io::Result<()> {
    let mut text =
        format!("HTTP/1.1 {status} {}\r\nContent-Length: {}\r\nConnection: close\r\n", reason(status), body.len());
    headers.iter().for_each(|(name, value)| text.push_str(&format!("{name}: {value}\r\n")));
    stream.write_all(format!("{text}\r\n{body}").as_bytes()).await?;
    stream.shutdown().await
}

async fn upgrade(mut stream: TcpStream, head: &Head, shared: &Arc<Shared>) -> io::Result<()> {
    let fault = {
        let mut state = shared.state();
        let is_for_upgrade = matches!(state.asks.front(), Some(AskFault::NotUpgraded(..) | AskFault::UpgradeHangs));
        if is_for_upgrade { state.asks.pop_front() } else { None }
    };
    match fault {
        Some(AskFault::UpgradeHangs) => return hold(stream).await,
        Some(AskFault::NotUpgraded(status, headers)) => return answer(&mut stream, status, &headers, "").await,
        _ => {}
    }
    let query = head.target.split_once('?').map_or("", |(_, query)| query);
    let ticket = query.split('&').find_map(|pair| pair.strip_prefix("ticket=")).unwrap_or_default();
    let ticket = percent_decode_str(ticket).decode_utf8_lossy().into_owned();
    if !shared.state().admit(&ticket) {
        return answer(&mut stream, 401, &[], "").await;
    }
    let value = |wanted: &str| head.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
    let Some((_, key)) = value("sec-websocket-key") else { return answer(&mut stream, 400, &[], "").await };
    let accept = Sha1::new().chain_update(key).chain_update("258EAFA5-E914-47DA-95CA-C5AB0DC85B11").finalize();
    let text = format!(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {}\r\n\r\n",
        STANDARD.encode(accept)
    );
    stream.write_all(text.as_bytes()).await?;
    line::run(stream, shared).await
}

/// Keeps a connection open and silent until the client gives up.
async fn hold(mut stream: TcpStream) -> io::Result<()> {
    let mut bytes = [0; 1024];
    while stream.read(&mut bytes).await? > 0 {}
    Ok(())
}
