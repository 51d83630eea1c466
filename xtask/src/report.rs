//! Complaints about specs: collected, given a file and line, and shown all at once.

use std::fmt;

/// One thing that is wrong in a spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// File and line, `specs/feishu/meeting.yaml:12`; only the file if the line is not known.
    pub file: String,
    /// Operation or component, and the field in it.
    pub place: String,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub help: String,
    /// Whether it is a warning, which stops nothing.
    pub warning: bool,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.warning { "warning" } else { "error" };
        write!(f, "{kind}: {}: {}: {}", self.file, self.place, self.what)?;
        if self.help.is_empty() { Ok(()) } else { write!(f, "; {}", self.help) }
    }
}

/// All complaints of one run.
#[derive(Debug, Default)]
pub struct Report {
    problems: Vec<Problem>,
}

impl Report {
    /// Adds a complaint. A repetition is dropped.
    pub fn push(&mut self, problem: Problem) {
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    /// Adds a complaint about a file as a whole.
    pub fn file(&mut self, file: &str, what: impl Into<String>, help: impl Into<String>) {
        self.push(Problem {
            file: file.to_owned(),
            place: "document".to_owned(),
            what: what.into(),
            help: help.into(),
            warning: false,
        });
    }

    /// Returns all complaints, in the order in which they were found.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// Returns the number of errors.
    pub fn errors(&self) -> usize {
        self.problems.iter().filter(|problem| !problem.warning).count()
    }

    /// Takes over the complaints of another report.
    pub fn extend(&mut self, other: Self) {
        for problem in other.problems {
            self.push(problem);
        }
    }
}
