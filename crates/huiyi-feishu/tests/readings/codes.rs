//! Every error code has the kind that the general table or its own page gives it, whatever the status.

use std::collections::BTreeSet;

use huiyi_feishu::ErrorKind::{
    self, Auth, Conflict, InvalidParameter, NotFound, Permission, QuotaExhausted, RateLimited, Unavailable,
};
use huiyi_feishu::RetryPolicy;

use super::client;
use super::document::document;
use crate::support::{builder, refuse, server};

const MEETING: &str = "6911188411932033028";

/// Codes of the API gateway.
const GENERAL: &[(ErrorKind, &[i64])] = &[
    (Auth, &[99991661, 99991663, 99991664, 99991665, 99991668, 99991669, 99991671, 99991677]),
    (Permission, &[99991401, 99991662, 99991672, 99991673, 99991676, 99991679]),
    (
        InvalidParameter,
        &[
            9499, 99991201, 99991301, 99991675, 99992351, 99992352, 99992353, 99992355, 99992356, 99992357, 99992358,
            99992359, 99992360, 99992361, 99992363, 99992364, 99992375, 99992376, 99992378, 99992379, 99992380,
            99992381, 99992402, 99992500, 99992501,
        ],
    ),
    (RateLimited, &[99991400]),
    (QuotaExhausted, &[99991403]),
    (Unavailable, &[1500, 1642, 1663, 1668, 2200, 5000]),
];

/// Small codes that other groups of calls use with other meanings, so only the token and OAuth calls list them.
const LOGIN: &[(ErrorKind, &[i64])] = &[
    (
        Auth,
        &[
            20002, 20003, 20004, 20005, 20008, 20021, 20022, 20023, 20024, 20026, 20037, 20049, 20064, 20065, 20066,
            20073, 10005, 10012, 10013, 10014, 10015, 20014, 50003, 99991543,
        ],
    ),
    (Permission, &[10016, 20009, 20010, 20048, 20069, 20074]),
    (InvalidParameter, &[10003, 20001, 20036, 20063, 20067, 20068, 20070, 20071]),
    (Unavailable, &[10101, 10500, 20050, 20072]),
];

/// Codes on the pages of video conferencing.
const CONFERENCING: &[(ErrorKind, &[i64])] = &[
    (Auth, &[121030, 121031]),
    (Permission, &[121005, 125002]),
    (NotFound, &[121004, 122002, 126002, 126009, 126010]),
    (
        InvalidParameter,
        &[
            121002, 121003, 121011, 121012, 121020, 121021, 122005, 122359, 122601, 122602, 122604, 123002, 123003,
            123004, 123006, 126001, 126003, 126004, 126005, 126006, 126007, 126008, 126011, 126012, 126013, 126014,
            126015, 126016,
        ],
    ),
    (QuotaExhausted, &[121022, 122006]),
    (Conflict, &[121006, 122001, 122003, 122004, 122007, 122008, 122009, 125001]),
    (Unavailable, &[121001, 121040, 121041, 122603, 124002]),
];

/// Codes on the pages of minutes.
const MINUTES: &[(ErrorKind, &[i64])] = &[
    (Auth, &[2094011, 2094012]),
    (Permission, &[2091005]),
    (NotFound, &[2091002, 2091004]),
    (InvalidParameter, &[2091001, 2094001, 2094002, 2094003, 2094004, 2094005, 2094006, 2094101, 2094102]),
    (QuotaExhausted, &[2094007]),
    (Unavailable, &[2091003, 2091006, 2095001, 2095002, 2095101]),
];

fn all() -> impl Iterator<Item = (i64, ErrorKind)> {
    let rows = [GENERAL, CONFERENCING, MINUTES].concat();
    rows.into_iter().flat_map(|(kind, codes)| codes.iter().map(move |code| (*code, kind)))
}

#[tokio::test]
async fn every_code_has_its_kind() {
    let server = server().await;
    let client = builder(&server).retry(RetryPolicy::off()).build().unwrap();
    let mut wrong = Vec::new();

    for (code, kind) in all() {
        refuse(&server, "get_meeting", 400, code);
        let error = client.get_meeting(MEETING).send().await.unwrap_err();
        if (error.code(), error.kind()) != (Some(code.to_string().as_str()), kind) {
            wrong.push(format!("{code}: {:?} instead of {kind:?}", error.kind()));
        }
    }

    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_code_of_the_document_is_left_out() {
    let document = document();
    let rows = document["x-error-codes"].as_array().unwrap();

    let documented: BTreeSet<i64> = rows.iter().map(|row| row["code"].as_i64().unwrap()).collect();
    let tested: BTreeSet<i64> = all().map(|(code, _)| code).collect();

    assert_eq!(documented, tested);
    assert_eq!(all().count(), tested.len());
}

#[test]
fn codes_of_the_login_stand_at_its_calls_only() {
    let login = |id: &str| id.starts_with("create_") && id.contains("token") || id == "get_user_info";
    for (kind, codes) in LOGIN {
        for code in *codes {
            let text = code.to_string();
            let has = |operation: &&&huiyi_feishu::Operation| operation.errors.iter().any(|row| row.code == text);
            let calls: Vec<_> = huiyi_feishu::Client::operations().iter().filter(has).collect();
            let here = calls.iter().filter(|operation| login(operation.id));
            let kinds = here.flat_map(|operation| operation.errors.iter().filter(|row| row.code == text));
            assert!(kinds.clone().count() > 0 && kinds.clone().all(|row| row.kind == *kind), "{code} {kind:?}");
        }
    }
}

#[test]
fn the_small_codes_of_bots_are_those_of_their_own_pages() {
    let bot = |id: &str| huiyi_feishu::Client::operations().iter().find(|operation| operation.id == id).unwrap().errors;
    for (id, code, kind) in [
        ("join_meeting_as_bot", "10012", Permission),
        ("list_bot_events", "20001", Conflict),
        ("list_bot_events", "20002", NotFound),
    ] {
        assert_eq!(bot(id).iter().find(|row| row.code == code).map(|row| row.kind), Some(kind), "{id} {code}");
    }
}

#[tokio::test]
async fn only_a_refused_token_is_replaced_and_only_once() {
    for (code, times) in [
        (99991663, 2),
        (99991664, 2),
        (99991665, 2),
        (99991668, 2),
        (99991671, 2),
        (99991677, 2),
        (99991661, 2),
        (99991672, 1),
    ] {
        let server = server().await;
        refuse(&server, "get_meeting", 400, code);

        client(&server).get_meeting(MEETING).send().await.unwrap_err();

        assert_eq!((server.token_requests(), server.calls("get_meeting").len()), (times, times), "{code}");
    }
}
