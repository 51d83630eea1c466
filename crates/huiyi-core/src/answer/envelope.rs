//! Reading the few members of an answer that tell success from failure, without parsing the rest.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, Visitor};

/// Reads top-level scalars of a JSON object by name, as text.
///
/// Reading ends as soon as all of them are found, or at the member `until` when the first is
/// known; what follows is not looked at. This makes the check of a large answer cost nothing
/// next to parsing it.
///
/// ```
/// let body = r#"{"errcode":0,"errmsg":"ok","title":"Weekly"}"#;
/// let [code, message] = huiyi_core::envelope::head(body, ["errcode", "errmsg"], None)?;
/// assert_eq!((code.as_deref(), message.as_deref()), (Some("0"), Some("ok")));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// # Errors
///
/// If the text is not a JSON object as far as it was read.
pub fn head<const N: usize>(
    body: &str,
    names: [&str; N],
    until: Option<&str>,
) -> serde_json::Result<[Option<String>; N]> {
    let mut found = [const { None }; N];
    let mut stopped = false;
    let visitor = HeadVisitor { names: &names, until, found: &mut found, stopped: &mut stopped };
    match serde_json::Deserializer::from_str(body).deserialize_map(visitor) {
        Ok(()) => Ok(found),
        Err(_) if stopped => Ok(found),
        Err(error) => Err(error),
    }
}

/// The names of the members at the top of a JSON object.
///
/// # Errors
///
/// If the text is not a JSON object.
pub fn names(body: &str) -> serde_json::Result<Vec<String>> {
    struct NamesVisitor;

    impl<'de> Visitor<'de> for NamesVisitor {
        type Value = Vec<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a JSON object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<String>, A::Error> {
            let mut names = Vec::new();
            while let Some((Key(name), IgnoredAny)) = map.next_entry()? {
                names.push(name.into_owned());
            }
            Ok(names)
        }
    }

    serde_json::Deserializer::from_str(body).deserialize_map(NamesVisitor)
}

struct HeadVisitor<'a, const N: usize> {
    names: &'a [&'a str; N],
    until: Option<&'a str>,
    found: &'a mut [Option<String>; N],
    stopped: &'a mut bool,
}

impl<'de, const N: usize> Visitor<'de> for HeadVisitor<'_, N> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(Key(key)) = map.next_key()? {
            if self.until == Some(&*key) && self.found.first().is_some_and(Option::is_some) {
                *self.stopped = true;
                return Err(A::Error::custom("enough read"));
            }
            let position = self.names.iter().position(|name| *name == key);
            match position.and_then(|position| self.found.get_mut(position)) {
                Some(slot) => *slot = map.next_value::<Scalar>()?.0,
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            if self.found.iter().all(Option::is_some) {
                *self.stopped = true;
                return Err(A::Error::custom("enough read"));
            }
        }
        Ok(())
    }
}

/// A member name, borrowed where it has no escapes.
#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// A string, number or boolean as text; anything else as `None`.
struct Scalar(Option<String>);

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ScalarVisitor;

        impl<'de> Visitor<'de> for ScalarVisitor {
            type Value = Scalar;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON value")
            }

            fn visit_bool<E>(self, value: bool) -> Result<Scalar, E> {
                Ok(Scalar(Some(value.to_string())))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Scalar, E> {
                Ok(Scalar(Some(value.to_string())))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Scalar, E> {
                Ok(Scalar(Some(value.to_string())))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Scalar, E> {
                Ok(Scalar(Some(value.to_string())))
            }

            fn visit_str<E>(self, value: &str) -> Result<Scalar, E> {
                Ok(Scalar(Some(value.to_owned())))
            }

            fn visit_unit<E>(self) -> Result<Scalar, E> {
                Ok(Scalar(None))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Scalar, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Scalar(None))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Scalar, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Scalar(None))
            }
        }

        deserializer.deserialize_any(ScalarVisitor)
    }
}

/// Whether a body contains a piece of text, at the speed of a memory scan.
///
/// A cheap first question before a body is parsed to look for a member.
pub fn mentions(body: &str, text: &str) -> bool {
    memchr::memmem::find(body.as_bytes(), text.as_bytes()).is_some()
}

