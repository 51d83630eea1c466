//! Tickets and secrets of long connections do not appear in anything that can be printed or logged.
//!
//! This is a program of its own, because it catches what all threads log.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::Write;
use std::sync::{Arc, Mutex};

use huiyi_mock::{AskFault, Break, Gateway};

#[path = "long/side.rs"]
#[allow(dead_code, unused_macros, unused_imports, reason = "the tests of long connections use all of it")]
mod side;

use side::{DingTalk, Feishu, Side, Told, connector, content};

#[tokio::test]
async fn nothing_shows_a_ticket_or_a_secret() {
    log::set_logger(&Logger).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false);
    tracing::subscriber::set_global_default(subscriber.with_writer(move || writer.clone()).finish()).unwrap();

    side::ends(async {
        for printed in [run::<Feishu>().await, run::<DingTalk>().await] {
            assert!(!printed.is_empty() && !printed.contains("sentinel"), "{printed}");
        }
    })
    .await;

    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(logged.contains("huiyi.connection") && logged.contains("is opened again"), "{logged}");
    assert!(!logged.contains("sentinel"), "{logged}");
    let below = LOGGED.lock().unwrap().clone();
    assert!(below.contains("tungstenite") && !below.contains("sentinel"), "{below}");
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The log of the libraries below.
static LOGGED: Mutex<String> = Mutex::new(String::new());

struct Logger;

impl log::Log for Logger {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        *LOGGED.lock().unwrap() += &format!("{} {}\n", record.target(), record.args());
    }

    fn flush(&self) {}
}

/// Puts a client of this vendor through all kinds of trouble, and returns everything that it can print.
async fn run<S: Side>() -> String {
    let gateway = Gateway::start(S::VENDOR).await.unwrap();
    let told = Told::default();
    let connector = connector::<S>(&gateway, S::SECRET).on_incident(told.note());
    let watch = connector.watch();
    let mut printed = format!("{connector:?} {watch:?}");
    let host = gateway.base_url().replace("http://", "");
    let ticket = "ticket-sentinel/0";
    for (status, body) in [
        (
            200,
            format!(
                r#"{{"code":0,"data":{{"URL":"http://{host}/?ticket={ticket}"}},"endpoint":"x{host}","ticket":"{ticket}"}}"#
            ),
        ),
        (
            200,
            format!(
                r#"{{"code":0,"data":{{"URL":"wss://{host}/?ticket={ticket}"}},"endpoint":"wss://{host}/c","ticket":"{ticket}"}}"#
            ),
        ),
        (200, format!(r#"{{"code":0,"data":{{"URL":["{ticket}"]}},"endpoint":["{ticket}"],"ticket":"{ticket}"}}"#)),
        (500, format!(r#"{{"code":"1","msg":"{secret} is odd","message":"{secret} is odd"}}"#, secret = S::SECRET)),
    ] {
        gateway.fault(AskFault::Answer(status, body));
    }
    gateway.fault(AskFault::NotUpgraded(401, vec![("Handshake-Msg".to_owned(), ticket.to_owned())]));
    let mut connection = connector.connect().unwrap();
    gateway.push(S::EVENT_TYPE, "1", &content(100));
    let arrival = connection.next().await.unwrap().unwrap();
    printed += &format!("{connection:?} {arrival:?} {watch:?}");
    arrival.ack();
    gateway.break_all(Break::Reset);
    gateway.until(|tally| tally.opened == 2).await;
    printed += &format!("{:?} {}", watch.state(), told.text());
    assert!(watch.stats().refusals >= 5, "{:?}\n{}", watch.stats(), told.text());
    printed
}
