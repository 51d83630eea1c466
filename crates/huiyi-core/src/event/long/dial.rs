//! Opening a WebSocket: reqwest sends an HTTP request that is upgraded, so TLS, proxies and certificates are the same as
//! for all other requests.

use std::net::IpAddr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use http::{HeaderMap, StatusCode, Version};
use reqwest::Url;
use secrecy::{ExposeSecret as _, SecretString};
use sha1::{Digest as _, Sha1};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::clock::BoxFuture;
use crate::transport::connection_trouble;

/// A connection after its upgrade.
pub trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// Opens connections. Tests replace it.
pub trait Dial: Send + Sync + 'static {
    /// Connects and upgrades. The URL contains a ticket and must not appear in errors.
    ///
    /// # Errors
    ///
    /// If the connection or the upgrade fails.
    fn dial<'a>(&'a self, url: &'a SecretString) -> BoxFuture<'a, Result<Box<dyn Io>, DialError>>;
}

/// Why no WebSocket was opened.
#[derive(Debug)]
pub enum DialError {
    /// The answer to the upgrade.
    Refused(StatusCode, HeaderMap),
    /// Any other failure, in one line.
    Failed(String),
}

/// Opens connections by reqwest.
pub(super) struct HttpDial {
    /// For `wss`: proxies are read from the environment, unless the client is the application's own.
    pub(super) secure: reqwest::Client,
    /// For `ws` on this machine: never by a proxy.
    pub(super) local: reqwest::Client,
}

impl Dial for HttpDial {
    fn dial<'a>(&'a self, url: &'a SecretString) -> BoxFuture<'a, Result<Box<dyn Io>, DialError>> {
        Box::pin(async move {
            let url = http_url(url.expose_secret()).map_err(|reason| DialError::Failed(reason.to_owned()))?;
            let http = if url.scheme() == "https" { &self.secure } else { &self.local };
            let mut random = [0; 16];
            getrandom::fill(&mut random).map_err(|error| DialError::Failed(error.to_string()))?;
            let key = STANDARD.encode(random);
            let request = http
                .get(url)
                .version(Version::HTTP_11)
                .header(CONNECTION, "Upgrade")
                .header(UPGRADE, "websocket")
                .header(SEC_WEBSOCKET_VERSION, "13")
                .header(SEC_WEBSOCKET_KEY, &key);
            let failed = |error: reqwest::Error| DialError::Failed(connection_trouble(&error.without_url()));
            let response = request.send().await.map_err(failed)?;
            if response.status() != StatusCode::SWITCHING_PROTOCOLS {
                return Err(DialError::Refused(response.status(), response.headers().clone()));
            }
            let accepted = response.headers().get(SEC_WEBSOCKET_ACCEPT).is_some_and(|value| *value == accept(&key));
            if !accepted {
                return Err(DialError::Failed("the answer to the upgrade is not that of a WebSocket".to_owned()));
            }
            let upgraded = response.upgrade().await.map_err(failed)?;
            Ok(Box::new(upgraded) as Box<dyn Io>)
        })
    }
}

/// The proof that a server has read the key (RFC 6455, section 4.2.2).
fn accept(key: &str) -> String {
    STANDARD.encode(Sha1::new().chain_update(key).chain_update("258EAFA5-E914-47DA-95CA-C5AB0DC85B11").finalize())
}

/// Converts the URL to HTTP. Without TLS, only this machine is allowed.
fn http_url(url: &str) -> Result<Url, &'static str> {
    let mut url = Url::parse(url).map_err(|_| "the address of the connection is not a URL")?;
    let scheme = match url.scheme() {
        "wss" => "https",
        "ws" if url.host_str().is_some_and(is_loopback) => "http",
        "ws" => return Err("the address of the connection has no TLS, which is allowed only on this machine"),
        _ => return Err("the address of the connection does not begin with wss://"),
    };
    url.set_scheme(scheme).map_err(|()| "the address of the connection does not begin with wss://")?;
    url.set_fragment(None);
    Ok(url)
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_tls_only_this_machine_is_spoken_to() {
        for url in ["ws://127.0.0.1:80/a?ticket=t", "ws://localhost/", "ws://[::1]:9/a"] {
            assert!(http_url(url).is_ok_and(|url| url.scheme() == "http"), "{url}");
        }
        for url in ["ws://open.feishu.cn/", "ws://10.0.0.1/", "ws://localhost.example/", "http://127.0.0.1/", "", "x"] {
            assert!(http_url(url).is_err(), "{url}");
        }
        let url = http_url("wss://msg-frontier.feishu.cn/ws/v2?ticket=a%2Bb&x=1");
        assert_eq!(url.map(String::from), Ok("https://msg-frontier.feishu.cn/ws/v2?ticket=a%2Bb&x=1".to_owned()));
    }

    /// The example of RFC 6455, section 1.3.
    #[test]
    fn the_accepted_key_is_that_of_the_standard() {
        assert_eq!(accept("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
}
