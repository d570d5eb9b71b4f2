//! Project Wycheproof's JWS signatures and JWK sets. They are read from where they lie and never copied into the project;
//! `SUPPORT_REQUESTS_CORPORA` names the folder.

use crate::skipped::skipped;
use std::fs::File;
use std::path::PathBuf;

use serde_json::{Value, json};
use support_requests::auth::{KeySet, TypRule, verify_signature};

/// Signatures that cannot be used as marked: the algorithm is not that of the key (346, 350), it is P-521 (347, 351), the
/// "invalid" ones are the valid token itself (367, 370), the "valid" ones are not base64url (372, 373).
const UNUSABLE: [u64; 8] = [346, 347, 350, 351, 367, 370, 372, 373];

/// Reads a corpus, or says that it is not there.
#[expect(clippy::disallowed_methods, reason = "where the corpora lie is a setting of the test run, not of the service")]
fn corpus(name: &str) -> Option<Value> {
    let Some(folder) = std::env::var_os("SUPPORT_REQUESTS_CORPORA") else {
        skipped(&format!("SUPPORT_REQUESTS_CORPORA does not name the folder with {name}"));
        return None;
    };
    let path = PathBuf::from(folder).join(name);
    let file = File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Some(serde_json::from_reader(flate2::read::GzDecoder::new(file)).unwrap())
}

/// The public half, also where the corpus has the private one only: a private key in a set is refused for that alone,
/// and the test would prove nothing.
fn public_half(key: &Value) -> Value {
    let mut key = key.clone();
    if key["kty"] != "oct" {
        for private in ["d", "p", "q", "dp", "dq", "qi"] {
            key.as_object_mut().unwrap().remove(private);
        }
    }
    key
}

fn is_taken(jwks: &Value, token: &str) -> bool {
    KeySet::parse(&jwks.to_string())
        .is_ok_and(|loaded| verify_signature(&loaded.keys, token, TypRule::AnyAllowed).is_ok())
}

fn cases(corpus: &Value) -> impl Iterator<Item = (&Value, &Value)> {
    let groups = corpus["testGroups"].as_array().unwrap();
    groups.iter().flat_map(|group| group["tests"].as_array().unwrap().iter().map(move |case| (group, case)))
}

#[test]
fn all_393_usable_signatures_are_judged_as_wycheproof_judges_them() {
    let Some(corpus) = corpus("wycheproof_jws.json.gz") else { return };
    let (mut taken, mut refused) = (0, 0);
    for (group, case) in cases(&corpus) {
        let id = case["tcId"].as_u64().unwrap();
        if UNUSABLE.contains(&id) {
            continue;
        }
        let key = public_half(group.get("public").unwrap_or(&group["private"]));
        let expected = case["result"] == "valid";
        let got = is_taken(&json!({ "keys": [key] }), case["jws"].as_str().unwrap());
        assert_eq!(got, expected, "signature {id}: {}", case["comment"]);
        if got { taken += 1 } else { refused += 1 }
    }
    assert_eq!((taken, refused), (40, 353));
}

#[test]
fn all_26_key_sets_are_judged_as_wycheproof_judges_them() {
    let Some(corpus) = corpus("wycheproof_jwk.json.gz") else { return };
    let (mut taken, mut refused) = (0, 0);
    for (group, case) in cases(&corpus) {
        let set = group.get("public").unwrap_or(&group["private"]);
        let keys: Vec<Value> = set["keys"].as_array().unwrap().iter().map(public_half).collect();
        let got = is_taken(&json!({ "keys": keys }), case["jws"].as_str().unwrap());
        assert_eq!(got, case["result"] == "valid", "key set {}: {}", case["tcId"], case["comment"]);
        if got { taken += 1 } else { refused += 1 }
    }
    assert_eq!((taken, refused), (5, 21));
}

#[test]
fn none_of_the_usable_signatures_is_taken_with_a_key_that_did_not_make_it() {
    let Some(corpus) = corpus("wycheproof_jws.json.gz") else { return };
    let stranger = json!({ "keys": [crate::harness::P256.jwk, crate::harness::RSA.jwk] });
    let taken = cases(&corpus).filter(|(_, case)| is_taken(&stranger, case["jws"].as_str().unwrap())).count();
    assert_eq!(taken, 0);
}
