//! Who a client is towards the vendor: which tokens it has and how they travel.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderValue;
use reqwest::Request;

use crate::error::ApiError;
use crate::operation::Operation;
use crate::redact;
use crate::token::{Token, TokenSource};

/// The credentials of a client, one per kind of token, best first.
#[derive(Clone, Debug, Default)]
pub struct Identity {
    schemes: Vec<Scheme>,
    tenant: Option<Arc<str>>,
}

/// One kind of credential.
#[derive(Clone)]
struct Scheme {
    name: &'static str,
    means: Means,
}

#[derive(Clone)]
enum Means {
    Token { source: Arc<dyn TokenSource>, place: Place },
    Signature(Arc<dyn Signer>),
}

/// Puts a token into a request: into a header or the query.
pub type Place = fn(&mut Request, &Token, Stamp) -> Result<(), String>;

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

/// What an attempt was authenticated with. No text of a failure may show it.
pub(crate) enum Used {
    Nothing,
    Token {
        source: Arc<dyn TokenSource>,
        token: Token,
    },
    /// With these headers.
    Signature(Vec<HeaderValue>),
}

impl Used {
    /// Takes it out of an error, should the vendor or a proxy have quoted it.
    pub(crate) fn hide_in(&self, error: &mut ApiError) {
        match self {
            Self::Nothing => {}
            Self::Token { token, .. } => error.hide(token.expose()),
            Self::Signature(headers) => {
                headers.iter().filter_map(|value| value.to_str().ok()).for_each(|value| error.hide(value));
            }
        }
    }
}

impl Identity {
    /// An identity without credentials: only operations that need none can be called.
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds a kind of token, named as in the specs' `security`.
    #[must_use]
    pub fn with_token(mut self, name: &'static str, source: Arc<dyn TokenSource>, place: Place) -> Self {
        self.schemes.push(Scheme { name, means: Means::Token { source, place } });
        self
    }

    /// Adds a signature scheme, named as in the specs' `security`.
    #[must_use]
    pub fn with_signer(mut self, name: &'static str, signer: Arc<dyn Signer>) -> Self {
        self.schemes.push(Scheme { name, means: Means::Signature(signer) });
        self
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

    /// Refuses an operation for which there is no credential of a kind that it accepts.
    pub(crate) fn check(&self, operation: &Operation) -> Result<(), String> {
        if operation.tokens.is_empty() || self.scheme(operation).is_some() {
            return Ok(());
        }
        let accepted = operation.tokens.join(" or ");
        let ours: Vec<&str> = self.schemes.iter().map(|scheme| scheme.name).collect();
        let ours = if ours.is_empty() { "no credentials".to_owned() } else { format!("only: {}", ours.join(", ")) };
        Err(format!("`{}` accepts credentials of kind {accepted}; this client has {ours}", operation.id))
    }

    fn scheme(&self, operation: &Operation) -> Option<&Scheme> {
        self.schemes.iter().find(|scheme| operation.tokens.contains(&scheme.name))
    }

    pub(crate) async fn authenticate(
        &self,
        operation: &Operation,
        request: &mut Request,
        stamp: Stamp,
    ) -> Result<Used, Trouble> {
        let Some(scheme) = self.scheme(operation) else {
            return Ok(Used::Nothing);
        };
        match &scheme.means {
            Means::Token { source, place } => {
                let token = source.token().await.map_err(Trouble::Refused)?;
                place(request, &token, stamp).map_err(Trouble::Unusable)?;
                Ok(Used::Token { source: Arc::clone(source), token })
            }
            Means::Signature(signer) => {
                signer.sign(request, stamp).map_err(Trouble::Unusable)?;
                Ok(Used::Signature(redact::marked_headers(request)))
            }
        }
    }
}

/// Why a request could not be authenticated.
pub(crate) enum Trouble {
    /// The vendor, or the token source, gave no token.
    Refused(ApiError),
    /// The token cannot be sent, for instance because it holds a line break.
    Unusable(String),
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
