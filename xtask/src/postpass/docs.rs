//! Documentation: texts of the spec become `///` lines that rustdoc takes without a warning.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

/// Width at which prose is folded.
const WIDTH: usize = 100;

/// Returns `#[doc]` attributes, one per line, for a text that is Markdown already.
pub fn attributes(text: &str) -> TokenStream {
    let lines = fold(text.trim_end()).into_iter().map(|line| {
        let line = if line.is_empty() { line } else { format!(" {line}") };
        quote!(#[doc = #line])
    });
    quote!(#(#lines)*)
}

/// Returns `#![doc]` attributes, one per line, for a module.
pub fn inner_attributes(text: &str) -> TokenStream {
    let lines = fold(text.trim_end()).into_iter().map(|line| {
        let line = if line.is_empty() { line } else { format!(" {line}") };
        quote!(#![doc = #line])
    });
    quote!(#(#lines)*)
}

/// Returns a text that is Markdown already, with its prose folded.
pub fn folded(text: &str) -> String {
    fold(text.trim_end()).join("\n")
}

/// Converts a text of a spec to Markdown: URLs become links; brackets and angle brackets are escaped.
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text.trim();
    let mut code = false;
    while let Some(c) = rest.chars().next() {
        if let (false, Some(length)) = (code, url_length(rest)) {
            let url = &rest[..length];
            let linked = out.ends_with(['<', '(']);
            out.push_str(&if linked { url.to_owned() } else { format!("<{url}>") });
            rest = &rest[length..];
            continue;
        }
        match c {
            '`' => {
                code = !code;
                out.push(c);
            }
            '[' if !code && !is_link(rest) => out.push_str("\\["),
            ']' if !code && !rest.starts_with("](") => out.push_str("\\]"),
            '<' if !code && url_length(&rest[1..]).is_none() => out.push_str("\\<"),
            c => out.push(c),
        }
        rest = &rest[c.len_utf8()..];
    }
    out
}

/// The length of the URL at the start of a text.
fn url_length(text: &str) -> Option<usize> {
    if !(text.starts_with("https://") || text.starts_with("http://")) {
        return None;
    }
    let end = text.find(|c: char| !c.is_ascii_graphic() || "<>\"`|".contains(c)).unwrap_or(text.len());
    Some(text[..end].trim_end_matches(['.', ',', ';', ':', ')', '!', '?', '\'', ']']).len())
}

fn is_link(text: &str) -> bool {
    text.find(']').is_some_and(|end| text[end..].starts_with("](") && !text[1..end].contains('['))
}

/// Returns the first sentence of a text.
pub fn first_sentence(text: &str) -> String {
    let text = text.trim();
    let mut end = text.len();
    for (at, _) in text.match_indices(". ") {
        let word = text[..at].rsplit(' ').next().unwrap_or_default();
        if !matches!(word, "e.g" | "i.e" | "etc" | "vs" | "No" | "approx") && !word.starts_with("(e.g") {
            end = at + 1;
            break;
        }
    }
    text[..end].to_owned()
}

/// Returns a text as a sentence, with a full stop.
pub fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?', '。', ':']) { text.to_owned() } else { format!("{text}.") }
}

/// Returns an example value as a code span, if it is short.
pub fn example(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        _ => return None,
    };
    let short = !text.trim().is_empty() && text.chars().count() <= 80 && !text.contains(['`', '\n', '\r']);
    short.then(|| format!("`{}`", text.trim()))
}

/// Returns a cell of a table.
pub fn cell(text: &str) -> String {
    markdown(text).replace('|', "\\|").replace('\n', " ")
}

/// Folds prose at [`WIDTH`], paragraph by paragraph; tables, code blocks and lists keep their lines.
fn fold(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut paragraph = String::new();
    let mut fenced = false;
    for line in text.lines().map(str::trim_end) {
        let fence = line.trim_start().starts_with("```");
        if !fenced && !fence && is_prose(line) {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(line.trim_start());
            continue;
        }
        if !paragraph.is_empty() {
            fold_line(&std::mem::take(&mut paragraph), &mut out);
        }
        fenced ^= fence;
        if fenced || fence || is_rigid(line) { out.push(line.to_owned()) } else { fold_line(line, &mut out) }
    }
    if !paragraph.is_empty() {
        fold_line(&paragraph, &mut out);
    }
    out
}

/// A line that may be joined with its neighbours.
fn is_prose(line: &str) -> bool {
    let first = line.split(' ').next().unwrap_or_default();
    !line.is_empty() && !line.starts_with(' ') && !starts_block(first) && !is_rigid(line) && !line.ends_with(':')
}

/// A line that must stay as it is: a row of a table.
fn is_rigid(line: &str) -> bool {
    line.trim_start().starts_with('|')
}

/// Words of a line; a link is one word, whatever spaces its text has.
fn words(line: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut open = false;
    for word in line.split_whitespace() {
        match found.last_mut() {
            Some(last) if open => {
                last.push(' ');
                last.push_str(word);
            }
            _ => found.push(word.to_owned()),
        }
        let last = found.last().map(String::as_str).unwrap_or_default();
        let start = last.rfind('[').filter(|at| !last[..*at].ends_with('\\'));
        open = start.is_some_and(|at| !last[at..].contains("](")) && is_link_ahead(line, last);
    }
    found
}

/// Whether the link that a word begins is closed later in the line.
fn is_link_ahead(line: &str, word: &str) -> bool {
    line.find(word).is_some_and(|at| line[at..].contains("]("))
}

fn fold_line(line: &str, out: &mut Vec<String>) {
    if line.is_empty() {
        return out.push(String::new());
    }
    let indent = line.len() - line.trim_start().len();
    let is_item = line.trim_start().starts_with("- ") || line.trim_start().starts_with("* ");
    let hang = " ".repeat(indent + if is_item { 2 } else { 0 });
    let mut current = " ".repeat(indent);
    let mut empty = true;
    for word in &words(line) {
        let full = current.chars().count() + word.chars().count() >= WIDTH;
        if full && !empty && !starts_block(word) {
            out.push(current.trim_end().to_owned());
            current = hang.clone();
            empty = true;
        }
        if !empty {
            current.push(' ');
        }
        current.push_str(word);
        empty = false;
    }
    out.push(current.trim_end().to_owned());
}

/// Whether a word at the start of a line would begin a list, a heading or a quotation.
fn starts_block(word: &str) -> bool {
    let number = word.trim_end_matches(['.', ')']);
    let numbered = number.len() < word.len() && !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
    matches!(word, "-" | "+" | "*" | "=" | "---" | "===") || word.starts_with(['#', '>', '|', '=']) || numbered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_urls_become_links() {
        assert_eq!(markdown("See https://example.com/a."), "See <https://example.com/a>.");
        assert_eq!(markdown("[x](https://example.com/a)"), "[x](https://example.com/a)");
        assert_eq!(markdown("<https://example.com/a>"), "<https://example.com/a>");
        assert_eq!(markdown("`https://example.com/a`"), "`https://example.com/a`");
    }

    #[test]
    fn brackets_are_no_links_and_angles_are_no_tags() {
        assert_eq!(markdown("from [0, 5] of <b>"), "from \\[0, 5\\] of \\<b>");
        assert_eq!(markdown("`[0]`"), "`[0]`");
    }

    #[test]
    fn the_first_sentence_ends_at_its_full_stop() {
        assert_eq!(first_sentence("Page size, e.g. 20. At most 100."), "Page size, e.g. 20.");
        assert_eq!(first_sentence("One sentence"), "One sentence");
    }

    #[test]
    fn a_link_is_not_torn() {
        let text = format!("{}[two words](https://example.com) end", "word ".repeat(19));

        assert!(fold(&text).iter().any(|line| line.starts_with("[two words](https://example.com)")));
    }

    #[test]
    fn long_prose_is_folded_but_tables_are_not() {
        let prose = "word ".repeat(60);
        assert!(fold(&prose).iter().all(|line| line.len() <= WIDTH));
        let table = format!("| {} |", "word ".repeat(60));
        assert_eq!(fold(&table).len(), 1);
    }
}
