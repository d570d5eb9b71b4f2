//! The binary under a service manager that speaks systemd's protocol (`sd_notify(3)`): a datagram socket plays it.

use std::{
    collections::BTreeSet,
    net::{TcpListener, TcpStream},
    os::unix::net::UnixDatagram,
    process::Stdio,
    time::Duration,
};

use crate::home::{Home, Running};

struct ServiceManager(UnixDatagram);

impl ServiceManager {
    fn in_folder_of(home: &Home) -> Self {
        let socket = UnixDatagram::bind(home.path().join("notify")).unwrap();
        socket.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
        Self(socket)
    }

    /// Starts the service as systemd does.
    fn start(home: &Home, watchdog_usec: &str, args: &[&str]) -> Running {
        let mut all = vec!["--listen", "127.0.0.1:0"];
        all.extend(args);
        let mut command = home.command(&all);
        command.env("NOTIFY_SOCKET", home.path().join("notify")).env("WATCHDOG_USEC", watchdog_usec);
        Home::start(command)
    }

    /// The lines of the next message.
    fn message(&self) -> Vec<String> {
        let mut bytes = [0; 4096];
        let length = self.0.recv(&mut bytes).unwrap();
        std::str::from_utf8(&bytes[..length]).unwrap().lines().map(str::to_owned).collect()
    }

    /// This message comes, after however many others, but not after ever so many.
    fn comes(&self, wanted: &[&str]) {
        assert!((0..600).any(|_| self.message() == wanted), "{wanted:?} never came");
    }

    /// Every line up to the first message with this one.
    fn lines_up_to(&self, line: &str) -> BTreeSet<String> {
        let mut seen = BTreeSet::new();
        while !seen.contains(line) {
            seen.extend(self.message());
        }
        seen
    }
}

#[test]
fn systemd_is_told_that_the_service_is_ready_alive_and_stopping() {
    let home = Home::new();
    let systemd = ServiceManager::in_folder_of(&home);
    let mut service = ServiceManager::start(&home, "200000", &["--shutdown-delay", "1s"]);
    assert_eq!(systemd.message(), ["READY=1"], "nothing comes before it");
    for _ in 0..5 {
        assert_eq!(systemd.message(), ["WATCHDOG=1", "STATUS=Ready"]);
    }
    service.signal_end();
    let before = systemd.lines_up_to("STOPPING=1");
    assert!(before.contains("STATUS=Stopping: what came is answered"), "{before:?}");
    assert_eq!(systemd.message(), ["WATCHDOG=1"], "a stop takes its time, and is no reason to be killed");
    let (status, log) = service.ended();
    assert!(status.success() && !log.contains("WARN") && !log.contains("ERROR"), "{log}");
}

#[test]
fn when_systemd_hears_that_the_service_is_ready_it_answers() {
    let home = Home::new();
    let systemd = ServiceManager::in_folder_of(&home);
    // Free a moment ago.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut command = home.command(&["--listen", &address.to_string()]);
    command.env("NOTIFY_SOCKET", home.path().join("notify")).stdout(Stdio::null()).stderr(Stdio::null());
    let mut service = command.spawn().unwrap();
    assert_eq!(systemd.message()[0], "READY=1");
    assert!(TcpStream::connect(address).is_ok());
    service.kill().unwrap();
    service.wait().unwrap();
}

#[test]
fn systemd_is_told_that_the_database_takes_no_writes_and_that_the_service_lives() {
    let home = Home::new();
    let systemd = ServiceManager::in_folder_of(&home);
    let service = ServiceManager::start(&home, "200000", &[]);
    systemd.lines_up_to("WATCHDOG=1");
    std::fs::rename(home.path().join("support-requests.db"), home.path().join("away.db")).unwrap();
    systemd.comes(&["WATCHDOG=1", "STATUS=Not ready: the database takes no writes"]);
    std::fs::rename(home.path().join("away.db"), home.path().join("support-requests.db")).unwrap();
    systemd.comes(&["WATCHDOG=1", "STATUS=Ready"]);
    assert!(service.terminate().0.success());
}

#[test]
fn a_service_manager_that_waits_for_no_signs_of_life_hears_that_the_service_waits_for_its_database() {
    let home = Home::new();
    let systemd = ServiceManager::in_folder_of(&home);
    let mut command = home.command(&["--database-url", "postgres://app@127.0.0.1:1/none", "--wait-for-database", "1m"]);
    let mut service = command.env("NOTIFY_SOCKET", home.path().join("notify")).stderr(Stdio::null()).spawn().unwrap();
    assert_eq!(systemd.message(), ["STATUS=Waiting for the database"]);
    service.kill().unwrap();
    service.wait().unwrap();
}

#[test]
fn a_service_manager_that_cannot_be_told_costs_nothing_but_a_line_in_the_log() {
    let home = Home::new();
    let service = ServiceManager::start(&home, "0", &[]);
    service.says(&["WARN", "the service manager (NOTIFY_SOCKET) cannot be told"], 1);
    assert!(service.terminate().0.success());

    // Without the variable, or with an empty one, there is none.
    let mut command = home.command(&["--listen", "127.0.0.1:0"]);
    let (status, log) = {
        command.env("NOTIFY_SOCKET", "");
        Home::start(command).terminate()
    };
    assert!(status.success() && !log.contains("NOTIFY_SOCKET"), "{log}");
    let (status, log) = home.serve(&[]).terminate();
    assert!(status.success() && !log.contains("NOTIFY_SOCKET"), "{log}");
}
