//! Feishu: bearer tokens of four kinds, an envelope of `code` and `msg`, log ids.
//!
//! Pages: "API access credentials", "General error codes" and "Rate limits" of open.feishu.cn.

use serde_json::{Value, json};

use crate::clock::digits;
use crate::credentials::FEISHU;
use crate::dialect::{Call, Dialect, Refusal, text};
use crate::http::Response;
use crate::ledger::{BadToken, Ledger, TokenKind};

/// Lifetime of all tokens except refresh tokens, in seconds.
const LIFE: i64 = 7200;
const USER_TOKEN_CALL: &str = "create_user_token";

/// The dialect of Feishu.
#[derive(Debug)]
pub(crate) struct Feishu;

impl Dialect for Feishu {
    fn token_operations(&self) -> &'static [&'static str] {
        &[
            "create_app_access_token",
            "create_app_access_token_internal",
            "create_tenant_access_token",
            "create_tenant_access_token_internal",
            USER_TOKEN_CALL,
        ]
    }

    fn authenticate(&self, call: &Call<'_>, ledger: &mut Ledger) -> Result<(), Refusal> {
        let header = call.request.header("authorization");
        let token =
            header.and_then(|value| value.strip_prefix("Bearer ")).ok_or(Refusal::NoCredentials("Authorization"))?;
        let kind = kind_of(token).ok_or(Refusal::MalformedToken)?;
        let found = ledger.look_up(token, call.now).map_err(Refusal::of_token(kind))?;
        // A sandbox accepts invented tokens, but only as those of users.
        if found == TokenKind::User && kind != TokenKind::User {
            return Err(Refusal::TokenRejected(kind));
        }
        let scheme = match kind {
            TokenKind::User => "user",
            TokenKind::App => "app",
            TokenKind::Tenant | TokenKind::Refresh => "tenant",
        };
        let accepted = call.operation.is_some_and(|operation| operation.security.iter().any(|name| name == scheme));
        if accepted { Ok(()) } else { Err(Refusal::WrongTokenKind(kind)) }
    }

    fn perform(&self, call: &Call<'_>, body: &Value, ledger: &mut Ledger) -> Option<Result<Value, Refusal>> {
        let answer = match call.id() {
            "create_tenant_access_token_internal" => check_app(body).map(|()| {
                let (token, expire) = issue(ledger, TokenKind::Tenant, "t-", call.now);
                json!({"code": 0, "msg": "ok", "tenant_access_token": token, "expire": expire})
            }),
            "create_app_access_token_internal" => check_app(body).map(|()| {
                let (token, expire) = issue(ledger, TokenKind::Tenant, "t-", call.now);
                json!({"code": 0, "msg": "ok", "app_access_token": token,
                    "tenant_access_token": token, "expire": expire})
            }),
            "create_app_access_token" => check_ticket(body).map(|()| {
                let (token, expire) = issue(ledger, TokenKind::App, "a-", call.now);
                json!({"code": 0, "msg": "success", "app_access_token": token, "expire": expire})
            }),
            "create_tenant_access_token" => check_app_token(body, call.now, ledger).map(|()| {
                let (token, expire) = issue(ledger, TokenKind::Tenant, "t-", call.now);
                json!({"code": 0, "msg": "success", "tenant_access_token": token, "expire": expire})
            }),
            USER_TOKEN_CALL => create_user_token(body, call.now, ledger),
            "resend_app_ticket" => check_app(body).map(|()| json!({"code": 0, "msg": "success"})),
            _ => return None,
        };
        Some(answer)
    }

    fn presented(&self, call: &Call<'_>) -> TokenKind {
        let header = call.request.header("authorization").unwrap_or_default();
        kind_of(header.trim_start_matches("Bearer ")).unwrap_or(TokenKind::Tenant)
    }

    fn refuse(&self, call: &Call<'_>, refusal: &Refusal) -> Response {
        let (status, code, message) = words(call, refusal);
        let log_id = log_id(call);
        let body = if call.id() == USER_TOKEN_CALL {
            // The OAuth call has `error` and `error_description` instead of `msg`.
            let error = if code == 20002 { "invalid_client" } else { "invalid_grant" };
            json!({"code": code, "error": error, "error_description": message})
        } else {
            let mut error = json!({
                "message": message,
                "log_id": log_id,
                "logid": log_id,
                "troubleshooter": format!("https://open.feishu.cn/search?from=openapi&log_id={log_id}&code={code}"),
            });
            if let Refusal::Unfit(violation) = refusal {
                error["field_violations"] = json!([{"field": violation.field(), "description": violation.to_string()}]);
            }
            json!({"code": code, "msg": message, "error": error})
        };
        let response = Response::json(status, &body);
        match refusal {
            Refusal::RateLimited(seconds) => {
                response.with("x-ogw-ratelimit-limit", "100").with("x-ogw-ratelimit-reset", seconds.to_string())
            }
            _ => response,
        }
    }

    fn plain_success(&self) -> Value {
        json!({"code": 0, "msg": "success", "data": {}})
    }

    fn trace_headers(&self, call: &Call<'_>) -> Vec<(&'static str, String)> {
        vec![("X-Tt-Logid", log_id(call)), ("X-Request-Id", call.trace.to_owned())]
    }
}

fn log_id(call: &Call<'_>) -> String {
    format!("{}{}", digits(call.now), call.trace.get(..18).unwrap_or_default().to_uppercase())
}

