//! Quotas that several processes share. Windows are as exact as in one process; each call needs one round trip.
//!
//! A window is a sorted set of the calls that count in it, ordered by the time at which they leave it. Times are
//! milliseconds of Redis's own clock, so differences between the processes' clocks do not matter.

use std::time::Duration;

use huiyi_core::quota::{Ended, Reserved, SharedQuota, SharedQuotaError, SharedWindow};
use huiyi_core::{BoxFuture, StoreError};
use redis::{Script, ScriptInvocation};

use crate::connection::Redis;

/// Takes a permit in all windows, or returns how long to wait. A call whose end is never reported leaves after
/// `longest`.
const RESERVE: &str = "
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local longest, ahead = tonumber(ARGV[1]), tonumber(ARGV[2])
local wait = 0
for index, key in ipairs(KEYS) do
  local calls, length = tonumber(ARGV[2 * index + 1]), tonumber(ARGV[2 * index + 2])
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
local permit = redis.call('INCR', KEYS[1] .. ':permits')
redis.call('PEXPIRE', KEYS[1] .. ':permits', 366 * 86400000)
for index, key in ipairs(KEYS) do
  local length = tonumber(ARGV[2 * index + 2])
  redis.call('ZADD', key, now + longest + length, ARGV[#ARGV] .. ':' .. permit)
  redis.call('PEXPIRE', key, longest + length + 1000)
end
return {1, permit}";

/// Ends a call that was sent: it leaves each window one window length from now.
const SENT: &str = "
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000) + 1
for index, key in ipairs(KEYS) do
  redis.call('ZADD', key, 'XX', now + tonumber(ARGV[index]), ARGV[#ARGV])
end
return 1";

/// Ends a call that was not sent.
const NOT_SENT: &str = "
for index, key in ipairs(KEYS) do redis.call('ZREM', key, ARGV[1]) end
return 1";

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX).min(1 << 50)
}

impl Redis {
    fn windows<'s>(&self, script: &'s Script, windows: &[SharedWindow]) -> ScriptInvocation<'s> {
        let mut call = script.prepare_invoke();
        for window in windows {
            // All windows use the same cluster slot, because a call counts in several.
            call.key(self.key("quota", &window.key));
        }
        call
    }
}

impl SharedQuota for Redis {
    fn reserve<'a>(
        &'a self,
        windows: &'a [SharedWindow],
        longest: Duration,
        ahead: u32,
    ) -> BoxFuture<'a, Result<Reserved, SharedQuotaError>> {
        Box::pin(async move {
            let script = Script::new(RESERVE);
            let mut call = self.windows(&script, windows);
            call.arg(millis(longest)).arg(ahead);
            for window in windows {
                call.arg(window.calls).arg(millis(window.length).max(1));
            }
            call.arg("p");
            let (granted, number): (bool, u64) =
                self.run(|mut connection| async move { call.invoke_async(&mut connection).await }).await?;
            Ok(if granted { Reserved::Granted(number) } else { Reserved::Wait(Duration::from_millis(number)) })
        })
    }

    fn settle<'a>(
        &'a self,
        windows: &'a [SharedWindow],
        permit: u64,
        ended: Ended,
    ) -> BoxFuture<'a, Result<(), SharedQuotaError>> {
        Box::pin(async move {
            let script = Script::new(match ended {
                Ended::Sent => SENT,
                Ended::NotSent => NOT_SENT,
            });
            let mut call = self.windows(&script, windows);
            if ended == Ended::Sent {
                for window in windows {
                    call.arg(millis(window.length).max(1));
                }
            }
            call.arg(format!("p:{permit}"));
            let done: Result<i64, StoreError> =
                self.run(|mut connection| async move { call.invoke_async(&mut connection).await }).await;
            Ok(done.map(drop)?)
        })
    }

    fn processes(&self) -> u32 {
        self.replicas
    }
}
