//! A whole meeting by the vendors' official SDKs for Python.
//!
//! `HUIYI_PYTHON` names an interpreter of a virtual environment, into which missing SDKs are installed. Without it,
//! `python3` is used, and the tests of missing SDKs are skipped.

use std::process::Command;

use huiyi_mock::{Sandbox, Vendor, credentials};

/// Returns an interpreter that has a module; if there is none, prints the reason.
fn python(module: &str, package: &str) -> Option<String> {
    let named = std::env::var("HUIYI_PYTHON").ok();
    let python = named.clone().unwrap_or_else(|| "python3".to_owned());
    let succeeds =
        |arguments: &[&str]| Command::new(&python).args(arguments).output().is_ok_and(|output| output.status.success());
    let import = ["-c", &format!("import {module}")];
    let install = ["-m", "pip", "install", "--quiet", "--timeout", "10", package];
    let is_there = succeeds(&import) || (named.is_some() && succeeds(&install) && succeeds(&import));
    if !is_there {
        println!("skipped: {python} does not have {package}");
    }
    is_there.then_some(python)
}

async fn runs(script: &str, module: &str, package: &str, arguments: &[&str]) {
    let Some(python) = tokio::task::block_in_place(|| python(module, package)) else { return };
    let script = format!("{}/tests/sandbox/{script}", env!("CARGO_MANIFEST_DIR"));
    let run = || Command::new(python).arg(script).args(arguments).output();
    let output = tokio::task::block_in_place(run).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test(flavor = "multi_thread")]
async fn feishu() {
    let sandbox = Sandbox::start(Vendor::Feishu).await.unwrap();
    let app = credentials::FEISHU;
    let arguments = [&sandbox.base_url(), app.app_id, app.app_secret];
    runs("feishu_sdk.py", "lark_oapi", "lark-oapi", &arguments).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tencent() {
    let sandbox = Sandbox::start(Vendor::Tencent).await.unwrap();
    let app = credentials::TENCENT;
    let arguments = [&sandbox.base_url(), app.app_id, app.sdk_id, app.secret_id, app.secret_key];
    runs("tencent_sdk.py", "wemeet_openapi", "wemeet-openapi-sdk-python", &arguments).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dingtalk() {
    let sandbox = Sandbox::start(Vendor::DingTalk).await.unwrap();
    let app = credentials::DINGTALK;
    let arguments = [&sandbox.base_url(), app.app_key, app.secret];
    runs("dingtalk_sdk.py", "alibabacloud_dingtalk", "alibabacloud-dingtalk", &arguments).await;
}
