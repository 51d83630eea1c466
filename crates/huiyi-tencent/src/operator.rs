//! The operator of the calls and its kind of device, set once for a client.

use crate::generated::Client;
use crate::types::{InstanceId, OperatorIdType};

/// The caller of an operation: most operations of Tencent Meeting require `operator_id`, `operator_id_type` and
/// `instanceid`.
///
/// ```no_run
/// # async fn run(client: huiyi_tencent::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use huiyi_tencent::Operator;
/// use huiyi_tencent::types::InstanceId;
///
/// let client = client.operator(Operator::userid("tester1").device(InstanceId::Mac));
/// let records = client.list_records(1_572_085_800, 1_572_089_400).send().await?;
/// # let _ = records; Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Operator {
    id: String,
    id_type: OperatorIdType,
    device: InstanceId,
}

impl Operator {
    /// Creates an operator with any kind of id, on a PC.
    pub fn new(id: impl Into<String>, id_type: OperatorIdType) -> Self {
        Self { id: id.into(), id_type, device: InstanceId::Pc }
    }

    /// Creates an operator from the userid of a user of the corporation.
    pub fn userid(id: impl Into<String>) -> Self {
        Self::new(id, OperatorIdType::Userid)
    }

    /// Creates an operator from the open id of a user of a third-party app.
    pub fn open_id(id: impl Into<String>) -> Self {
        Self::new(id, OperatorIdType::OpenId)
    }

    /// Sets the kind of device that the operator uses. Default: a PC.
    #[must_use]
    pub fn device(mut self, device: InstanceId) -> Self {
        self.device = device;
        self
    }
}

/// Converts the userid of a user of the corporation.
impl From<&str> for Operator {
    fn from(userid: &str) -> Self {
        Self::userid(userid)
    }
}

/// Converts the userid of a user of the corporation.
impl From<String> for Operator {
    fn from(userid: String) -> Self {
        Self::userid(userid)
    }
}

impl Client {
    /// Returns a client with an operator. Its calls send `operator_id`, `operator_id_type` and `instanceid` if the
    /// vendor requires them and the call does not set them.
    ///
    /// Without an operator, `instanceid` is 1 (a PC), and a call that needs the other two fails with
    /// [`ErrorKind::Misuse`](crate::ErrorKind::Misuse) before anything is sent.
    #[must_use]
    pub fn operator(&self, operator: impl Into<Operator>) -> Self {
        let Operator { id, id_type, device } = operator.into();
        let session =
            self.session.with_default("operator_id", id).with_default("operator_id_type", id_type.to_string());
        let device = device.to_string();
        // Some operations write `instance_id`.
        Self { session: session.with_default("instanceid", device.clone()).with_default("instance_id", device) }
    }
}
