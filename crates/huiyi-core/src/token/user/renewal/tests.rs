#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};

use super::RefreshGrant;
use crate::clock::{BoxFuture, SystemClock, SystemEntropy};
use crate::error::{Error, ErrorKind};
use crate::token::cache::TokenCache;
use crate::token::user::{KeepTokens, Refresh, UserTokens};
use crate::token::{Grant, StoreError, Token, TokenContext, TokenSource};

/// Accepts each refresh token once: `R0`, `R1`, ..
#[derive(Clone, Default)]
struct Vendor(Arc<Mutex<u32>>);

impl Refresh for Vendor {
    fn key(&self) -> String {
        "test:user".to_owned()
    }

    fn refresh<'a>(&'a self, refresh_token: &'a str) -> BoxFuture<'a, Result<UserTokens, Error>> {
        let mut number = self.0.lock().unwrap();
        let result = if refresh_token == format!("R{number}") {
            *number += 1;
            let refresh = Some(SecretString::from(format!("R{number}")));
            let access = Token::new(format!("A{number}"));
            Ok(UserTokens { access, expires_in: Duration::from_secs(7200), refresh, refresh_expires_in: None })
        } else {
            let mut error = Error::new("test", "refresh", ErrorKind::Auth, "used up");
            error.parts_mut().code = Some("20064".to_owned());
            Err(error)
        };
        Box::pin(std::future::ready(result))
    }
}

fn context() -> TokenContext {
    TokenContext::new(Arc::new(SystemClock::default()), Arc::new(SystemEntropy), Duration::from_secs(60))
}

/// A database that can be read, or only written.
#[derive(Clone, Default)]
struct Database {
    kept: Arc<Mutex<Option<SecretString>>>,
    is_read: bool,
    /// The answers to the first loads, as if they had happened earlier.
    earlier: Arc<Mutex<Vec<&'static str>>>,
}

impl KeepTokens for Database {
    fn keep<'a>(&'a self, tokens: &'a UserTokens) -> BoxFuture<'a, ()> {
        *self.kept.lock().unwrap() = tokens.refresh.clone();
        Box::pin(std::future::ready(()))
    }

    fn load(&self) -> BoxFuture<'_, Result<Option<SecretString>, StoreError>> {
        let earlier = self.earlier.lock().unwrap().pop().map(SecretString::from);
        let kept = earlier.or_else(|| self.kept.lock().unwrap().clone().filter(|_| self.is_read));
        Box::pin(std::future::ready(Ok(kept)))
    }
}

async fn renewals(is_read: bool) -> Vec<Result<String, ErrorKind>> {
    let (vendor, database) = (Vendor::default(), Database { is_read, ..Database::default() });
    let process = || {
        RefreshGrant::new(
            vendor.clone(),
            SecretString::from("R0"),
            Some(Arc::new(database.clone()) as Arc<_>),
            context(),
        )
    };
    let (one, other) = (process(), process());
    let mut tokens = Vec::new();
    for process in [&one, &other, &other, &one] {
        let issued = process.issue().await;
        tokens.push(issued.map(|issued| issued.token.expose().to_owned()).map_err(|error| error.kind()));
    }
    assert_eq!(database.kept.lock().unwrap().as_ref().unwrap().expose_secret().chars().next(), Some('R'));
    tokens
}

#[tokio::test]
async fn processes_that_read_what_was_kept_take_turns() {
    assert_eq!(renewals(true).await, ["A1", "A2", "A3", "A4"].map(|token| Ok(token.to_owned())));
}

#[tokio::test]
async fn a_renewal_that_another_process_has_overtaken_goes_on_from_what_that_one_kept() {
    let (vendor, database) = (Vendor::default(), Database { is_read: true, ..Database::default() });
    let process = || {
        let keeper: Arc<dyn KeepTokens> = Arc::new(database.clone());
        RefreshGrant::new(vendor.clone(), SecretString::from("R0"), Some(keeper), context())
    };
    process().issue().await.unwrap();
    database.earlier.lock().unwrap().push("R0");

    assert_eq!(process().issue().await.unwrap().token.expose(), "A2");
}

#[tokio::test]
async fn what_a_client_was_built_with_is_used_if_what_was_kept_is_refused() {
    let (vendor, database) = (Vendor::default(), Database { is_read: true, ..Database::default() });
    *database.kept.lock().unwrap() = Some(SecretString::from("of an older login"));
    let process = RefreshGrant::new(vendor, SecretString::from("R0"), Some(Arc::new(database)), context());

    assert_eq!(process.issue().await.unwrap().token.expose(), "A1");
}

#[tokio::test]
async fn without_reading_it_only_one_process_can_renew() {
    let auth = Err(ErrorKind::Auth);
    assert_eq!(renewals(false).await, [Ok("A1".to_owned()), auth.clone(), auth, Ok("A2".to_owned())]);
}

