//! An application's address for events.

use std::sync::{Arc, Mutex};

use huiyi_core::event::axum::route;
use huiyi_core::event::{Delivery, Endpoint, Receive};

/// An address whose receiver checks, decrypts and reads the pushed events.
pub(crate) struct Inbox {
    pub(crate) url: String,
    types: Arc<Mutex<Vec<String>>>,
}

impl Inbox {
    pub(crate) async fn open<R: Receive>(receiver: R) -> Self {
        let types = Arc::new(Mutex::new(Vec::new()));
        let (kept, told) = (Arc::clone(&types), Arc::clone(&types));
        let handler = move |delivery: Delivery<R::Event>| {
            assert!(delivery.unreadable().is_none());
            kept.lock().unwrap().push(delivery.event_type().to_owned());
            std::future::ready(Ok::<(), std::io::Error>(()))
        };
        let on_incident = move |incident: huiyi_core::event::Incident| told.lock().unwrap().push(incident.to_string());
        let endpoint = Endpoint::builder(receiver).on_incident(on_incident).handler(handler);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, axum::Router::new().route("/hook", route(endpoint))).await });
        Self { url, types }
    }

    /// Takes the types of the events so far; rejections are among them as text.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.types.lock().unwrap())
    }
}

/// Returns the current time in seconds since the Unix epoch.
pub(crate) fn now() -> i64 {
    i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap()
}
