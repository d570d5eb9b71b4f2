//! A folder for every test, the binary run in it, the service started there.

use std::{
    io::BufRead as _,
    path::Path,
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

use crate::ready;

/// A folder of its own for every test, and the binary run in it without anything of this machine's environment.
pub struct Home(TempDir);

impl Home {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_support-requests"));
        command.args(args).current_dir(self.path()).env_clear().stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    pub fn ok(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What the binary said on its way out, having refused.
    pub fn refused(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(!output.status.success(), "{args:?} was not refused");
        String::from_utf8(output.stderr).unwrap()
    }

    pub fn serve(&self, args: &[&str]) -> Running {
        let mut all = vec!["--listen", "127.0.0.1:0"];
        all.extend(args);
        Self::start(self.command(&all))
    }

    /// The service, by a command that somebody prepared.
    pub fn start(mut command: Command) -> Running {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (log, seen, address) = ready::wait(child.stderr.take().unwrap());
        let log_so_far = Arc::new(Mutex::new(seen));
        // The log is read on, or the service would stop at a full pipe.
        let said = Arc::clone(&log_so_far);
        let reading = std::thread::spawn(move || {
            for line in log.lines() {
                let mut said = said.lock().unwrap();
                said.push_str(&line.unwrap());
                said.push('\n');
            }
        });
        Running { child, address, log: log_so_far, reading: Some(reading) }
    }
}

pub struct Running {
    pub child: Child,
    pub address: String,
    log: Arc<Mutex<String>>,
    reading: Option<std::thread::JoinHandle<()>>,
}

impl Running {
    pub fn post(&self, path: &str, token: &str, body: &Value) -> (u16, Value) {
        let url = format!("http://{}{path}", self.address);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let client = reqwest::Client::builder().no_proxy().build().unwrap();
            let answer = client.post(url).bearer_auth(token).json(body).send().await.unwrap();
            (answer.status().as_u16(), answer.json().await.unwrap())
        })
    }

    /// Sends it a signal, by name.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits until so many lines of the log hold all of these words.
    ///
    /// # Panics
    /// When they do not come.
    pub fn says(&self, words: &[&str], times: usize) {
        let give_up = Instant::now() + Duration::from_mins(1);
        loop {
            let log = self.log.lock().unwrap().clone();
            if log.lines().filter(|line| words.iter().all(|word| line.contains(word))).count() >= times {
                return;
            }
            assert!(Instant::now() < give_up, "{words:?} is not there {times} time(s):\n{log}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Ends it as an init system would; its exit status and everything it logged.
    pub fn terminate(mut self) -> (std::process::ExitStatus, String) {
        self.signal("TERM");
        let status = self.child.wait().unwrap();
        self.reading.take().unwrap().join().unwrap();
        let log = self.log.lock().unwrap().clone();
        (status, log)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
