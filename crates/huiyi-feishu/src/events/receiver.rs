//! The receiver of Feishu's deliveries.
//!
//! Pages: <https://open.feishu.cn/document/event-subscription-guide/event-subscriptions/event-subscription-configure-/choose-a-subscription-mode/send-notifications-to-developers-server>,
//! <https://open.feishu.cn/document/event-subscription-guide/event-subscriptions/event-subscription-configure-/encrypt-key-encryption-configuration-case>.

use std::time::Duration;

use http::{HeaderMap, Method, Request};
use huiyi_core::event::{
    Aes, Delivery, Incoming, Limits, Members, Receive, Received, RejectReason, Rejection, any_or_empty, base64_decode,
    body_text, header, is_same_secret, is_signed_by, json_reply, sha256_of, time_of,
};
use huiyi_core::secrecy::{ExposeSecret, SecretString};
use huiyi_core::{BuildError, IntoSecret, receiver_limit_methods};

use super::Event;
use super::envelope::{Envelope, VENDOR};
use crate::AppTicket;

/// Feishu repeats a delivery four times, the last time about 7 hours after the first.
const MAX_AGE: Duration = Duration::from_secs(8 * 3600);
/// Feishu waits this long for an acknowledgement.
const ANSWER_WITHIN: Duration = Duration::from_secs(3);
/// Feishu waits this long for the answer to the URL check.
const CHECK_WITHIN: Duration = Duration::from_secs(1);

/// Receives what Feishu delivers to the request address of an app (请求地址).
///
/// With an encrypt key, it accepts only deliveries that are signed and encrypted with that key. The URL check is
/// accepted if it is encrypted, since Feishu does not sign it. Without an encrypt key, it accepts deliveries that
/// carry the verification token.
#[derive(Clone, Debug)]
pub struct EventReceiver {
    keys: Vec<EncryptKey>,
    tokens: Vec<SecretString>,
    app_ids: Vec<String>,
    tickets: Vec<(String, AppTicket)>,
    limits: Limits,
}

#[derive(Clone, Debug)]
struct EncryptKey {
    text: SecretString,
    aes: Aes,
}

impl EventReceiver {
    /// Starts building a receiver.
    pub fn builder() -> EventReceiverBuilder {
        EventReceiverBuilder {
            keys: Vec::new(),
            tokens: Vec::new(),
            app_ids: Vec::new(),
            tickets: Vec::new(),
            limits: Limits::new(MAX_AGE),
        }
    }

    /// Checks, decrypts and reads a delivery.
    ///
    /// # Errors
    ///
    /// If the request is not a delivery of Feishu's for this receiver. Send [`Rejection::reply`].
    pub fn receive<B: AsRef<[u8]>>(&self, request: &Request<B>) -> Result<Received<Event>, Rejection> {
        self.receive_parts(Incoming::of(request))
    }

    fn accept(&self, incoming: Incoming<'_>) -> Result<Received<Event>, RejectReason> {
        if incoming.method != Method::POST {
            return Err(RejectReason::Method);
        }
        let body = body_text(incoming.body, self.limits.max_body())?;
        let outer = Members::of(body)?;
        if self.keys.is_empty() {
            if outer.raw("encrypt").is_some() {
                return Err(RejectReason::Encrypted);
            }
            return self.read(&outer, body, false);
        }
        let encrypted = outer.text("encrypt").ok_or(RejectReason::NotEncrypted)?;
        match header(incoming.headers, "x-lark-signature")? {
            Some(signature) => {
                let key = self.signer(incoming.headers, signature, incoming.body)?;
                let plaintext = key.decrypt(&encrypted)?;
                let plaintext = String::from_utf8(plaintext).map_err(|_| RejectReason::NotUtf8)?;
                self.read(&Members::of(&plaintext)?, &plaintext, true)
            }
            None => self.unsigned(&encrypted),
        }
    }

    /// Returns the key that made the signature; fails if the signature is too old.
    fn signer(&self, headers: &HeaderMap, signature: &str, body: &[u8]) -> Result<&EncryptKey, RejectReason> {
        const TIMESTAMP: &str = "x-lark-request-timestamp";
        const NONCE: &str = "x-lark-request-nonce";
        let timestamp = header(headers, TIMESTAMP)?.ok_or(RejectReason::Missing(TIMESTAMP))?;
        let nonce = header(headers, NONCE)?.ok_or(RejectReason::Missing(NONCE))?;
        let front = [timestamp, nonce].concat();
        let signed = |key: &EncryptKey| sha256_of([front.as_bytes(), key.text.expose_secret().as_bytes(), body, b""]);
        let key = self.keys.iter().find(|key| is_signed_by(signature, &signed(key)));
        let key = key.ok_or(RejectReason::WrongSignature)?;
        self.limits.check_age(time_of(timestamp, Duration::from_secs(1))?)?;
        Ok(key)
    }

