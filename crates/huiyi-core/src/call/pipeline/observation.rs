//! Reports each attempt to the observer and to `tracing`.

use std::time::Duration;

use super::Call;
use crate::answer::Head;
use crate::error::Error;
use crate::observe::Attempt;
use crate::observe::trace;

impl Call {
    pub(super) fn observe_success(&self, head: &Head, duration: Duration) {
        if self.is_observed() {
            let request_id = self.session.transport().vendor.request_id(&head.headers);
            let attempt = self.observed(head.attempts, duration, None);
            let (status, request_id) = (Some(head.status), request_id.as_deref());
            self.notify(&Attempt { status, request_id, ..attempt });
        }
    }

    pub(super) fn observe_error(&self, error: &Error, number: u32, duration: Duration, waits: Option<Duration>) {
        if self.is_observed() {
            let attempt = self.observed(number, duration, waits);
            let (status, code) = (error.http_status(), error.code());
            self.notify(&Attempt { status, code, kind: Some(error.kind()), request_id: error.request_id(), ..attempt });
        }
    }

    fn is_observed(&self) -> bool {
        self.session.observer().is_some() || cfg!(feature = "tracing")
    }

    fn observed(&self, number: u32, duration: Duration, waits: Option<Duration>) -> Attempt<'_> {
        let vendor = self.session.transport().vendor.name;
        let operation = &*self.label;
        Attempt { vendor, operation, number, status: None, code: None, kind: None, request_id: None, duration, waits }
    }

    fn notify(&self, attempt: &Attempt<'_>) {
        trace::attempt(attempt);
        if let Some(observer) = self.session.observer() {
            observer.attempt(attempt);
        }
    }
}