/// A vendor that refuses all refresh tokens after another process has renewed.
struct Overtaken(Arc<Mutex<Option<SecretString>>>, Mutex<u32>);

impl Refresh for Overtaken {
    fn key(&self) -> String {
        "test:user".to_owned()
    }

    fn refresh<'a>(&'a self, _refresh_token: &'a str) -> BoxFuture<'a, Result<UserTokens, Error>> {
        let mut number = self.1.lock().unwrap();
        *number += 1;
        *self.0.lock().unwrap() = Some(SecretString::from(format!("of another process {number}")));
        let mut error = Error::new("test", "refresh", ErrorKind::Auth, "used up");
        error.parts_mut().code = Some("20064".to_owned());
        Box::pin(std::future::ready(Err(error)))
    }
}

#[tokio::test]
async fn a_renewal_that_others_overtake_again_and_again_is_no_revocation() {
    let database = Database { is_read: true, ..Database::default() };
    let vendor = Overtaken(Arc::clone(&database.kept), Mutex::default());
    let process = RefreshGrant::new(vendor, SecretString::from("R0"), Some(Arc::new(database)), context());

    let error = process.issue().await.unwrap_err();

    assert_eq!((error.kind(), error.code()), (ErrorKind::Overtaken, Some("20064")));
    assert!(error.is_transient());
}

#[tokio::test(start_paused = true)]
async fn what_another_process_has_kept_ends_the_wait_after_a_revoked_refresh_token() {
    let (vendor, database) = (Vendor::default(), Database { is_read: true, ..Database::default() });
    let keeper: Arc<dyn KeepTokens> = Arc::new(database.clone());
    let grant = RefreshGrant::new(vendor.clone(), SecretString::from("of yesterday"), Some(keeper), context());
    let cache = TokenCache::new(grant, context());
    assert_eq!(cache.token().await.unwrap_err().kind(), ErrorKind::Auth);
    assert_eq!(cache.token().await.unwrap_err().kind(), ErrorKind::Auth);

    *database.kept.lock().unwrap() = Some(SecretString::from("R0"));

    assert_eq!(cache.token().await.unwrap().expose(), "A1");
}

/// A keeper that cannot be read so many times, and then has what another process has kept.
struct Away(Mutex<u32>);

impl KeepTokens for Away {
    fn keep<'a>(&'a self, _tokens: &'a UserTokens) -> BoxFuture<'a, ()> {
        Box::pin(std::future::ready(()))
    }

    fn load(&self) -> BoxFuture<'_, Result<Option<SecretString>, StoreError>> {
        let mut left = self.0.lock().unwrap();
        *left = left.saturating_sub(1);
        let away = *left > 0;
        let kept = SecretString::from("R0");
        Box::pin(std::future::ready(if away { Err(StoreError::new("away")) } else { Ok(Some(kept)) }))
    }
}

#[tokio::test(start_paused = true)]
async fn a_renewal_waits_for_a_keeper_that_is_away_for_a_while() {
    let grant = RefreshGrant::new(
        Vendor::default(),
        SecretString::from("spent"),
        Some(Arc::new(Away(Mutex::new(15)))),
        context(),
    );
    let started = tokio::time::Instant::now();

    assert_eq!(TokenCache::new(grant, context()).token().await.unwrap().expose(), "A1");
    assert!(started.elapsed() > Duration::from_secs(5), "{:?}", started.elapsed());
}

/// A keeper whose steps take this long.
#[derive(Clone, Default)]
struct Slow {
    load: Duration,
    keep: Duration,
    kept: Arc<Mutex<Vec<String>>>,
}

impl KeepTokens for Slow {
    fn keep<'a>(&'a self, tokens: &'a UserTokens) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            tokio::time::sleep(self.keep).await;
            self.kept.lock().unwrap().push(tokens.refresh.as_ref().unwrap().expose_secret().to_owned());
        })
    }

    fn load(&self) -> BoxFuture<'_, Result<Option<SecretString>, StoreError>> {
        Box::pin(async move {
            tokio::time::sleep(self.load).await;
            Ok(None)
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_keeper_that_stands_still_holds_a_renewal_up_for_three_seconds_and_is_brought_to_its_end() {
    let day = Duration::from_secs(24 * 3600);
    for keeper in [Slow { load: day, ..Slow::default() }, Slow { keep: day, ..Slow::default() }] {
        let context = context();
        let kept = Arc::clone(&keeper.kept);
        let grant =
            RefreshGrant::new(Vendor::default(), SecretString::from("R0"), Some(Arc::new(keeper)), context.clone());
        let started = tokio::time::Instant::now();

        assert_eq!(grant.issue().await.unwrap().token.expose(), "A1");

        assert_eq!(started.elapsed().as_secs(), 3);
        assert!(context.fetches.ended(&*context.clock, 2 * day).await);
        assert_eq!(*kept.lock().unwrap(), ["R1"]);
    }
}
