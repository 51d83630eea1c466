//! Building a client: its settings, the environment, and why it cannot be built.
//!
//! The vendors' builders fill [`settings::Settings`], which makes the session that a client and its clones share.
//! How a call is made is in `call`, where tokens come from in `token`.

mod base_url;
mod build_error;
mod credential;
mod environment;
mod into_secret;
mod methods;
pub mod settings;

pub use build_error::BuildError;
pub use credential::{credential, fixed_token};
pub use environment::environment;
pub use into_secret::IntoSecret;
pub use settings::Settings;
