//! The meetings of a sandbox and their changes, the same for all vendors.

use serde_json::Value;

/// The processing time of a recording, in seconds.
const PROCESSING: i64 = 300;

/// The stage of a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Booked,
    Running,
    Ended,
    Cancelled,
}

/// A change of a meeting, which is pushed as an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Booked,
    Changed,
    Cancelled,
    Begun(String),
    Joined(String),
    Left(String),
    Ended,
    RecordingReady,
}

/// The time that a user was in a meeting, in seconds since the Unix epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stay {
    pub(crate) user: String,
    pub(crate) joined: i64,
    pub(crate) left: Option<i64>,
}

/// A recording of a whole meeting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Recording {
    pub(crate) id: String,
    pub(crate) file: String,
    /// The end of its processing, in seconds since the Unix epoch.
    pub(crate) ready_at: i64,
    pub(crate) is_ready: bool,
}

/// A meeting. Times are in seconds since the Unix epoch.
#[derive(Clone, Debug)]
pub(crate) struct Meeting {
    pub(crate) id: String,
    /// Id of the booking, for vendors that separate it from the meeting; otherwise empty.
    pub(crate) booking: String,
    /// The number that people type to join.
    pub(crate) code: String,
    pub(crate) host: String,
    pub(crate) subject: String,
    pub(crate) created: i64,
    /// The time at which it begins by itself; `None` if it begins when the first user joins.
    pub(crate) start: Option<i64>,
    pub(crate) end: i64,
    pub(crate) stage: Stage,
    /// The booking was deleted.
    pub(crate) is_withdrawn: bool,
    pub(crate) began: Option<i64>,
    pub(crate) ended: Option<i64>,
    pub(crate) invited: Vec<String>,
    /// The settings as they were sent.
    pub(crate) settings: Value,
    pub(crate) stays: Vec<Stay>,
    pub(crate) recording: Option<Recording>,
}

impl Meeting {
    /// Returns the stays of the users who are in the meeting.
    pub(crate) fn present(&self) -> impl Iterator<Item = &Stay> {
        self.stays.iter().filter(|stay| stay.left.is_none())
    }

    /// Returns all users who have ever been in the meeting, in the order in which they joined.
    pub(crate) fn users(&self) -> Vec<&str> {
        let mut users: Vec<&str> = Vec::new();
        for stay in &self.stays {
            if !users.contains(&stay.user.as_str()) {
                users.push(&stay.user);
            }
        }
        users
    }

    /// Returns the total time of a user in the meeting, in seconds.
    pub(crate) fn seconds_of(&self, user: &str, now: i64) -> i64 {
        let stays = self.stays.iter().filter(|stay| stay.user == user);
        stays.map(|stay| stay.left.unwrap_or(now) - stay.joined).sum()
    }

    /// Returns whether the meeting's time is over and nobody has joined.
    pub(crate) fn is_expired(&self, now: i64) -> bool {
        self.stage == Stage::Booked && self.end <= now
    }

    /// Returns the time of the next change that happens by itself.
    fn due(&self) -> Option<i64> {
        match self.stage {
            Stage::Booked => self.start,
            Stage::Running => Some(self.end),
            Stage::Ended => {
                self.recording.as_ref().filter(|recording| !recording.is_ready).map(|recording| recording.ready_at)
            }
            Stage::Cancelled => None,
        }
    }

    fn is_called(&self, name: &str) -> bool {
        !name.is_empty() && [&self.id, &self.booking, &self.code].iter().any(|own| own.as_str() == name)
    }
}

/// All meetings, and the changes since the last call of `take_changes`.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    pub(crate) meetings: Vec<Meeting>,
    issued: u64,
    changes: Vec<(usize, Change)>,
}

impl Memory {
    /// Returns a new number with this many digits, at most 18.
    pub(crate) fn number(&mut self, digits: u32) -> String {
        self.issued += 1;
        // Multiplication by a prime gives every number once before the first one repeats.
        let space = 10_u64.pow(digits.saturating_sub(1).min(17));
        let number = (u128::from(self.issued) * 982_451_653) % u128::from(space);
        format!("6{number:0width$}", width = usize::try_from(digits.saturating_sub(1)).unwrap_or(0))
    }

    /// Adds a new meeting, and records the change.
    pub(crate) fn book(&mut self, meeting: Meeting) -> &mut Meeting {
        let index = self.meetings.len();
        self.meetings.push(meeting);
        self.changes.push((index, Change::Booked));
        &mut self.meetings[index]
    }

