//! The typed mock of Tencent Meeting.

use std::sync::Arc;

use crate::credentials;
use crate::server::Vendor;
use crate::typed::{Core, UserTokens, typed_mock};

/// A server in the place of Tencent Meeting, with a method for each operation that makes a stub of it.
///
/// Clones are handles of the same server. When the last one is dropped, it stops, and the test fails if a call had
/// no stub or a stub too few calls.
#[derive(Clone, Debug)]
pub struct TencentMock {
    pub(crate) core: Arc<Core>,
}

typed_mock!(TencentMock, Vendor::Tencent, huiyi_tencent);

impl TencentMock {
    /// Credentials that the server knows, in a builder.
    fn credentials(&self) -> huiyi_tencent::ClientBuilder {
        let (app, shared) = (credentials::TENCENT, Arc::clone(self.core.shared()));
        let user = UserTokens { shared, prefix: "", account: Some(app.open_id) };
        let builder = huiyi_tencent::Client::builder().oauth_base_url(self.core.server().base_url());
        builder.keys(app.app_id, app.secret_id, app.secret_key).user_source(user)
    }
}
