//! The base URL of a client: scheme, host and at most a path.

use super::build_error::BuildError;
use crate::vendor::Vendor;

/// Parses a base URL: scheme, host and at most a path.
pub(super) fn base(url: &str) -> Result<reqwest::Url, BuildError> {
    // The URL parser reports a text without a scheme as relative, and reads `localhost:8080` as a URL with the
    // scheme `localhost`.
    let scheme = url.trim_start().split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
    if !matches!(scheme.as_deref(), Some("https" | "http")) {
        return Err(BuildError::base_url(url, "it has to start with https:// (http:// for tests)"));
    }
    let parsed = reqwest::Url::parse(url).map_err(|error| BuildError::base_url(url, &error.to_string()))?;
    if !parsed.has_host()
        || parsed.query().is_some()
        || parsed.fragment().is_some()
        || !parsed.username().is_empty()
        || parsed.password().is_some()
    {
        return Err(BuildError::base_url(url, "it has to be scheme, host and at most a path"));
    }
    Ok(parsed)
}

/// Refuses the vendor's own host with the path prefix of all operations, because the prefix would be sent twice.
pub(super) fn without_prefix(vendor: &Vendor, url: &reqwest::Url) -> Result<(), BuildError> {
    let is_own = url.host_str().is_some_and(|host| vendor.own_hosts.contains(&host));
    let first = url.path().trim_matches('/').split('/').next().unwrap_or_default();
    if is_own && vendor.own_prefixes.contains(&first) {
        let reason = format!("the paths of the operations begin with `/{first}` already; leave it out");
        return Err(BuildError::base_url(url.as_str(), &reason));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

    use super::base;

    /// Returns the error text for a base URL.
    fn said(url: &str) -> String {
        base(url).unwrap_err().to_string()
    }

    #[test]
    fn a_base_url_without_a_scheme_is_told_how_one_starts() {
        for url in
            ["open.feishu.cn", "localhost:8080", "127.0.0.1:8080", "//open.feishu.cn", "ftp://open.feishu.cn", ""]
        {
            let expected =
                format!("the base URL {url:?} cannot be used: it has to start with https:// (http:// for tests)");

            assert_eq!(said(url), expected);
        }
    }

    #[test]
    fn a_base_url_with_a_scheme_is_told_what_else_is_wrong() {
        assert!(said("https://").contains("empty host"), "{}", said("https://"));
        assert!(said("https://open.feishu.cn?a=1").contains("scheme, host and at most a path"));
        assert!(said("https://open.feishu.cn:port").contains("port number"));
    }

    #[test]
    fn a_base_url_has_a_scheme_a_host_and_perhaps_a_path() {
        for url in [
            "https://open.feishu.cn",
            " https://open.feishu.cn",
            "http://127.0.0.1:8080",
            "HTTPS://proxy.example/feishu",
        ] {
            assert!(base(url).is_ok(), "{url}");
        }
    }
}
