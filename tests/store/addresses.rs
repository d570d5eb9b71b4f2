//! A PostgreSQL database is found under every form of address that libpq takes; one that cannot be reached says why.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
};

use sqlx::AssertSqlSafe;

use crate::{
    binary::{command, fails, run, succeeds},
    harness::{Answer, Service, all_is_well, ask, token},
    support::{
        database::{Counts, Database},
        postgres::{PostgresDatabase, on_a_server_with},
        skipped::skipped,
    },
};

/// The parts of a test server's address.
pub struct Parts {
    pub port: String,
    pub database: String,
    pub socket_folder: String,
}

pub async fn parts(postgres: &PostgresDatabase) -> Parts {
    let url = postgres.runtime_url();
    let (_, rest) = url.split_once('@').unwrap();
    let (host, database) = rest.split_once('/').unwrap();
    let sql = "SELECT current_setting('unix_socket_directories')";
    let socket_folder: String = sqlx::query_scalar(sql).fetch_one(&mut postgres.superuser().await).await.unwrap();
    Parts { port: host.rsplit(':').next().unwrap().to_owned(), database: database.to_owned(), socket_folder }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_is_found_under_every_form_of_its_address() {
    let listen = if TcpListener::bind("[::1]:0").is_ok() { "127.0.0.1,::1" } else { "127.0.0.1" };
    let settings = vec![("listen_addresses", listen.to_owned())];
    let Some((_, postgres)) = on_a_server_with(settings).await else { return };
    let Parts { port, database, socket_folder } = parts(&postgres).await;
    let folder = socket_folder.replace('/', "%2F");
    let user = "support_requests_app";
    let mut forms = vec![
        format!("postgres://{user}@127.0.0.1:{port}/{database}"),
        format!("postgresql://{user}@localhost:{port}/{database}?target_session_attrs=read-write"),
        format!("postgres://{user}@127.0.0.1:1,127.0.0.1:{port}/{database}"),
        format!("postgres://{user}@{folder}:{port}/{database}?sslmode=verify-full"),
        format!("postgres:///{database}?host={socket_folder}&port={port}&user={user}"),
        format!("postgres:///?host=127.0.0.1&port={port}&user={user}&dbname={database}&keepalives=1"),
        format!("host=127.0.0.1 port={port} user={user} dbname={database} sslmode=prefer connect_timeout=5"),
        format!("host=127.0.0.1,localhost port=1,{port} user={user} dbname='{database}' load_balance_hosts=random"),
        format!("hostaddr=127.0.0.1 host=db.example port={port} user={user} dbname={database} application_name=x"),
    ];
    if listen.contains("::1") {
        forms.push(format!("postgres://{user}@[::1]:{port}/{database}?options[search_path]=public"));
    } else {
        skipped("the form with an IPv6 address, because this machine has none");
    }
    for form in &forms {
        assert!(succeeds(&["verify", "--allow-empty"], form).contains("All holds: 0"), "{form}");
    }
    // The same from libpq's variables, and the least of an address.
    let home = tempfile::tempdir().unwrap();
    let variables = [
        ("PGHOST", "127.0.0.1"),
        ("PGPORT", &port),
        ("PGUSER", user),
        ("PGDATABASE", &database),
        ("PGSSLMODE", "disable"),
    ];
    for least in ["postgres://", "postgresql:///", "host="] {
        let mut verify = command(&home, &["verify", "--allow-empty", "--database-url", least]);
        let (code, said) = run(verify.envs(variables));
        assert!(code == Some(0) && said.contains("All holds: 0"), "{least}: {said}");
    }
    // And the service stores with one of them.
    let service = Service::on(&forms[7]);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let Answer::Created(reference) = ask(&client, &service.url(), &token()).await else { panic!("nothing was stored") };
    service.stop();
    let database = Database::Postgres(postgres);
    assert_eq!(database.counts().await, Counts::of(1));
    all_is_well(&database, &[reference]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limits_of_a_session_hold_whatever_the_address_sets() {
    let Some(postgres) = crate::support::postgres::fresh_database().await else { return };
    let url = format!("{}?application_name=limits-{}", postgres.runtime_url(), std::process::id());
    let service = Service::on(&format!("{url}&options=-c%20statement_timeout%3D0%20-c%20lock_timeout%3D0"));
    // What a session was set to cannot be seen from outside; that a statement is ended can.
    let mut owner = postgres.owner().await;
    let lock = "BEGIN; LOCK TABLE support_requests IN ACCESS EXCLUSIVE MODE";
    sqlx::raw_sql(lock).execute(&mut owner).await.unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = ask(&client, &service.url(), &token()).await;
    // Without a limit it would still wait when the service gives up: `outcome_unknown`.
    assert_eq!(answer, Answer::Refused(503, "storage_unavailable".to_owned()));
    sqlx::raw_sql("ROLLBACK").execute(&mut owner).await.unwrap();
    // A control: without the lock it is stored.
    assert!(matches!(ask(&client, &service.url(), &token()).await, Answer::Created(_)));
    service.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_cannot_be_reached_says_where_and_why_and_nothing_of_the_password() {
    let Some(postgres) = crate::support::postgres::fresh_database().await else { return };
    let Parts { port, database, .. } = parts(&postgres).await;
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = (silent.local_addr().unwrap().port(), silent);
    let web = TcpListener::bind("127.0.0.1:0").unwrap();
    let web_port = web.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in web.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 64]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let role = format!("nobody_gets_in_{}", std::process::id());
    let sql = format!("CREATE ROLE {role} LOGIN CONNECTION LIMIT 0");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut postgres.superuser().await).await.unwrap();
    let user = "support_requests_app:Canary-hunter2";
    for (address, place, why) in [
        (format!("{user}@127.0.0.1:1/{database}"), "127.0.0.1:1: ", "connection refused"),
        (format!("{user}@127.0.0.1:{}/{database}?connect_timeout=2", silent.0), "127.0.0.1:", "no answer within"),
        (format!("{user}@nowhere.invalid/{database}"), "nowhere.invalid:5432: ", "name is unknown"),
        (format!("{user}@127.0.0.1:{web_port}/{database}"), "127.0.0.1:", "not how PostgreSQL answers"),
        (format!("{user}@%2Fnonexistent/{database}"), "/nonexistent:5432: ", "no socket"),
        (format!("{user}@127.0.0.1:{port}/nowhere"), "127.0.0.1:", "database \"nowhere\" does not exist"),
        (format!("nobody:Canary-hunter2@127.0.0.1:{port}/{database}"), "127.0.0.1:", "role \"nobody\" does not exist"),
        (format!("{role}:Canary-hunter2@127.0.0.1:{port}/{database}"), "127.0.0.1:", "too many connections"),
        (format!("{user}@127.0.0.1:{port}/{database}?sslmode=require"), "127.0.0.1:", "TLS"),
        (format!("{user}@127.0.0.1:1,127.0.0.1:2/{database}"), "127.0.0.1:2: ", "127.0.0.1:1: connection refused"),
        (format!("{user}@127.0.0.1:{port}/{database}?options[nonsense]=1"), "127.0.0.1:", "nonsense"),
    ] {
        let said = fails(&["verify", "--log", "trace"], &format!("postgres://{address}"));
        assert!(
            said.contains("the database cannot be reached") && said.contains(place) && said.contains(why),
            "{said}"
        );
        assert!(!said.contains("hunter2"), "{said}");
    }
    let url = format!("postgres://{user}@127.0.0.1:{port}/{database}");
    assert!(succeeds(&["verify", "--allow-empty"], &url).contains("All holds"), "the control");
}
