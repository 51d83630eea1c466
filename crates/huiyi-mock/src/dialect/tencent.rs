//! Tencent Meeting: signed requests of internal apps, OAuth tokens of third-party apps.
//!
//! Pages: "AK/SK" (1095/58768), "OAuth 2.0" (1095/51257) and "Error codes" (1095/43704) of
//! cloud.tencent.com.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::credentials::TENCENT;
use crate::dialect::{Call, Dialect, Refusal, text};
use crate::http::Response;
use crate::ledger::{BadToken, Ledger, NONCE_MEMORY, TokenKind};
use crate::random;

/// Lifetime of an access token in seconds: 6 hours.
const LIFE: i64 = 21_600;
const TOKEN_CALL: &str = "create_oauth_token";
const REFRESH_CALL: &str = "refresh_oauth_token";
const USER_CALL: &str = "get_oauth_user_info";

/// The dialect of Tencent Meeting.
#[derive(Debug)]
pub(crate) struct Tencent;

impl Dialect for Tencent {
    fn token_operations(&self) -> &'static [&'static str] {
        &[TOKEN_CALL, REFRESH_CALL]
    }

    fn authenticate(&self, call: &Call<'_>, ledger: &mut Ledger) -> Result<(), Refusal> {
        let accepts =
            |scheme: &str| call.operation.is_some_and(|operation| operation.security.iter().any(|name| name == scheme));
        let has_token = call.request.header("AccessToken").is_some();
        if accepts("oauth") && (has_token || !accepts("aksk")) {
            check_oauth(call, ledger)
        } else {
            check_signature(call, ledger)
        }
    }

    fn perform(&self, call: &Call<'_>, body: &Value, ledger: &mut Ledger) -> Option<Result<Value, Refusal>> {
        let data = match call.id() {
            TOKEN_CALL => check_code(body, ledger).map(|user| issue_pair(call, &user, ledger)),
            REFRESH_CALL => check_refresh(call, body, ledger).map(|user| issue_pair(call, user, ledger)),
            USER_CALL => user_info(call, body, ledger),
            _ => return None,
        };
        Some(data.map(|data| json!({"nonce": random::hex(16), "code": 0, "message": "SUCCESS", "data": data})))
    }

    fn presented(&self, call: &Call<'_>) -> TokenKind {
        let has_token = call.request.header("AccessToken").is_some();
        if has_token { TokenKind::User } else { TokenKind::Tenant }
    }

    fn refuse(&self, call: &Call<'_>, refusal: &Refusal) -> Response {
        let is_oauth_call = [TOKEN_CALL, REFRESH_CALL, USER_CALL].contains(&call.id());
        if is_oauth_call {
            let (code, message) = oauth_words(call, refusal);
            let body = json!({"nonce": random::hex(16), "code": code, "message": message});
            return Response::json(200, &body);
        }
        let (status, code, message) = words(refusal);
        let mut error = json!({"error_code": code, "message": message});
        if code == 190303 {
            // The only code that published responses show with its longer form.
            error["new_error_code"] = json!(200_190_303);
        }
        Response::json(status, &json!({"error_info": error}))
    }

    fn plain_success(&self) -> Value {
        json!({})
    }

    fn trace_headers(&self, call: &Call<'_>) -> Vec<(&'static str, String)> {
        vec![("X-TC-Trace", call.trace.to_owned())]
    }
}

/// Returns the `X-TC-Signature` of a request, for tests that build requests by hand.
///
/// `target` is path and query as sent. `body` is the body as sent; for multipart forms it is empty. `timestamp` is
/// in seconds since the Unix epoch.
pub fn tencent_signature(
    secret_id: &str,
    secret_key: &str,
    method: &str,
    nonce: &str,
    timestamp: &str,
    target: &str,
    body: &[u8],
) -> String {
    let mut digest = match Hmac::<Sha256>::new_from_slice(secret_key.as_bytes()) {
        Ok(digest) => digest,
        // HMAC accepts keys of any length (RFC 2104).
        Err(_) => return String::new(),
    };
    digest.update(
        format!("{method}\nX-TC-Key={secret_id}&X-TC-Nonce={nonce}&X-TC-Timestamp={timestamp}\n{target}\n").as_bytes(),
    );
    digest.update(body);
    let hex: String = digest.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    STANDARD.encode(hex)
}

fn required<'a>(call: &Call<'a>, name: &'static str) -> Result<&'a str, Refusal> {
    call.request.header(name).filter(|value| !value.is_empty()).ok_or(Refusal::NoCredentials(name))
}

