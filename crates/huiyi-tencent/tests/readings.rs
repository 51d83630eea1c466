//! The vendor's pages contradict themselves, each other or the SDK: the tests check what the client sends and how
//! it reads responses.

mod names;
mod paging;
mod received;
mod sent;
mod signing;
