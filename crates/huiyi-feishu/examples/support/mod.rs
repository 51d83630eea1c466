//! What the examples share: a client of the real Feishu if `FEISHU_APP_ID` is in the environment,
//! otherwise of a loopback server in this process.

use std::error::Error;
use std::sync::OnceLock;

use huiyi_feishu::Client;
use huiyi_mock::{Fault, Loopback, Target, Vendor, credentials};
use serde_json::{Value, json};

/// The server lives as long as the process.
static SERVER: OnceLock<Loopback> = OnceLock::new();

/// A client from the environment, or of a loopback server that gives these answers.
///
/// `answers` is JSON: for each operation the `data` of its answers, one after the other, or the lines
/// of a file.
pub(crate) async fn client(answers: &str) -> Result<Client, Box<dyn Error>> {
    if std::env::var_os("FEISHU_APP_ID").is_some() {
        return Ok(Client::from_env().map_err(|error| error.to_string())?);
    }
    eprintln!("FEISHU_APP_ID and FEISHU_APP_SECRET are not set: a loopback server answers in Feishu's place.\n");
    let server = Loopback::start(Vendor::Feishu).await?;
    rehearse(&server, serde_json::from_str(answers)?);
    let app = credentials::FEISHU;
    let client = Client::builder().app(app.app_id, app.app_secret).base_url(server.base_url()).build()?;
    SERVER.get_or_init(|| server);
    Ok(client)
}

/// An argument of the command line, or what stands for it in front of the loopback server.
pub(crate) fn argument(position: usize, otherwise: &str) -> String {
    std::env::args().nth(position).unwrap_or_else(|| otherwise.to_owned())
}

/// Sends stored deliveries to this address, as Feishu does.
#[allow(dead_code, reason = "one example receives events")]
pub(crate) async fn deliver(address: &str, deliveries: &str) -> Result<(), Box<dyn Error>> {
    #[derive(serde::Deserialize)]
    struct Stored {
        query: String,
        headers: std::collections::BTreeMap<String, String>,
        body: String,
    }
    let http = huiyi_feishu::reqwest::Client::builder().no_proxy().build()?;
    for stored in serde_json::from_str::<Vec<Stored>>(deliveries)? {
        let mut request = http.post(format!("{address}{}", stored.query)).body(stored.body);
        for (name, value) in stored.headers {
            request = request.header(name, value);
        }
        eprintln!("delivered: {}", request.send().await?.status());
    }
    Ok(())
}

fn rehearse(server: &Loopback, answers: serde_json::Map<String, Value>) {
    for (operation, bodies) in answers {
        match bodies {
            Value::Array(pages) => {
                for data in pages {
                    let body = json!({"code": 0, "msg": "success", "data": data}).to_string();
                    let answer = Fault::Status { status: 200, headers: Vec::new(), body };
                    server.fault(Target::Operation(operation.clone()), answer);
                }
            }
            Value::String(text) => {
                server.answer_with(&operation, &[("Content-Type", "text/plain; charset=utf-8")], 200, text)
            }
            data => server.answer(&operation, 200, json!({"code": 0, "msg": "success", "data": data}).to_string()),
        }
    }
}
