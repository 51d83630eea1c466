//! Makes deliveries like the vendors. Some code of the receivers is used here; the vectors of the pages prove it right.

use huiyi_core::event::{Aes, base64_encode, sha1_of_sorted, sha256_of};

use crate::Vendor;
use crate::draft::{Draft, Part};

/// The time at which deliveries are signed.
pub const NOW_MILLIS: u64 = 1_764_300_000_000;
/// A secret. All secrets here begin with `s3cret`, and nothing may print them.
pub const SECRET: &str = "s3cretTokenOfTheAddress";
/// The key of Feishu, whose token is [`SECRET`].
pub const ENCRYPT_KEY: &str = "s3cretEncryptKeyOfTheApp";
/// An AES key for the other vendors.
pub const AES_KEY: &str = "s3cretAesKeys3cretAesKeys3cretAesKeys3cretA";
/// A ticket that is delivered.
pub const TICKET: &str = "s3cretTicketThatWasPushed";
/// The recipient of deliveries.
pub const RECIPIENT: &str = "recipient0123456789";

/// Makes deliveries of one vendor.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The vendor.
    pub vendor: Vendor,
    /// The secret that signs.
    pub secret: String,
    /// The key that encrypts.
    pub aes: Aes,
    /// The time, as the vendor writes it.
    pub timestamp: String,
    /// The nonce.
    pub nonce: String,
    /// The recipient.
    pub recipient: String,
}

impl Sender {
    /// Makes a sender whose deliveries are accepted.
    ///
    /// # Panics
    ///
    /// Never with these keys.
    #[must_use]
    #[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
    pub fn new(vendor: Vendor) -> Self {
        let in_seconds = matches!(vendor, Vendor::Feishu | Vendor::WeCom);
        Self {
            vendor,
            secret: if vendor == Vendor::Feishu { ENCRYPT_KEY } else { SECRET }.to_owned(),
            aes: match vendor {
                Vendor::Feishu => Aes::from_text(ENCRYPT_KEY),
                _ => Aes::from_encoding_key(AES_KEY).unwrap(),
            },
            timestamp: if in_seconds { NOW_MILLIS / 1000 } else { NOW_MILLIS }.to_string(),
            nonce: "n0nce".to_owned(),
            recipient: RECIPIENT.to_owned(),
        }
    }

    /// Sets another time, in milliseconds.
    #[must_use]
    pub fn at_millis(mut self, millis: u64) -> Self {
        let in_seconds = matches!(self.vendor, Vendor::Feishu | Vendor::WeCom);
        self.timestamp = if in_seconds { millis / 1000 } else { millis }.to_string();
        self
    }

    /// Returns a message about a meeting that began; the delivery has this id.
    #[must_use]
    pub fn message(&self, id: &str) -> String {
        let recipient = &self.recipient;
        match self.vendor {
            Vendor::Feishu => format!(
                r#"{{"schema":"2.0","header":{{"event_id":"{id}","event_type":"vc.meeting.meeting_started_v1","create_time":"1764299999100","token":"{SECRET}","app_id":"{recipient}","tenant_key":"t1"}},"event":{{"meeting":{{"id":"7411","topic":"周会"}}}}}}"#
            ),
            Vendor::WeCom => format!(
                "<xml><ToUserName><![CDATA[ww1]]></ToUserName><FromUserName><![CDATA[{id}]]></FromUserName><CreateTime>1764299999</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[meeting_change]]></Event><ChangeType><![CDATA[meeting_start]]></ChangeType><MeetingId><![CDATA[hyA]]></MeetingId></xml>"
            ),
            Vendor::DingTalk => format!(
                r#"{{"EventType":"meeting_status_change","EventTime":1764299999500,"CorpId":"ding1","BizId":"1","eventId":"{id}","openConfModel":{{"title":"周会","conferenceId":"63"}},"changeScene":"conference_created"}}"#
            ),
            Vendor::Tencent => format!(
                r#"{{"event":"meeting.started","trace_id":"{id}","payload":[{{"operate_time":1764299999300,"meeting_info":{{"meeting_id":"1333","subject":"周会"}}}}]}}"#
            ),
        }
    }

