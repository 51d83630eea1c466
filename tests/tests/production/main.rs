//! What production asks of the clients: faults of networks and stores, many users, many processes, quotas.
//!
//! `cargo test -p huiyi-tests --test production faults -- --nocapture` runs one module and prints its figures.

mod faults;
mod identities;
mod quota_over_http;
mod shared_tokens;
mod token_endpoint;
