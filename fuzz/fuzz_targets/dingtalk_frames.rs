//! Messages over a long connection of DingTalk.
#![no_main]

use huiyi_event_tests::{Vendor, fuzz};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| fuzz::say(Vendor::DingTalk, data));
