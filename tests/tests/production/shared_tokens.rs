//! Many processes, one app, one user: they share tokens, and nobody is logged out. Here a process is a client of its
//! own; the tests of `huiyi-redis` have real processes.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::join_all;
use huiyi_core::observe::{Attempt, Observer, StoreFailure};
use huiyi_core::secrecy::{ExposeSecret, SecretString};
use huiyi_core::user_token::{KeepTokens, UserTokens};
use huiyi_core::{BoxFuture, MemoryStore, QuotaPolicy, StoreError, StoredToken, TokenSource, TokenStore};
use huiyi_mock::{Loopback, Vendor, credentials};
use huiyi_tests::clock::TestClock;
use huiyi_tests::kept::Kept;
use huiyi_tests::logins;

/// A database of one refresh token, which answers after all other tasks have had a turn.
#[derive(Clone, Default)]
struct Database(Arc<Mutex<Option<SecretString>>>);

async fn others_turn() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

impl KeepTokens for Database {
    fn keep<'a>(&'a self, tokens: &'a UserTokens) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            others_turn().await;
            *self.0.lock().unwrap() = tokens.refresh.clone();
        })
    }

    fn load(&self) -> BoxFuture<'_, Result<Option<SecretString>, StoreError>> {
        Box::pin(async move {
            others_turn().await;
            Ok(self.0.lock().unwrap().clone())
        })
    }
}

/// A store without leases.
#[derive(Clone, Default)]
struct WithoutLeases(Arc<MemoryStore>);

impl TokenStore for WithoutLeases {
    fn load<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<StoredToken>, StoreError>> {
        self.0.load(key)
    }

    fn save<'a>(&'a self, key: &'a str, token: &'a StoredToken) -> BoxFuture<'a, Result<(), StoreError>> {
        self.0.save(key, token)
    }
}

/// Returns the refresh token of a user who has just logged in.
async fn login(server: &Loopback) -> SecretString {
    let tokens = match server.vendor() {
        Vendor::Feishu => logins::feishu(&server.base_url()).await,
        Vendor::DingTalk => logins::dingtalk(&server.base_url()).await,
        _ => logins::tencent(&server.base_url()).await,
    };
    server.forget();
    tokens.refresh.unwrap()
}

/// Returns the tokens of a user in one process.
fn process(
    server: &Loopback,
    refresh: &SecretString,
    keeper: Arc<dyn KeepTokens>,
    store: Option<Arc<dyn TokenStore>>,
) -> Arc<dyn TokenSource> {
    macro_rules! tokens {
        ($builder:expr, $user:expr) => {{
            let builder = $builder.base_url(server.base_url());
            let builder = match store {
                Some(store) => builder.token_store(store),
                None => builder,
            };
            builder.user_tokens($user, refresh.expose_secret(), keeper).unwrap()
        }};
    }
    match server.vendor() {
        Vendor::Feishu => {
            let app = credentials::FEISHU;
            tokens!(huiyi_feishu::Client::builder().app(app.app_id, app.app_secret), "ou_1")
        }
        Vendor::DingTalk => {
            let app = credentials::DINGTALK;
            tokens!(huiyi_dingtalk::Client::builder().app(app.app_key, app.secret), "u1")
        }
        _ => {
            let app = credentials::TENCENT;
            let builder = huiyi_tencent::Client::builder().oauth_app(app.sdk_id, app.oauth_secret);
            tokens!(builder.oauth_base_url(server.base_url()), app.open_id)
        }
    }
}

const USERS: [Vendor; 3] = [Vendor::Feishu, Vendor::DingTalk, Vendor::Tencent];

#[tokio::test]
async fn five_cold_processes_with_one_refresh_token_renew_it_once() {
    for vendor in USERS {
        let server = Loopback::start(vendor).await.unwrap();
        let refresh = login(&server).await;
        let store: Arc<dyn TokenStore> = Arc::new(MemoryStore::default());
        let processes: Vec<_> =
            (0..5).map(|_| process(&server, &refresh, Kept::default().keeper(), Some(Arc::clone(&store)))).collect();

        let tokens = join_all(processes.iter().map(|process| process.token())).await;

        let failed = tokens.iter().filter(|token| token.is_err()).count();
        println!("{vendor:?}: {failed} of 5 failed, {} renewals", server.token_requests());
        assert_eq!((failed, server.token_requests()), (0, 1), "{vendor:?}: {tokens:?}");
    }
}

