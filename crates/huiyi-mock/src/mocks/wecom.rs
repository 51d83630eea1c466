//! The typed mock of WeCom.

use std::sync::Arc;

use crate::credentials;
use crate::server::Vendor;
use crate::typed::{Core, typed_mock};

/// A server in the place of WeCom, with a method for each operation that makes a stub of it.
///
/// Clones are handles of the same server. When the last one is dropped, it stops, and the test fails if a call had
/// no stub or a stub too few calls.
#[derive(Clone, Debug)]
pub struct WeComMock {
    pub(crate) core: Arc<Core>,
}

typed_mock!(WeComMock, Vendor::WeCom, huiyi_wecom);

impl WeComMock {
    /// Credentials that the server knows, in a builder.
    fn credentials(&self) -> huiyi_wecom::ClientBuilder {
        let app = credentials::WECOM;
        huiyi_wecom::Client::builder().corp(app.corpid, app.secret)
    }
}
