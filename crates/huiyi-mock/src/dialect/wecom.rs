//! WeCom: the token in the query, failures with HTTP status 200, no request ids.
//!
//! Pages: "Get access_token" (91039) and "Global error codes" (90313) of developer.work.weixin.qq.com.

use serde_json::{Value, json};

use crate::check::Violation;
use crate::credentials::WECOM;
use crate::dialect::{Call, Dialect, Refusal, text};
use crate::http::Response;
use crate::ledger::{BadToken, Ledger, TokenKind};

/// Lifetime of all tokens, in seconds.
const LIFE: i64 = 7200;
const USER_MEETINGS: &str = "list_user_meeting_ids";

/// The dialect of WeCom.
#[derive(Debug)]
pub(crate) struct WeCom;

impl Dialect for WeCom {
    fn token_operations(&self) -> &'static [&'static str] {
        &["get_access_token", "get_suite_token", "get_corp_token"]
    }

    fn query_parameters(&self) -> &'static [&'static str] {
        &["access_token", "debug"]
    }

    fn authenticate(&self, call: &Call<'_>, ledger: &mut Ledger) -> Result<(), Refusal> {
        let token = call.request.query_value("access_token").ok_or(Refusal::NoCredentials("access_token"))?;
        let rejected = Refusal::of_token(TokenKind::Tenant);
        match ledger.look_up(&token, call.now).map_err(rejected)? {
            TokenKind::Tenant => Ok(()),
            kind => Err(Refusal::WrongTokenKind(kind)),
        }
    }

    fn perform(&self, call: &Call<'_>, body: &Value, ledger: &mut Ledger) -> Option<Result<Value, Refusal>> {
        let life = ledger.life(LIFE);
        let answer = match call.id() {
            "get_access_token" => check_app(call).map(|()| {
                let token = ledger.issue(TokenKind::Tenant, "", life, call.now);
                json!({"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": life})
            }),
            "get_suite_token" => check_suite(body).map(|()| {
                let token = ledger.issue(TokenKind::App, "suite-", life, call.now);
                json!({"errcode": 0, "errmsg": "ok", "suite_access_token": token, "expires_in": life})
            }),
            "get_corp_token" => check_corporation(call, body, ledger).map(|()| {
                let token = ledger.issue(TokenKind::Tenant, "", life, call.now);
                json!({"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": life})
            }),
            _ => return None,
        };
        Some(answer)
    }

    fn refuse(&self, call: &Call<'_>, refusal: &Refusal) -> Response {
        let (status, code, message) = words(call, refusal);
        let hint = call.trace.get(..20).unwrap_or_default();
        let errmsg = format!(
            "{message}, hint: [{}_{hint}], from ip: 127.0.0.1, more info at \
            https://open.work.weixin.qq.com/devtool/query?e={code}",
            call.now
        );
        Response::json(status, &json!({"errcode": code, "errmsg": errmsg}))
    }

    fn failure_status(&self) -> u16 {
        200
    }

    fn plain_success(&self) -> Value {
        json!({"errcode": 0, "errmsg": "ok"})
    }

    fn trace_headers(&self, _call: &Call<'_>) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

fn check_app(call: &Call<'_>) -> Result<(), Refusal> {
    if call.request.query_value("corpid").as_deref() != Some(WECOM.corpid) {
        return Err(Refusal::own(200, 40013, "invalid corpid"));
    }
    match call.request.query_value("corpsecret") {
        Some(secret) if secret == WECOM.secret => Ok(()),
        _ => Err(Refusal::WrongSecret),
    }
}

fn check_suite(body: &Value) -> Result<(), Refusal> {
    if text(body, "suite_id") != WECOM.suite_id {
        return Err(Refusal::own(200, 40083, "invalid suite_id"));
    }
    if text(body, "suite_secret") != WECOM.suite_secret {
        return Err(Refusal::own(200, 40080, "invalid suite_secret"));
    }
    if text(body, "suite_ticket") == WECOM.suite_ticket {
        Ok(())
    } else {
        Err(Refusal::own(200, 40085, "invalid suite ticket"))
    }
}

fn check_corporation(call: &Call<'_>, body: &Value, ledger: &Ledger) -> Result<(), Refusal> {
    let token = call.request.query_value("suite_access_token").unwrap_or_default();
    match ledger.look_up(&token, call.now) {
        Ok(TokenKind::App) => {}
        Err(BadToken::Expired) => {
            return Err(Refusal::own(200, 42009, "suite_access_token expired"));
        }
        _ => return Err(Refusal::own(200, 40082, "invalid suite_token")),
    }
    if text(body, "auth_corpid") != WECOM.corpid {
        return Err(Refusal::own(200, 40013, "invalid corpid"));
    }
    if text(body, "permanent_code") == WECOM.permanent_code {
        Ok(())
    } else {
        Err(Refusal::own(200, 40084, "invalid permanent_code"))
    }
}

/// Returns HTTP status, code and message of a refusal.
fn words(call: &Call<'_>, refusal: &Refusal) -> (u16, i64, String) {
    let (code, message) = match refusal {
        Refusal::NoCredentials(_) => (41001, "access_token missing"),
        Refusal::TokenExpired(_) => (42001, "access_token expired"),
        Refusal::WrongSecret if WeCom.token_operations().contains(&call.id()) => (40001, "invalid credential"),
        Refusal::MalformedToken
        | Refusal::TokenRejected(_)
        | Refusal::WrongTokenKind(_)
        | Refusal::WrongSecret
        | Refusal::ClockSkew => (40014, "invalid access_token"),
        Refusal::RateLimited(_) => (45009, "reach max api daily quota limit"),
        Refusal::MonthlyQuota => (45036, "api freq out of limit"),
        // The pages have no code for unknown paths.
        Refusal::UnknownPath => return (404, 40058, "invalid request path".to_owned()),
        Refusal::Unfit(Violation::Missing(name)) if name == "corpid" => (41002, "corpid missing"),
        Refusal::Unfit(Violation::Missing(name)) if name == "corpsecret" => (41004, "corpsecret missing"),
        Refusal::Unfit(Violation::Missing(name)) if name == "admin_userid" => (400_040, "missing admin_userid"),
        Refusal::Unfit(Violation::Missing(name)) if name == "userid" && call.id() == USER_MEETINGS => {
            (400_038, "missing userid")
        }
        Refusal::Unfit(violation) => return (200, 40058, format!("invalid parameter: {violation}")),
        Refusal::Own { status, code, message } => {
            return (*status, code.as_i64().unwrap_or(-1), message.clone());
        }
    };
    (200, code, message.to_owned())
}
