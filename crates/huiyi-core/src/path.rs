//! Arguments inside of a path.

/// Encodes an argument so that it stays one segment of its path.
///
/// A backslash is encoded too: to a URL parser it is a slash.
pub fn encode_path(argument: &str) -> String {
    progenitor_client::encode_path(argument).replace('\\', "%5C")
}

#[cfg(test)]
mod tests {
    use reqwest::Url;

    use super::encode_path;

    #[test]
    fn an_argument_stays_one_segment() {
        for argument in ["a/b", r"a\b", r"..\users\bob", "a?b#c", "a%2Fb", "会议 室"] {
            let url = Url::parse(&format!("https://host/v1/users/{}", encode_path(argument)));

            assert_eq!(url.map(|url| url.path().split('/').count()), Ok(4), "{argument}");
        }
    }
}
