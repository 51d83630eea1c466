//! Who a client is towards the vendor: which tokens it has and how they travel.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use reqwest::Request;

use crate::error::Error;
use crate::redact;
use crate::token::{Token, TokenSource};

/// The credentials of a client, one per kind of token, best first.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    schemes: Vec<Scheme>,
    tenant: Option<Arc<str>>,
    app: Option<Arc<str>>,
}

/// One kind of credential.
#[derive(Clone)]
pub(crate) struct Scheme {
    name: &'static str,
    method: Method,
}

#[derive(Clone)]
enum Method {
    Token { source: Arc<dyn TokenSource>, place: PlaceToken },
    Signature(Arc<dyn Signer>),
}

/// Puts a token into a request: into a header or the query.
pub type PlaceToken = fn(&mut Request, &Token, Stamp) -> Result<(), String>;

/// The moment and the number that make an attempt unlike any other.
#[derive(Clone, Copy, Debug)]
pub struct Stamp {
    /// Time since the Unix epoch.
    pub unix_time: Duration,
    /// A random number.
    pub nonce: u64,
}

/// Signs requests with a secret instead of sending a token.
pub trait Signer: Send + Sync + 'static {
    /// Adds the signature headers. The request's bytes do not change afterwards.
    ///
    /// # Errors
    ///
    /// If the credentials cannot be put into headers; says why.
    fn sign(&self, request: &mut Request, stamp: Stamp) -> Result<(), String>;
}

/// What an attempt is authenticated with. No text of a failure may show it.
pub(crate) enum Credential {
    /// The operation takes none.
    None,
    /// A token, and how it travels.
    Token { source: Arc<dyn TokenSource>, token: Token, place: PlaceToken },
    /// A signature.
    Signature(Arc<dyn Signer>),
}

impl Credential {
    /// Puts the credential into the request. Gives the texts that no error may show.
    pub(crate) fn apply(&self, request: &mut Request, stamp: Stamp) -> Result<Vec<HeaderValue>, String> {
        match self {
            Self::None => Ok(Vec::new()),
            Self::Token { token, place, .. } => place(request, token, stamp).map(|()| Vec::new()),
            Self::Signature(signer) => signer.sign(request, stamp).map(|()| redact::marked_headers(request)),
        }
    }

    /// Takes the credential out of an error, should the vendor or a proxy have quoted it.
    pub(crate) fn hide_in(&self, error: &mut Error, headers: &[HeaderValue]) {
        if let Self::Token { token, .. } = self {
            error.hide(token.expose());
        }
        headers.iter().filter_map(|value| value.to_str().ok()).for_each(|value| error.hide(value));
    }
}

impl Identity {
    /// An identity without credentials: only operations that need none can be called.
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds a kind of token, named as in the specs' `security`.
    #[must_use]
    pub fn with_token(mut self, name: &'static str, source: Arc<dyn TokenSource>, place: PlaceToken) -> Self {
        self.schemes.push(Scheme { name, method: Method::Token { source, place } });
        self
    }

    /// Adds a signature scheme, named as in the specs' `security`.
    #[must_use]
    pub fn with_signer(mut self, name: &'static str, signer: Arc<dyn Signer>) -> Self {
        self.schemes.push(Scheme { name, method: Method::Signature(signer) });
        self
    }

    /// Names the app, whose quotas several processes may share.
    #[must_use]
    pub fn with_app(mut self, app: impl Into<Arc<str>>) -> Self {
        self.app = Some(app.into());
        self
    }

    pub(crate) fn app(&self) -> Option<&str> {
        self.app.as_deref()
    }

    /// Names the tenant, whose quotas are counted apart.
    #[must_use]
    pub fn with_tenant(mut self, tenant: impl Into<Arc<str>>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }

    /// Counts quotas for the tenant of another identity unless it has one of its own.
    pub(crate) fn or_tenant_of(mut self, other: &Self) -> Self {
        self.tenant = self.tenant.or_else(|| other.tenant.clone());
        self
    }

    pub(crate) fn tenant(&self) -> Option<&Arc<str>> {
        self.tenant.as_ref()
    }

    /// The scheme that a call uses: the best one of those that it accepts.
    ///
    /// # Errors
    ///
    /// A sentence if the client has no credential of an accepted kind.
    pub(crate) fn choose(&self, accepted: &[&str]) -> Result<Option<&Scheme>, String> {
        let chosen = self.schemes.iter().find(|scheme| accepted.contains(&scheme.name));
        if accepted.is_empty() || chosen.is_some() {
            return Ok(chosen);
        }
        let accepted = accepted.join(" or ");
        let ours: Vec<&str> = self.schemes.iter().map(|scheme| scheme.name).collect();
        let ours = if ours.is_empty() { "no credentials".to_owned() } else { format!("only: {}", ours.join(", ")) };
        Err(format!("it accepts credentials of kind {accepted}; this client has {ours}"))
    }
}

impl Scheme {
    /// The credential itself; fetches a token if need be.
    ///
    /// # Errors
    ///
    /// That of the token source.
    pub(crate) async fn credential(&self) -> Result<Credential, Error> {
        match &self.method {
            Method::Token { source, place } => {
                let token = source.token().await?;
                Ok(Credential::Token { source: Arc::clone(source), token, place: *place })
            }
            Method::Signature(signer) => Ok(Credential::Signature(Arc::clone(signer))),
        }
    }
}

impl fmt::Debug for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Sets a header whose value must not be shown.
///
/// # Errors
///
/// If the value cannot be a header, for instance because it holds a line break.
pub fn secret_header(request: &mut Request, name: &'static str, value: &str) -> Result<(), String> {
    let mut value = http::HeaderValue::from_str(value)
        .map_err(|_| format!("the value for the header {name} holds characters that headers cannot carry"))?;
    value.set_sensitive(true);
    let name = http::HeaderName::from_bytes(name.as_bytes()).map_err(|_| format!("{name} is no header name"))?;
    request.headers_mut().insert(name, value);
    Ok(())
}
