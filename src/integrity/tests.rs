use ::redaction::Json;
use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{digests::complete, *};
use crate::canonical::Object;

fn by_the_library(salt: &[u8], value: &Value) -> String {
    let mut digest = Sha256::new_with_prefix(salt);
    digest.update(serde_json_canonicalizer::to_vec(value).unwrap());
    hex(&digest.finalize())
}

/// A record in which each text column holds `text`.
fn record(text: &str, context: &Value) -> Record {
    Record::read(|_, column| {
        Ok::<_, crate::domain::record::Unreadable>(match column.name {
            "context" => Some(canonical(context)),
            "contact_name" | "creator_name" => None,
            "salt" => Some(hex(&[7; 32])),
            _ => Some(text.to_owned()),
        })
    })
    .unwrap()
}

fn taken(from: &mut Value, names: &[&str]) -> Value {
    let members = from.as_object_mut().unwrap();
    names.iter().filter_map(|name| members.remove(*name).map(|value| ((*name).to_owned(), value))).collect()
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn any_context() -> impl Strategy<Value = Value> {
    let name = prop_oneof![Just("references".to_owned()), Just("diagnostics".to_owned()), "[a-z]{1,12}"];
    prop::collection::btree_map(name, any_json(), 0..6).prop_map(|members| members.into_iter().collect())
}

proptest! {
    #[test]
    fn what_is_written_straight_down_is_what_the_library_writes(
        text: String, context in any_context(), any in any_json(), sequence in 1..1_i64 << 53
    ) {
        prop_assert_eq!(canonical(&any), serde_json_canonicalizer::to_string(&any).unwrap());
        let sealed = complete(record(&text, &context), Object::of(&Json::from(&context)));
        prop_assert_eq!(&sealed.context, &canonical(&context));
        let mut row = serde_json::to_value(&sealed).unwrap();
        let own = taken(&mut row, &["record_digest", "salt"]);
        let mut personal = taken(&mut row, &["summary", "reproduction_notes", "contact_name", "contact_email", "creator_subject", "creator_name"]);
        personal["context"] = taken(&mut row["context"], &["references", "diagnostics"]);
        prop_assert_eq!(row["personal_digest"].as_str().unwrap(), by_the_library(&[7; 32], &personal));
        prop_assert_eq!(own["record_digest"].as_str().unwrap(), by_the_library(&[], &row));
        let digests = record_digests(&sealed).unwrap();
        prop_assert_eq!((digests.personal.unwrap(), digests.record), (sealed.personal_digest.clone(), sealed.record_digest.clone()));

        let end = ChainEnd { chain: "c".to_owned(), sequence: sequence - 1, digest: NO_PREVIOUS.to_owned() };
        let event = Event { name: CREATED_EVENT, occurred_at: &text, about: Some(&sealed), trace_id: Some(&text), details: Some("{}") };
        let (audit, _) = end.link(&event, &Actor::new(text.clone(), [8; 32]));
        let mut row = serde_json::to_value(&audit).unwrap();
        let actor = taken(&mut row, &["actor_subject"]);
        taken(&mut row, &["digest", "actor_salt"]);
        prop_assert_eq!(&audit.actor_digest, &by_the_library(&[8; 32], &actor));
        prop_assert_eq!(&audit.digest, &by_the_library(&[], &row));
    }
}

#[test]
fn the_digests_of_a_record_stay_when_what_is_personal_is_erased() {
    let context = json!({"references": {"tenant": {"id": "t"}}, "schema_version": 1});
    let whole = complete(record("x", &context), Object::of(&Json::from(&context)));
    let mut erased = whole.clone();
    (erased.summary, erased.salt, erased.creator_subject) = (None, None, None);
    (erased.reproduction_notes, erased.contact_email) = (None, None);
    erased.context = r#"{"schema_version":1}"#.to_owned();
    let digests = record_digests(&erased).unwrap();
    assert_eq!(digests, RecordDigests { personal: None, record: whole.record_digest });
}

#[test]
fn the_digest_does_not_depend_on_how_a_database_writes_the_same_json() {
    let stored: Value = serde_json::from_str(r#"{"b":1.0,"a":[100,0.1,"\u00e9"]}"#).unwrap();
    assert_eq!(canonical(&stored), canonical(&json!({"a": [1e2, 0.1, "\u{e9}"], "b": 1})));
}

/// As PostgreSQL prints a `jsonb`: shorter names first, blanks behind separators, numbers without exponents.
fn as_jsonb(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort_by_key(|name| (name.len(), name.as_bytes()));
            let members: Vec<String> =
                names.iter().map(|name| format!("{}: {}", json!(name), as_jsonb(&members[*name]))).collect();
            format!("{{{}}}", members.join(", "))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(as_jsonb).collect::<Vec<_>>().join(", ")),
        Value::Number(_) => in_full(&canonical(value)),
        other => other.to_string(),
    }
}

/// A number without its exponent, by the digits alone.
fn in_full(number: &str) -> String {
    let Some((mantissa, exponent)) = number.split_once('e') else { return number.to_owned() };
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let exponent: i32 = exponent.parse().unwrap();
    let digits = mantissa.replace('.', "");
    let places = usize::try_from(exponent.abs()).unwrap();
    if exponent < 0 {
        format!("{sign}0.{}{digits}", "0".repeat(places - 1))
    } else {
        format!("{sign}{digits}{}", "0".repeat(places + 1 - digits.len()))
    }
}

