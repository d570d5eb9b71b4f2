//! What would make every request fail is told at the start, by name and with what to do, in every environment.

use sqlx::AssertSqlSafe;
use support_requests::store::{DatabaseUrl, RuntimeRole, migrate};

use crate::{
    harness::Service,
    support::{
        database::{Database, on_both_databases},
        postgres::{OWNER_ROLE, PostgresDatabase, RUNTIME_ROLE},
    },
};

async fn as_superuser(postgres: &PostgresDatabase, sql: &str) {
    let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
    sql.execute(&mut postgres.superuser().await).await.unwrap();
}

async fn refusal(url: &str) -> String {
    let url = url.to_owned();
    tokio::task::spawn_blocking(move || Service::refused(&url)).await.unwrap()
}

on_both_databases!(a_role_that_may_not_insert_is_named_at_the_start, async |database| {
    let Database::Postgres(postgres) = &database else { return };
    as_superuser(postgres, "REVOKE INSERT ON audit_events FROM support_requests_app").await;
    let said = refusal(&database.url()).await;
    assert!(said.contains("support_requests_app lacks rights: audit_events (INSERT)"), "{said}");
});

on_both_databases!(a_schema_that_the_role_may_not_use_is_told_as_a_missing_right, async |database| {
    let Database::Postgres(postgres) = &database else { return };
    as_superuser(
        postgres,
        "CREATE SCHEMA support; ALTER TABLE support_requests SET SCHEMA support;
         ALTER TABLE audit_events SET SCHEMA support; ALTER TABLE _sqlx_migrations SET SCHEMA support",
    )
    .await;
    let said = refusal(&format!("{}?options[search_path]=support", database.url())).await;
    assert!(said.contains("support_requests_app has no USAGE on the schema support"), "{said}");
    assert!(!said.contains("not up to date"), "{said}");
});

on_both_databases!(a_table_of_migrations_that_the_role_may_not_read_is_told_as_a_missing_right, async |database| {
    let Database::Postgres(postgres) = &database else { return };
    as_superuser(postgres, "REVOKE SELECT ON _sqlx_migrations FROM support_requests_app").await;
    let said = refusal(&database.url()).await;
    assert!(said.contains("_sqlx_migrations") && !said.contains("not up to date"), "{said}");
});

on_both_databases!(a_schema_of_an_older_build_is_told_as_such_and_not_as_a_missing_right, async |database| {
    let Database::Postgres(postgres) = &database else { return };
    as_superuser(postgres, "UPDATE _sqlx_migrations SET success = false WHERE version > 1").await;
    let said = refusal(&database.url()).await;
    assert!(said.contains("not up to date: run `support-requests migrate`"), "{said}");
});

on_both_databases!(a_session_that_is_read_only_is_named_at_the_start, async |database| {
    let Database::Postgres(postgres) = &database else { return };
    let name = database.url().rsplit('/').next().unwrap().to_owned();
    let role = format!("ALTER ROLE {RUNTIME_ROLE} IN DATABASE {name}");
    as_superuser(postgres, &format!("{role} SET default_transaction_read_only = on")).await;
    let said = refusal(&database.url()).await;
    assert!(said.contains("default_transaction_read_only"), "{said}");
});

on_both_databases!(a_database_in_which_not_every_text_can_be_stored_is_refused, async |database| {
    let Database::Postgres(postgres) = &database else { return };
    let name = format!("{}_latin1", database.url().rsplit('/').next().unwrap());
    let sql = format!(
        "CREATE DATABASE {name} ENCODING LATIN1 TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C' OWNER {OWNER_ROLE}"
    );
    as_superuser(postgres, &sql).await;
    let at = |url: String| format!("{}/{name}", url.rsplit_once('/').unwrap().0);
    let owner = DatabaseUrl::parse(&at(postgres.owner_url())).unwrap();
    // Before the first table is made, so that nobody has to move them later.
    let refused = migrate(&owner, &RuntimeRole::parse(RUNTIME_ROLE).unwrap()).await.unwrap_err().to_string();
    assert!(refused.contains("LATIN1") && refused.contains("UTF8"), "{refused}");
    let said = refusal(&at(database.url())).await;
    assert!(said.contains("LATIN1") && said.contains("UTF8"), "{said}");
    as_superuser(postgres, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
});