fn check_signature(call: &Call<'_>, ledger: &mut Ledger) -> Result<(), Refusal> {
    let key = required(call, "X-TC-Key")?;
    let timestamp = required(call, "X-TC-Timestamp")?;
    let nonce = required(call, "X-TC-Nonce")?;
    let signature = required(call, "X-TC-Signature")?;
    let app_id = required(call, "AppId")?;
    if required(call, "X-TC-Registered")? != "1" {
        return Err(Refusal::own(400, 200_001, "X-TC-Registered must be 1"));
    }
    let sdk_id = call.request.header("SdkId").unwrap_or(TENCENT.sdk_id);
    if key != TENCENT.secret_id || app_id != TENCENT.app_id || sdk_id != TENCENT.sdk_id {
        return Err(Refusal::TokenRejected(TokenKind::Tenant));
    }
    let seconds = check_window(call, timestamp)?;
    let method = &call.request.method;
    let body: &[u8] = if call.request.is_of_type("multipart/form-data") { b"" } else { &call.request.body };
    let target = &call.request.target;
    let expected = tencent_signature(key, TENCENT.secret_key, method, nonce, timestamp, target, body);
    if signature != expected {
        return Err(Refusal::WrongSecret);
    }
    check_replay(call, seconds, nonce, ledger)
}

fn check_oauth(call: &Call<'_>, ledger: &mut Ledger) -> Result<(), Refusal> {
    let token = required(call, "AccessToken")?;
    let open_id = required(call, "OpenId")?;
    let timestamp = required(call, "X-TC-Timestamp")?;
    let nonce = required(call, "X-TC-Nonce")?;
    let seconds = check_window(call, timestamp)?;
    let kind = ledger.look_up(token, call.now).map_err(Refusal::of_token(TokenKind::User))?;
    if kind != TokenKind::User || !ledger.is_of(token, open_id) {
        return Err(Refusal::TokenRejected(TokenKind::User));
    }
    check_replay(call, seconds, nonce, ledger)
}

fn check_window(call: &Call<'_>, timestamp: &str) -> Result<i64, Refusal> {
    let invalid = || Refusal::own(400, 200_006, "X-TC-Timestamp must be Unix seconds");
    let seconds: i64 = timestamp.parse().map_err(|_| invalid())?;
    if seconds.abs_diff(call.now) > NONCE_MEMORY.unsigned_abs() {
        return Err(Refusal::ClockSkew);
    }
    Ok(seconds)
}

fn check_replay(call: &Call<'_>, timestamp: i64, nonce: &str, ledger: &mut Ledger) -> Result<(), Refusal> {
    if !nonce.parse::<u64>().is_ok_and(|number| number > 0) {
        return Err(Refusal::own(400, 200_006, "X-TC-Nonce must be a positive integer"));
    }
    if ledger.remember_nonce(timestamp, nonce, call.now) {
        Ok(())
    } else {
        Err(Refusal::own(400, 190_301, "请求重放错误"))
    }
}

/// Returns the open id of the user who has logged in.
fn check_code(body: &Value, ledger: &mut Ledger) -> Result<String, Refusal> {
    if text(body, "sdk_id") != TENCENT.sdk_id || text(body, "secret") != TENCENT.oauth_secret {
        return Err(Refusal::WrongSecret);
    }
    let code = text(body, "auth_code");
    ledger.redeem(code, TENCENT.auth_code).map_err(|_| Refusal::own(200, 1002, "auth_code invalid or expired"))?;
    let other = code.find('@').map_or("", |at| &code[at..]);
    Ok(format!("{}{other}", TENCENT.open_id))
}

/// Returns the open id of the user whose tokens are renewed.
fn check_refresh<'a>(call: &Call<'_>, body: &'a Value, ledger: &mut Ledger) -> Result<&'a str, Refusal> {
    if text(body, "sdk_id") != TENCENT.sdk_id {
        return Err(Refusal::own(200, 10, "sdk_id invalid"));
    }
    let (user, token) = (text(body, "open_id"), text(body, "refresh_token"));
    if !user.starts_with(TENCENT.open_id) {
        return Err(Refusal::own(200, 1004, "open_id invalid"));
    }
    let expired = || Refusal::TokenExpired(TokenKind::Refresh);
    if !ledger.is_of(token, user) {
        return Err(expired());
    }
    ledger.spend(token, call.now).map_err(|_| expired())?;
    // "The old tokens become invalid once the new ones are fetched" (1095/85377).
    ledger.revoke_user(user);
    Ok(user)
}

