//! The methods that all clients and all client builders share.

/// Adds the methods that all clients have besides the generated ones. The client has a field `session`.
#[macro_export]
#[doc(hidden)]
macro_rules! shared_client_methods {
    () => {
        /// Waits at most `limit` until running token requests have ended and their tokens are saved. Returns whether
        /// they ended in time.
        ///
        /// If a call is dropped, its token request continues on the runtime, which ends with the program. Call this
        /// before the program ends, so no refresh token is lost: each works only once. It covers all clients built with
        /// this client's builder or its clones.
        pub async fn wait_for_tokens(&self, limit: ::std::time::Duration) -> bool {
            self.session.wait_for_tokens(limit).await
        }
    };
}

/// Adds the methods that all client builders have. The builder has a field `settings`.
#[macro_export]
#[doc(hidden)]
macro_rules! shared_builder_methods {
    () => {
        /// Uses another host: a regional one, your proxy, a test server.
        ///
        /// The URL has a scheme and a host, and may have a path prefix.
        #[must_use]
        pub fn base_url(mut self, url: impl Into<String>) -> Self {
            self.settings.set_base_url(url.into());
            self
        }

        /// Sets the time limit of an attempt. Default: 60 seconds.
        ///
        /// A download may take longer, because the limit applies to each piece of it.
        #[must_use]
        pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.settings.set_timeout(timeout);
            self
        }

        /// Sets the time limit for connecting. Default: 10 seconds.
        #[must_use]
        pub fn connect_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.settings.set_connect_timeout(timeout);
            self
        }

        /// Closes a connection that has been idle for this time. Default: 30 seconds.
        ///
        /// Servers and load balancers close idle connections, usually after a minute. A request sent at that moment
        /// fails, and it is unknown whether it was accepted. So this time should be shorter.
        #[must_use]
        pub fn pool_idle_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.settings.set_pool_idle_timeout(timeout);
            self
        }

        /// Refuses answers of more bytes than this. Default: 64 MiB. Downloads are not limited.
        #[must_use]
        pub fn body_limit(mut self, bytes: usize) -> Self {
            self.settings.set_body_limit(bytes);
            self
        }

        /// Sends this `User-Agent` instead of the crate's name and version.
        #[must_use]
        pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
            self.settings.set_user_agent(user_agent.into());
            self
        }

        /// Uses your own HTTP client: its connection pool, proxy and TLS.
        ///
        /// Its own redirect policy, connect timeout, idle timeout and user agent apply instead of those set here.
        /// Turn redirects off: they would send credentials to other hosts. Leave `connection_verbose` off: it logs
        /// headers and URLs, including tokens.
        #[must_use]
        pub fn http_client(mut self, client: $crate::reqwest::Client) -> Self {
            self.settings.set_http_client(client);
            self
        }

        /// Sets how failures are retried.
        #[must_use]
        pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
            self.settings.set_retry(policy);
            self
        }

        /// Sets how the client enforces the documented quotas.
        #[must_use]
        pub fn quota(mut self, policy: $crate::QuotaPolicy) -> Self {
            self.settings.set_quota(policy);
            self
        }

        /// Shares the documented quotas with other processes that use the same app.
        ///
        /// A client that was built only with a token does not know its app, so it does not share quotas.
        #[must_use]
        pub fn shared_quota(mut self, store: ::std::sync::Arc<dyn $crate::quota::SharedQuota>) -> Self {
            self.settings.set_shared_quota(store);
            self
        }

        /// Reports each attempt of each call to this observer.
        #[must_use]
        pub fn observer(mut self, observer: impl $crate::observe::Observer) -> Self {
            self.settings.set_observer(::std::sync::Arc::new(observer));
            self
        }

        /// Shares tokens with other clients or processes.
        #[must_use]
        pub fn token_store(mut self, store: ::std::sync::Arc<dyn $crate::TokenStore>) -> Self {
            self.settings.set_token_store(store);
            self
        }

        /// Replaces the clock, for tests.
        #[must_use]
        pub fn clock(mut self, clock: ::std::sync::Arc<dyn $crate::clock::Clock>) -> Self {
            self.settings.set_clock(clock);
            self
        }

        /// Replaces the source of random numbers, for tests.
        #[must_use]
        pub fn entropy(mut self, entropy: ::std::sync::Arc<dyn $crate::clock::Entropy>) -> Self {
            self.settings.set_entropy(entropy);
            self
        }
    };
}
