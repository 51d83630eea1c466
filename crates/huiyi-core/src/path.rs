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
        for (argument, expected) in [
            ("omm_1", "omm_1"),
            ("a/b", "a%2Fb"),
            (r"a\b", "a%5Cb"),
            (r"..\users\bob", "..%5Cusers%5Cbob"),
            ("a?b#c", "a%3Fb%23c"),
            ("a%2Fb", "a%252Fb"),
            ("会议 室", "%E4%BC%9A%E8%AE%AE%20%E5%AE%A4"),
        ] {
            let url = Url::parse(&format!("https://host/v1/users/{}", encode_path(argument)));

            assert_eq!(url.map(|url| url.path().to_owned()), Ok(format!("/v1/users/{expected}")));
        }
    }
}
