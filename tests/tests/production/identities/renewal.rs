//! Renewed tokens are kept before they are used.

use huiyi_core::secrecy::ExposeSecret;
use huiyi_core::user_token::KeepTokens;
use huiyi_core::{ErrorKind, TokenSource};
use huiyi_mock::{Fault, Loopback, Target, Vendor, credentials};
use huiyi_tests::by_name::ByName;
use huiyi_tests::fault_matrix::calls;
use huiyi_tests::kept::Kept;
use huiyi_tests::logins;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::support::{examples, presented};
use super::witness::{Witness, spent, user};

/// Refresh tokens work once: each new pair replaces the old one, and is kept before it is used.
#[tokio::test]
async fn renewed_tokens_are_kept_before_they_are_used_and_each_refresh_token_is_used_once() {
    for (vendor, operation, refresh) in [
        (Vendor::Feishu, "subscribe_meeting_events", "create_user_token"),
        (Vendor::Tencent, "get_meeting", "refresh_oauth_token"),
    ] {
        let server = Loopback::start(vendor).await.unwrap();
        let first = match vendor {
            Vendor::Feishu => logins::feishu(&server.base_url()).await,
            _ => logins::tencent(&server.base_url()).await,
        };
        server.forget();
        let first = first.refresh.unwrap();
        let witness = Witness::new(&server, operation);
        let example = examples(vendor).into_iter().find(|example| example.operation == operation).unwrap();
        let mut client = user(&server, first.expose_secret(), &witness);

        for round in 0..4 {
            if round == 2 {
                // The process starts again with what was kept.
                client = user(&server, &witness.kept().last().unwrap().1, &witness);
            }
            client.call(operation, &example.arguments).await.unwrap();
            client.call(operation, &example.arguments).await.unwrap();
            match round {
                0 => server.expire_tokens(),
                _ => server.revoke_tokens(),
            }
        }

        let kept = witness.kept();
        assert_eq!(kept.len(), 4, "{vendor:?}");
        let mut given = vec![first.expose_secret().to_owned()];
        given.extend(kept.iter().map(|(_, refresh, _)| refresh.clone()));
        given.pop();
        assert_eq!(spent(&server, refresh), given, "{vendor:?}");
        let accepted = server.calls(operation).into_iter().filter(|request| request.status == Some(200));
        let used: Vec<String> = accepted.map(|request| presented(vendor, &request).unwrap().1).collect();
        let expected: Vec<String> = kept.iter().flat_map(|(access, _, _)| [access.clone(), access.clone()]).collect();
        assert_eq!(used, expected, "{vendor:?}");
        for (access, _, seen) in &kept {
            let before = &server.calls(operation)[..*seen];
            assert!(before.iter().all(|request| presented(vendor, request).unwrap().1 != *access), "{vendor:?}");
        }
    }
}

/// A builder's `user_tokens`.
type UserTokensOf = dyn Fn(&str, &str, Arc<dyn KeepTokens>) -> Arc<dyn TokenSource>;
/// A client's `as_user` or `with_token`.
type ActingAs = dyn Fn(Arc<dyn TokenSource>) -> Box<dyn ByName>;

/// One client for many users.
struct Service {
    /// Makes a user's tokens from their name or open id, and the refresh token.
    tokens: Box<UserTokensOf>,
    /// The client acting for a user.
    acting: Box<ActingAs>,
}

fn service(server: &Loopback) -> Service {
    macro_rules! service {
        ($builder:expr, $act:ident) => {{
            let builder = $builder.base_url(server.base_url());
            let client = builder.clone().build().unwrap();
            Service {
                tokens: Box::new(move |user, token, keeper| builder.user_tokens(user, token, keeper).unwrap()),
                acting: Box::new(move |source| Box::new(client.$act(source))),
            }
        }};
    }
    let (feishu, dingtalk, tencent) = (credentials::FEISHU, credentials::DINGTALK, credentials::TENCENT);
    let url = server.base_url();
    match server.vendor() {
        Vendor::Feishu => service!(huiyi_feishu::Client::builder().app(feishu.app_id, feishu.app_secret), as_user),
        Vendor::DingTalk => {
            service!(huiyi_dingtalk::Client::builder().app(dingtalk.app_key, dingtalk.secret), with_token)
        }
        _ => {
            let builder = huiyi_tencent::Client::builder().oauth_app(tencent.sdk_id, tencent.oauth_secret);
            service!(builder.oauth_base_url(url), as_user)
        }
    }
}

/// Logs a user in. Returns the client's name of the user, and the refresh token.
async fn login(server: &Loopback, name: &str) -> (String, String) {
    let url = server.base_url();
    let (user, tokens) = match server.vendor() {
        Vendor::Feishu => (name.to_owned(), logins::feishu(&url).await),
        Vendor::DingTalk => (name.to_owned(), logins::dingtalk(&url).await),
        _ => (format!("{}@{name}", credentials::TENCENT.open_id), logins::tencent_as(name, &url).await),
    };
    (user, tokens.refresh.unwrap().expose_secret().to_owned())
}

