//! Triggers, their functions, and the service's own role, on PostgreSQL.

use sqlx::PgConnection;

use super::expected::{TABLES, Trigger, function_body};
use crate::store::StoreError;

/// What is weak about the tables, whoever asks.
pub(in crate::store) async fn of_the_tables(connection: &mut PgConnection) -> Result<Vec<String>, StoreError> {
    let mut weak = Vec::new();
    for (table, wanted) in TABLES {
        for table in with_partitions(connection, table).await? {
            weak.extend(triggers(connection, &table, wanted).await?);
            weak.extend(surroundings(connection, &table).await?);
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

/// What is weak for the service: also its own role, and the server.
pub(super) async fn of_the_service(connection: &mut PgConnection) -> Result<Vec<String>, StoreError> {
    let mut weak = of_the_role(connection).await?;
    weak.extend(of_the_tables(connection).await?);
    weak.extend(of_the_server(connection).await?);
    Ok(weak)
}

/// What the service's own role may do that it must not.
pub(in crate::store) async fn of_the_role(connection: &mut PgConnection) -> Result<Vec<String>, StoreError> {
    let mut weak = Vec::new();
    let role: String = sqlx::query_scalar("SELECT current_user::text").fetch_one(&mut *connection).await?;
    let superuser: bool = sqlx::query_scalar("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        .fetch_one(&mut *connection)
        .await?;
    if superuser {
        weak.push(format!("the role {role} is a superuser, whom no grant and few triggers stop"));
    } else {
        weak.extend(property(connection, &role).await?);
        for (table, _) in TABLES {
            for table in with_partitions(connection, table).await? {
                weak.extend(rights(connection, &role, &table).await?);
            }
        }
    }
    Ok(weak)
}

/// Settings with which a commit that was acknowledged may be lost.
///
/// The writer turns `synchronous_commit` on for its own session wherever it finds it off, at each new connection. At start
/// it is a weakness all the same: somebody decided that commits here may be lost, and other sessions keep to that.
pub(in crate::store) async fn of_the_server(connection: &mut PgConnection) -> Result<Vec<String>, StoreError> {
    let sql =
        "SELECT current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit')";
    let (fsync, full_page_writes, synchronous_commit): (String, String, String) =
        sqlx::query_as(sql).fetch_one(connection).await?;
    let mut weak = Vec::new();
    for (setting, value) in [("fsync", fsync), ("full_page_writes", full_page_writes)] {
        if value != "on" {
            weak.push(format!("the server runs with {setting} = {value}: a commit may not survive a crash"));
        }
    }
    if synchronous_commit == "off" {
        weak.push(
            "a session begins with synchronous_commit = off, by the server, the database, the role or the address: a \
             commit may not survive a crash"
                .to_owned(),
        );
    }
    Ok(weak)
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

/// A trigger that was found.
#[derive(sqlx::FromRow)]
struct Found {
    name: String,
    is_always: bool,
    kind: i16,
    function: String,
    body: String,
    /// In the language of the migrations, with the rights of whoever calls it, and with a `search_path` of its own.
    is_plain: bool,
    definition: String,
}

/// The triggers must be there, ours, on for everybody, and do what the migrations made them do; and no others.
async fn triggers(connection: &mut PgConnection, table: &str, wanted: &[Trigger]) -> Result<Vec<String>, StoreError> {
    let found: Vec<Found> = sqlx::query_as(
        "SELECT tgname::text AS name, tgenabled = 'A' AS is_always, tgtype AS kind, proname::text AS function,
             prosrc AS body, lanname = 'plpgsql' AND NOT prosecdef AND tgnargs = 0
                 AND proconfig IS NOT DISTINCT FROM ARRAY['search_path=pg_catalog, ' || pronamespace::regnamespace::text || ', pg_temp']
                 AND tgattr = '' AS is_plain, pg_get_triggerdef(t.oid, true) AS definition
         FROM pg_trigger t JOIN pg_proc p ON p.oid = tgfoid JOIN pg_language l ON l.oid = prolang
         WHERE tgrelid = $1::text::regclass AND (NOT tgisinternal OR tgparentid <> 0)",
    )
    .bind(table)
    .fetch_all(&mut *connection)
    .await?;
    let mut weak = Vec::new();
    for Trigger { name, function, kind, when } in wanted {
        let Some(trigger) = found.iter().find(|found| found.name == *name) else {
            weak.push(format!("the trigger {name} is missing on {table}"));
            continue;
        };
        if !trigger.is_always || trigger.function != *function || trigger.kind != *kind || condition(trigger) != *when {
            weak.push(format!("the trigger {name} is switched off on {table}, or is not what the migration made it"));
        } else if !trigger.is_plain || function_body(function).as_deref() != Some(trigger.body.as_str()) {
            let changed = format!("the function {function} was changed");
            if !weak.contains(&changed) {
                weak.push(changed);
            }
        }
    }
    let strange = found.iter().filter(|found| wanted.iter().all(|ours| ours.name != found.name));
    weak.extend(strange.map(|found| format!("the trigger {} on {table} is not one of ours", found.name)));
    Ok(weak)
}

/// What a trigger asks before it does anything.
fn condition(trigger: &Found) -> &str {
    let when = trigger.definition.split_once(" WHEN (").map(|(_, when)| when);
    when.and_then(|when| when.split_once(") EXECUTE ")).map_or("", |(when, _)| when)
}

/// What stands between a statement and the table: rules, which could swallow an insert, and policies, which hide rows.
async fn surroundings(connection: &mut PgConnection, table: &str) -> Result<Vec<String>, StoreError> {
    let (rules, policies, strange): (bool, bool, bool) = sqlx::query_as(
        "SELECT EXISTS (SELECT 1 FROM pg_rewrite WHERE ev_class = c.oid), relrowsecurity OR relforcerowsecurity,
             relkind NOT IN ('r', 'p') OR relpersistence <> 'p'
                 OR (relkind = 'r' AND EXISTS (SELECT 1 FROM pg_inherits WHERE inhparent = c.oid))
         FROM pg_class c WHERE oid = $1::text::regclass",
    )
    .bind(table)
    .fetch_one(connection)
    .await?;
    let mut weak = Vec::new();
    if rules {
        weak.push(format!("{table} has rules, which can turn a write into something else"));
    }
    if policies {
        weak.push(format!("{table} has row security, which can hide rows"));
    }
    if strange {
        weak.push(format!("{table} is not the table that the migration made"));
    }
    Ok(weak)
}
