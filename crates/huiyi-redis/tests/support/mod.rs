//! A Redis server for one test, and child processes with a job.

#![allow(dead_code, reason = "each test program uses a part")]

use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use huiyi_core::secrecy::ExposeSecret as _;
use huiyi_mock::{Loopback, credentials};

/// A server on a free port; killed when it is dropped.
pub(crate) struct Server {
    program: PathBuf,
    port: u16,
    folder: PathBuf,
    process: Child,
}

impl Server {
    /// Starts a server. Returns `None` and prints a line if there is no program for it.
    pub(crate) fn start() -> Option<Self> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let found = std::env::split_paths(&path)
            .flat_map(|folder| ["redis-server", "valkey-server"].map(|name| folder.join(name)))
            .find(|program| program.is_file());
        let Some(program) = found else {
            println!("SKIPPED: there is no redis-server and no valkey-server; nothing was tested");
            return None;
        };
        loop {
            let port = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
            let folder = std::env::temp_dir().join(format!("huiyi-redis-{}-{port}", std::process::id()));
            std::fs::create_dir_all(&folder).unwrap();
            if let Some(process) = launch(&program, port, &folder) {
                return Some(Self { program, port, folder, process });
            }
            let _ = std::fs::remove_dir_all(&folder);
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Starts the server again with the data on its disk.
    pub(crate) fn restart(&mut self) {
        self.process = loop {
            if let Some(process) = launch(&self.program, self.port, &self.folder) {
                break process;
            }
        };
    }

    /// The path of a file that is not there yet.
    pub(crate) fn gate(&self) -> String {
        self.folder.join("gate").to_string_lossy().into_owned()
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) async fn connection(&self) -> redis::aio::MultiplexedConnection {
        redis::Client::open(self.url()).unwrap().get_multiplexed_async_connection().await.unwrap()
    }

    pub(crate) async fn flush(&self) {
        let mut connection = self.connection().await;
        redis::cmd("FLUSHALL").exec_async(&mut connection).await.unwrap();
    }

    pub(crate) async fn keys(&self, pattern: &str) -> Vec<String> {
        let mut connection = self.connection().await;
        redis::cmd("KEYS").arg(pattern).query_async(&mut connection).await.unwrap()
    }

    pub(crate) async fn bytes(&self, key: &str) -> Vec<u8> {
        let mut connection = self.connection().await;
        redis::cmd("GET").arg(key).query_async(&mut connection).await.unwrap()
    }

    /// Waits until there is a key that matches the pattern.
    pub(crate) async fn wait_for_key(&self, pattern: &str) {
        while self.keys(pattern).await.is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Starts the program and waits until it answers. Returns `None` if it ended, since something else has taken the port.
fn launch(program: &PathBuf, port: u16, folder: &PathBuf) -> Option<Child> {
    let mut process = Command::new(program)
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes"])
        .args(["--appendfsync", "always", "--dir"])
        .arg(folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    loop {
        std::thread::sleep(Duration::from_millis(10));
        // Whoever else has the port may answer too, so the process is looked at after the answer.
        let answered = answers(port);
        if process.try_wait().unwrap().is_some() {
            return None;
        }
        if answered {
            return Some(process);
        }
    }
}

/// Returns whether a Redis server answers on the port.
fn answers(port: u16) -> bool {
    let ping = || {
        let mut stream = std::net::TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        stream.write_all(b"PING\r\n")?;
        let mut answer = [0; 5];
        stream.read_exact(&mut answer)?;
        Ok::<_, std::io::Error>(answer == *b"+PONG")
    };
    ping().unwrap_or(false)
}

/// Returns the refresh token of a user who has just logged in.
pub(crate) async fn login(server: &Loopback) -> String {
    let app = credentials::FEISHU;
    let login = huiyi_feishu::Client::builder().app(app.app_id, app.app_secret).base_url(server.base_url()).login();
    let verifier = huiyi_feishu::Verifier::from_kept("verifier-of-at-least-forty-three-characters-0123456789");
    let tokens = login.unwrap().exchange(app.code, "https://example.com/callback", &verifier).await.unwrap();
    server.forget();
    tokens.refresh.unwrap().expose_secret().to_owned()
}

/// Returns milliseconds since the Unix epoch, which are the same in all processes.
pub(crate) fn now() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    u64::try_from(now.as_millis()).unwrap()
}

/// The job of a process.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    pub(crate) api: String,
    pub(crate) redis: String,
    /// The user's refresh token; empty if only the app makes calls.
    pub(crate) refresh: String,
    /// Number of calls of each caller; 0 for as many as the time allows.
    pub(crate) calls: usize,
    /// Number of callers of the app, and of the user.
    pub(crate) callers: usize,
    /// Duration in seconds, if there is no number of calls; calls after that do not count.
    pub(crate) seconds: u64,
    /// Start time, in milliseconds since the Unix epoch.
    pub(crate) start: u64,
    /// Milliseconds between two calls of a caller.
    pub(crate) pause: u64,
    /// Milliseconds that the keeper takes to keep a pair.
    pub(crate) keeper_takes: u64,
    /// The client's time limit in milliseconds.
    pub(crate) timeout: u64,
    /// Whether the processes share the quotas.
    pub(crate) quota: bool,
    /// Each client calls once before this file is there, and goes on then; empty for no such wait.
    pub(crate) gate: String,
}

impl Default for Job {
    fn default() -> Self {
        Self {
            api: String::new(),
            redis: String::new(),
            refresh: String::new(),
            calls: 1,
            callers: 1,
            seconds: 0,
            start: 0,
            pause: 0,
            keeper_takes: 0,
            timeout: 60_000,
            quota: false,
            gate: String::new(),
        }
    }
}

const VARIABLE: &str = "HUIYI_REDIS_TEST_JOB";

impl Job {
    /// Starts a process with this job.
    pub(crate) fn spawn(&self) -> tokio::process::Child {
        let numbers = [
            self.callers as u64,
            self.calls as u64,
            self.seconds,
            self.start,
            self.pause,
            self.keeper_takes,
            self.timeout,
        ];
        let numbers = numbers.map(|number| number.to_string()).join(" ");
        let job = format!("{} {} {numbers} {} {} {}", self.api, self.redis, self.quota, self.gate, self.refresh);
        tokio::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "a_process", "--nocapture", "--test-threads", "1"])
            .env(VARIABLE, job)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap()
    }

