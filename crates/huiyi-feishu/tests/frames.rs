//! Frames of the long connection, as bytes.

use huiyi_feishu::events::Frame;

#[test]
fn required_fields_are_written_even_if_they_are_zero() {
    assert_eq!(Frame::default().encode(), [8, 0, 16, 0, 24, 0, 32, 0]);
    assert_eq!(Frame::decode(&Default::default()).unwrap(), Frame::default());
}

#[test]
fn the_largest_and_negative_numbers_come_back() {
    let frame = Frame { seq_id: u64::MAX, log_id: 1 << 63, service: -1, method: i32::MIN, ..Frame::default() };

    assert_eq!(Frame::decode(&frame.encode().into()).unwrap(), frame);
}

#[test]
fn unknown_fields_are_left_out_and_broken_ones_are_refused() {
    let mut bytes = Frame { seq_id: 7, ..Frame::default() }.encode();
    bytes.extend([0x50, 1, 0x5a, 2, 0, 0, 0x65, 1, 2, 3, 4, 0x69, 1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!(Frame::decode(&bytes.into()).unwrap().seq_id, 7);

    for broken in [
        vec![8],
        vec![8, 0x80],
        vec![0, 0],
        vec![0x42, 5, 1],
        vec![0x42, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
        vec![8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
        vec![0x0a, 0],
        vec![0x0b],
        vec![0x2a, 2, 0x0a, 5],
        vec![0x32, 1, 0xff],
    ] {
        assert!(Frame::decode(&broken.clone().into()).is_err(), "{broken:?}");
    }
}

#[test]
fn a_frame_has_at_most_256_headers() {
    for (headers, is_read) in [(256, true), (257, false), (1 << 20, false)] {
        let bytes: Vec<u8> = [0x2a, 0].repeat(headers);

        let frame = Frame::decode(&bytes.into());

        assert_eq!(frame.map(|frame| frame.headers.len()).ok(), is_read.then_some(headers));
    }
}
