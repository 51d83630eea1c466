//! Tokens of a user, issued without a login.

use std::sync::Arc;

use huiyi_core::{BoxFuture, Error, Token, TokenSource};

use crate::ledger::TokenKind;
use crate::state::Shared;

/// Lifetime of a token in seconds.
const LIFE: i64 = 7_200;

/// A source that issues each token in the server's ledger.
pub(crate) struct UserTokens {
    pub(crate) shared: Arc<Shared>,
    /// Prefix of a token's text.
    pub(crate) prefix: &'static str,
    /// Id of the user, for vendors whose requests carry it.
    pub(crate) account: Option<&'static str>,
}

impl TokenSource for UserTokens {
    fn token(&self) -> BoxFuture<'_, Result<Token, Error>> {
        let mut state = self.shared.state();
        let now = state.clock.now();
        let life = state.ledger.life(LIFE);
        let text = state.ledger.issue(TokenKind::User, self.prefix, life, now);
        let mut token = Token::new(text.as_str());
        if let Some(account) = self.account {
            state.ledger.assign(&text, account);
            token = token.with_account(account);
        }
        drop(state);
        Box::pin(std::future::ready(Ok(token)))
    }

    fn reject<'a>(&'a self, _token: &'a Token) -> BoxFuture<'a, bool> {
        Box::pin(std::future::ready(true))
    }
}
