//! The typed mock of Feishu.

use std::sync::Arc;

use crate::credentials;
use crate::server::Vendor;
use crate::typed::{Core, UserTokens, typed_mock};

/// A server in the place of Feishu, with a method for each operation that makes a stub of it.
///
/// Clones are handles of the same server. When the last one is dropped, it stops, and the test fails if a call had
/// no stub or a stub too few calls.
#[derive(Clone, Debug)]
pub struct FeishuMock {
    pub(crate) core: Arc<Core>,
}

typed_mock!(FeishuMock, Vendor::Feishu, huiyi_feishu);

impl FeishuMock {
    /// Credentials that the server knows, in a builder.
    fn credentials(&self) -> huiyi_feishu::ClientBuilder {
        let (app, shared) = (credentials::FEISHU, Arc::clone(self.core.shared()));
        let user = UserTokens { shared, prefix: "u-", account: None };
        huiyi_feishu::Client::builder().app(app.app_id, app.app_secret).user_source(user)
    }
}
