//! The same call with plain reqwest.

#[derive(serde::Deserialize)]
struct Answer {
    #[serde(default)]
    meeting_info_list: Vec<Meeting>,
}

#[derive(serde::Deserialize)]
struct Meeting {
    subject: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let answer: Answer = reqwest::Client::new()
        .get("https://api.meeting.qq.com/v1/meetings/1")
        .query(&[("operator_id", "u"), ("operator_id_type", "1"), ("instanceid", "1")])
        .send()
        .await?
        .error_for_status()?
        .json()
        .await?;
    for meeting in answer.meeting_info_list {
        println!("{:?}", meeting.subject);
    }
    Ok(())
}
