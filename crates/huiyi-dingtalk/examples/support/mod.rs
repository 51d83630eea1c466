//! Code that the examples share: the client, variables of the environment, the formatting of times.
//!
//! With `DINGTALK_APP_KEY` and `DINGTALK_APP_SECRET` in the environment, an example calls DingTalk. Without them it
//! calls a server inside this process that answers according to DingTalk's pages.

#![allow(dead_code, reason = "each example uses a part of this")]

use std::error::Error;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use huiyi_dingtalk::wire::UnixMillis;
use huiyi_dingtalk::{BuildError, Client};
use huiyi_mock::{Fault, Loopback, Target, Vendor, credentials};

/// The result of an example.
pub(crate) type Outcome = Result<(), Box<dyn Error>>;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// A client, and the server inside this process if the client calls it.
pub(crate) struct Setup {
    pub(crate) client: Client,
    /// `None` if the client calls DingTalk.
    pub(crate) loopback: Option<Loopback>,
}

impl Setup {
    /// Returns a client of DingTalk if the environment has credentials, otherwise of a server inside this process.
    pub(crate) async fn from_env() -> Result<Self, Box<dyn Error>> {
        match Client::from_env() {
            Ok(client) => Ok(Self { client, loopback: None }),
            Err(BuildError::Environment { missing }) if missing.len() == 2 => {
                eprintln!("(not DingTalk but a server inside this process: {} are not set)\n", missing.join(" and "));
                Self::on_loopback().await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Starts a server inside this process.
    pub(crate) async fn on_loopback() -> Result<Self, Box<dyn Error>> {
        let server = Loopback::start(Vendor::DingTalk).await?;
        let app = credentials::DINGTALK;
        let client = Client::builder().app(app.app_key, app.secret).base_url(server.base_url()).build()?;
        Ok(Self { client, loopback: Some(server) })
    }

    /// Returns a variable of the environment; with the server inside this process, returns `example`.
    pub(crate) fn variable(&self, name: &str, example: &str) -> Result<String, Box<dyn Error>> {
        match (&self.loopback, std::env::var(name)) {
            (Some(_), _) => Ok(example.to_owned()),
            (None, Ok(value)) if !value.is_empty() => Ok(value),
            (None, _) => Err(format!("set {name} in the environment, for instance to {example}").into()),
        }
    }
}

/// Runs an example and prints a failure in one line.
pub(crate) async fn run<R: Future<Output = Outcome>>(example: impl FnOnce(Setup) -> R) -> ExitCode {
    let outcome = match Setup::from_env().await {
        Ok(setup) => example(setup).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            match error.downcast_ref::<huiyi_dingtalk::Error>() {
                Some(error) => eprintln!("{}", error),
                None => eprintln!("{error}"),
            }
            ExitCode::FAILURE
        }
    }
}

/// Makes a server answer successive calls with these statuses and bodies.
pub(crate) fn answer_in_turn<const N: usize>(
    server: &Loopback,
    operation: &str,
    answers: [(u16, serde_json::Value); N],
) {
    for (status, body) in answers {
        let answer = Fault::Status { status, headers: Vec::new(), body: body.to_string() };
        server.fault(Target::Operation(operation.to_owned()), answer);
    }
}

/// Returns a full hour of tomorrow in China.
pub(crate) fn tomorrow_at(hour: i64) -> UnixMillis {
    let now = UnixMillis::from(SystemTime::now()).as_millis();
    let midnight = (now + 8 * HOUR).div_euclid(DAY) * DAY - 8 * HOUR;
    UnixMillis::from_millis(midnight + DAY + hour * HOUR)
}

/// Formats a time as hours and minutes in China.
pub(crate) fn clock_time(time: Option<&UnixMillis>) -> String {
    match time.and_then(UnixMillis::to_system_time) {
        Some(time) => {
            let minutes = time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs() / 60 + 8 * 60;
            format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60)
        }
        None => "-".to_owned(),
    }
}

/// Formats milliseconds as hours and minutes.
pub(crate) fn span(millis: i64) -> String {
    let minutes = (millis + 30_000) / 60_000;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, minutes) => format!("{hours} h {minutes:02} min"),
    }
}

/// Sends stored deliveries to this address, as DingTalk does.
pub(crate) async fn deliver(address: &str, deliveries: &str) -> Outcome {
    #[derive(serde::Deserialize)]
    struct Stored {
        query: String,
        headers: std::collections::BTreeMap<String, String>,
        body: String,
    }
    let http = huiyi_dingtalk::reqwest::Client::builder().no_proxy().build()?;
    for stored in serde_json::from_str::<Vec<Stored>>(deliveries)? {
        let mut request = http.post(format!("{address}{}", stored.query)).body(stored.body);
        for (name, value) in stored.headers {
            request = request.header(name, value);
        }
        eprintln!("delivered: {}", request.send().await?.status());
    }
    Ok(())
}
