//! The forms in which events come, and how each is read.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use huiyi_core::event::RejectReason;
use huiyi_core::secrecy::ExposeSecret;
use huiyi_core::ticket::Ticket;
use huiyi_event_tests::Vendor;
use huiyi_event_tests::draft::Part;
use huiyi_event_tests::receivers::{self, any, clock, of};
use huiyi_event_tests::sender::{AES_KEY, ENCRYPT_KEY, NOW_MILLIS, RECIPIENT, SECRET, Sender, TICKET};
use huiyi_tencent::StsToken;

#[test]
fn checks_of_the_address_are_passed() {
    for vendor in Vendor::ALL {
        let (check, expected) = Sender::new(vendor).check();

        let said = of(vendor)(&check.request()).unwrap();

        assert!(said.events.is_empty());
        if vendor == Vendor::DingTalk {
            let reply: serde_json::Value = serde_json::from_slice(said.reply.body()).unwrap();
            let opened = huiyi_core::event::open(&Sender::new(vendor).aes, reply["encrypt"].as_str().unwrap()).unwrap();
            assert_eq!((opened.message.as_str(), opened.recipient.as_str()), (expected, RECIPIENT));
        } else {
            assert_eq!(said.reply.body(), expected.as_bytes(), "{vendor:?}");
        }
    }
}

#[test]
fn a_repetition_has_the_same_id_and_another_event_another() {
    for vendor in Vendor::ALL {
        let (receiver, sender) = (of(vendor), Sender::new(vendor));
        let id = |sender: &Sender, id: &str| receiver(&sender.delivery(sender.message(id)).request()).unwrap().events;

        let first = id(&sender, "1");
        let again = id(&sender.clone().at_millis(NOW_MILLIS - 60_000), "1");
        let other = id(&sender, "2");

        assert!(first == again && first != other && first[0].1.is_some(), "{vendor:?}: {first:?} {again:?} {other:?}");
    }
}

/// The documented key of an event (who and when) is the same for both guests.
#[test]
fn two_guests_who_join_wecom_in_one_second_are_two_events() {
    let (receiver, sender) = (of(Vendor::WeCom), Sender::new(Vendor::WeCom));
    let id = |guest: &str| {
        let guest = format!("<FromUserTmpOpenId>{guest}</FromUserTmpOpenId></xml>");
        receiver(&sender.delivery(sender.message("").replace("</xml>", &guest)).request()).unwrap().events.remove(0).1
    };

    assert_ne!(id("guest1"), id("guest2"));
    assert_eq!(id("guest1"), id("guest1"));
}

#[test]
fn feishus_last_repetition_after_seven_hours_is_accepted() {
    let sender = Sender::new(Vendor::Feishu).at_millis(NOW_MILLIS - (7 * 3600 + 5 * 60 + 15) * 1000);

    assert!(of(Vendor::Feishu)(&sender.delivery(sender.message("1")).request()).is_ok());
}

#[test]
fn tickets_reach_the_credentials_and_only_those_of_their_app() {
    let exposed = |ticket: &Ticket| ticket.get().map(|ticket| ticket.expose_secret().to_owned());
    for vendor in [Vendor::Feishu, Vendor::WeCom, Vendor::DingTalk] {
        let (ticket, sender) = (Ticket::default(), Sender::new(vendor));
        let receiver = match vendor {
            Vendor::Feishu => any(receivers::feishu(clock(), ticket.clone())),
            Vendor::WeCom => any(receivers::wecom(clock(), ticket.clone())),
            _ => any(receivers::dingtalk(clock(), ticket.clone())),
        };
        let other_app = sender.ticket().replace(RECIPIENT, "other");
        let _ = receiver(&sender.delivery(other_app).request());
        assert!(vendor == Vendor::DingTalk || exposed(&ticket).is_none(), "{vendor:?}");

        let said = receiver(&sender.delivery(sender.ticket()).request()).unwrap();

        assert_eq!(exposed(&ticket).as_deref(), Some(TICKET), "{vendor:?}");
        assert!(said.readable && !said.printed.contains("s3cret"), "{}", said.printed);
        let older = sender.ticket().replace("17642", "16642").replace(TICKET, "older");
        receiver(&sender.delivery(older).request()).unwrap();
        assert_eq!(exposed(&ticket).as_deref(), Some(TICKET), "{vendor:?}");
    }
}

