//! What the fuzz targets do with their bytes.

use crate::Vendor;
use crate::receivers::{AnyReceiver, of};
use crate::sender::Sender;

thread_local! {
    static RECEIVERS: [(Vendor, AnyReceiver); 4] = Vendor::ALL.map(|vendor| (vendor, of(vendor)));
}

/// Delivers bytes. The first says how deep the others go: a body, a signed body, a signed ciphertext, or a message that
/// is encrypted and signed.
///
/// # Panics
///
/// If bytes that nobody has signed are accepted.
pub fn deliver(vendor: Vendor, data: &[u8]) {
    let Some((depth, data)) = data.split_first() else { return };
    let sender = Sender::new(vendor);
    let draft = match depth % 4 {
        0 => sender.delivery(sender.message("1")).body(data),
        1 => sender.signed(data, ""),
        2 => {
            let encrypted = huiyi_core::event::base64_encode(data);
            sender.signed(sender.body(&encrypted), &encrypted)
        }
        _ => sender.delivery(data),
    };
    let accepted = RECEIVERS.with(|receivers| {
        receivers
            .iter()
            .find(|(other, _)| *other == vendor)
            .is_some_and(|(_, receiver)| receiver(&draft.request()).is_ok())
    });
    assert!(!accepted || depth % 4 != 0, "accepted without a signature");
}
