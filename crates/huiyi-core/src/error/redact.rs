//! Removes secrets from texts that came from outside: a vendor or a proxy may quote what it received.

use http::HeaderValue;
use reqwest::Request;
use serde_json::Value;

/// Replaces a secret.
const STARS: &str = "***";

/// No vendor's secret is shorter than this; removing shorter texts would spoil ordinary words.
const SHORTEST: usize = 6;

/// Removes a secret, plain or percent-encoded in any way, from a text; `None` if the text does not contain it.
pub(crate) fn without(text: &str, secret: &str) -> Option<String> {
    if secret.len() < SHORTEST {
        return None;
    }
    let bytes = text.as_bytes();
    let mut clean = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let here = &bytes[at..];
        match length_of(here, secret.as_bytes(), false).or_else(|| length_of(here, secret.as_bytes(), true)) {
            Some(length) => {
                clean.extend_from_slice(STARS.as_bytes());
                at += length;
            }
            None => {
                clean.push(bytes[at]);
                at += 1;
            }
        }
    }
    (clean != bytes).then(|| String::from_utf8_lossy(&clean).into_owned())
}

/// Returns how many bytes at the start of a text are the secret. With `encoded`, a percent sign of the secret must
/// be percent-encoded.
fn length_of(text: &[u8], secret: &[u8], encoded: bool) -> Option<usize> {
    let mut at = 0;
    for byte in secret {
        match text.get(at..)? {
            [first, ..] if first == byte && !(encoded && *byte == b'%') => at += 1,
            [b'+', ..] if *byte == b' ' => at += 1,
            [b'%', high, low, ..] if hexadecimal(*high, *low) == Some(*byte) => at += 3,
            _ => return None,
        }
    }
    Some(at)
}

fn hexadecimal(high: u8, low: u8) -> Option<u8> {
    let digit = |byte| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(16 * digit(high)? + digit(low)?)
}

/// Returns the secrets of a token request: members of its query and JSON body whose name suggests a secret, and
/// headers marked as sensitive.
pub(crate) fn carried(request: &Request) -> Vec<String> {
    let in_query =
        request.url().query_pairs().filter(|(name, _)| is_telling(name)).map(|(_, value)| value.into_owned());
    let body = request.body().and_then(reqwest::Body::as_bytes).map(serde_json::from_slice::<Value>);
    let mut found: Vec<String> = in_query.collect();
    found.extend(marked_headers(request).iter().filter_map(|value| value.to_str().ok().map(str::to_owned)));
    if let Some(Ok(Value::Object(members))) = body {
        found.extend(members.into_iter().filter(|(name, _)| is_telling(name)).filter_map(|(_, value)| match value {
            Value::String(text) => Some(text),
            _ => None,
        }));
    }
    found
}

/// Returns the headers marked as sensitive.
pub(crate) fn marked_headers(request: &Request) -> Vec<HeaderValue> {
    request.headers().values().filter(|value| value.is_sensitive()).cloned().collect()
}

fn is_telling(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["secret", "token", "ticket", "code", "verifier"].iter().any(|part| name.contains(part))
}

/// Returns a URL for display, without user, password, query and fragment. The text does not have to be a valid URL.
pub(crate) fn url(text: &str) -> String {
    let (scheme, rest) = text.split_at(text.find("://").map_or(0, |at| at + 3));
    if scheme.contains(['?', '#', '@']) {
        return STARS.to_owned();
    }
    let (user, host) = match rest.rfind('@') {
        Some(at) => (STARS, &rest[at..]),
        None => ("", rest),
    };
    match host.find(['?', '#']) {
        Some(end) => format!("{scheme}{user}{}...", &host[..end]),
        None => format!("{scheme}{user}{host}"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use super::{carried, url, without};

    #[test]
    fn a_secret_is_taken_out_however_it_is_encoded() {
        let secret = "t-+a/b=会 é";
        for quoted in [secret, "t-%2Ba%2Fb%3D%E4%BC%9A+%C3%A9", "%74-%2ba/b=%e4%bc%9a%20%c3%a9"] {
            let text = format!("bad token {quoted}, é");
            assert_eq!(without(&text, secret).unwrap(), "bad token ***, é");
        }
        assert_eq!(without("at 50%25off!", "50%25off").unwrap(), "at ***!");
        assert_eq!(without("at 50%2525off!", "50%25off").unwrap(), "at ***!");
        assert_eq!(without("100% of t-+a/b", secret), None);
        assert_eq!(without("a%", "a%0000"), None);
        assert_eq!(without("the", "t"), None);
        assert_eq!(without("12345", "12345"), None);
        assert_eq!(without("123456", "123456").unwrap(), "***");
        assert_eq!(without("t+-a/b and t%2Da/b", "t -a/b").unwrap(), "*** and t%2Da/b");
        for another in ["t-+a%2Eb=会 é", "t-+a%2Gb=会 é", "t++a/b=会 é"] {
            assert_eq!(without(another, secret), None, "{another}");
        }
    }

    #[test]
    fn a_token_request_carries_secrets_by_name() {
        let client = reqwest::Client::new();
        let body = serde_json::json!({"app_id": "cli_1", "app_secret": "s-1", "grant_type": "x", "code": 1});
        let request = client.post("http://localhost/?corpsecret=s-2&corpid=ww1").json(&body).build().unwrap();

        assert_eq!(carried(&request), ["s-2", "s-1"]);
    }

    #[test]
    fn a_url_is_shown_without_its_secrets() {
        assert_eq!(url("http://user:pa@ss@host:80/a?b#c"), "http://***@host:80/a...");
        assert_eq!(url("user:pass@host"), "***@host");
        assert_eq!(url("https://host/a"), "https://host/a");
        assert_eq!(url("http://user:p?w@host"), "http://***@host");
        assert_eq!(url("a?b://c@d"), "***");
        assert_eq!(url(""), "");
    }
}
