//! The digests of a record, reckoned once more and without the service's own code.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// As specs/integrity.md says, from what `show --json` prints.
pub fn check(mut row: Value) {
    let take = |from: &mut Value, names: &[&str]| -> Value {
        let members = from.as_object_mut().unwrap();
        names.iter().filter_map(|name| members.remove(*name).map(|value| ((*name).to_owned(), value))).collect()
    };
    let sha = |salt: &[u8], value: &Value| {
        let mut digest = Sha256::new_with_prefix(salt);
        digest.update(serde_json_canonicalizer::to_vec(value).unwrap());
        json!(format!("{:x}", digest.finalize()))
    };
    let own = take(&mut row, &["record_digest", "salt"]);
    let names = "summary reproduction_notes contact_name contact_email creator_subject creator_name";
    let mut personal = take(&mut row, &names.split(' ').collect::<Vec<_>>());
    personal["context"] = take(&mut row["context"], &["references", "diagnostics"]);
    let salt = bytes(own["salt"].as_str().unwrap());
    assert_eq!(sha(&salt, &personal), row["personal_digest"]);
    assert_eq!(sha(b"", &row), own["record_digest"]);
}

/// 32 bytes, from their hexadecimal digits.
fn bytes(hex: &str) -> Vec<u8> {
    let half = |half: &str| u128::from_str_radix(half, 16).unwrap().to_be_bytes();
    [half(&hex[..32]), half(&hex[32..])].concat()
}
