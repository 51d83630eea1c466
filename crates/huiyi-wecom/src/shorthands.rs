//! Conversions that shorten requests: an id where the vendor wants an object around it, a boolean where it
//! wants one of its two pairs of numbers.
//!
//! ```
//! use huiyi_wecom::types::{CreateMeetingSettings, ReminderSettings, SetInviteesRequest};
//!
//! let settings = CreateMeetingSettings::new().hosts(["lisi", "wangwu"]);   // {"userid": ["lisi", "wangwu"]}
//! let invitees = SetInviteesRequest::new("hyXXXXX", ["lisi", "wangwu"]);   // [{"userid": "lisi"}, ..]
//! let reminders = ReminderSettings::new().is_repeat(true);                 // 1
//! # let _ = (settings, invitees, reminders);
//! ```

use crate::types::{
    EnrollIdRef, Invitee, LayoutUser, MeetingInvitees, MraDevice, OneTwoFlag, UserIds, WebinarHost, ZeroOneFlag,
};

/// Members by their userids.
impl<I> From<I> for UserIds
where
    I: IntoIterator,
    I::Item: Into<String>,
{
    fn from(userids: I) -> Self {
        Self::new().userid(userids)
    }
}

/// Members by their userids, without devices.
impl<I> From<I> for MeetingInvitees
where
    I: IntoIterator,
    I::Item: Into<String>,
{
    fn from(userids: I) -> Self {
        Self::new().userid(userids)
    }
}

/// An object whose only field is an id.
macro_rules! from_id {
    ($($name:ident: $id:literal),+ $(,)?) => {$(
        #[doc = concat!("By its `", $id, "`.")]
        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self::new(id)
            }
        }

        #[doc = concat!("By its `", $id, "`.")]
        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self::new(id)
            }
        }
    )+};
}

from_id!(
    EnrollIdRef: "enroll_id",
    Invitee: "userid",
    LayoutUser: "tmp_openid",
    MraDevice: "tmp_openid",
    WebinarHost: "userid",
);

/// 0 for `false`, 1 for `true`.
impl From<bool> for ZeroOneFlag {
    fn from(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }
}

/// 1 for `false`, 2 for `true`.
impl From<bool> for OneTwoFlag {
    fn from(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }
}
