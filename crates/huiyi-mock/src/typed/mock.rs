//! What the mocks of all vendors have in common.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::ledger::TokenKind;
use crate::server::{Loopback, Vendor};
use crate::state::Shared;
use crate::typed::{Call, Stub};

/// A server that answers calls with stubs only, and what a test expects of it.
pub(crate) struct Core {
    server: Loopback,
    is_verified: AtomicBool,
}

impl Core {
    #[track_caller]
    pub(crate) fn new(started: std::io::Result<Loopback>) -> Arc<Self> {
        let server = match started {
            Ok(server) => server,
            Err(error) => panic!("no port of 127.0.0.1 can be opened: {error}"),
        };
        {
            let mut state = server.shared.state();
            state.is_strict = true;
            let is_tencent = server.vendor() == Vendor::Tencent;
            state.ledger.accept_strangers(if is_tencent { TokenKind::User } else { TokenKind::Tenant });
        }
        Arc::new(Self { server, is_verified: AtomicBool::new(false) })
    }

    pub(crate) fn server(&self) -> &Loopback {
        &self.server
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.server.shared
    }

    pub(crate) fn stub<C: Call>(&self, place: &'static Location<'static>) -> Stub<C> {
        Stub::new(Arc::clone(self.shared()), place)
    }

    #[track_caller]
    pub(crate) fn calls<C: Call>(&self) -> Vec<C> {
        self.server.calls(C::OPERATION).iter().map(super::stub::read).collect()
    }

    #[track_caller]
    pub(crate) fn verify(&self) {
        self.is_verified.store(true, Ordering::Relaxed);
        let unmet = self.shared().state().unmet();
        assert!(unmet.is_empty(), "huiyi-mock: {}", unmet.join("\nhuiyi-mock: "));
    }
}

impl Drop for Core {
    /// Fails the test, unless it fails already, if something was expected and did not happen.
    fn drop(&mut self) {
        if !std::thread::panicking() && !*self.is_verified.get_mut() {
            self.verify();
        }
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Core").field("server", &self.server).finish_non_exhaustive()
    }
}

/// The methods that the mocks of all vendors have.
macro_rules! typed_mock {
    ($mock:ident, $vendor:expr, $krate:ident) => {
        impl $mock {
            /// Starts a server on a free port of 127.0.0.1, on the current tokio runtime.
            ///
            /// # Panics
            ///
            /// If the port cannot be opened.
            pub async fn start() -> Self {
                Self { core: $crate::typed::Core::new($crate::Loopback::start($vendor).await) }
            }

            /// A client of the server: no credentials are needed, no quota is kept, and no failed call is repeated,
            /// so that the code under test sees each answer that the test has prepared. Only a rejected token is
            /// replaced, as always. It acts for the app, and for a user where an operation wants one.
            ///
            /// # Panics
            ///
            /// If no HTTP client can be made.
            pub fn client(&self) -> $krate::Client {
                Self::built(self.client_builder())
            }

            /// A client as [`client`](Self::client) that gives up on an attempt after this time, in real time.
            ///
            /// # Panics
            ///
            /// If no HTTP client can be made.
            pub fn client_with_timeout(&self, limit: ::std::time::Duration) -> $krate::Client {
                let clock = $crate::typed::MockClock::new(self.core.shared(), Some(limit));
                Self::built(self.client_builder().timeout(limit).clock(::std::sync::Arc::new(clock)))
            }

            /// What [`client`](Self::client) is built with, for settings of your own: with
            /// `.retry(RetryPolicy::default())` calls are repeated as in production, but the pauses take no time.
            ///
            /// On its clock waits of less than 50 seconds take no time, time limits among them: see
            /// [`client_with_timeout`](Self::client_with_timeout).
            pub fn client_builder(&self) -> $krate::ClientBuilder {
                let clock = $crate::typed::MockClock::new(self.core.shared(), None);
                self.credentials()
                    .base_url(self.core.server().base_url())
                    .http_client($crate::shared_http($vendor))
                    .quota($krate::QuotaPolicy::off())
                    .retry($krate::RetryPolicy::off())
                    .clock(::std::sync::Arc::new(clock))
            }

            fn built(builder: $krate::ClientBuilder) -> $krate::Client {
                match builder.build() {
                    Ok(client) => client,
                    Err(error) => panic!("{error}"),
                }
            }

            /// Returns `http://127.0.0.1:PORT`.
            pub fn base_url(&self) -> String {
                self.core.server().base_url()
            }

            /// Returns the server beneath: its record of requests, its tokens, its clock, its faults.
            pub fn server(&self) -> &$crate::Loopback {
                self.core.server()
            }

            /// Returns the calls of one operation in the order in which they were answered.
            ///
            /// # Panics
            ///
            /// If one of them cannot be read.
            #[track_caller]
            pub fn calls<C: $crate::Call>(&self) -> Vec<C> {
                self.core.calls()
            }

            /// Fails the test if a call had no stub, or a stub not as many calls as it was made for. It also happens
            /// when the last handle is dropped.
            ///
            /// # Panics
            ///
            /// If so.
            #[track_caller]
            pub fn verify(&self) {
                self.core.verify();
            }
        }
    };
}

pub(crate) use typed_mock;
