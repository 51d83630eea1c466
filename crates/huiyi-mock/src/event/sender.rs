//! Signing and encrypting of deliveries.
//!
//! Pages: "Receive events" of open.feishu.cn, "Encryption and decryption" (90968) of developer.work.weixin.qq.com,
//! "Event callbacks" of open.dingtalk.com, and "Webhooks" (1095/51612) of cloud.tencent.com.

use aes::Aes256;
use base64::Engine as _;
use base64::alphabet::STANDARD as DIGITS;
use base64::engine::general_purpose::STANDARD;
use base64::engine::{GeneralPurpose, GeneralPurposeConfig};
use cbc::cipher::{Array, BlockModeEncrypt as _, KeyIvInit as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use crate::credentials;
use crate::event::Parcel;
use crate::random;
use crate::server::Vendor;

/// The vendors' keys end with a Base64 digit whose last bits are not zero.
const KEYS: GeneralPurpose =
    GeneralPurpose::new(&DIGITS, GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true));

/// Signs and encrypts deliveries in one vendor's way, for one receiver.
#[derive(Clone)]
pub struct Sender {
    vendor: Vendor,
    /// The secret that signs: the token of the address, or Feishu's encrypt key.
    secret: String,
    key: [u8; 32],
    recipient: String,
}

impl std::fmt::Debug for Sender {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut fields = formatter.debug_struct("Sender");
        fields.field("vendor", &self.vendor).field("recipient", &self.recipient).finish_non_exhaustive()
    }
}

impl Sender {
    /// Creates a sender with the keys of [`credentials`], for the app there.
    ///
    /// [`credentials`]: crate::credentials
    #[must_use]
    pub fn of(vendor: Vendor) -> Self {
        match vendor {
            Vendor::Feishu => {
                let app = credentials::FEISHU;
                Self::new(vendor, app.encrypt_key, app.encrypt_key, app.app_id)
            }
            Vendor::WeCom => {
                let app = credentials::WECOM;
                Self::new(vendor, app.event_token, app.event_aes_key, app.corpid)
            }
            Vendor::DingTalk => {
                let app = credentials::DINGTALK;
                Self::new(vendor, app.event_token, app.event_aes_key, app.app_key)
            }
            Vendor::Tencent => {
                let app = credentials::TENCENT;
                Self::new(vendor, app.event_token, app.event_aes_key, app.app_id)
            }
        }
    }

    /// Creates a sender with your own keys: the token of the address and its `EncodingAESKey` (43 digits of
    /// Base64); for Feishu, the Encrypt Key twice.
    ///
    /// With a malformed key, the deliveries cannot be decrypted.
    #[must_use]
    pub fn new(vendor: Vendor, secret: &str, key: &str, recipient: &str) -> Self {
        let key = match vendor {
            Vendor::Feishu => Sha256::digest(key.as_bytes()).into(),
            _ => KEYS.decode(format!("{key}=")).ok().and_then(|bytes| bytes.try_into().ok()).unwrap_or_default(),
        };
        Self { vendor, secret: secret.to_owned(), key, recipient: recipient.to_owned() }
    }

    /// Packs a message and signs it at this time, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn parcel(&self, message: &str, unix_millis: i64) -> Parcel {
        let encrypted = self.encrypt(message.as_bytes());
        let body = match self.vendor {
            Vendor::Feishu | Vendor::DingTalk => format!(r#"{{"encrypt":"{encrypted}"}}"#),
            Vendor::Tencent => format!(r#"{{"data":"{encrypted}"}}"#),
            Vendor::WeCom => format!(
                "<xml><ToUserName><![CDATA[{}]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>",
                self.recipient
            ),
        };
        self.signed("POST", body, &encrypted, unix_millis)
    }

    /// Packs a URL check, with the text that the reply must contain.
    #[must_use]
    pub fn check(&self, challenge: &str, unix_millis: i64) -> Parcel {
        match self.vendor {
            Vendor::Feishu => {
                let token = credentials::FEISHU.verification_token;
                let message =
                    serde_json::json!({"challenge": challenge, "token": token, "type": "url_verification"}).to_string();
                self.parcel(&message, unix_millis).without_signature()
            }
            Vendor::DingTalk => self.parcel(r#"{"EventType":"check_url"}"#, unix_millis),
            Vendor::WeCom | Vendor::Tencent => {
                let encrypted = self.encrypt(challenge.as_bytes());
                let name = if self.vendor == Vendor::WeCom { "echostr" } else { "check_str" };
                self.signed("GET", String::new(), &encrypted, unix_millis).with_query(name, &encrypted)
            }
        }
    }

    fn signed(&self, method: &'static str, body: String, encrypted: &str, unix_millis: i64) -> Parcel {
        let in_seconds = matches!(self.vendor, Vendor::Feishu | Vendor::WeCom);
        let timestamp = if in_seconds { unix_millis / 1000 } else { unix_millis }.to_string();
        let nonce = random::hex(16);
        let signature = match self.vendor {
            Vendor::Feishu => hex(&Sha256::digest([&timestamp, &nonce, &self.secret, body.as_str()].concat())),
            _ => {
                let mut parts = [&self.secret, &timestamp, &nonce, encrypted];
                parts.sort_unstable();
                hex(&Sha1::digest(parts.concat()))
            }
        };
        let names = match self.vendor {
            Vendor::Feishu => ["X-Lark-Request-Timestamp", "X-Lark-Request-Nonce", "X-Lark-Signature"],
            Vendor::Tencent => ["timestamp", "nonce", "signature"],
            Vendor::WeCom | Vendor::DingTalk => ["timestamp", "nonce", "msg_signature"],
        };
        let parts = names.into_iter().zip([timestamp, nonce, signature]);
        Parcel::new(method, matches!(self.vendor, Vendor::WeCom | Vendor::DingTalk), parts.collect(), body)
    }

    /// Encrypts: AES-256-CBC with PKCS#7 padding, in Base64.
    fn encrypt(&self, message: &[u8]) -> String {
        let random = random::hex(16).into_bytes();
        match self.vendor {
            Vendor::Feishu => {
                let iv: [u8; 16] = random.try_into().unwrap_or_default();
                STANDARD.encode([&iv[..], &self.encrypted_blocks(iv, message.to_vec(), 16)].concat())
            }
            Vendor::Tencent => STANDARD.encode(self.encrypted_blocks(self.first_half(), message.to_vec(), 16)),
            Vendor::WeCom | Vendor::DingTalk => {
                let length = u32::try_from(message.len()).unwrap_or(u32::MAX).to_be_bytes();
                let padded = [&random[..], &length, message, self.recipient.as_bytes()].concat();
                STANDARD.encode(self.encrypted_blocks(self.first_half(), padded, 32))
            }
        }
    }

    fn first_half(&self) -> [u8; 16] {
        let mut half = [0; 16];
        half.copy_from_slice(&self.key[..16]);
        half
    }

    fn encrypted_blocks(&self, iv: [u8; 16], mut text: Vec<u8>, multiple: usize) -> Vec<u8> {
        let padding = multiple - text.len() % multiple;
        text.resize(text.len() + padding, u8::try_from(padding).unwrap_or_default());
        let (blocks, _) = Array::slice_as_chunks_mut(&mut text);
        cbc::Encryptor::<Aes256>::new(&self.key.into(), &iv.into()).encrypt_blocks(blocks);
        text
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
