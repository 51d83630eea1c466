//! A request in the making: what the generated `send` puts together before the pipeline takes over.

use std::fmt;

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
///
/// Clients are not asked to be `Sync` here, although they are: the compiler would prove it anew for each
/// operation.
pub struct Outgoing(Result<RequestBuilder, String>);

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing").finish_non_exhaustive()
    }
}

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

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::argument;

    const BASE: &str = "https://host/base";
    static HTTP: LazyLock<reqwest::Client> = LazyLock::new(reqwest::Client::new);

    fn get(path: &str, arguments: &[Result<String, String>]) -> Outgoing {
        Outgoing::new(&HTTP, Method::GET, BASE, path, arguments)
    }

    fn url(outgoing: Outgoing) -> String {
        outgoing.0.unwrap().build().unwrap().url().to_string()
    }

    #[test]
    fn arguments_take_the_places_in_the_path_in_their_order() {
        for (path, expected) in [
            ("/v1/rooms", "https://host/base/v1/rooms"),
            ("/v1/rooms/{room_id}", "https://host/base/v1/rooms/a%2Fb"),
            ("/v1/{kind}/{room_id}/photo", "https://host/base/v1/a%2Fb/2/photo"),
        ] {
            let arguments = [argument::path(Ok("a/b")), argument::path(Ok(2))];
            assert_eq!(url(get(path, &arguments)), expected);
        }
    }

    #[test]
    fn query_parameters_follow_in_the_order_of_the_calls_without_those_that_are_not_set() {
        let outgoing = get("/v1/rooms", &[])
            .query("name", Ok(Some("会议 室&")))
            .query("page", Ok(None::<i64>))
            .query("levels", Ok(Some(vec!["b", "a"])));

        assert_eq!(url(outgoing), "https://host/base/v1/rooms?name=%E4%BC%9A%E8%AE%AE+%E5%AE%A4%26&levels=b&levels=a");
    }

    #[test]
    fn the_first_argument_that_is_missing_or_invalid_is_the_error() {
        let missing = || Err::<Option<String>, _>("`get_room`: `name` was not set".to_owned());
        let invalid = argument::path(Err::<String, _>("`get_room`: `room_id` was not set".to_owned()));

        let outgoing = get("/v1/rooms/{room_id}", &[invalid]).query("name", missing());
        assert_eq!(outgoing.0.unwrap_err(), "`get_room`: `room_id` was not set");
        let outgoing = get("/v1/rooms", &[]).query("name", missing()).json(Err::<String, _>("no body".to_owned()));
        assert_eq!(outgoing.0.unwrap_err(), "`get_room`: `name` was not set");
        let outgoing = get("/v1/rooms/{room_id}", &[]);
        assert_eq!(outgoing.0.unwrap_err(), "an argument of /v1/rooms/{room_id} is missing");
    }

    #[test]
    fn a_header_that_cannot_be_sent_is_an_error_that_does_not_show_it() {
        let outgoing = get("/v1/rooms", &[]).header("x-trace", Ok(Some("s3cr3t\n")));
        let error = outgoing.0.unwrap_err();

        assert!(error.contains("x-trace") && !error.contains("s3cr3t"), "{error}");
        let outgoing = get("/v1/rooms", &[]).header("X-Trace", Ok(Some(7)));
        assert_eq!(outgoing.0.unwrap().build().unwrap().headers().get("x-trace").unwrap(), "7");
    }

    #[test]
    fn a_body_says_what_it_is() {
        let put = || Outgoing::new(&HTTP, Method::PUT, BASE, "/v1/rooms", &[]);
        let body = [("name", "会议 室")];
        for (outgoing, kind, expected) in [
            (put().json(Ok("a")), "application/json", "\"a\""),
            (put().form(Ok(body)), "application/x-www-form-urlencoded", "name=%E4%BC%9A%E8%AE%AE+%E5%AE%A4"),
            (put().bytes(Ok("abc".into())), "application/octet-stream", "abc"),
        ] {
            let request = outgoing.0.unwrap().build().unwrap();
            assert_eq!(request.headers().get(CONTENT_TYPE).unwrap(), kind);
            assert_eq!(request.body().unwrap().as_bytes().unwrap(), expected.as_bytes());
        }
    }
}
