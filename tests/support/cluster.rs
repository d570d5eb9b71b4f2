//! A `PostgreSQL` server of our own, which goes away with this process whatever happens to it.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicU16, Ordering},
    },
    time::Duration,
};

use super::settings::search_path;

/// Keeps a server on behalf of this process: obeys one word a line, and when the lines end, because this process asked
/// for it or is no more, stops the server and removes its folder. A signal to the process group does not reach it.
const KEEPER: &str = r#"
trap '' INT TERM HUP
folder=$1; shift; tell() { read -r _ _ _ parent _ <"/proc/$pid/stat" && [ "$parent" = $$ ] && kill -s "$1" "$pid"; }
while read -r word; do
    case $word in
        start) "$@" </dev/null >>"$folder/log" 2>&1 & pid=$! ;;
        *) tell "$word" 2>/dev/null; wait "$pid" ;;
    esac
    echo done
done
tell QUIT 2>/dev/null; wait "$pid"
rm -rf "$folder"
"#;

/// How long a server may take to start. Nothing waits that long unless something is broken.
const START_ATTEMPTS: u32 = 1200;

/// Whether a commit is on the disk before it is acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// As in production, for tests that pull the plug.
    Fsync,
    /// Faster, for every other test.
    NoFsync,
}

/// How a server is told to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopMode {
    /// Waits for its clients.
    Smart,
    /// Throws its clients out, rolls back what they had begun.
    Fast,
    /// As if the power went; the next start recovers.
    Immediate,
}

impl StopMode {
    fn signal(self) -> &'static str {
        match self {
            Self::Smart => "TERM",
            Self::Fast => "INT",
            Self::Immediate => "QUIT",
        }
    }
}

/// A private server. Dropping it stops it and removes its data.
pub struct Cluster {
    pub folder: PathBuf,
    port: u16,
    keeper: Mutex<(Child, Option<ChildStdin>, BufReader<ChildStdout>)>,
}

impl Cluster {
    /// Makes a data directory and starts a server on it. `settings` are added as `-c name=value`.
    ///
    /// # Errors
    /// Says what is missing on this machine, or what the server said.
    pub fn start(durability: Durability, settings: &[(&str, &str)]) -> Result<Self, String> {
        let programs = programs().ok_or("initdb and postgres were not found: install the PostgreSQL server")?;
        let folder = folder(durability)?;
        let made = Self::in_folder(&programs, &folder, durability, settings);
        if made.is_err() {
            let _ = fs::remove_dir_all(&folder);
        }
        made
    }

    fn in_folder(
        programs: &Path,
        folder: &Path,
        durability: Durability,
        settings: &[(&str, &str)],
    ) -> Result<Self, String> {
        let data = folder.join("data");
        let made = unprivileged(&programs.join("initdb"))?
            .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--pgdata"])
            .arg(&data)
            .output()
            .map_err(|error| format!("initdb cannot be run: {error}"))?;
        if !made.status.success() {
            return Err(format!("initdb failed: {}", String::from_utf8_lossy(&made.stderr)));
        }
        let port = free_port();
        let mut server = unprivileged(&programs.join("postgres"))?;
        server.arg("-D").arg(&data);
        let fsync = if durability == Durability::Fsync { "on" } else { "off" };
        let port_text = port.to_string();
        let socket_folder = folder.display().to_string();
        let own = [
            ("listen_addresses", "127.0.0.1"),
            ("port", port_text.as_str()),
            ("unix_socket_directories", socket_folder.as_str()),
            ("fsync", fsync),
            ("max_connections", "200"),
            // One call to the disk before a recovery instead of one a file: seconds less after every kill.
            ("recovery_init_sync_method", "syncfs"),
        ];
        for (name, value) in own.iter().chain(settings) {
            server.arg("-c").arg(format!("{name}={value}"));
        }
        let keeper = keep(folder, &server).map_err(|error| format!("sh cannot be run: {error}"))?;
        let cluster = Self { folder: folder.to_owned(), port, keeper: Mutex::new(keeper) };
        cluster.begin()?;
        Ok(cluster)
    }

    /// Where to connect to `database` as `user`.
    pub fn url(&self, database: &str, user: &str) -> String {
        format!("postgres://{user}@127.0.0.1:{}/{database}", self.port)
    }

    /// Stops the server and waits until it is gone. Its data stays.
    pub fn stop(&self, mode: StopMode) {
        self.say(mode.signal());
    }

    /// Kills the server's main process without a chance to tidy up. Its data stays.
    pub fn kill9(&self) {
        self.say("KILL");
    }

    /// Starts the server again after [`Self::stop`] or [`Self::kill9`], on the same port.
    ///
    /// # Errors
    /// What the server said.
    pub fn begin(&self) -> Result<(), String> {
        // After a kill, orphaned backends hold the shared memory for a moment; the server refuses to start beside them.
        self.say("start");
        for attempt in 1..=START_ATTEMPTS {
            std::thread::sleep(Duration::from_millis(25));
            if self.is_ready() {
                return Ok(());
            }
            if attempt % 40 == 0 && self.has_given_up() {
                self.say("start");
            }
        }
        Err(format!("PostgreSQL did not start: {}", self.log()))
    }

