//! Events: the contents of deliveries, and the code that is generated for them.

pub mod code;
pub mod delivery;
pub mod replay;
pub mod xml;
