//! Lists the rooms of a level with the seats that are free in the next hour.
//!
//! ```text
//! cargo run -p huiyi-feishu --example rooms_capacity
//! FEISHU_APP_ID=.. FEISHU_APP_SECRET=.. cargo run -p huiyi-feishu --example rooms_capacity -- <room level, omb_..>
//! ```

mod support;

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = support::client(include_str!("support/rooms_capacity.json")).await?;
    let level = support::argument(1, "omb_57c9cc7d9a81e27e54c8fabfd02759e7");

    let list = client.list_rooms().room_level_id(level.as_str()).page_size(100);
    let rooms = list.stream().collect().await?;

    let now = SystemTime::now();
    let in_an_hour = now + Duration::from_secs(3600);
    let (mut free, mut seats) = (0, 0);
    println!("{:<24}{:>6}  in the coming hour", "room", "seats");
    // The ids are sent in the query, so each request takes only some of them.
    for rooms in rooms.chunks(50) {
        let ids = rooms.iter().filter_map(|room| room.room_id.as_deref());
        let list = client.list_resource_reservations(level.as_str(), now, in_an_hour, ids).need_topic(true);
        let list = list.stream().collect().await?;
        let reserved: HashMap<_, _> = list.iter().map(|event| (&event.room_id, &event.event_title)).collect();

        for room in rooms {
            let capacity = room.capacity.unwrap_or_default();
            let disabled = room.room_status.as_ref().filter(|status| status.status == Some(false));
            let state = match (disabled, reserved.get(&room.room_id)) {
                (Some(status), _) => {
                    format!("out of use, {}", status.disable_reason.as_deref().unwrap_or("no reason given"))
                }
                (None, Some(title)) => format!("reserved, {}", title.as_deref().unwrap_or("no title")),
                (None, None) => {
                    free += capacity;
                    "free".to_owned()
                }
            };
            seats += capacity;
            println!("{:<24}{capacity:>6}  {state}", room.name.as_deref().unwrap_or("-"));
        }
    }
    println!("\n{free} of {seats} seats are free");
    Ok(())
}
