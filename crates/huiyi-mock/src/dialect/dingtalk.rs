//! DingTalk: a token without a prefix in its own header, failures with a status of 4xx or 5xx and textual codes.
//!
//! Pages: "Call conventions" and "Error codes" of open.dingtalk.com.

use serde_json::{Value, json};

use crate::check::Violation;
use crate::credentials::DINGTALK;
use crate::dialect::{Call, Dialect, Refusal, text};
use crate::http::Response;
use crate::ledger::{Ledger, TokenKind};

/// Lifetime of all tokens except refresh tokens, in seconds.
const LIFE: i64 = 7200;
const TOKEN_HEADER: &str = "x-acs-dingtalk-access-token";

/// The dialect of DingTalk.
#[derive(Debug)]
pub(crate) struct DingTalk;

impl Dialect for DingTalk {
    fn token_operations(&self) -> &'static [&'static str] {
        &[
            "create_access_token",
            "create_corp_token",
            "create_corp_access_token",
            "create_user_access_token",
            "create_suite_access_token",
        ]
    }

    fn authenticate(&self, call: &Call<'_>, ledger: &mut Ledger) -> Result<(), Refusal> {
        let token = call.request.header(TOKEN_HEADER).ok_or(Refusal::NoCredentials(TOKEN_HEADER))?;
        let kind = kind_of(token);
        match ledger.look_up(token, call.now).map_err(Refusal::of_token(kind))? {
            TokenKind::Tenant => Ok(()),
            kind => Err(Refusal::WrongTokenKind(kind)),
        }
    }

    fn perform(&self, call: &Call<'_>, body: &Value, ledger: &mut Ledger) -> Option<Result<Value, Refusal>> {
        let life = ledger.life(LIFE);
        let mut issue = |kind, prefix| {
            let token = ledger.issue(kind, prefix, life, call.now);
            json!({"accessToken": token, "expireIn": life})
        };
        let answer = match call.id() {
            "create_access_token" => {
                check_secret(body, ["appKey", "appSecret"], APP_REFUSED).map(|()| issue(TokenKind::Tenant, ""))
            }
            "create_suite_access_token" => check_suite(body, APP_REFUSED).map(|()| issue(TokenKind::App, "suite-")),
            "create_corp_access_token" => check_suite(body, "invalidSuiteKey")
                .and_then(|()| check_corporation(text(body, "authCorpId"), 400, "invalidAuthInfo"))
                .map(|()| issue(TokenKind::Tenant, "")),
            "create_corp_token" => check_corp_token(call, body).map(|()| {
                let token = ledger.issue(TokenKind::Tenant, "", life, call.now);
                json!({"access_token": token, "expires_in": life})
            }),
            "create_user_access_token" => create_user_token(call, body, ledger),
            _ => return None,
        };
        Some(answer)
    }

    fn presented(&self, call: &Call<'_>) -> TokenKind {
        kind_of(call.request.header(TOKEN_HEADER).unwrap_or_default())
    }

    fn refuse(&self, call: &Call<'_>, refusal: &Refusal) -> Response {
        let (status, code, message) = words(call, refusal);
        let body = json!({"code": code, "message": message, "requestid": request_id(call)});
        Response::json(status, &body)
    }

    fn plain_success(&self) -> Value {
        json!({})
    }

    fn trace_headers(&self, call: &Call<'_>) -> Vec<(&'static str, String)> {
        vec![("x-acs-request-id", request_id(call)), ("x-acs-trace-id", call.trace.to_owned())]
    }
}

/// Code of a wrong app key or app secret.
const APP_REFUSED: &str = "invalidClientIdOrSecret";

/// Formats the trace like a UUID.
fn request_id(call: &Call<'_>) -> String {
    let part = |from: usize, to: usize| call.trace.get(from..to).unwrap_or_default();
    let (first, second, third) = (part(0, 8), part(8, 12), part(12, 16));
    format!("{first}-{second}-{third}-{}-{}", part(16, 20), part(20, 32)).to_uppercase()
}

fn kind_of(token: &str) -> TokenKind {
    if token.starts_with("u-") { TokenKind::User } else { TokenKind::Tenant }
}

fn check_secret(body: &Value, names: [&str; 2], code: &str) -> Result<(), Refusal> {
    let [id, secret] = names;
    if text(body, id) == DINGTALK.app_key && text(body, secret) == DINGTALK.secret {
        Ok(())
    } else {
        Err(Refusal::own(400, code, "无效的clientId或者clientSecret"))
    }
}

