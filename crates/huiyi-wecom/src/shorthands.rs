//! Conversions that shorten requests: an id for an object that contains only the id, and a boolean for the vendor's
//! two kinds of numeric flags.
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

/// Converts userids to members.
impl<I> From<I> for UserIds
where
    I: IntoIterator,
    I::Item: Into<String>,
{
    fn from(userids: I) -> Self {
        Self::new().userid(userids)
    }
}

/// Converts userids to members without devices.
impl<I> From<I> for MeetingInvitees
where
    I: IntoIterator,
    I::Item: Into<String>,
{
    fn from(userids: I) -> Self {
        Self::new().userid(userids)
    }
}

/// Converts an id to an object whose only field is that id.
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

/// Converts `false` to 0 and `true` to 1.
impl From<bool> for ZeroOneFlag {
    fn from(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }
}

/// Converts `false` to 1 and `true` to 2.
impl From<bool> for OneTwoFlag {
    fn from(value: bool) -> Self {
        if value { Self::Yes } else { Self::No }
    }
}
