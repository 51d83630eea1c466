//! A server that gives a prepared answer and records its requests.

use std::sync::{Arc, Mutex, PoisonError};

use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use serde_json::Value;

/// The answer to every request until another one is set.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Returns a JSON answer.
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        let headers = vec![("content-type", "application/json; charset=utf-8".to_owned())];
        Self { status, headers, body: body.to_string().into_bytes() }
    }

    /// Bytes.
    pub(crate) fn bytes(body: &[u8]) -> Self {
        Self {
            status: 200,
            headers: vec![("content-type", "application/octet-stream".to_owned())],
            body: body.to_vec(),
        }
    }

    /// Returns the page of a proxy.
    pub(crate) fn page(status: u16) -> Self {
        let body = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body>\r\n</html>\r\n";
        Self { status, headers: vec![("content-type", "text/html".to_owned())], body: body.as_bytes().to_vec() }
    }

    pub(crate) fn with_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) method: String,
    /// Path and query as sent.
    pub(crate) target: String,
    /// The query's pairs in their order, decoded.
    pub(crate) query: Vec<(String, String)>,
    /// The headers, names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Received {
    fn new(request: &HttpMockRequest) -> Self {
        Self {
            method: request.method_str().to_owned(),
            target: target(request.uri_str()).to_owned(),
            query: request.query_params(),
            headers: request.headers_vec().clone(),
            body: request.body_vec(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

/// Removes scheme and host, which the server puts before what was sent.
fn target(uri: &str) -> &str {
    let after_scheme = uri.find("://").map_or(0, |position| position + 3);
    let path = uri[after_scheme..].find('/').map_or(uri.len(), |position| after_scheme + position);
    &uri[path..]
}

/// The running server.
pub(crate) struct Mock {
    server: MockServer,
    script: Arc<Mutex<Script>>,
}

struct Script {
    answer: Answer,
    received: Vec<Received>,
}

impl Mock {
    pub(crate) async fn start() -> Self {
        let server = MockServer::start_async().await;
        let script = Arc::new(Mutex::new(Script { answer: Answer::page(502), received: Vec::new() }));
        let shared = Arc::clone(&script);
        let mock = server.mock_async(move |when, then| {
            when.any_request();
            then.respond_with(move |request: &HttpMockRequest| {
                let mut script = shared.lock().unwrap_or_else(PoisonError::into_inner);
                script.received.push(Received::new(request));
                let answer = script.answer.clone();
                HttpMockResponse::builder().status(answer.status).headers(answer.headers).body(answer.body).build()
            });
        });
        mock.await;
        Self { server, script }
    }

    pub(crate) fn base_url(&self) -> String {
        self.server.base_url()
    }

    /// Answers this from now on, and forgets the requests so far.
    pub(crate) fn answer(&self, answer: Answer) {
        let mut script = self.script.lock().unwrap_or_else(PoisonError::into_inner);
        script.answer = answer;
        script.received.clear();
    }

    /// Returns the requests since the answer was set.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner).received.clone()
    }
}
