//! Types for single values on the wire, and the deserialisers for fields.
//!
//! The vendors' pages document one type and their servers send another: ids as numbers, numbers in quotes, `0` and
//! `1` for booleans, `""` for a missing value, undocumented enum values. The types here accept all of these, keep
//! the form of a received value, and write it back in the same form. A value that the caller creates is written in
//! the documented form.
//!
//! | type | on the wire |
//! |---|---|
//! | [`Int64Text`] | an integer in quotes |
//! | [`LenientInt`], [`LenientNumber`], [`LenientBool`] | a number or boolean that some answers quote or send as another type |
//! | [`StringOrNumber`] | a string that some answers send as a number |
//! | [`UnixSeconds`], [`UnixSecondsText`], [`UnixMillis`], [`UnixMillisText`] | a time since the Unix epoch, bare or in quotes |
//! | [`DateTime`] | an ISO 8601 time, kept as text |
//! | [`Base64Text`], [`Secret`] | a string with a special meaning |
//! | [`OneOrMany`], [`StringOr`] | a list, its only item or a text with the list; an object or a string |
//! | [`UnknownValue`] | a value that an enum does not know |
//!
//! Nothing here depends on a vendor, a field name or the envelope.

mod base64_text;
mod boolean;
#[cfg(any(feature = "jiff", feature = "chrono"))]
mod calendar;
mod date_time;
mod decimal;
mod integer;
mod integer_form;
pub mod lenient;
mod number;
#[doc(hidden)]
pub mod object;
mod one_or_many;
mod open_enum;
mod plain;
#[cfg(test)]
mod properties;
mod received;
mod scalar;
#[cfg(feature = "schemars")]
mod schema;
mod secret;
mod string_or;
mod string_or_number;
mod time;
mod unknown_value;
mod value_error;

pub use base64_text::{Base64Error, Base64Text};
pub use boolean::LenientBool;
pub use date_time::DateTime;
pub use integer::{Int64Text, LenientInt};
pub use number::LenientNumber;
pub use one_or_many::OneOrMany;
pub use secret::Secret;
pub use string_or::StringOr;
pub use string_or_number::StringOrNumber;
pub use time::{UnixMillis, UnixMillisText, UnixSeconds, UnixSecondsText};
pub use unknown_value::UnknownValue;
pub use value_error::ValueError;

/// Items for the macros and the generated code. They are not part of the public API.
#[doc(hidden)]
pub mod private {
    pub use super::lenient::Optional;
    pub use super::received::{FromReceived, Received, deserialize};
    #[cfg(feature = "schemars")]
    pub use super::schema::{integer_enum, string_enum};
    #[cfg(feature = "schemars")]
    pub use schemars;
    pub use serde;
}
