//! The CPU time of a thread.

/// Returns the microseconds of CPU that this thread has used, from the kernel's scheduler statistics.
///
/// # Panics
///
/// If the kernel has no such statistics (Linux has them).
#[must_use]
pub fn microseconds() -> f64 {
    // The kernel counts when a thread gives way.
    std::thread::yield_now();
    let statistics = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = statistics.split_whitespace().next().and_then(|field| field.parse::<f64>().ok());
    #[allow(clippy::expect_used, reason = "without it there is nothing to measure")]
    let nanoseconds = nanoseconds.expect("/proc/thread-self/schedstat");
    nanoseconds / 1000.0
}
