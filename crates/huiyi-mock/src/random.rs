//! Random-looking text for tokens and request ids. Nothing here is fit for cryptography.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

/// Returns `digits` lower-case hexadecimal digits.
pub(crate) fn hex(digits: usize) -> String {
    let mut text = String::with_capacity(digits + 16);
    while text.len() < digits {
        // Each `RandomState` has other keys, so that the hash of nothing is a new number every time.
        let number = RandomState::new().build_hasher().finish();
        text.push_str(&format!("{number:016x}"));
    }
    text.truncate(digits);
    text
}
