//! The forms in which a secret may be written.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use huiyi_mock::{Request, Vendor};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use serde_json::Value;
use std::collections::BTreeSet;

use crate::search::{IN_A_FORM, MARK, UNMARKED};

pub(crate) fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// Returns the forms in which a secret may be written: plain, percent-encoded, in hex, in Base64 alone or as a part
/// of something longer.
pub(crate) fn forms(secret: &str) -> Vec<String> {
    let percent = percent_encode(secret.as_bytes(), NON_ALPHANUMERIC).to_string();
    let hex = hex(secret);
    let form = percent_encode(secret.as_bytes(), IN_A_FORM).to_string();
    let mut forms = vec![secret.to_owned(), percent.to_lowercase(), percent, form, hex.to_uppercase(), hex];
    for before in 0..3 {
        let mut bytes = vec![0; before];
        bytes.extend_from_slice(secret.as_bytes());
        // The characters at both ends depend on the neighbours of the secret.
        let from = [0, 2, 3][before];
        let until = usize::from(bytes.len() % 3 != 0);
        for encoded in [STANDARD_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)] {
            forms.push(encoded[from..encoded.len() - until].to_owned());
        }
    }
    forms.sort_unstable();
    forms.dedup();
    forms
}

/// Returns the parts of a request that must not appear elsewhere.
pub(crate) fn secrets_of(request: &Request) -> Vec<String> {
    let headers = ["authorization", "x-acs-dingtalk-access-token", "AccessToken", "X-TC-Signature"];
    let query = ["access_token", "suite_access_token", "corpsecret"];
    let headers = headers.into_iter().filter_map(|name| request.header(name));
    let mut found: Vec<String> = headers.map(|value| value.trim_start_matches("Bearer ").to_owned()).collect();
    found.extend(query.into_iter().filter_map(|name| request.query_value(name)));
    if let Some(Value::Object(body)) = request.json() {
        let texts = body.values().filter_map(Value::as_str);
        found.extend(texts.filter(|text| text.contains(MARK)).map(str::to_owned));
    }
    found
}

/// What was searched for one vendor, and what was found.
pub(crate) struct Search {
    pub(crate) vendor: Vendor,
    pub(crate) texts: usize,
    pub(crate) secrets: BTreeSet<String>,
    pub(crate) hits: Vec<String>,
}

impl Search {
    pub(crate) fn new(vendor: Vendor) -> Self {
        Self { vendor, texts: 0, secrets: BTreeSet::new(), hits: Vec::new() }
    }

    /// Looks for these secrets, for the unmarked ones, and for the mark.
    pub(crate) fn look(&mut self, place: &str, secrets: &[String], texts: &[String]) {
        self.texts += texts.len();
        self.secrets.extend(secrets.iter().cloned());
        let known = [MARK].into_iter().chain(UNMARKED).map(str::to_owned);
        let wanted: Vec<String> =
            known.chain(secrets.iter().cloned()).flat_map(|secret| forms(secret.as_str())).collect();
        for text in texts {
            if let Some(form) = wanted.iter().find(|form| text.contains(form.as_str())) {
                self.hits.push(format!("{place}: `{form}` in: {text}"));
            }
        }
    }

    pub(crate) fn end(self, what: &str) {
        let (texts, secrets, hits) = (self.texts, self.secrets.len(), self.hits.len());
        println!("{:8} {what}: {texts} texts searched, {secrets} secrets, {hits} hits", format!("{:?}", self.vendor));
        assert!(texts > 0 && secrets > 0, "nothing was searched");
        assert!(self.hits.is_empty(), "{hits} secrets were shown:\n{}", self.hits.join("\n"));
    }
}
