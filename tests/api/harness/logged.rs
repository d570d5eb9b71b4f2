//! What a running service has logged.

use serde_json::Value;
use support_requests::clock::SystemClock;

use super::{App, app::Builder};
use crate::support::logs;

impl App {
    /// With request ids that no other test's service makes, so that their log lines can be told apart.
    pub fn logged() -> Builder {
        Self::build().clock(SystemClock)
    }

    pub fn log_lines_with(&self, needle: &str) -> Vec<String> {
        logs::lines_with(self.log, needle)
    }

    /// The one line that the log has for the request of this id. Start with [`App::logged`].
    ///
    /// # Panics
    /// Unless there is exactly one.
    pub fn answered(&self, request_id: &str) -> Value {
        let lines = self.log_lines_with(request_id).into_iter();
        let lines: Vec<String> = lines.filter(|line| line.contains("\"message\":\"answered\"")).collect();
        let [line] = lines.as_slice() else { panic!("not one line for {request_id}: {lines:?}") };
        serde_json::from_str(line).unwrap()
    }
}
