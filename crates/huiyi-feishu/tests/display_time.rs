//! Times as Feishu writes them for readers.

use huiyi_feishu::parse_display_time;

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
