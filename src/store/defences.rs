//! The database's own defences against change: are they all there, and are they on?
//!
//! A service that runs weakened would go on answering references that anybody could change. In production it does not
//! start; in development it says so.

use std::collections::BTreeSet;

use sqlx::{Connection, PgConnection, SqliteConnection};

use super::{DatabaseUrl, StoreError, migrate, open, url::Kind};

/// The tables that are never changed, and what each has against it.
const TABLES: [(&str, &[Trigger]); 2] =
    [("support_requests", &SUPPORT_REQUESTS_TRIGGERS), ("audit_events", &AUDIT_EVENTS_TRIGGERS)];

/// A trigger: its name, its function, and `pg_trigger.tgtype` (1 row, 2 before, 4 insert, 8 delete, 16 update,
/// 32 truncate).
type Trigger = (&'static str, &'static str, i16);

const SUPPORT_REQUESTS_TRIGGERS: [Trigger; 4] = [
    ("support_requests_no_erased", "support_requests_refuse_change", 1 | 2 | 4),
    ("support_requests_no_update", "support_requests_only_erase", 1 | 2 | 16),
    ("support_requests_no_delete", "support_requests_refuse_change", 1 | 2 | 8),
    ("support_requests_no_truncate", "support_requests_refuse_change", 2 | 32),
];
const AUDIT_EVENTS_TRIGGERS: [Trigger; 5] = [
    ("audit_events_no_erased", "support_requests_refuse_change", 1 | 2 | 4),
    ("audit_events_no_update", "audit_events_only_erase", 1 | 2 | 16),
    ("audit_events_no_delete", "support_requests_refuse_change", 1 | 2 | 8),
    ("audit_events_no_truncate", "support_requests_refuse_change", 2 | 32),
    ("audit_events_erases", "audit_events_erase", 1 | 4),
];

/// Everything that is weaker than it must be, in words; empty when nothing is.
pub(super) async fn weaknesses(url: &DatabaseUrl) -> Result<Vec<String>, StoreError> {
    match url.kind() {
        Kind::Sqlite(options) => {
            let mut connection =
                SqliteConnection::connect_with(&open::sqlite_reading(options)).await.map_err(StoreError::Open)?;
            let found = sqlite(&mut connection).await;
            let _ = connection.close().await;
            found
        }
        Kind::Postgres(address) => {
            let mut connection = open::postgres_connection(address).await?;
            let found = postgres(&mut connection).await;
            let _ = connection.close().await;
            found
        }
    }
}

/// The schema must be, to the letter, the one that the migrations make. In that of a newer build, what this build knows
/// must stand there unchanged; what it does not know may be there, for it cannot tell what that is for.
async fn sqlite(connection: &mut SqliteConnection) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_master
         WHERE tbl_name IN ('support_requests', 'audit_events', 'journal_state')";
    let mut fresh = SqliteConnection::connect("sqlite::memory:").await.map_err(StoreError::Open)?;
    migrate::SQLITE.run(&mut fresh).await?;
    let wanted: BTreeSet<(String, String)> = sqlx::query_as(sql).fetch_all(&mut fresh).await?.into_iter().collect();
    let found: BTreeSet<(String, String)> =
        sqlx::query_as(sql).fetch_all(&mut *connection).await?.into_iter().collect();
    let missing = wanted.difference(&found).map(|(what, _)| format!("the {what} is missing or was changed"));
    let applied: Option<i64> =
        sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(&mut *connection).await?;
    let newer = applied.is_some_and(|version| !migrate::SQLITE.version_exists(version));
    let surplus = found
        .difference(&wanted)
        .filter(|(what, _)| !newer && !wanted.iter().any(|(known, _)| known == what))
        .map(|(what, _)| format!("the {what} is not one of ours"));
    Ok(missing.chain(surplus).collect())
}

