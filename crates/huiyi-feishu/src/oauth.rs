//! The browser login: authorization code with PKCE.
//!
//! Page: <https://open.feishu.cn/document/common-capabilities/sso/api/obtain-oauth-code>.

use huiyi_core::Error;
use huiyi_core::pkce::Verifier;
use huiyi_core::reqwest::Url;
use huiyi_core::transport::Transport;
use huiyi_core::user_token::UserTokens;
use serde_json::json;

use crate::auth::{App, UserRefresh};

/// A login in progress: where to send the browser, and how to exchange the code that comes back.
///
/// ```no_run
/// # async fn run(builder: huiyi_feishu::ClientBuilder, code_from_redirect: String) -> Result<(), Box<dyn std::error::Error>> {
/// use huiyi_feishu::Verifier;
///
/// let login = builder.login()?;
/// let verifier = Verifier::random()?;
/// let url = login.authorize_url("https://example.com/callback", "vc:meeting offline_access", "state-1", &verifier)?;
/// // send the browser to `url`, keep the verifier, then, with the code from the redirect:
/// let tokens = login.exchange(&code_from_redirect, "https://example.com/callback", &verifier).await?;
/// # let _ = (url, tokens); Ok(()) }
/// ```
#[derive(Debug)]
pub struct Login {
    app: App,
    transport: Transport,
}

impl Login {
    pub(crate) fn new(app: App, transport: Transport) -> Self {
        Self { app, transport }
    }

    /// Returns the URL to open in the user's browser.
    ///
    /// `scopes` are separated by spaces; `offline_access` among them gives a refresh token. Feishu returns `state`
    /// unchanged in the redirect: compare it.
    ///
    /// # Errors
    ///
    /// If the login host is not a URL; it is derived from the base URL.
    pub fn authorize_url(
        &self,
        redirect_uri: &str,
        scopes: &str,
        state: &str,
        verifier: &Verifier,
    ) -> Result<Url, huiyi_core::BuildError> {
        let base = self.transport.base_url();
        let host = match base {
            crate::FEISHU => "https://accounts.feishu.cn",
            crate::LARK => "https://accounts.larksuite.com",
            other => other,
        };
        let url = Url::parse_with_params(
            &format!("{host}/open-apis/authen/v1/authorize"),
            [
                ("client_id", self.app.id.as_str()),
                ("response_type", "code"),
                ("redirect_uri", redirect_uri),
                ("scope", scopes),
                ("state", state),
                ("code_challenge", verifier.challenge().as_str()),
                ("code_challenge_method", "S256"),
            ],
        );
        url.map_err(|error| huiyi_core::BuildError::BaseUrl { url: host.to_owned(), reason: error.to_string() })
    }

    /// Exchanges the code from the redirect for tokens; a code can be used once, within 5 minutes.
    ///
    /// # Errors
    ///
    /// The vendor's error, for instance code 20003 for an unknown code.
    pub async fn exchange(&self, code: &str, redirect_uri: &str, verifier: &Verifier) -> Result<UserTokens, Error> {
        let refresh =
            UserRefresh { app: self.app.clone(), transport: self.transport.clone(), tenant: None, user: String::new() };
        let grant = json!({
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier.expose(),
        });
        refresh.exchange(grant).await
    }
}
