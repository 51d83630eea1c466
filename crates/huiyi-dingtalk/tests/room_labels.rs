//! The equipment of a room: the vendor's page has the list as text for a new room and as a list for a changed one.

use huiyi_dingtalk::events::{MeetingRoomChangeEvent, RoomEquipment};
use serde_json::json;

#[test]
fn the_equipment_of_a_room_is_read_from_a_text_and_from_a_list() {
    for labels in [json!("[3,5]"), json!([3, 5])] {
        let event: MeetingRoomChangeEvent = serde_json::from_value(json!({"labels": labels})).unwrap();

        assert_eq!(*event.labels.clone().unwrap(), [RoomEquipment::Projector, RoomEquipment::Video]);
        assert_eq!(serde_json::to_value(event).unwrap()["labels"], labels);
    }
}