    /// [`Self::stop`] and [`Self::begin`].
    pub fn restart(&self, mode: StopMode) -> Result<(), String> {
        self.stop(mode);
        self.begin()
    }

    /// What the server wrote so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// The eighth line of this file is how `pg_ctl --wait` knows; the first says whose it is: a killed server leaves its.
    fn is_ready(&self) -> bool {
        let file = fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap_or_default();
        let line = |number| file.lines().nth(number).unwrap_or_default().trim();
        Path::new("/proc").join(line(0)).join("fd").exists() && ["ready", "standby"].contains(&line(7))
    }

    fn has_given_up(&self) -> bool {
        self.log().trim_end().lines().next_back().is_some_and(|line| {
            line.contains("shut down") || line.contains("FATAL") || line.contains("HINT") || line.contains("DETAIL")
        })
    }

    fn say(&self, word: &str) {
        let mut keeper = self.keeper.lock().unwrap();
        let (_, words, answers) = &mut *keeper;
        writeln!(words.as_mut().expect("the keeper was let go"), "{word}").expect("the keeper is gone");
        let mut answer = String::new();
        answers.read_line(&mut answer).expect("the keeper is gone");
        assert_eq!(answer, "done\n", "the keeper of a PostgreSQL server is gone");
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Ok(keeper) = self.keeper.get_mut() {
            drop(keeper.1.take());
            let _ = keeper.0.wait();
        }
    }
}

fn keep(folder: &Path, server: &Command) -> std::io::Result<(Child, Option<ChildStdin>, BufReader<ChildStdout>)> {
    let mut keeper = Command::new("sh")
        .args(["-c", KEEPER, "keeper"])
        .arg(folder)
        .arg(server.get_program())
        .args(server.get_args())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()?;
    let words = keeper.stdin.take();
    let answers = BufReader::new(keeper.stdout.take().expect("it was piped"));
    Ok((keeper, words, answers))
}

/// The folder that holds `initdb` and `postgres`.
pub fn programs() -> Option<PathBuf> {
    let asked = Command::new("pg_config").arg("--bindir").output().ok();
    let asked = asked.map(|said| PathBuf::from(String::from_utf8_lossy(&said.stdout).trim()));
    let mut packaged: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.flatten().map(|version| version.path().join("bin")).collect())
        .unwrap_or_default();
    packaged.sort();
    packaged.reverse();
    let mut folders = asked.into_iter().chain(search_path()).chain(packaged);
    folders.find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// A new folder that whoever runs the server can use. In memory where nothing has to survive.
fn folder(durability: Durability) -> Result<PathBuf, String> {
    let failed = |error: std::io::Error| format!("no folder for a PostgreSQL server: {error}");
    let parent = if durability == Durability::Fsync { std::env::temp_dir() } else { fast_folder() };
    let folder = tempfile::Builder::new().prefix("support-requests-pg-").tempdir_in(parent).map_err(failed)?.keep();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).map_err(failed)?;
    if let Some((user, group)) = stand_in() {
        chown(&folder, Some(user), Some(group)).map_err(failed)?;
    }
    Ok(folder)
}

/// A folder in memory where there is one: most tests wait for disks and for nothing else.
pub fn fast_folder() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    if tempfile::tempfile_in(&memory).is_ok() { memory } else { std::env::temp_dir() }
}

/// `program`, not as root: `PostgreSQL` refuses that.
pub fn unprivileged(program: &Path) -> Result<Command, String> {
    if !is_root() {
        return Ok(Command::new(program));
    }
    let (user, group) = stand_in().ok_or("root may not run PostgreSQL, and there is no user postgres or nobody")?;
    let mut command = Command::new("setpriv");
    command.arg(format!("--reuid={user}")).arg(format!("--regid={group}")).arg("--clear-groups").arg(program);
    // The folder that the tests run in may be closed to that user.
    command.current_dir("/");
    Ok(command)
}

/// Writes a file that only the server may read, as it wants its key to be.
pub fn write_for_the_server(file: &Path, text: &str) {
    fs::write(file, text).unwrap();
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).unwrap();
    if let Some((user, group)) = stand_in() {
        chown(file, Some(user), Some(group)).unwrap();
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

/// Whom root stands back for: user and group id.
fn stand_in() -> Option<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd").ok().filter(|_| is_root())?;
    ["postgres", "nobody"].iter().find_map(|name| {
        let fields: Vec<&str> =
            users.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|fields| fields[0] == *name)?;
        Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?))
    })
}

/// A port that nobody listens on, below those that systems give to clients, so that it is still free after a restart.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = u16::try_from(std::process::id() % 10_000).unwrap_or_default();
    let mut candidates = std::iter::repeat_with(|| {
        20_000 + (start.wrapping_mul(37).wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed))) % 10_000
    });
    candidates.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("there are always more")
}