async fn postgres(connection: &mut PgConnection) -> Result<Vec<String>, StoreError> {
    let mut weak = Vec::new();
    let role: String = sqlx::query_scalar("SELECT current_user::text").fetch_one(&mut *connection).await?;
    let superuser: bool = sqlx::query_scalar("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        .fetch_one(&mut *connection)
        .await?;
    if superuser {
        weak.push(format!("the role {role} is a superuser, whom no grant and few triggers stop"));
    }
    weak.extend(property(connection, &role).await?.into_iter().filter(|_| !superuser));
    for (table, wanted) in TABLES {
        for table in with_partitions(connection, table).await? {
            weak.extend(rights(connection, &role, &table).await?.into_iter().filter(|_| !superuser));
            weak.extend(triggers(connection, &table, wanted).await?);
        }
    }
    weak.extend(functions(connection).await?);
    for setting in ["fsync", "full_page_writes"] {
        let value: String =
            sqlx::query_scalar("SELECT current_setting($1)").bind(setting).fetch_one(&mut *connection).await?;
        if value != "on" {
            weak.push(format!("the server runs with {setting} = {value}: a commit may not survive a crash"));
        }
    }
    Ok(weak)
}

/// A table and its partitions, which can be written to by their own names: each needs everything that the table has.
async fn with_partitions(connection: &mut PgConnection, table: &str) -> Result<Vec<String>, StoreError> {
    let sql =
        "SELECT $1::text UNION SELECT relid::regclass::text FROM pg_partition_tree($1::text::regclass) ORDER BY 1";
    Ok(sqlx::query_scalar(sql).bind(table).fetch_all(connection).await?)
}

/// Whoever owns what a table is in can drop the table.
async fn property(connection: &mut PgConnection, role: &str) -> Result<Vec<String>, StoreError> {
    let owned: Vec<String> = sqlx::query_scalar(
        "SELECT 'the database' FROM pg_database
             WHERE datname = current_database() AND pg_has_role(current_user, datdba, 'MEMBER')
         UNION ALL SELECT 'the schema ' || n.nspname FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid
             WHERE c.oid = 'support_requests'::regclass AND pg_has_role(current_user, n.nspowner, 'MEMBER')",
    )
    .fetch_all(connection)
    .await?;
    Ok(owned
        .into_iter()
        .map(|what| format!("the role {role} owns {what}, and an owner can drop what is in it"))
        .collect())
}

/// Everything that the role may do to a table beyond SELECT and INSERT.
async fn rights(connection: &mut PgConnection, role: &str, table: &str) -> Result<Vec<String>, StoreError> {
    let owner: bool = sqlx::query_scalar(
        "SELECT pg_has_role(current_user, relowner, 'MEMBER') FROM pg_class WHERE oid = $1::text::regclass",
    )
    .bind(table)
    .fetch_one(&mut *connection)
    .await?;
    if owner {
        return Ok(vec![format!("the role {role} owns {table}, and an owner walks past triggers")]);
    }
    let may: Vec<String> = sqlx::query_scalar(
        "SELECT right_name FROM unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS right_name
         WHERE has_table_privilege($1::text::regclass, right_name)
            OR (right_name = 'UPDATE' AND has_any_column_privilege($1::text::regclass, right_name))",
    )
    .bind(table)
    .fetch_all(connection)
    .await?;
    Ok(may.into_iter().map(|right| format!("the role {role} has {right} on {table}")).collect())
}

/// The triggers must be there, ours, and on for everybody; and no others, and no rules, which could swallow an insert.
async fn triggers(connection: &mut PgConnection, table: &str, wanted: &[Trigger]) -> Result<Vec<String>, StoreError> {
    let found: Vec<(String, bool, String, i16)> = sqlx::query_as(
        "SELECT tgname::text, tgenabled = 'A', proname::text, tgtype
         FROM pg_trigger JOIN pg_proc p ON p.oid = tgfoid
         WHERE tgrelid = $1::text::regclass AND (NOT tgisinternal OR tgparentid <> 0)",
    )
    .bind(table)
    .fetch_all(&mut *connection)
    .await?;
    let mut weak = Vec::new();
    for (name, function, kind) in wanted {
        match found.iter().find(|(found, ..)| found == name) {
            None => weak.push(format!("the trigger {name} is missing on {table}")),
            Some((_, true, called, found)) if called == function && found == kind => {}
            Some(_) => weak
                .push(format!("the trigger {name} is switched off on {table}, or is not what the migration made it")),
        }
    }
    let strange = found.iter().filter(|(name, ..)| wanted.iter().all(|(ours, ..)| ours != name));
    weak.extend(strange.map(|(name, ..)| format!("the trigger {name} on {table} is not one of ours")));
    let rules: i64 = sqlx::query_scalar("SELECT count(*) FROM pg_rewrite WHERE ev_class = $1::text::regclass")
        .bind(table)
        .fetch_one(connection)
        .await?;
    if rules > 0 {
        weak.push(format!("{table} has rules, which can turn a write into something else"));
    }
    Ok(weak)
}

/// The triggers' functions must still say what the migration made them say.
async fn functions(connection: &mut PgConnection) -> Result<Vec<String>, StoreError> {
    let wanted: BTreeSet<&str> = TABLES.iter().flat_map(|(_, triggers)| *triggers).map(|(_, name, _)| *name).collect();
    let names: Vec<&str> = wanted.iter().copied().collect();
    let found: Vec<(String, String)> =
        sqlx::query_as("SELECT proname::text, prosrc FROM pg_proc WHERE proname = ANY($1)")
            .bind(names)
            .fetch_all(connection)
            .await?;
    let source = migrate::postgres_source();
    let is_changed = |name: &&str| {
        let mut said = found.iter().filter(|(found, _)| found == name).peekable();
        said.peek().is_none() || said.any(|(_, body)| !source.contains(body.as_str()))
    };
    Ok(wanted.into_iter().filter(is_changed).map(|name| format!("the function {name} was changed")).collect())
}
