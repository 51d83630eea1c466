//! Reads exact integers from decimal strings and floats.
//!
//! No string is converted to `f64` here, because that would round above 2^53 and accept values out of range.

use super::received::Received;

/// What an integer type expects, for error messages.
pub(super) const EXPECTED_INTEGER: &str = "an integer from -9223372036854775808 to 9223372036854775807";

/// The maximum number of decimal digits of an `i64`.
const MAX_DIGITS: usize = 19;

/// Reads an integer in exactly the format that this crate writes.
///
/// This is the common case. The text does not have to be kept to be written back unchanged.
#[inline]
pub(super) fn canonical(text: &str) -> Option<i64> {
    let (negative, digits) = match text.as_bytes() {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    match digits {
        [b'0'] if !negative => return Some(0),
        [b'1'..=b'9', ..] if digits.len() <= MAX_DIGITS => {}
        _ => return None,
    }
    let mut magnitude: u64 = 0;
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        // Nineteen digits always fit into a u64.
        magnitude = magnitude * 10 + u64::from(digit);
    }
    if negative { 0_i64.checked_sub_unsigned(magnitude) } else { i64::try_from(magnitude).ok() }
}

/// Reads any decimal string that stands for an integer: `7`, `007`, `+7`, `7.0`, `1e3`, `1200e-2`.
pub(super) fn integer(text: &str) -> Option<i64> {
    if let Some(value) = canonical(text) {
        return Some(value);
    }
    let text = text.trim_ascii();
    let (negative, text) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, i64::from(exponent.parse::<i32>().ok()?)),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let magnitude = scaled(whole.as_bytes(), fraction.as_bytes(), exponent)?;
    i64::try_from(if negative { -magnitude } else { magnitude }).ok()
}

/// Returns the value of `whole.fraction × 10^exponent` if it is an integer of at most 38 digits.
fn scaled(whole: &[u8], fraction: &[u8], exponent: i64) -> Option<i128> {
    let digits = || whole.iter().chain(fraction);
    let count = whole.len() + fraction.len();
    if count == 0 || !digits().all(u8::is_ascii_digit) {
        return None;
    }
    // If digits remain behind the point after trailing zeros are removed, the number is not an integer.
    let zeros = digits().rev().take_while(|digit| **digit == b'0').count();
    let mut value: i128 = 0;
    for digit in digits().take(count - zeros) {
        value = value.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
    }
    if value == 0 {
        return Some(0);
    }
    let shift = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?.checked_add(i64::try_from(zeros).ok()?)?;
    value.checked_mul(10_i128.checked_pow(u32::try_from(shift).ok()?)?)
}

/// Returns the value of a float if it is an integer in range.
#[inline]
pub(super) fn integer_of_float(value: f64) -> Option<i64> {
    // The fraction of an infinity or a NaN is a NaN, which equals nothing. The cast is exact for an integral value
    // and saturates far outside the range that is checked next.
    if value.fract() == 0.0 { i64::try_from(value as i128).ok() } else { None }
}

/// Returns the integer that a scalar stands for; booleans count as 0 and 1.
#[inline]
pub(super) fn integer_of(received: &Received<'_>) -> Option<i64> {
    match received {
        Received::Integer(value) => Some(*value),
        Received::Text(text) => integer(text),
        Received::Float(value) => integer_of_float(*value),
        Received::Boolean(value) => Some(i64::from(*value)),
        Received::Unsigned(_) | Received::Null => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_exactly_at_the_borders() {
        for (text, expected) in [
            ("9223372036854775807", Some(i64::MAX)),
            ("9223372036854775808", None),
            ("-9223372036854775808", Some(i64::MIN)),
            ("-9223372036854775809", None),
            ("9223372036854775807.0", Some(i64::MAX)),
            ("9223372036854775807.5", None),
            ("922337203685477580.7e1", Some(i64::MAX)),
            ("9007199254740993.00", Some(9_007_199_254_740_993)),
            ("18446744073709551615", None),
        ] {
            assert_eq!(integer(text), expected, "{text}");
        }
    }

    #[test]
    fn every_decimal_spelling_of_an_integer_is_read() {
        for (text, expected) in [
            ("0", 0),
            ("-0", 0),
            ("007", 7),
            ("+7", 7),
            (" 7 ", 7),
            ("7.", 7),
            ("7.000", 7),
            (".0", 0),
            ("1e3", 1000),
            ("1E+3", 1000),
            ("1200e-2", 12),
            ("-1.5e1", -15),
            ("0e2147483647", 0),
            ("0000000000000000000000000000000000000000000000007", 7),
        ] {
            assert_eq!(integer(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_integer_is_refused() {
        for text in [
            "",
            " ",
            "-",
            "+",
            ".",
            "e3",
            "1e",
            "1.5",
            "1e-1",
            "1e19",
            "1e400",
            "0x10",
            "1_000",
            "--1",
            "1.2.3",
            "٣",
            "NaN",
            "inf",
            "1e99999999999",
        ] {
            assert_eq!(integer(text), None, "{text}");
        }
    }

    #[test]
    fn only_our_own_spelling_is_canonical() {
        for text in ["-0", "007", "+7", "7.0", "1e3", "", "-", "99999999999999999999"] {
            assert_eq!(canonical(text), None, "{text}");
        }
        for value in [0, 7, -7, i64::MAX, i64::MIN] {
            assert_eq!(canonical(&value.to_string()), Some(value));
        }
    }

    #[test]
    fn floats_are_read_only_if_integral_and_in_range() {
        assert_eq!(integer_of_float(5.0), Some(5));
        assert_eq!(integer_of_float(-0.0), Some(0));
        assert_eq!(integer_of_float(-9_223_372_036_854_775_808.0), Some(i64::MIN));
        for value in [0.5, 9_223_372_036_854_775_808.0, 1e300, f64::NAN, f64::INFINITY] {
            assert_eq!(integer_of_float(value), None, "{value}");
        }
    }
}
