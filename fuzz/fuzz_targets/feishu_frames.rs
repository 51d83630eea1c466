//! Messages over a long connection of Feishu.
#![no_main]

use huiyi_event_tests::{Vendor, fuzz};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| fuzz::say(Vendor::Feishu, data));
