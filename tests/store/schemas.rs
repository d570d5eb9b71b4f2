//! `migrate` grants all that the runtime role needs; and what a newer build left behind troubles no older one.

use sqlx::AssertSqlSafe;

use crate::{
    binary::{fails, succeeds},
    harness::{Answer, Service, ask, token},
    support::{
        database::{Counts, Database, on_both_databases},
        postgres::fresh_database,
    },
};

async fn stores(url: &str) {
    let service = Service::on(url);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = ask(&client, &service.url(), &token()).await;
    assert!(matches!(answer, Answer::Created(_)), "{answer:?}");
    service.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn migrate_grants_the_way_to_the_tables_where_public_has_none() {
    let Some(postgres) = fresh_database().await else { return };
    postgres.make_empty().await;
    let name = postgres.runtime_url().rsplit('/').next().unwrap().to_owned();
    let schema = "Support \"2\"";
    let path = "?options[search_path]=%22Support%20%22%222%22%22%22";
    let sql = format!(
        "REVOKE CONNECT ON DATABASE {name} FROM PUBLIC;
         CREATE SCHEMA \"Support \"\"2\"\"\" AUTHORIZATION support_requests_owner;"
    );
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut postgres.superuser().await).await.unwrap();
    let (owner, runtime) = (format!("{}{path}", postgres.owner_url()), format!("{}{path}", postgres.runtime_url()));
    // Before: the database lets nobody in, and says who can mend it.
    let said = fails(&["serve"], &runtime);
    assert!(said.contains("permission denied for database") && said.contains("support-requests migrate"), "{said}");
    for _ in 0..2 {
        assert!(succeeds(&["migrate"], &owner).contains("is up to date"));
    }
    stores(&runtime).await;
    let sql = "SELECT string_agg(privilege_type, ',' ORDER BY privilege_type) FROM pg_namespace,
             aclexplode(nspacl) WHERE nspname = $1 AND grantee = 'support_requests_app'::regrole";
    let granted: Option<String> =
        sqlx::query_scalar(sql).bind(schema).fetch_one(&mut postgres.superuser().await).await.unwrap();
    assert_eq!(granted.as_deref(), Some("USAGE"), "and no more than that");
    // Taken away again: the start says that, and not that something is to be migrated.
    let sql = "REVOKE USAGE ON SCHEMA \"Support \"\"2\"\"\" FROM support_requests_app";
    sqlx::raw_sql(sql).execute(&mut postgres.superuser().await).await.unwrap();
    let said = fails(&["serve"], &runtime);
    assert!(said.contains("has no USAGE on the schema \"Support \"\"2\"\"\""), "{said}");
    succeeds(&["migrate"], &owner);
    let said = fails(&["serve"], &postgres.runtime_url());
    assert!(said.contains("not in the role's search_path"), "{said}");
    stores(&runtime).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn migrate_says_what_it_may_not_grant_and_which_schema_is_not_there() {
    let Some(postgres) = fresh_database().await else { return };
    let name = postgres.runtime_url().rsplit('/').next().unwrap().to_owned();
    let sql = format!(
        "REVOKE CONNECT ON DATABASE {name} FROM PUBLIC; ALTER DATABASE {name} OWNER TO postgres;
         GRANT CONNECT ON DATABASE {name} TO support_requests_owner;
         GRANT CREATE ON SCHEMA public TO support_requests_owner"
    );
    for statement in sql.split(';') {
        let statement = AssertSqlSafe(statement.to_owned());
        sqlx::raw_sql(statement).execute(&mut postgres.superuser().await).await.unwrap();
    }
    let said = fails(&["migrate"], &postgres.owner_url());
    assert!(said.contains(&format!("support_requests_app needs CONNECT ON DATABASE {name}")), "{said}");
    let said = fails(&["migrate"], &format!("{}?options[search_path]=nowhere", postgres.owner_url()));
    assert!(said.contains("none of the schemas in search_path (nowhere)"), "{said}");
}

on_both_databases!(a_newer_schema_is_left_alone_by_an_older_build_which_runs_on_it, async |database| {
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
        VALUES (9999, 'of a newer build', true, '', 1)";
    let mut owner = database.owner().await;
    owner.execute(newer).await.unwrap();
    owner.execute("CREATE TABLE of_a_newer_build (x TEXT)").await.unwrap();
    owner.execute("CREATE INDEX of_a_newer_build_too ON support_requests (request_id)").await.unwrap();
    if let Database::Postgres(_) = &database {
        owner.execute("GRANT UPDATE (x) ON of_a_newer_build TO support_requests_app").await.unwrap();
    }
    owner.close().await;
    let said = succeeds(&["migrate"], &database.owner_url());
    assert!(said.contains("is newer (version 9999) than this build (2): nothing to do"), "{said}");
    stores(&database.url()).await;
    assert_eq!(database.counts().await, Counts::of(1));
    let weaknesses = crate::defences::weaknesses(&database.url()).await;
    assert!(!weaknesses.iter().any(|weakness| weakness.contains("of_a_newer_build")), "{weaknesses:?}");
    // What this build knows must still be there.
    if let Database::Sqlite(_) = &database {
        let mut owner = database.owner().await;
        owner.execute("DROP TRIGGER audit_events_no_update").await.unwrap();
        owner.close().await;
        let weaknesses = crate::defences::weaknesses(&database.url()).await;
        assert!(weaknesses.iter().any(|weakness| weakness.contains("audit_events_no_update")), "{weaknesses:?}");
    }
});
