//! What the migrations make on PostgreSQL.

use crate::store::migrate;

/// A trigger that must be there.
pub(super) struct Trigger {
    pub(super) name: &'static str,
    pub(super) function: &'static str,
    /// `pg_trigger.tgtype`: 1 row, 2 before, 4 insert, 8 delete, 16 update, 32 truncate.
    pub(super) kind: i16,
    /// What it asks first, as PostgreSQL prints it.
    pub(super) when: &'static str,
}

const fn trigger(name: &'static str, function: &'static str, kind: i16, when: &'static str) -> Trigger {
    Trigger { name, function, kind, when }
}

/// The tables that only an erasure changes, and what each has against it.
pub(super) const TABLES: [(&str, &[Trigger]); 2] =
    [("support_requests", &SUPPORT_REQUESTS_TRIGGERS), ("audit_events", &AUDIT_EVENTS_TRIGGERS)];

const SUPPORT_REQUESTS_TRIGGERS: [Trigger; 4] = [
    trigger("support_requests_no_erased", "support_requests_refuse_change", 1 | 2 | 4, "new.salt IS NULL"),
    trigger("support_requests_no_update", "support_requests_only_erase", 1 | 2 | 16, ""),
    trigger("support_requests_no_delete", "support_requests_refuse_change", 1 | 2 | 8, ""),
    trigger("support_requests_no_truncate", "support_requests_refuse_change", 2 | 32, ""),
];
const AUDIT_EVENTS_TRIGGERS: [Trigger; 5] = [
    trigger("audit_events_no_erased", "support_requests_refuse_change", 1 | 2 | 4, "new.actor_salt IS NULL"),
    trigger("audit_events_no_update", "audit_events_only_erase", 1 | 2 | 16, ""),
    trigger("audit_events_no_delete", "support_requests_refuse_change", 1 | 2 | 8, ""),
    trigger("audit_events_no_truncate", "support_requests_refuse_change", 2 | 32, ""),
    trigger("audit_events_erases", "audit_events_erase", 1 | 4, "new.event = 'support_request.erased'::event"),
];

/// What a function of the migrations says: the last word on it counts.
pub(super) fn function_body(name: &str) -> Option<String> {
    let source = migrate::postgres_source();
    let defined = &source[source.rfind(&format!("FUNCTION {name}() RETURNS trigger"))?..];
    Some(defined.split("$$").nth(1)?.to_owned())
}

/// A table's columns with their types, as the migrations write them.
pub(super) fn columns(table: &str) -> Vec<(String, String)> {
    let source = migrate::postgres_source();
    let Some(at) = source.find(&format!("CREATE TABLE {table} (")) else { return Vec::new() };
    let lines = source[at..].lines().skip(1).take_while(|line| !line.starts_with(')'));
    lines.filter_map(column).collect()
}

fn column(line: &str) -> Option<(String, String)> {
    let mut words = line.strip_prefix("    ")?.split_whitespace();
    let (name, kind) = (words.next()?, words.next()?);
    let is_name = |word: &str| word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    // `timestamptz(3)` is printed in full.
    let kind = match kind.trim_end_matches(',') {
        "timestamptz(3)" => "timestamp(3) with time zone",
        kind => kind,
    };
    (is_name(name) && !kind.is_empty()).then(|| (name.to_owned(), kind.to_owned()))
}

/// The domains of the migrations.
pub(super) fn domains() -> Vec<String> {
    let source = migrate::postgres_source();
    source.split("CREATE DOMAIN ").skip(1).filter_map(|text| text.split(' ').next()).map(str::to_owned).collect()
}

/// The enumerations of the migrations, with their labels.
pub(super) fn enumerations() -> Vec<(String, Vec<String>)> {
    let source = migrate::postgres_source();
    let each = |text: &str| {
        let name = text.split(' ').next()?.to_owned();
        let labels = text.split_once("AS ENUM")?.1.split_once(';')?.0;
        Some((name, labels.split('\'').skip(1).step_by(2).map(str::to_owned).collect()))
    };
    source.split("CREATE TYPE ").skip(1).filter_map(each).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::{AuditRecord, Record};

    #[test]
    fn the_migrations_are_read_as_they_are_meant() {
        let names = |table| columns(table).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        let wanted = |columns: &[crate::domain::record::Column]| {
            columns.iter().map(|column| column.name.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names("support_requests"), wanted(Record::COLUMNS));
        assert_eq!(names("audit_events"), wanted(AuditRecord::COLUMNS));
        for (_, triggers) in TABLES {
            for trigger in triggers {
                assert!(function_body(trigger.function).unwrap().contains("BEGIN"), "{}", trigger.name);
            }
        }
        assert_eq!(domains().len(), 6);
        assert!(
            enumerations()
                .contains(&("severity".to_owned(), ["low", "normal", "high", "blocking"].map(str::to_owned).to_vec()))
        );
    }
}
