//! Which key a token is checked with, and with which algorithm: RFC 7515 section 4.1.4, RFC 8725 section 3.1.

use jsonwebtoken::Algorithm;
use serde_json::{Value, json};
use support_requests::auth::TokenFault;

use crate::harness::{ED25519, P256, P384, RSA, SECRET, Signer, check, good_claims, good_header, key_set, secret};

fn token(signer: &Signer, algorithm: Algorithm, kid: Option<&str>) -> String {
    let mut header = good_header(signer);
    header.insert("alg".to_owned(), json!(format!("{algorithm:?}")));
    header.remove("kid");
    if let Some(kid) = kid {
        header.insert("kid".to_owned(), json!(kid));
    }
    signer.sign_as(algorithm, &Value::Object(header).to_string(), &good_claims().to_string())
}

const RSA_FAMILY: [Algorithm; 6] =
    [Algorithm::RS256, Algorithm::RS384, Algorithm::RS512, Algorithm::PS256, Algorithm::PS384, Algorithm::PS512];

#[test]
fn every_algorithm_of_the_contract_is_taken_from_a_key_that_states_it() {
    for algorithm in RSA_FAMILY {
        let keys = key_set(&[RSA.jwk_with(&json!({"alg": format!("{algorithm:?}")}))]);
        assert_eq!(check(&keys, &token(&RSA, algorithm, Some("rsa"))).err(), None, "{algorithm:?}");
    }
    for signer in [&P256, &P384, &ED25519] {
        let keys = key_set(&[signer.jwk_with(&json!({"alg": format!("{:?}", signer.algorithm)}))]);
        assert_eq!(check(&keys, &signer.good_token()).err(), None, "{:?}", signer.algorithm);
        assert_eq!(check(&signer.key_set(), &signer.good_token()).err(), None, "{:?} without alg", signer.algorithm);
    }
    for (algorithm, length) in [(Algorithm::HS256, 32), (Algorithm::HS384, 48), (Algorithm::HS512, 64)] {
        let signer = secret(algorithm, &vec![7; length]);
        assert_eq!(check(&signer.key_set(), &signer.good_token()).err(), None, "{algorithm:?}");
    }
}

#[test]
fn an_rsa_key_without_alg_serves_its_family_and_nothing_else() {
    let keys = RSA.key_set();
    for algorithm in RSA_FAMILY {
        assert_eq!(check(&keys, &token(&RSA, algorithm, Some("rsa"))).err(), None, "{algorithm:?}");
    }
    for name in ["HS256", "ES256", "EdDSA"] {
        let mut header = good_header(&RSA);
        header.insert("alg".to_owned(), json!(name));
        let forged = RSA.sign(&Value::Object(header).to_string(), &good_claims().to_string());
        assert_eq!(check(&keys, &forged), Err(TokenFault::AlgorithmOfOtherKey), "{name}");
    }
}

#[test]
fn an_rsa_key_that_states_its_alg_serves_no_other() {
    let keys = key_set(&[RSA.jwk_with(&json!({"alg": "PS384"}))]);
    for algorithm in RSA_FAMILY {
        let expected = (algorithm != Algorithm::PS384).then_some(TokenFault::AlgorithmOfOtherKey);
        assert_eq!(check(&keys, &token(&RSA, algorithm, Some("rsa"))).err(), expected, "{algorithm:?}");
    }
}

#[test]
fn a_signature_of_one_algorithm_is_not_taken_under_the_name_of_another() {
    let header = Value::Object(good_header(&RSA)).to_string();
    check(&RSA.key_set(), &RSA.sign_as(Algorithm::RS256, &header, &good_claims().to_string())).unwrap();
    for algorithm in &RSA_FAMILY[1..] {
        let token = RSA.sign_as(*algorithm, &header, &good_claims().to_string());
        assert_eq!(check(&RSA.key_set(), &token), Err(TokenFault::BadSignature), "{algorithm:?} called RS256");
    }
}

#[test]
fn among_several_keys_the_kid_chooses_and_must_fit() {
    let keys = key_set(&[P256.jwk.clone(), RSA.jwk.clone(), ED25519.jwk.clone()]);
    for signer in [&P256, &RSA, &ED25519] {
        assert_eq!(check(&keys, &signer.good_token()).err(), None);
        let of = |kid| check(&keys, &token(signer, signer.algorithm, kid));
        assert_eq!(of(None), Err(TokenFault::MissingKeyId));
        for unknown in ["", "P-25", "P-256 ", "p-256", "../P-256", "' or 1=1", "P-256\0"] {
            assert_eq!(of(Some(unknown)), Err(TokenFault::UnknownKey), "{unknown}");
        }
    }
    let of_another_key = token(&P256, Algorithm::ES256, Some("ed"));
    assert_eq!(check(&keys, &of_another_key), Err(TokenFault::AlgorithmOfOtherKey));
    let second = key_set(&[P256.jwk.clone(), ED25519.jwk.clone(), RSA.jwk_with(&json!({"kid": "other"}))]);
    assert_eq!(check(&second, &token(&P256, Algorithm::ES256, Some("other"))), Err(TokenFault::AlgorithmOfOtherKey));
}

#[test]
fn a_key_that_is_set_aside_is_not_chosen_by_its_kid() {
    let aside = RSA.jwk_with(&json!({"use": "enc"}));
    let keys = key_set(&[P256.jwk.clone(), ED25519.jwk.clone(), aside]);
    check(&keys, &P256.good_token()).unwrap();
    assert_eq!(check(&keys, &RSA.good_token()), Err(TokenFault::UnknownKey));
}

#[test]
fn a_single_key_needs_no_kid_but_a_token_of_another_key_is_one_of_an_unknown_key() {
    let keys = P256.key_set();
    for kid in [Some("P-256"), Some("named otherwise by the issuer"), None] {
        assert_eq!(check(&keys, &token(&P256, Algorithm::ES256, kid)).err(), None, "{kid:?}");
    }
    let nameless = key_set(&[without_kid(&P256.jwk)]);
    assert_eq!(check(&nameless, &P256.good_token()).err(), None);
    // So that keys that are fetched are fetched again when the issuer has changed its key.
    assert_eq!(check(&keys, &RSA.good_token()), Err(TokenFault::UnknownKey));
    let stranger = token(&ED25519, Algorithm::EdDSA, None);
    assert_eq!(check(&keys, &stranger), Err(TokenFault::AlgorithmOfOtherKey));
}

fn without_kid(jwk: &Value) -> Value {
    let mut jwk = jwk.clone();
    jwk.as_object_mut().unwrap().remove("kid");
    jwk
}

#[test]
fn a_secret_signs_with_its_own_hash_only() {
    let long = secret(Algorithm::HS256, &[9; 64]);
    check(&long.key_set(), &long.good_token()).unwrap();
    assert_eq!(
        check(&long.key_set(), &token(&long, Algorithm::HS512, Some("secret"))),
        Err(TokenFault::AlgorithmOfOtherKey)
    );
    assert_eq!(check(&SECRET.key_set(), &long.good_token()), Err(TokenFault::BadSignature));
}
