//! Code that the examples share: a client of the real Feishu if `FEISHU_APP_ID` is set, otherwise of a loopback
//! server in this process.

use std::error::Error;
use std::sync::OnceLock;

use huiyi_feishu::types::{CreateUserTokenRequest, GrantType};
use huiyi_feishu::{Client, StaticToken, Token};
use huiyi_mock::{Fault, Loopback, Target, Vendor, credentials};
use serde_json::{Value, json};

/// The server, kept until the process ends.
static SERVER: OnceLock<Loopback> = OnceLock::new();

/// Returns a client from the environment, or a client of a loopback server with these answers.
///
/// `answers` is JSON: for each operation, the `data` of its answers in order, or the text of a file.
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

/// Returns the client acting for the user of `FEISHU_USER_ACCESS_TOKEN`, or for a user logged in at the loopback
/// server.
#[allow(dead_code, reason = "one example acts for a user")]
pub(crate) async fn as_user(client: &Client) -> Result<Client, Box<dyn Error>> {
    let token = match std::env::var("FEISHU_USER_ACCESS_TOKEN") {
        Ok(token) => token,
        Err(_) if SERVER.get().is_none() => return Err("FEISHU_USER_ACCESS_TOKEN is not set".into()),
        Err(_) => {
            let app = credentials::FEISHU;
            let login = CreateUserTokenRequest::new(GrantType::AuthorizationCode, app.app_id, app.app_secret);
            let answer = client.create_user_token(login.code(app.code)).send().await?.into_inner();
            answer.access_token.ok_or("the login gave no token")?.expose().to_owned()
        }
    };
    Ok(client.as_user(StaticToken::new(Token::new(token))))
}

/// Returns an argument of the command line, or the default if there is none.
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
