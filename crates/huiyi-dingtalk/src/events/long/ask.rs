//! The request for the address of a connection, and the meaning of DingTalk's refusals.

use std::time::Duration;

use huiyi_core::event::{Gravity, Opening, Protocol, Refusal, Tempo};
use huiyi_core::operation::Operation;
use huiyi_core::reqwest::header::{ACCEPT, HeaderMap};
use huiyi_core::reqwest::{StatusCode, Url};
use huiyi_core::secrecy::{ExposeSecret as _, SecretString};
use huiyi_core::session::AppSecret;
use huiyi_core::token::token_text;
use huiyi_core::transport::Transport;
use huiyi_core::{BoxFuture, Error, ErrorKind};
use serde::Deserialize;
use serde_json::json;

use super::speech::Speaker;
use crate::events::Event;
use crate::events::receiver::VENDOR;

/// The call that returns the address.
static ASK: Operation = Operation {
    id: "open_long_connection",
    method: "POST",
    path: "/v1.0/gateway/connections/open",
    host: None,
    title: "Open a connection in Stream mode",
    docs: "https://open.dingtalk.com/document/development/event-subscription-stream-mode",
    idempotent: true,
    tokens: &[],
    scopes: &[],
    limits: &[],
    raw: false,
    members: &["endpoint", "ticket"],
    errors: &[],
};

/// DingTalk does not document how long it waits; for HTTP pushes it is at most 2.5 seconds.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);
/// The vendor's own Java client replaces its connections after this time.
const RENEW_AFTER: Duration = Duration::from_secs(6 * 3600);
/// DingTalk seems to ping every 20 to 30 seconds. A connection that is silent for this long is replaced.
const QUIET: Duration = Duration::from_secs(300);

/// Opens connections for an app.
pub(super) struct DingTalk {
    pub(super) app: AppSecret,
    pub(super) transport: Transport,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(deserialize_with = "token_text")]
    endpoint: String,
    #[serde(deserialize_with = "token_text")]
    ticket: String,
}

impl Protocol<Event> for DingTalk {
    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn tempo(&self) -> Tempo {
        Tempo { answer: ANSWER_WITHIN, renew: Some(RENEW_AFTER), quiet: Some(QUIET), ..Tempo::default() }
    }

    fn ask(&self) -> BoxFuture<'_, Result<Opening<Event>, Refusal>> {
        Box::pin(async {
            let body = json!({
                "clientId": &*self.app.id,
                "clientSecret": self.app.secret.expose_secret(),
                "subscriptions": [{"type": "EVENT", "topic": "*"}],
                "ua": concat!("huiyi-sdk-rust/", env!("CARGO_PKG_VERSION")),
            });
            let url = format!("{}{}", self.transport.base_url(), ASK.path);
            // Without this header the response is XML.
            let request = self.transport.http().post(url).header(ACCEPT, "application/json").json(&body).build();
            let answer = self.transport.request_token::<Answer>(&ASK, request).await.map_err(refusal)?;
            let mut url = Url::parse(&answer.endpoint)
                .map_err(|_| Refusal::passing(VENDOR, "the address of the connection is not a URL"))?;
            url.query_pairs_mut().append_pair("ticket", &answer.ticket);
            let speech = Box::new(Speaker::new(self.app.ticket.clone()));
            Ok(Opening { url: SecretString::from(String::from(url)), speech, ping_every: None })
        })
    }

    /// The ticket was used or is too old, or the gateway has a problem: the next attempt gets a new ticket.
    fn not_upgraded(&self, status: StatusCode, _headers: &HeaderMap) -> Refusal {
        let reason = format!("the connection was refused with HTTP status {}", status.as_u16());
        Refusal::new(VENDOR, Gravity::Passing, ErrorKind::Unavailable, None, reason)
    }
}

fn refusal(error: Error) -> Refusal {
    let gravity = match (error.http_status().map(|status| status.as_u16()), error.code()) {
        (Some(401), Some(_)) => Gravity::Final,
        // The request never changes, so DingTalk will never accept it for this app.
        (Some(400), Some(_)) => Gravity::Final,
        (Some(403), Some(code)) if !code.starts_with("Forbidden.AccessDenied.Qps") => Gravity::Slow,
        _ => Gravity::Passing,
    };
    Refusal { gravity, error }
}
