//! The receiver of DingTalk's HTTP deliveries: plain push (HTTP推送) and SyncHTTP.
//!
//! Pages: <https://open.dingtalk.com/document/development/callback-event-message-body-encryption-and-decryption>,
//! <https://open.dingtalk.com/document/development/configure-synchttp-push>.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{Method, Request};
use huiyi_core::clock::{Entropy, SystemEntropy};
use huiyi_core::event::{
    Aes, CallbackKey, CallbackKeys, Incoming, Limits, Members, Opened, Receive, Received, RejectReason, Rejection,
    Reply, SignedText, body_text, json_reply, open, query, seal,
};
use huiyi_core::{BuildError, IntoSecret, receiver_limit_methods};

use super::Event;
use super::content::{self, SYNC_HTTP};
use crate::SuiteTicket;

pub(super) const VENDOR: &str = "dingtalk";
/// DingTalk repeats a delivery after 10 and after 30 seconds.
const MAX_AGE: Duration = Duration::from_secs(3600);
/// The shorter of the two times on the pages about plain push.
const ANSWER_WITHIN: Duration = Duration::from_millis(1500);
/// The time that SyncHTTP allows.
const SYNC_WITHIN: Duration = Duration::from_millis(1200);
/// URL checks. The newer page requires `success`, encrypted, for all of them; a comment on an older page says that
/// the two checks of suites are answered with the value of `Random`.
const CHECKS: &[&str] = &["check_url", "check_create_suite_url", "check_update_suite_url"];

/// Receives what DingTalk delivers to the request address of an app (请求网址).
///
/// Each message ends with its recipient. The pages disagree about what that is: the Client ID of the app, the
/// corporation, or the suite. Set all recipients that may come; the reply names that of the message.
#[derive(Clone)]
pub struct EventReceiver {
    keys: CallbackKeys<Aes>,
    recipients: Vec<String>,
    tickets: Vec<(String, SuiteTicket)>,
    entropy: Arc<dyn Entropy>,
    limits: Limits,
}

impl EventReceiver {
    /// Starts building a receiver.
    pub fn builder() -> EventReceiverBuilder {
        EventReceiverBuilder {
            keys: CallbackKeys::default(),
            recipients: Vec::new(),
            tickets: Vec::new(),
            entropy: Arc::new(SystemEntropy),
            limits: Limits::new(MAX_AGE),
        }
    }

    /// Checks, decrypts and reads a delivery.
    ///
    /// # Errors
    ///
    /// If the request is not a delivery of DingTalk's for this receiver. Send [`Rejection::reply`].
    pub fn receive<B: AsRef<[u8]>>(&self, request: &Request<B>) -> Result<Received<Event>, Rejection> {
        self.receive_parts(Incoming::of(request))
    }

    fn accept(&self, incoming: Incoming<'_>) -> Result<Received<Event>, RejectReason> {
        if incoming.method != Method::POST {
            return Err(RejectReason::Method);
        }
        let body = body_text(incoming.body, self.limits.max_body())?;
        let encrypted = Members::of(body)?.text("encrypt").ok_or(RejectReason::NotEncrypted)?;
        let (key, opened) = self.open(incoming, &encrypted)?;
        let members = Members::of(&opened.message)?;
        let event_type = members.text("EventType").ok_or(RejectReason::Missing("EventType"))?;
        let reply = self.reply(key, &opened.recipient);
        if CHECKS.contains(&event_type.as_str()) {
            return Ok(Received::new(Vec::new(), reply, ANSWER_WITHIN));
        }
        let (deliveries, within) = if event_type.starts_with(SYNC_HTTP) {
            (content::of_sync_http(&members, &event_type, &opened)?, SYNC_WITHIN)
        } else {
            (vec![content::of_push(members, event_type, &opened)], ANSWER_WITHIN)
        };
        for delivery in &deliveries {
            let of_suite = self.tickets.iter().filter(|(suite, _)| *suite == opened.recipient);
            content::keep_ticket(delivery, of_suite.map(|(_, sink)| sink));
        }
        Ok(Received::new(deliveries, reply, within))
    }

    /// Checks the signature, and decrypts with the key of that token.
    fn open(&self, incoming: Incoming<'_>, encrypted: &str) -> Result<(&CallbackKey<Aes>, Opened), RejectReason> {
        let parameter = |name| query(incoming.uri, name);
        let signature = match parameter("msg_signature")? {
            Some(signature) => signature,
            None => parameter("signature")?.ok_or(RejectReason::Unsigned)?,
        };
        let needed = |name| parameter(name)?.ok_or(RejectReason::Missing(name));
        let (timestamp, nonce) = (needed("timestamp")?, needed("nonce")?);
        let signed = SignedText { signature: &signature, timestamp: &timestamp, nonce: &nonce, text: encrypted };
        self.keys.open(&signed, Duration::from_millis(1), &self.limits, |key| {
            let opened = open(key.aes(), encrypted)?;
            if self.recipients.contains(&opened.recipient) { Ok(opened) } else { Err(RejectReason::WrongRecipient) }
        })
    }

