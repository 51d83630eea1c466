//! What the tests that cross the crates share. Any operation can be called by its name with JSON arguments, so the
//! specs' own examples can drive every client.

#![warn(missing_docs)]

use base64::Engine as _;
use huiyi_core::{Download, Error, ErrorKind};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

#[rustfmt::skip]
pub mod generated;
pub mod attempts;
pub mod broken_store;
pub mod by_name;
pub mod clock;
pub mod complete;
pub mod counted;
pub mod error_codes;
pub mod events;
pub mod examples;
pub mod family;
pub mod fault_matrix;
pub mod few_connections;
pub mod kept;
pub mod logins;
pub mod mocked;
pub mod pagination;
pub mod scenario;
pub mod simulated_time;
pub mod subject;
pub mod variants;

/// The arguments of a call as JSON: parameters by wire name, the body as a whole.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arguments {
    /// Path parameters.
    pub path: Map<String, Value>,
    /// Query parameters.
    pub query: Map<String, Value>,
    /// Header parameters.
    pub header: Map<String, Value>,
    /// The body.
    pub body: Option<Value>,
}

/// Why a call by name returned no value.
#[derive(Debug)]
pub enum Failure {
    /// There is no such operation, or it is not generated.
    NoOperation(String),
    /// An argument does not fit the type that the client wants.
    Argument {
        /// Its wire name.
        name: String,
        /// What is wrong.
        reason: String,
    },
    /// The client's error.
    Call(Error),
    /// The answer cannot be turned into JSON, or broke off.
    Answer(String),
}

impl Failure {
    /// Returns the kind of the client's error, if the call was made.
    pub fn kind(&self) -> Option<ErrorKind> {
        match self {
            Self::Call(error) => Some(error.kind()),
            _ => None,
        }
    }

    /// Returns the error of the call, if it was made.
    pub fn api(&self) -> Option<&Error> {
        match self {
            Self::Call(error) => Some(error),
            _ => None,
        }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoOperation(name) => write!(f, "no operation {name}"),
            Self::Argument { name, reason } => write!(f, "argument {name}: {reason}"),
            Self::Call(error) => write!(f, "{}", error),
            Self::Answer(reason) => write!(f, "answer: {reason}"),
        }
    }
}

impl std::error::Error for Failure {}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

/// Reads an argument into the client's type, if it is given.
///
/// # Errors
///
/// [`Failure::Argument`] if it does not fit the type.
pub fn argument<T: DeserializeOwned>(arguments: &Map<String, Value>, name: &str) -> Result<Option<T>, Failure> {
    let Some(value) = arguments.get(name) else {
        return Ok(None);
    };
    parsed(name, value).map(Some)
}

/// Reads a required argument into the client's type.
///
/// # Errors
///
/// [`Failure::Argument`] if it is missing or does not fit the type.
pub fn required<T: DeserializeOwned>(arguments: &Map<String, Value>, name: &str) -> Result<T, Failure> {
    match arguments.get(name) {
        Some(value) => parsed(name, value),
        None => Err(Failure::Argument { name: name.to_owned(), reason: "it is missing".to_owned() }),
    }
}

/// Reads a required body into the client's type.
///
/// # Errors
///
/// [`Failure::Argument`] if it is missing or does not fit the type.
pub fn body<T: DeserializeOwned>(arguments: &Arguments) -> Result<T, Failure> {
    match &arguments.body {
        Some(body) => parsed("body", body),
        None => Err(Failure::Argument { name: "body".to_owned(), reason: "it is missing".to_owned() }),
    }
}

/// Reads a body into the client's type.
///
/// # Errors
///
/// [`Failure::Argument`] if it does not fit the type.
pub fn parsed<T: DeserializeOwned>(name: &str, value: &Value) -> Result<T, Failure> {
    // As text, as an answer is: a second way to read each type would be compiled for the tests alone.
    serde_json::from_str(&value.to_string())
        .map_err(|error| Failure::Argument { name: name.to_owned(), reason: error.to_string() })
}

/// Converts an answer to JSON.
///
/// # Errors
///
/// [`Failure::Answer`] if it cannot be serialised.
pub fn serialised(value: &impl serde::Serialize) -> Result<Value, Failure> {
    serde_json::to_value(value).map_err(|error| Failure::Answer(error.to_string()))
}

/// Reads a download to its end, and returns it as Base64 text.
///
/// # Errors
///
/// [`Failure::Answer`] if it breaks off.
pub async fn collected(download: Download) -> Result<Value, Failure> {
    let bytes = download.collect().await.map_err(|error| Failure::Answer(error.to_string()))?;
    Ok(Value::String(base64::engine::general_purpose::STANDARD.encode(bytes)))
}
