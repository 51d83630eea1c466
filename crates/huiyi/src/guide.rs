//! The guide, chapter by chapter; [`zh`] is the Chinese version (中文). Every program in it compiles.
//!
//! 1. [First call](first_call)
//! 2. [Credentials and tokens](credentials)
//! 3. [Settings and logs](settings)
//! 4. [Errors and retries](errors)
//! 5. [Quotas](quotas)
//! 6. [Paging and downloads](paging)
//! 7. [Receiving events](events)
//! 8. [Times and ids](times_and_ids)
//! 9. [Many users, tenants and processes](many_users)
//! 10. [Testing your application](testing)
//! 11. [Following a vendor's change](vendor_changes)

/// Adds a chapter in both languages.
macro_rules! chapters {
    ($($name:ident = $file:literal, $title:literal, $chinese:literal;)+) => {
        $(
            #[doc = include_str!(concat!("../docs/", $file, ".md"))]
            #[doc(alias = $chinese)]
            pub mod $name {}
        )+

        /// 指南（中文）。
        pub mod zh {
            $(
                #[doc = include_str!(concat!("../docs/", $file, ".zh-CN.md"))]
                pub mod $name {}
            )+
        }
    };
}

chapters! {
    first_call = "first-call", "First call", "第一次调用";
    credentials = "credentials", "Credentials and tokens", "凭证与令牌";
    settings = "settings", "Settings and logs", "设置与日志";
    errors = "errors", "Errors and retries", "错误与重试";
    quotas = "quotas", "Quotas", "频控";
    paging = "paging", "Paging and downloads", "翻页与下载";
    events = "events", "Receiving events", "接收事件";
    times_and_ids = "times-and-ids", "Times and ids", "时间与 ID";
    many_users = "many-users", "Many users, tenants and processes", "多用户、多租户与多进程";
    testing = "testing", "Testing your application", "测试你的应用";
    vendor_changes = "vendor-changes", "Following a vendor's change", "跟进厂商的变化";
}
