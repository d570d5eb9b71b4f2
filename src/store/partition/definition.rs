//! What a table has, read from the database's own catalogue: whatever later migrations add is carried like the rest.

use sqlx::PgConnection;

use super::quoted;
use crate::store::StoreError;

/// Carries over how much ANALYZE keeps of each column, of a table and of its indexes; where that is nothing, it is so for
/// the sake of erasure. `source` and `target` are a partition and its table, or the other way round.
pub(super) fn statistics(source: &str, target: &str) -> String {
    let [source, target] = [source, target].map(|table| table.replace('\'', "''"));
    format!(
        "DO $do$ DECLARE statement text; BEGIN FOR statement IN
             SELECT format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS %s', '{target}', attname, attstattarget)
             FROM pg_attribute WHERE attrelid = '{source}'::regclass AND attnum > 0 AND attstattarget >= 0
             UNION ALL
             SELECT format('ALTER INDEX %s ALTER COLUMN %s SET STATISTICS %s', t.indexrelid::regclass, attnum, attstattarget)
             FROM pg_index s JOIN pg_attribute ON attrelid = s.indexrelid AND attstattarget >= 0
             JOIN pg_index t ON t.indrelid = '{target}'::regclass
             JOIN pg_inherits ON (inhrelid, inhparent)
                 IN ((s.indexrelid, t.indexrelid), (t.indexrelid, s.indexrelid))
             WHERE s.indrelid = '{source}'::regclass
         LOOP EXECUTE statement; END LOOP; END $do$; "
    )
}

/// What a table has beside its columns.
pub(super) struct TableDefinition {
    /// As statements say it, `schema.table`.
    qualified: String,
    schema: String,
    /// Name and definition of the primary key.
    key: (String, String),
    /// Name and definition of every other index.
    indexes: Vec<(String, String)>,
    triggers: Vec<Trigger>,
    /// Who may what, beside the owner.
    grants: Vec<(String, String)>,
}

#[derive(sqlx::FromRow)]
struct Trigger {
    name: String,
    definition: String,
    enabled: String,
    for_each_row: bool,
}

impl TableDefinition {
    pub(super) async fn of(connection: &mut PgConnection, table: &str) -> Result<Self, StoreError> {
        let (schema, qualified): (String, String) = sqlx::query_as(
            "SELECT quote_ident(nspname), quote_ident(nspname) || '.' || quote_ident(relname)
             FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE c.oid = $1::text::regclass",
        )
        .bind(table)
        .fetch_one(&mut *connection)
        .await?;
        let key = "SELECT conname::text, pg_get_constraintdef(oid) FROM pg_constraint
             WHERE conrelid = $1::text::regclass AND contype = 'p'";
        let indexes =
            "SELECT c.relname::text, pg_get_indexdef(c.oid) FROM pg_index JOIN pg_class c ON c.oid = indexrelid
             WHERE indrelid = $1::text::regclass AND NOT indisprimary";
        let triggers = "SELECT quote_ident(tgname) AS name, pg_get_triggerdef(oid) AS definition,
                 tgenabled::text AS enabled, tgtype & 1 = 1 AS for_each_row
             FROM pg_trigger WHERE tgrelid = $1::text::regclass AND NOT tgisinternal";
        let grants =
            "SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END, privilege_type
             FROM pg_class, aclexplode(relacl) WHERE oid = $1::text::regclass AND grantee <> relowner";
        Ok(Self {
            qualified,
            schema,
            key: sqlx::query_as(key).bind(table).fetch_one(&mut *connection).await?,
            indexes: sqlx::query_as(indexes).bind(table).fetch_all(&mut *connection).await?,
            triggers: sqlx::query_as(triggers).bind(table).fetch_all(&mut *connection).await?,
            grants: sqlx::query_as(grants).bind(table).fetch_all(&mut *connection).await?,
        })
    }

    /// A table beside it, as statements say it.
    pub(super) fn beside(&self, name: &str) -> String {
        format!("{}.{}", self.schema, quoted(name))
    }

    pub(super) fn qualified(&self) -> &str {
        &self.qualified
    }

    /// Takes from a table that is to become the partition `name` of the table `table` what the parent brings, and the
    /// names that the parent needs. What holds for the statement stays: it does not come from the parent.
    pub(super) fn release(&self, table: &str, name: &str) -> String {
        let renamed = self.indexes.iter().chain([&self.key]).map(|(index, _)| {
            format!("ALTER INDEX {} RENAME TO {}; ", self.beside(index), quoted(&index.replacen(table, name, 1)))
        });
        let dropped = (self.triggers.iter().filter(|trigger| trigger.for_each_row))
            .map(|trigger| format!("DROP TRIGGER {} ON {}; ", trigger.name, self.beside(name)));
        joined(renamed.chain(dropped))
    }

    /// Key and indexes, for the table that took the name.
    pub(super) fn keys(&self) -> String {
        let (name, definition) = &self.key;
        let key = format!("ALTER TABLE {} ADD CONSTRAINT {} {definition}; ", self.qualified, quoted(name));
        key + &joined(self.indexes.iter().map(|(_, definition)| format!("{definition}; ")))
    }

    /// Triggers and grants, for the table that took the name.
    pub(super) fn triggers_and_grants(&self) -> String {
        let triggers = self.triggers.iter().map(|trigger| format!("{}; ", trigger.definition));
        let grant = |(role, right): &(String, String)| format!("GRANT {right} ON {} TO {role}; ", self.qualified);
        joined(triggers.chain(self.grants.iter().map(grant))) + &self.switched_everywhere()
    }

    /// What a new partition does not get from its parent: triggers on statements. And nobody has rights on it: rights on
    /// the parent are enough.
    pub(super) fn guards_of_partition(&self, name: &str) -> String {
        let (partition, on) = (self.beside(name), format!(" ON {} ", self.qualified));
        let own = |trigger: &&Trigger| !trigger.for_each_row;
        let moved = |trigger: &Trigger| trigger.definition.replacen(&on, &format!(" ON {partition} "), 1) + "; ";
        let triggers = joined(self.triggers.iter().filter(own).map(moved));
        triggers + &self.switched(&partition, own) + &self.revoked(name)
    }

    /// Takes all rights on a partition from everybody but the owner.
    pub(super) fn revoked(&self, name: &str) -> String {
        let mut roles: Vec<&str> = self.grants.iter().map(|(role, _)| role.as_str()).chain(["PUBLIC"]).collect();
        roles.sort_unstable();
        roles.dedup();
        format!("REVOKE ALL ON {} FROM {}; ", self.beside(name), roles.join(", "))
    }

    /// Triggers as they were switched: on a partitioned table this reaches every partition.
    pub(super) fn switched_everywhere(&self) -> String {
        self.switched(&self.qualified, |_| true)
    }

    fn switched(&self, table: &str, which: impl Fn(&&Trigger) -> bool) -> String {
        let switch = |trigger: &Trigger| {
            let how = match trigger.enabled.as_str() {
                "A" => "ENABLE ALWAYS",
                "R" => "ENABLE REPLICA",
                "D" => "DISABLE",
                _ => "ENABLE",
            };
            format!("ALTER TABLE {table} {how} TRIGGER {}; ", trigger.name)
        };
        joined(self.triggers.iter().filter(which).map(switch))
    }
}

fn joined(statements: impl Iterator<Item = String>) -> String {
    statements.collect::<Vec<_>>().concat()
}
