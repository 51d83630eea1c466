//! Everything that the server has issued and seen: tokens, authorization codes, nonces.

use std::collections::{HashMap, HashSet};

use crate::random;

/// The holder of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// An app in one tenant or corporation; most API calls carry such a token.
    Tenant,
    /// An app without a tenant, or a suite: only other token calls accept it.
    App,
    /// A user.
    User,
    /// Gives the next user token, once.
    Refresh,
}

/// The reason why a token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadToken {
    /// Never issued, or revoked.
    Unknown,
    /// It has expired.
    Expired,
    /// The refresh token was used before.
    Spent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Live,
    Expired,
    Revoked,
    Spent,
}

#[derive(Debug)]
struct Issued {
    kind: TokenKind,
    /// Id of the user, for vendors whose requests carry it in addition to the token.
    user: Option<String>,
    expires_at: i64,
    standing: Standing,
}

/// Lifetime of a refresh token, in seconds: 30 days, as for DingTalk and Tencent Meeting.
const REFRESH_LIFE: i64 = 30 * 86_400;
/// The time that Tencent Meeting remembers a pair of timestamp and nonce, in seconds.
pub(crate) const NONCE_MEMORY: i64 = 300;

/// Tokens, codes and nonces of one server.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    tokens: HashMap<String, Issued>,
    issued: u64,
    life: Option<i64>,
    codes: HashSet<String>,
    nonces: HashSet<(i64, String)>,
    /// A token that was never issued counts as this kind; with `None` it is refused.
    stranger: Option<TokenKind>,
}

impl Ledger {
    /// Issues a token; its text is `<prefix>token-sentinel-<counter>-<random>`.
    pub(crate) fn issue(&mut self, kind: TokenKind, prefix: &str, life: i64, now: i64) -> String {
        self.issued += 1;
        let token = format!("{prefix}token-sentinel-{}-{}", self.issued, random::hex(24));
        let expires_at = now.saturating_add(life);
        let issued = Issued { kind, user: None, expires_at, standing: Standing::Live };
        self.tokens.insert(token.clone(), issued);
        token
    }

    /// Issues a refresh token.
    pub(crate) fn issue_refresh(&mut self, now: i64) -> String {
        self.issue(TokenKind::Refresh, "r-", REFRESH_LIFE, now)
    }

    /// Sets the user of a token.
    pub(crate) fn assign(&mut self, token: &str, user: &str) {
        if let Some(issued) = self.tokens.get_mut(token) {
            issued.user = Some(user.to_owned());
        }
    }

    /// Returns whether a token belongs to this user.
    pub(crate) fn is_of(&self, token: &str, user: &str) -> bool {
        match self.tokens.get(token) {
            Some(issued) => issued.user.as_deref() == Some(user),
            None => self.stranger.is_some(),
        }
    }

    /// Accepts every token that was never issued, as one of this kind.
    #[cfg(any(feature = "sandbox", feature = "feishu", feature = "wecom", feature = "dingtalk", feature = "tencent"))]
    pub(crate) fn accept_strangers(&mut self, kind: TokenKind) {
        self.stranger = Some(kind);
    }

    /// Returns the lifetime of the next token in seconds: the vendor's, unless a test has set another.
    pub(crate) fn life(&self, usual: i64) -> i64 {
        self.life.unwrap_or(usual)
    }

    /// Sets the lifetime of tokens issued from now on.
    pub(crate) fn set_life(&mut self, seconds: Option<i64>) {
        self.life = seconds;
    }

    /// Returns the kind of a valid token.
    pub(crate) fn look_up(&self, token: &str, now: i64) -> Result<TokenKind, BadToken> {
        let Some(issued) = self.tokens.get(token) else { return self.stranger.ok_or(BadToken::Unknown) };
        match issued.standing {
            Standing::Revoked => Err(BadToken::Unknown),
            Standing::Spent => Err(BadToken::Spent),
            Standing::Expired => Err(BadToken::Expired),
            Standing::Live if now >= issued.expires_at => Err(BadToken::Expired),
            Standing::Live => Ok(issued.kind),
        }
    }

