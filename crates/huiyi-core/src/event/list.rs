//! Lists of accepted values.

/// Returns whether a value is in a list of accepted values; an empty list accepts all.
#[must_use]
pub fn any_or_empty(accepted: &[String], value: &str) -> bool {
    accepted.is_empty() || accepted.iter().any(|accepted| accepted == value)
}
