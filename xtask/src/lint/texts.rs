//! Checks of texts: present, English, one paragraph, no markup that breaks the documentation.

use super::Lint;

/// How long a text may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// One line (a summary, the description of an enum value).
    Line,
    /// One paragraph (a property or parameter).
    Paragraph,
    /// Any Markdown (an operation).
    Page,
}

/// Returns what is wrong with a text, and how to mend it.
pub fn fault(text: &str, extent: Extent) -> Option<(String, &'static str)> {
    if text.trim().is_empty() {
        return Some(("the text is empty".to_owned(), "write one to three sentences"));
    }
    if chinese_share(text) > 30 {
        return Some(("the text is in Chinese".to_owned(), "write it in English, in your own words"));
    }
    if extent != Extent::Page && text.trim_end().contains('\n') {
        return Some(("the text has more than one line".to_owned(), "one paragraph; fold it with `>-`"));
    }
    if text.lines().any(|line| line.starts_with("    ")) && !text.contains("```") {
        return Some(("a line is indented by four spaces".to_owned(), "Markdown takes it for code; indent by two"));
    }
    if let Some(tag) = html_tag(text) {
        return Some((format!("there is HTML in the text: {tag}"), "use Markdown, or a code span for a placeholder"));
    }
    if extent == Extent::Line && text.trim_end().ends_with(['.', '。']) {
        return Some(("the line ends in a full stop".to_owned(), "drop it"));
    }
    None
}

fn chinese_share(text: &str) -> usize {
    let chinese = text.chars().filter(|c| ('\u{3400}'..='\u{9fff}').contains(c)).count();
    // A Chinese character says about as much as two letters.
    let letters = text.chars().filter(|c| c.is_ascii_alphabetic()).count();
    if chinese == 0 { 0 } else { chinese * 200 / (chinese * 2 + letters) }
}

/// The first HTML tag outside code spans; `<https://..>` is a link.
fn html_tag(text: &str) -> Option<&str> {
    let mut code = false;
    for (at, c) in text.char_indices() {
        match c {
            '`' => code = !code,
            '<' if !code => {
                let rest = &text[at + 1..];
                let end = rest.find('>')?;
                let inner = &rest[..end];
                let looks_like_tag = inner.trim_start_matches('/').starts_with(|c: char| c.is_ascii_alphabetic());
                if looks_like_tag && !inner.contains("://") && !inner.contains('<') {
                    return Some(&text[at..=at + 1 + end]);
                }
            }
            _ => {}
        }
    }
    None
}

/// Returns whether a description only repeats the name.
pub fn repeats(name: &str, text: &str) -> bool {
    let plain =
        |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase() };
    let text = plain(text);
    let text = text.strip_prefix("the").unwrap_or(&text);
    text == plain(name)
}

impl Lint<'_> {
    /// Checks the text under `key` of the node at `place`; `None` is a missing text.
    pub fn text(&mut self, place: &[String], key: &str, text: Option<&str>, extent: Extent) {
        match text {
            None => self.complain(place, format!("no {key}"), "write one to three sentences in English"),
            Some(text) => {
                if let Some((what, help)) = fault(text, extent) {
                    self.complain(place, format!("{key}: {what}"), help);
                }
            }
        }
    }

    /// Checks a description of something that has a name.
    pub fn description(&mut self, place: &[String], name: &str, text: Option<&str>, extent: Extent) {
        self.text(place, "description", text, extent);
        if text.is_some_and(|text| repeats(name, text)) {
            self.complain(
                place,
                "the description only repeats the name",
                "say what it is, with unit, limits and default",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_sentences_pass() {
        assert_eq!(fault("Title of the meeting (会议主题), at most 100 characters.", Extent::Paragraph), None);
        assert_eq!(fault("Sent as `<xml>` or see <https://example.com/a>.", Extent::Paragraph), None);
        assert_eq!(fault("At least 3 < 5 and > 2.", Extent::Paragraph), None);
    }

    #[test]
    fn faults_are_named() {
        assert!(fault("  ", Extent::Page).is_some());
        assert!(fault("会议主题，最多一百字", Extent::Page).is_some());
        assert!(fault("one\ntwo", Extent::Paragraph).is_some());
        assert!(fault("one\n    two", Extent::Page).is_some());
        assert!(fault("bold <b>text</b>", Extent::Page).is_some());
        assert!(fault("Get a meeting.", Extent::Line).is_some());
    }

    #[test]
    fn a_repeated_name_is_noticed() {
        assert!(repeats("meeting_id", "Meeting ID."));
        assert!(repeats("meeting_id", "The meeting id"));
        assert!(!repeats("meeting_id", "ID of the meeting, not its number."));
    }
}
