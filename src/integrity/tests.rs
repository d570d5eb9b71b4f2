use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{
    canonical::{Member, canonical, digest, hex},
    *,
};

fn by_the_library(value: &impl Serialize) -> String {
    hex(&Sha256::digest(serde_json_canonicalizer::to_vec(value).unwrap()))
}

fn record(text: &str, context: Value) -> Record {
    let text = || text.to_owned();
    Record {
        reference: text(),
        created_at: text(),
        workspace_id: text(),
        tenant_id: text(),
        primary_context_type: text(),
        primary_context_id: text(),
        severity: text(),
        summary: text(),
        reproduction_notes: Some(text()),
        contact_name: None,
        contact_email: Some(text()),
        creator_subject: text(),
        creator_name: None,
        attachment_mode: text(),
        attachment_reason: text(),
        request_id: text(),
        context,
    }
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

proptest! {
    #[test]
    fn what_is_written_straight_down_is_what_the_library_writes(text: String, context in any_json(), sequence in 1..1_i64 << 53) {
        prop_assert_eq!(canonical(&context), serde_json_canonicalizer::to_string(&context).unwrap());
        let record = record(&text, context);
        prop_assert_eq!(record_digest(&record), by_the_library(&record));
        let stored = StoredRecord { record, record_digest: text };
        let end = ChainEnd { chain: "c".to_owned(), sequence: sequence - 1, digest: NO_PREVIOUS.to_owned() };
        let (audit, _) = end.link(&stored);
        prop_assert_eq!(&audit.digest, &by_the_library(&audit.link));
    }
}

#[test]
fn the_digest_does_not_depend_on_how_a_database_writes_the_same_json() {
    let stored: Value = serde_json::from_str(r#"{"b":1.0,"a":[100,0.1,"\u00e9"]}"#).unwrap();
    assert_eq!(canonical(&stored), canonical(&json!({"a": [1e2, 0.1, "\u{e9}"], "b": 1})));
}

#[test]
fn the_digest_is_plain_sha_256_of_canonical_json() {
    // printf '{"a":1}' | sha256sum
    let known = "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862";
    assert_eq!(digest(&[("a", Member::Number(1))]), known);
}
