//! The work of one child process.

use std::sync::Arc;
use std::time::{Duration, Instant};

use huiyi_core::secrecy::SecretString;
use huiyi_core::user_token::{KeepTokens, UserTokens};
use huiyi_core::{BoxFuture, QuotaPolicy, RetryPolicy, StoreError};
use huiyi_mock::credentials;
use huiyi_redis::{Redis, RedisKeeper};

use crate::support::{Job, Outcome, now};

/// A keeper with a delay.
struct Slow(RedisKeeper, Duration);

impl KeepTokens for Slow {
    fn keep<'a>(&'a self, tokens: &'a UserTokens) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            tokio::time::sleep(self.1).await;
            self.0.keep(tokens).await;
        })
    }

    fn load(&self) -> BoxFuture<'_, Result<Option<SecretString>, StoreError>> {
        self.0.load()
    }
}

/// Runs the job from the environment, if there is one.
pub(crate) fn run() {
    let Some(job) = Job::of_environment() else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let outcome = runtime.block_on(work(job));
    println!("{}", outcome.line());
}

async fn work(job: Job) -> Outcome {
    let redis = Redis::new(&*job.redis).unwrap().with_replicas(4);
    let app = credentials::FEISHU;
    let mut builder = huiyi_feishu::Client::builder()
        .app(app.app_id, app.app_secret)
        .base_url(&job.api)
        .timeout(Duration::from_millis(job.timeout))
        .token_store(Arc::new(redis.clone()));
    builder = match job.quota {
        true => builder.shared_quota(Arc::new(redis.clone())).retry(RetryPolicy::off()),
        false => builder.quota(QuotaPolicy::off()),
    };
    let client = builder.clone().build().unwrap();
    let mut clients = vec![client.clone()];
    if !job.refresh.is_empty() {
        let keeper = Slow(redis.keeper("feishu:ou_1"), Duration::from_millis(job.keeper_takes));
        clients.push(client.as_user(builder.user_tokens("ou_1", &*job.refresh, Arc::new(keeper)).unwrap()));
    }
    if !job.gate.is_empty() {
        for client in &clients {
            client.get_meeting("1").send().await.unwrap();
        }
        while !std::path::Path::new(&job.gate).exists() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    tokio::time::sleep(Duration::from_millis(job.start.saturating_sub(now()))).await;
    let until = Instant::now() + Duration::from_secs(job.seconds);
    let mut callers = tokio::task::JoinSet::new();
    for client in clients {
        for _ in 0..job.callers {
            let (client, job) = (client.clone(), job.clone());
            callers.spawn(async move {
                let mut outcome = Outcome::default();
                while if job.calls > 0 { outcome.done + outcome.failed < job.calls } else { Instant::now() < until } {
                    match client.get_meeting("1").send().await {
                        Ok(_) if job.calls == 0 && Instant::now() >= until => {}
                        Ok(_) => outcome.done += 1,
                        Err(error) => {
                            outcome.failed += 1;
                            outcome.said = error.to_string();
                        }
                    }
                    tokio::time::sleep(Duration::from_millis(job.pause)).await;
                }
                outcome
            });
        }
    }
    let mut all = Outcome::default();
    while let Some(outcome) = callers.join_next().await {
        all.add(outcome.unwrap());
    }
    client.wait_for_tokens(Duration::from_secs(10)).await;
    all
}
