//! Events: members that older sources have in another form.

use huiyi_feishu::events::Event;

#[test]
fn a_number_in_the_list_of_subscribers_is_left_out_and_the_event_keeps_its_type() {
    let content = r#"{"unique_key":"7","subscriber_ids":[7350000000000000001,{"open_id":"ou_1"}]}"#;

    let started = Event::parse("vc.recording.recording_started_v1", content).unwrap();
    let ended = Event::parse("vc.recording.recording_ended_v1", content).unwrap();
    let transcript = Event::parse("vc.recording.recording_transcript_generated_v1", content).unwrap();

    let (Event::RecorderStarted(started), Event::RecorderEnded(ended), Event::RecorderTranscriptGenerated(transcript)) =
        (started, ended, transcript)
    else {
        panic!("a known event is not unknown");
    };
    for (key, users) in [
        (started.unique_key, started.subscriber_ids),
        (ended.unique_key, ended.subscriber_ids),
        (transcript.unique_key, transcript.subscriber_ids),
    ] {
        let users: Vec<_> = users.into_iter().map(|user| user.open_id).collect();
        assert_eq!((key.as_deref(), users), (Some("7"), vec![Some("ou_1".to_owned())]));
    }
}
