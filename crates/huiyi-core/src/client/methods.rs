//! The methods that all clients and all client builders have, written once.

/// Adds the methods that all clients have beside the generated ones. The client has a field `session`.
#[macro_export]
#[doc(hidden)]
macro_rules! shared_client_methods {
    () => {
        /// Waits until the token requests under way have ended and what they brought is stored and kept, at most
        /// so long. Returns whether that is so.
        ///
        /// A call that is given up leaves its token request to the runtime, which ends with the program. Wait
        /// here before the program ends, so that no refresh token is lost: it works once. It is for all that was
        /// built with this client's builder and its clones.
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
        /// Talks to another host: a regional one, a proxy of yours, a test server.
        ///
        /// Scheme and host, and a path prefix if there is one.
        #[must_use]
        pub fn base_url(mut self, url: impl Into<String>) -> Self {
            self.settings.set_base_url(url.into());
            self
        }

        /// Gives up on an attempt after so long. Default: 60 seconds.
        ///
        /// A download may take longer: there the limit is for each piece of it.
        #[must_use]
        pub fn timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.settings.set_timeout(timeout);
            self
        }

        /// Gives up on connecting after so long. Default: 10 seconds.
        #[must_use]
        pub fn connect_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.settings.set_connect_timeout(timeout);
            self
        }

        /// Closes a connection that nothing was sent over for so long. Default: 30 seconds.
        ///
        /// Servers and load balancers close idle connections, mostly after a minute. A request that is sent at
        /// that moment fails, and it cannot be known whether it was accepted; so this is better shorter.
        #[must_use]
        pub fn pool_idle_timeout(mut self, timeout: ::std::time::Duration) -> Self {
            self.settings.set_pool_idle_timeout(timeout);
            self
        }

        /// Refuses answers larger than this. Default: 64 MiB. Downloads are not limited.
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

        /// Uses an HTTP client of yours: its connection pool, proxy, TLS.
        ///
        /// Its own redirect policy, connect timeout, idle timeout and user agent apply, and those set here do not.
        /// Turn redirects off: they would carry credentials to other hosts. Leave
        /// `connection_verbose` off: it logs headers and URLs, tokens included.
        #[must_use]
        pub fn http_client(mut self, client: $crate::reqwest::Client) -> Self {
            self.settings.set_http_client(client);
            self
        }

        /// How failures are retried.
        #[must_use]
        pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
            self.settings.set_retry(policy);
            self
        }

        /// How the documented quotas are kept.
        #[must_use]
        pub fn quota(mut self, policy: $crate::QuotaPolicy) -> Self {
            self.settings.set_quota(policy);
            self
        }

        /// Keeps the documented quotas together with other processes that share the app.
        ///
        /// A client that was built with a token alone does not know its app, and keeps them for itself.
        #[must_use]
        pub fn shared_quota(mut self, store: ::std::sync::Arc<dyn $crate::quota::SharedQuota>) -> Self {
            self.settings.set_shared_quota(store);
            self
        }

        /// Is told about each attempt of each call.
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
