//! A record of handled events for all processes behind one URL.

use std::time::Duration;

use huiyi_core::event::{Claim, Seen};
use huiyi_core::{BoxFuture, StoreError};
use redis::Script;

use crate::connection::Redis;

/// Value of an event that was handled; the value of a claim is `claimed`.
const DONE: &str = "done";

/// Claims an event, or returns its state.
const CLAIM: &str = "
local known = redis.call('GET', KEYS[1])
if known then return known end
redis.call('SET', KEYS[1], 'claimed', 'PX', ARGV[1])
return false";

/// Extends a claim, unless the event is done.
const EXTEND: &str = "
if redis.call('GET', KEYS[1]) == 'claimed' then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end";

/// Ends a claim, unless the event is done.
const GIVE_UP: &str = "
if redis.call('GET', KEYS[1]) == 'claimed' then redis.call('DEL', KEYS[1]) end";

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX).clamp(1, 1 << 52)
}

impl Seen for Redis {
    fn claim<'a>(&'a self, key: &'a str, time: Duration) -> BoxFuture<'a, Result<Claim, StoreError>> {
        Box::pin(async move {
            let script = Script::new(CLAIM);
            let mut call = script.key(self.key(key, "event"));
            call.arg(millis(time));
            let known: Option<String> =
                self.run(|mut connection| async move { call.invoke_async(&mut connection).await }).await?;
            Ok(match known.as_deref() {
                None => Claim::New,
                Some(DONE) => Claim::Done,
                Some(_) => Claim::InHand,
            })
        })
    }

    fn extend<'a>(&'a self, key: &'a str, time: Duration) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let script = Script::new(EXTEND);
            let mut call = script.key(self.key(key, "event"));
            call.arg(millis(time));
            self.run(|mut connection| async move { call.invoke_async(&mut connection).await }).await
        })
    }

    fn done<'a>(&'a self, key: &'a str, keep: Duration) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let name = self.key(key, "event");
            self.run(|mut connection| async move {
                redis::cmd("SET").arg(name).arg(DONE).arg("PX").arg(millis(keep)).query_async(&mut connection).await
            })
            .await
        })
    }

    fn give_up<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let script = Script::new(GIVE_UP);
            let mut call = script.prepare_invoke();
            call.key(self.key(key, "event"));
            self.run(|mut connection| async move { call.invoke_async(&mut connection).await }).await
        })
    }
}
