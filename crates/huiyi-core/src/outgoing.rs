//! A request in the making: what the generated `send` puts together before the pipeline takes over.

pub use http::Method;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use progenitor_client::{ByteStream, ClientHooks, Error, QueryParam, RequestBuilderExt, ResponseValue};
use reqwest::RequestBuilder;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::decode::{self, Answered};
use crate::error::ApiError;
use crate::pipeline;
use crate::session::Session;

/// The request of an operation. The first argument that is missing or invalid is the error of the call.
#[derive(Debug)]
pub struct Outgoing(Result<RequestBuilder, String>);

impl From<RequestBuilder> for Outgoing {
    fn from(request: RequestBuilder) -> Self {
        Self(Ok(request))
    }
}

impl Outgoing {
    /// A request without query, headers and body.
    ///
    /// The arguments are for the `{placeholders}` of the path, in their order, from
    /// [`argument::path`](crate::argument::path).
    pub fn new(
        http: &reqwest::Client,
        method: Method,
        base_url: &str,
        path: &str,
        arguments: &[Result<String, String>],
    ) -> Self {
        let mut url = base_url.to_owned();
        let mut arguments = arguments.iter();
        for piece in path.split_inclusive(['{', '}']) {
            if let Some(fixed) = piece.strip_suffix('{') {
                url.push_str(fixed);
            } else if piece.ends_with('}') {
                match arguments.next() {
                    Some(Ok(argument)) => url.push_str(argument),
                    Some(Err(reason)) => return Self(Err(reason.clone())),
                    None => return Self(Err(format!("an argument of {path} is missing"))),
                }
            } else {
                url.push_str(piece);
            }
        }
        Self(Ok(http.request(method, url)))
    }

    /// Adds a query parameter if it is set.
    #[must_use]
    pub fn query<T: Serialize>(self, name: &str, value: Result<Option<T>, String>) -> Self {
        self.with(value, |request, value| Ok(request.query(&QueryParam::new(name, &value))))
    }

    /// Adds a header if it is set.
    #[must_use]
    pub fn header<T: ToString>(self, name: &str, value: Result<Option<T>, String>) -> Self {
        self.with(value, |request, value| match HeaderValue::try_from(value.to_string()) {
            Ok(value) => Ok(request.header(name, value)),
            Err(error) => Err(format!("the header `{name}` cannot be sent: {error}")),
        })
    }

    /// Sends a body as JSON.
    #[must_use]
    pub fn json<T: Serialize>(self, body: Result<T, String>) -> Self {
        self.with(body.map(Some), |request, body| Ok(request.json(&body)))
    }

    /// Sends a body as a form.
    #[must_use]
    pub fn form<T: Serialize>(self, body: Result<T, String>) -> Self {
        self.with(body.map(Some), |request, body| {
            RequestBuilderExt::<ApiError>::form_urlencoded(request, &body).map_err(|error| error.to_string())
        })
    }

    /// Sends a body as it is.
    #[must_use]
    pub fn bytes(self, body: Result<reqwest::Body, String>) -> Self {
        self.with(body.map(Some), |request, body| {
            let kind = HeaderValue::from_static("application/octet-stream");
            Ok(request.header(CONTENT_TYPE, kind).body(body))
        })
    }

    fn with<T>(
        self,
        value: Result<Option<T>, String>,
        change: impl FnOnce(RequestBuilder, T) -> Result<RequestBuilder, String>,
    ) -> Self {
        Self(self.0.and_then(|request| match value? {
            Some(value) => change(request, value),
            None => Ok(request),
        }))
    }

    /// Sends the request and reads the `data` member of the answer.
    ///
    /// # Errors
    ///
    /// That of the first argument, and those of [`pipeline::send`] and [`decode::data_from_str`].
    pub async fn data<T, C>(self, client: &C, operation: &'static str) -> Result<ResponseValue<T>, Error<ApiError>>
    where
        T: DeserializeOwned,
        C: ClientHooks<Session>,
    {
        self.answered(client, operation).await?.read(decode::data_from_str)
    }

    /// Sends the request and reads the whole answer.
    ///
    /// # Errors
    ///
    /// That of the first argument, and those of [`pipeline::send`] and [`decode::flat_from_str`].
    pub async fn flat<T, C>(self, client: &C, operation: &'static str) -> Result<ResponseValue<T>, Error<ApiError>>
    where
        T: DeserializeOwned,
        C: ClientHooks<Session>,
    {
        self.answered(client, operation).await?.read(decode::flat_from_str)
    }

    /// Sends the request; of the answer nothing but its success is of interest.
    ///
    /// # Errors
    ///
    /// That of the first argument, and those of [`pipeline::send`].
    pub async fn empty<C>(self, client: &C, operation: &'static str) -> Result<ResponseValue<()>, Error<ApiError>>
    where
        C: ClientHooks<Session>,
    {
        Ok(ResponseValue::empty(pipeline::send(client, self.accepting_json()?, operation).await?))
    }

    /// Sends the request and passes the answer on as it arrives.
    ///
    /// # Errors
    ///
    /// Those of [`empty`](Self::empty).
    pub async fn raw<C>(self, client: &C, operation: &'static str) -> Result<ResponseValue<ByteStream>, Error<ApiError>>
    where
        C: ClientHooks<Session>,
    {
        Ok(ResponseValue::stream(pipeline::send(client, self.0.map_err(Error::InvalidRequest)?, operation).await?))
    }

    async fn answered<C>(self, client: &C, operation: &'static str) -> Result<Answered, Error<ApiError>>
    where
        C: ClientHooks<Session>,
    {
        Answered::new(pipeline::send(client, self.accepting_json()?, operation).await?).await
    }

    #[allow(clippy::result_large_err, reason = "the error type is the generator's")]
    fn accepting_json(self) -> Result<RequestBuilder, Error<ApiError>> {
        let request = self.0.map_err(Error::InvalidRequest)?;
        Ok(request.header(ACCEPT, HeaderValue::from_static("application/json")))
    }
}
