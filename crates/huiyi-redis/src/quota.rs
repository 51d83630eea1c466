//! Quotas that several processes share. Windows are as exact as in one process; each call needs one round trip.
//!
//! A window is a sorted set of the calls that count in it, ordered by the time at which they leave it. Times are
//! milliseconds of Redis's own clock, so differences between the processes' clocks do not matter.
//!
//! A call is the number that its process has chosen. No two calls have the same, whatever operation they are of, so
//! windows that several operations share count each of them.

use std::time::Duration;

use huiyi_core::quota::{Ended, Reserved, SharedQuota, SharedQuotaError, SharedWindow};
use huiyi_core::{BoxFuture, StoreError};
use redis::{Script, ScriptInvocation};

use crate::connection::Redis;

/// Begins each script.
const COMMON: &str = "
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function count(key, call, leaves)
  redis.call('ZADD', key, leaves, call)
  if redis.call('PTTL', key) < leaves - now then redis.call('PEXPIRE', key, leaves - now + 1000) end
end
";

/// Takes a permit in all windows, or returns how long to wait. A call whose end is never reported leaves after
/// `longest`. The last key is that of calls that were given up.
const RESERVE: &str = "
local call, longest, ahead = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
if redis.call('EXISTS', KEYS[#KEYS]) == 1 then return {0, 1} end
local wait = 0
for index = 1, #KEYS - 1 do
  local key, calls, length = KEYS[index], tonumber(ARGV[2 * index + 2]), tonumber(ARGV[2 * index + 3])
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
  local used = redis.call('ZCARD', key)
  if used >= calls then
    local rank = used - calls + ahead % calls
    local first = redis.call('ZRANGE', key, math.min(rank, used - 1), math.min(rank, used - 1), 'WITHSCORES')
    local left = math.min(tonumber(first[2]) - now, length)
    wait = math.max(wait, left + math.floor(ahead / calls) * length)
  end
end
if wait > 0 then return {0, wait} end
for index = 1, #KEYS - 1 do count(KEYS[index], call, now + longest + tonumber(ARGV[2 * index + 3])) end
return {1, 0}";

/// Ends a call that was sent: it leaves each window one window length after its end. It is counted even if it was not
/// before.
const SENT: &str = "
local call, ended = ARGV[1], now + 1 - tonumber(ARGV[2])
for index, key in ipairs(KEYS) do
  local leaves = ended + tonumber(ARGV[index + 2])
  if leaves > now then count(key, call, leaves) else redis.call('ZREM', key, call) end
end
return 1";

/// Ends a call that was not sent. If it is not counted, its `RESERVE` may still be on the way, over another connection;
/// the last key prevents it.
const NOT_SENT: &str = "
local found = 0
for index = 1, #KEYS - 1 do found = found + redis.call('ZREM', KEYS[index], ARGV[1]) end
if found == 0 then redis.call('SET', KEYS[#KEYS], '', 'PX', 60000) end
return 1";

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX).min(1 << 50)
}

/// Prepares a script with the windows as keys and the call as the first argument.
fn invocation<'s>(script: &'s Script, redis: &Redis, windows: &[SharedWindow], call: &str) -> ScriptInvocation<'s> {
    let mut invocation = script.prepare_invoke();
    for window in windows {
        // All windows use the same cluster slot, because a call counts in several.
        invocation.key(redis.key("quota", &window.key));
    }
    invocation.arg(call);
    invocation
}

/// Returns the name under which a call that was given up is remembered.
fn given_up(call: &str) -> String {
    format!("given up:{call}")
}

impl SharedQuota for Redis {
    fn reserve<'a>(
        &'a self,
        windows: &'a [SharedWindow],
        permit: u64,
        longest: Duration,
        ahead: u32,
    ) -> BoxFuture<'a, Result<Reserved, SharedQuotaError>> {
        Box::pin(async move {
            let script = Script::new(&[COMMON, RESERVE].concat());
            let call = format!("{permit:x}");
            let mut invocation = invocation(&script, self, windows, &call);
            invocation.key(self.key("quota", &given_up(&call))).arg(millis(longest)).arg(ahead);
            for window in windows {
                invocation.arg(window.calls).arg(millis(window.length).max(1));
            }
            let (granted, wait): (bool, u64) =
                self.run(|mut connection| async move { invocation.invoke_async(&mut connection).await }).await?;
            Ok(if granted { Reserved::Granted } else { Reserved::Wait(Duration::from_millis(wait)) })
        })
    }

    fn settle<'a>(
        &'a self,
        windows: &'a [SharedWindow],
        permit: u64,
        ended: Ended,
        ago: Duration,
    ) -> BoxFuture<'a, Result<(), SharedQuotaError>> {
        Box::pin(async move {
            let script = Script::new(&match ended {
                Ended::Sent => [COMMON, SENT].concat(),
                Ended::NotSent => [COMMON, NOT_SENT].concat(),
            });
            let call = format!("{permit:x}");
            let mut invocation = invocation(&script, self, windows, &call);
            match ended {
                Ended::Sent => {
                    invocation.arg(millis(ago));
                    for window in windows {
                        invocation.arg(millis(window.length).max(1));
                    }
                }
                Ended::NotSent => {
                    invocation.key(self.key("quota", &given_up(&call)));
                }
            }
            let done: Result<i64, StoreError> =
                self.run(|mut connection| async move { invocation.invoke_async(&mut connection).await }).await;
            Ok(done.map(drop)?)
        })
    }

    fn processes(&self) -> u32 {
        self.replicas
    }
}