    /// Finds a meeting by its id, the id of its booking, or its code; the newest if there are several.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.meetings.iter().rposition(|meeting| meeting.is_called(name))
    }

    /// Records a change that has no method here.
    pub(crate) fn tell(&mut self, index: usize, change: Change) {
        self.changes.push((index, change));
    }

    /// Takes the changes so far.
    pub(crate) fn take_changes(&mut self) -> Vec<(usize, Change)> {
        std::mem::take(&mut self.changes)
    }

    /// Cancels a meeting that has not begun.
    pub(crate) fn cancel(&mut self, index: usize) -> Result<(), Stage> {
        self.expect(index, Stage::Booked)?;
        self.meetings[index].stage = Stage::Cancelled;
        self.tell(index, Change::Cancelled);
        Ok(())
    }

    /// Lets a user join; the first user begins the meeting.
    pub(crate) fn join(&mut self, index: usize, user: &str, now: i64) -> Result<(), Stage> {
        let meeting = &mut self.meetings[index];
        match meeting.stage {
            Stage::Booked => {
                meeting.stage = Stage::Running;
                meeting.began = Some(now);
                self.tell(index, Change::Begun(user.to_owned()));
            }
            Stage::Running => {}
            stage => return Err(stage),
        }
        let meeting = &mut self.meetings[index];
        if !meeting.present().any(|stay| stay.user == user) {
            meeting.stays.push(Stay { user: user.to_owned(), joined: now, left: None });
            self.tell(index, Change::Joined(user.to_owned()));
        }
        Ok(())
    }

    /// Lets a user leave. The meeting continues, even if it is empty.
    pub(crate) fn leave(&mut self, index: usize, user: &str, now: i64) -> Result<bool, Stage> {
        self.expect(index, Stage::Running)?;
        let mut stays = self.meetings[index].stays.iter_mut();
        let Some(stay) = stays.find(|stay| stay.user == user && stay.left.is_none()) else { return Ok(false) };
        stay.left = Some(now);
        self.tell(index, Change::Left(user.to_owned()));
        Ok(true)
    }

    /// Ends a meeting: all users leave, and its recording is processed.
    pub(crate) fn end(&mut self, index: usize, now: i64) -> Result<(), Stage> {
        self.expect(index, Stage::Running)?;
        let users: Vec<String> = self.meetings[index].present().map(|stay| stay.user.clone()).collect();
        for user in users {
            self.leave(index, &user, now)?;
        }
        let (id, file) = (self.number(18), self.number(18));
        let meeting = &mut self.meetings[index];
        meeting.stage = Stage::Ended;
        meeting.ended = Some(now);
        meeting.recording = Some(Recording { id, file, ready_at: now.saturating_add(PROCESSING), is_ready: false });
        self.tell(index, Change::Ended);
        Ok(())
    }

    /// Finishes the processing of a recording; returns `false` if there is none to finish.
    pub(crate) fn finish_recording(&mut self, index: usize) -> bool {
        let recording = self.meetings[index].recording.as_mut().filter(|recording| !recording.is_ready);
        let Some(recording) = recording else { return false };
        recording.is_ready = true;
        self.tell(index, Change::RecordingReady);
        true
    }

    /// Returns the time of the next change that happens by itself, and its meeting.
    pub(crate) fn next_due(&self) -> Option<(i64, usize)> {
        let dues = self.meetings.iter().enumerate();
        dues.filter_map(|(index, meeting)| meeting.due().map(|due| (due, index))).min()
    }

    /// Carries out the next change that happens by itself: a meeting begins with its host and the invited users,
    /// ends, or its recording appears.
    pub(crate) fn happen(&mut self, index: usize, now: i64) {
        match self.meetings[index].stage {
            Stage::Booked => {
                let meeting = &self.meetings[index];
                let users: Vec<String> = std::iter::once(&meeting.host).chain(&meeting.invited).cloned().collect();
                for user in users {
                    // A booked meeting can be joined.
                    _ = self.join(index, &user, now);
                }
            }
            Stage::Running => _ = self.end(index, now),
            Stage::Ended => _ = self.finish_recording(index),
            Stage::Cancelled => {}
        }
    }

    fn expect(&self, index: usize, expected: Stage) -> Result<(), Stage> {
        match self.meetings[index].stage {
            stage if stage == expected => Ok(()),
            stage => Err(stage),
        }
    }
}
