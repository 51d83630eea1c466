//! The envelope of an event, versions 2.0 and 1.0.

use std::sync::Arc;

use huiyi_core::event::{Delivery, Members, Parts, RejectReason};
use huiyi_core::wire::UnixMillis;

use super::Event;

pub(super) const VENDOR: &str = "feishu";

/// The members of an envelope, without the event.
pub(super) struct Envelope {
    pub(super) event_type: String,
    pub(super) token: Option<String>,
    id: Option<String>,
    created: Option<UnixMillis>,
    pub(super) app: Option<String>,
    tenant: Option<String>,
}

impl Envelope {
    pub(super) fn of(members: &Members<'_>) -> Result<Self, RejectReason> {
        if let Some(header) = members.object("header") {
            return Ok(Self {
                event_type: header.text("event_type").ok_or(RejectReason::Missing("event_type"))?,
                token: header.text("token"),
                id: header.text("event_id"),
                created: header.millis("create_time"),
                app: header.text("app_id"),
                tenant: header.text("tenant_key"),
            });
        }
        let outer_type = members.text("type").ok_or(RejectReason::Missing("type"))?;
        let event = members.object("event");
        let of_event = |name| event.as_ref().and_then(|event| event.text(name));
        Ok(Self {
            event_type: if outer_type == "event_callback" {
                of_event("type").ok_or(RejectReason::Missing("event.type"))?
            } else {
                outer_type
            },
            token: members.text("token"),
            id: members.text("uuid"),
            created: members.text("ts").as_deref().and_then(millis_of),
            app: of_event("app_id"),
            tenant: of_event("tenant_key"),
        })
    }

    /// Reads the event in the envelope.
    pub(super) fn open(self, members: &Members<'_>, plaintext: &str, encrypted: bool) -> Delivery<Event> {
        Delivery::new(Parts {
            vendor: VENDOR,
            event_type: self.event_type,
            id: self.id,
            created: self.created,
            app: self.app,
            tenant: self.tenant,
            actor: None,
            content: members.raw("event").unwrap_or("{}").to_owned(),
            plaintext: Arc::from(plaintext),
            encrypted,
        })
    }
}

/// Parses seconds with a fraction, such as `1502199207.7171419`.
fn millis_of(seconds: &str) -> Option<UnixMillis> {
    let (whole, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let whole: i64 = whole.parse().ok()?;
    let millis: i64 = format!("{:0<3.3}", fraction).parse().ok()?;
    whole.checked_mul(1000)?.checked_add(millis).map(UnixMillis::from_millis)
}
