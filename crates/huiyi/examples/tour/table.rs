//! The table that the tour prints.

use huiyi::Error;
use huiyi_mock::{Loopback, Request};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The table fields of a meeting.
#[derive(Default)]
pub(crate) struct Seen {
    /// Title or topic.
    pub(crate) title: Option<String>,
    /// Start in seconds since the Unix epoch.
    pub(crate) start: Option<i64>,
    /// Number of participants, if the answer contains it.
    pub(crate) participants: Option<usize>,
}

/// The rows so far.
#[derive(Default)]
pub(crate) struct Table {
    rows: Vec<[String; 7]>,
    failures: Vec<String>,
    unexpected: usize,
}

impl Table {
    /// Adds a call that should succeed.
    pub(crate) fn success(&mut self, vendor: &str, operation: &str, line: &str, result: Result<Seen, Error>) {
        let (status, seen) = match result {
            Ok(seen) => ("ok".to_owned(), seen),
            Err(error) => {
                self.unexpected += 1;
                self.failures.push(format!("{vendor:<9} {operation} was to succeed: {}", error));
                (format!("FAILED {:?}", error.kind()), Seen::default())
            }
        };
        let start = seen.start.map(local_time).unwrap_or_default();
        let participants = seen.participants.map(|count| count.to_string()).unwrap_or_default();
        let title = seen.title.unwrap_or_default();
        self.rows.push([vendor.to_owned(), operation.to_owned(), line.to_owned(), status, title, start, participants]);
    }

    /// Adds a call that should fail.
    pub(crate) fn failure<T>(&mut self, vendor: &str, operation: &str, what: &str, result: Result<T, Error>) {
        match result {
            Ok(_) => {
                self.unexpected += 1;
                self.failures.push(format!("{vendor:<9} {what}: succeeded, though it was to fail"));
            }
            Err(error) => {
                let code = error.code().unwrap_or("-");
                let status = error.http_status();
                let status = status.map_or("no answer".to_owned(), |status| format!("HTTP {}", status.as_u16()));
                let kind = error.kind();
                self.failures.push(format!(
                    "{vendor:<9} {what}: {operation} → {kind:?}, code {code}, {status}\n{:10}{}",
                    "", error
                ));
            }
        }
    }

    /// Returns whether every call succeeded or failed as expected.
    pub(crate) fn is_as_expected(&self) -> bool {
        self.unexpected == 0
    }

    /// Prints the rows, then the failures.
    pub(crate) fn print(&self) {
        let head = ["vendor", "operation", "request", "status", "title", "start (local time)", "participants"]
            .map(str::to_owned);
        let mut widths = head.clone().map(|text| width(&text));
        for row in &self.rows {
            for (longest, text) in widths.iter_mut().zip(row) {
                *longest = (*longest).max(width(text));
            }
        }
        print_row(&head, &widths);
        println!("{}", widths.map(|width| "─".repeat(width)).join("──"));
        for row in &self.rows {
            print_row(row, &widths);
        }
        println!("\nfailures, one per vendor on purpose:");
        for failure in &self.failures {
            println!("{failure}");
        }
    }
}

fn print_row(row: &[String; 7], widths: &[usize; 7]) {
    let cells = row
        .iter()
        .zip(widths)
        .map(|(text, longest)| format!("{text}{}", " ".repeat(longest.saturating_sub(width(text)))));
    println!("{}", cells.collect::<Vec<_>>().join("  ").trim_end());
}

/// Returns the width in terminal columns: Chinese characters take two.
fn width(text: &str) -> usize {
    text.chars().map(|character| if ('\u{1100}'..='\u{ffdc}').contains(&character) { 2 } else { 1 }).sum()
}

fn local_time(seconds: i64) -> String {
    match Timestamp::from_second(seconds) {
        Ok(time) => time.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M %Z").to_string(),
        Err(_) => format!("{seconds} s"),
    }
}

/// Returns the request line of the last request of an operation, as the server received it, without tokens.
pub(crate) fn request_line(server: &Loopback, operation: &str) -> String {
    server.calls(operation).last().map(line).unwrap_or_default()
}

fn line(request: &Request) -> String {
    let pairs: Vec<String> = request
        .query_pairs()
        .into_iter()
        .map(|(name, value)| if name == "access_token" { format!("{name}=***") } else { format!("{name}={value}") })
        .collect();
    let query = if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) };
    format!("{} {}{query}", request.method, request.path)
}