    /// Builds the reply: the text `success`, encrypted and signed in the same way as deliveries.
    fn reply(&self, key: &CallbackKey<Aes>, recipient: &str) -> Reply {
        let (one, two) = (self.entropy.next_u64().to_be_bytes(), self.entropy.next_u64().to_be_bytes());
        let mut random = [0; 16];
        random.iter_mut().zip(one.into_iter().chain(two)).for_each(|(place, byte)| *place = byte);
        let nonce = format!("{:016x}", self.entropy.next_u64());
        let timestamp = self.limits.clock().unix_time().as_millis().to_string();
        let encrypt = seal(key.aes(), random, "success", recipient);
        let digest = key.digest(&timestamp, &nonce, &encrypt);
        let signature: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let body = serde_json::json!({
            "msg_signature": signature, "timeStamp": timestamp, "nonce": nonce, "encrypt": encrypt,
        });
        json_reply(body.to_string())
    }
}

impl Receive for EventReceiver {
    type Event = Event;

    fn vendor(&self) -> &'static str {
        VENDOR
    }

    fn limits(&self) -> &Limits {
        &self.limits
    }

    fn receive_parts(&self, incoming: Incoming<'_>) -> Result<Received<Event>, Rejection> {
        self.accept(incoming).map_err(|reason| Rejection::new(VENDOR, reason))
    }
}

impl fmt::Debug for EventReceiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventReceiver").field("recipients", &self.recipients).finish_non_exhaustive()
    }
}

/// Builds an [`EventReceiver`].
#[derive(Clone)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct EventReceiverBuilder {
    keys: CallbackKeys<Aes>,
    recipients: Vec<String>,
    tickets: Vec<(String, SuiteTicket)>,
    entropy: Arc<dyn Entropy>,
    limits: Limits,
}

impl EventReceiverBuilder {
    /// Adds the token (签名 token) and the AES key (加密 aes_key) of the address. Give both pairs while you replace
    /// one.
    pub fn keys(mut self, token: impl IntoSecret, encoding_aes_key: impl IntoSecret) -> Self {
        self.keys.add(token.into_secret(), &encoding_aes_key.into_secret());
        self
    }

    /// Accepts deliveries for this app (Client ID, AppKey); subscriptions of the console send them.
    pub fn client_id(self, client_id: impl Into<String>) -> Self {
        self.recipient(client_id)
    }

    /// Accepts deliveries for this corporation; an address that was registered by an API call receives them.
    pub fn corp_id(self, corp_id: impl Into<String>) -> Self {
        self.recipient(corp_id)
    }

    /// Accepts deliveries for this suite or custom app (SuiteKey, CustomKey). The console checks the address of a
    /// new suite before the suite exists, and uses a placeholder that it shows: add the placeholder, too.
    pub fn suite_key(self, suite_key: impl Into<String>) -> Self {
        self.recipient(suite_key)
    }

    /// Receives the events of this suite, and passes its tickets to its credentials: see
    /// [`ClientBuilder::suite`](crate::ClientBuilder::suite).
    pub fn suite_ticket(mut self, suite_key: impl Into<String>, ticket: SuiteTicket) -> Self {
        let suite_key = suite_key.into();
        self.tickets.push((suite_key.clone(), ticket));
        self.recipient(suite_key)
    }

    /// Sets the source of the random numbers in replies.
    pub fn entropy(mut self, entropy: Arc<dyn Entropy>) -> Self {
        self.entropy = entropy;
        self
    }

    fn recipient(mut self, recipient: impl Into<String>) -> Self {
        self.recipients.push(recipient.into());
        self
    }

    receiver_limit_methods!();

    /// Builds the receiver.
    ///
    /// # Errors
    ///
    /// If there are no keys, a key is malformed, or no recipient is set.
    pub fn build(self) -> Result<EventReceiver, BuildError> {
        let keys = self.keys.checked("a token and an AES key are needed", "AES key")?;
        if self.recipients.is_empty() {
            return Err(BuildError::missing("recipient", "a Client ID, corporation or suite is needed"));
        }
        let Self { recipients, tickets, entropy, limits, .. } = self;
        Ok(EventReceiver { keys, recipients, tickets, entropy, limits })
    }
}

impl fmt::Debug for EventReceiverBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventReceiverBuilder").field("recipients", &self.recipients).finish_non_exhaustive()
    }
}
