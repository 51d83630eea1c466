//! Records everything that a thread prints: `tracing`, `log`, panics.

use std::cell::{Cell, RefCell};
use std::sync::Once;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::util::SubscriberInitExt as _;

thread_local! {
    /// What this thread has printed through `tracing`, `log` and panics. The runtimes here have one thread.
    static HEARD: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    pub(crate) static PANICS_ON_PURPOSE: Cell<bool> = const { Cell::new(false) };
}

pub(crate) fn hear(text: impl Into<String>) {
    // A thread may still log while it ends.
    let _ = HEARD.try_with(|heard| heard.borrow_mut().push(text.into()));
}

pub(crate) fn heard() -> Vec<String> {
    HEARD.with(RefCell::take)
}

pub(crate) struct Ear;

impl std::io::Write for Ear {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        hear(String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl log::Log for Ear {
    fn enabled(&self, _metadata: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        hear(format!("{} {} {}", record.level(), record.target(), record.args()));
    }

    fn flush(&self) {}
}

/// Records everything that this thread prints, until the returned value is dropped.
pub(crate) fn listen() -> impl Sized {
    static PROCESS: Once = Once::new();
    PROCESS.call_once(|| {
        log::set_logger(&Ear).unwrap();
        log::set_max_level(log::LevelFilter::Trace);
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(
            move |panic| {
                if PANICS_ON_PURPOSE.get() { hear(panic.to_string()) } else { usual(panic) }
            },
        ));
    });
    let subscriber =
        tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_span_events(FmtSpan::NEW | FmtSpan::CLOSE);
    subscriber.with_writer(|| Ear).with_ansi(false).finish().set_default()
}
