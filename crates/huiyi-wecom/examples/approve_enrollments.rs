//! Reviews the pending enrollments for a webinar: approves everyone who names a company.
//!
//! ```text
//! cargo run -p huiyi-wecom --example approve_enrollments -- <meetingid of the webinar>
//! ```

pub(crate) mod support;

use std::process::ExitCode;

use huiyi_wecom::types::{
    ApproveWebinarEnrollmentsRequest, EnrollAction, EnrollStatusFilter, ListWebinarEnrollmentsRequest,
    WebinarEnrollSpecialType, WebinarEnrollment,
};
use support::{Outcome, Stage};

pub(crate) const SCENE: &str = include_str!("support/approve_enrollments.json");

#[tokio::main]
async fn main() -> ExitCode {
    support::run(SCENE, example).await
}

pub(crate) async fn example(stage: &Stage) -> Outcome {
    let meetingid = &stage.arguments(&["hyUhDoCwAAXNVo7qTbKmdnPL0aJ2Tz3w"])?[0];

    // Read the whole list first: each approval would shift its pages.
    let request = ListWebinarEnrollmentsRequest::new(meetingid).status(EnrollStatusFilter::Pending).limit(50);
    let waiting = stage.client.list_webinar_enrollments(request).stream().collect().await?;

    let mut approved = Vec::new();
    for enrollment in &waiting {
        let company = company(enrollment);
        let time = enrollment.enroll_time.as_deref().unwrap_or("?");
        let name = enrollment.nick_name.as_deref().unwrap_or("?");
        println!("{time}  {name}, {}", company.unwrap_or("no company, keeps waiting"));
        if let (Some(_), Some(id)) = (company, &enrollment.enroll_id) {
            approved.push(id.as_str());
        }
    }
    if approved.is_empty() {
        println!("\nnobody to approve");
        return Ok(());
    }

    let request = ApproveWebinarEnrollmentsRequest::new(meetingid, EnrollAction::Approve, approved);
    let answer = stage.client.approve_webinar_enrollments(request).send().await?;
    println!("\n{} of {} approved", answer.handled_count.unwrap_or_default(), waiting.len());
    Ok(())
}

/// Returns the answer to the question about the company, if there is one.
fn company(enrollment: &WebinarEnrollment) -> Option<&str> {
    let mut answers = enrollment.answer_list.iter();
    let answer = answers.find(|answer| answer.special_type == Some(WebinarEnrollSpecialType::Company))?;
    answer.answer_content.first().map(|company| company.trim()).filter(|company| !company.is_empty())
}
