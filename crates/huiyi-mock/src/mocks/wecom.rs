//! The typed mock of WeCom.

use std::sync::Arc;

use crate::credentials;
use crate::server::Vendor;
use crate::typed::{Core, typed_mock};

/// A server in place of WeCom, with a method for each operation that creates a stub of it.
///
/// Clones are handles of the same server. When the last one is dropped, the server stops, and the test fails if a
/// call had no stub or a stub had too few calls.
#[derive(Clone, Debug)]
pub struct WeComMock {
    pub(crate) core: Arc<Core>,
}

typed_mock!(WeComMock, Vendor::WeCom, huiyi_wecom);

impl WeComMock {
    /// Returns a builder with credentials that the server accepts.
    fn credentials(&self) -> huiyi_wecom::ClientBuilder {
        let app = credentials::WECOM;
        huiyi_wecom::Client::builder().corp(app.corpid, app.secret)
    }
    /// Adds the keys that sign and encrypt the events.
    #[cfg(feature = "events")]
    fn receiver_keys(builder: huiyi_wecom::events::EventReceiverBuilder) -> huiyi_wecom::events::EventReceiverBuilder {
        let app = credentials::WECOM;
        builder.keys(app.event_token, app.event_aes_key).receive_id(app.corpid)
    }
}
