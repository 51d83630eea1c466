//! The typed mock of DingTalk.

use std::sync::Arc;

use crate::credentials;
use crate::server::Vendor;
use crate::typed::{Core, typed_mock};

/// A server in the place of DingTalk, with a method for each operation that makes a stub of it.
///
/// Clones are handles of the same server. When the last one is dropped, it stops, and the test fails if a call had
/// no stub or a stub too few calls.
#[derive(Clone, Debug)]
pub struct DingTalkMock {
    pub(crate) core: Arc<Core>,
}

typed_mock!(DingTalkMock, Vendor::DingTalk, huiyi_dingtalk);

impl DingTalkMock {
    /// Credentials that the server knows, in a builder.
    fn credentials(&self) -> huiyi_dingtalk::ClientBuilder {
        let app = credentials::DINGTALK;
        huiyi_dingtalk::Client::builder().app(app.app_key, app.secret).corp(app.corp_id)
    }
}
