//! Builds clients: settings, environment variables, and build errors.
//!
//! The vendors' builders fill [`settings::Settings`], which creates the session that a client and its clones share.
//! Calls are in `call`, tokens in `token`.

mod base_url;
mod build_error;
mod credential;
mod environment;
mod into_secret;
mod methods;
pub mod settings;

pub use build_error::BuildError;
pub use credential::{credential, fixed_token};
pub use environment::{environment, optional_environment};
pub use into_secret::IntoSecret;
pub use settings::Settings;
