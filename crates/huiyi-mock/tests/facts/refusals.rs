//! Requests that no vendor understands.

use huiyi_mock::{Loopback, Vendor};
use tokio::io::AsyncWriteExt as _;

use crate::client::{Session, Wire};

#[tokio::test]
async fn unknown_paths_are_refused_in_each_vendors_words() {
    let mut refusals = Vec::new();
    for vendor in Vendor::ALL {
        let session = Session::start(vendor).await;
        let answer = session.send("GET", "/v1/no/such/path", b"").await.unwrap();
        refusals.push((answer.status, answer.json()));
        assert_eq!(session.server.requests()[0].operation, None);
    }

    let (feishu, wecom) = (&refusals[0], &refusals[1]);
    assert_eq!((feishu.0, feishu.1["code"].as_i64()), (404, Some(99991201)));
    assert_eq!((wecom.0, wecom.1["errcode"].as_i64()), (404, Some(40058)));
    let (dingtalk, tencent) = (&refusals[2], &refusals[3]);
    assert_eq!((dingtalk.0, dingtalk.1["code"].as_str()), (404, Some("InvalidAction.NotFound")));
    let code = tencent.1["error_info"]["error_code"].as_i64();
    assert_eq!((tencent.0, code), (400, Some(200_004)));
}

#[tokio::test]
async fn the_method_counts() {
    let session = Session::start(Vendor::Feishu).await;

    let answer = session.send("DELETE", "/open-apis/vc/v1/meetings/1", b"").await.unwrap();

    assert_eq!(answer.status, 404);
}

#[tokio::test]
async fn bytes_that_are_no_http_are_a_400_and_the_server_goes_on() {
    let server = Loopback::start(Vendor::Feishu).await.unwrap();
    for bytes in [
        &b"\x16\x03\x01 hello\r\n\r\n"[..],
        b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 99999999999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
    ] {
        let mut wire = Wire::open(&server).await;
        wire.stream.write_all(bytes).await.unwrap();
        let answer = wire.receive().await.unwrap();
        assert_eq!((answer.status, answer.header("connection")), (400, Some("close")));
    }
    assert_eq!(server.requests().len(), 0);
    crate::feishu::tenant_token(&server).await;
}

#[tokio::test]
async fn odd_requests_do_not_end_the_server() {
    for vendor in Vendor::ALL {
        let session = Session::start(vendor).await;
        for target in ["*", "/", "//", "/?", "/%", "/%ff%zz?%=%&=&&", "/v1/meetings/%00?x"] {
            for body in [&b""[..], b"\xff", b"[[[", b"{\"a\":1e999}", b"null"] {
                let mut wire = Wire::open(&session.server).await;
                wire.send("POST", target, &[("authorization", "Bearer \u{e4}\u{f6}")], body).await.unwrap();
                assert!(wire.receive().await.unwrap().status >= 400);
            }
        }
    }
}
