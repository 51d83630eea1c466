//! Rejected tickets, and token responses that differ from the pages.

use std::time::Duration;

use crate::support::{builder, server};
use huiyi_feishu::{AppTicket, Client, Error, ErrorKind, Verifier};
use huiyi_mock::credentials;

async fn call(client: &Client) -> Result<(), Error> {
    client.get_meeting("6911188411932033028").send().await.map(drop)
}

#[tokio::test]
async fn a_fresh_ticket_ends_the_wait_after_a_refused_one() {
    let server = server().await;
    let (app, ticket) = (credentials::FEISHU, AppTicket::default());
    let client = builder(&server).store_app(ticket.clone(), app.tenant_key).build().unwrap();
    ticket.set("of-yesterday");

    for _ in 0..2 {
        let error = call(&client).await.unwrap_err();
        assert_eq!((error.code(), error.kind()), (Some("10012"), ErrorKind::Auth));
    }
    assert_eq!(server.token_requests(), 1, "a refused ticket is not tried again");

    ticket.set(app.app_ticket);
    call(&client).await.unwrap();
    assert_eq!(server.calls("create_app_access_token").len(), 2);
}

#[tokio::test]
async fn the_life_of_a_token_is_read_in_any_spelling() {
    for life in [r#","expire":"7200""#, r#","expire":7200.0"#, r#","expire":null"#, r#","expire":-1"#, ""] {
        let server = server().await;
        call(&builder(&server).build().unwrap()).await.unwrap();
        let header = server.calls("get_meeting").pop().unwrap().header("authorization").unwrap().to_owned();
        let token = header.strip_prefix("Bearer ").unwrap();
        let answer = format!(r#"{{"code":0,"msg":"ok","tenant_access_token":"{token}"{life}}}"#);
        server.answer("create_tenant_access_token_internal", 200, answer);

        call(&builder(&server).build().unwrap()).await.unwrap();

        assert_eq!(server.token_requests(), 2, "{life}");
    }
}

#[tokio::test]
async fn the_lives_of_a_users_tokens_are_read_in_any_spelling() {
    for (expires_in, expected) in [
        (r#","expires_in":"60","refresh_token_expires_in":"70""#, (60, Some(70))),
        (r#","expires_in":60.0,"refresh_token_expires_in":70.0"#, (60, Some(70))),
        (r#","expires_in":-1,"refresh_token_expires_in":-1"#, (0, Some(0))),
        ("", (7200, None)),
    ] {
        let server = server().await;
        let answer = format!(r#"{{"code":0,"access_token":"u-1","refresh_token":"r-1"{expires_in}}}"#);
        server.answer("create_user_token", 200, answer);
        let (login, verifier) = (builder(&server).login().unwrap(), Verifier::random().unwrap());

        let code = credentials::FEISHU.code;
        let tokens = login.exchange(code, "https://example.com/callback", &verifier).await.unwrap();

        let expected = (Duration::from_secs(expected.0), expected.1.map(Duration::from_secs));
        assert_eq!((tokens.expires_in, tokens.refresh_expires_in), expected, "{expires_in}");
    }
}
