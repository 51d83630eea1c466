//! The code that the mocks of all vendors share.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::ledger::TokenKind;
use crate::server::{Loopback, Vendor};
use crate::state::Shared;
use crate::typed::{Call, Stub};

/// A server that answers only calls with stubs, and the expectations of a test.
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
    /// Fails the test if an expectation was not met, unless the test fails already.
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

            /// Returns a client of the server.
            ///
            /// It needs no credentials, has no quotas and does not retry failed calls, so the code under test sees
            /// each answer that the test has prepared. Only a rejected token is replaced, as usual. It acts for the
            /// app, and for a user in operations that need one.
            ///
            /// # Panics
            ///
            /// If no HTTP client can be built.
            pub fn client(&self) -> $krate::Client {
                Self::built(self.client_builder())
            }

            /// Returns a client like [`client`](Self::client) with this time limit for each attempt, in real time.
            ///
            /// # Panics
            ///
            /// If no HTTP client can be built.
            pub fn client_with_timeout(&self, limit: ::std::time::Duration) -> $krate::Client {
                let clock = $crate::typed::MockClock::new(self.core.shared(), Some(limit));
                Self::built(self.client_builder().timeout(limit).clock(::std::sync::Arc::new(clock)))
            }

            /// Returns the builder of [`client`](Self::client), for your own settings. With
            /// `.retry(RetryPolicy::default())`, calls are retried as in production, but the pauses take no time.
            ///
            /// On its clock, sleeps of less than 50 seconds take no time. That includes time limits: see
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

            /// Returns the underlying server, with its record of requests, its tokens, its clock and its faults.
            pub fn server(&self) -> &$crate::Loopback {
                self.core.server()
            }

            /// Returns the calls of one operation in the order in which they were answered.
            ///
            /// # Panics
            ///
            /// If a call cannot be read.
            #[track_caller]
            pub fn calls<C: $crate::Call>(&self) -> Vec<C> {
                self.core.calls()
            }

            /// Prepares the delivery of an event, signed and encrypted in the vendor's way, for a receiver with the
            /// keys of [`credentials`]($crate::credentials), such as [`event_receiver`](Self::event_receiver).
            #[cfg(feature = "events")]
            #[cfg_attr(docsrs, doc(cfg(feature = "events")))]
            pub fn deliver(&self, event: impl Into<$krate::events::Event>) -> $crate::Delivery {
                $crate::Delivery::new(self.core.shared(), $vendor, &event.into())
            }

            /// Returns a receiver for the deliveries of [`deliver`](Self::deliver), on the mock's clock.
            ///
            /// # Panics
            ///
            /// Never: its keys are valid.
            #[cfg(feature = "events")]
            #[cfg_attr(docsrs, doc(cfg(feature = "events")))]
            pub fn event_receiver(&self) -> $krate::events::EventReceiver {
                let clock = $crate::typed::MockClock::of_receiver(self.core.shared());
                match Self::receiver_keys($krate::events::EventReceiver::builder())
                    .clock(::std::sync::Arc::new(clock))
                    .build()
                {
                    Ok(receiver) => receiver,
                    Err(error) => panic!("{error}"),
                }
            }

            /// Checks that every call had a stub, and that every stub had the expected number of calls. This also
            /// happens when the last handle is dropped.
            ///
            /// # Panics
            ///
            /// If an expectation was not met.
            #[track_caller]
            pub fn verify(&self) {
                self.core.verify();
            }
        }
    };
}

pub(crate) use typed_mock;
