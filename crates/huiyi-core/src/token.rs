//! Tokens: how they are requested, stored, renewed and shared.
//!
//! A [`Grant`] requests a token from the vendor once. [`cache::TokenCache`] turns it into a [`TokenSource`],
//! which the pipeline asks for a token on every call. A [`TokenStore`] shares tokens among processes.
//! `call::identity` signs requests or adds their token.

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
