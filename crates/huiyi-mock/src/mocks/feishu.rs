//! The typed mock of Feishu.

use std::sync::Arc;

use crate::credentials;
use crate::server::Vendor;
use crate::typed::{Core, UserTokens, typed_mock};

/// A server in place of Feishu, with a method for each operation that creates a stub of it.
///
/// Clones are handles of the same server. When the last one is dropped, the server stops, and the test fails if a
/// call had no stub or a stub had too few calls.
#[derive(Clone, Debug)]
pub struct FeishuMock {
    pub(crate) core: Arc<Core>,
}

typed_mock!(FeishuMock, Vendor::Feishu, huiyi_feishu);

impl FeishuMock {
    /// Returns a builder with credentials that the server accepts.
    fn credentials(&self) -> huiyi_feishu::ClientBuilder {
        let (app, shared) = (credentials::FEISHU, Arc::clone(self.core.shared()));
        let user = UserTokens { shared, prefix: "u-", account: None };
        huiyi_feishu::Client::builder().app(app.app_id, app.app_secret).user_source(user)
    }
    /// Adds the keys that sign and encrypt the events. Any app is accepted, since ticket events name their own app.
    #[cfg(feature = "events")]
    fn receiver_keys(
        builder: huiyi_feishu::events::EventReceiverBuilder,
    ) -> huiyi_feishu::events::EventReceiverBuilder {
        let app = credentials::FEISHU;
        builder.encrypt_key(app.encrypt_key).verification_token(app.verification_token)
    }
}
