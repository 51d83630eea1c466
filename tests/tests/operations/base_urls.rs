//! A base URL that repeats the path of every operation is refused before anything is sent.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use huiyi_core::BuildError;
use huiyi_mock::Vendor;
use huiyi_tests::subject::Subject;

/// Builds a client with this base URL.
fn build(vendor: Vendor, url: &str) -> Result<(), BuildError> {
    let subject = Subject::new(vendor, url);
    match vendor {
        Vendor::Feishu => subject.feishu().base_url(url).build().map(drop),
        Vendor::WeCom => subject.wecom().base_url(url).build().map(drop),
        Vendor::DingTalk => subject.dingtalk().base_url(url).build().map(drop),
        Vendor::Tencent => subject.tencent().base_url(url).build().map(drop),
    }
}

const HOSTS: [(Vendor, &str, &str); 6] = [
    (Vendor::Feishu, "https://open.feishu.cn", "open-apis"),
    (Vendor::Feishu, "https://open.larksuite.com", "open-apis"),
    (Vendor::WeCom, "https://qyapi.weixin.qq.com", "cgi-bin"),
    (Vendor::DingTalk, "https://api.dingtalk.com", "v1.0"),
    (Vendor::DingTalk, "https://api.dingtalk.io", "v1.0"),
    (Vendor::Tencent, "https://api.meeting.qq.com", "v1"),
];

#[test]
fn the_prefix_of_the_operations_is_no_part_of_a_base_url() {
    for (vendor, host, prefix) in HOSTS {
        for url in [format!("{host}/{prefix}"), format!("{host}/{prefix}/"), format!("{host}/{prefix}/more")] {
            let error = build(vendor, &url).unwrap_err().to_string();

            assert!(error.contains(&format!("begin with `/{prefix}` already")), "{url}: {error}");
        }
    }
}

#[test]
fn the_vendors_host_and_a_proxys_path_are_accepted() {
    for (vendor, host, prefix) in HOSTS {
        for url in [host.to_owned(), format!("{host}/"), format!("https://proxy.example/{prefix}")] {
            // Without TLS, it is refused for another reason.
            let refusal = build(vendor, &url).err();
            assert!(!matches!(refusal, Some(BuildError::BaseUrl { .. })), "{url}: {refusal:?}");
        }
    }
}