#[tokio::test]
async fn lost_races_heal_without_leases() {
    for vendor in USERS {
        for (store, keeper) in [(true, false), (false, true), (true, true)] {
            let server = Loopback::start(vendor).await.unwrap();
            let refresh = login(&server).await;
            let (shared, database) = (WithoutLeases::default(), Database::default());
            let processes: Vec<_> = (0..5)
                .map(|_| {
                    let keeper: Arc<dyn KeepTokens> =
                        if keeper { Arc::new(database.clone()) } else { Kept::default().keeper() };
                    process(&server, &refresh, keeper, store.then(|| Arc::new(shared.clone()) as Arc<_>))
                })
                .collect();

            let tokens = join_all(processes.iter().map(|process| process.token())).await;

            let kinds: Vec<_> =
                tokens.iter().filter_map(|token| token.as_ref().err()).map(ToString::to_string).collect();
            println!(
                "{vendor:?} store {store} keeper {keeper}: {} failed, {} renewals",
                kinds.len(),
                server.token_requests()
            );
            assert!(kinds.is_empty(), "{vendor:?} {store} {keeper}: {kinds:#?}");
        }
    }
}

#[tokio::test]
async fn ten_cold_processes_ask_for_one_app_token() {
    for vendor in [Vendor::Feishu, Vendor::WeCom, Vendor::DingTalk] {
        let server = Loopback::start(vendor).await.unwrap();
        let store: Arc<dyn TokenStore> = Arc::new(MemoryStore::default());
        macro_rules! processes {
            ($builder:expr, $call:expr) => {{
                let builder = || $builder.base_url(server.base_url()).token_store(Arc::clone(&store));
                let clients: Vec<_> = (0..10).map(|_| builder().build().unwrap()).collect();
                let calls = join_all(clients.iter().map($call)).await;
                assert!(calls.iter().all(Result::is_ok), "{calls:?}");
            }};
        }
        match vendor {
            Vendor::Feishu => {
                let app = credentials::FEISHU;
                processes!(huiyi_feishu::Client::builder().app(app.app_id, app.app_secret), |client| {
                    client.get_meeting("1").send().map(|answer| answer.map(drop))
                });
            }
            Vendor::WeCom => {
                let app = credentials::WECOM;
                processes!(huiyi_wecom::Client::builder().corp(app.corpid, app.secret), |client| {
                    client.get_meeting_info().send().map(|answer| answer.map(drop))
                });
            }
            _ => {
                let app = credentials::DINGTALK;
                processes!(huiyi_dingtalk::Client::builder().app(app.app_key, app.secret), |client| {
                    client.get_video_conference("c").send().map(|answer| answer.map(drop))
                });
            }
        }
        println!("{vendor:?}: {} token requests of 10 cold processes", server.token_requests());
        assert_eq!(server.token_requests(), 1, "{vendor:?}");
    }
}

/// One app, one store, and a user of the same name in two tenants.
#[tokio::test]
async fn users_of_the_same_name_in_two_tenants_do_not_get_each_others_tokens() {
    let store: Arc<dyn TokenStore> = Arc::new(MemoryStore::default());

    let server = Loopback::start(Vendor::Feishu).await.unwrap();
    let app = credentials::FEISHU;
    let mut tokens = Vec::new();
    for tenant in ["tenant-a", "tenant-b"] {
        let refresh = login(&server).await;
        let builder = huiyi_feishu::Client::builder().app(app.app_id, app.app_secret).base_url(server.base_url());
        let builder = builder.store_app(huiyi_feishu::AppTicket::default(), tenant).token_store(Arc::clone(&store));
        let source = builder.user_tokens("zhang.san", refresh.expose_secret(), Kept::default().keeper()).unwrap();
        tokens.push(source.token().await.unwrap().expose().to_owned());
    }
    assert_ne!(tokens[0], tokens[1]);

    let server = Loopback::start(Vendor::DingTalk).await.unwrap();
    let app = credentials::DINGTALK;
    let mut tokens = Vec::new();
    for (corp, is_suite) in [("corp-a", false), ("corp-b", false), ("corp-c", true)] {
        let refresh = login(&server).await;
        let builder = huiyi_dingtalk::Client::builder().app(app.app_key, app.secret).base_url(server.base_url());
        let builder = match is_suite {
            false => builder.corp(corp),
            true => builder.suite(huiyi_dingtalk::SuiteTicket::default(), corp),
        };
        let builder = builder.token_store(Arc::clone(&store));
        let source = builder.user_tokens("zhang.san", refresh.expose_secret(), Kept::default().keeper()).unwrap();
        tokens.push(source.token().await.unwrap().expose().to_owned());
    }
    tokens.dedup();
    assert_eq!(tokens.len(), 3);
}

