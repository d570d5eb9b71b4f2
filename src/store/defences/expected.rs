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

/// A column, as the migrations make it.
pub(super) struct Wanted {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) not_null: bool,
}

/// A table's columns.
pub(super) fn columns(table: &str) -> Vec<Wanted> {
    let source = migrate::postgres_source();
    let Some(at) = source.find(&format!("CREATE TABLE {table} (")) else { return Vec::new() };
    let lines = source[at..].lines().skip(1).take_while(|line| !line.starts_with(')'));
    lines.filter_map(column).collect()
}

fn column(line: &str) -> Option<Wanted> {
    let mut words = line.strip_prefix("    ")?.split_whitespace();
    let (name, kind) = (words.next()?, words.next()?);
    let is_name = |word: &str| word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    // `timestamptz(3)` is printed in full.
    let kind = match kind.trim_end_matches(',') {
        "timestamptz(3)" => "timestamp(3) with time zone",
        kind => kind,
    };
    let not_null = line.contains("NOT NULL");
    (is_name(name) && !kind.is_empty()).then(|| Wanted { name: name.to_owned(), kind: kind.to_owned(), not_null })
}

/// A check of a table or a domain: the names and quoted texts in it.
pub(super) struct Check {
    pub(super) of: String,
    pub(super) words: Vec<String>,
}

/// The checks of the migrations.
pub(super) fn checks() -> Vec<Check> {
    let source = migrate::postgres_source();
    let made = ["CREATE TABLE ", "CREATE DOMAIN "].into_iter().flat_map(|create| source.split(create).skip(1));
    let each = |text: &str| {
        let of = text.split(' ').next().unwrap_or_default().to_owned();
        let body = text.split(";\n").next().unwrap_or_default().to_owned();
        let checks: Vec<String> = body.split("CHECK (").skip(1).map(closed).collect();
        checks.into_iter().map(move |check| Check { of: of.clone(), words: words(&check) })
    };
    made.flat_map(each).collect()
}

/// Up to the bracket that closes what was opened before.
fn closed(text: &str) -> String {
    let mut open = 1;
    let ends = |c: char| {
        open += i32::from(c == '(') - i32::from(c == ')');
        open == 0
    };
    text.split(ends).next().unwrap_or_default().to_owned()
}

/// Names in small letters, what a domain calls its value, and quoted texts.
fn words(check: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (place, piece) in check.split('\'').enumerate() {
        if place % 2 == 1 {
            words.push(piece.to_owned());
        } else {
            let names = piece.split(|c: char| !(c.is_ascii_alphabetic() || c == '_'));
            let is_name = |name: &&str| name.len() > 1 && name.bytes().all(|c| c.is_ascii_lowercase() || c == b'_');
            words.extend(names.filter(|name| is_name(name) || *name == "VALUE").map(str::to_owned));
        }
    }
    words
}

/// The enumerations of the migrations, with their labels.
pub(super) fn enumerations() -> Vec<(String, Vec<String>)> {
    let source = migrate::postgres_source();
    let each = |text: &str| {
        let (name, labels) = text.split_once(';')?.0.split_once(" AS ENUM")?;
        Some((name.to_owned(), labels.split('\'').skip(1).step_by(2).map(str::to_owned).collect()))
    };
    source.split("CREATE TYPE ").skip(1).filter_map(each).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::{AuditRecord, Record};

    #[test]
    fn the_migrations_are_read_as_they_are_meant() {
        let names = |table| columns(table).into_iter().map(|column| column.name).collect::<Vec<_>>();
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
        let checks = checks();
        assert_eq!(checks.iter().filter(|check| check.of == "audit_events").count(), 3);
        assert_eq!(checks.iter().filter(|check| check.of == "support_requests").count(), 3);
        assert_eq!(checks.len(), 12);
        assert!(checks.iter().all(|check| check.words.iter().any(|word| !word.is_empty())));
        let digest = checks.iter().find(|check| check.of == "hex_digest").unwrap();
        assert_eq!(digest.words, ["octet_length", "VALUE"]);
        assert!(
            enumerations()
                .contains(&("severity".to_owned(), ["low", "normal", "high", "blocking"].map(str::to_owned).to_vec()))
        );
    }
}