#[test]
fn an_sts_token_is_kept_only_if_it_came_encrypted() {
    let (sts, sender) = (StsToken::default(), Sender::new(Vendor::Tencent));
    let plain = huiyi_tencent::events::EventReceiver::builder().token(SECRET).sts_token(sts.clone()).clock(clock());
    let data = huiyi_core::event::base64_encode(sender.ticket().as_bytes());
    plain.build().unwrap().receive(&sender.signed(sender.body(&data), &data).request()).unwrap();
    assert_eq!(sts.expires(), None);

    let receiver = receivers::tencent(clock(), sts.clone());
    receiver.receive(&sender.delivery(sender.ticket()).request()).unwrap();

    assert_eq!(sts.expires(), Some(Duration::from_secs(1_764_303_600)));
}

#[test]
fn old_and_new_keys_are_accepted_while_one_takes_the_place_of_the_other() {
    let new_key = "bmV3LWtleS1uZXcta2V5LW5ldy1rZXktbmV3LWtleS0";
    let aes = huiyi_core::event::Aes::from_encoding_key(new_key).unwrap();
    for vendor in Vendor::ALL {
        let receiver = match vendor {
            Vendor::Feishu => {
                let builder =
                    huiyi_feishu::events::EventReceiver::builder().encrypt_key("new").encrypt_key(ENCRYPT_KEY);
                any(builder.clock(clock()).build().unwrap())
            }
            Vendor::WeCom => {
                let builder = huiyi_wecom::events::EventReceiver::builder().keys("new", new_key).keys(SECRET, new_key);
                any(builder.keys(SECRET, AES_KEY).receive_id(RECIPIENT).clock(clock()).build().unwrap())
            }
            Vendor::DingTalk => {
                let builder =
                    huiyi_dingtalk::events::EventReceiver::builder().keys("new", new_key).keys(SECRET, new_key);
                any(builder.keys(SECRET, AES_KEY).client_id(RECIPIENT).clock(clock()).build().unwrap())
            }
            Vendor::Tencent => {
                let builder =
                    huiyi_tencent::events::EventReceiver::builder().keys("new", new_key).keys(SECRET, new_key);
                any(builder.keys(SECRET, AES_KEY).clock(clock()).build().unwrap())
            }
        };
        let old = Sender::new(vendor);
        let aes = if vendor == Vendor::Feishu { huiyi_core::event::Aes::from_text("new") } else { aes.clone() };
        let new = Sender { secret: "new".to_owned(), aes: aes.clone(), ..old.clone() };
        let mut senders = vec![old.clone(), new];
        if vendor != Vendor::Feishu {
            // Only the AES key was replaced.
            senders.push(Sender { aes, ..old });
        }
        for sender in senders {
            assert!(receiver(&sender.delivery(sender.message("1")).request()).is_ok(), "{vendor:?}");
        }
    }
}

