//! Token requests. The errors of a failed request contain no secret.

use reqwest::Request;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};

use crate::answer::{classify, decode};
use crate::error::{Error, ErrorKind, Origin};
use crate::operation::Operation;
use crate::redact;
use crate::transport::{Outcome, Transport, connection_trouble};
use crate::vendor;

impl Transport {
    /// Requests a token by `POST` with a JSON body. For implementations of [`Grant`](crate::token::Grant).
    ///
    /// # Errors
    ///
    /// Those of [`request_token`](Self::request_token).
    pub async fn post_for_token<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        url: &str,
        body: &(impl Serialize + Sync),
    ) -> Result<T, Error> {
        self.request_token(operation, self.http.post(self.absolute(url)).json(body).build()).await
    }

    /// Requests a token by `GET` with a query.
    ///
    /// # Errors
    ///
    /// Those of [`request_token`](Self::request_token).
    pub async fn get_for_token<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        url: &str,
        query: &(impl Serialize + Sync),
    ) -> Result<T, Error> {
        self.request_token(operation, self.http.get(self.absolute(url)).query(query).build()).await
    }

    /// Returns the error of a [`Grant`](crate::token::Grant) that lacks something it needs for the request.
    pub fn no_token(&self, operation: &'static Operation, reason: &str) -> Error {
        let mut error = Error::new(self.vendor.name, operation.id, ErrorKind::Auth, reason);
        error.parts_mut().origin = Origin::Token;
        error
    }

    /// Returns the error for a refusal that a token endpoint reports in its own format.
    pub fn token_refused(
        &self,
        operation: &'static Operation,
        kind: ErrorKind,
        code: Option<String>,
        message: &str,
    ) -> Error {
        let mut error = Error::new(self.vendor.name, operation.id, kind, message);
        error.parts_mut().origin = Origin::Token;
        error.parts_mut().attempts = 1;
        error.parts_mut().code = code;
        error
    }

    /// Returns the URL of a path on this API's host; a URL of another host is returned unchanged.
    fn absolute(&self, url: &str) -> String {
        if url.starts_with('/') { format!("{}{url}", self.base_url) } else { url.to_owned() }
    }

    /// Sends a token request and reads its answer. For implementations of
    /// [`Grant`](crate::token::Grant).
    ///
    /// # Errors
    ///
    /// The vendor's refusal, classified by its error table, or a failure of the request
    /// ([`ErrorKind::Unavailable`]). [`Error::is_token_refusal`] is true for both.
    pub async fn request_token<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        request: reqwest::Result<Request>,
    ) -> Result<T, Error> {
        let mut secrets = Vec::new();
        let answer = match request {
            Ok(request) => {
                secrets = redact::carried(&request);
                self.token_answer(operation, request).await
            }
            Err(error) => {
                let reason = connection_trouble(&error.without_url());
                Err(Error::new(self.vendor.name, operation.id, ErrorKind::InvalidParameter, reason))
            }
        };
        answer.map_err(|mut error| {
            let parts = error.parts_mut();
            parts.origin = Origin::Token;
            parts.attempts = 1;
            secrets.iter().for_each(|secret| error.hide(secret));
            error.shorten();
            error
        })
    }

    async fn token_answer<T: DeserializeOwned>(
        &self,
        operation: &'static Operation,
        request: Request,
    ) -> Result<T, Error> {
        let trouble = |kind, reason: String| Error::new(self.vendor.name, operation.id, kind, reason);
        match self.attempt(request, false).await {
            Outcome::Answered(received) => {
                let answer = received
                    .as_text(Some(operation))
                    .map_err(|reason| classify::not_text(self.vendor, &operation.id.into(), &received, &reason))?;
                let reading = (self.vendor.read)(&answer);
                // The body of a success may contain a token in another form, so no part of it is shown unless
                // it is a page.
                let page = answer.body.trim_start().starts_with('<');
                let shown = if page || !answer.status.is_success() { answer.body } else { "" };
                let told = vendor::Received { body: shown, ..answer };
                if let Some(error) =
                    classify::refusal(self.vendor, &operation.id.into(), operation.errors, &told, reading)
                {
                    return Err(error);
                }
                decode::flat_from_str(answer.body).map_err(|reason| {
                    let mut error = trouble(ErrorKind::Other, reason.to_string());
                    error.parts_mut().received = Some(answer.status);
                    error
                })
            }
            Outcome::Unusable { reason, received, kind } => {
                Err(classify::unusable(self.vendor, &operation.id.into(), reason, received, kind))
            }
            Outcome::Failed { error, .. } => Err(trouble(ErrorKind::Unavailable, connection_trouble(&error))),
            Outcome::Streaming(_) => {
                Err(trouble(ErrorKind::Other, "the token request was answered with a file".to_owned()))
            }
        }
    }
}

/// Reads a required token: a non-empty string that a header can carry.
///
/// # Errors
///
/// If it is missing, empty or has control characters.
pub fn token_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.trim().is_empty() {
        return Err(D::Error::custom("the token is empty"));
    }
    if text.chars().any(char::is_control) {
        return Err(D::Error::custom("the token holds a line break or another control character"));
    }
    Ok(text)
}

/// Reads an optional token; an empty string means that there is none.
///
/// # Errors
///
/// If it is not a string.
pub fn optional_token<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.filter(|text| !text.trim().is_empty()))
}
