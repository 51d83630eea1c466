//! A tour of the four vendors through the facade.
//!
//! Without arguments it starts loopback servers in this process that behave like the vendors: they issue tokens,
//! refuse wrong ones, verify Tencent's signature and answer with the examples of the vendors' pages. With `--live`
//! it calls the real vendors with credentials and ids from the environment.

mod dingtalk;
mod feishu;
mod live;
mod table;
mod tencent;
mod wecom;

use std::error::Error;
use std::process::ExitCode;

use huiyi_mock::{Loopback, Vendor};

use crate::table::Table;

const HELP: &str = "\
usage: cargo run --example tour [-- options]

  --live                        call the real vendors; credentials come from the environment
  --tencent-secret-key <key>    sign Tencent Meeting's calls with another key, to see them refused
";

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut live = false;
    let mut tencent_key = None;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--live" => live = true,
            "--tencent-secret-key" => tencent_key = arguments.next(),
            _ => {
                print!("{HELP}");
                return Ok(if argument == "--help" { ExitCode::SUCCESS } else { ExitCode::from(2) });
            }
        }
    }
    if live { live::run().await } else { loopback(tencent_key).await }
}

/// Calls every operation, and one failing call per vendor, on loopback servers.
async fn loopback(tencent_key: Option<String>) -> Result<ExitCode, Box<dyn Error>> {
    let mut table = Table::default();
    let server = Loopback::start(Vendor::Feishu).await?;
    feishu::tour(&server, &mut table).await?;
    let server = Loopback::start(Vendor::WeCom).await?;
    wecom::tour(&server, &mut table).await?;
    let server = Loopback::start(Vendor::DingTalk).await?;
    dingtalk::tour(&server, &mut table).await?;
    let server = Loopback::start(Vendor::Tencent).await?;
    tencent::tour(&server, &mut table, tencent_key).await?;
    table.print();
    Ok(if table.is_as_expected() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