    /// Returns a message with [`TICKET`].
    #[must_use]
    pub fn ticket(&self) -> String {
        let recipient = &self.recipient;
        match self.vendor {
            Vendor::Feishu => format!(
                r#"{{"ts":"1764299999.1","uuid":"u1","token":"{SECRET}","type":"event_callback","event":{{"type":"app_ticket","app_id":"{recipient}","app_ticket":"{TICKET}"}}}}"#
            ),
            Vendor::WeCom => format!(
                "<xml><SuiteId><![CDATA[{recipient}]]></SuiteId><InfoType> <![CDATA[suite_ticket]]></InfoType><TimeStamp>1764299999</TimeStamp><SuiteTicket><![CDATA[{TICKET}]]></SuiteTicket></xml>"
            ),
            Vendor::DingTalk => format!(
                r#"{{"EventType":"suite_ticket ","SuiteKey":"{recipient}","SuiteTicket":"{TICKET}","TimeStamp":"1764299999000"}}"#
            ),
            Vendor::Tencent => format!(
                r#"{{"event":"common.sts-token","trace_id":"t1","payload":[{{"token_info":{{"req_id":"r1","sts_token":"{TICKET}","expire_ts":1764303600}}}}]}}"#
            ),
        }
    }

    /// Returns the bytes to encrypt, without padding. Two vendors add random bytes, the length and the recipient.
    #[must_use]
    pub fn padded(&self, message: &[u8]) -> Vec<u8> {
        match self.vendor {
            Vendor::Feishu | Vendor::Tencent => message.to_vec(),
            Vendor::WeCom | Vendor::DingTalk => {
                let length = u32::try_from(message.len()).unwrap_or(u32::MAX).to_be_bytes();
                [b"0123456789abcdef".as_slice(), &length, message, self.recipient.as_bytes()].concat()
            }
        }
    }

    /// Encrypts bytes to Base64, with the initialisation vector in the vendor's place.
    #[must_use]
    pub fn encrypted_bytes(&self, bytes: &[u8]) -> String {
        match self.vendor {
            Vendor::Feishu => {
                let iv = *b"fedcba9876543210";
                base64_encode(&[iv.as_slice(), &self.aes.encrypt(iv, bytes, 16)].concat())
            }
            Vendor::Tencent => base64_encode(&self.aes.encrypt(self.aes.first_half(), bytes, 16)),
            Vendor::WeCom | Vendor::DingTalk => base64_encode(&self.aes.encrypt(self.aes.first_half(), bytes, 32)),
        }
    }

    /// Encrypts a message to Base64.
    #[must_use]
    pub fn encrypted(&self, message: &[u8]) -> String {
        self.encrypted_bytes(&self.padded(message))
    }

    /// Returns a body around an encrypted message.
    #[must_use]
    pub fn body(&self, encrypted: &str) -> String {
        match self.vendor {
            Vendor::Feishu | Vendor::DingTalk => format!(r#"{{"encrypt":"{encrypted}"}}"#),
            Vendor::Tencent => format!(r#"{{"data":"{encrypted}"}}"#),
            Vendor::WeCom => {
                let to = &self.recipient;
                format!(
                    "<xml><ToUserName><![CDATA[{to}]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
                )
            }
        }
    }

    /// Returns a request with this body. The signature covers this text; with Feishu it covers the body.
    #[must_use]
    pub fn signed(&self, body: impl Into<Vec<u8>>, encrypted: &str) -> Draft {
        let (body, method) = (body.into(), http::Method::POST);
        let front = format!("{}{}", self.timestamp, self.nonce);
        let signature = match self.vendor {
            Vendor::Feishu => hex(&sha256_of([front.as_bytes(), self.secret.as_bytes(), &body, b""])),
            _ => hex(&sha1_of_sorted([&self.secret, &self.timestamp, &self.nonce, encrypted])),
        };
        let draft = Draft { vendor: self.vendor, method, parts: Vec::new(), query: Vec::new(), body };
        let draft = draft.and(Part::Timestamp, &self.timestamp).and(Part::Nonce, &self.nonce);
        draft.and(Part::Signature, &signature)
    }

    /// Returns a check of the address, and the text of the correct reply (for DingTalk, the decrypted one).
    #[must_use]
    pub fn check(&self) -> (Draft, &'static str) {
        match self.vendor {
            Vendor::Feishu => {
                let message = format!(r#"{{"challenge":"ch4llenge","token":"{SECRET}","type":"url_verification"}}"#);
                (self.delivery(message).without(Part::Signature), r#"{"challenge":"ch4llenge"}"#)
            }
            Vendor::DingTalk => (self.delivery(r#"{"EventType":"check_url"}"#), "success"),
            Vendor::WeCom | Vendor::Tencent => {
                let encrypted = self.encrypted(b"ch4llenge");
                let name = if self.vendor == Vendor::WeCom { "echostr" } else { "check_str" };
                (self.signed("", &encrypted).get(name, &encrypted), "ch4llenge")
            }
        }
    }

    /// Returns a delivery of this message.
    #[must_use]
    pub fn delivery(&self, message: impl AsRef<[u8]>) -> Draft {
        let encrypted = self.encrypted(message.as_ref());
        self.signed(self.body(&encrypted), &encrypted)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
