//! Random-looking text for tokens and request ids. It is not suitable for cryptography.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

/// Returns `digits` lower-case hexadecimal digits.
pub(crate) fn hex(digits: usize) -> String {
    let mut text = String::with_capacity(digits + 16);
    while text.len() < digits {
        // Each `RandomState` has other keys, so the hash of an empty input is a new number every time.
        let number = RandomState::new().build_hasher().finish();
        text.push_str(&format!("{number:016x}"));
    }
    text.truncate(digits);
    text
}
