//! The traits of enums that keep unknown values.
//!
//! For each enum the generator writes only the variants and the two `match`es between a variant and its wire value;
//! the macros here add the rest.

/// Implements the traits of an enum whose wire values are integers.
///
/// The enum has a variant `Unknown(UnknownValue)`, a method `value(&self) -> Option<i64>` and
/// `From<i64>`. It gets `From<&str>`, `From<String>`, `From<UnknownValue>`, `FromStr`, `Display`,
/// `Serialize`, `Deserialize` and, with the feature `schemars`, `JsonSchema`.
///
/// A known value is recognised as a number, in quotes, with a zero fraction, and as a boolean, and is written as a
/// number. Every other value is kept and written back as received.
///
/// ```
/// use huiyi_core::wire::UnknownValue;
///
/// #[derive(Clone, Debug, PartialEq, Eq, Hash)]
/// #[non_exhaustive]
/// pub enum MeetingStatus {
///     /// The meeting has started. Wire value `2`.
///     InProgress,
///     /// A value that this version of the crate does not know; see [`Self::value`].
///     Unknown(UnknownValue),
/// }
///
/// impl MeetingStatus {
///     /// The integer on the wire; `None` if the vendor sent something that is not one.
///     pub fn value(&self) -> Option<i64> {
///         match self {
///             Self::InProgress => Some(2),
///             Self::Unknown(unknown) => unknown.as_i64(),
///         }
///     }
/// }
///
/// impl From<i64> for MeetingStatus {
///     fn from(value: i64) -> Self {
///         match value {
///             2 => Self::InProgress,
///             _ => Self::Unknown(UnknownValue::from(value)),
///         }
///     }
/// }
///
/// huiyi_core::integer_enum!(MeetingStatus);
///
/// let statuses: Vec<MeetingStatus> = serde_json::from_str(r#"[2, "2", 9, "ended"]"#)?;
/// assert_eq!(statuses[..2], [MeetingStatus::InProgress, MeetingStatus::InProgress]);
/// assert_eq!(statuses[2].value(), Some(9));
/// assert_eq!(serde_json::to_string(&statuses)?, r#"[2,2,9,"ended"]"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! integer_enum {
    ($($name:ident),+ $(,)?) => {$(
        impl ::core::convert::From<$crate::wire::UnknownValue> for $name {
            #[inline]
            fn from(value: $crate::wire::UnknownValue) -> Self {
                match value.as_i64().map(Self::from) {
                    ::core::option::Option::None
                    | ::core::option::Option::Some(Self::Unknown(_)) => Self::Unknown(value),
                    ::core::option::Option::Some(known) => known,
                }
            }
        }

        impl ::core::convert::From<&str> for $name {
            #[inline]
            fn from(text: &str) -> Self {
                let value = $crate::wire::UnknownValue::from(text);
                match value.as_i64() {
                    ::core::option::Option::Some(integer) => Self::from(integer),
                    ::core::option::Option::None => Self::Unknown(value),
                }
            }
        }

        impl ::core::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                match self {
                    Self::Unknown(value) => ::core::fmt::Display::fmt(value, f),
                    known => match known.value() {
                        ::core::option::Option::Some(value) => ::core::fmt::Display::fmt(&value, f),
                        ::core::option::Option::None => ::core::result::Result::Ok(()),
                    },
                }
            }
        }

        impl $crate::wire::private::serde::Serialize for $name {
            fn serialize<S>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error>
            where
                S: $crate::wire::private::serde::Serializer,
            {
                match self {
                    Self::Unknown(value) => {
                        $crate::wire::private::serde::Serialize::serialize(value, serializer)
                    }
                    known => {
                        $crate::wire::private::serde::Serialize::serialize(&known.value(), serializer)
                    }
                }
            }
        }

        impl $crate::wire::private::FromReceived for $name {
            const EXPECTED: &'static str = "an integer";
            const EMPTY_IS_NONE: bool = true;

            #[inline]
            fn from_received(
                received: $crate::wire::private::Received<'_>,
            ) -> ::core::result::Result<Self, $crate::wire::ValueError> {
                match received {
                    $crate::wire::private::Received::Integer(value) => {
                        ::core::result::Result::Ok(Self::from(value))
                    }
                    received => $crate::wire::UnknownValue::of_integer_enum(received)
                        .map(Self::from),
                }
            }
        }

        $crate::__open_enum!($name);
        $crate::__open_enum_schema!($name, integer_enum);
    )+};
}

