//! Finds the content of an event in a message: next to its type (plain push), or in rows (SyncHTTP).

use std::sync::Arc;

use huiyi_core::event::{Delivery, Members, Opened, Parts, RejectReason, hashed};

use super::Event;
use super::names::in_camel_case;
use super::receiver::VENDOR;

/// The prefix of SyncHTTP message types; a priority follows it.
pub(super) const SYNC_HTTP: &str = "SYNC_HTTP_PUSH_";
/// The members of a plain push that are not content.
const AROUND: &[&str] =
    &["EventType", "EventTime", "TimeStamp", "CorpId", "AuthCorpId", "SuiteKey", "BizId", "eventId", "EventId"];

/// Reads the event of a plain push.
pub(super) fn of_push(members: Members<'_>, event_type: String, opened: &Opened) -> Delivery<Event> {
    let id = members.text("eventId").or_else(|| members.text("EventId"));
    let (created, tenant) = (
        members.millis("EventTime").or_else(|| members.millis("TimeStamp")),
        members.text("CorpId").or_else(|| members.text("AuthCorpId")),
    );
    let app = members.text("SuiteKey");
    let content = members.without(AROUND).to_json();
    let content = in_camel_case(&event_type, content);
    delivery(Parts {
        // Old events have no id, so equal messages count as the same event.
        id: Some(id.unwrap_or_else(|| hashed(&opened.message))),
        event_type,
        created,
        app: app.or_else(|| Some(opened.recipient.clone())),
        tenant,
        content,
        plaintext: Arc::from(opened.message.as_str()),
        ..Parts::default()
    })
}

/// Reads the events of a SyncHTTP message, one for each row.
pub(super) fn of_sync_http(
    members: &Members<'_>,
    outer_type: &str,
    opened: &Opened,
) -> Result<Vec<Delivery<Event>>, RejectReason> {
    let rows = members.list("bizData").ok_or(RejectReason::Missing("bizData"))?;
    let plaintext: Arc<str> = Arc::from(opened.message.as_str());
    let rows = rows.into_iter().map(|row| {
        let row = Members::of(row)?;
        // DingTalk sends a string that contains JSON; its pages print the JSON itself.
        let data = match row.raw("biz_data") {
            Some(raw) if raw.starts_with('"') => row.text("biz_data").unwrap_or_else(|| "{}".to_owned()),
            Some(raw) => raw.to_owned(),
            None => "{}".to_owned(),
        };
        let data = Members::of(&data)?;
        let event_type = data.text("syncAction").unwrap_or_else(|| outer_type.to_owned());
        let id = data.text("eventId").unwrap_or_else(|| row_id(&row, &data.to_json()));
        let content = data.without(&["syncAction", "eventId"]).to_json();
        let content = in_camel_case(&event_type, content);
        Ok(delivery(Parts {
            event_type,
            id: Some(id),
            created: row.millis("gmt_modified").or_else(|| row.millis("gmt_create")),
            app: Some(opened.recipient.clone()),
            tenant: row.text("corp_id"),
            content,
            plaintext: Arc::clone(&plaintext),
            ..Parts::default()
        }))
    });
    rows.collect()
}

/// Returns an id for a row. The pages identify a row by the first four members, and a later row replaces an earlier
/// one, so the id also contains the time and a hash of the content.
fn row_id(row: &Members<'_>, data: &str) -> String {
    let names = ["subscribe_id", "corp_id", "biz_id", "biz_type", "gmt_modified"];
    let mut texts: Vec<String> = names.iter().map(|name| row.text(name).unwrap_or_default()).collect();
    texts.push(hashed(data));
    texts.join("/")
}

fn delivery(parts: Parts) -> Delivery<Event> {
    Delivery::new(Parts { vendor: VENDOR, encrypted: true, ..parts })
}
