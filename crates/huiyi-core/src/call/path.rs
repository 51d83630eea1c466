//! Arguments in a path.

/// The characters of an argument that have a meaning in a URL, besides controls, spaces and non-ASCII
/// characters. The backslash is one of them, because URL parsers read it as a slash.
const RESERVED: &[u8] = b"\"#<>?`{}/%\\";

/// Encodes an argument, so it stays one segment of its path.
pub(crate) fn encode_path(argument: &str, into: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in argument.bytes() {
        if byte.is_ascii_graphic() && !RESERVED.contains(&byte) {
            into.push(char::from(byte));
            continue;
        }
        into.push('%');
        for digit in [byte >> 4, byte & 15] {
            into.push(char::from(DIGITS.get(usize::from(digit)).copied().unwrap_or_default()));
        }
    }
}

/// Returns an argument encoded as one path segment.
pub fn encoded(argument: &str) -> String {
    let mut text = String::with_capacity(argument.len());
    encode_path(argument, &mut text);
    text
}

/// Returns why an argument cannot be used in a path; `None` if it can.
pub(crate) fn refusal(name: &str, argument: &str) -> Option<String> {
    match argument {
        "" => Some(format!("the path argument `{name}` is empty")),
        "." | ".." => Some(format!("the path argument `{name}` is `{argument}`, which would call another endpoint")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use reqwest::Url;

    use super::encode_path;

    #[test]
    fn an_argument_stays_one_segment() {
        for (argument, expected) in [
            ("omm_1", "omm_1"),
            ("a/b", "a%2Fb"),
            (r"a\b", "a%5Cb"),
            (r"..\users\bob", "..%5Cusers%5Cbob"),
            ("a?b#c", "a%3Fb%23c"),
            ("a%2Fb", "a%252Fb"),
            ("会议 室", "%E4%BC%9A%E8%AE%AE%20%E5%AE%A4"),
            ("a\nb\u{7f}", "a%0Ab%7F"),
        ] {
            let mut url = "https://host/v1/users/".to_owned();
            encode_path(argument, &mut url);

            assert_eq!(Url::parse(&url).map(|url| url.path().to_owned()), Ok(format!("/v1/users/{expected}")));
        }
    }
}
