//! Minutes of an uploaded file: polls until Feishu has made them.

use huiyi_core::RetryPolicy;
use huiyi_core::wait::{JobState, WaitForJob};

use crate::Client;
use crate::types::{CreateMinuteFromFileResponse, GetMinuteResponse};

/// The code of `get_minute` for minutes that are not ready yet.
const NOT_READY: &str = "2091003";

impl Client {
    /// Waits for minutes that are being made from a file, and returns them.
    ///
    /// `minute` is the answer of [`create_minute_from_file`](Client::create_minute_from_file), or the token of the
    /// minutes. Feishu does not report that making them has failed: in that case the wait times out.
    ///
    /// ```no_run
    /// # async fn run(client: huiyi_feishu::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let minute = client.wait_for_minute("obcnq3b9jl72l83w4f149w9c").result().await?;
    /// println!("{:?}", minute.minute.title);
    /// # Ok(()) }
    /// ```
    #[doc(alias = "妙记")]
    pub fn wait_for_minute(&self, minute: impl Into<MinuteToken>) -> WaitForJob<GetMinuteResponse> {
        let MinuteToken(token) = minute.into();
        // The wait polls by itself; retries underneath would add calls at another pace.
        let (client, job) = (self.with_retry(RetryPolicy::off()), token.clone());
        WaitForJob::new(&self.session, job, move || {
            let call = client.get_minute(token.clone());
            async move {
                match call.send().await {
                    Ok(answer) => Ok(JobState::Done(answer.into_inner())),
                    Err(error) => JobState::of_refusal(error, NOT_READY),
                }
            }
        })
    }
}

/// The token of minutes; made from the answer of [`create_minute_from_file`](Client::create_minute_from_file), or
/// from text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MinuteToken(String);

impl MinuteToken {
    /// Returns the token, for [`Client::get_minute`].
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for MinuteToken {
    fn from(token: &str) -> Self {
        Self(token.to_owned())
    }
}

impl From<String> for MinuteToken {
    fn from(token: String) -> Self {
        Self(token)
    }
}

/// An answer without a link gives an empty token, and the call fails before anything is sent.
impl From<CreateMinuteFromFileResponse> for MinuteToken {
    fn from(answer: CreateMinuteFromFileResponse) -> Self {
        let link = answer.minute_url.unwrap_or_default();
        let path = link.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
        Self(path.rsplit('/').next().unwrap_or_default().to_owned())
    }
}
