//! The identity of a client: which tokens it has and how requests carry them.

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

/// Adds a token to a request, as a header or query parameter.
pub type PlaceToken = fn(&mut Request, &Token, Stamp) -> Result<(), String>;

/// The time and random number that make an attempt unique.
#[derive(Clone, Copy, Debug)]
pub struct Stamp {
    /// Time since the Unix epoch.
    pub unix_time: Duration,
    /// A random number.
    pub nonce: u64,
}

/// Signs requests with a secret instead of sending a token.
pub trait Signer: Send + Sync + 'static {
    /// Adds the signature headers. The request must not change afterwards.
    ///
    /// # Errors
    ///
    /// If the credentials cannot be put into headers. The text gives the reason.
    fn sign(&self, request: &mut Request, stamp: Stamp) -> Result<(), String>;
}

/// The credential of one attempt. No error text may show it.
pub(crate) enum Credential {
    /// The operation needs none.
    None,
    /// A token, and the function that adds it to the request.
    Token { source: Arc<dyn TokenSource>, token: Token, place: PlaceToken },
    /// A signature.
    Signature(Arc<dyn Signer>),
}

impl Credential {
    /// Adds the credential to the request. Returns the values that no error may show.
    pub(crate) fn apply(&self, request: &mut Request, stamp: Stamp) -> Result<Vec<HeaderValue>, String> {
        match self {
            Self::None => Ok(Vec::new()),
            Self::Token { token, place, .. } => place(request, token, stamp).map(|()| Vec::new()),
            Self::Signature(signer) => signer.sign(request, stamp).map(|()| redact::marked_headers(request)),
        }
    }

    /// Removes the credential from an error, in case the vendor or a proxy quoted it.
    pub(crate) fn hide_in(&self, error: &mut Error, headers: &[HeaderValue]) {
        if let Self::Token { token, .. } = self {
            error.hide(token.expose());
        }
        headers.iter().filter_map(|value| value.to_str().ok()).for_each(|value| error.hide(value));
    }
}

impl Identity {
    /// Creates an identity without credentials. Only operations that need none can be called.
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

    /// Sets the app, whose quotas several processes may share.
    #[must_use]
    pub fn with_app(mut self, app: impl Into<Arc<str>>) -> Self {
        self.app = Some(app.into());
        self
    }

    pub(crate) fn app(&self) -> Option<&str> {
        self.app.as_deref()
    }

    /// Sets the tenant, whose quotas are counted separately.
    #[must_use]
    pub fn with_tenant(mut self, tenant: impl Into<Arc<str>>) -> Self {
        self.tenant = Some(tenant.into());
        self
    }

    /// Uses the tenant of another identity for quotas unless this one has a tenant.
    pub(crate) fn or_tenant_of(mut self, other: &Self) -> Self {
        self.tenant = self.tenant.or_else(|| other.tenant.clone());
        self
    }

    pub(crate) fn tenant(&self) -> Option<&Arc<str>> {
        self.tenant.as_ref()
    }

    /// Returns the scheme for a call: the first one that the call accepts.
    ///
    /// # Errors
    ///
    /// Returns a message if the client has no credential of an accepted kind.
    pub(crate) fn choose(&self, accepted: &[&str]) -> Result<Option<&Scheme>, String> {
        let chosen = self.schemes.iter().find(|scheme| accepted.contains(&scheme.name));
        if accepted.is_empty() || chosen.is_some() {
            return Ok(chosen);
        }
        let accepted = accepted.join(" or ");
        let ours: Vec<&str> = self.schemes.iter().map(|scheme| scheme.name).collect();
        let ours = if ours.is_empty() { "no credentials".to_owned() } else { format!("only {}", ours.join(", ")) };
        Err(format!("the operation accepts credentials of kind {accepted}; this client has {ours}"))
    }
}

impl Scheme {
    /// Returns the credential; fetches a token if necessary.
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

/// Sets a header and marks its value as sensitive.
///
/// # Errors
///
/// If the value cannot be a header, for instance because it contains a line break.
pub fn secret_header(request: &mut Request, name: &'static str, value: &str) -> Result<(), String> {
    let mut value = http::HeaderValue::from_str(value)
        .map_err(|_| format!("the value for the header {name} contains characters that are not allowed in a header"))?;
    value.set_sensitive(true);
    let name = http::HeaderName::from_bytes(name.as_bytes()).map_err(|_| format!("{name} is not a header name"))?;
    request.headers_mut().insert(name, value);
    Ok(())
}
