//! The clients keep the quotas of the vendors' pages.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use huiyi_mock::Vendor;
use huiyi_tests::fault_matrix::{calls, family};

#[test]
fn the_documented_quotas_are_those_of_the_clients() {
    let tables = [
        (Vendor::Feishu, huiyi_feishu::Client::operations()),
        (Vendor::WeCom, huiyi_wecom::Client::operations()),
        (Vendor::DingTalk, huiyi_dingtalk::Client::operations()),
        (Vendor::Tencent, huiyi_tencent::Client::operations()),
    ];
    for (vendor, table) in tables {
        let [read, _] = calls(vendor);
        let operation = table.iter().find(|operation| operation.id == read.operation).unwrap();
        let limits = operation.limits.iter().map(|limit| (limit.requests, limit.per_seconds, limit.shared));
        let limits: Vec<_> = limits.collect();
        let expected: &[(u32, u32, bool)] = match vendor {
            Vendor::Feishu => &[(50, 1, false), (1000, 60, false)],
            Vendor::WeCom => &[(10_000, 60, false), (150_000, 3600, false)],
            Vendor::DingTalk => &[(20, 1, false)],
            Vendor::Tencent => &[(300, 60, true), (200_000, 86_400, true)],
        };
        assert_eq!(limits, expected, "{}", family(vendor).name);
    }
}

/// The quota of an operation's page comes on top of the app's quota.
#[test]
fn every_operation_of_tencent_is_counted_with_the_others() {
    let common = [(300, 60, true), (200_000, 86_400, true)];
    let per_minute = |requests| vec![(requests, 60, false), common[0], common[1]];
    for operation in huiyi_tencent::Client::operations() {
        let limits = operation.limits.iter().map(|limit| (limit.requests, limit.per_seconds, limit.shared));
        let limits: Vec<(u32, u32, bool)> = limits.collect();
        let expected = match operation.id {
            "create_oauth_token" | "refresh_oauth_token" | "get_oauth_user_info" => vec![],
            "prepare_record_upload" | "upload_record_file" | "upload_record_part" | "finish_record_upload" => {
                per_minute(200)
            }
            "list_admin_logs" | "upload_log_public_key" => per_minute(100),
            _ if operation.path.starts_with("/v1/corp/") => per_minute(100),
            // 2,000 per hour and user, and 30 per minute and meeting, cannot be counted here.
            _ => common.to_vec(),
        };
        assert_eq!(limits, expected, "{}", operation.id);
    }
}
