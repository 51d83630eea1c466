//! Errors of building a client.

use std::fmt;

use crate::redact;

/// Why a client could not be built. It never contains a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BuildError {
    /// The base URL is not valid.
    BaseUrl {
        /// The URL as given, without user, password and query.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A required setting was not given.
    Missing {
        /// Which one.
        name: &'static str,
        /// What supplies it.
        cure: &'static str,
    },
    /// A credential or another setting is empty or malformed.
    Credential {
        /// Which one.
        name: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// Required environment variables are not set.
    Environment {
        /// Their names.
        missing: Vec<&'static str>,
    },
    /// The file that an environment variable `<NAME>_FILE` names cannot be read.
    EnvironmentFile {
        /// The variable.
        name: String,
        /// What is wrong with the file.
        reason: String,
    },
    /// The URL is `https`, but the crate was built without TLS.
    NoTls,
    /// The HTTP client could not be set up.
    Http(String),
}

impl BuildError {
    pub(super) fn base_url(url: &str, reason: &str) -> Self {
        Self::BaseUrl { url: redact::url(url), reason: reason.to_owned() }
    }

    /// Creates an error about a setting that was not given.
    pub fn missing(name: &'static str, cure: &'static str) -> Self {
        Self::Missing { name, cure }
    }

    /// Creates an error about a credential or another setting.
    pub fn credential(name: &'static str, reason: &str) -> Self {
        Self::Credential { name, reason: reason.to_owned() }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BaseUrl { url, reason } => write!(f, "the base URL {url:?} cannot be used: {reason}"),
            Self::Missing { name, cure } => write!(f, "no {name}: {cure}"),
            Self::Credential { name, reason } => write!(f, "the {name} cannot be used: {reason}"),
            Self::Environment { missing } => write!(f, "not set in the environment: {}", missing.join(", ")),
            Self::EnvironmentFile { name, reason } => write!(f, "the file named by {name} cannot be read: {reason}"),
            Self::NoTls => f.write_str("an https URL needs TLS: turn on the feature `rustls` or `native-tls`, or pass an HTTP client of your own"),
            Self::Http(reason) => write!(f, "the HTTP client cannot be set up: {reason}"),
        }
    }
}

impl std::error::Error for BuildError {}
