//! Everything that this process logs, at the most talkative level, kept to be searched.
//!
//! The log is one for the process, and tests run side by side: a test looks at what was written since it began.

use std::{
    io,
    sync::{LazyLock, Mutex, Once},
};

use aho_corasick::AhoCorasick;
use tracing_subscriber::{
    filter::LevelFilter,
    fmt::{self, MakeWriter, format::FmtSpan},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

static WRITTEN: LazyLock<Mutex<Vec<u8>>> = LazyLock::new(Mutex::default);

/// A place in the log.
#[derive(Debug, Clone, Copy)]
pub struct Mark(usize);

/// Starts capturing, on the first call, and says how far the log is.
///
/// # Panics
/// When something else in this process logs already.
pub fn mark() -> Mark {
    static START: Once = Once::new();
    START.call_once(|| {
        let layer = fmt::layer().json().with_span_events(FmtSpan::FULL).with_writer(Capture);
        tracing_subscriber::registry().with(layer).with(LevelFilter::TRACE).init();
    });
    Mark(WRITTEN.lock().unwrap().len())
}

/// What was logged since, by this test and by those that ran beside it.
pub fn since(mark: Mark) -> String {
    let written = WRITTEN.lock().unwrap();
    String::from_utf8_lossy(&written[mark.0..]).into_owned()
}

/// The lines since `mark` that hold `needle`.
pub fn lines_with(mark: Mark, needle: &str) -> Vec<String> {
    since(mark).lines().filter(|line| line.contains(needle)).map(str::to_owned).collect()
}

/// # Panics
/// When one of `secrets` was logged since `mark`; says in which line, without repeating it.
pub fn assert_absent(mark: Mark, secrets: &[String]) {
    let search = AhoCorasick::new(secrets).unwrap();
    let log = since(mark);
    if let Some(found) = search.find(&log) {
        let line = log[..found.start()].rfind('\n').map_or(0, |end| end + 1);
        let end = log[found.end()..].find('\n').map_or(log.len(), |length| found.end() + length);
        panic!("something secret was logged: {}…{}", &log[line..found.start()], &log[found.end()..end]);
    }
}

struct Capture;

impl<'a> MakeWriter<'a> for Capture {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        Self
    }
}

impl io::Write for Capture {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        WRITTEN.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
