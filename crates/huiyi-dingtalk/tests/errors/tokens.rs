//! Tokens that are refused, and what the token calls say.

use super::*;

#[tokio::test]
async fn an_invalid_token_under_400_is_replaced_once_and_the_call_sent_again() {
    let (server, client) = pair().await;
    create(&client).await.unwrap();

    server.revoke_tokens();
    create(&client).await.unwrap();

    let statuses: Vec<Option<u16>> = server.calls(CREATE).iter().map(|call| call.status).collect();
    assert_eq!(statuses, [Some(200), Some(400), Some(200)]);
    assert_eq!(server.token_requests(), 2);
}

#[tokio::test]
async fn a_second_token_that_is_invalid_too_is_an_error() {
    let (server, client) = pair().await;
    for _ in 0..3 {
        server.fault(Target::Operation(READ.to_owned()), Fault::TokenRejected);
    }

    let error = read(&client).await.unwrap_err();

    assert_eq!((error.kind(), error.code()), (Auth, Some("InvalidAuthentication")));
    assert_eq!((server.calls(READ).len(), server.token_requests(), server.pending_faults()), (2, 2, 1));
}

#[tokio::test]
async fn a_plain_401_replaces_the_token_too() {
    let (server, client) = pair().await;

    refuse_once(&server, READ, 401, &refusal("Unauthorized"));
    read(&client).await.unwrap();

    assert_eq!((server.calls(READ).len(), server.token_requests()), (2, 2));
}

#[tokio::test]
async fn a_wrong_secret_is_told_and_not_tried_again_by_the_next_call() {
    let (server, _) = pair().await;
    let client = builder(&server).app("dingloopback", "wrong").build().unwrap();

    let first = read(&client).await.unwrap_err();
    let second = read(&client).await.unwrap_err();

    assert_eq!((first.kind(), first.code()), (Auth, Some("invalidClientIdOrSecret")));
    assert!(first.is_token_refusal() && second.is_token_refusal());
    assert_eq!((server.token_requests(), server.calls(READ).len()), (1, 0));
}

#[tokio::test]
async fn the_life_of_a_token_is_read_in_any_spelling() {
    for life in [r#","expireIn":"7200""#, r#","expireIn":7200.0"#, r#","expires_in":null"#, r#","expireIn":-1"#, ""] {
        let (server, client) = pair().await;
        read(&client).await.unwrap();
        let token = server.calls(READ).pop().unwrap().header("x-acs-dingtalk-access-token").unwrap().to_owned();
        server.answer("create_access_token", 200, format!(r#"{{"accessToken":"{token}"{life}}}"#));

        read(&builder(&server).build().unwrap()).await.unwrap();

        assert_eq!(server.token_requests(), 2, "{life}");
    }
}

#[tokio::test]
async fn a_fresh_ticket_ends_the_wait_after_a_refused_one() {
    let (server, _) = pair().await;
    let (app, ticket) = (credentials::DINGTALK, SuiteTicket::default());
    let client = builder(&server).suite(ticket.clone(), app.corp_id).build().unwrap();
    ticket.set("of-yesterday");

    for _ in 0..2 {
        assert_eq!(read(&client).await.unwrap_err().code(), Some("invalidSuiteTicket"));
    }
    assert_eq!(server.token_requests(), 1, "a refused ticket is not tried again");

    ticket.set(app.suite_ticket);
    read(&client).await.unwrap();
    assert_eq!(server.token_requests(), 2);
}

#[tokio::test]
async fn a_corporation_is_one_segment_of_the_path_of_its_token_request() {
    let (server, _) = pair().await;
    for corporation in ["a/b", r"..\users", "a?b#c"] {
        server.forget();
        let client = builder(&server).corp(corporation).build().unwrap();

        read(&client).await.unwrap_err();

        let path = server.requests().pop().unwrap().path;
        assert_eq!(path.split('/').count(), 5, "{path}");
    }
    for corporation in ["", ".", ".."] {
        for builder in [builder(&server).corp(corporation), builder(&server).suite(SuiteTicket::default(), corporation)]
        {
            let error = builder.build().err();

            assert!(matches!(error, Some(BuildError::Credential { name: "corp id", .. })), "{error:?}");
        }
    }
}
