//! Waiting for jobs on accounts, against the loopback server.

use std::time::Duration;

use crate::support::WeCom;
use huiyi_mock::{Fault, Target};
use huiyi_wecom::types::{SubmitVipAddJobRequest, SubmitVipDelJobRequest};
use huiyi_wecom::{ErrorKind, JobError};
use serde_json::{Value, json};

fn once(wecom: &WeCom, operation: &str, body: Value) {
    let fault = Fault::Status { status: 200, headers: Vec::new(), body: body.to_string() };
    wecom.server.fault(Target::Operation(operation.to_owned()), fault);
}

fn running_once(wecom: &WeCom, operation: &str) {
    once(wecom, operation, json!({"errcode": 770_007, "errmsg": "job is running"}));
}

#[tokio::test]
async fn a_job_is_asked_for_until_it_has_a_result() {
    let wecom = WeCom::start().await;
    running_once(&wecom, "get_vip_add_job_result");
    running_once(&wecom, "get_vip_add_job_result");
    wecom.answers("submit_vip_add_job", json!({"jobid": "job-1"}));
    let result = json!({"succ_userid_list": ["zhangsan"], "fail_userid_list": ["wangwu"]});
    wecom.answers("get_vip_add_job_result", json!({"job_result": result}));

    let order = SubmitVipAddJobRequest::new(["zhangsan", "wangwu"]);
    let job = wecom.client.submit_vip_add_job(order).send().await.unwrap().into_inner();
    let result = wecom.client.wait_for_vip_add_job(job).result().await.unwrap();

    assert_eq!((result.succ_userid_list, result.fail_userid_list), (vec!["zhangsan".into()], vec!["wangwu".into()]));
    assert_eq!(wecom.server.calls("get_vip_add_job_result").len(), 3);
    assert_eq!(wecom.sent("get_vip_add_job_result"), json!({"jobid": "job-1"}));
}

#[tokio::test]
async fn a_job_that_takes_accounts_away_is_waited_for_too() {
    let wecom = WeCom::start().await;
    running_once(&wecom, "get_vip_del_job_result");
    wecom.answers("submit_vip_del_job", json!({"jobid": "job-2"}));
    wecom.answers("get_vip_del_job_result", json!({"job_result": {"succ_userid_list": ["lisi"]}}));

    let order = SubmitVipDelJobRequest::new(["lisi"]);
    let job = wecom.client.submit_vip_del_job(order).send().await.unwrap().into_inner();

    assert_eq!(wecom.client.wait_for_vip_del_job(job).result().await.unwrap().succ_userid_list, ["lisi"]);
    assert_eq!(wecom.sent("get_vip_del_job_result"), json!({"jobid": "job-2"}));
}

#[tokio::test]
async fn a_job_that_takes_too_long_is_given_up() {
    let wecom = WeCom::start().await;
    (0..3).for_each(|_| running_once(&wecom, "get_vip_add_job_result"));

    let wait = wecom.client.wait_for_vip_add_job("job-1").with_total(Duration::from_secs(3));
    let error = wait.result().await.unwrap_err();

    assert_eq!(error.to_string(), "the job job-1 is not done after 3.0 s");
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(wecom.server.calls("get_vip_add_job_result").len(), 3);
}

#[tokio::test]
async fn another_refusal_ends_the_wait() {
    let wecom = WeCom::start().await;
    once(&wecom, "get_vip_del_job_result", json!({"errcode": 770_005, "errmsg": "no such job"}));

    let error = wecom.client.wait_for_vip_del_job("job-1").result().await.unwrap_err();

    assert!(matches!(&error, JobError::Call(call) if call.code() == Some("770005")), "{error}");
}
