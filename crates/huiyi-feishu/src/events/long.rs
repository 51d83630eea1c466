//! Feishu's long connection (长连接): events over a WebSocket, without a public address.
//!
//! Page: <https://open.feishu.cn/document/server-docs/event-subscription-guide/event-subscription-configure-/request-url-configuration-case>.
//! The vendor has no page on the wire format; its own clients are the only source.

mod ask;
mod frame;
mod speech;

use std::sync::Arc;

pub use frame::Frame;
use huiyi_core::BuildError;
use huiyi_core::event::Protocol;
pub use speech::Speaker;

use super::Event;
use crate::Client;

/// Opens long connections to Feishu: see [`Client::events`].
pub type Connector = huiyi_core::event::Connector<Event>;

impl Client {
    /// Receives events over a long connection (长连接), without a public address (feature `long-connection`).
    ///
    /// For internal (custom) apps. In the developer console, set the app to receive events through a persistent
    /// connection. An app may have at most 50 connections, and Feishu delivers each event to one of them, at least
    /// once. If an event is not acknowledged within 3 seconds, Feishu delivers it again after 15 seconds, 5
    /// minutes, 1 hour and 6 hours.
    ///
    /// ```no_run
    /// use huiyi_feishu::events::{Delivery, Event};
    ///
    /// # async fn run(client: huiyi_feishu::Client) -> Result<(), huiyi_feishu::Error> {
    /// client
    ///     .events()
    ///     .run(|delivery: Delivery<Event>| async move {
    ///         if let Event::MeetingEnded(ended) = delivery.event() {
    ///             println!("ended: {:?}", ended.meeting.id);
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
                Arc::new(ask::Feishu { app, transport }) as Arc<dyn Protocol<Event>>
            })
            .ok_or_else(|| {
                BuildError::missing("app", "long connections need the id and the secret of an internal app")
            });
        Connector::new(&self.session, protocol)
    }
}