/// Implements the traits of an enum whose wire values are strings.
///
/// The enum has a variant `Unknown(UnknownValue)`, a method `as_str(&self) -> &str` and
/// `From<&str>`. It gets `From<String>`, `From<UnknownValue>`, `FromStr`, `Display`, `Serialize`,
/// `Deserialize` and, with the feature `schemars`, `JsonSchema`.
///
/// A number or a boolean is recognised by its text. An unknown value is written back as received, and its
/// [`UnknownValue::as_str`](crate::wire::UnknownValue::as_str) is never `None`.
///
/// ```
/// use huiyi_core::wire::UnknownValue;
///
/// #[derive(Clone, Debug, PartialEq, Eq, Hash)]
/// #[non_exhaustive]
/// pub enum UserIdType {
///     /// Wire value `open_id`.
///     OpenId,
///     /// A value that this version of the crate does not know; see [`Self::as_str`].
///     Unknown(UnknownValue),
/// }
///
/// impl UserIdType {
///     /// The text on the wire.
///     pub fn as_str(&self) -> &str {
///         match self {
///             Self::OpenId => "open_id",
///             Self::Unknown(unknown) => unknown.as_str().unwrap_or_default(),
///         }
///     }
/// }
///
/// impl From<&str> for UserIdType {
///     fn from(text: &str) -> Self {
///         match text {
///             "open_id" => Self::OpenId,
///             _ => Self::Unknown(UnknownValue::from(text)),
///         }
///     }
/// }
///
/// huiyi_core::string_enum!(UserIdType);
///
/// let types: Vec<UserIdType> = serde_json::from_str(r#"["open_id", "lark_id", 5]"#)?;
/// assert_eq!(types[0], UserIdType::OpenId);
/// assert_eq!(types[2].as_str(), "5");
/// assert_eq!(serde_json::to_string(&types)?, r#"["open_id","lark_id",5]"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[macro_export]
macro_rules! string_enum {
    ($($name:ident),+ $(,)?) => {$(
        impl ::core::convert::From<$crate::wire::UnknownValue> for $name {
            #[inline]
            fn from(value: $crate::wire::UnknownValue) -> Self {
                let value = value.with_text();
                match value.as_str().map(Self::from) {
                    ::core::option::Option::None
                    | ::core::option::Option::Some(Self::Unknown(_)) => Self::Unknown(value),
                    ::core::option::Option::Some(known) => known,
                }
            }
        }

        impl ::core::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::wire::private::serde::Serialize for $name {
            fn serialize<S>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error>
            where
                S: $crate::wire::private::serde::Serializer,
            {
                match self {
                    Self::Unknown(value) => {
                        $crate::wire::private::serde::Serialize::serialize(value, serializer)
                    }
                    known => serializer.serialize_str(known.as_str()),
                }
            }
        }

        impl $crate::wire::private::FromReceived for $name {
            const EXPECTED: &'static str = "a string";
            const EMPTY_IS_NONE: bool = false;

            #[inline]
            fn from_received(
                received: $crate::wire::private::Received<'_>,
            ) -> ::core::result::Result<Self, $crate::wire::ValueError> {
                match received {
                    $crate::wire::private::Received::Text(text) => {
                        ::core::result::Result::Ok(Self::from(&*text))
                    }
                    received => $crate::wire::UnknownValue::of_string_enum(received)
                        .map(Self::from),
                }
            }
        }

        $crate::__open_enum!($name);
        $crate::__open_enum_schema!($name, string_enum);
    )+};
}

/// Adds what both kinds of enums share.
#[doc(hidden)]
#[macro_export]
macro_rules! __open_enum {
    ($name:ident) => {
        impl $name {
            /// Returns whether this version of the crate knows the value.
            #[inline]
            #[allow(dead_code, unreachable_pub, reason = "enums of tests are private and ask for less")]
            pub fn is_known(&self) -> bool {
                !::core::matches!(self, Self::Unknown(_))
            }
        }

        impl ::core::convert::From<::std::string::String> for $name {
            #[inline]
            fn from(text: ::std::string::String) -> Self {
                Self::from(text.as_str())
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = ::core::convert::Infallible;

            #[inline]
            fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
                ::core::result::Result::Ok(Self::from(text))
            }
        }

        impl<'de> $crate::wire::private::serde::Deserialize<'de> for $name {
            fn deserialize<D>(deserializer: D) -> ::core::result::Result<Self, D::Error>
            where
                D: $crate::wire::private::serde::Deserializer<'de>,
            {
                $crate::wire::private::deserialize(deserializer)
            }
        }
    };
}

// There are two definitions because a `cfg` inside the macro would check a feature of the calling crate.

/// Implements `JsonSchema` if this crate has the feature `schemars`.
#[cfg(feature = "schemars")]
#[doc(hidden)]
#[macro_export]
macro_rules! __open_enum_schema {
    ($name:ident, $schema:ident) => {
        impl $crate::wire::private::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(::core::stringify!($name))
            }

            fn schema_id() -> ::std::borrow::Cow<'static, str> {
                ::std::borrow::Cow::Borrowed(::core::concat!(::core::module_path!(), "::", ::core::stringify!($name)))
            }

            fn json_schema(
                _: &mut $crate::wire::private::schemars::SchemaGenerator,
            ) -> $crate::wire::private::schemars::Schema {
                $crate::wire::private::$schema()
            }
        }
    };
}

/// Implements `JsonSchema` if this crate has the feature `schemars`.
#[cfg(not(feature = "schemars"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __open_enum_schema {
    ($name:ident, $schema:ident) => {};
}

#[cfg(test)]
mod tests;
