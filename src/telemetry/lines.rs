//! Log lines on their way out: queued up to a bound, written by a thread of their own, dropped and counted beyond it.
//!
//! A log reader that stalls must not stall the service, whose every thread logs: a pipe holds 64 KiB, then whoever writes
//! to it waits. `tracing-appender` has this too, but its bound counts lines and not bytes, what it dropped is for others
//! to tell, and at the end it prints, which waits for the same reader.

use std::{
    io::{self, Write},
    iter,
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
        mpsc::{Receiver, Sender, SyncSender, channel, sync_channel},
    },
    thread,
    time::Duration,
};

use tracing_subscriber::fmt::{
    MakeWriter,
    format::Writer,
    time::{FormatTime, SystemTime},
};

use crate::{config::Environment, metrics::LogMetrics};

/// Most that waits to be written, in bytes: about 8,000 lines.
const QUEUE_MAX_BYTES: usize = 4 * 1024 * 1024;

/// What a queued line needs beside its text, in bytes, about.
const LINE_OVERHEAD: usize = 64;

/// How long lines are gathered after some were written: whoever logs meanwhile wakes nobody, which costs a thread that
/// answers requests more than putting the line together.
const GATHERED_FOR: Duration = Duration::from_millis(5);

/// How long the last lines may take to be written at the end.
const LAST_LINES_TIMEOUT: Duration = Duration::from_secs(1);

enum Message {
    Line(Vec<u8>),
    /// Everything before this is to be written, and then this is to be told.
    Flush(SyncSender<()>),
}

/// What waits, and what did not fit.
#[derive(Debug, Default)]
struct Counts {
    queued_bytes: AtomicUsize,
    /// Of which the log has not yet said anything.
    dropped_lines: AtomicU64,
    metrics: LogMetrics,
}

/// The log. Dropped at the very end, it waits for the last lines, for a second at most.
#[derive(Debug)]
pub struct Log {
    queue: Sender<Message>,
    metrics: LogMetrics,
}

impl Log {
    /// What is counted of it.
    #[must_use]
    pub fn metrics(&self) -> &LogMetrics {
        &self.metrics
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        let (flushed, until_flushed) = sync_channel(1);
        if self.queue.send(Message::Flush(flushed)).is_ok() {
            // A reader that stalled gets no more.
            let _ = until_flushed.recv_timeout(LAST_LINES_TIMEOUT);
        }
    }
}