    /// Uses a refresh token.
    pub(crate) fn spend(&mut self, token: &str, now: i64) -> Result<(), BadToken> {
        match self.look_up(token, now)? {
            TokenKind::Refresh => {
                if let Some(issued) = self.tokens.get_mut(token) {
                    issued.standing = Standing::Spent;
                }
                Ok(())
            }
            TokenKind::Tenant | TokenKind::App | TokenKind::User => Err(BadToken::Unknown),
        }
    }

    /// Uses an authorization code: any text that starts with `expected` is accepted once.
    pub(crate) fn redeem(&mut self, code: &str, expected: &str) -> Result<(), BadToken> {
        if !code.starts_with(expected) {
            return Err(BadToken::Unknown);
        }
        if self.codes.insert(code.to_owned()) { Ok(()) } else { Err(BadToken::Spent) }
    }

    /// Makes every access token unknown; refresh tokens stay.
    pub(crate) fn revoke_access(&mut self) {
        self.set_standing(Standing::Revoked, |issued| issued.kind != TokenKind::Refresh);
    }

    /// Makes every access token of a user unknown, as Tencent Meeting does on a refresh.
    pub(crate) fn revoke_user(&mut self, user: &str) {
        let concerns = |issued: &Issued| issued.kind == TokenKind::User && issued.user.as_deref() == Some(user);
        self.set_standing(Standing::Revoked, concerns);
    }

    /// Makes every access token expired; refresh tokens stay.
    pub(crate) fn expire_access(&mut self) {
        self.set_standing(Standing::Expired, |issued| issued.kind != TokenKind::Refresh);
    }

    /// Makes every refresh token unknown.
    pub(crate) fn revoke_refresh(&mut self) {
        self.set_standing(Standing::Revoked, |issued| issued.kind == TokenKind::Refresh);
    }

    fn set_standing(&mut self, standing: Standing, concerns: impl Fn(&Issued) -> bool) {
        let live = self.tokens.values_mut().filter(|issued| issued.standing == Standing::Live);
        for issued in live.filter(|issued| concerns(issued)) {
            issued.standing = standing;
        }
    }

    /// Remembers a pair of timestamp and nonce; returns `false` if it was seen before.
    pub(crate) fn remember_nonce(&mut self, timestamp: i64, nonce: &str, now: i64) -> bool {
        if self.nonces.len() > 100_000 {
            self.nonces.retain(|(seen, _)| now.saturating_sub(*seen) <= NONCE_MEMORY);
        }
        self.nonces.insert((timestamp, nonce.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is the failure of the test")]

    use super::{BadToken, Ledger, TokenKind};

    #[test]
    fn tokens_differ_and_name_their_counter() {
        let mut ledger = Ledger::default();

        let first = ledger.issue(TokenKind::Tenant, "t-", 10, 0);
        let second = ledger.issue(TokenKind::Tenant, "t-", 10, 0);

        assert!(first.starts_with("t-token-sentinel-1-"));
        assert!(second.starts_with("t-token-sentinel-2-"));
    }

    #[test]
    fn a_token_expires_by_the_clock() {
        let mut ledger = Ledger::default();
        let token = ledger.issue(TokenKind::User, "u-", 10, 100);

        assert_eq!(ledger.look_up(&token, 109), Ok(TokenKind::User));
        assert_eq!(ledger.look_up(&token, 110), Err(BadToken::Expired));
    }

    #[test]
    fn refresh_tokens_and_codes_work_once() {
        let mut ledger = Ledger::default();
        let token = ledger.issue_refresh(0);

        assert_eq!(ledger.spend(&token, 0), Ok(()));
        assert_eq!(ledger.spend(&token, 0), Err(BadToken::Spent));
        assert_eq!(ledger.redeem("code-1", "code"), Ok(()));
        assert_eq!(ledger.redeem("code-1", "code"), Err(BadToken::Spent));
        assert_eq!(ledger.redeem("other", "code"), Err(BadToken::Unknown));
    }

    #[test]
    fn revoking_access_spares_refresh_tokens() {
        let mut ledger = Ledger::default();
        let access = ledger.issue(TokenKind::User, "u-", 10, 0);
        let refresh = ledger.issue_refresh(0);

        ledger.revoke_access();

        assert_eq!(ledger.look_up(&access, 0), Err(BadToken::Unknown));
        assert_eq!(ledger.look_up(&refresh, 0), Ok(TokenKind::Refresh));
    }
}