fn kind_of(token: &str) -> Option<TokenKind> {
    match token.get(..2)? {
        "t-" => Some(TokenKind::Tenant),
        "u-" => Some(TokenKind::User),
        "a-" => Some(TokenKind::App),
        _ => None,
    }
}

fn issue(ledger: &mut Ledger, kind: TokenKind, prefix: &str, now: i64) -> (String, i64) {
    let life = ledger.life(LIFE);
    (ledger.issue(kind, prefix, life, now), life)
}

fn check_app(body: &Value) -> Result<(), Refusal> {
    if text(body, "app_id") != FEISHU.app_id {
        return Err(Refusal::own(400, 10003, "invalid app_id"));
    }
    if text(body, "app_secret") == FEISHU.app_secret { Ok(()) } else { Err(Refusal::WrongSecret) }
}

fn check_ticket(body: &Value) -> Result<(), Refusal> {
    check_app(body)?;
    if text(body, "app_ticket") == FEISHU.app_ticket {
        Ok(())
    } else {
        Err(Refusal::own(400, 10012, "get app access token fail: app_ticket invalid"))
    }
}

fn check_app_token(body: &Value, now: i64, ledger: &Ledger) -> Result<(), Refusal> {
    if text(body, "tenant_key").is_empty() {
        return Err(Refusal::own(400, 10003, "invalid tenant_key"));
    }
    match ledger.look_up(text(body, "app_access_token"), now) {
        Ok(TokenKind::App) => Ok(()),
        _ => Err(Refusal::own(400, 99991664, "invalid app token")),
    }
}

fn create_user_token(body: &Value, now: i64, ledger: &mut Ledger) -> Result<Value, Refusal> {
    if text(body, "client_id") != FEISHU.app_id {
        return Err(Refusal::own(400, 20048, "The app does not exist."));
    }
    if text(body, "client_secret") != FEISHU.app_secret {
        return Err(Refusal::WrongSecret);
    }
    match text(body, "grant_type") {
        "authorization_code" => {
            ledger.redeem(text(body, "code"), FEISHU.code).map_err(|bad| match bad {
                BadToken::Spent => Refusal::own(400, 20065, "The authorization code has been used."),
                BadToken::Unknown | BadToken::Expired => {
                    Refusal::own(400, 20003, "The authorization code is not found.")
                }
            })?;
        }
        "refresh_token" => {
            ledger.spend(text(body, "refresh_token"), now).map_err(|bad| match bad {
                BadToken::Spent => Refusal::own(400, 20073, "The refresh token has been used."),
                BadToken::Expired => Refusal::TokenExpired(TokenKind::Refresh),
                BadToken::Unknown => Refusal::TokenRejected(TokenKind::Refresh),
            })?;
        }
        _ => return Err(Refusal::own(400, 20036, "The grant_type is not supported.")),
    }
    let (token, expires_in) = issue(ledger, TokenKind::User, "u-", now);
    Ok(json!({
        "code": 0,
        "access_token": token,
        "expires_in": expires_in,
        "refresh_token": ledger.issue_refresh(now),
        "refresh_token_expires_in": 604_800,
        "scope": "offline_access vc:meeting:readonly",
        "token_type": "Bearer",
    }))
}

/// Returns HTTP status, code and message of a refusal.
fn words(call: &Call<'_>, refusal: &Refusal) -> (u16, i64, String) {
    const INVALID: &str = "Invalid access token for authorization. Please make a request with token attached.";
    let is_oauth = call.id() == USER_TOKEN_CALL;
    let issues_tokens = Feishu.token_operations().contains(&call.id());
    let (status, code, message) = match refusal {
        Refusal::NoCredentials(_) => (400, 99991661, "Missing access token for authorization"),
        Refusal::MalformedToken => (400, 99991671, "Invalid token: must start with t-/u-"),
        Refusal::TokenRejected(_) if is_oauth => (400, 20064, "The refresh token is revoked."),
        Refusal::TokenExpired(_) if is_oauth => (400, 20037, "The refresh token has expired."),
        Refusal::TokenRejected(TokenKind::User) | Refusal::WrongTokenKind(TokenKind::User) => (400, 99991668, INVALID),
        Refusal::TokenExpired(TokenKind::User) => (400, 99991677, "Authentication token expired"),
        Refusal::TokenRejected(TokenKind::App) | Refusal::TokenExpired(TokenKind::App) => {
            (400, 99991664, "invalid app token")
        }
        Refusal::TokenRejected(_) | Refusal::TokenExpired(_) | Refusal::WrongTokenKind(_) => (400, 99991663, INVALID),
        Refusal::WrongSecret if is_oauth => (400, 20002, "The client secret is invalid."),
        Refusal::WrongSecret if issues_tokens || call.id() == "resend_app_ticket" => (400, 10015, "wrong app secret"),
        Refusal::WrongSecret | Refusal::ClockSkew => (400, 99991663, INVALID),
        Refusal::RateLimited(_) => (429, 99991400, "request trigger frequency limit"),
        Refusal::MonthlyQuota => (400, 99991403, "This month's API call quota has been exceeded"),
        Refusal::UnknownPath => (404, 99991201, "resource not find"),
        Refusal::Unfit(violation) => {
            let code = match () {
                () if is_oauth => 20001,
                () if issues_tokens => 10003,
                () => 99992402,
            };
            return (400, code, format!("field validation failed: {violation}"));
        }
        Refusal::Own { status, code, message } => {
            return (*status, code.as_i64().unwrap_or(-1), message.clone());
        }
    };
    (status, code, message.to_owned())
}
