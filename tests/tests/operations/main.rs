//! Rules that hold for every operation of all four vendors; see `tests/README.md` for what each module shows.
//!
//! `cargo test -p huiyi-tests --test operations contracts -- --nocapture` runs one module and prints its figures.

mod base_urls;
mod contracts;
mod downloads;
mod empty_is_sent;
mod events;
mod examples;
mod hostile_arguments;
mod mock;
mod mutations;
mod numbers_as_text;
mod odd_members;
mod owned_streams;
mod pages;
mod refusals_under_200;
mod signatures;
mod strangers;
mod undocumented;
mod wire_faults;
