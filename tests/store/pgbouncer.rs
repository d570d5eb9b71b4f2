//! Behind PgBouncer: pooling by session works, any other is refused.

use std::{
    net::TcpStream,
    path::PathBuf,
    process::{Child, ChildStdin, Command, Stdio},
    time::Duration,
};

use crate::{
    addresses::{Parts, parts},
    binary::{fails, succeeds},
    harness::{Answer, Load, Service, all_is_well, ask, references, token},
    support::{
        cluster::{free_port, unprivileged, write_for_the_server},
        database::Database,
        postgres::{PostgresDatabase, fresh_database},
        settings::{REQUIRE_POSTGRES, search_path, setting},
        skipped::skipped,
    },
};

/// A pool in front of a test's database. Ends with this process, whatever happens to it: it is told by its keeper,
/// which reads from us until there is nobody.
struct PgBouncer {
    port: u16,
    keeper: Child,
    lines: Option<ChildStdin>,
    _folder: tempfile::TempDir,
}

/// `None`, and a skipped test, where there is no PgBouncer.
fn program() -> Option<PathBuf> {
    let folders = search_path().into_iter().chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    let found = folders.map(|folder| folder.join("pgbouncer")).find(|program| program.is_file());
    if found.is_none() {
        assert!(setting(REQUIRE_POSTGRES).is_none_or(|value| value != "1"), "{REQUIRE_POSTGRES}=1, but no pgbouncer");
        skipped(&format!("no pgbouncer; install it, or {REQUIRE_POSTGRES}=1 makes this a failure"));
    }
    found
}

impl PgBouncer {
    async fn start(postgres: &PostgresDatabase, more: &str) -> Option<Self> {
        let program = program()?;
        let Parts { port: server, .. } = parts(postgres).await;
        let folder = tempfile::Builder::new().prefix("support-requests-pgbouncer-").tempdir().unwrap();
        std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let (port, users) = (free_port(), folder.path().join("users.txt"));
        write_for_the_server(&users, "\"support_requests_app\" \"\"\n\"support_requests_owner\" \"\"\n");
        // Debian's defaults, but for where it listens and who may come.
        let settings = format!(
            "[databases]\n* = host=127.0.0.1 port={server}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
             unix_socket_dir =\nauth_type = trust\nauth_file = {}\n{more}\n",
            users.display()
        );
        let file = folder.path().join("pgbouncer.ini");
        write_for_the_server(&file, &settings);
        let bouncer = unprivileged(&program).unwrap();
        let mut keeper = Command::new("sh")
            .args(["-c", "\"$@\" </dev/null & pid=$!; read -r _; kill \"$pid\"; wait \"$pid\"", "keeper"])
            .arg(bouncer.get_program())
            .args(bouncer.get_args())
            .arg(&file)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = keeper.stdin.take();
        let pool = Self { port, keeper, lines, _folder: folder };
        for _ in 0..600 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(pool);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("pgbouncer did not start");
    }

    /// Has it open so many connections to the server, for the user of `url`.
    async fn warm(&self, url: &str, servers: usize) {
        let options: sqlx::postgres::PgConnectOptions = self.through(url).parse().unwrap();
        let busy: Vec<_> = (0..servers)
            .map(|_| {
                let options = options.clone().extra_float_digits(None);
                tokio::spawn(async move {
                    let mut client = <sqlx::PgConnection as sqlx::Connection>::connect_with(&options).await.unwrap();
                    sqlx::raw_sql("SELECT pg_sleep(0.5)").execute(&mut client).await.unwrap();
                })
            })
            .collect();
        for client in busy {
            client.await.unwrap();
        }
    }

