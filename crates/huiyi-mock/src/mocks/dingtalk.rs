//! The typed mock of DingTalk.

use std::sync::Arc;

use crate::credentials;
use crate::server::Vendor;
use crate::typed::{Core, typed_mock};

/// A server in place of DingTalk, with a method for each operation that creates a stub of it.
///
/// Clones are handles of the same server. When the last one is dropped, the server stops, and the test fails if a
/// call had no stub or a stub had too few calls.
#[derive(Clone, Debug)]
pub struct DingTalkMock {
    pub(crate) core: Arc<Core>,
}

typed_mock!(DingTalkMock, Vendor::DingTalk, huiyi_dingtalk);

impl DingTalkMock {
    /// Returns a builder with credentials that the server accepts.
    fn credentials(&self) -> huiyi_dingtalk::ClientBuilder {
        let app = credentials::DINGTALK;
        huiyi_dingtalk::Client::builder().app(app.app_key, app.secret).corp(app.corp_id)
    }
    /// Adds the keys that sign and encrypt the events.
    #[cfg(feature = "events")]
    fn receiver_keys(
        builder: huiyi_dingtalk::events::EventReceiverBuilder,
    ) -> huiyi_dingtalk::events::EventReceiverBuilder {
        let app = credentials::DINGTALK;
        builder.keys(app.event_token, app.event_aes_key).client_id(app.app_key)
    }
}
