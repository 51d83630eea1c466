//! The typed mock of Tencent Meeting.

use std::sync::Arc;

use crate::credentials;
use crate::server::Vendor;
use crate::typed::{Core, UserTokens, typed_mock};

/// A server in place of Tencent Meeting, with a method for each operation that creates a stub of it.
///
/// Clones are handles of the same server. When the last one is dropped, the server stops, and the test fails if a
/// call had no stub or a stub had too few calls.
#[derive(Clone, Debug)]
pub struct TencentMock {
    pub(crate) core: Arc<Core>,
}

typed_mock!(TencentMock, Vendor::Tencent, huiyi_tencent);

impl TencentMock {
    /// Returns a builder with credentials that the server accepts.
    fn credentials(&self) -> huiyi_tencent::ClientBuilder {
        let (app, shared) = (credentials::TENCENT, Arc::clone(self.core.shared()));
        let user = UserTokens { shared, prefix: "", account: Some(app.open_id) };
        let builder = huiyi_tencent::Client::builder().oauth_base_url(self.core.server().base_url());
        builder.keys(app.app_id, app.secret_id, app.secret_key).user_source(user)
    }
    /// Adds the keys that sign and encrypt the events.
    #[cfg(feature = "events")]
    fn receiver_keys(
        builder: huiyi_tencent::events::EventReceiverBuilder,
    ) -> huiyi_tencent::events::EventReceiverBuilder {
        let app = credentials::TENCENT;
        builder.keys(app.event_token, app.event_aes_key)
    }
}
