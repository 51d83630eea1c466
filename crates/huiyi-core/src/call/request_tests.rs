#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use http::header::CONTENT_TYPE;

use super::*;
use crate::Settings;
use crate::error::ErrorKind;
use crate::identity::Identity;
use crate::vendor::Vendor;

const fn operation(method: &'static str, path: &'static str, host: Option<&'static str>) -> Operation {
    Operation { id: "get_room", method, path, host, idempotent: true, ..Operation::NONE }
}

static ROOMS: Operation = operation("GET", "/v1/rooms", None);
static ROOM: Operation = operation("GET", "/v1/rooms/{room_id}", None);
static PHOTO: Operation = operation("PUT", "/v1/{kind}/{room_id}/photo", None);
static ELSEWHERE: Operation = operation("GET", "/v1/rooms", Some("https://other.example"));

static VENDOR: Vendor = Vendor { name: "vendor", custom: &ROOMS, default_url: "http://host", ..Vendor::NONE };

fn session(base_url: &str) -> Session {
    let mut settings = Settings::default();
    settings.set_base_url(base_url.to_owned());
    settings.session(settings.transport(&VENDOR, "0").unwrap(), Identity::none())
}

fn request(operation: &'static Operation) -> Request {
    Request::new(&session("http://host/base"), operation)
}

fn url(request: Request) -> String {
    request.url().unwrap().to_string()
}

fn refusal(request: Request) -> String {
    let error = request.call(false).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Misuse);
    error.to_string()
}

#[test]
fn arguments_take_the_places_in_the_path_in_their_order() {
    assert_eq!(url(request(&ROOMS)), "http://host/base/v1/rooms");
    assert_eq!(url(request(&ROOM).path("room_id", "a/b")), "http://host/base/v1/rooms/a%2Fb");
    let both = request(&PHOTO).path("kind", "a/b").path("room_id", &2);
    assert_eq!(url(both), "http://host/base/v1/a%2Fb/2/photo");
}

#[test]
fn query_parameters_follow_in_the_order_of_the_calls_and_the_value_set_last_counts() {
    let request =
        request(&ROOMS).query("name", "x").query_list("levels", ["b", "a"]).query("page", &7).query("name", "会议 室&");

    assert_eq!(request.number("page"), Some(7));
    assert_eq!(url(request), "http://host/base/v1/rooms?name=%E4%BC%9A%E8%AE%AE+%E5%AE%A4%26&levels=b&levels=a&page=7");
}

#[test]
fn an_operation_with_a_host_of_its_own_goes_there_unless_the_caller_chose_one() {
    assert_eq!(url(Request::new(&session("http://host"), &ELSEWHERE)), "https://other.example/v1/rooms");
    assert_eq!(url(Request::new(&session("http://mine"), &ELSEWHERE)), "http://mine/v1/rooms");
}

#[test]
fn the_first_argument_that_cannot_be_sent_is_the_error_and_names_the_operation() {
    let empty = request(&ROOM).path("room_id", "").header("x-trace", "a\nb");
    assert_eq!(refusal(empty), "vendor get_room: not sent: the path argument `room_id` is empty");
    for dots in [".", ".."] {
        let error = refusal(request(&ROOM).path("room_id", dots));
        assert!(error.contains("`room_id` is `.") && error.contains("another endpoint"), "{error}");
    }
    let unset = refusal(request(&ROOMS).default_query("operator_id"));
    assert!(unset.contains("`operator_id` is not set, neither on the call nor on the client"), "{unset}");
}

#[test]
fn a_header_that_cannot_be_sent_is_an_error_that_does_not_show_it() {
    let error = refusal(request(&ROOMS).header("x-trace", "s3cr3t\n"));
    assert!(error.contains("x-trace") && !error.contains("s3cr3t"), "{error}");
    assert_eq!(request(&ROOMS).header("X-Trace", &7).headers.get("x-trace").unwrap(), "7");
}

#[test]
fn what_is_said_once_on_the_client_is_sent_unless_the_call_says_otherwise() {
    let session = session("http://host").with_default("operator_id", "tester1");
    let sent = |request: Request| url(request.default_query("operator_id"));

    assert_eq!(sent(Request::new(&session, &ROOMS)), "http://host/v1/rooms?operator_id=tester1");
    assert_eq!(sent(Request::new(&session, &ROOMS).query("operator_id", "x")), "http://host/v1/rooms?operator_id=x");
    assert_eq!(Request::new(&session, &ROOMS).default_of::<String>("operator_id").unwrap(), "tester1");
}

#[test]
fn a_body_says_what_it_is() {
    let form = serde_json::json!({"name": "会议 室", "size": 7});
    for (request, kind, expected) in [
        (request(&PHOTO).json("a"), "application/json", "\"a\""),
        (request(&PHOTO).form(&form), "application/x-www-form-urlencoded", "name=%E4%BC%9A%E8%AE%AE+%E5%AE%A4&size=7"),
        (request(&PHOTO).bytes("abc"), "application/octet-stream", "abc"),
    ] {
        assert_eq!(request.headers.get(CONTENT_TYPE).unwrap(), kind);
        let Content::Bytes(body) = request.content else { panic!("{kind}") };
        assert_eq!(body, expected.as_bytes());
    }
}
