//! What the runtime role needs on PostgreSQL, given to it by `migrate`; and, at start, what is missing of it.

use sqlx::{AssertSqlSafe, PgConnection};

use super::StoreError;

/// Makes the runtime role when it is missing and gives it SELECT and INSERT on the tables, and the way to them: CONNECT
/// to the database and USAGE of the schema, where it does not have them by PUBLIC. And nothing else.
///
/// `role` is a plain identifier.
pub(super) async fn grant(connection: &mut PgConnection, role: &str) -> Result<(), StoreError> {
    let exists: bool = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = $1)")
        .bind(role)
        .fetch_one(&mut *connection)
        .await?;
    if !exists {
        sqlx::raw_sql(AssertSqlSafe(format!("CREATE ROLE {role} LOGIN"))).execute(&mut *connection).await?;
    }
    let grants = format!(
        "REVOKE ALL ON support_requests, audit_events FROM {role};
         GRANT SELECT, INSERT ON support_requests, audit_events TO {role};
         GRANT SELECT ON _sqlx_migrations TO {role};"
    );
    sqlx::raw_sql(AssertSqlSafe(grants)).execute(&mut *connection).await?;
    for missing in missing_ways(connection, role).await? {
        let statement = AssertSqlSafe(format!("GRANT {missing} TO {role}"));
        // Who may not grant gets an error from the server, or a warning only.
        let granted = sqlx::raw_sql(statement).execute(&mut *connection).await.is_ok()
            && !missing_ways(connection, role).await?.contains(&missing);
        if !granted {
            let why = format!("{role} needs {missing}, and this role may not grant it: let its owner do so");
            return Err(StoreError::NoRight(why));
        }
    }
    Ok(())
}

/// Privileges on what leads to the tables that a role does not have, as a GRANT names them.
async fn missing_ways(connection: &mut PgConnection, role: &str) -> Result<Vec<String>, sqlx::Error> {
    let sql = "SELECT 'CONNECT ON DATABASE ' || quote_ident(current_database())
             WHERE NOT has_database_privilege($1, current_database(), 'CONNECT')
         UNION ALL SELECT 'USAGE ON SCHEMA ' || quote_ident(n.nspname)
             FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid
             WHERE c.oid = 'support_requests'::regclass AND NOT has_schema_privilege($1, n.oid, 'USAGE')";
    sqlx::query_scalar(sql).bind(role).fetch_all(connection).await
}

/// Before the first migration: a schema that is not there is skipped by the server without a word.
pub(super) async fn look_at_search_path(connection: &mut PgConnection) -> Result<(), StoreError> {
    let schema: Option<String> =
        sqlx::query_scalar("SELECT current_schema()::text").fetch_one(&mut *connection).await?;
    if schema.is_some() {
        return Ok(());
    }
    let path: String = sqlx::query_scalar("SELECT current_setting('search_path')").fetch_one(connection).await?;
    Err(StoreError::NoRight(format!(
        "none of the schemas in search_path ({path}) is there for this role: CREATE SCHEMA … AUTHORIZATION its owner"
    )))
}

/// The error of a list of migrations that cannot be read, with the reason where the tables are there and only hidden.
pub(super) async fn or_hidden(connection: &mut PgConnection, error: StoreError) -> StoreError {
    match error {
        // Without the tables, what cannot be read yet is what `migrate` made first.
        StoreError::NotMigrated | StoreError::NotGranted(_) => {
            hidden(connection, &error).await.unwrap_or(StoreError::NotMigrated)
        }
        other => other,
    }
}

/// Tables of ours that this session does not see, and why.
async fn hidden(connection: &mut PgConnection, error: &StoreError) -> Option<StoreError> {
    let sql = "SELECT current_user::text, quote_ident(n.nspname), has_schema_privilege(n.oid, 'USAGE'),
             pg_table_is_visible(c.oid)
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relname = 'support_requests' AND c.relkind IN ('r', 'p') ORDER BY 4 DESC, 3 DESC LIMIT 1";
    let (role, schema, usage, visible): (String, String, bool, bool) =
        sqlx::query_as(sql).fetch_optional(connection).await.ok()??;
    let why = if !usage {
        format!("the role {role} has no USAGE on the schema {schema}, where the tables are")
    } else if !visible {
        return Some(StoreError::NoRight(format!(
            "the tables are in the schema {schema}, which is not in the role's search_path: add \
             options[search_path]={schema} to the database's address"
        )));
    } else if matches!(error, StoreError::NotMigrated) {
        // Everything can be seen, and is of an older build.
        return None;
    } else {
        format!("the role {role} may not read the table _sqlx_migrations in the schema {schema}")
    };
    Some(StoreError::NotGranted(format!("{why}: run `support-requests migrate` as its owner, which grants it")))
}
