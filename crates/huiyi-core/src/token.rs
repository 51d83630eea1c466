//! Tokens: what they are, how they are asked for, kept, renewed and shared.
//!
//! A [`Grant`] asks the vendor once; [`cache::TokenCache`] makes a [`TokenSource`] of it, which the pipeline asks
//! for every call. A [`TokenStore`] shares tokens among processes. How a request is signed or carries its token is
//! in `client::identity`.

mod access;
pub mod cache;
mod context;
mod fetches;
mod grant;
mod key;
mod lease;
mod memory;
pub mod pkce;
mod request;
mod source;
pub mod store;
pub mod ticket;
pub mod user;
pub(crate) mod within;

pub use access::Token;
pub use context::TokenContext;
pub use fetches::Fetches;
pub use grant::{Grant, IssuedToken, lifetime, with_parent_token};
pub use key::StoreKey;
pub use lease::{Lease, Leased};
pub use memory::MemoryStore;
pub use request::{optional_token, token_text};
pub use source::{StaticToken, TokenSource};
pub use store::{StoreError, StoredToken, TokenStore};
