//! One request and its result: an answer, a file stream, a refusal, or nothing.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};

use super::Call;
use crate::answer::download::Download;
use crate::answer::{Head, Success, classify};
use crate::call::decision::Stage;
use crate::error::excerpt;
use crate::error::{Error, ErrorKind, MESSAGE};
use crate::transport::first_pieces::FirstPieces;
use crate::transport::{Outcome, Whole, connection_trouble};
use crate::vendor::Verdict;

impl Call {
    /// Sends the request once and reads the result.
    pub(super) async fn send(&self, request: reqwest::Request, number: u32) -> Result<Success, (Error, Stage)> {
        let transport = self.session.transport();
        let vendor = transport.vendor;
        match transport.attempt(request, self.download).await {
            Outcome::Failed { error, accepted } => {
                let reason = format!("no answer: {}", connection_trouble(&error));
                let mut failed = Error::new(vendor.name, self.label.clone(), ErrorKind::Unavailable, reason);
                failed.parts_mut().transport = Some(Arc::new(error));
                Err((failed, if accepted { Stage::NoAnswer } else { Stage::Unsent }))
            }
            Outcome::Unusable { reason, received, kind } => {
                Err((classify::unusable(vendor, &self.label, reason, received, kind), Stage::Answered))
            }
            Outcome::Streaming(download) => match self.refusal(&download) {
                Some(whole) => self.read(whole, number).map_err(|error| (error, Stage::Answered)),
                None => Ok(self.streaming(download, number)),
            },
            Outcome::Answered(whole) => self.read(whole, number).map_err(|error| (error, Stage::Answered)),
        }
    }

    /// Returns the answer if it is a refusal with a code that was sent as a file.
    fn refusal(&self, download: &FirstPieces) -> Option<Whole> {
        let body = download.short_object()?;
        let status = download.response.status();
        let whole = Whole { status, headers: download.response.headers().clone(), body };
        let answer = whole.as_text(Some(self.operation)).ok()?;
        let is_refusal = match (self.session.transport().vendor.read)(&answer) {
            Verdict::Failure(failure) => failure.code.is_some(),
            Verdict::Success { .. } | Verdict::Malformed(_) => false,
        };
        is_refusal.then_some(whole)
    }

    fn streaming(&self, mut download: FirstPieces, attempts: u32) -> Success {
        let transport = self.session.transport();
        let (status, headers) = (download.response.status(), std::mem::take(download.response.headers_mut()));
        let head = self.head(status, headers, None, attempts, Bytes::new());
        let length = head.headers.get(http::header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        let download = Download::new(download.into_stream(), length, transport, self.label.clone());
        Success { head, download: Some(download), observer: None }
    }

    /// Tells a success from a refusal.
    fn read(&self, whole: Whole, attempts: u32) -> Result<Success, Error> {
        let vendor = self.session.transport().vendor;
        let answer = match whole.as_text(Some(self.operation)) {
            Ok(answer) => answer,
            Err(reason) => return Err(classify::not_text(vendor, &self.label, &whole, &reason)),
        };
        let reading = match (vendor.read)(&answer) {
            Verdict::Success { .. } if self.download => {
                Verdict::Malformed("the answer is JSON instead of a file".to_owned())
            }
            reading => reading,
        };
        let warning = match &reading {
            Verdict::Success { warning: Some(text) } => Some(excerpt::shortened(text, MESSAGE).into_owned()),
            _ => None,
        };
        match classify::refusal(vendor, &self.label, self.operation.errors, &answer, reading) {
            Some(error) => Err(error),
            None => {
                let head = self.head(whole.status, whole.headers, warning, attempts, whole.body);
                Ok(Success { head, download: None, observer: self.session.observer_arc() })
            }
        }
    }

    fn head(
        &self,
        status: http::StatusCode,
        headers: HeaderMap<HeaderValue>,
        warning: Option<String>,
        attempts: u32,
        body: Bytes,
    ) -> Box<Head> {
        let vendor = self.session.transport().vendor;
        Box::new(Head { vendor, operation: self.label.clone(), status, headers, warning, attempts, body })
    }
}
