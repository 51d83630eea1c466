//! Accessors for fields that the vendor's pages describe in two ways.
//!
//! The table and the example of a page may give a field two names, or two types. The types have both; the methods
//! here return the one that was sent. `x-page-defects` of `openapi.json` lists these contradictions.

use crate::types::{
    EnterMuteMode, GetWebinarResponse, ListRecordingsResponse, MeetingRecording, MeetingSettings, RecordingFile,
    WebinarMediaSetting,
};

impl ListRecordingsResponse {
    /// Returns the recordings on this page, sent as `record_meetings` or as `record_list`.
    pub fn recordings(&self) -> &[MeetingRecording] {
        first_with_items(&self.record_meetings, &self.record_list)
    }
}

impl MeetingRecording {
    /// Returns the files of this recording, sent as `record_files` or as `record_file_list`.
    pub fn files(&self) -> &[RecordingFile] {
        first_with_items(&self.record_files, &self.record_file_list)
    }
}

impl GetWebinarResponse {
    /// Returns the title, sent as `title` or as `subject`.
    pub fn title_or_subject(&self) -> Option<&str> {
        self.title.as_deref().or(self.subject.as_deref())
    }
}

impl WebinarMediaSetting {
    /// Returns whether people are muted when they join, sent as `enable_enter_mute` or as `mute_enable_join`.
    pub fn mutes_on_entry(&self) -> Option<bool> {
        self.enable_enter_mute.or(self.mute_enable_join)
    }
}

impl MeetingSettings {
    /// Returns whether people are muted when they join, sent as `enable_enter_mute`: a number with paid advanced
    /// features, a boolean without.
    pub fn enter_mute_mode(&self) -> Option<EnterMuteMode> {
        self.enable_enter_mute.as_ref().map(|value| EnterMuteMode::from(value.get()))
    }
}

fn first_with_items<'a, T>(first: &'a [T], second: &'a [T]) -> &'a [T] {
    if first.is_empty() { second } else { first }
}
