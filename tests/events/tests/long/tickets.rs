//! Tickets that arrive over a long connection and update the client's credentials.

use std::time::Duration;

use huiyi_core::secrecy::ExposeSecret;
use huiyi_dingtalk::events::{Delivery, Event};
use huiyi_dingtalk::{Client, SuiteTicket};
use huiyi_mock::{Gateway, Vendor, credentials, shared_http};

use crate::side::ends;

fn text_of(ticket: &SuiteTicket) -> Option<String> {
    ticket.get().map(|ticket| ticket.expose_secret().to_owned())
}

#[tokio::test]
async fn dingtalks_suite_ticket_is_set_before_the_event_is_handed_on() {
    ends(async {
        let app = credentials::DINGTALK;
        let gateway = Gateway::start(Vendor::DingTalk).await.unwrap();
        gateway.repeat_after(Duration::from_secs(60));
        let ticket = SuiteTicket::default();
        let builder = Client::builder().app(app.app_key, app.secret).suite(ticket.clone(), app.corp_id);
        let client = builder.base_url(gateway.base_url()).http_client(shared_http(Vendor::DingTalk)).build().unwrap();
        let mut connection = client.events().connect().unwrap();
        gateway.push("suite_ticket", "1", r#"{"suiteTicket":"ticket-1"}"#);
        let arrival = connection.next().await.unwrap().unwrap();
        let delivery: &Delivery<Event> = arrival.delivery();

        assert!(matches!(delivery.event(), Event::SuiteTicket(_)));
        assert_eq!(text_of(&ticket).as_deref(), Some("ticket-1"));

        arrival.ack();
        gateway.push("suite_ticket", "2", "{}");
        gateway.push("meeting_status_change", "3", r#"{"suiteTicket":"ticket-3"}"#);
        for _ in 0..2 {
            connection.next().await.unwrap().unwrap().ack();
        }
        assert_eq!((text_of(&ticket).as_deref(), ticket.count()), (Some("ticket-1"), 1));
    })
    .await;
}
