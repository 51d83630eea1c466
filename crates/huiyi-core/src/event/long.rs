//! Long connections: events over a WebSocket that the client opens, so the application needs no public address.
//!
//! ```text
//! Connector -> Supervisor: asks for an address, dials, decides what comes next (`course`)
//!                  |  orders          ^ reports
//!                  v                  |
//!                Line (one for each connection): reads; `life` says when to ping and when to give up
//!                  |        \
//!                  |         writer: acknowledgements and pings
//!                  v
//!              Arrival -> the application -> acknowledgement, over the same line
//! ```
//!
//! A vendor's crate says how the address is requested ([`Protocol`]) and what the messages mean ([`Speech`]).

mod arrival;
mod common;
mod connector;
mod course;
mod dial;
mod fragments;
mod life;
mod line;
mod protocol;
mod run;
mod state;
mod supervisor;
mod tempo;
#[cfg(test)]
mod tests;
mod writer;

pub use arrival::Arrival;
pub use connector::{Connector, LongConnection};
pub use dial::{Dial, DialError, Io};
pub use fragments::{BadFragment, Fragments};
pub use protocol::{Gravity, Heard, Message, Opening, Protocol, Receipt, Refusal, Speech};
pub use state::{DisconnectReason, State, Stats, Watch};
pub use tempo::Tempo;