#[tokio::test]
async fn users_of_one_client_renew_their_own_tokens_and_nobody_elses() {
    for (vendor, operation, refresh) in [
        (Vendor::Feishu, "subscribe_meeting_events", "create_user_token"),
        (Vendor::DingTalk, calls(Vendor::DingTalk)[0].operation, "create_user_access_token"),
        (Vendor::Tencent, "get_meeting", "refresh_oauth_token"),
    ] {
        let server = Loopback::start(vendor).await.unwrap();
        let [(zhang, zhangs_first), (li, lis_first)] = [login(&server, "zhang").await, login(&server, "li").await];
        server.forget();
        let [zhangs, lis] = [Witness::new(&server, operation), Witness::new(&server, operation)];
        let service = service(&server);
        let zhang = (service.acting)((service.tokens)(&zhang, &zhangs_first, Arc::new(zhangs.clone())));
        let li = (service.acting)((service.tokens)(&li, &lis_first, Arc::new(lis.clone())));
        let example = examples(vendor).into_iter().find(|example| example.operation == operation).unwrap();
        let target = || Target::Operation(operation.to_owned());
        let call = async |client: &dyn ByName| {
            if vendor == Vendor::DingTalk {
                // No operation here takes a user's token, so the server gets a prepared answer.
                let (headers, body) = (Vec::new(), "{}".to_owned());
                server.fault(target(), Fault::Status { status: 200, headers, body });
            }
            client.call(operation, &example.arguments).await.unwrap();
        };

        for _ in 0..2 {
            call(&*zhang).await;
            call(&*li).await;
        }
        assert_eq!((zhangs.kept().len(), lis.kept().len()), (1, 1), "{vendor:?}");
        server.fault(target(), Fault::TokenRejected);
        call(&*zhang).await;
        call(&*li).await;

        let (zhangs, lis) = (zhangs.kept(), lis.kept());
        assert_eq!((zhangs.len(), lis.len()), (2, 1), "{vendor:?}: only one user's token was rejected");
        assert_eq!(spent(&server, refresh), [&zhangs_first, &lis_first, &zhangs[0].1].map(String::clone), "{vendor:?}");
        let accepted = server.calls(operation).into_iter().filter(|request| request.status == Some(200));
        let used: Vec<String> = accepted.map(|request| presented(vendor, &request).unwrap().1).collect();
        let [one, other, renewed] = [&zhangs[0].0, &lis[0].0, &zhangs[1].0];
        assert_eq!(used, [one, other, one, other, renewed, other].map(String::clone), "{vendor:?}");
    }
}

#[tokio::test]
async fn tokens_of_many_users_are_renewed_over_the_same_connections() {
    for vendor in [Vendor::Feishu, Vendor::DingTalk, Vendor::Tencent] {
        let server = Loopback::start(vendor).await.unwrap();
        let service = service(&server);
        let mut sources = Vec::new();
        for number in 0..20 {
            let (user, refresh_token) = login(&server, &number.to_string()).await;
            sources.push((service.tokens)(&user, &refresh_token, Kept::default().keeper()));
        }
        server.forget();

        for source in &sources {
            source.token().await.unwrap();
        }

        let connections: BTreeSet<u64> = server.requests().iter().map(|request| request.connection).collect();
        assert_eq!(server.token_requests(), 20);
        assert!(connections.len() < 20, "{vendor:?}: {} connections", connections.len());
    }
}

/// No operation of DingTalk here takes a user's token, so the test sees the rotation in the refusals.
#[tokio::test]
async fn dingtalks_refresh_tokens_rotate_as_well() {
    let server = Loopback::start(Vendor::DingTalk).await.unwrap();
    let first = logins::dingtalk(&server.base_url()).await.refresh.unwrap();
    server.forget();
    let [call, _] = calls(Vendor::DingTalk);
    let witness = Witness::new(&server, call.operation);
    let client = user(&server, first.expose_secret(), &witness);

    let failure = client.call(call.operation, &call.arguments).await.unwrap_err();

    assert_eq!(failure.kind(), Some(ErrorKind::Auth));
    let kept = witness.kept();
    assert_eq!(kept.len(), 2, "the rejected token is replaced once");
    let refresh_tokens = spent(&server, "create_user_access_token");
    assert_eq!(refresh_tokens, [first.expose_secret(), &kept[0].1]);
    assert_eq!((kept[0].2, kept[1].2), (0, 1));
}

/// A user who must log in again gets one clear error, and the refresh token is not tried over and over.
#[tokio::test]
async fn a_refused_refresh_ends_in_one_clear_error() {
    for vendor in [Vendor::Feishu, Vendor::DingTalk, Vendor::Tencent] {
        let server = Loopback::start(vendor).await.unwrap();
        let operation = if vendor == Vendor::Feishu { "end_meeting" } else { calls(vendor)[0].operation };
        let witness = Witness::new(&server, operation);
        let example = examples(vendor).into_iter().find(|example| example.operation == operation).unwrap();
        let client = user(&server, "r-unknown", &witness);

        for _ in 0..3 {
            let failure = client.call(operation, &example.arguments).await.unwrap_err();
            let api = failure.api().unwrap();
            assert!(api.is_token_refusal() && failure.to_string().contains("token request refused"), "{failure}");
        }

        assert!(witness.kept().is_empty());
        assert!(server.calls(operation).is_empty());
        assert_eq!(server.token_requests(), 1, "{vendor:?}");
    }
}
