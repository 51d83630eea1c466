//! Counts how often each lowering and post-pass rule applied.
//!
//! A rule that never applied is dead: the spec or the generator has changed, and the rule hides it. Every
//! rule is listed here, so that one that is never even asked is noticed as well.

use std::cell::RefCell;
use std::collections::BTreeMap;

/// Names of all rules, in the order of the pipeline.
pub const ALL: [&str; 36] = [
    // lowering
    "data taken out of the envelope",
    "fields taken from beside the envelope",
    "answer without envelope kept whole",
    "answer without content",
    "binary answer streamed",
    "multipart operation left out",
    "inline object became a component",
    "inline enum became a component",
    "body named after its operation",
    "answer named after its operation",
    "text beside a reference moved to the field",
    "parameter reference followed",
    "scalar became a wire type",
    "alternatives became a wire type",
    "list or one of its elements became OneOrMany",
    "object or text became StringOr",
    "required dropped from what is received",
    "object of an answer made non-optional",
    "optional list of a request can be empty",
    "success status widened",
    "error code table filled in",
    "argument filled by the client",
    "event became a type",
    // post-pass
    "enum emitted by us",
    "struct rewritten",
    "received struct read by the core",
    "null-tolerant list or map",
    "lenient scalar",
    "lenient wire type or enum",
    "struct builder removed",
    "constructor and setters added",
    "client constructor hidden",
    "send by the core",
    "setter documented",
    "example compiled",
    "paging added",
];

/// The counters of one run.
#[derive(Debug)]
pub struct Rules {
    counts: RefCell<BTreeMap<&'static str, usize>>,
}

impl Default for Rules {
    fn default() -> Self {
        Self { counts: RefCell::new(ALL.iter().map(|rule| (*rule, 0)).collect()) }
    }
}

impl Rules {
    /// Notes that a rule applied once.
    pub fn hit(&self, rule: &'static str) {
        debug_assert!(ALL.contains(&rule), "the rule {rule:?} is not listed");
        *self.counts.borrow_mut().entry(rule).or_default() += 1;
    }

    /// How often a rule applied.
    pub fn count(&self, rule: &str) -> usize {
        self.counts.borrow().get(rule).copied().unwrap_or_default()
    }

    /// Rules that never applied, in the order of the pipeline.
    pub fn dead(&self) -> Vec<&'static str> {
        ALL.into_iter().filter(|rule| self.count(rule) == 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_that_never_applied_is_named() {
        let rules = Rules::default();
        for rule in &ALL[1..] {
            rules.hit(rule);
        }

        assert_eq!(rules.dead(), vec![ALL[0]]);
    }
}
