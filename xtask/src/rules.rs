//! The rules by which a spec becomes Rust: each with its reason, how often it applied, and a switch.
//!
//! A rule that never applied is dead: the specs or the generator have changed. A rule that is switched off must
//! change what is generated; a test checks that for each rule.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

macro_rules! rules {
    ($($rule:ident: $name:literal, $reason:literal;)*) => {
        /// A rule, in the order of the pipeline.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Rule {
            $(#[doc = $reason] $rule,)*
        }

        impl Rule {
            /// All rules.
            pub const ALL: &'static [Self] = &[$(Self::$rule),*];

            /// Returns what it does, in words.
            pub fn name(self) -> &'static str {
                match self { $(Self::$rule => $name,)* }
            }

            /// Returns why it exists.
            pub fn reason(self) -> &'static str {
                match self { $(Self::$rule => $reason,)* }
            }
        }
    };
}

rules! {
    EnvelopeData: "data taken out of the envelope",
        "callers want the data; the runtime has checked code and message already";
    BesideEnvelope: "fields taken from beside the envelope",
        "some answers have their fields beside code and message, which the runtime has checked already";
    EmptyAnswer: "answer without content",
        "an envelope alone has nothing to read";
    BinaryAnswer: "binary answer streamed",
        "a download may be larger than memory";
    MultipartLeftOut: "multipart operation left out",
        "the generator cannot write multipart bodies; such calls are written by hand";
    InlineObject: "inline object became a component",
        "the generator's own names for inline objects change with their place";
    InlineEnum: "inline enum became a component",
        "an inline enum would become a closed one, and an unknown value would fail the whole answer";
    BodyName: "body named after its operation",
        "a body is found by the name of its operation";
    AnswerName: "answer named after its operation",
        "an answer is found by the name of its operation";
    TextBesideReference: "text beside a reference moved to the field",
        "the generator would make a new type of a reference with a description";
    ParameterReference: "parameter reference followed",
        "parameters that many operations share are written once";
    ScalarWire: "scalar became a wire type",
        "times, numbers in quotes and secrets have types that read every form and keep it";
    AlternativesWire: "alternatives became a wire type",
        "a value that comes as a text or as a number is read in both forms";
    OneOrMany: "list or one of its elements became OneOrMany",
        "the generator cannot tell a list from one element of it";
    StringOr: "object or text became StringOr",
        "the generator cannot tell an object from a text";
    RequiredDropped: "required dropped from what is received",
        "vendors leave out documented fields, and a made-up zero would be a lie";
    AlwaysThere: "object of an answer made non-optional",
        "`answer.meeting.topic` reads better than unwrapping an option that is never empty";
    EmptyListSent: "optional list of a request can be empty",
        "what the caller sets is sent, an empty list too: it clears something";
    ErrorTable: "error code table filled in",
        "an operation lists codes; what they mean is said once";
    FilledByClient: "argument filled by the client",
        "page sizes and what is said once on the client need not be said in each call";
    EventType: "event became a type",
        "what is pushed is typed like an answer";
    ReadByCore: "received struct read by the core",
        "one loop in the core compiles faster than a derived reader per struct";
    NullTolerant: "null-tolerant list or map",
        "vendors send null, an empty text or one element where a list is documented";
    LenientScalar: "lenient scalar",
        "vendors send numbers as texts and texts as numbers";
    LenientValue: "lenient wire type or enum",
        "an empty text where a time or a number is documented is no value";
}

/// The counters of one run, and the rule that is switched off.
#[derive(Debug, Default)]
pub struct Rules {
    counts: Mutex<BTreeMap<Rule, usize>>,
    off: Option<Rule>,
}

impl Rules {
    /// Makes counters with one rule switched off.
    pub fn without(rule: Rule) -> Self {
        Self { off: Some(rule), ..Self::default() }
    }

    /// Returns whether a rule is on, and counts the case if it is.
    pub fn apply(&self, rule: Rule) -> bool {
        let on = self.off != Some(rule);
        if on {
            *self.counts().entry(rule).or_default() += 1;
        }
        on
    }

    /// Returns how often a rule applied.
    pub fn count(&self, rule: Rule) -> usize {
        self.counts().get(&rule).copied().unwrap_or_default()
    }

    fn counts(&self) -> MutexGuard<'_, BTreeMap<Rule, usize>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the rules that never applied, in the order of the pipeline.
    pub fn dead(&self) -> Vec<Rule> {
        Rule::ALL.iter().copied().filter(|rule| self.count(*rule) == 0).collect()
    }

    /// Returns all rules with count and reason, as a table.
    pub fn table(&self) -> String {
        let width = Rule::ALL.iter().map(|rule| rule.name().len()).max().unwrap_or_default();
        let rows = Rule::ALL
            .iter()
            .map(|rule| format!("{:6}  {:width$}  {}\n", self.count(*rule), rule.name(), rule.reason()));
        rows.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_that_never_applied_is_named() {
        let rules = Rules::default();
        for rule in &Rule::ALL[1..] {
            assert!(rules.apply(*rule));
        }

        assert_eq!(rules.dead(), vec![Rule::ALL[0]]);
    }

    #[test]
    fn a_rule_that_is_off_does_not_apply() {
        let rules = Rules::without(Rule::EventType);

        assert!(!rules.apply(Rule::EventType));
        assert!(rules.apply(Rule::OneOrMany));
        assert_eq!(rules.count(Rule::EventType), 0);
    }
}
