//! The examples run to the end without credentials.

#![allow(clippy::duplicate_mod, reason = "each example has its own set-up")]

/// Includes the examples as modules and runs each on its own server, regardless of the environment.
macro_rules! runs {
    ($($example:ident: $file:literal),+ $(,)?) => {$(
        #[allow(dead_code, reason = "`main` is for the example's own binary")]
        #[path = $file]
        mod $example;

        #[tokio::test]
        async fn $example() {
            let setup = $example::support::Setup::on_loopback().await.unwrap();
            let server = setup.loopback.clone().unwrap();

            $example::example(setup).await.unwrap();

            assert_eq!(server.pending_faults(), 0, "an answer that was prepared has not been asked for");
        }
    )+};
}

runs! {
    attendance: "../examples/attendance.rs",
    conference_minutes: "../examples/conference_minutes.rs",
    instant_conference: "../examples/instant_conference.rs",
    recording_subtitles: "../examples/recording_subtitles.rs",
    schedule_and_cancel: "../examples/schedule_and_cancel.rs",
}
