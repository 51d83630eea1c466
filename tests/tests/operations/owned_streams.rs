//! Streams own what they need: they can be returned from functions, spawned, and made bodies of HTTP answers.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use axum::body::{Body, to_bytes};
use axum::response::Response;
use futures_util::StreamExt as _;
use huiyi_core::QuotaPolicy;
use huiyi_core::paging::{Items, Pages};
use huiyi_feishu::types::{ListRoomsResponse, Room};
use huiyi_feishu::{Client, Error};
use huiyi_mock::{Loopback, Vendor};
use huiyi_tests::subject::Subject;

/// Drops the client at its end; the stream goes on.
fn rooms(client: Client) -> Items<Room> {
    client.list_rooms().page_size(10).stream()
}

fn pages(client: Client) -> Pages<ListRoomsResponse> {
    client.list_rooms().pages()
}

fn answer(client: Client) -> Response {
    let lines = rooms(client).map(|room| Ok::<_, Error>(format!("{}\n", room?.name.unwrap_or_default())));
    Response::new(Body::from_stream(lines))
}

async fn server() -> (Loopback, Client) {
    let server = Loopback::start(Vendor::Feishu).await.unwrap();
    let builder = Subject::new(Vendor::Feishu, server.base_url()).feishu().base_url(server.base_url());
    let client = builder.quota(QuotaPolicy::off()).build().unwrap();
    (server, client)
}

#[tokio::test]
async fn a_stream_becomes_the_body_of_an_answer() {
    let (server, client) = server().await;
    server.answer("list_rooms", 200, r#"{"code":0,"data":{"rooms":[{"name":"A"},{"name":"B"}],"has_more":false}}"#);

    let body = to_bytes(answer(client.clone()).into_body(), 1 << 20).await.unwrap();

    assert_eq!(&body[..], b"A\nB\n");
    let task = tokio::spawn(async move { pages(client).count().await });
    assert_eq!(task.await.unwrap(), 1);
}

#[tokio::test]
async fn a_download_becomes_the_body_of_an_answer() {
    let (server, client) = server().await;
    server.answer_with("download_export", &[("Content-Type", "application/octet-stream")], 200, b"PK\x03".to_vec());

    let download = client.download_export("token").send().await.unwrap().into_inner();
    let body = to_bytes(Response::new(Body::from_stream(download)).into_body(), 1 << 20).await.unwrap();

    assert_eq!(&body[..], b"PK\x03");
}

#[tokio::test]
async fn a_page_has_its_value_and_what_was_received() {
    let (server, client) = server().await;
    server.answer("list_rooms", 200, r#"{"code":0,"data":{"rooms":[{"name":"A"}],"has_more":false,"colour":"red"}}"#);

    let page = client.list_rooms().pages().next().await.unwrap().unwrap();

    assert_eq!(page.answer.rooms.len(), 1);
    assert!(page.received.raw_json::<serde_json::Value>().unwrap()["data"]["colour"] == "red");
}
