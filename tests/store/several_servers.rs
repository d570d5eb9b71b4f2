//! An address with several servers: the one that takes writes is found, at the start and after it moved.

use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use crate::{
    binary::{fails, succeeds},
    harness::{Answer, Service, ask, token},
    support::{
        cluster::{Cluster, StopMode},
        postgres::{PostgresDatabase, on_a_server_of_its_own},
    },
};

/// Two servers with a database of one name.
struct Two {
    one: (&'static Cluster, PostgresDatabase),
    other: (&'static Cluster, PostgresDatabase),
    database: String,
}

impl Two {
    async fn start() -> Option<Self> {
        let (one, other) = (on_a_server_of_its_own().await?, on_a_server_of_its_own().await?);
        let name = |postgres: &PostgresDatabase| postgres.runtime_url().rsplit('/').next().unwrap().to_owned();
        let database = name(&one.1);
        let url = other.0.url("postgres", "postgres");
        let mut superuser = PgConnection::connect(&url).await.unwrap();
        let sql = format!("ALTER DATABASE {} RENAME TO {database}", name(&other.1));
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut superuser).await.unwrap();
        Some(Self { one, other, database })
    }

    fn url(&self, user: &str, rest: &str) -> String {
        let host = |cluster: &Cluster| cluster.url("", "").replace("postgres://@", "").replace('/', "");
        format!("postgres://{user}@{},{}/{}{rest}", host(self.one.0), host(self.other.0), self.database)
    }

    /// Requests on each of them.
    async fn counts(&self) -> (i64, i64) {
        let mut counts = Vec::new();
        for cluster in [self.one.0, self.other.0] {
            let mut owner = PgConnection::connect(&cluster.url(&self.database, "postgres")).await.unwrap();
            let sql = "SELECT count(*) FROM support_requests";
            counts.push(sqlx::query_scalar(sql).fetch_one(&mut owner).await.unwrap());
        }
        (counts[0], counts[1])
    }
}

/// What an operator, or a failover, does to a server.
async fn tell(cluster: &Cluster, sql: &'static str) {
    let mut superuser = PgConnection::connect(&cluster.url("postgres", "postgres")).await.unwrap();
    for statement in sql.split("; ") {
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut superuser).await.unwrap();
    }
}

const READ_ONLY: &str = "ALTER SYSTEM SET default_transaction_read_only = on; SELECT pg_reload_conf()";
const READ_WRITE: &str = "SET default_transaction_read_only = off; ALTER SYSTEM RESET default_transaction_read_only; \
    SELECT pg_reload_conf()";

async fn stored_soon(service: &Service) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        match ask(&client, &service.url(), &token()).await {
            Answer::Created(_) => return,
            other => assert!(Instant::now() < until, "{other:?}"),
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_service_finds_the_server_that_takes_writes_and_finds_it_again_after_it_moved() {
    let Some(two) = Two::start().await else { return };
    let user = "support_requests_app";
    tell(two.one.0, READ_ONLY).await;
    for attributes in ["?target_session_attrs=read-write", ""] {
        let service = Service::on(&two.url(user, attributes));
        stored_soon(&service).await;
        service.stop();
    }
    assert_eq!(two.counts().await, (0, 2), "the first takes no writes");
    tell(two.one.0, READ_WRITE).await;
    let service = Service::on(&two.url(user, "?target_session_attrs=read-write"));
    stored_soon(&service).await;
    assert_eq!(two.counts().await, (1, 2), "the first that will do is taken");
    // It goes down: the next request finds the other.
    two.one.0.stop(StopMode::Fast);
    stored_soon(&service).await;
    service.stop();
    two.one.0.begin().unwrap();
    let (one, other) = two.counts().await;
    assert_eq!((one, other), (1, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_standby_and_a_server_that_takes_no_writes_are_told_apart_where_none_will_do() {
    let Some(two) = Two::start().await else { return };
    let data = {
        let mut superuser = PgConnection::connect(&two.one.0.url("postgres", "postgres")).await.unwrap();
        let sql = "SELECT current_setting('data_directory')";
        sqlx::query_scalar::<_, String>(sql).fetch_one(&mut superuser).await.unwrap()
    };
    crate::support::cluster::write_for_the_server(&std::path::Path::new(&data).join("standby.signal"), "");
    two.one.0.restart(StopMode::Fast).unwrap();
    // As their owner: migrate writes, so it goes to the other one too.
    let owner = "support_requests_owner";
    for attributes in ["?target_session_attrs=primary", "?target_session_attrs=read-write", ""] {
        assert!(succeeds(&["migrate"], &two.url(owner, attributes)).contains("is up to date"));
    }
    tell(two.other.0, READ_ONLY).await;
    let said = fails(&["serve"], &two.url("support_requests_app", "?target_session_attrs=read-write"));
    assert!(said.contains("is a standby; ") && said.contains("takes no writes"), "{said}");
    // Whoever reads does not mind, unless it is asked for.
    assert!(succeeds(&["verify", "--allow-empty"], &two.url("support_requests_app", "")).contains("All holds"));
    let said = fails(&["verify"], &two.url("support_requests_app", "?target_session_attrs=read-write"));
    assert!(said.contains("is a standby"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_replaced_and_does_not_know_it_is_passed_over() {
    let Some(two) = Two::start().await else { return };
    let service = Service::on(&two.url("support_requests_app", "?target_session_attrs=read-write"));
    stored_soon(&service).await;
    assert_eq!(two.counts().await, (1, 0));
    // It takes writes, as it says itself, but its standbys have left it for another primary.
    tell(two.one.0, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'; SELECT pg_reload_conf()").await;
    stored_soon(&service).await;
    let (_, other) = two.counts().await;
    assert_eq!(other, 1, "{}", service.log());
    service.stop();
    let again = Service::on(&two.url("support_requests_app", "?target_session_attrs=read-write"));
    stored_soon(&again).await;
    assert_eq!(two.counts().await.1, 2);
    again.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_server_that_says_nothing_leaves_the_next_one_its_time() {
    let Some((cluster, postgres)) = on_a_server_of_its_own().await else { return };
    // The system takes the connection; nobody reads from it, as with a process that is stopped.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let name = postgres.runtime_url().rsplit('/').next().unwrap().to_owned();
    let host = cluster.url("", "").replace("postgres://@", "").replace('/', "");
    let silent_host = silent.local_addr().unwrap();
    let url = format!("postgres://support_requests_app@{silent_host},{host}/{name}?target_session_attrs=read-write");
    let service = Service::on(&url);
    stored_soon(&service).await;
    cluster.stop(StopMode::Immediate);
    cluster.begin().unwrap();
    stored_soon(&service).await;
    service.stop();
}
