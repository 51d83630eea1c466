//! Random sequences of actions on meetings: the sandbox must agree with a simple model.

use std::time::Duration;

use huiyi_mock::{Sandbox, Vendor};
use huiyi_wecom::types::{
    CancelMeetingRequest, DismissMeetingRequest, GetMeetingInfoRequest, ListUserMeetingIdsRequest, MeetingStatus,
    UpdateMeetingRequest,
};
use huiyi_wecom::{Client, QuotaPolicy, RetryPolicy};
use proptest::prelude::*;

use crate::inbox::now;
use crate::wecom;

/// An action on the meeting with this number, modulo the number of meetings.
#[derive(Clone, Debug)]
enum Step {
    Book { minutes: i64 },
    Rename(usize),
    Cancel(usize),
    Join(usize, u8),
    Leave(usize, u8),
    Dismiss(usize),
    Advance { minutes: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (10..200_i64).prop_map(|minutes| Step::Book { minutes }),
        2 => any::<usize>().prop_map(Step::Rename),
        2 => any::<usize>().prop_map(Step::Cancel),
        3 => (any::<usize>(), 0..3_u8).prop_map(|(meeting, user)| Step::Join(meeting, user)),
        2 => (any::<usize>(), 0..3_u8).prop_map(|(meeting, user)| Step::Leave(meeting, user)),
        1 => any::<usize>().prop_map(Step::Dismiss),
        1 => (1..90_u64).prop_map(|minutes| Step::Advance { minutes }),
    ]
}

/// The state of a meeting in the model.
#[derive(Clone, Debug)]
struct Known {
    id: String,
    title: String,
    start: i64,
    status: MeetingStatus,
    present: Vec<u8>,
}

/// The model, and the sandbox that is compared with it.
struct Both {
    sandbox: Sandbox,
    client: Client,
    known: Vec<Known>,
    began: i64,
    /// Minutes that have passed.
    passed: u64,
}

/// The length of all meetings, in seconds.
const LENGTH: i64 = 1800;

impl Both {
    async fn take(&mut self, step: &Step) {
        let count = self.known.len().max(1);
        let pick = |number: &usize| number % count;
        match step {
            Step::Book { minutes } => {
                // Half a minute off, so nothing happens exactly when the time stops.
                let start = self.began + i64::try_from(self.passed).unwrap() * 60 + minutes * 60 + 30;
                let title = format!("Meeting {}", self.known.len());
                let answer = self.client.create_meeting(wecom::request(&title, start)).send().await.unwrap();
                let id = answer.meetingid.clone().unwrap();
                assert!(self.known.iter().all(|known| known.id != id));
                let status = MeetingStatus::NotStarted;
                self.known.push(Known { id, title, start, status, present: Vec::new() });
            }
            Step::Rename(number) => {
                let Some(known) = self.known.get_mut(pick(number)) else { return };
                let request = UpdateMeetingRequest::new(&known.id).title("Renamed");
                let is_done = self.client.update_meeting(request).send().await.is_ok();
                assert_eq!(is_done, known.status == MeetingStatus::NotStarted);
                if is_done {
                    known.title = "Renamed".to_owned();
                }
            }
            Step::Cancel(number) => {
                let Some(known) = self.known.get_mut(pick(number)) else { return };
                let is_done = self.client.cancel_meeting(CancelMeetingRequest::new(&known.id)).send().await.is_ok();
                assert_eq!(is_done, known.status == MeetingStatus::NotStarted);
                if is_done {
                    known.status = MeetingStatus::Cancelled;
                }
            }
            Step::Join(number, user) => {
                let Some(known) = self.known.get_mut(pick(number)) else { return };
                let is_done = self.sandbox.join(&known.id, &name(*user)).is_ok();
                assert_eq!(is_done, [MeetingStatus::NotStarted, MeetingStatus::InProgress].contains(&known.status));
                if is_done {
                    known.status = MeetingStatus::InProgress;
                    known.present.retain(|present| present != user);
                    known.present.push(*user);
                }
            }
            Step::Leave(number, user) => {
                let Some(known) = self.known.get_mut(pick(number)) else { return };
                let is_done = self.sandbox.leave(&known.id, &name(*user)).is_ok();
                assert_eq!(is_done, known.status == MeetingStatus::InProgress && known.present.contains(user));
                known.present.retain(|present| present != user);
            }
            Step::Dismiss(number) => {
                let Some(known) = self.known.get_mut(pick(number)) else { return };
                let is_done = self.client.dismiss_meeting(DismissMeetingRequest::new(&known.id)).send().await.is_ok();
                assert_eq!(is_done, known.status == MeetingStatus::InProgress);
                if is_done {
                    known.status = MeetingStatus::Ended;
                }
            }
            Step::Advance { minutes } => {
                self.sandbox.advance(Duration::from_secs(minutes * 60));
                self.passed += minutes;
                let now = self.began + i64::try_from(self.passed).unwrap() * 60;
                for known in &mut self.known {
                    if known.status == MeetingStatus::NotStarted && known.start <= now {
                        // User 0 is the host.
                        (known.status, known.present) = (MeetingStatus::InProgress, vec![0]);
                    }
                    if known.status == MeetingStatus::InProgress && known.start + LENGTH <= now {
                        known.status = MeetingStatus::Ended;
                    }
                }
            }
        }
    }

    /// Compares everything that can be read.
    async fn compare(&self) {
        let list = ListUserMeetingIdsRequest::new("zhangsan").limit(3);
        let listed: Vec<String> = self.client.list_user_meeting_ids(list).stream().collect().await.unwrap();
        let open = self.known.iter().filter(|known| known.status != MeetingStatus::Cancelled);
        assert_eq!(listed, open.map(|known| known.id.clone()).collect::<Vec<_>>());
        for known in &self.known {
            let info = self.client.get_meeting_info().body(GetMeetingInfoRequest::new().meetingid(&known.id));
            let info = info.send().await.unwrap().into_inner();
            assert_eq!((info.title, info.status), (Some(known.title.clone()), Some(known.status.clone())));
        }
    }
}

fn name(user: u8) -> String {
    ["zhangsan", "lisi", "wangwu"][usize::from(user)].to_owned()
}

async fn live(steps: &[Step]) {
    let sandbox = Sandbox::builder(Vendor::WeCom).without_quotas().start().await.unwrap();
    let app = huiyi_mock::credentials::WECOM;
    let builder = Client::builder().corp(app.corpid, app.secret).base_url(sandbox.base_url());
    let builder = builder.http_client(huiyi_mock::shared_http(Vendor::WeCom));
    let client = builder.quota(QuotaPolicy::off()).retry(RetryPolicy::off()).build().unwrap();
    let mut both = Both { sandbox, client, known: Vec::new(), began: now(), passed: 0 };
    for step in steps {
        both.take(step).await;
    }
    both.compare().await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_sandbox_agrees_with_a_simple_model(steps in proptest::collection::vec(step(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(live(&steps));
    }
}
