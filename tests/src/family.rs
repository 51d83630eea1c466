//! What a test of all operations needs to know of a vendor.

use huiyi_mock::Vendor;
use serde_json::Value;

use crate::examples::Spec;
use crate::generated;

/// One vendor's operations, and how to read their answers.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    /// The vendor.
    pub vendor: Vendor,
    /// Its name in crates and errors.
    pub name: &'static str,
    /// Operations of the client.
    pub operations: &'static [&'static str],
    /// Operations whose answers are pages.
    pub paged: &'static [&'static str],
    /// Reads an answer's body as an operation does.
    pub decode: fn(&str, &str) -> Result<Value, String>,
    spec: fn() -> Spec,
}

/// Feishu.
pub const FEISHU: Family = Family {
    vendor: Vendor::Feishu,
    name: "feishu",
    operations: generated::feishu::OPERATIONS,
    paged: generated::feishu::PAGED,
    decode: generated::feishu::decode,
    spec: Spec::feishu,
};

/// WeCom.
pub const WECOM: Family = Family {
    vendor: Vendor::WeCom,
    name: "wecom",
    operations: generated::wecom::OPERATIONS,
    paged: generated::wecom::PAGED,
    decode: generated::wecom::decode,
    spec: Spec::wecom,
};

/// DingTalk.
pub const DINGTALK: Family = Family {
    vendor: Vendor::DingTalk,
    name: "dingtalk",
    operations: generated::dingtalk::OPERATIONS,
    paged: generated::dingtalk::PAGED,
    decode: generated::dingtalk::decode,
    spec: Spec::dingtalk,
};

/// Tencent Meeting.
pub const TENCENT: Family = Family {
    vendor: Vendor::Tencent,
    name: "tencent",
    operations: generated::tencent::OPERATIONS,
    paged: generated::tencent::PAGED,
    decode: generated::tencent::decode,
    spec: Spec::tencent,
};

impl Family {
    /// Returns the bundled spec.
    pub fn spec(&self) -> Spec {
        (self.spec)()
    }

    /// Returns the part of an answer that the client returns: all but the envelope.
    pub fn data(&self, answer: &Value) -> Value {
        let envelope: &[&str] = match self.vendor {
            Vendor::Feishu => match answer.get("data") {
                Some(data) => return data.clone(),
                None => &["code", "msg"],
            },
            Vendor::WeCom => &["errcode", "errmsg"],
            Vendor::DingTalk | Vendor::Tencent => &[],
        };
        let mut answer = answer.clone();
        if let Some(members) = answer.as_object_mut() {
            members.retain(|name, _| !envelope.contains(&name.as_str()));
        }
        answer
    }
}
