//! The request for the address of a connection, and the meaning of Feishu's refusals.

use std::time::Duration;

use huiyi_core::event::{Gravity, Opening, Protocol, Refusal, Tempo};
use huiyi_core::operation::Operation;
use huiyi_core::reqwest::StatusCode;
use huiyi_core::reqwest::header::HeaderMap;
use huiyi_core::secrecy::{ExposeSecret as _, SecretString};
use huiyi_core::session::AppSecret;
use huiyi_core::token::token_text;
use huiyi_core::transport::Transport;
use huiyi_core::{BoxFuture, ErrorKind};
use serde::Deserialize;
use serde_json::json;

use super::speech::{ClientConfig, Speaker};
use crate::events::Event;
use crate::events::envelope::VENDOR;
use crate::{FEISHU, LARK};

/// The call that returns the address. It has no page: the source is the vendor's clients.
static ASK: Operation = Operation {
    id: "open_long_connection",
    method: "POST",
    path: "/callback/ws/endpoint",
    host: None,
    title: "Open a long connection",
    docs: "",
    idempotent: true,
    tokens: &[],
    scopes: &[],
    limits: &[],
    raw: false,
    members: &["URL", "ClientConfig"],
    errors: &[],
};

/// The default interval of pings; the server may set another.
const PING_EVERY: Duration = Duration::from_secs(120);

/// Opens connections for an app.
pub(super) struct Feishu {
    pub(super) app: AppSecret,
    pub(super) transport: Transport,
}

#[derive(Deserialize)]
struct Answer {
    data: Endpoint,
}

#[derive(Deserialize)]
struct Endpoint {
    #[serde(rename = "URL", deserialize_with = "token_text")]
    url: String,
    #[serde(rename = "ClientConfig", default)]
    config: Option<ClientConfig>,
}

impl Protocol<Event> for Feishu {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn tempo(&self) -> Tempo {
        Tempo::default()
    }

    fn ask(&self) -> BoxFuture<'_, Result<Opening<Event>, Refusal>> {
        Box::pin(async {
            let body = json!({"AppID": &*self.app.id, "AppSecret": self.app.secret.expose_secret()});
            let url = format!("{}{}", self.transport.base_url(), ASK.path);
            let request = self.transport.http().post(url).header("locale", "zh").json(&body).build();
            let answer = self.transport.request_token::<Answer>(&ASK, request).await;
            let endpoint = answer.map_err(|error| self.refusal(error))?.data;
            Ok(Opening {
                speech: Box::new(Speaker::new(service(&endpoint.url))),
                ping_every: Some(endpoint.config.and_then(|config| config.ping_every()).unwrap_or(PING_EVERY)),
                url: SecretString::from(endpoint.url),
            })
        })
    }

    fn not_upgraded(&self, status: StatusCode, headers: &HeaderMap) -> Refusal {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
        let (handshake, code) = (text("handshake-status"), text("handshake-autherrcode"));
        let (gravity, kind) = match (handshake, code) {
            (Some("514"), Some(TOO_MANY)) => (Gravity::Slow, ErrorKind::RateLimited),
            (Some("514"), _) => (Gravity::Passing, ErrorKind::Auth),
            (Some("403"), _) => (Gravity::Final, ErrorKind::Permission),
            _ => (Gravity::Passing, ErrorKind::Unavailable),
        };
        let reason = format!("the connection was refused with HTTP status {}", status.as_u16());
        Refusal::new(VENDOR, gravity, kind, code.or(handshake).map(str::to_owned), reason)
    }
}

/// "Too many connections": this passes when another process of the app disconnects.
const TOO_MANY: &str = "1000040350";
/// The app belongs to another host.
const OTHER_HOST: &str = "1000040351";
/// The app's id or secret is wrong.
const WRONG_APP: &[&str] = &["1000040344", "1000040345", "10003", "10014", "10015"];

impl Feishu {
    fn refusal(&self, error: huiyi_core::Error) -> Refusal {
        let gravity = match error.code() {
            Some(TOO_MANY) => Gravity::Slow,
            Some(OTHER_HOST) => {
                let other = if self.transport.base_url() == LARK { FEISHU } else { LARK };
                let reason = format!("{}: the app belongs to another host, perhaps {other}", error.message());
                let code = error.code().map(str::to_owned);
                return Refusal::new(VENDOR, Gravity::Final, ErrorKind::Auth, code, reason);
            }
            Some(code) if WRONG_APP.contains(&code) => Gravity::Final,
            _ => Gravity::Passing,
        };
        Refusal { gravity, error }
    }
}

/// Returns the service number from the query of the URL.
fn service(url: &str) -> i32 {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let value = query.split('&').find_map(|pair| pair.strip_prefix("service_id="));
    value.and_then(|value| value.parse().ok()).unwrap_or(0)
}
