#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::atomic::{AtomicU32, Ordering};

use super::*;
use crate::Settings;
use crate::clock::BoxFuture;
use crate::clock::paused::Paused;
use crate::identity::Identity;
use crate::operation::Limit;
use crate::token::TokenSource;
use crate::vendor::Vendor;

/// Gives one token; a second one never comes.
#[derive(Default)]
struct Once(AtomicU32);

impl TokenSource for Once {
    fn token(&self) -> BoxFuture<'_, Result<Token, Error>> {
        let asked = self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move {
            if asked > 0 {
                std::future::pending::<()>().await;
            }
            Ok(Token::new("t"))
        })
    }

    fn reject<'a>(&'a self, _token: &'a Token) -> BoxFuture<'a, bool> {
        Box::pin(async { false })
    }
}

static ROOMS: Operation = Operation {
    id: "list_rooms",
    path: "/rooms",
    idempotent: true,
    tokens: &["app"],
    limits: &[Limit { requests: 1, per_seconds: 60, shared: false }],
    ..Operation::NONE
};

static VENDOR: Vendor = Vendor { name: "vendor", custom: &ROOMS, default_url: "http://127.0.0.1:9", ..Vendor::NONE };

/// After a long wait for its permit, a call requests its token again. If it gives up then, it was not sent.
#[tokio::test(start_paused = true)]
async fn a_call_that_gives_up_before_it_is_sent_gives_its_permit_back() {
    let mut settings = Settings::default();
    settings.set_clock(Arc::new(Paused::default()));
    let transport = settings.transport(&VENDOR, "0").unwrap();
    let clock = Arc::clone(transport.clock());
    let source = Arc::new(Once::default());
    let identity = Identity::none().with_token("app", source.clone(), |_, _, _| Ok(()));
    let session = settings.session(transport, identity);
    session.quotas().enter(&ROOMS, None).await.unwrap().settle();
    let request = (Method::GET, "http://127.0.0.1:9/rooms".parse().unwrap(), HeaderMap::new(), Content::None);
    let call = Call::new(session.clone(), &ROOMS, "list_rooms".into(), true, None, false, request).unwrap();

    assert!(tokio::time::timeout(Duration::from_secs(90), call.run()).await.is_err());
    assert_eq!(source.0.load(Ordering::Relaxed), 2);
    session.quotas().enter(&ROOMS, None).await.unwrap().settle();

    assert_eq!(clock.monotonic(), Duration::from_secs(90));
}
