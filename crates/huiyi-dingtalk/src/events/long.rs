//! DingTalk's Stream mode (Stream 模式): events over a WebSocket, without a public address.
//!
//! Page: <https://open.dingtalk.com/document/development/event-subscription-stream-mode>.

mod ask;
mod speech;

use std::sync::Arc;

use huiyi_core::BuildError;
use huiyi_core::event::Protocol;
pub use speech::Speaker;

use super::Event;
use crate::Client;

/// Opens long connections to DingTalk: see [`Client::events`].
pub type Connector = huiyi_core::event::Connector<Event>;

impl Client {
    /// Receives events in Stream mode (Stream 模式), without a public address (feature `long-connection`).
    ///
    /// In the developer console, set the app to receive events in Stream mode. DingTalk delivers each event to one
    /// of the connections of the app, at least once. It does not document how long it waits for an acknowledgement:
    /// this client answers within 1.6 seconds. A connection is replaced after at most 6 hours, as in the vendor's
    /// own client. The tickets of a suite ([`ClientBuilder::suite`](crate::ClientBuilder::suite)) update the client's
    /// credentials.
    ///
    /// ```no_run
    /// use huiyi_dingtalk::events::{Delivery, Event};
    ///
    /// # async fn run(client: huiyi_dingtalk::Client) -> Result<(), huiyi_dingtalk::Error> {
    /// client
    ///     .events()
    ///     .run(|delivery: Delivery<Event>| async move {
    ///         if let Event::MeetingStatusChange(change) = delivery.event() {
    ///             println!("{:?}: {:?}", change.open_conf_model.conference_id, change.change_scene);
    ///         }
    ///         Ok::<(), std::io::Error>(())
    ///     })
    ///     .await
    /// # }
    /// ```
    pub fn events(&self) -> Connector {
        let app = self.session.app_secret().cloned();
        let protocol = app
            .map(|app| {
                let transport = self.session.transport().clone();
                Arc::new(ask::DingTalk { app, transport }) as Arc<dyn Protocol<Event>>
            })
            .ok_or_else(|| BuildError::missing("app", "long connections need the key and the secret of an app"));
        Connector::new(&self.session, protocol)
    }
}
