//! The record of a request.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::fault::Fault;

/// A request as it arrived; header names keep their case.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Request {
    /// Serial number of the request on this server, starting at 1; `forget` does not reset it.
    pub number: u64,
    /// Serial number of its connection, starting at 1.
    pub connection: u64,
    /// The HTTP method.
    pub method: String,
    /// The path as sent, without the query, not decoded.
    pub path: String,
    /// The query as sent, without the question mark.
    pub query: Option<String>,
    /// The request target as sent: path and query.
    pub target: String,
    /// The headers in their order, names as spelled on the wire.
    pub headers: Vec<(String, String)>,
    /// The body, without chunked framing.
    pub body: Vec<u8>,
    /// `operationId` of the operation, if method and path belong to one.
    pub operation: Option<String>,
    /// Values of the path parameters, decoded.
    pub path_parameters: Vec<(String, String)>,
    /// The fault of this request.
    pub fault: Option<Fault>,
    /// The HTTP status of the answer; `None` if none was sent.
    pub status: Option<u16>,
    /// The number of the stub that answered.
    pub(crate) stub: Option<usize>,
}

impl Request {
    /// Returns the first header of that name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Returns the query's pairs in their order, decoded; `+` is a space.
    pub fn query_pairs(&self) -> Vec<(String, String)> {
        form_pairs(self.query.as_deref().unwrap_or_default())
    }

    /// Returns the first query value of that name, decoded.
    pub fn query_value(&self, name: &str) -> Option<String> {
        self.query_pairs().into_iter().find_map(|(key, value)| (key == name).then_some(value))
    }

    /// Returns the body if it is JSON.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// Returns the pairs of a form as a JSON object.
    pub(crate) fn form(&self) -> Option<Value> {
        let text =
            std::str::from_utf8(&self.body).ok().filter(|_| self.is_of_type("application/x-www-form-urlencoded"))?;
        Some(form_pairs(text).into_iter().map(|(name, value)| (name, Value::from(value))).collect())
    }

    /// Returns whether the body has this media type; parameters are ignored.
    pub(crate) fn is_of_type(&self, media_type: &str) -> bool {
        self.header("content-type")
            .and_then(|value| value.split(';').next())
            .is_some_and(|value| value.trim().eq_ignore_ascii_case(media_type))
    }
}

/// Splits `a=b&c=d` and decodes both sides.
fn form_pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (form_decode(key), form_decode(value))
        })
        .collect()
}

fn form_decode(text: &str) -> String {
    decode(&text.replace('+', " "))
}

/// Decodes percent-encoding; bytes that are not UTF-8 become replacement characters.
pub(crate) fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::form_pairs;

    #[test]
    fn pairs_are_decoded_once_and_keep_their_order() {
        let pairs = form_pairs("b=1%2B1+%E4%B8%AD&a=&c&b=%2520");

        let expected = [("b", "1+1 中"), ("a", ""), ("c", ""), ("b", "%20")];
        assert_eq!(pairs, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
    }
}