    /// The same database, through the pool.
    fn through(&self, url: &str) -> String {
        let (user, rest) = url.split_once('@').unwrap();
        let (_, database) = rest.split_once('/').unwrap();
        format!("{user}@127.0.0.1:{}/{database}", self.port)
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        drop(self.lines.take());
        let _ = self.keeper.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_pool_of_sessions_everything_works_with_pgbouncers_defaults_and_limits_hold() {
    let Some(postgres) = fresh_database().await else { return };
    let Some(pool) = PgBouncer::start(&postgres, "pool_mode = session\nserver_reset_query = DISCARD ALL").await else {
        return;
    };
    let (owner, runtime) = (pool.through(&postgres.owner_url()), pool.through(&postgres.runtime_url()));
    postgres.make_empty().await;
    assert!(succeeds(&["migrate"], &owner).contains("is up to date"));
    let service = Service::on(&format!("{runtime}?options[search_path]=public"));
    let load = Load::start(&service.url(), 8);
    tokio::time::sleep(Duration::from_millis(500)).await;
    let answers = load.stop().await;
    let stored = references(&answers);
    assert!(!stored.is_empty() && stored.len() == answers.len(), "{answers:?}");
    // A table that is locked: the server ends the wait (lock_timeout), so the answer is a sure one.
    let mut locker = postgres.owner().await;
    let lock = "BEGIN; LOCK TABLE support_requests IN ACCESS EXCLUSIVE MODE";
    sqlx::raw_sql(lock).execute(&mut locker).await.unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = ask(&client, &service.url(), &token()).await;
    assert_eq!(answer, Answer::Refused(503, "storage_unavailable".to_owned()));
    sqlx::raw_sql("ROLLBACK").execute(&mut locker).await.unwrap();
    let verified = succeeds(&["verify"], &runtime);
    assert!(verified.contains(&format!("All holds: {}", stored.len())), "{verified}");
    service.stop();
    drop(pool);
    all_is_well(&Database::Postgres(postgres), &stored).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pool_that_gives_each_transaction_another_connection_is_refused_and_nothing_is_left_in_it() {
    let Some(postgres) = fresh_database().await else { return };
    for mode in ["transaction", "statement"] {
        for (more, servers) in [
            ("default_pool_size = 1", 1),
            ("default_pool_size = 5", 3),
            ("server_round_robin = 1", 2),
            ("server_round_robin = 1", 3),
        ] {
            let Some(pool) = PgBouncer::start(&postgres, &format!("pool_mode = {mode}\n{more}")).await else { return };
            pool.warm(&postgres.runtime_url(), servers).await;
            pool.warm(&postgres.owner_url(), servers).await;
            let (owner, runtime) = (pool.through(&postgres.owner_url()), pool.through(&postgres.runtime_url()));
            let about_everything = &["doctor"][..];
            for (args, url) in [
                (&["serve"][..], &runtime),
                (&["verify"], &runtime),
                (&["migrate"], &owner),
                (about_everything, &runtime),
            ] {
                let said = fails(args, url);
                assert!(said.contains("gives each transaction another connection"), "{mode}, {more}, {args:?}: {said}");
                assert!(said.contains("pool_mode = session"), "{said}");
            }
            // Whoever comes after us through the same pool finds the server's connections as they were.
            let mut next = <sqlx::PgConnection as sqlx::Connection>::connect_with(
                &runtime.parse::<sqlx::postgres::PgConnectOptions>().unwrap().extra_float_digits(None),
            )
            .await
            .unwrap();
            let sql = "SELECT current_setting('default_transaction_read_only') || current_setting('statement_timeout')";
            let row = sqlx::Executor::fetch_one(&mut next, sqlx::raw_sql(sql)).await.unwrap();
            assert_eq!(sqlx::Row::get::<String, _>(&row, 0), "off0", "{mode}, {more}");
        }
    }
    // The control: the same database without the pool.
    assert!(succeeds(&["verify", "--allow-empty"], &postgres.runtime_url()).contains("All holds"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_pool_of_transactions_is_refused_too() {
    let Some(postgres) = fresh_database().await else { return };
    let Some(pool) = PgBouncer::start(&postgres, "pool_mode = transaction\ndefault_pool_size = 10").await else {
        return;
    };
    let options: sqlx::postgres::PgConnectOptions = pool.through(&postgres.runtime_url()).parse().unwrap();
    let options = options.extra_float_digits(None);
    let others: Vec<_> = (0..8)
        .map(|_| {
            let options = options.clone();
            tokio::spawn(async move {
                let mut other = <sqlx::PgConnection as sqlx::Connection>::connect_with(&options).await.unwrap();
                loop {
                    sqlx::raw_sql("SELECT pg_sleep(0.002)").execute(&mut other).await.unwrap();
                }
            })
        })
        .collect();
    for _ in 0..10 {
        let said = fails(&["verify"], &pool.through(&postgres.runtime_url()));
        assert!(said.contains("gives each transaction another connection"), "{said}");
    }
    others.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_startup_parameter_that_a_pool_does_not_take_is_named_with_the_setting_that_lets_it_through() {
    let Some(postgres) = fresh_database().await else { return };
    let Some(pool) = PgBouncer::start(&postgres, "pool_mode = session").await else { return };
    let folder = tempfile::tempdir().unwrap();
    let url = pool.through(&postgres.runtime_url());
    // The one that the driver sends by itself where it is set.
    let mut verify = crate::binary::command(&folder, &["verify", "--database-url", &url]);
    let (code, said) = crate::binary::run(verify.env("PGOPTIONS", "-c geqo=off"));
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("ignore_startup_parameters = options"), "{said}");
    assert!(succeeds(&["verify", "--allow-empty"], &url).contains("All holds"));
}
