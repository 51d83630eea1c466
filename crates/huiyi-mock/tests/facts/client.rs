//! A client on a plain socket, so the tests see every byte of the server.

use std::io;

use huiyi_mock::{Loopback, Vendor, credentials, tencent_signature};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The time at which the tests stop the server of Tencent Meeting.
pub(crate) const NOW: i64 = 1_700_000_000;

/// A response as it arrived.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}

/// A connection that stays open.
pub(crate) struct Wire {
    pub(crate) stream: TcpStream,
    buffer: Vec<u8>,
}

impl Wire {
    pub(crate) async fn open(server: &Loopback) -> Self {
        let base_url = server.base_url();
        let address = base_url.strip_prefix("http://").unwrap();
        let stream = TcpStream::connect(address).await.unwrap();
        Self { stream, buffer: Vec::new() }
    }

    pub(crate) async fn send(
        &mut self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<()> {
        let mut head = format!("{method} {target} HTTP/1.1\r\nHost: loopback\r\n");
        let named = |name: &str| headers.iter().any(|(key, _)| key.eq_ignore_ascii_case(name));
        if !body.is_empty() && !named("transfer-encoding") {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        if !body.is_empty() && !named("content-type") {
            head.push_str("Content-Type: application/json\r\n");
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        self.stream.write_all(&[head.as_bytes(), body].concat()).await
    }

    /// Reads head and body; the head has the length of the body.
    pub(crate) async fn receive(&mut self) -> io::Result<Answer> {
        let mut answer = self.receive_head().await?;
        let length = answer.header("content-length").map_or(0, |text| text.parse().unwrap());
        answer.body = self.receive_bytes(length).await?;
        Ok(answer)
    }

    pub(crate) async fn receive_head(&mut self) -> io::Result<Answer> {
        loop {
            let mut space = [httparse::EMPTY_HEADER; 64];
            let mut parsed = httparse::Response::new(&mut space);
            if let httparse::Status::Complete(length) = parsed.parse(&self.buffer).unwrap() {
                let status = parsed.code.unwrap();
                let text = |header: &httparse::Header<'_>| {
                    (header.name.to_owned(), String::from_utf8(header.value.to_vec()).unwrap())
                };
                let headers = parsed.headers.iter().map(text).collect();
                self.buffer.drain(..length);
                return Ok(Answer { status, headers, body: Vec::new() });
            }
            self.fill().await?;
        }
    }

    pub(crate) async fn receive_bytes(&mut self, length: usize) -> io::Result<Vec<u8>> {
        while self.buffer.len() < length {
            self.fill().await?;
        }
        Ok(self.buffer.drain(..length).collect())
    }

    /// Reads until the server closes the connection normally.
    pub(crate) async fn receive_rest(mut self) -> io::Result<Vec<u8>> {
        self.stream.read_to_end(&mut self.buffer).await?;
        Ok(self.buffer)
    }

    async fn fill(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }
}

/// Sends one request on its own connection.
pub(crate) async fn send(
    server: &Loopback,
    method: &str,
    target: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> io::Result<Answer> {
    let mut wire = Wire::open(server).await;
    wire.send(method, target, headers, body).await?;
    wire.receive().await
}

/// Posts JSON; the server must respond.
pub(crate) async fn post(server: &Loopback, target: &str, headers: &[(&str, &str)], body: Value) -> Answer {
    send(server, "POST", target, headers, body.to_string().as_bytes()).await.unwrap()
}

/// A vendor's server, with what is needed to call it.
pub(crate) struct Session {
    pub(crate) server: Loopback,
    pub(crate) token: String,
    pub(crate) nonce: std::cell::Cell<u64>,
}

impl Session {
    /// Starts a server and gets a tenant's token, except from Tencent Meeting, where requests are signed.
    pub(crate) async fn start(vendor: Vendor) -> Self {
        let server = Loopback::start(vendor).await.unwrap();
        let token = match vendor {
            Vendor::Feishu => super::feishu::tenant_token(&server).await,
            Vendor::WeCom => super::wecom::access_token(&server).await,
            Vendor::DingTalk => super::dingtalk::access_token(&server).await,
            Vendor::Tencent => {
                server.set_unix_time(NOW);
                String::new()
            }
        };
        server.forget();
        Self { server, token, nonce: std::cell::Cell::new(1) }
    }

    /// Adds the vendor's credentials to a request.
    pub(crate) fn sign(&self, method: &str, target: &str, body: &[u8]) -> (String, Vec<(String, String)>) {
        let with = |name: &str, value: String| vec![(name.to_owned(), value)];
        match self.server.vendor() {
            Vendor::Feishu => (target.to_owned(), with("Authorization", format!("Bearer {}", self.token))),
            Vendor::WeCom => {
                let joint = if target.contains('?') { '&' } else { '?' };
                (format!("{target}{joint}access_token={}", self.token), Vec::new())
            }
            Vendor::DingTalk => (target.to_owned(), with("x-acs-dingtalk-access-token", self.token.clone())),
            Vendor::Tencent => {
                let nonce = self.nonce.replace(self.nonce.get() + 1).to_string();
                (target.to_owned(), tencent_headers(method, target, body, &nonce, NOW))
            }
        }
    }

    /// Sends an authenticated request on its own connection.
    pub(crate) async fn send(&self, method: &str, target: &str, body: &[u8]) -> io::Result<Answer> {
        let mut wire = Wire::open(&self.server).await;
        self.send_by(&mut wire, method, target, body).await?;
        wire.receive().await
    }

    /// Sends an authenticated request on a connection.
    pub(crate) async fn send_by(&self, wire: &mut Wire, method: &str, target: &str, body: &[u8]) -> io::Result<()> {
        let (target, headers) = self.sign(method, target, body);
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (&name[..], &value[..])).collect();
        wire.send(method, &target, &headers, body).await
    }

    /// Returns a call that the vendor answers with an example: operation, method, target and body.
    pub(crate) fn sample(&self) -> (&'static str, &'static str, &'static str, &'static [u8]) {
        match self.server.vendor() {
            Vendor::Feishu => ("get_meeting", "GET", "/open-apis/vc/v1/meetings/6911188411932033028", b""),
            Vendor::WeCom => ("get_meeting_info", "POST", "/cgi-bin/meeting/get_info", br#"{"meetingid":"1"}"#),
            Vendor::DingTalk => ("get_video_conference", "GET", "/v1.0/conference/videoConferences/1", b""),
            Vendor::Tencent => {
                ("get_meeting", "GET", "/v1/meetings/1?instanceid=1&operator_id=u&operator_id_type=1", b"")
            }
        }
    }

    /// Sends the sample.
    pub(crate) async fn send_sample(&self) -> io::Result<Answer> {
        let (_, method, target, body) = self.sample();
        self.send(method, target, body).await
    }
}

/// Returns the headers of a signed request to Tencent Meeting.
pub(crate) fn tencent_headers(
    method: &str,
    target: &str,
    body: &[u8],
    nonce: &str,
    timestamp: i64,
) -> Vec<(String, String)> {
    let app = credentials::TENCENT;
    let timestamp = timestamp.to_string();
    let signature = tencent_signature(app.secret_id, app.secret_key, method, nonce, &timestamp, target, body);
    [
        ("X-TC-Key", app.secret_id),
        ("X-TC-Timestamp", &timestamp),
        ("X-TC-Nonce", nonce),
        ("X-TC-Signature", &signature),
        ("AppId", app.app_id),
        ("X-TC-Registered", "1"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec()
}
