//! The call written by hand: reqwest and plain serde structs, nothing else.

use serde::Deserialize;

/// The vendor's envelope.
#[derive(Debug, Deserialize)]
pub struct Envelope<T> {
    /// 0 is success.
    pub code: i64,
    /// Message.
    pub msg: String,
    /// Data.
    pub data: T,
}

/// The data of `get_meeting`.
#[derive(Debug, Deserialize)]
pub struct Data {
    /// The meeting.
    pub meeting: Meeting,
}

/// A meeting.
#[derive(Debug, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of the vendor's page")]
pub struct Meeting {
    pub id: Option<String>,
    pub topic: Option<String>,
    pub url: Option<String>,
    pub meeting_no: Option<String>,
    pub password: Option<String>,
    pub create_time: Option<String>,
    pub start_time: Option<String>,
    pub end_time: Option<String>,
    pub host_user: Option<User>,
    pub meeting_connect: Option<bool>,
    pub status: Option<i64>,
    pub participant_count: Option<String>,
    pub participant_count_accumulated: Option<String>,
    pub participants: Vec<Participant>,
    pub ability: Option<Ability>,
    pub note_id: Option<String>,
}

/// A user.
#[derive(Debug, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of the vendor's page")]
pub struct User {
    pub id: Option<String>,
    pub user_type: Option<i64>,
}

/// A participant.
#[derive(Debug, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of the vendor's page")]
pub struct Participant {
    pub id: Option<String>,
    pub first_join_time: Option<String>,
    pub final_leave_time: Option<String>,
    pub in_meeting_duration: Option<String>,
    pub user_type: Option<i64>,
    pub is_host: Option<bool>,
    pub is_cohost: Option<bool>,
    pub is_external: Option<bool>,
    pub status: Option<i64>,
}

/// The features that were used in a meeting.
#[derive(Debug, Deserialize)]
#[allow(missing_docs, reason = "the fields are those of the vendor's page")]
pub struct Ability {
    pub use_video: Option<bool>,
    pub use_audio: Option<bool>,
    pub use_share_screen: Option<bool>,
    pub use_follow_screen: Option<bool>,
    pub use_recording: Option<bool>,
    pub use_pstn: Option<bool>,
}

/// Makes one call of `get_meeting` with a token that was fetched before.
///
/// # Errors
///
/// Any error of reqwest.
pub async fn get_meeting(client: &reqwest::Client, base_url: &str, token: &str) -> reqwest::Result<Meeting> {
    let answer = client
        .get(format!("{base_url}/open-apis/vc/v1/meetings/6911188411934433028"))
        .query(&[("with_participants", true)])
        .bearer_auth(token)
        .send()
        .await?
        .error_for_status()?
        .json::<Envelope<Data>>()
        .await?;
    Ok(answer.data.meeting)
}
