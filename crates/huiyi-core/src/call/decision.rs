//! Decides what follows a failed attempt. It is a pure function of the known facts.

use crate::error::{Action, ErrorKind};

/// Where an attempt failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// No token could be obtained; the request was not sent.
    Token,
    /// The request did not reach the vendor.
    Unsent,
    /// The request may have reached the vendor, but no answer arrived.
    NoAnswer,
    /// An answer arrived: a refusal, or an unusable answer.
    Answered,
}

/// The facts about a failed attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    pub(crate) stage: Stage,
    pub(crate) kind: ErrorKind,
    pub(crate) action: Action,
    /// Whether it is safe to send the request twice.
    pub(crate) idempotent: bool,
    /// Whether the body can be sent again: it is not a stream.
    pub(crate) repeatable: bool,
    /// Whether the attempt used a token that can be replaced.
    pub(crate) has_token: bool,
    /// Whether a rejected token of this call was already replaced.
    pub(crate) token_replaced: bool,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Stop: the call fails with this error.
    Stop,
    /// Wait and try again, if the retry policy has an attempt left.
    Wait,
    /// Replace the token and send once more.
    ReplaceToken,
    /// Stop, and tell the token source that its replacement was also rejected.
    RejectedAgain,
}

/// Decides the next step.
pub(crate) fn next(facts: &Facts) -> Next {
    let transient = facts.kind.is_transient();
    match facts.stage {
        Stage::Token => if_true(transient, Next::Wait),
        Stage::Unsent => if_true(facts.repeatable, Next::Wait),
        Stage::NoAnswer => if_true(facts.repeatable && facts.idempotent, Next::Wait),
        Stage::Answered => match facts.action {
            Action::None => Next::Stop,
            // A rate limit proves that the request was not accepted; no other failure does.
            Action::Backoff => {
                let safe = facts.idempotent || facts.kind == ErrorKind::RateLimited;
                if_true(facts.repeatable && safe, Next::Wait)
            }
            Action::Refresh if !facts.has_token => Next::Stop,
            Action::Refresh if facts.token_replaced => Next::RejectedAgain,
            Action::Refresh => if_true(facts.repeatable, Next::ReplaceToken),
        },
    }
}

fn if_true(condition: bool, next: Next) -> Next {
    if condition { next } else { Next::Stop }
}

/// Returns whether the call may have taken effect although this attempt failed.
///
/// `refused_by_status` is whether the status was 4xx, `has_code` whether the answer has the vendor's code.
/// The vendor's code counts more than the status.
pub(crate) fn is_uncertain(facts: &Facts, unreadable: bool, refused_by_status: bool, has_code: bool) -> bool {
    match facts.stage {
        Stage::Token | Stage::Unsent => false,
        Stage::NoAnswer => true,
        Stage::Answered => {
            let failed = facts.kind == ErrorKind::Unavailable && (!refused_by_status || has_code);
            // For a replayed nonce: the first copy of the request may have been accepted.
            let replayed = facts.kind == ErrorKind::Auth && facts.action == Action::Backoff;
            unreadable || failed || replayed
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Facts, Next, Stage, is_uncertain, next};
    use crate::error::{Action, ErrorKind};

    const REFUSED: Facts = Facts {
        stage: Stage::Answered,
        kind: ErrorKind::NotFound,
        action: Action::None,
        idempotent: false,
        repeatable: true,
        has_token: true,
        token_replaced: false,
    };

    #[test]
    fn a_plain_refusal_ends_the_call() {
        assert_eq!(next(&REFUSED), Next::Stop);
        assert_eq!(next(&Facts { idempotent: true, ..REFUSED }), Next::Stop);
    }

    #[test]
    fn a_rate_limit_is_waited_for_even_where_twice_would_do_harm() {
        let limited = Facts { kind: ErrorKind::RateLimited, action: Action::Backoff, ..REFUSED };

        assert_eq!(next(&limited), Next::Wait);
        assert_eq!(next(&Facts { repeatable: false, ..limited }), Next::Stop);
    }

    #[test]
    fn a_failure_of_the_server_is_repeated_only_where_twice_does_no_harm() {
        let failed = Facts { kind: ErrorKind::Unavailable, action: Action::Backoff, ..REFUSED };

        assert_eq!(next(&failed), Next::Stop);
        assert_eq!(next(&Facts { idempotent: true, ..failed }), Next::Wait);
        assert!(is_uncertain(&failed, false, false, false));
        assert!(!is_uncertain(&failed, false, true, false));
        assert!(is_uncertain(&failed, false, true, true));
    }

    #[test]
    fn a_replayed_nonce_may_have_been_accepted() {
        let replayed = Facts { kind: ErrorKind::Auth, action: Action::Backoff, ..REFUSED };

        assert_eq!(next(&replayed), Next::Stop);
        assert!(is_uncertain(&replayed, false, true, true));
    }

    #[test]
    fn a_lost_answer_is_repeated_only_where_twice_does_no_harm() {
        let lost = Facts { stage: Stage::NoAnswer, kind: ErrorKind::Unavailable, ..REFUSED };

        assert_eq!(next(&lost), Next::Stop);
        assert_eq!(next(&Facts { idempotent: true, ..lost }), Next::Wait);
        assert!(is_uncertain(&lost, false, false, false));
    }

    #[test]
    fn a_request_that_did_not_arrive_is_repeated() {
        let unsent = Facts { stage: Stage::Unsent, kind: ErrorKind::Unavailable, ..REFUSED };

        assert_eq!(next(&unsent), Next::Wait);
        assert_eq!(next(&Facts { repeatable: false, ..unsent }), Next::Stop);
        assert!(!is_uncertain(&unsent, false, false, false));
    }

    #[test]
    fn a_rejected_token_is_replaced_once() {
        let rejected = Facts { kind: ErrorKind::Auth, action: Action::Refresh, ..REFUSED };

        assert_eq!(next(&rejected), Next::ReplaceToken);
        assert_eq!(next(&Facts { token_replaced: true, ..rejected }), Next::RejectedAgain);
        assert_eq!(next(&Facts { has_token: false, ..rejected }), Next::Stop);
        assert_eq!(next(&Facts { repeatable: false, ..rejected }), Next::Stop);
    }

    #[test]
    fn a_token_is_asked_for_again_only_if_that_may_help() {
        for (kind, expected) in [
            (ErrorKind::Unavailable, Next::Wait),
            (ErrorKind::RateLimited, Next::Wait),
            (ErrorKind::Auth, Next::Stop),
            (ErrorKind::QuotaExhausted, Next::Stop),
        ] {
            let token = Facts { stage: Stage::Token, kind, repeatable: false, ..REFUSED };
            assert_eq!(next(&token), expected, "{kind:?}");
        }
    }
}