fn issue_pair(call: &Call<'_>, user: &str, ledger: &mut Ledger) -> Value {
    let life = ledger.life(LIFE);
    let (access, refresh) = (ledger.issue(TokenKind::User, "", life, call.now), ledger.issue_refresh(call.now));
    ledger.assign(&access, user);
    ledger.assign(&refresh, user);
    json!({
        "access_token": access,
        "refresh_token": refresh,
        "expires": call.now.saturating_add(life),
        "open_id": user,
        "scopes": ["VIEW_USER_INFO", "VIEW_MEETING", "MANAGE_MEETING"],
    })
}

fn user_info(call: &Call<'_>, body: &Value, ledger: &Ledger) -> Result<Value, Refusal> {
    let (user, token) = (text(body, "open_id"), text(body, "access_token"));
    if !user.starts_with(TENCENT.open_id) {
        return Err(Refusal::own(200, 1004, "open_id invalid"));
    }
    match ledger.look_up(token, call.now) {
        Ok(TokenKind::User) if ledger.is_of(token, user) => Ok(json!({
            "expires": call.now.saturating_add(ledger.life(LIFE)),
            "open_id": user,
            "scopes": ["VIEW_USER_INFO", "VIEW_MEETING", "MANAGE_MEETING"],
        })),
        Ok(_) | Err(BadToken::Unknown | BadToken::Expired | BadToken::Spent) => {
            Err(Refusal::TokenExpired(TokenKind::User))
        }
    }
}

/// Returns HTTP status, code and message of a refusal of an API call.
fn words(refusal: &Refusal) -> (u16, i64, String) {
    let (status, code, message) = match refusal {
        Refusal::NoCredentials(name) => return (400, 200_001, format!("header {name} is missing")),
        Refusal::MalformedToken | Refusal::TokenRejected(_) | Refusal::TokenExpired(_) | Refusal::WrongTokenKind(_) => {
            (400, 190_303, "鉴权失败:请检查请求头公共参数里字段 AppId 和 X-TC-Key 内容是否正确")
        }
        Refusal::WrongSecret => (400, 200_003, "API 调用签名验证错误"),
        Refusal::ClockSkew => (400, 190_300, "请求的时间戳与服务器时间相差超过5分钟"),
        Refusal::RateLimited(_) => (500, 190_310, "API 调用频率超过每分钟限制"),
        Refusal::MonthlyQuota => (500, 500_168, "本月创建会议数已达上限"),
        Refusal::UnknownPath => (400, 200_004, "不支持的 API 请求"),
        Refusal::Unfit(violation) => return (400, 200_006, format!("API 请求参数出错: {violation}")),
        Refusal::Own { status, code, message } => {
            return (*status, code.as_i64().unwrap_or(-1), message.clone());
        }
    };
    (status, code, message.to_owned())
}

/// Returns code and message of a refusal of an OAuth call; these have their own envelope.
fn oauth_words(call: &Call<'_>, refusal: &Refusal) -> (i64, String) {
    let (code, message) = match refusal {
        Refusal::WrongSecret => (1003, "secret invalid"),
        Refusal::TokenExpired(_) | Refusal::TokenRejected(_) if call.id() == USER_CALL => {
            (1005, "access_token expired")
        }
        Refusal::TokenExpired(_) | Refusal::TokenRejected(_) if call.id() == REFRESH_CALL => {
            (1006, "refresh_token expired")
        }
        Refusal::TokenExpired(_) | Refusal::TokenRejected(_) => (1002, "auth_code invalid or expired"),
        Refusal::Unfit(violation) => return (10, format!("parameter error: {violation}")),
        Refusal::Own { code, message, .. } => {
            return (code.as_i64().unwrap_or(999), message.clone());
        }
        Refusal::MonthlyQuota => (1001, "app blocked"),
        Refusal::NoCredentials(_)
        | Refusal::MalformedToken
        | Refusal::WrongTokenKind(_)
        | Refusal::ClockSkew
        | Refusal::RateLimited(_)
        | Refusal::UnknownPath => (20, "internal error"),
    };
    (code, message.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

    use serde_json::Value;

    use super::tencent_signature;

    #[test]
    fn signatures_equal_the_known_ones() {
        let text = include_str!("../../tests/data/tencent_aksk_signature.json");
        let vectors: Vec<Value> = serde_json::from_str(text).unwrap();

        assert_eq!(vectors.len(), 10);
        for vector in &vectors {
            let text = |name: &str| vector[name].as_str().unwrap();
            let signature = tencent_signature(
                text("secret_id"),
                text("secret_key"),
                text("method"),
                text("nonce"),
                text("timestamp"),
                text("uri"),
                text("body").as_bytes(),
            );
            assert_eq!(signature, text("signature"), "{}", text("name"));
        }
    }
}
