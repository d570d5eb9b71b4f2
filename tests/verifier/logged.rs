//! The log of one thread, kept to be searched.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// What the log says, as text.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Log {
    pub fn start(&self) -> tracing::subscriber::DefaultGuard {
        let log = self.clone();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || log.clone()).finish();
        tracing::subscriber::set_default(subscriber)
    }
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
    /// How many lines contain all of these.
    pub fn count(&self, words: &[&str]) -> usize {
        self.text().lines().filter(|line| words.iter().all(|word| line.contains(word))).count()
    }
    /// Waits until a line has come that contains all of these.
    pub async fn says(&self, words: &[&str]) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while self.count(words) == 0 {
            assert!(Instant::now() < deadline, "{words:?} is not in:\n{}", self.text());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}