/// A member of a refusal as text: a string that is not empty, or a number. Anything else is `None`, so that a
/// member of another type than documented says nothing of the others.
pub fn text(member: &serde_json::Value) -> Option<String> {
    match member {
        serde_json::Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        serde_json::Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Deserialises a scalar as text, and anything else as `None`.
///
/// # Errors
///
/// If it is not JSON.
pub fn scalar<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Scalar::deserialize(deserializer).map(|scalar| scalar.0)
}

/// Cuts a text from outside to so many characters; what is cut off is an ellipsis.
pub fn shortened(text: &str, characters: usize) -> Cow<'_, str> {
    // No text of fewer bytes has more characters.
    if text.len() <= characters {
        return Cow::Borrowed(text);
    }
    match text.char_indices().nth(characters) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

/// The longest excerpt, in characters.
const EXCERPT: usize = 120;

/// No more of a body is looked at for an excerpt, in bytes.
const LOOKED_AT: usize = 8 << 10;

/// A short piece of a body for an error message: the first line's worth, without markup.
///
/// HTML tags, scripts and styles are left out, so that "502 Bad Gateway" remains of a proxy's page.
/// Pages like to quote the URL that failed: its query is left out as well, since it may hold a
/// token. From where JSON may begin nothing is shown: it may hold a token or a password. Of a large body
/// only the first few KiB are looked at.
pub fn excerpt(body: &str) -> String {
    let end = (0..=LOOKED_AT.min(body.len())).rev().find(|end| body.is_char_boundary(*end)).unwrap_or_default();
    let body = body.get(..end).unwrap_or_default().trim_start();
    if body.starts_with('[') {
        return String::new();
    }
    let text = if body.starts_with('<') { Cow::Owned(without_markup(body)) } else { Cow::Borrowed(body) };
    let json = ["{", "\"", "&quot;", "&#34;", "&#x22;"].iter().filter_map(|start| text.find(start)).min();
    let text = text.get(..json.unwrap_or(text.len())).unwrap_or_default();
    let words: Vec<&str> = text.split_whitespace().map(without_query).collect();
    shortened(&words.join(" "), EXCERPT).into_owned()
}

/// The words of a page: what stands between its tags, and not in scripts or styles.
fn without_markup(page: &str) -> String {
    let page_in_lower_case = page.to_ascii_lowercase();
    let mut text = String::new();
    let mut at = 0;
    while let (Some(rest), Some(lower)) = (page.get(at..), page_in_lower_case.get(at..)) {
        let Some(tag) = rest.find('<') else {
            text.push_str(rest);
            break;
        };
        text.push_str(rest.get(..tag).unwrap_or_default());
        text.push(' ');
        let name = lower.get(tag + 1..).unwrap_or_default();
        // The content of these ends at their closing tag, and nowhere before.
        let closing = [("script", "</script"), ("style", "</style")].into_iter().find(|(open, _)| name.starts_with(open));
        let begin = match closing {
            Some((open, close)) => match name.get(open.len()..).and_then(|content| content.find(close)) {
                Some(end) => tag + 1 + open.len() + end,
                None => break,
            },
            None => tag,
        };
        let Some(end) = rest.get(begin..).and_then(|closed| closed.find('>')) else { break };
        at += begin + end + 1;
    }
    text
}

/// A word up to the query, if it is a URL that has one, and up to what looks like a pair of one.
fn without_query(word: &str) -> &str {
    match word.find(['?', '&', '=']) {
        Some(end) if word.contains('=') => word.get(..end).unwrap_or_default(),
        _ => word,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::{excerpt, head, mentions, shortened};

    #[test]
    fn reading_stops_before_broken_data_once_the_code_is_known() {
        let [code] = head(r#"{"code":0,"data":{"meeting":[[[ not json"#, ["code"], Some("data")).unwrap();

        assert_eq!(code.as_deref(), Some("0"));
    }

    #[test]
    fn reading_goes_on_to_the_data_for_what_is_not_known_yet() {
        let [code, message] = head(r#"{"code":1,"x":{},"msg":"no","data":{}}"#, ["code", "msg"], Some("data")).unwrap();

        assert_eq!((code.as_deref(), message.as_deref()), (Some("1"), Some("no")));
    }

    #[test]
    fn a_body_mentions_what_is_in_it() {
        assert!(mentions("会议 errcode", "errcode"));
        assert!(!mentions("会议 errcod", "errcode"));
    }

    #[test]
    fn a_code_behind_the_data_is_found() {
        let [code, message] =
            head(r#"{"data":{"x":[1,{"code":5}]},"msg":"no","code":"17"}"#, ["code", "msg"], Some("data")).unwrap();

        assert_eq!((code.as_deref(), message.as_deref()), (Some("17"), Some("no")));
    }

    #[test]
    fn what_is_not_an_object_is_an_error() {
        assert!(head("[1]", ["code"], None).is_err());
        assert!(head("", ["code"], None).is_err());
        assert!(head(r#"{"code""#, ["code"], None).is_err());
    }

    #[test]
    fn an_excerpt_of_a_page_is_its_words() {
        let page = "<html><head><title>502 Bad Gateway</title><style>b{}</style></head>\n<body><h1>502 Bad Gateway</h1></body></html>";

        assert_eq!(excerpt(page), "502 Bad Gateway 502 Bad Gateway");
    }

    #[test]
    fn an_excerpt_shows_no_query_and_no_json() {
        let page = "<html><p>Cannot fetch http://a.example/cgi-bin/get?access_token=s3cr3t&amp;b=c now</p></html>";

        assert_eq!(excerpt(page), "Cannot fetch http://a.example/cgi-bin/get now");
        assert_eq!(excerpt("error: access_token=s3cr3t; really?"), "error: access_token really?");
        assert_eq!(excerpt(r#"{"access_token":"s3cr3t","#), "");
        assert_eq!(excerpt(r#"["s3cr3t"]"#), "");
    }

    #[test]
    fn an_excerpt_ends_where_json_begins() {
        assert_eq!(excerpt(r#"ok {"access_token":"s3cr3t"}"#), "ok");
        assert_eq!(excerpt(r#")]}', {"access_token":"s3cr3t"}"#), ")]}',");
        assert_eq!(excerpt(r#"cb({"access_token":"s3cr3t"})"#), "cb(");
        assert_eq!(excerpt(r#"<html><pre class="j">Got {"access_token":"s3cr3t"}</pre></html>"#), "Got");
        assert_eq!(excerpt("<p>token: &quot;s3cr3t&quot;</p>"), "token:");
        assert_eq!(excerpt(r#""s3cr3t""#), "");
    }

    #[test]
    fn an_excerpt_is_short() {
        assert_eq!(excerpt(&"x ".repeat(10_000)), format!("{}…", "x ".repeat(60)));
        assert_eq!(excerpt(&"议".repeat(120)), "议".repeat(120));
        assert_eq!(excerpt(&"议".repeat(121)), format!("{}…", "议".repeat(120)));
        assert_eq!(excerpt("1 < 2 > 0, said the proxy"), "1 < 2 > 0, said the proxy");
        assert_eq!(excerpt("<p>1 > 0</p>"), "1 > 0");
    }

    #[test]
    fn an_excerpt_of_a_large_page_looks_at_its_beginning_only() {
        let open = "<script></script".repeat(1 << 16);
        assert_eq!(excerpt(&format!("<h1>502</h1>{open}<p>never</p>")), "502");
        assert_eq!(excerpt(&format!("<h1>502</h1>{}<p>never</p>", "<b>".repeat(1 << 16))), "502");
        assert_eq!(excerpt(&format!("<style>{}</style>never", "议".repeat(1 << 16))), "");
        assert_eq!(excerpt(&"议 ".repeat(1 << 20)).chars().count(), 121);
        assert_eq!(excerpt(&" ".repeat(1 << 20)), "");
    }

    #[test]
    fn scripts_and_styles_are_left_out_whatever_they_hold() {
        assert_eq!(excerpt("<html><SCRIPT>if (a<b && c>d) e</Script >busy<style>p>a</style></html>"), "busy");
        assert_eq!(excerpt("<p>busy<script>open"), "busy");
    }

    #[test]
    fn a_text_is_cut_between_characters() {
        assert_eq!(shortened("会议会议", 4), "会议会议");
        assert_eq!(shortened("会议会议", 3), "会议会…");
        assert_eq!(shortened("", 0), "");
    }
}
