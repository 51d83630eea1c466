//! A program that runs sandboxes of the vendors, for clients in any language, and prints their addresses and
//! credentials.

use std::process::ExitCode;

use huiyi_mock::{Sandbox, Vendor, credentials};

const USAGE: &str = "\
usage: huiyi-sandbox [--vendor feishu|wecom|dingtalk|tencent] [--port PORT] [--events URL] [--no-quotas]

Without --vendor all four are started, on PORT and the three ports after it (8080 by default).
Events are pushed to URL. Requests to `/_sandbox` do what no API does, such as letting a user join.
";

/// The options of the command line.
struct Options {
    vendors: Vec<Vendor>,
    port: u16,
    events: Option<String>,
    keeps_quotas: bool,
}

impl Options {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self { vendors: Vendor::ALL.to_vec(), port: 8080, events: None, keeps_quotas: true };
        while let Some(name) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{name} needs a value"));
            match name.as_str() {
                "--vendor" => options.vendors = vec![vendor(&value()?)?],
                "--port" => options.port = port(&value()?)?,
                "--events" => options.events = Some(value()?),
                "--no-quotas" => options.keeps_quotas = false,
                other => return Err(format!("unknown option `{other}`")),
            }
        }
        Ok(options)
    }
}

fn port(text: &str) -> Result<u16, String> {
    text.parse().map_err(|_| format!("--port: `{text}` is not a port number"))
}

fn vendor(name: &str) -> Result<Vendor, String> {
    Ok(match name {
        "feishu" => Vendor::Feishu,
        "wecom" => Vendor::WeCom,
        "dingtalk" => Vendor::DingTalk,
        "tencent" => Vendor::Tencent,
        other => return Err(format!("{other} is not one of the vendors")),
    })
}

/// Returns the environment variables that a client needs.
fn environment(vendor: Vendor, base_url: &str) -> Vec<(&'static str, String)> {
    let own = |value: &str| value.to_owned();
    match vendor {
        Vendor::Feishu => {
            let app = credentials::FEISHU;
            vec![
                ("FEISHU_BASE_URL", own(base_url)),
                ("FEISHU_APP_ID", own(app.app_id)),
                ("FEISHU_APP_SECRET", own(app.app_secret)),
                ("FEISHU_ENCRYPT_KEY", own(app.encrypt_key)),
                ("FEISHU_VERIFICATION_TOKEN", own(app.verification_token)),
            ]
        }
        Vendor::WeCom => {
            let app = credentials::WECOM;
            vec![
                ("WECOM_BASE_URL", own(base_url)),
                ("WECOM_CORP_ID", own(app.corpid)),
                ("WECOM_CORP_SECRET", own(app.secret)),
                ("WECOM_EVENT_TOKEN", own(app.event_token)),
                ("WECOM_EVENT_AES_KEY", own(app.event_aes_key)),
            ]
        }
        Vendor::DingTalk => {
            let app = credentials::DINGTALK;
            vec![
                ("DINGTALK_BASE_URL", own(base_url)),
                ("DINGTALK_APP_KEY", own(app.app_key)),
                ("DINGTALK_APP_SECRET", own(app.secret)),
                ("DINGTALK_CORP_ID", own(app.corp_id)),
                ("DINGTALK_EVENT_TOKEN", own(app.event_token)),
                ("DINGTALK_EVENT_AES_KEY", own(app.event_aes_key)),
            ]
        }
        Vendor::Tencent => {
            let app = credentials::TENCENT;
            vec![
                ("TENCENT_MEETING_BASE_URL", own(base_url)),
                ("TENCENT_MEETING_APP_ID", own(app.app_id)),
                ("TENCENT_MEETING_SDK_ID", own(app.sdk_id)),
                ("TENCENT_MEETING_SECRET_ID", own(app.secret_id)),
                ("TENCENT_MEETING_SECRET_KEY", own(app.secret_key)),
                ("TENCENT_EVENT_TOKEN", own(app.event_token)),
                ("TENCENT_EVENT_AES_KEY", own(app.event_aes_key)),
            ]
        }
    }
}

async fn start(options: &Options) -> std::io::Result<Vec<Sandbox>> {
    let mut sandboxes = Vec::new();
    for (vendor, offset) in options.vendors.iter().zip(0..) {
        let mut builder = Sandbox::builder(*vendor);
        if options.port != 0 {
            builder = builder.port(options.port.saturating_add(offset));
        }
        if !options.keeps_quotas {
            builder = builder.without_quotas();
        }
        let sandbox = builder.start().await?;
        if let Some(url) = &options.events {
            sandbox.push_to(url);
        }
        println!("# {vendor:?}: {}/_sandbox", sandbox.base_url());
        for (name, value) in environment(*vendor, &sandbox.base_url()) {
            println!("export {name}='{value}'");
        }
        sandboxes.push(sandbox);
    }
    Ok(sandboxes)
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = match Options::read(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(reason) => {
            eprint!("{reason}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match start(&options).await {
        Ok(_sandboxes) => {
            // An error means that there are no signals on this system; then the program runs until it is killed.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("a port cannot be opened: {error}");
            ExitCode::FAILURE
        }
    }
}
