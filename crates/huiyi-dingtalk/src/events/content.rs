//! Finds the content of an event in a message: next to its type (plain push), or in rows (SyncHTTP).

use std::sync::Arc;

use huiyi_core::event::{Delivery, Members, Opened, Parts, RejectReason, hashed};

use super::Event;
use super::names::in_camel_case;
use super::receiver::VENDOR;
use crate::SuiteTicket;

/// The prefix of SyncHTTP message types; a priority follows it.
pub(super) const SYNC_HTTP: &str = "SYNC_HTTP_PUSH_";
/// Known receivers get at most 20 rows. An event takes many times the bytes of a small row.
const MOST_ROWS: usize = 1024;
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
    if rows.len() > MOST_ROWS {
        return Err(RejectReason::Malformed("bizData"));
    }
    let plaintext: Arc<str> = Arc::from(opened.message.as_str());
    let of_message = || Parts {
        event_type: outer_type.to_owned(),
        app: Some(opened.recipient.clone()),
        plaintext: Arc::clone(&plaintext),
        ..Parts::default()
    };
    Ok(rows.into_iter().map(|row| delivery(of_row(row, of_message()))).collect())
}

/// Reads a row. What is not an object has no type: it becomes an unknown event, so the other rows are handled.
fn of_row(row: &str, parts: Parts) -> Parts {
    let Ok(row) = Members::of(row) else {
        return Parts { id: Some(hashed(row)), content: row.to_owned(), ..parts };
    };
    let created = row.millis("gmt_modified").or_else(|| row.millis("gmt_create"));
    let parts = Parts { created, tenant: row.text("corp_id"), ..parts };
    let raw = row.raw("biz_data").unwrap_or("{}");
    let text = json_in_text(raw);
    let Ok(data) = Members::of(&text) else {
        return Parts { id: Some(row_id(&row, raw)), content: raw.to_owned(), ..parts };
    };
    let event_type = data.text("syncAction").unwrap_or(parts.event_type);
    let id = data.text("eventId").unwrap_or_else(|| row_id(&row, &data.to_json()));
    let content = in_camel_case(&event_type, data.without(&["syncAction", "eventId"]).to_json());
    Parts { event_type, id: Some(id), content, ..parts }
}

/// Returns the JSON of a content. DingTalk sends it in a string; its pages print the JSON itself. No content is an
/// empty object.
pub(super) fn json_in_text(raw: &str) -> String {
    let text: String = serde_json::from_str(raw).unwrap_or_else(|_| raw.to_owned());
    if text.trim().is_empty() || text.trim() == "null" { "{}".to_owned() } else { text }
}

/// Returns an id for a row. The pages identify a row by the first four members, and a later row replaces an earlier
/// one, so the id also contains the time and a hash of the content.
fn row_id(row: &Members<'_>, data: &str) -> String {
    let names = ["subscribe_id", "corp_id", "biz_id", "biz_type", "gmt_modified"];
    let mut texts: Vec<String> = names.iter().map(|name| row.text(name).unwrap_or_default()).collect();
    texts.push(hashed(data));
    texts.join("/")
}

/// Passes the ticket of a suite, if that is the event, to its credentials.
pub(super) fn keep_ticket<'a>(delivery: &Delivery<Event>, sinks: impl IntoIterator<Item = &'a SuiteTicket>) {
    let Event::SuiteTicket(event) = delivery.event() else { return };
    let Some(ticket) = &event.suite_ticket else { return };
    sinks.into_iter().for_each(|sink| sink.set_pushed_at(ticket.expose(), delivery.created_since_epoch()));
}

fn delivery(parts: Parts) -> Delivery<Event> {
    Delivery::new(Parts { vendor: VENDOR, encrypted: true, ..parts })
}
