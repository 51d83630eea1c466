//! The two vendors, and what the tests of both share.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use huiyi_core::event::{Connector, EventSet, Incident};
use huiyi_mock::{Gateway, Vendor, credentials, shared_http};

/// A vendor with long connections.
pub(crate) trait Side: 'static {
    type Event: EventSet;
    const VENDOR: Vendor;
    const EVENT_TYPE: &'static str;

    fn client_connector(gateway: &Gateway, secret: &str) -> Connector<Self::Event>;

    /// The code of a refusal that will pass, but not soon, if the vendor has one.
    const TOO_MANY: &'static str;
    /// The code of a refusal of the credentials.
    const WRONG: &'static str;
    const SECRET: &'static str;

    /// A client without the credentials of an app.
    fn without_app() -> Connector<Self::Event>;

    /// A client that sets up its own connections.
    fn own_connector(gateway: &Gateway) -> Connector<Self::Event>;
}

pub(crate) struct Feishu;

impl Side for Feishu {
    type Event = huiyi_feishu::events::Event;
    const VENDOR: Vendor = Vendor::Feishu;
    const EVENT_TYPE: &'static str = "vc.meeting.join_meeting_v1";
    const TOO_MANY: &'static str = "1000040350";
    const WRONG: &'static str = "1000040345";
    const SECRET: &'static str = credentials::FEISHU.app_secret;

    fn client_connector(gateway: &Gateway, secret: &str) -> Connector<Self::Event> {
        let builder = huiyi_feishu::Client::builder().app(credentials::FEISHU.app_id, secret);
        let builder = builder.base_url(gateway.base_url()).http_client(shared_http(Vendor::Feishu));
        builder.build().unwrap().events()
    }

    fn without_app() -> Connector<Self::Event> {
        let builder = huiyi_feishu::Client::builder().tenant_access_token("t-1").base_url("http://127.0.0.1:1");
        builder.build().unwrap().events()
    }

    fn own_connector(gateway: &Gateway) -> Connector<Self::Event> {
        let builder = huiyi_feishu::Client::builder().app(credentials::FEISHU.app_id, Self::SECRET);
        builder.base_url(gateway.base_url()).build().unwrap().events()
    }
}

pub(crate) struct DingTalk;

impl Side for DingTalk {
    type Event = huiyi_dingtalk::events::Event;
    const VENDOR: Vendor = Vendor::DingTalk;
    const EVENT_TYPE: &'static str = "meeting_status_change";
    const TOO_MANY: &'static str = "Forbidden.AccessDenied.QpsLimitForApi";
    const WRONG: &'static str = "authFailed";
    const SECRET: &'static str = credentials::DINGTALK.secret;

    fn client_connector(gateway: &Gateway, secret: &str) -> Connector<Self::Event> {
        let builder = huiyi_dingtalk::Client::builder().app(credentials::DINGTALK.app_key, secret);
        let builder = builder.base_url(gateway.base_url()).http_client(shared_http(Vendor::DingTalk));
        builder.build().unwrap().events()
    }

    fn without_app() -> Connector<Self::Event> {
        let builder = huiyi_dingtalk::Client::builder().access_token("t-1").base_url("http://127.0.0.1:1");
        builder.build().unwrap().events()
    }

    fn own_connector(gateway: &Gateway) -> Connector<Self::Event> {
        let builder = huiyi_dingtalk::Client::builder().app(credentials::DINGTALK.app_key, Self::SECRET);
        builder.base_url(gateway.base_url()).build().unwrap().events()
    }
}

/// The incidents that were reported.
#[derive(Clone, Default)]
pub(crate) struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    pub(crate) fn note(&self) -> impl Fn(Incident) + Send + Sync + 'static + use<> {
        let told = self.clone();
        move |incident| told.0.lock().unwrap().push(incident.to_string())
    }

    pub(crate) fn text(&self) -> String {
        self.0.lock().unwrap().join("\n")
    }
}

/// Starts a gateway with short times, and returns it with a connector that pauses only briefly.
pub(crate) async fn pair<S: Side>(told: &Told) -> (Gateway, Connector<S::Event>) {
    let gateway = Gateway::start(S::VENDOR).await.unwrap();
    gateway.ping_every(1);
    gateway.repeat_after(Duration::from_millis(300));
    let connector = connector::<S>(&gateway, S::SECRET).on_incident(told.note());
    (gateway, connector)
}

pub(crate) fn connector<S: Side>(gateway: &Gateway, secret: &str) -> Connector<S::Event> {
    S::client_connector(gateway, secret).tempo(|tempo| {
        tempo.first_pause = Duration::from_millis(50);
        tempo.longest_pause = Duration::from_millis(400);
        tempo.slow_pause = Duration::from_millis(400);
        tempo.ask = Duration::from_millis(500);
        tempo.dial = Duration::from_millis(500);
        tempo.probe = Duration::from_millis(700);
        tempo.patience = Duration::from_millis(700);
        tempo.quiet = tempo.quiet.map(|_| Duration::from_millis(1_500));
    })
}

/// Returns the content of a known event of either vendor, of any length.
pub(crate) fn content(bytes: usize) -> String {
    format!(r#"{{"meeting":{{"id":"1","topic":"{}"}}}}"#, "周".repeat(bytes / 3))
}

/// Makes a test fail if it waits too long.
pub(crate) async fn ends(test: impl Future<Output = ()>) {
    assert!(tokio::time::timeout(Duration::from_secs(60), test).await.is_ok(), "waits for ever");
}

/// Defines a test for each vendor.
macro_rules! each {
    ($($name:ident),* $(,)?) => {
        mod feishu {
            $(#[tokio::test]
            async fn $name() {
                crate::side::ends(super::$name::<crate::side::Feishu>()).await;
            })*
        }

        mod dingtalk {
            $(#[tokio::test]
            async fn $name() {
                crate::side::ends(super::$name::<crate::side::DingTalk>()).await;
            })*
        }
    };
}
pub(crate) use each;