#[test]
fn feishu_without_an_encrypt_key_goes_by_the_token() {
    let builder = huiyi_feishu::events::EventReceiver::builder().verification_token(SECRET);
    let receiver = any(builder.clock(clock()).build().unwrap());
    let sender = Sender::new(Vendor::Feishu);
    let plain = |message: String| sender.delivery("").without(Part::Signature).body(message);
    let reason = |message: String| receiver(&plain(message).request()).unwrap_err().reason();

    assert_eq!(receiver(&plain(sender.message("1")).request()).unwrap().events[0].0, "vc.meeting.meeting_started_v1");
    let check = format!(r#"{{"type":"url_verification","token":"{SECRET}","challenge":"a\"b"}}"#);
    assert_eq!(receiver(&plain(check.clone()).request()).unwrap().reply.body(), r#"{"challenge":"a\"b"}"#);

    assert_eq!(reason(sender.message("1").replace("s3cret", "other")), RejectReason::WrongToken);
    assert_eq!(reason(check.replace("s3cret", "other")), RejectReason::WrongToken);
    assert_eq!(reason(sender.body(&sender.encrypted(b"{}"))), RejectReason::Encrypted);
}

#[test]
fn an_unsigned_event_of_feishu_is_refused_though_it_is_encrypted() {
    let sender = Sender::new(Vendor::Feishu);
    let draft = sender.delivery(sender.message("1")).without(Part::Signature);

    assert_eq!(of(Vendor::Feishu)(&draft.request()).unwrap_err().reason(), RejectReason::Unsigned);
}

#[test]
fn wecoms_repeated_elements_are_a_list_and_the_sender_is_named() {
    use huiyi_wecom::events::Event;

    let message = "<xml><UploadInfo><MediumUrl><![CDATA[a&b]]></MediumUrl><UploadStatus>0</UploadStatus></UploadInfo>\
        <FromUserName><![CDATA[sys]]></FromUserName><CreateTime>1348831860</CreateTime><MsgType><![CDATA[event]]></MsgType>\
        <Event><![CDATA[meeting_change]]></Event><ChangeType> <![CDATA[medium_upload]]></ChangeType>\
        <UploadInfo><MediumUrl>c</MediumUrl></UploadInfo><AllUploadStatus>false</AllUploadStatus></xml>";
    let receiver = receivers::wecom(clock(), Ticket::default());

    let received = receiver.receive(&Sender::new(Vendor::WeCom).delivery(message).request()).unwrap();

    let [delivery] = received.deliveries() else { panic!("one event") };
    let Event::MediaUploaded(event) = delivery.event() else { panic!("{:?}", delivery.event()) };
    assert_eq!(event.upload_info.len(), 2);
    assert_eq!(event.upload_info[0].medium_url.as_deref(), Some("a&b"));
    assert_eq!((delivery.actor(), delivery.created().unwrap().as_millis()), (Some("sys"), 1_348_831_860_000));
    assert!(!delivery.content().contains("FromUserName"));
}

#[test]
fn events_of_a_suite_are_answered_with_success_and_those_of_an_app_with_nothing() {
    let (receiver, sender) = (of(Vendor::WeCom), Sender::new(Vendor::WeCom));
    let reply = |message: String| receiver(&sender.delivery(message).request()).unwrap().reply;

    assert_eq!(reply(sender.ticket()).body(), "success");
    assert_eq!(reply(sender.message("1")).body(), "");
}

#[test]
fn dingtalks_rows_are_events_of_their_own_and_names_become_those_of_stream() {
    use huiyi_dingtalk::events::Event;

    let message = r#"{"EventType":"SYNC_HTTP_PUSH_MEDIUM","bizData":[
        {"biz_type":4,"corp_id":"ding1","subscribe_id":"1_0","biz_id":"b","gmt_modified":1764299999000,
         "biz_data":"{\"syncAction\":\"org_suite_auth\",\"auth_corp_info\":{\"corp_name\":\"x\",\"corp_type_v2\":0}}"},
        {"biz_type":14,"corp_id":"ding1","biz_data":{"syncAction":"org_dept_create","dept_id":1}},
        {"biz_type":225,"corp_id":"ding2","biz_data":"{\"syncAction\":\"meeting_status_change\",\"eventId\":\"e\",\"statusSeqNum\":3}"}]}"#;
    let receiver = receivers::dingtalk(clock(), Ticket::default());

    let received = receiver.receive(&Sender::new(Vendor::DingTalk).delivery(message).request()).unwrap();

    let [auth, department, meeting] = received.deliveries() else { panic!("three events") };
    let Event::OrgSuiteAuth(event) = auth.event() else { panic!("{:?}", auth.event()) };
    assert_eq!(event.auth_corp_info.corp_name.as_deref(), Some("x"));
    assert_eq!((auth.tenant(), meeting.tenant(), meeting.id()), (Some("ding1"), Some("ding2"), Some("e")));
    assert!(matches!(department.event(), Event::Unknown(event) if event.content() == r#"{"dept_id":1}"#));
    assert!(matches!(meeting.event(), Event::MeetingStatusChange(_)));
}

#[test]
fn one_broken_row_of_dingtalks_does_not_refuse_the_others() {
    let message = r#"{"EventType":"SYNC_HTTP_PUSH_HIGH","bizData":[
        1, null, [2], {"corp_id":"ding1","biz_data":null}, {"biz_data":"null"}, {"biz_data":" "}, {"biz_data":7},
        {"corp_id":"ding2","gmt_modified":5,"biz_data":"{"}, {"biz_data":["x"]},
        {"biz_data":{"syncAction":"org_dept_create","dept_id":1}}]}"#;
    let receiver = receivers::dingtalk(clock(), Ticket::default());

    let received = receiver.receive(&Sender::new(Vendor::DingTalk).delivery(message).request()).unwrap();

    let contents: Vec<&str> = received.deliveries().iter().map(|delivery| delivery.content()).collect();
    assert_eq!(contents, ["1", "null", "[2]", "{}", "{}", "{}", "7", r#""{""#, r#"["x"]"#, r#"{"dept_id":1}"#]);
    let types: Vec<&str> = received.deliveries().iter().map(|delivery| delivery.event_type()).collect();
    assert_eq!((types[..9].to_vec(), types[9]), (vec!["SYNC_HTTP_PUSH_HIGH"; 9], "org_dept_create"));
    let broken = &received.deliveries()[7];
    assert_eq!((broken.tenant(), broken.created().map(|time| time.as_millis())), (Some("ding2"), Some(5)));
    let ids: std::collections::BTreeSet<_> = received.deliveries().iter().map(|delivery| delivery.id()).collect();
    // Two rows are equal, so they are one event.
    assert!(ids.len() == 9 && !ids.contains(&None), "{ids:?}");
}

#[test]
fn dingtalk_is_read_with_either_name_of_the_signature() {
    let sender = Sender::new(Vendor::DingTalk);
    let mut draft = sender.delivery(sender.message("1"));
    draft.parts.iter_mut().for_each(|(name, _)| *name = name.replace("msg_signature", "signature"));

    assert!(of(Vendor::DingTalk)(&draft.request()).is_ok());
}

#[test]
fn tencents_heartbeat_is_answered_with_nothing() {
    let mut draft = Sender::new(Vendor::Tencent).signed("", "").method(http::Method::GET);
    draft.parts.clear();

    let said = of(Vendor::Tencent)(&draft.request()).unwrap();

    assert!(said.events.is_empty() && said.reply.status() == 200 && said.reply.body().is_empty());
}

#[test]
fn tencents_messages_are_read_with_and_without_a_key_behind_them() {
    let sender = Sender::new(Vendor::Tencent);
    let builder = huiyi_tencent::events::EventReceiver::builder().keys(SECRET, AES_KEY).suffix("appKey");
    let receiver = any(builder.clock(clock()).build().unwrap());
    for message in [sender.message("1"), format!("{}appKey", sender.message("1")), format!("{}\n", sender.message("1"))]
    {
        assert_eq!(receiver(&sender.delivery(message).request()).unwrap().events[0].0, "meeting.started");
    }
    let encrypted = sender.encrypted(b"ch4llengeappKey");

    let said = receiver(&sender.signed("", &encrypted).get("check_str", &encrypted).request()).unwrap();

    assert_eq!(said.reply.body(), "ch4llenge");
}

#[test]
fn every_item_of_tencents_payload_is_an_event_with_what_stands_beside_the_list() {
    use huiyi_tencent::events::Event;

    let message = r#"{"event":"smart.fullsummary","result":1,"trace_id":"t","payload":[{"operate_time":1764299999},{"result":2}]}"#;
    let receiver = receivers::tencent(clock(), StsToken::default());

    let received = receiver.receive(&Sender::new(Vendor::Tencent).delivery(message).request()).unwrap();

    let [first, second] = received.deliveries() else { panic!("two events") };
    assert!(matches!(first.event(), Event::SmartFullsummary(_)) && first.unreadable().is_none());
    assert_eq!(first.content(), r#"{"operate_time":1764299999,"result":1}"#);
    assert_eq!(second.content(), r#"{"result":2}"#);
    assert!(first.id() != second.id() && first.created().is_none());
}

#[test]
fn one_broken_item_of_tencents_does_not_refuse_the_others() {
    let message = r#"{"event":"smart.fullsummary","trace_id":"t","payload":[7,null,{"result":2}]}"#;
    let receiver = receivers::tencent(clock(), StsToken::default());

    let received = receiver.receive(&Sender::new(Vendor::Tencent).delivery(message).request()).unwrap();

    let [broken, empty, good] = received.deliveries() else { panic!("three events") };
    assert_eq!(
        (broken.event_type(), broken.content(), broken.id()),
        ("smart.fullsummary", "7", Some("smart.fullsummary/t/0"))
    );
    assert!(broken.unreadable().is_some() && empty.unreadable().is_none());
    assert_eq!((empty.content(), good.content()), ("{}", r#"{"result":2}"#));
}

#[test]
fn receivers_without_keys_or_with_bad_ones_are_not_built() {
    assert!(huiyi_feishu::events::EventReceiver::builder().build().is_err());
    assert!(huiyi_feishu::events::EventReceiver::builder().encrypt_key("").build().is_err());
    assert!(huiyi_wecom::events::EventReceiver::builder().receive_id("ww").build().is_err());
    assert!(huiyi_wecom::events::EventReceiver::builder().keys(SECRET, AES_KEY).build().is_err());
    assert!(huiyi_wecom::events::EventReceiver::builder().keys(SECRET, "short").any_receive_id().build().is_err());
    assert!(huiyi_wecom::events::EventReceiver::builder().keys("", AES_KEY).any_receive_id().build().is_err());
    assert!(huiyi_dingtalk::events::EventReceiver::builder().client_id("a").build().is_err());
    assert!(huiyi_dingtalk::events::EventReceiver::builder().keys(SECRET, AES_KEY).build().is_err());
    assert!(huiyi_tencent::events::EventReceiver::builder().build().is_err());
    assert!(huiyi_tencent::events::EventReceiver::builder().keys(SECRET, "short").build().is_err());
}