/// A store that never answers.
#[derive(Clone, Default)]
struct Hanging(Arc<Mutex<Vec<String>>>);

impl TokenStore for Hanging {
    fn load<'a>(&'a self, _key: &'a str) -> BoxFuture<'a, Result<Option<StoredToken>, StoreError>> {
        Box::pin(std::future::pending())
    }

    fn save<'a>(&'a self, _key: &'a str, _token: &'a StoredToken) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(std::future::pending())
    }
}

impl Observer for Hanging {
    fn attempt(&self, _attempt: &Attempt<'_>) {}

    fn store_failed(&self, failure: &StoreFailure<'_>) {
        self.0.lock().unwrap().push(format!("{}: {}", failure.step, failure.reason));
    }
}

#[tokio::test]
async fn a_store_that_never_answers_stops_no_call() {
    for vendor in USERS {
        let server = Loopback::start(vendor).await.unwrap();
        let refresh = login(&server).await;
        let hanging = Hanging::default();
        let source = {
            macro_rules! tokens {
                ($builder:expr, $user:expr) => {
                    $builder
                        .base_url(server.base_url())
                        .clock(Arc::new(TestClock::new()))
                        .observer(hanging.clone())
                        .token_store(Arc::new(hanging.clone()))
                        .user_tokens($user, refresh.expose_secret(), Kept::default().keeper())
                        .unwrap()
                };
            }
            match vendor {
                Vendor::Feishu => {
                    let app = credentials::FEISHU;
                    tokens!(huiyi_feishu::Client::builder().app(app.app_id, app.app_secret), "ou_1")
                }
                Vendor::DingTalk => {
                    let app = credentials::DINGTALK;
                    tokens!(huiyi_dingtalk::Client::builder().app(app.app_key, app.secret), "u1")
                }
                _ => {
                    let app = credentials::TENCENT;
                    let builder = huiyi_tencent::Client::builder().oauth_app(app.sdk_id, app.oauth_secret);
                    tokens!(builder.oauth_base_url(server.base_url()), app.open_id)
                }
            }
        };

        let tokens = join_all((0..5).map(|_| source.token())).await;

        assert!(tokens.iter().all(Result::is_ok), "{vendor:?}");
        assert_eq!(*hanging.0.lock().unwrap(), ["load: no answer within 3.0 s"], "{vendor:?}");
    }
}

/// The caller gives up while the vendor is answering, and the program ends.
#[test]
fn a_caller_that_gives_up_before_the_program_ends_loses_no_refresh_token() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let services = runtime();
    let server = services.block_on(Loopback::start(Vendor::Feishu)).unwrap();
    // The server keeps running after the program has ended.
    let stop = std::thread::scope(|scope| {
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let serving = scope.spawn(|| services.block_on(async { drop(stopped.await) }));
        let program = runtime();
        let app = credentials::FEISHU;
        let builder = || {
            let builder = huiyi_feishu::Client::builder().app(app.app_id, app.app_secret);
            builder.base_url(server.base_url()).quota(QuotaPolicy::off())
        };
        let (kept, database) = (Kept::default(), Database::default());
        program.block_on(async {
            let refresh = login(&server).await;
            let builder = builder();
            let client = builder.clone().build().unwrap();
            let keeper: Arc<dyn KeepTokens> = Arc::new(Both(kept.clone(), database.clone()));
            let user = client.as_user(builder.user_tokens("ou_1", refresh.expose_secret(), keeper).unwrap());

            assert!(user.end_meeting("1").send().now_or_never().is_none(), "the caller gives up");
            assert!(kept.pairs().is_empty());
            assert!(client.wait_for_tokens(Duration::from_secs(10)).await);
        });
        drop(program);
        assert_eq!((kept.pairs().len(), server.token_requests()), (1, 1));
        runtime().block_on(async {
            let refresh = kept.pairs()[0].1.clone();
            let next = builder().user_refresh_token("ou_1", refresh, Kept::default().keeper()).build().unwrap();
            let error = next.end_meeting("1").send().await.err();
            assert!(error.is_none_or(|error| !error.is_token_refusal()), "what was kept is valid");
        });
        assert_eq!(server.token_requests(), 2);
        let _ = stop.send(());
        serving.join().is_ok()
    });
    assert!(stop);
}

/// Keeps a pair with a delay.
struct Both(Kept, Database);

impl KeepTokens for Both {
    fn keep<'a>(&'a self, tokens: &'a UserTokens) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            self.1.keep(tokens).await;
            self.0.keep(tokens).await;
        })
    }
}