proptest! {
    #[test]
    fn what_a_jsonb_prints_becomes_what_the_library_writes(value in any_json()) {
        let canonical = serde_json_canonicalizer::to_string(&value).unwrap();
        prop_assert_eq!(canonical_of_jsonb(&as_jsonb(&value)), Some(canonical.clone()));
        prop_assert!(is_canonical(&canonical));
    }

    #[test]
    fn no_text_at_all_stops_the_scanner(text: String, json in "[\\[\\]{}:,\"\\\\0-9eE.+ \\-a-u]{0,40}") {
        for text in [text, json] {
            if is_canonical(&text) {
                let value: Value = serde_json::from_str(&text).unwrap();
                prop_assert_eq!(serde_json_canonicalizer::to_string(&value).unwrap(), text);
            }
        }
    }
}

#[test]
fn the_notation_of_a_number_is_part_of_what_is_compared() {
    for (stored, canonical) in [
        ("1", "1"),
        ("-0.5", "-0.5"),
        ("100000000000000000000", "100000000000000000000"),
        ("1000000000000000000000", "1e+21"),
        ("0.0000001", "1e-7"),
        ("-0.00000015", "-1.5e-7"),
    ] {
        assert_eq!(canonical_of_jsonb(stored).as_deref(), Some(canonical));
        assert!(is_canonical(canonical));
    }
    for changed in ["1.0", "1e0", "1.50", "00", "01", "-0", "+1", ".5", "1.", "1e21", "12345678901234567890123", ""] {
        assert_eq!(canonical_of_jsonb(changed), None, "{changed}");
        assert!(!is_canonical(changed), "{changed}");
    }
}

#[test]
fn what_is_not_canonical_is_refused_whatever_it_means() {
    for text in [
        r#"{"b":1,"a":2}"#,
        r#"{"a":1,"a":2}"#,
        r#"{"a": 1}"#,
        r#"["\u0041"]"#,
        r#"["\u001F"]"#,
        r#"["\u000a"]"#,
        r#"["\/"]"#,
        "[\"\n\"]",
        "[1] ",
        "{\"\u{1f600}\":1,\"\u{ff5e}\":2,\"\u{1f600}\":1}",
        "nul",
    ] {
        assert!(!is_canonical(text), "{text}");
    }
    // By UTF-16 code units, a surrogate pair comes first.
    assert!(is_canonical("{\"\u{1f600}\":1,\"\u{ff5e}\":2}"));
    let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(is_canonical(&nested(129)), "as deep as a document may be");
    assert!(!is_canonical(&nested(130)) && !is_canonical(&nested(100_000)));
    for more in ["1 ", "1 2", "{}x", "[1]]"] {
        assert_eq!(canonical_of_jsonb(more), None, "{more}");
    }
}

#[test]
fn a_row_fits_whole_and_wholly_erased_and_in_no_other_way() {
    let context = json!({"references": {"tenant": {"id": "t"}}, "schema_version": 1});
    let whole = complete(record("x", &context), Object::of(&Json::from(&context)));
    let mut erased = whole.clone();
    (erased.summary, erased.reproduction_notes, erased.contact_name, erased.contact_email) = (None, None, None, None);
    (erased.creator_subject, erased.creator_name, erased.salt) = (None, None, None);
    erased.context = r#"{"schema_version":1}"#.to_owned();
    assert!(record_fits(&whole) && record_fits(&erased));
    let other = || Some("other".to_owned());
    let in_full = canonical(&context);
    let personal: [fn(&mut Record) -> &mut Option<String>; 6] = [
        |record| &mut record.summary,
        |record| &mut record.reproduction_notes,
        |record| &mut record.contact_name,
        |record| &mut record.contact_email,
        |record| &mut record.creator_subject,
        |record| &mut record.creator_name,
    ];
    for text in personal {
        for row in [&whole, &erased] {
            let mut changed = row.clone();
            *text(&mut changed) = other();
            assert!(!record_fits(&changed), "{changed:?}");
        }
    }
    assert!(!record_fits(&Record { context: in_full, ..erased.clone() }), "half of it came back");
    assert!(!record_fits(&Record { severity: "y".to_owned(), ..erased }));

    let event = Event { name: CREATED_EVENT, occurred_at: "t", about: Some(&whole), trace_id: None, details: None };
    let (link, _) = ChainEnd::start(ulid::Ulid::nil()).link(&event, &Actor::new("ada".to_owned(), [8; 32]));
    let gone = AuditRecord { actor_subject: None, actor_salt: None, ..link.clone() };
    assert!(link_fits(&link) && link_fits(&gone));
    for row in [&link, &gone] {
        assert!(!link_fits(&AuditRecord { actor_subject: other(), ..row.clone() }));
        assert!(!link_fits(&AuditRecord { severity: other(), ..row.clone() }));
    }
    assert!(!link_fits(&AuditRecord { actor_subject: None, ..link }));
}
