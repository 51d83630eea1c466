//! What the fuzz targets do with their bytes.

use std::time::Duration;

use huiyi_core::event::{Heard, Message, Speech as _};

use crate::Vendor;
use crate::receivers::{AnyReceiver, of};
use crate::sender::Sender;

thread_local! {
    static RECEIVERS: [(Vendor, AnyReceiver); 4] = Vendor::ALL.map(|vendor| (vendor, of(vendor)));
}

/// Delivers bytes. The first byte selects the layer that gets the others: a body, a signed body, a signed ciphertext,
/// or a message that is encrypted and signed.
///
/// # Panics
///
/// If bytes without a valid signature are accepted.
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

/// Reads messages of a long connection: Feishu's frames, or DingTalk's texts. The byte before a message is its length;
/// 255 stands for the rest. So one connection gets several messages.
///
/// # Panics
///
/// If a frame is not the same after it was written and read again.
pub fn say(vendor: Vendor, mut data: &[u8]) {
    let (mut feishu, mut dingtalk) =
        (huiyi_feishu::events::Speaker::new(1), huiyi_dingtalk::events::Speaker::default());
    while let Some((length, rest)) = data.split_first() {
        let (message, rest) = rest.split_at_checked(usize::from(*length)).unwrap_or((rest, &[]));
        data = if *length == u8::MAX { &[] } else { rest };
        let message = if *length == u8::MAX { [message, rest].concat() } else { message.to_vec() };
        if vendor == Vendor::Feishu {
            let bytes = message.clone().into();
            if let Ok(frame) = huiyi_feishu::events::Frame::decode(&bytes) {
                assert_eq!(huiyi_feishu::events::Frame::decode(&frame.encode().into()), Ok(frame), "written otherwise");
            }
            settle(feishu.hear(Message::Binary(bytes), Duration::ZERO));
        }
        let text = Message::Text(String::from_utf8_lossy(&message).into_owned().into());
        if vendor == Vendor::Feishu {
            settle(feishu.hear(text, Duration::ZERO));
        } else {
            settle(dingtalk.hear(text, Duration::ZERO));
        }
    }
}

/// Acknowledges an event.
fn settle<E>(heard: Heard<E>) {
    if let Heard::Event(delivery, receipt) = heard {
        let is_done = delivery.plaintext().len() % 2 == 0;
        assert!(!receipt(is_done, Duration::from_millis(1)).is_empty(), "an empty acknowledgement");
    }
}
