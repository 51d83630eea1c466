//! The documented rate limits of operations.

use serde_json::Value;

use crate::quota::{Enforced, Quota};
use crate::spec::{Operation, Spec};

/// Windows by their names, in seconds.
const WINDOWS: [(&str, i64); 4] = [("per_second", 1), ("per_minute", 60), ("per_hour", 3_600), ("per_day", 86_400)];

impl Spec {
    /// Returns the limits of an operation: its own, or those of all operations.
    pub(crate) fn limits(&self, operation: &Operation) -> Vec<Enforced> {
        match &operation.limits {
            Some(own) => read(own, false),
            None => {
                let general = self.document.member("x-rate-limit");
                let scope = general["scope"].as_str().unwrap_or_default();
                read(general, !scope.contains("API"))
            }
        }
    }
}

fn read(limits: &Value, together: bool) -> Vec<Enforced> {
    let quotas = WINDOWS.iter().filter_map(|(name, window_seconds)| {
        let calls = u32::try_from(limits[*name].as_u64()?).ok()?;
        Some(Enforced { quota: Quota { calls, window_seconds: *window_seconds }, together })
    });
    quotas.collect()
}

#[cfg(test)]
mod tests {
    use crate::quota::Quota;
    use crate::server::Vendor;
    use crate::spec::of;

    fn limits(vendor: Vendor, id: &str) -> Vec<(u32, i64, bool)> {
        let operation = of(vendor).operations().find(|operation| operation.id == id);
        let limits = operation.map(|operation| of(vendor).limits(operation)).unwrap_or_default();
        let tuple = |Quota { calls, window_seconds }: Quota| (calls, window_seconds);
        limits.iter().map(|limit| (tuple(limit.quota).0, tuple(limit.quota).1, limit.together)).collect()
    }

    #[test]
    fn an_operation_has_its_own_limits_or_those_of_all() {
        assert_eq!(limits(Vendor::Feishu, "get_meeting"), [(50, 1, false), (1000, 60, false)]);
        assert_eq!(limits(Vendor::DingTalk, "get_video_conference"), [(20, 1, false)]);
        assert_eq!(limits(Vendor::WeCom, "create_meeting"), [(10_000, 60, false), (150_000, 3_600, false)]);
        assert_eq!(limits(Vendor::Tencent, "get_meeting"), [(300, 60, true), (200_000, 86_400, true)]);
    }
}
