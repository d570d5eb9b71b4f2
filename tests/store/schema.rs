//! From nothing, and from the schema before, to the newest: by one process or by several at once.

use std::{
    os::unix::fs::PermissionsExt as _,
    process::{Command, Output, Stdio},
};

use sqlx::{Connection as _, PgConnection, SqliteConnection};

use crate::{
    harness::{Answer, Service, all_is_well, ask, token},
    support::{
        database::{Database, on_both_databases},
        postgres::PostgresDatabase,
    },
};

/// How many processes come at once.
const AT_ONCE: usize = 6;

/// What the second migration adds is taken away, and that it was ever there.
const BACK_TO_THE_FIRST: &str = "ALTER TABLE support_requests ALTER COLUMN context SET COMPRESSION pglz;
    DELETE FROM _sqlx_migrations WHERE version > 1";

async fn stored(service: &Service) -> String {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    match ask(&client, &service.url(), &token()).await {
        Answer::Created(reference) => reference,
        other => panic!("{other:?}"),
    }
}

/// The built binary migrates, several times at once.
async fn migrate_at_once(owner_url: &str) {
    let migrations = (0..AT_ONCE).map(|_| {
        let owner_url = owner_url.to_owned();
        tokio::task::spawn_blocking(move || binary(&["migrate"], "SUPPORT_REQUESTS_OWNER_DATABASE_URL", &owner_url))
    });
    for done in migrations.collect::<Vec<_>>() {
        let output = done.await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

fn binary(args: &[&str], setting: &str, value: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_support-requests"))
        .args(args)
        .env_clear()
        .env(setting, value)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

async fn versions(postgres: &PostgresDatabase) -> Vec<i64> {
    let sql = "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version";
    sqlx::query_scalar(sql).fetch_all(&mut postgres.owner().await).await.unwrap()
}

async fn compression(connection: &mut PgConnection) -> String {
    let sql = "SELECT attcompression::text FROM pg_attribute
        WHERE attrelid = 'support_requests'::regclass AND attname = 'context'";
    sqlx::query_scalar(sql).fetch_one(connection).await.unwrap()
}

on_both_databases!(several_processes_at_once_bring_an_empty_database_up_to_date, async |database| {
    match &database {
        Database::Postgres(postgres) => {
            postgres.make_empty().await;
            migrate_at_once(&postgres.owner_url()).await;
            assert_eq!(versions(postgres).await, [1, 2]);
        }
        Database::Sqlite(_) => {}
    }
    let fresh = tempfile::tempdir().unwrap();
    std::fs::set_permissions(fresh.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    let url = match &database {
        Database::Postgres(_) => database.url(),
        Database::Sqlite(_) => format!("sqlite://{}", fresh.path().join("new.db").display()),
    };
    // They start one after the other here, each while the one before may still be migrating.
    let starts = (0..AT_ONCE).map(|_| {
        let url = url.clone();
        tokio::task::spawn_blocking(move || Service::on(&url))
    });
    for started in starts.collect::<Vec<_>>() {
        let service = started.await.unwrap();
        stored(&service).await;
        tokio::task::spawn_blocking(|| service.stop()).await.unwrap();
    }
    if let Database::Postgres(_) = &database {
        all_is_well(&database, &[]).await;
    }
});

on_both_databases!(a_database_of_the_first_schema_is_brought_up_to_date_with_what_is_in_it, async |database| {
    let service = Service::start(&database);
    let before = stored(&service).await;
    tokio::task::spawn_blocking(|| service.stop()).await.unwrap();
    match &database {
        Database::Postgres(postgres) => {
            let mut owner = postgres.owner().await;
            let newest = compression(&mut owner).await;
            sqlx::raw_sql(BACK_TO_THE_FIRST).execute(&mut owner).await.unwrap();
            let refused = binary(&["serve"], "SUPPORT_REQUESTS_DATABASE_URL", &database.url());
            let said = String::from_utf8_lossy(&refused.stderr).into_owned();
            assert!(!refused.status.success() && said.contains("support-requests migrate"), "{said}");
            migrate_at_once(&postgres.owner_url()).await;
            assert_eq!((versions(postgres).await, compression(&mut owner).await), (vec![1, 2], newest));
        }
        Database::Sqlite(_) => {
            let mut file = SqliteConnection::connect(&database.url()).await.unwrap();
            let gone = sqlx::query("DELETE FROM _sqlx_migrations WHERE version > 1").execute(&mut file).await.unwrap();
            assert_eq!(gone.rows_affected(), 1);
            file.close().await.unwrap();
        }
    }
    let service = Service::start(&database);
    let after = stored(&service).await;
    tokio::task::spawn_blocking(|| service.stop()).await.unwrap();
    all_is_well(&database, &[before, after]).await;
});
