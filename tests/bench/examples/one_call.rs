//! One call with `huiyi-tencent`: what `compile-cost` measures.

use huiyi_tencent::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
    match client.get_meeting("1").operator_id("u").operator_id_type(1).instanceid(1).send().await {
        Ok(answer) => println!("{} meetings", answer.meeting_info_list.len()),
        Err(error) => eprintln!("{error}"),
    }
    Ok(())
}
