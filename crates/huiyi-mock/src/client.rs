//! An HTTP client for the tests of clients.

use std::sync::LazyLock;

use crate::Vendor;

/// Returns an HTTP client that all tests of a process share. It keeps no connection after a test, and trusts no
/// certificates: the servers of this crate have no TLS.
///
/// It is configured like the HTTP client of that vendor's crate.
///
/// # Panics
///
/// If no HTTP client can be built.
pub fn shared_http(vendor: Vendor) -> reqwest::Client {
    static PLAIN: LazyLock<reqwest::Client> = LazyLock::new(|| build(without_roots(builder())));
    static TITLE_CASE: LazyLock<reqwest::Client> =
        LazyLock::new(|| build(without_roots(builder().http1_title_case_headers())));
    if vendor == Vendor::Tencent { TITLE_CASE.clone() } else { PLAIN.clone() }
}

/// Returns an HTTP client for an address of the application's, which may have TLS.
#[cfg(feature = "delivery")]
pub(crate) fn delivering_http() -> reqwest::Client {
    static DELIVERING: LazyLock<reqwest::Client> = LazyLock::new(|| build(builder()));
    DELIVERING.clone()
}

fn builder() -> reqwest::ClientBuilder {
    let builder = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0);
    builder.referer(false).redirect(reqwest::redirect::Policy::none())
}

/// Loads no root certificates. Without a typed vendor there is no `huiyi-core`, and the system's are loaded.
fn without_roots(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    #[cfg(any(feature = "feishu", feature = "wecom", feature = "dingtalk", feature = "tencent"))]
    let builder = huiyi_core::transport::without_roots(builder);
    builder
}

fn build(builder: reqwest::ClientBuilder) -> reqwest::Client {
    builder.build().expect("the HTTP client cannot be built")
}
