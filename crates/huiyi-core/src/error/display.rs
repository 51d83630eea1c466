//! Formats an error as one line for people, and as `Debug` without secrets.

use std::fmt;

use super::{Error, Origin};

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.parts();
        if !parts.vendor.is_empty() {
            write!(f, "{} {}: ", parts.vendor, OneLine(&parts.operation))?;
        }
        match parts.origin {
            Origin::Answer | Origin::Local => write!(f, "{}", parts.kind)?,
            Origin::Token if parts.code.is_some() => f.write_str("token request refused")?,
            Origin::Token if parts.received.is_some() => f.write_str("token request failed")?,
            Origin::Token => f.write_str("no token could be obtained")?,
            Origin::Unreadable => f.write_str("the call succeeded but its answer cannot be read")?,
        }
        let mut separator = ": ";
        if let Some(code) = &parts.code {
            write!(f, "{separator}code {}", OneLine(code))?;
            separator = ", ";
        }
        if !parts.message.is_empty() {
            write!(f, "{separator}{}", OneLine(&parts.message))?;
        }
        if let Some(meaning) = parts.meaning {
            write!(f, " ({meaning})")?;
        }
        if let (None, Some(status)) = (&parts.code, parts.received) {
            write!(f, " (HTTP {})", status.as_u16())?;
        }
        if let Some(wait) = parts.retry_after {
            write!(f, "; retry after {:.1} s", wait.as_secs_f64())?;
        }
        if let Some(id) = &parts.request_id {
            write!(f, "; request id {}", OneLine(id))?;
        }
        if let Some(help) = &parts.help {
            write!(f, "; see {}", OneLine(help))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.parts();
        f.debug_struct("Error")
            .field("vendor", &parts.vendor)
            .field("operation", &parts.operation)
            .field("kind", &parts.kind)
            .field("code", &parts.code)
            .field("message", &parts.message)
            .field("http_status", &parts.received)
            .field("request_id", &parts.request_id)
            .field("retry_after", &parts.retry_after)
            .field("attempts", &parts.attempts)
            .finish_non_exhaustive()
    }
}

/// A text of unknown origin on one line: control characters become spaces.
struct OneLine<'a>(&'a str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write;
        for character in self.0.chars() {
            f.write_char(if character.is_control() { ' ' } else { character })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::error::{Error, ErrorKind};

    #[test]
    fn an_error_without_words_reads_well() {
        let coded = Error::builder(ErrorKind::NotFound).call("feishu", "get_meeting").code("121004").build();
        assert_eq!(coded.to_string(), "feishu get_meeting: not found: code 121004");
        let bare = Error::builder(ErrorKind::Unavailable).call("wecom", "get_meeting_info").build();
        assert_eq!(bare.to_string(), "wecom get_meeting_info: unavailable");
    }

    #[test]
    fn text_of_the_vendor_stays_on_the_line() {
        let error = Error::builder(ErrorKind::Conflict).message("two\nlines").build();

        assert_eq!(error.to_string(), "conflict: two lines");
    }

    #[test]
    fn an_error_is_as_small_as_a_pointer() {
        assert!(size_of::<Result<(), Error>>() <= 16);
    }
}