/// Takes lines, one a call, and never waits.
#[derive(Debug, Clone)]
pub(super) struct Lines {
    queue: Sender<Message>,
    counts: Arc<Counts>,
}

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let size = line.len() + LINE_OVERHEAD;
        let queued = self.counts.queued_bytes.fetch_add(size, Ordering::SeqCst);
        if queued + size > QUEUE_MAX_BYTES || self.queue.send(Message::Line(line.to_vec())).is_err() {
            self.counts.queued_bytes.fetch_sub(size, Ordering::SeqCst);
            self.counts.dropped_lines.fetch_add(1, Ordering::SeqCst);
            self.counts.metrics.dropped_lines.inc();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Starts the thread that writes to `out`.
pub(super) fn start(out: impl Write + Send + 'static, environment: Environment) -> (Log, Lines) {
    let (queue, received) = channel();
    let counts = Arc::new(Counts::default());
    let (lines, metrics) = (Lines { queue: queue.clone(), counts: Arc::clone(&counts) }, counts.metrics.clone());
    // Where no thread can be started the queue has no reader, and every line is dropped.
    let _ = thread::Builder::new().name("log".to_owned()).spawn(move || write(out, &received, &counts, environment));
    (Log { queue, metrics }, lines)
}

/// Writes whatever comes, as fast as it is read: at once where nothing was written just before. A reader that is gone is no
/// reason to stop anything.
fn write(mut out: impl Write, received: &Receiver<Message>, counts: &Counts, environment: Environment) {
    while let Ok(first) = received.recv() {
        write_all(&mut out, first, received, counts, environment);
        thread::sleep(GATHERED_FOR);
    }
}

/// Writes `first` and what has come since.
fn write_all(
    out: &mut impl Write,
    first: Message,
    received: &Receiver<Message>,
    counts: &Counts,
    environment: Environment,
) {
    for message in iter::once(first).chain(received.try_iter()) {
        match message {
            Message::Line(line) => {
                let _ = out.write_all(&line);
                let size = line.len() + LINE_OVERHEAD;
                let queued = counts.queued_bytes.fetch_sub(size, Ordering::SeqCst) - size;
                // About where in the log they are missing: they were dropped behind what was queued then.
                if queued < QUEUE_MAX_BYTES / 2 {
                    tell_dropped(out, counts, environment);
                }
            }
            Message::Flush(flushed) => {
                tell_dropped(out, counts, environment);
                let _ = out.flush();
                let _ = flushed.send(());
            }
        }
    }
}

/// Says how many lines are missing, in the form of the others. Not an event: that would be queued behind newer ones.
fn tell_dropped(out: &mut impl Write, counts: &Counts, environment: Environment) {
    let dropped = counts.dropped_lines.swap(0, Ordering::SeqCst);
    if dropped == 0 {
        return;
    }
    let mut now = String::new();
    // Writing to a string does not fail.
    let _ = SystemTime.format_time(&mut Writer::new(&mut now));
    let _ = match environment {
        Environment::Production => {
            let line = serde_json::json!({
                "timestamp": now, "level": "WARN", "message": "log lines were dropped: nobody read them in time",
                "dropped": dropped, "target": module_path!(),
            });
            writeln!(out, "{line}")
        }
        Environment::Development => {
            writeln!(out, "{now}  WARN log lines were dropped: nobody read them in time dropped={dropped}")
        }
    };
}

/// Writes a line to standard error that is not part of the log, waiting a second at most for whoever reads it.
pub fn say_last(line: String) {
    let (written, until_written) = sync_channel(1);
    let writing = thread::Builder::new().spawn(move || {
        let _ = writeln!(io::stderr(), "{line}");
        let _ = written.send(());
    });
    if writing.is_ok() {
        let _ = until_written.recv_timeout(LAST_LINES_TIMEOUT);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Condvar, Mutex, PoisonError};

    use super::*;

    /// A reader that reads nothing until it is let.
    #[derive(Clone, Default)]
    struct Stalled(Arc<(Mutex<Reading>, Condvar)>);

    /// Whether it reads, and what it has read.
    type Reading = (bool, Vec<u8>);

    impl Write for Stalled {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let (state, changed) = &*self.0;
            let state = state.lock().unwrap_or_else(PoisonError::into_inner);
            let mut state = changed.wait_while(state, |(reads, _)| !*reads).unwrap_or_else(PoisonError::into_inner);
            state.1.extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn whoever_logs_never_waits_and_what_was_dropped_is_counted_when_the_reader_reads_again() {
        let reader = Stalled::default();
        let (log, mut lines) = start(reader.clone(), Environment::Production);
        let line = format!("{}\n", "x".repeat(1023));
        for _ in 0..8_000 {
            lines.write_all(line.as_bytes()).unwrap();
        }
        assert!(lines.counts.queued_bytes.load(Ordering::SeqCst) <= QUEUE_MAX_BYTES);
        reader.0.0.lock().unwrap().0 = true;
        reader.0.1.notify_all();
        let counted = log.metrics().dropped_lines.clone();
        drop(log);
        let written = String::from_utf8(reader.0.0.lock().unwrap().1.clone()).unwrap();
        let kept = written.lines().filter(|line| line.starts_with('x')).count();
        let told: Vec<serde_json::Value> = written.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let dropped: u64 = told.iter().map(|line| line["dropped"].as_u64().unwrap()).sum();
        assert!(dropped > 0 && !told.is_empty());
        assert_eq!(u64::try_from(kept).unwrap() + dropped, 8_000);
        assert_eq!(counted.get(), dropped);
    }
}
