//! A request that no spec describes. It uses the same pipeline as all others.

use std::fmt;

use http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::request::Request;
use crate::answer::Answer;
use crate::answer::download::Download;
use crate::error::Error;
use crate::session::Session;

/// Any request to a vendor. Credentials, signature, envelope, errors, retries and the app-wide quota work as
/// for a documented operation.
///
/// The value of the answer is the same as for documented operations: the member `data` for Feishu, otherwise
/// the whole body. [`Answer::raw`] also contains the envelope.
///
/// ```no_run
/// # use huiyi_core::call::custom::CustomRequest;
/// # async fn run(request: CustomRequest) -> Result<(), huiyi_core::Error> {
/// // `request` comes from the client: `client.request(Method::GET, "/open-apis/vc/v1/new_thing")`
/// let answer = request.query("page_size", 20).send::<serde_json::Value>().await?;
/// println!("{}", *answer);
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "a request does nothing until it is sent"]
pub struct CustomRequest(Request);

impl CustomRequest {
    /// Creates a request to a path of the vendor's API. `GET`, `HEAD`, `OPTIONS`, `PUT` and `DELETE` count as
    /// idempotent.
    pub fn new(session: &Session, method: Method, path: &str) -> Self {
        let custom = session.transport().vendor.custom;
        let mut request = Request::custom(session, custom, method, path.to_owned());
        if let Some(reason) = refusal(path) {
            request.refuse(reason);
        }
        Self(request)
    }

    /// Sets a query parameter.
    pub fn query(mut self, name: impl Into<String>, value: impl fmt::Display) -> Self {
        self.0.set_query(name.into().into(), value.to_string());
        self
    }

    /// Sets a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.0.set_header(name, value);
        self
    }

    /// Sends a body as JSON.
    pub fn json<T: Serialize>(self, body: &T) -> Self {
        Self(self.0.json(body))
    }

    /// Sends a body as a form.
    pub fn form<T: Serialize>(self, body: &T) -> Self {
        Self(self.0.form(body))
    }

    /// Sends a body of the given media type unchanged. A stream is sent once and never retried.
    pub fn body(self, media_type: &str, body: impl Into<reqwest::Body>) -> Self {
        Self(self.0.stream(media_type, body))
    }

    /// Sets whether it is safe to send the request twice. Only then is it retried after a failure that leaves
    /// open whether the vendor acted.
    pub fn idempotent(mut self, idempotent: bool) -> Self {
        self.0.idempotent = idempotent;
        self
    }

    /// Uses only this kind of credential, named as in
    /// [`Operation::tokens`](crate::operation::Operation::tokens). The default is the client's best
    /// credential.
    pub fn credential(mut self, kind: impl Into<String>) -> Self {
        self.0.token = Some(kind.into().into());
        self
    }

    /// Sends the request and decodes the value of the answer.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Misuse`](crate::ErrorKind::Misuse) if the path, an argument or the kind of credential
    /// cannot be used; otherwise those of any call.
    pub async fn send<T: DeserializeOwned>(self) -> Result<Answer<T>, Error> {
        if self.0.session.transport().vendor.has_data_member { self.0.data().await } else { self.0.flat().await }
    }

    /// Sends the request and streams the content of the answer as it arrives.
    ///
    /// # Errors
    ///
    /// Those of [`send`](Self::send). A JSON answer is also an error.
    pub async fn download(self) -> Result<Answer<Download>, Error> {
        self.0.download().await
    }
}

impl fmt::Debug for CustomRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Returns why a path cannot be called; `None` if it can.
fn refusal(path: &str) -> Option<&'static str> {
    if !path.starts_with('/') || path.starts_with("//") {
        return Some("the path has to start with one slash, followed by the path of the vendor's API");
    }
    if path.contains(['?', '#']) {
        return Some("the path contains `?` or `#`; set query parameters with `query`");
    }
    if path.contains('\\') || path.chars().any(|character| character.is_control() || character == ' ') {
        return Some("the path contains a backslash, a space or a control character");
    }
    let is_dots = |segment: &str| {
        let plain = segment.to_ascii_lowercase().replace("%2e", ".");
        plain == "." || plain == ".."
    };
    path.split('/').any(is_dots).then_some("the path holds `.` or `..`, which would call another endpoint")
}

#[cfg(test)]
mod tests {
    use super::refusal;

    #[test]
    fn a_path_that_leads_elsewhere_is_refused() {
        for path in
            ["", "v1/meetings", "//evil.example/v1", "https://evil.example/", "/v1/../x", "/v1/.", "/v1/%2E%2e/x"]
        {
            assert!(refusal(path).is_some(), "{path}");
        }
        for path in ["/v1/a?b=c", "/v1/a#b", "/v1/a b", "/v1\\a", "/v1/\n"] {
            assert!(refusal(path).is_some(), "{path}");
        }
        for path in ["/v1/meetings", "/v1/meetings/a.b..c", "/v1/%E4%BC%9A"] {
            assert_eq!(refusal(path), None, "{path}");
        }
    }
}
