//! A client of long connections in a process of its own, so that its memory is not that of the gateway.

use std::collections::HashMap;
use std::io::{Error, Result, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use huiyi_core::event::{Connector, EventSet, Tempo, Watch};
use huiyi_mock::credentials;
use serde::{Deserialize, Serialize};

use crate::Vendor;

/// The environment variable that tells a process what to do: the vendor, the base URL, and in milliseconds how long
/// a handler takes and after how long silence is noticed, with blanks between them.
const TASK: &str = "HUIYI_CLIENT_APART";

/// What the client says when it has ended.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Account {
    /// By how much its resident memory grew at most, in KiB, since it was connected.
    pub grown_kib: u64,
    /// How many different events were handled.
    pub handled: usize,
    /// How many of them were handled more than once.
    pub twice: usize,
    /// The connections that it opened.
    pub connections: u64,
    /// The longest time without an open connection, in milliseconds.
    pub longest_gap_ms: u128,
    /// The time of the processor that it used since it was connected, in milliseconds.
    pub cpu_ms: u64,
}

/// A client that runs.
#[derive(Debug)]
pub struct Apart {
    child: Child,
    stop: Option<ChildStdin>,
}

impl Apart {
    /// Starts this program again, with these arguments, as a client of the gateway. Its handler takes `handler`, and
    /// it replaces a connection that is silent for `silence`.
    ///
    /// # Errors
    ///
    /// If the program cannot be started.
    pub fn start(
        vendor: Vendor,
        base_url: &str,
        handler: Duration,
        silence: Duration,
        arguments: &[&str],
    ) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(arguments)
            .env(TASK, format!("{vendor:?} {base_url} {} {}", handler.as_millis(), silence.as_millis()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stop = child.stdin.take();
        Ok(Self { child, stop })
    }

    /// Stops it, and returns what it says.
    ///
    /// # Errors
    ///
    /// If it failed.
    pub fn stop(mut self) -> Result<Account> {
        drop(self.stop.take());
        let output = self.child.wait_with_output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let account = text.lines().find_map(|line| line.split_once("account: ")).map(|(_, account)| account);
        let account = account.ok_or_else(|| Error::other(format!("{}: {text}", output.status)))?;
        serde_json::from_str(account).map_err(Error::other)
    }
}

/// If this process was started as a client, is one until it is stopped. Returns whether it was.
///
/// # Errors
///
/// If the task cannot be read, or the client cannot connect.
pub fn serve_if_asked() -> Result<bool> {
    let Ok(task) = std::env::var(TASK) else { return Ok(false) };
    let parts: Vec<&str> = task.split(' ').collect();
    let [vendor, base_url, handler, silence] = parts[..] else { return Err(Error::other(task)) };
    let millis = |text: &str| text.parse().map(Duration::from_millis).map_err(Error::other);
    let (handler, silence) = (millis(handler)?, millis(silence)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let account = runtime.block_on(async {
        match vendor {
            "Feishu" => run(feishu(base_url).map_err(Error::other)?, handler, silence).await,
            "DingTalk" => run(dingtalk(base_url).map_err(Error::other)?, handler, silence).await,
            _ => Err(Error::other(task.clone())),
        }
    })?;
    // Not by a macro: a test's output is captured.
    writeln!(std::io::stdout(), "\naccount: {}", serde_json::to_string(&account).map_err(Error::other)?)?;
    Ok(true)
}

/// A connector of a Feishu app.
///
/// # Errors
///
/// If the base URL is none.
fn feishu(base_url: &str) -> std::result::Result<Connector<huiyi_feishu::events::Event>, huiyi_core::BuildError> {
    let app = credentials::FEISHU;
    Ok(huiyi_feishu::Client::builder().app(app.app_id, app.app_secret).base_url(base_url).build()?.events())
}

/// A connector of a DingTalk app.
///
/// # Errors
///
/// If the base URL is none.
fn dingtalk(base_url: &str) -> std::result::Result<Connector<huiyi_dingtalk::events::Event>, huiyi_core::BuildError> {
    let app = credentials::DINGTALK;
    Ok(huiyi_dingtalk::Client::builder().app(app.app_key, app.secret).base_url(base_url).build()?.events())
}

/// Notices silence within this time, for a gateway that pings every second. The pauses are the default ones.
fn notices(tempo: &mut Tempo, silence: Duration) {
    tempo.probe = silence / 2;
    tempo.patience = silence / 2;
    tempo.quiet = Some(silence);
}

async fn run<E: EventSet>(connector: Connector<E>, handler: Duration, silence: Duration) -> Result<Account> {
    let connector = connector.tempo(|tempo| notices(tempo, silence));
    let handled: Arc<Mutex<HashMap<u64, u32>>> = Arc::default();
    let noted = Arc::clone(&handled);
    let mut watch = connector.watch();
    let running = tokio::spawn(connector.run(move |delivery| {
        let number = delivery.id().and_then(|id| id.parse().ok()).unwrap_or(u64::MAX);
        *noted.lock().unwrap_or_else(std::sync::PoisonError::into_inner).entry(number).or_default() += 1;
        async move {
            if !handler.is_zero() {
                tokio::time::sleep(handler).await;
            }
            Ok::<(), std::fmt::Error>(())
        }
    }));
    watch.connected().await;
    let (memory, cpu) = (resident_kib("self"), cpu_ms("self"));
    let grown = grow(&watch, memory).await;
    let cpu = cpu_ms("self") - cpu;
    running.await.map_err(Error::other)?.map_err(Error::other)?;
    let figures = watch.stats();
    let handled = handled.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    Ok(Account {
        grown_kib: grown,
        handled: handled.len(),
        twice: handled.values().filter(|times| **times > 1).count(),
        connections: figures.connections,
        longest_gap_ms: figures.longest_gap.as_millis(),
        cpu_ms: cpu,
    })
}

/// Looks at the memory every five milliseconds until standard input ends, and then stops the connection. Returns by how
/// many KiB it grew at most.
async fn grow(watch: &Watch, before: u64) -> u64 {
    let mut end = tokio::task::spawn_blocking(|| std::io::copy(&mut std::io::stdin(), &mut std::io::sink()));
    let mut most = before;
    loop {
        let pause = tokio::time::sleep(Duration::from_millis(5));
        tokio::select! {
            _ = &mut end => break,
            () = pause => most = most.max(resident_kib("self")),
        }
    }
    watch.stop();
    most - before
}

/// The resident memory of a process, in KiB; 0 where it cannot be read.
#[must_use]
pub fn resident_kib(process: &str) -> u64 {
    let pages = std::fs::read_to_string(format!("/proc/{process}/statm")).unwrap_or_default();
    pages.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * 4
}

/// The time of the processor that a process has used, in milliseconds; 0 where it cannot be read.
#[must_use]
pub fn cpu_ms(process: &str) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    let times = stat.rsplit(')').next().unwrap_or_default().split(' ').skip(12).take(2);
    times.flat_map(str::parse::<u64>).sum::<u64>() * 10
}