    /// Accepts a delivery without a signature, which can only be the URL check. All others get the same answer, so
    /// an attacker cannot learn from it what decrypts.
    fn unsigned(&self, encrypted: &str) -> Result<Received<Event>, RejectReason> {
        let plaintexts = self.keys.iter().filter_map(|key| String::from_utf8(key.decrypt(encrypted).ok()?).ok());
        for plaintext in plaintexts {
            if let Ok(members) = Members::of(&plaintext)
                && members.text("type").as_deref() == Some("url_verification")
            {
                return self.read(&members, &plaintext, true).map_err(|_| RejectReason::Unsigned);
            }
        }
        Err(RejectReason::Unsigned)
    }

    fn read(&self, members: &Members<'_>, plaintext: &str, encrypted: bool) -> Result<Received<Event>, RejectReason> {
        let envelope = Envelope::of(members)?;
        let known = |token: &str| self.tokens.iter().any(|known| is_same_secret(known.expose_secret(), token));
        if !self.tokens.is_empty() && !envelope.token.as_deref().is_some_and(known) {
            return Err(RejectReason::WrongToken);
        }
        if envelope.event_type == "url_verification" {
            let challenge = members.raw("challenge").ok_or(RejectReason::Missing("challenge"))?;
            let reply = json_reply(format!(r#"{{"challenge":{challenge}}}"#));
            return Ok(Received::new(Vec::new(), reply, CHECK_WITHIN));
        }
        if envelope.app.as_deref().is_some_and(|app| !any_or_empty(&self.app_ids, app)) {
            return Err(RejectReason::WrongRecipient);
        }
        let delivery = envelope.open(members, plaintext, encrypted);
        self.keep_ticket(&delivery);
        Ok(Received::new(vec![delivery], json_reply("{}"), ANSWER_WITHIN))
    }

    /// Passes a ticket to the credentials of its app.
    fn keep_ticket(&self, delivery: &Delivery<Event>) {
        let Event::AppTicket(event) = delivery.event() else { return };
        let Some(ticket) = &event.app_ticket else { return };
        for (_, sink) in self.tickets.iter().filter(|(app, _)| Some(app.as_str()) == event.app_id.as_deref()) {
            sink.set_pushed_at(ticket.expose(), delivery.created_since_epoch());
        }
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

impl EncryptKey {
    /// Decrypts; the first block is the initialisation vector.
    fn decrypt(&self, encrypted: &str) -> Result<Vec<u8>, RejectReason> {
        let bytes = base64_decode(encrypted).ok_or(RejectReason::Undecryptable)?;
        let (iv, ciphertext) = bytes.split_first_chunk::<16>().ok_or(RejectReason::Undecryptable)?;
        self.aes.decrypt(*iv, ciphertext, 16).ok_or(RejectReason::Undecryptable)
    }
}

/// Builds an [`EventReceiver`].
#[derive(Clone, Debug)]
#[must_use = "a builder does nothing until `build` is called"]
pub struct EventReceiverBuilder {
    keys: Vec<EncryptKey>,
    tokens: Vec<SecretString>,
    app_ids: Vec<String>,
    tickets: Vec<(String, AppTicket)>,
    limits: Limits,
}

impl EventReceiverBuilder {
    /// Adds the Encrypt Key of the app. Give both keys while you replace one.
    pub fn encrypt_key(mut self, key: impl IntoSecret) -> Self {
        let text = key.into_secret();
        let aes = Aes::from_text(text.expose_secret());
        self.keys.push(EncryptKey { text, aes });
        self
    }

    /// Adds the Verification Token of the app. Give both tokens while you replace one. Required if there is no
    /// encrypt key.
    pub fn verification_token(mut self, token: impl IntoSecret) -> Self {
        self.tokens.push(token.into_secret());
        self
    }

    /// Accepts only deliveries to this app; call it again to accept several apps.
    pub fn app_id(mut self, app_id: impl Into<String>) -> Self {
        self.app_ids.push(app_id.into());
        self
    }

    /// Passes the tickets that Feishu pushes to this store app to its credentials: see
    /// [`ClientBuilder::store_app`](crate::ClientBuilder::store_app).
    pub fn app_ticket(mut self, app_id: impl Into<String>, ticket: AppTicket) -> Self {
        self.tickets.push((app_id.into(), ticket));
        self
    }

    receiver_limit_methods!();

    /// Builds the receiver.
    ///
    /// # Errors
    ///
    /// If there is neither an encrypt key nor a verification token, or one is empty.
    pub fn build(self) -> Result<EventReceiver, BuildError> {
        let secrets = self.keys.iter().map(|key| &key.text).chain(&self.tokens);
        if self.keys.is_empty() && self.tokens.is_empty() {
            return Err(BuildError::missing("encrypt key", "give it or a verification token"));
        }
        if secrets.into_iter().any(|secret| secret.expose_secret().is_empty()) {
            return Err(BuildError::credential("encrypt key or verification token", "it is empty"));
        }
        let Self { keys, tokens, app_ids, tickets, limits } = self;
        Ok(EventReceiver { keys, tokens, app_ids, tickets, limits })
    }
}
