//! Times as Feishu writes them for readers.

use std::time::Duration;

use huiyi_feishu::{parse_display_duration, parse_display_time};

fn seconds(text: &str) -> Option<i64> {
    parse_display_time(text).map(|time| time.as_seconds())
}

#[test]
fn the_times_of_the_pages_are_read() {
    assert_eq!(seconds("2022.12.23 11:16:59 (GMT+08:00)"), Some(1_671_765_419));
    assert_eq!(seconds("2022.12.17 21:00:00 (GMT+08:00)"), Some(1_671_282_000));
}

#[test]
fn zones_move_the_time() {
    assert_eq!(seconds("1970.01.01 00:00:00 (GMT)"), Some(0));
    assert_eq!(seconds("1970.01.01 08:00:00 (GMT+8)"), Some(0));
    assert_eq!(seconds("1970.01.01 00:00:00 (GMT-03:30)"), Some(12_600));
}

#[test]
fn leap_days_are_counted() {
    assert_eq!(seconds("2024.02.29 00:00:00 (GMT)"), Some(1_709_164_800));
    assert_eq!(seconds("2024.03.01 00:00:00 (GMT)"), Some(1_709_251_200));
    assert_eq!(seconds("2100.03.01 00:00:00 (GMT)"), Some(4_107_542_400));
}

#[test]
fn what_is_no_such_time_is_not_guessed_at() {
    let texts = [
        "",
        "-",
        "2022.12.23",
        "2022.12.23 11:16:59",
        "2022.13.01 00:00:00 (GMT)",
        "1671765419",
        "2022.12.23 24:00:00 (GMT)",
        "2022.12.23 11:16 (GMT+08:00)",
        "2022.12.23 11:16:59 (CST)",
        "2022.12.23 11:16:59 (GMT*8)",
        "2022.12.+3 11:16:59 (GMT)",
        "2022.12.23 11:16:59 (GMT八)",
    ];

    for text in texts {
        assert_eq!(seconds(text), None, "{text}");
    }
}

#[test]
fn durations_are_read_up_to_the_largest_and_none_beyond() {
    assert_eq!(parse_display_duration("02:03"), Some(Duration::from_secs(123)));
    assert_eq!(parse_display_duration("100:00:01"), Some(Duration::from_secs(360_001)));
    for text in [
        "9223372036854775807:00:00",
        "2562047788015215:30:08",
        "99999999999999999999:00:00",
        "-1:00:00",
        "00:60:00",
        "00:00:60",
        "5",
        "1:2:3:4",
        "",
    ] {
        assert_eq!(parse_display_duration(text), None, "{text}");
    }
}
