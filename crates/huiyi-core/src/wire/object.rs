//! Objects that arrive from a vendor. Every field may be missing.
//!
//! The generated code maps members to fields and selects how each field is read. The loop over the members is here,
//! only once. The compiler has much less work than with a derived `Deserialize` with a deserialiser per field.
//!
//! An unknown member is skipped. If a member occurs twice, the last one counts.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::lenient::Optional;
use super::received::FromReceived;

/// An object whose fields all have a default.
pub trait Object: Default {
    /// Name of the type, for error messages.
    const NAME: &'static str;

    /// Returns the number of the field for a member of the JSON object.
    fn position(member: &str) -> Option<usize>;

    /// Reads the value of the current member into a field.
    ///
    /// # Errors
    ///
    /// If the value does not fit the field.
    fn read<'de, A: MapAccess<'de>>(&mut self, position: usize, members: &mut A) -> Result<(), A::Error>;
}

/// Reads an object.
///
/// # Errors
///
/// If it is not an object, or a field cannot be read.
pub fn deserialize<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Object,
{
    deserializer.deserialize_map(ObjectVisitor(PhantomData))
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "struct {}", T::NAME)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<T, A::Error> {
        let mut object = T::default();
        while let Some(position) = members.next_key_seed(Position(T::position))? {
            match position {
                Some(position) => object.read(position, &mut members)?,
                None => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        Ok(object)
    }
}

/// Maps a member's name to the position of its field.
#[derive(Clone, Copy)]
struct Position(fn(&str) -> Option<usize>);

impl<'de> DeserializeSeed<'de> for Position {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Position {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok((self.0)(name))
    }
}

/// Reads a field with its own `Deserialize`; the type decides about `null`.
///
/// # Errors
///
/// Those of the type.
pub fn plain<'de, A, T>(members: &mut A, field: &mut T) -> Result<(), A::Error>
where
    A: MapAccess<'de>,
    T: Deserialize<'de>,
{
    *field = members.next_value()?;
    Ok(())
}

/// Handles a position that [`Object::position`] never returns.
///
/// # Errors
///
/// Those of the JSON parser.
pub fn skip<'de, A: MapAccess<'de>>(members: &mut A) -> Result<(), A::Error> {
    members.next_value::<IgnoredAny>().map(drop)
}

/// Functions that read a field with the function of the same name in [`lenient`](super::lenient).
macro_rules! readers {
    ($de:lifetime: $($name:ident $([$value:ident: ($($bound:tt)+)])? => $field:ty;)+) => {$(
        #[doc = concat!("Reads a field with [`", stringify!($name), "`](super::lenient::", stringify!($name), ").")]
        ///
        /// # Errors
        ///
        /// Those of that function.
        pub fn $name<$de, A $(, $value)?>(members: &mut A, field: &mut $field) -> Result<(), A::Error>
        where
            A: MapAccess<$de>,
            $($value: $($bound)+,)?
        {
            struct Reader<F>(PhantomData<F>);

            impl<$de $(, $value: $($bound)+)?> DeserializeSeed<$de> for Reader<$field> {
                type Value = $field;

                fn deserialize<D: Deserializer<$de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
                    super::lenient::$name(deserializer)
                }
            }

            *field = members.next_value_seed(Reader(PhantomData))?;
            Ok(())
        }
    )+};
}

