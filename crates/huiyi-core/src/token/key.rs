//! The key of a token in a store.

use std::fmt::Write as _;

/// Builds the key under which a token is stored. It names everything that the token depends on: vendor, host,
/// app, tenant or corporation, user.
///
/// ```
/// use huiyi_core::token::StoreKey;
///
/// let key = StoreKey::new("feishu", "https://open.feishu.cn").with("app", "cli_1").with("user", "a:b");
/// assert_eq!(key.into_text(), "feishu:https://open.feishu.cn:app=cli_1:user=a%3Ab");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreKey(String);

impl StoreKey {
    /// Starts a key with a vendor and its host.
    pub fn new(vendor: &str, base_url: &str) -> Self {
        Self(format!("{vendor}:{}", base_url.replace('%', "%25").replace('=', "%3D")))
    }

    /// Adds a part. The value is escaped, so it cannot be read as several parts.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        let _ = write!(self.0, ":{name}=");
        for character in value.chars() {
            match character {
                '%' | ':' | '=' | ' ' | '{' | '}' => {
                    let _ = write!(self.0, "%{:02X}", u32::from(character));
                }
                _ => self.0.push(character),
            }
        }
        self
    }

    /// Adds a part if there is a value.
    #[must_use]
    pub fn with_optional(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Returns the key as text.
    pub fn into_text(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::StoreKey;

    #[test]
    fn no_value_can_be_taken_for_several_parts() {
        let one = StoreKey::new("feishu", "https://h").with("app", "a").with("tenant", "t:user=u").into_text();
        let two = StoreKey::new("feishu", "https://h").with("app", "a").with("tenant", "t").with("user", "u");

        assert_ne!(one, two.into_text());
        assert_eq!(one, "feishu:https://h:app=a:tenant=t%3Auser%3Du");
    }
}