    /// Returns the job of this process.
    pub(crate) fn of_environment() -> Option<Self> {
        let text = std::env::var(VARIABLE).ok()?;
        let mut parts = text.split(' ');
        let mut next = || parts.next().unwrap_or_default().to_owned();
        let (api, redis) = (next(), next());
        let [callers, calls, seconds, start, pause, keeper_takes, timeout] =
            std::array::from_fn(|_| next().parse::<u64>().unwrap());
        let (callers, calls) = (usize::try_from(callers).unwrap(), usize::try_from(calls).unwrap());
        let quota = next() == "true";
        let gate = next();
        let refresh = next();
        Some(Self { api, redis, refresh, calls, callers, seconds, start, pause, keeper_takes, timeout, quota, gate })
    }

    /// Runs this number of processes with this job at the same time.
    pub(crate) async fn run(&self, processes: usize) -> Vec<Outcome> {
        let all: Vec<_> = (0..processes).map(|_| self.spawn()).collect();
        let mut outcomes = Vec::new();
        for process in all {
            let output = process.wait_with_output().await.unwrap();
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            outcomes.push(Outcome::of(&text).unwrap_or_else(|| panic!("a process said: {text}")));
        }
        outcomes
    }
}

/// The result of a process.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) done: usize,
    pub(crate) failed: usize,
    /// The last error.
    pub(crate) said: String,
}

impl Outcome {
    pub(crate) fn line(&self) -> String {
        format!("outcome {} {} {}", self.done, self.failed, self.said)
    }

    fn of(text: &str) -> Option<Self> {
        let line = text.lines().find_map(|line| line.split_once("outcome ").map(|(_, rest)| rest))?;
        let mut parts = line.splitn(3, ' ');
        let mut next = || parts.next().unwrap_or_default();
        Some(Self { done: next().parse().ok()?, failed: next().parse().ok()?, said: next().to_owned() })
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.done += other.done;
        self.failed += other.failed;
        if !other.said.is_empty() {
            self.said = other.said;
        }
    }
}
