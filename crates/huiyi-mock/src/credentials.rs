//! The credentials that the server accepts: app ids, secrets, codes and tickets, one constant per vendor.
//!
//! Every secret contains the word `sentinel`, in lower or upper case, and every issued token contains
//! `token-sentinel`, so a test can search logs, errors and debug output for them.

/// Credentials of a Feishu app, which is a custom app and a store app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Feishu {
    /// Id of the app, also the OAuth `client_id`.
    pub app_id: &'static str,
    /// Secret of the app, also the OAuth `client_secret`.
    pub app_secret: &'static str,
    /// Ticket that the platform would push to a store app.
    pub app_ticket: &'static str,
    /// Tenant that installed the store app; any other text is accepted as well, except an empty one.
    pub tenant_key: &'static str,
    /// Authorization code. Every text that starts with it is accepted once.
    pub code: &'static str,
    /// Encrypt Key, which encrypts and signs events.
    pub encrypt_key: &'static str,
    /// Verification Token, which events carry.
    pub verification_token: &'static str,
}

/// Credentials of a WeCom app and of a third-party suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WeCom {
    /// Id of the corporation that owns the app and has authorized the suite.
    pub corpid: &'static str,
    /// Secret of the app.
    pub secret: &'static str,
    /// Id of the suite.
    pub suite_id: &'static str,
    /// Secret of the suite.
    pub suite_secret: &'static str,
    /// Ticket that WeCom would push to the provider.
    pub suite_ticket: &'static str,
    /// Permanent code that the corporation granted to the suite.
    pub permanent_code: &'static str,
    /// Token of the event address, which signs events.
    pub event_token: &'static str,
    /// `EncodingAESKey` of the event address.
    pub event_aes_key: &'static str,
}

/// Credentials of a DingTalk app, which is an internal app and a suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DingTalk {
    /// Client id of the app; used as `appKey`, `client_id`, `clientId` and `suiteKey`.
    pub app_key: &'static str,
    /// Client secret of the app.
    pub secret: &'static str,
    /// Corporation in which the app runs.
    pub corp_id: &'static str,
    /// Ticket that DingTalk would push to the suite.
    pub suite_ticket: &'static str,
    /// Authorization code of a user. Every text that starts with it is accepted once.
    pub code: &'static str,
    /// Token of the event address, which signs events.
    pub event_token: &'static str,
    /// `EncodingAESKey` of the event address.
    pub event_aes_key: &'static str,
}

/// Credentials of a Tencent Meeting app: the AK/SK pair and the OAuth app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tencent {
    /// Value of the `AppId` header.
    pub app_id: &'static str,
    /// Value of the `SdkId` header, which may also be omitted; also the id of the OAuth app.
    pub sdk_id: &'static str,
    /// Secret id, the value of `X-TC-Key`.
    pub secret_id: &'static str,
    /// Secret key that signs requests.
    pub secret_key: &'static str,
    /// Secret of the OAuth app.
    pub oauth_secret: &'static str,
    /// Authorization code. Every text that starts with it is accepted once. A code that ends in `@name` belongs to
    /// another user.
    pub auth_code: &'static str,
    /// Id of the OAuth user, the value of `OpenId`. For another user it ends in the `@name` of the code.
    pub open_id: &'static str,
    /// Token of the event address, which signs events.
    pub event_token: &'static str,
    /// `EncodingAESKey` of the event address.
    pub event_aes_key: &'static str,
}

/// The Feishu app.
pub const FEISHU: Feishu = Feishu {
    app_id: "cli_loopback",
    app_secret: "feishu-secret-sentinel",
    app_ticket: "ticket-loopback",
    tenant_key: "tenant-loopback",
    code: "code-loopback",
    encrypt_key: "feishu-encrypt-key-sentinel",
    verification_token: "feishu-verification-token-sentinel",
};

/// The WeCom app and suite.
pub const WECOM: WeCom = WeCom {
    corpid: "wwloopback",
    secret: "wecom-secret-sentinel",
    suite_id: "wwsuiteloopback",
    suite_secret: "wecom-suite-secret-sentinel",
    suite_ticket: "ticket-loopback",
    permanent_code: "wecom-permanent-code-sentinel",
    event_token: "wecomEventTokenSentinel",
    event_aes_key: "wecomAesKeySentinel00000000000000000000000A",
};

/// The DingTalk app.
pub const DINGTALK: DingTalk = DingTalk {
    app_key: "dingloopback",
    secret: "dingtalk-secret-sentinel",
    corp_id: "dingcorploopback",
    suite_ticket: "ticket-loopback",
    code: "code-loopback",
    event_token: "dingtalkEventTokenSentinel",
    event_aes_key: "dingtalkAesKeySentinel00000000000000000000A",
};

/// The Tencent Meeting apps.
pub const TENCENT: Tencent = Tencent {
    app_id: "211153201",
    sdk_id: "loopback-sdk",
    secret_id: "AKIDloopback",
    secret_key: "tencent-secret-sentinel",
    oauth_secret: "tencent-oauth-secret-sentinel",
    auth_code: "code-loopback",
    open_id: "openid-loopback",
    event_token: "tencentEventTokenSentinel",
    event_aes_key: "tencentAesKeySentinel000000000000000000000A",
};
