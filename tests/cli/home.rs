//! A folder for every test, the binary run in it, the service started there.

use std::{
    io::{self, BufRead as _, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, ChildStderr, Command, ExitStatus, Output, Stdio},
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
        // Everything here is one creator's.
        command.env("SUPPORT_REQUESTS_RATE_LIMIT", "off");
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

    /// Serves with at most this many open files, which the service cannot raise.
    pub fn serve_within(&self, files: u32, args: &[&str]) -> Running {
        let binary = env!("CARGO_BIN_EXE_support-requests");
        let mut command = Command::new("sh");
        command.arg("-c").arg(format!("ulimit -n {files} && exec \"$0\" --listen 127.0.0.1:0 \"$@\"")).arg(binary);
        command.args(args).current_dir(self.path()).env_clear().stdin(Stdio::null());
        command.env("SUPPORT_REQUESTS_RATE_LIMIT", "off");
        Self::start(command)
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

    /// Serves while nobody reads its log; the log, to be read later.
    pub fn serve_unread(&self, args: &[&str]) -> (Running, ChildStderr) {
        // Free a moment ago: where it listens cannot be read from the log.
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
        let mut all = vec!["--listen", &address];
        all.extend(args);
        let mut child = self.command(&all).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let log = child.stderr.take().unwrap();
        while TcpStream::connect(&address).is_err() {
            assert!(child.try_wait().unwrap().is_none(), "the service ended");
            std::thread::sleep(Duration::from_millis(20));
        }
        (Running { child, address, log: Arc::default(), reading: None }, log)
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

    /// The first line of the log so far that holds these words.
    ///
    /// # Panics
    /// When there is none.
    pub fn logged(&self, words: &str) -> String {
        let log = self.log.lock().unwrap().clone();
        log.lines()
            .find(|line| line.contains(words))
            .unwrap_or_else(|| panic!("{words:?} is not there:\n{log}"))
            .to_owned()
    }

    /// Sends bytes on a connection of their own: all that comes back until the other side closes it.
    ///
    /// # Errors
    /// What the connection ended with; being refused is one of them.
    pub fn exchange(&self, bytes: &[u8]) -> io::Result<String> {
        exchange(&self.address, bytes)
    }

    /// Asks it to end, as an init system would.
    pub fn signal_end(&self) {
        self.signal("TERM");
    }

    /// Ends it as an init system would; its exit status and everything it logged.
    pub fn terminate(mut self) -> (ExitStatus, String) {
        self.signal_end();
        self.ended()
    }

    /// Waits until it has ended; its exit status and everything it logged, where somebody read that.
    pub fn ended(&mut self) -> (ExitStatus, String) {
        let status = self.child.wait().unwrap();
        if let Some(reading) = self.reading.take() {
            reading.join().unwrap();
        }
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

/// Sends bytes on a connection of their own: all that comes back until the other side closes it.
///
/// # Errors
/// What the connection ended with.
pub fn exchange(address: &str, bytes: &[u8]) -> io::Result<String> {
    let mut connection = TcpStream::connect(address)?;
    connection.set_read_timeout(Some(Duration::from_mins(1)))?;
    // It may answer and close before it has read everything.
    let _ = connection.write_all(bytes);
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// A request, byte by byte, on a connection that is closed after it.
pub fn post(path: &str, token: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// A probe, byte by byte.
pub fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").into_bytes()
}
