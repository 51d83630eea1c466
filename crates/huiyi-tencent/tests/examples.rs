//! The examples run to the end without credentials.

#![allow(clippy::duplicate_mod, reason = "each example has the support module of its own")]

/// Includes the examples as modules and rehearses each, regardless of the environment.
macro_rules! runs {
    ($($example:ident: $file:literal),+ $(,)?) => {$(
        #[allow(dead_code, reason = "`main` is for the example's own binary")]
        #[path = $file]
        mod $example;

        #[tokio::test]
        async fn $example() {
            let stage = $example::support::Stage::rehearsal($example::SCENE).await.unwrap();

            $example::example(&stage).await.unwrap();

            let unused = stage.server.unwrap().pending_faults();
            assert_eq!(unused, 0, "an answer that the scene has was not asked for");
        }
    )+};
}

runs! {
    download_recordings: "../examples/download_recordings.rs",
    export_participants: "../examples/export_participants.rs",
    recurring_live_meeting: "../examples/recurring_live_meeting.rs",
    smart_minutes: "../examples/smart_minutes.rs",
    weekly_attendance_csv: "../examples/weekly_attendance_csv.rs",
}
