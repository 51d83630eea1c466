//! What a client is made of: connections, credentials, settings, time.
//!
//! The vendors' builders fill [`settings::Settings`]; a [`session::Session`] is what a client and its clones share.
//! How a call is made stands in `call`, where tokens come from in `token`.

pub mod clock;
pub mod identity;
mod into_secret;
pub(crate) mod redact;
pub mod session;
pub mod settings;
pub mod transport;
pub mod vendor;

pub use into_secret::IntoSecret;