fn check_suite(body: &Value, code: &str) -> Result<(), Refusal> {
    check_secret(body, ["suiteKey", "suiteSecret"], code)?;
    if text(body, "suiteTicket") == DINGTALK.suite_ticket {
        Ok(())
    } else {
        Err(Refusal::own(400, "invalidSuiteTicket", "无效的suiteTicket"))
    }
}

fn check_corporation(corporation: &str, status: u16, code: &str) -> Result<(), Refusal> {
    if corporation == DINGTALK.corp_id {
        Ok(())
    } else {
        Err(Refusal::own(status, code, "the app is not enabled in this corporation"))
    }
}

fn check_corp_token(call: &Call<'_>, body: &Value) -> Result<(), Refusal> {
    if text(body, "grant_type") != "client_credentials" {
        return Err(Refusal::own(400, "unsupported.grant.type", "unsupported grant type"));
    }
    check_secret(body, ["client_id", "client_secret"], "invalid.client")?;
    let corporation = call.request.path_parameters.first().map(|(_, value)| value.as_str());
    check_corporation(corporation.unwrap_or_default(), 401, "unauthorized.client")
}

fn create_user_token(call: &Call<'_>, body: &Value, ledger: &mut Ledger) -> Result<Value, Refusal> {
    check_secret(body, ["clientId", "clientSecret"], APP_REFUSED)?;
    let accepted = match text(body, "grantType") {
        "authorization_code" => ledger.redeem(text(body, "code"), DINGTALK.code),
        "refresh_token" => ledger.spend(text(body, "refreshToken"), call.now),
        _ => return Err(Refusal::own(400, "unsupported.grant.type", "unsupported grant type")),
    };
    accepted.map_err(|_| Refusal::own(400, "invalidAuthCode", "不合法的临时授权码"))?;
    let life = ledger.life(LIFE);
    Ok(json!({
        "accessToken": ledger.issue(TokenKind::User, "u-", life, call.now),
        "refreshToken": ledger.issue_refresh(call.now),
        "expireIn": life,
        "corpId": DINGTALK.corp_id,
    }))
}

/// Returns HTTP status, code and message of a refusal.
fn words(call: &Call<'_>, refusal: &Refusal) -> (u16, String, String) {
    let (status, code, message) = match refusal {
        // These follow the pattern of the only such code that is known, `Missingbody`.
        Refusal::NoCredentials(name) => return missing(name),
        Refusal::Unfit(Violation::NoBody) => return missing("body"),
        Refusal::Unfit(Violation::Missing(name)) => return missing(name),
        Refusal::Unfit(violation) => return (400, "paramError".to_owned(), violation.to_string()),
        Refusal::TokenExpired(TokenKind::User) => (400, "accesstoken.expired", "the access token has expired"),
        Refusal::WrongSecret if call.id() == "create_corp_token" => {
            (400, "invalid.client", "invalid client id or secret")
        }
        Refusal::WrongSecret if call.id() == "create_corp_access_token" => (400, "invalidSuiteKey", "无效的suiteKey"),
        Refusal::WrongSecret if DingTalk.token_operations().contains(&call.id()) => {
            (400, APP_REFUSED, "无效的clientId或者clientSecret")
        }
        Refusal::MalformedToken
        | Refusal::TokenRejected(_)
        | Refusal::TokenExpired(_)
        | Refusal::WrongTokenKind(_)
        | Refusal::WrongSecret
        | Refusal::ClockSkew => (400, "InvalidAuthentication", "不合法的access_token"),
        Refusal::RateLimited(_) => {
            (403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", "您的服务器调用钉钉接口每秒次数过多，已被暂时禁止")
        }
        Refusal::MonthlyQuota => (403, "Forbidden.AccessDenied.ApiCountLimitForOrg", "企业当月API调用次数已达上限"),
        Refusal::UnknownPath => {
            (404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.")
        }
        Refusal::Own { status, code, message } => {
            let code = code.as_str().unwrap_or_default();
            return (*status, code.to_owned(), message.clone());
        }
    };
    (status, code.to_owned(), message.to_owned())
}

fn missing(name: &str) -> (u16, String, String) {
    (400, format!("Missing{name}"), format!("{name} is mandatory for this action."))
}
