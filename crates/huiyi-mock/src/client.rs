//! An HTTP client for the tests of clients.

use std::sync::LazyLock;

use crate::Vendor;

/// Returns an HTTP client that all tests of a process share. It keeps no connection after a test. With TLS, each
/// new HTTP client loads all certificates, which is slow.
///
/// It is configured like the HTTP client of that vendor's crate.
///
/// # Panics
///
/// If no HTTP client can be built.
pub fn shared_http(vendor: Vendor) -> reqwest::Client {
    static PLAIN: LazyLock<reqwest::Client> = LazyLock::new(|| build(builder()));
    static TITLE_CASE: LazyLock<reqwest::Client> = LazyLock::new(|| build(builder().http1_title_case_headers()));
    if vendor == Vendor::Tencent { TITLE_CASE.clone() } else { PLAIN.clone() }
}

fn builder() -> reqwest::ClientBuilder {
    let builder = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0);
    builder.referer(false).redirect(reqwest::redirect::Policy::none())
}

fn build(builder: reqwest::ClientBuilder) -> reqwest::Client {
    builder.build().expect("an HTTP client")
}