readers! { 'de:
    opt[T: (Optional<'de>)] => Option<T>;
    opt_string => Option<String>;
    opt_i64 => Option<i64>;
    opt_f64 => Option<f64>;
    opt_bool => Option<bool>;
    vec[T: (FromReceived)] => Vec<T>;
    vec_string => Vec<String>;
    vec_i64 => Vec<i64>;
    list[T: (Deserialize<'de>)] => Vec<T>;
    map[T: (Deserialize<'de>)] => BTreeMap<String, T>;
    map_string => BTreeMap<String, String>;
    null_as_default[T: (Deserialize<'de> + Default)] => T;
}

/// Functions that read a list or map that is also sent: an empty one is `Some`, `null` is `None`.
macro_rules! optional_readers {
    ($de:lifetime: $($name:ident [$($value:ident: ($($bound:tt)+))?] $reader:ident => $field:ty;)+) => {$(
        #[doc = concat!("Reads a field with [`", stringify!($reader), "`]; `null` is `None`.")]
        ///
        /// # Errors
        ///
        /// Those of that function.
        pub fn $name<$de, A $(, $value)?>(members: &mut A, field: &mut Option<$field>) -> Result<(), A::Error>
        where
            A: MapAccess<$de>,
            $($value: $($bound)+,)?
        {
            struct Reader<F>(PhantomData<F>);

            impl<$de $(, $value: $($bound)+)?> DeserializeSeed<$de> for Reader<$field> {
                type Value = Option<$field>;

                fn deserialize<D: Deserializer<$de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
                    deserializer.deserialize_option(self)
                }
            }

            impl<$de $(, $value: $($bound)+)?> Visitor<$de> for Reader<$field> {
                type Value = Option<$field>;

                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("a list or a map")
                }

                fn visit_none<E>(self) -> Result<Self::Value, E> {
                    Ok(None)
                }

                fn visit_unit<E>(self) -> Result<Self::Value, E> {
                    Ok(None)
                }

                fn visit_some<D: Deserializer<$de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
                    super::lenient::$reader(deserializer).map(Some)
                }
            }

            *field = members.next_value_seed(Reader(PhantomData))?;
            Ok(())
        }
    )+};
}

optional_readers! { 'de:
    opt_vec[T: (FromReceived)] vec => Vec<T>;
    opt_vec_string[] vec_string => Vec<String>;
    opt_vec_i64[] vec_i64 => Vec<i64>;
    opt_list[T: (Deserialize<'de>)] list => Vec<T>;
    opt_map[T: (Deserialize<'de>)] map => BTreeMap<String, T>;
    opt_map_string[] map_string => BTreeMap<String, String>;
}

/// Implements [`Object`] and `Deserialize` for a struct: lists which member belongs to which field and how it is
/// read.
#[doc(hidden)]
#[macro_export]
macro_rules! object {
    ($name:ident { $($member:literal => $field:ident: $reader:ident,)+ }) => {
        const _: () = {
            use $crate::wire::object;
            use $crate::wire::private::serde::{Deserialize, Deserializer, de::MapAccess};

            #[allow(non_camel_case_types, reason = "the names are those of the fields")]
            enum Field { $($field),+ }

            impl object::Object for $name {
                const NAME: &'static str = stringify!($name);

                #[inline]
                fn position(member: &str) -> ::std::option::Option<usize> {
                    match member {
                        $($member => ::std::option::Option::Some(Field::$field as usize),)+
                        _ => ::std::option::Option::None,
                    }
                }

                #[allow(non_upper_case_globals, reason = "the names are those of the fields")]
                fn read<'de, A: MapAccess<'de>>(
                    &mut self,
                    position: usize,
                    members: &mut A,
                ) -> ::std::result::Result<(), A::Error> {
                    $(const $field: usize = Field::$field as usize;)+
                    match position {
                        $($field => object::$reader(members, &mut self.$field),)+
                        _ => object::skip(members),
                    }
                }
            }

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                    object::deserialize(deserializer)
                }
            }
        };
    };
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    #[derive(Debug, Default, PartialEq)]
    struct Meeting {
        id: Option<String>,
        rooms: Vec<String>,
        host: Option<Box<Meeting>>,
    }

    object! { Meeting {
        "id" => id: opt_string,
        "rooms" => rooms: vec_string,
        "host" => host: plain,
    } }

    #[test]
    fn members_may_be_absent_unknown_null_escaped_or_in_any_order() {
        let meeting: Meeting =
            serde_json::from_str(r#"{"x": [{}], "rooms": ["a", null], "host": {"id": 7}, "\u0069d": "1"}"#).unwrap();
        let host = Meeting { id: Some("7".to_owned()), ..Meeting::default() };
        assert_eq!(
            meeting,
            Meeting { id: Some("1".to_owned()), rooms: vec!["a".to_owned()], host: Some(Box::new(host)) }
        );
        assert_eq!(serde_json::from_str::<Meeting>("{}").unwrap(), Meeting::default());
        let nulls: Meeting = serde_json::from_str(r#"{"id": null, "rooms": null, "host": null}"#).unwrap();
        assert_eq!(nulls, Meeting::default());
    }

    #[test]
    fn of_a_member_that_comes_twice_the_last_one_counts() {
        let meeting: Meeting = serde_json::from_str(r#"{"id": "a", "id": "b"}"#).unwrap();
        assert_eq!(meeting.id.as_deref(), Some("b"));
    }

    #[test]
    fn what_is_no_object_is_refused_with_the_name_of_the_type() {
        for json in ["[]", "1", r#""a""#, r#"{"host": []}"#] {
            let error = serde_json::from_str::<Meeting>(json).unwrap_err().to_string();
            assert!(error.contains("expected struct Meeting"), "{json}: {error}");
        }
        let error = serde_json::from_str::<Meeting>(r#"{"rooms": [[]]}"#).unwrap_err().to_string();
        assert!(error.contains("invalid type"), "{error}");
    }
}
