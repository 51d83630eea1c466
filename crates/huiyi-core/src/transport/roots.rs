//! The root certificates of an HTTP client.

/// Makes an HTTP client trust no certificates. A client for servers without TLS needs none, and to load those of the
/// system takes tens of milliseconds. (OpenSSL, of the feature `native-tls`, loads them nevertheless.)
pub fn without_roots(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    let builder = builder.tls_certs_only([]);
    builder
}
