//! Short excerpts of texts from outside, for errors. The work per text is limited.

use std::borrow::Cow;

/// Cuts a text to this many characters and marks a cut with an ellipsis.
pub(crate) fn shortened(text: &str, characters: usize) -> Cow<'_, str> {
    // A text never has more characters than bytes.
    if text.len() <= characters {
        return Cow::Borrowed(text);
    }
    match text.char_indices().nth(characters) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

/// Longest excerpt, in characters.
const EXCERPT: usize = 120;

/// Longest part of a body that is read for an excerpt, in bytes.
const LOOKED_AT: usize = 8 << 10;

/// Returns a short excerpt of a body for an error message: its first line, without markup.
///
/// HTML tags, scripts and styles are left out, so "502 Bad Gateway" remains of a proxy's page. Pages often quote the
/// failed URL: its query is left out, because it may contain a token. Nothing is shown from the first character that
/// may start JSON, because JSON may contain a token or a password. Only the first few KiB of a large body are read.
pub(crate) fn excerpt(body: &str) -> String {
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

/// Returns the words of a page: the text between its tags, without scripts and styles.
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
        // The content of these elements ends only at their closing tag.
        let closing =
            [("script", "</script"), ("style", "</style")].into_iter().find(|(open, _)| name.starts_with(open));
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

/// Cuts a word that contains `=` before its first `?`, `&` or `=`, since the rest may be a query.
fn without_query(word: &str) -> &str {
    match word.find(['?', '&', '=']) {
        Some(end) if word.contains('=') => word.get(..end).unwrap_or_default(),
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::{excerpt, shortened};

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
