//! Methods for the operations that have several meanings, one for each meaning.
//!
//! The vendor has put different calls under one path and tells them apart by a parameter. These methods set that
//! parameter and return the generated request.

use crate::builder::{GetMeetings, ListCorpMeetings, ListCorpUsers};
use crate::generated::Client;
use crate::types::CorpMeetingState;

impl Client {
    /// Get a meeting by its number.
    ///
    /// `GET /v1/meetings` with `meeting_code`: the meeting is the first, and usually only, item of
    /// `meeting_info_list`. A number that has been reclaimed is not found; then use
    /// [`get_meeting`](Self::get_meeting) with the id. Otherwise like [`get_meetings`](Self::get_meetings).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: huiyi_tencent::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let request = client.get_meeting_by_code("806146667").userid("tester1");
    /// let meeting = request.send().await?.into_inner().meeting_info_list.into_iter().next();
    /// # let _ = meeting; Ok(()) }
    /// ```
    #[doc(alias = "查询会议")]
    #[doc(alias = "通过会议 Code 查询")]
    pub fn get_meeting_by_code(&self, code: impl Into<String>) -> GetMeetings {
        self.get_meetings().meeting_code(code)
    }

    /// List the meetings of a user that are in progress or still to come.
    ///
    /// `GET /v1/meetings` without `meeting_code`, 20 at a time in a short form. [`stream`](GetMeetings::stream)
    /// follows the pages and drops meetings that are repeated at the borders of pages. Otherwise like
    /// [`get_meetings`](Self::get_meetings). For ended meetings use
    /// [`list_ended_meetings`](Self::list_ended_meetings).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: huiyi_tencent::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut meetings = client.list_user_meetings().userid("tester1").stream();
    /// while let Some(meeting) = meetings.next().await {
    ///     println!("{:?}", meeting?.subject);
    /// }
    /// # Ok(()) }
    /// ```
    #[doc(alias = "查询用户的会议列表")]
    pub fn list_user_meetings(&self) -> GetMeetings {
        self.get_meetings()
    }

    /// List the ended meetings of the corporation.
    ///
    /// `GET /v1/corp/meetings` with `meeting_state` 1. Times are in milliseconds, durations are set, and the time
    /// range applies to the start of the media room. Otherwise like
    /// [`list_corp_meetings`](Self::list_corp_meetings).
    #[doc(alias = "获取已结束会议列表")]
    pub fn list_ended_corp_meetings(&self) -> ListCorpMeetings {
        self.list_corp_meetings(CorpMeetingState::Ended)
    }

    /// List the meetings of the corporation that are live.
    ///
    /// `GET /v1/corp/meetings` with `meeting_state` 2. The time range applies to the booked start, and `userid`
    /// filters by creator. Otherwise like [`list_corp_meetings`](Self::list_corp_meetings).
    #[doc(alias = "获取实时会议列表")]
    pub fn list_live_corp_meetings(&self) -> ListCorpMeetings {
        self.list_corp_meetings(CorpMeetingState::Live)
    }

    /// List the upcoming meetings of the corporation.
    ///
    /// `GET /v1/corp/meetings` with `meeting_state` 3. The time range applies to the booked start; a new booking
    /// appears after 30 seconds. Otherwise like [`list_corp_meetings`](Self::list_corp_meetings).
    #[doc(alias = "获取即将召开的会议列表")]
    pub fn list_upcoming_corp_meetings(&self) -> ListCorpMeetings {
        self.list_corp_meetings(CorpMeetingState::Upcoming)
    }

    /// List the users who have a role.
    ///
    /// `GET /v1/corp/users` with `role_code`, a code from [`list_roles`](Self::list_roles). For the users without a
    /// filter by role, use [`list_corp_users`](Self::list_corp_users).
    #[doc(alias = "获取角色用户列表")]
    pub fn list_role_users(&self, role_code: impl Into<String>) -> ListCorpUsers {
        self.list_corp_users().role_code(role_code)
    }
}
