//! A record of handled events for all processes behind one URL.

use std::time::Duration;

use huiyi_core::event::{Claim, Seen};
use huiyi_core::{BoxFuture, StoreError};
use redis::Script;

use crate::connection::Redis;
use crate::tokens::millis;

/// Value of an event that was handled; the value of a claim is its owner.
const DONE: &str = "done";

/// Claims an event, or returns its state.
const CLAIM: &str = "
local known = redis.call('GET', KEYS[1])
if known then return known end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return false";

/// Extends an owner's claim, unless the event is done.
const EXTEND: &str = "
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end";

/// Ends an owner's claim, unless the event is done.
const GIVE_UP: &str = "
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end";

/// Claims belong to a process: its `Redis` with all clones is one owner.
impl Seen for Redis {
    fn claim<'a>(&'a self, key: &'a str, time: Duration) -> BoxFuture<'a, Result<Claim, StoreError>> {
        Box::pin(async move {
            let script = Script::new(CLAIM);
            let mut call = script.key(self.key(key, "event"));
            call.arg(self.owner()).arg(millis(time));
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
            call.arg(self.owner()).arg(millis(time));
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
            let mut call = script.key(self.key(key, "event"));
            call.arg(self.owner());
            self.run(|mut connection| async move { call.invoke_async(&mut connection).await }).await
        })
    }
}
