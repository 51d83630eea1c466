//! A Feishu meeting with any number of participants, as the vendor's page shows it.

use std::fmt::Write as _;

/// Returns the JSON answer of `get_meeting` with this number of participants.
pub fn meeting(participants: usize) -> String {
    let mut body = String::from(
        r#"{"code":0,"msg":"success","data":{"meeting":{"id":"6911188411934433028","topic":"my meeting","url":"https://vc.feishu.cn/j/337736498","meeting_no":"123456789","password":"971024","create_time":"1608885566","start_time":"1608883322","end_time":"1608888867","host_user":{"id":"ou_3ec3f6a28a0d08c45d895276e8e5e19b","user_type":1},"status":2,"participant_count":"10","participant_count_accumulated":"10","participants":["#,
    );
    for number in 0..participants {
        if number > 0 {
            body.push(',');
        }
        // Writing to a `String` does not fail.
        let _ = write!(
            body,
            r#"{{"id":"ou_3ec3f6a28a0d08c45d8952{number:010}","first_join_time":"{}","final_leave_time":"{}","in_meeting_duration":"{}","user_type":1,"is_host":{},"is_cohost":false,"is_external":false,"status":2}}"#,
            1_624_438_144 + number,
            1_624_441_744 + number,
            number % 3600,
            number == 0,
        );
    }
    body.push_str(r#"],"ability":{"use_video":true,"use_audio":true,"use_share_screen":true,"use_follow_screen":true,"use_recording":true,"use_pstn":true}}}}"#);
    body
}
