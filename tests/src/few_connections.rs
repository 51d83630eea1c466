//! An HTTP client that opens few connections for any number of calls; the others wait for a free one. Without it, ten
//! thousand calls open ten thousand connections, which an operating system may refuse.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use huiyi_core::reqwest;
use tokio::sync::Semaphore;
use tower_layer::Layer;
use tower_service::Service;

/// The number of connections that may be opened. A closed connection does not give its permit back.
#[derive(Clone, Debug)]
pub struct FewConnections(Arc<Semaphore>);

impl FewConnections {
    /// Allows at most this number of connections.
    pub fn new(most: usize) -> Self {
        Self(Arc::new(Semaphore::new(most)))
    }

    /// Allows more connections, for instance in place of those that abandoned calls have closed.
    pub fn allow(&self, more: usize) {
        self.0.add_permits(more);
    }

    /// Returns an HTTP client with this limit.
    ///
    /// # Panics
    ///
    /// If the HTTP client cannot be set up.
    pub fn client(&self) -> reqwest::Client {
        let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
        client.connector_layer(self.clone()).build().expect("an HTTP client without TLS")
    }
}

impl<S> Layer<S> for FewConnections {
    type Service = Connector<S>;

    fn layer(&self, inner: S) -> Connector<S> {
        Connector { permits: Arc::clone(&self.0), inner }
    }
}

/// Connects when there is a permit.
#[derive(Clone, Debug)]
pub struct Connector<S> {
    permits: Arc<Semaphore>,
    inner: S,
}

type Connecting<T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send>>;

impl<S, R> Service<R> for Connector<S>
where
    S: Service<R> + Clone + Send + 'static,
    S::Future: Send,
    R: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Connecting<S::Response, S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, target: R) -> Self::Future {
        let permits = Arc::clone(&self.permits);
        // The clone takes the place of the service that was polled ready.
        let clone = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, clone);
        Box::pin(async move {
            match permits.acquire().await {
                Ok(permit) => permit.forget(),
                // The semaphore is never closed.
                Err(_) => std::future::pending().await,
            }
            inner.call(target).await
        })
    }
}
