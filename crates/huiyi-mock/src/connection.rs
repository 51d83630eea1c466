//! One connection: reads requests, sends responses, and carries out the faults on the wire.
//!
//! The only timer is the delay of a slow stub: a silent fault lasts until the client gives up or the server stops.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::answer::{Reply, answer};
use crate::clock::http_date;
use crate::fault::Fault;
use crate::http::{Framing, Head, MAX_BODY, MAX_HEAD, Response, invalid, parse_chunks, parse_head};
use crate::record::Request;
use crate::spec::Operation;
use crate::state::Shared;

/// Serves a connection until either side ends it.
pub(crate) async fn serve(shared: Arc<Shared>, stream: TcpStream, number: u64) {
    let mut connection = Connection { shared, stream, buffer: Vec::new(), number };
    if let Err(error) = connection.run().await
        && error.kind() == io::ErrorKind::InvalidData
    {
        let response = Response::new(400, "text/plain", format!("{error}\n").into_bytes());
        let date = http_date(connection.shared.state().clock.now());
        let head = response.head(&date, response.body.len(), true);
        // The client may have disconnected already.
        let _ = connection.stream.write_all(&[&head[..], &response.body[..]].concat()).await;
    }
}

struct Connection {
    shared: Arc<Shared>,
    stream: TcpStream,
    /// Bytes that were read but not used yet.
    buffer: Vec<u8>,
    number: u64,
}

impl Connection {
    async fn run(&mut self) -> io::Result<()> {
        // Nagle's algorithm would distort benchmarks.
        self.stream.set_nodelay(true)?;
        while let Some(head) = self.read_head().await? {
            let (mut request, operation) = self.begin(&head);
            if request.fault == Some(Fault::ResetBeforeRead) {
                self.shared.state().keep(request);
                return self.stream.set_zero_linger();
            }
            if head.expects_continue {
                self.stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
            }
            request.body = self.read_body(head.framing).await?;
            let is_within = self.passes_gate(operation).await;
            let reply = answer(&self.shared, request, operation, is_within);
            if !reply.delay.is_zero() {
                tokio::time::sleep(reply.delay).await;
            }
            match reply.fault {
                Some(Fault::ResetAfterRead | Fault::ResetBeforeRead) => return self.stream.set_zero_linger(),
                Some(Fault::NoAnswer) => return self.hold().await,
                Some(Fault::StalledBody) => {
                    self.send_half(&reply).await?;
                    return self.hold().await;
                }
                Some(Fault::TruncatedBody) => {
                    self.send_half(&reply).await?;
                    return self.stream.shutdown().await;
                }
                Some(Fault::ResetInBody) => {
                    self.send_half(&reply).await?;
                    return self.stream.set_zero_linger();
                }
                Some(Fault::ClosesAfter) => {
                    self.send(&reply, false).await?;
                    return self.stream.shutdown().await;
                }
                _ => self.send(&reply, head.closes).await?,
            }
            if head.closes {
                return self.stream.shutdown().await;
            }
        }
        Ok(())
    }

    /// Asks the test's gate, if one is set, whether a call is within its limit.
    async fn passes_gate(&self, operation: Option<&'static Operation>) -> bool {
        let gate = self.shared.state().rules.gate.clone();
        match (gate, operation) {
            (Some(gate), Some(operation)) if !self.shared.issues_tokens(&operation.id) => gate(&operation.id).await,
            _ => true,
        }
    }

    /// Builds a request from its head, finds its operation, and takes the fault that is queued for it.
    fn begin(&self, head: &Head) -> (Request, Option<&'static Operation>) {
        let (path, query) = match head.target.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (head.target.as_str(), None),
        };
        let (operation, path_parameters) = match self.shared.spec.find(&head.method, path) {
            Some((operation, values)) => (Some(operation), values),
            None => (None, Vec::new()),
        };
        let fault = self.shared.take_fault(operation);
        let mut state = self.shared.state();
        state.received += 1;
        let request = Request {
            number: state.received,
            connection: self.number,
            method: head.method.clone(),
            path: path.to_owned(),
            query,
            target: head.target.clone(),
            headers: head.headers.clone(),
            body: Vec::new(),
            operation: operation.map(|operation| operation.id.clone()),
            path_parameters,
            fault,
            status: None,
            stub: None,
        };
        (request, operation)
    }

    /// Reads a head; returns `None` if the client has ended the connection.
    async fn read_head(&mut self) -> io::Result<Option<Head>> {
        loop {
            if !self.buffer.is_empty()
                && let Some(head) = parse_head(&self.buffer)?
            {
                self.buffer.drain(..head.length);
                return Ok(Some(head));
            }
            if self.buffer.len() > MAX_HEAD {
                return Err(invalid("head too long"));
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Ok(None);
            }
        }
    }

    async fn read_body(&mut self, framing: Framing) -> io::Result<Vec<u8>> {
        loop {
            match framing {
                Framing::Length(length) if self.buffer.len() >= length => {
                    return Ok(self.buffer.drain(..length).collect());
                }
                Framing::Chunked => {
                    if let Some((body, taken)) = parse_chunks(&self.buffer)? {
                        self.buffer.drain(..taken);
                        return Ok(body);
                    }
                }
                Framing::Length(_) => {}
            }
            if self.buffer.len() > 2 * MAX_BODY {
                return Err(invalid("body too long"));
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    async fn send(&mut self, reply: &Reply, closes: bool) -> io::Result<()> {
        let body = &reply.response.body;
        let mut bytes = reply.response.head(&reply.date, body.len() + reply.padding, closes);
        bytes.extend_from_slice(body);
        self.stream.write_all(&bytes).await?;
        let spaces = [b' '; 8192];
        let mut left = reply.padding;
        while left > 0 {
            let part = left.min(spaces.len());
            self.stream.write_all(&spaces[..part]).await?;
            left -= part;
        }
        Ok(())
    }

    /// Sends the head and the first half of the body.
    async fn send_half(&mut self, reply: &Reply) -> io::Result<()> {
        let body = &reply.response.body;
        // An empty body has no half, so two bytes are declared and not sent.
        let mut bytes = reply.response.head(&reply.date, body.len().max(2), false);
        bytes.extend_from_slice(&body[..body.len() / 2]);
        self.stream.write_all(&bytes).await
    }

    /// Keeps the connection open and silent until the client gives up.
    async fn hold(&mut self) -> io::Result<()> {
        let _silence = Silence::begin(&self.shared);
        loop {
            self.buffer.clear();
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Ok(());
            }
        }
    }
}

/// Counts a connection as silent until this value is dropped.
struct Silence(Arc<Shared>);

impl Silence {
    fn begin(shared: &Arc<Shared>) -> Self {
        shared.state().silent += 1;
        Self(Arc::clone(shared))
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        self.0.state().silent -= 1;
    }
}
