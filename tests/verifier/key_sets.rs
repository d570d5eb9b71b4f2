//! Key sets that must not be used, and keys that are set aside: RFC 7517, RFC 7518 sections 3.2 and 3.3, RFC 8725 section 3.5.

use jsonwebtoken::Algorithm;
use serde_json::{Value, json};
use support_requests::auth::{Instead, KeySet, KeySetError, Loaded, TokenFault, Unusable};

use crate::harness::{ED25519, P256, P384, RSA, SECRET, base64url, check, secret};

pub fn parse(keys: &[Value]) -> Result<Loaded, KeySetError> {
    KeySet::parse(&json!({ "keys": keys }).to_string())
}

/// The key alone leaves nothing to verify with; beside a good one it is set aside, and the good one works.
pub fn assert_set_aside(story: &str, key: &Value, reason: Unusable) {
    let Err(KeySetError::NoUsableKey(alone)) = parse(std::slice::from_ref(key)) else {
        panic!("{story}: taken, or refused otherwise");
    };
    assert_eq!(alone.iter().map(|key| key.reason).collect::<Vec<_>>(), [reason], "{story}");
    let good = P384.jwk_with(&json!({"kid": "good"}));
    let loaded = parse(&[key.clone(), good]).unwrap_or_else(|error| panic!("{story}: {error}"));
    assert_eq!(loaded.keys.size(), 1, "{story}");
    assert_eq!(
        loaded.set_aside.iter().map(|key| (key.index, key.reason)).collect::<Vec<_>>(),
        [(0, reason)],
        "{story}"
    );
    assert_eq!(check(&loaded.keys, &P384.good_token()).err(), None, "{story}");
}

#[test]
fn a_key_for_something_else_is_set_aside() {
    for good in
        [json!({"use": "sig"}), json!({"key_ops": ["verify"]}), json!({"key_ops": ["sign", "verify"], "use": "sig"})]
    {
        assert!(parse(&[P256.jwk_with(&good)]).unwrap().set_aside.is_empty(), "{good}");
    }
    for usage in [json!("enc"), json!("SIG"), json!(""), json!(7), json!(["sig"])] {
        assert_set_aside("use", &P256.jwk_with(&json!({"use": usage})), Unusable::OtherUse);
    }
    for operations in [
        json!(["sign"]),
        json!(["encrypt", "decrypt"]),
        json!([]),
        json!(["Verify"]),
        json!(["sign, verify"]),
        json!("verify"),
        json!({}),
        json!(["verify", 1]),
        json!(["verify", "verify"]),
        json!(["sign", "verify", "sign"]),
    ] {
        assert_set_aside("key_ops", &P256.jwk_with(&json!({"key_ops": operations})), Unusable::OtherOperations);
    }
}

#[test]
fn a_key_whose_alg_does_not_fit_is_set_aside() {
    for alg in ["ES384", "RS256", "EdDSA", "Ed25519", "HS256"] {
        assert_set_aside(alg, &P256.jwk_with(&json!({"alg": alg})), Unusable::AlgorithmOfOtherType);
    }
    for alg in [json!("ES521"), json!("es256"), json!("none"), json!("RSA-OAEP"), json!("A256GCM"), json!(1), json!([])]
    {
        assert_set_aside("alg", &P256.jwk_with(&json!({"alg": alg})), Unusable::UnknownAlgorithm);
    }
}

#[test]
fn a_key_of_an_unknown_type_is_set_aside() {
    for change in [
        json!({"kty": "ec"}),
        json!({"kty": "AKP"}),
        json!({"kty": 1}),
        json!({"kty": "OKP"}),
        json!({"crv": "P-521"}),
        json!({"crv": "secp256k1"}),
        json!({"crv": null}),
    ] {
        assert_set_aside("type", &P256.jwk_with(&change), Unusable::UnknownType);
    }
    for curve in ["X25519", "Ed448", "ed25519"] {
        assert_set_aside(curve, &ED25519.jwk_with(&json!({"crv": curve})), Unusable::UnknownType);
    }
    for entry in [json!(null), json!("key"), json!([P256.jwk])] {
        assert_set_aside("not an object", &entry, Unusable::NotAnObject);
    }
    assert_set_aside("kid", &P256.jwk_with(&json!({"kid": 7})), Unusable::KidNotText);
}

#[test]
fn a_private_key_in_the_set_is_set_aside_with_a_warning_that_says_so() {
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth"] {
        assert_set_aside(member, &RSA.jwk_with(&json!({member: "AQAB"})), Unusable::PrivateHalf);
    }
    assert_set_aside("EC", &P256.jwk_with(&json!({"d": "AQAB", "use": "enc"})), Unusable::PrivateHalf);
    assert_set_aside("OKP", &ED25519.jwk_with(&json!({"d": ""})), Unusable::PrivateHalf);
}

#[test]
fn a_weak_rsa_key_is_set_aside() {
    let modulus = |bytes: usize, first: u8, last: u8| {
        let mut modulus = vec![0x5b; bytes];
        (modulus[0], modulus[bytes - 1]) = (first, last);
        json!({"n": base64url(modulus)})
    };
    let size = Unusable::ModulusSize;
    assert!(parse(&[RSA.jwk_with(&modulus(256, 0x80, 1))]).is_ok(), "2048 bits");
    assert!(parse(&[RSA.jwk_with(&modulus(1024, 0xff, 1))]).is_ok(), "8192 bits");
    for (story, change, reason) in [
        ("1024 bits", modulus(128, 0x80, 1), size),
        ("2047 bits", modulus(256, 0x7f, 1), size),
        ("8193 bits", modulus(1025, 1, 1), size),
        ("an even modulus", modulus(256, 0x80, 2), size),
        ("2047 bits behind a zero", modulus(257, 0, 1), size),
        ("exponent 1", json!({"e": "AQ"}), Unusable::WeakExponent),
        ("exponent 3", json!({"e": "Aw"}), Unusable::WeakExponent),
        ("exponent 65536", json!({"e": "AQAA"}), Unusable::WeakExponent),
        ("exponent 65538", json!({"e": "AQAC"}), Unusable::WeakExponent),
        ("exponent of 6 bytes", json!({"e": base64url([1; 6])}), Unusable::WeakExponent),
    ] {
        assert_set_aside(story, &RSA.jwk_with(&change), reason);
    }
}

#[test]
fn a_key_that_signs_everything_is_set_aside() {
    let identity = |first: u8, sign: u8| {
        let mut point = [0; 32];
        (point[0], point[31]) = (first, sign);
        ED25519.jwk_with(&json!({"x": base64url(point)}))
    };
    for key in [identity(1, 0), identity(1, 0x80), identity(0, 0), identity(0, 0x80)] {
        assert_set_aside("a point of small order", &key, Unusable::WrongPoint);
    }
    assert_eq!(parse(std::slice::from_ref(&ED25519.jwk)).unwrap().keys.size(), 1);
}

#[test]
fn a_secret_without_alg_is_set_aside() {
    let mut nameless = SECRET.jwk.clone();
    nameless.as_object_mut().unwrap().remove("alg");
    nameless["kid"] = json!("nameless");
    let loaded = parse(&[nameless.clone(), SECRET.jwk.clone()]).unwrap();
    assert_eq!(loaded.set_aside[0].reason, Unusable::SecretWithoutAlgorithm);
    assert!(matches!(parse(&[nameless]), Err(KeySetError::NoUsableKey(_))));
}

#[test]
fn a_short_or_empty_secret_makes_the_whole_set_refused() {
    for (algorithm, least) in [(Algorithm::HS256, 32), (Algorithm::HS384, 48), (Algorithm::HS512, 64)] {
        assert!(parse(&[secret(algorithm, &vec![1; least]).jwk]).is_ok(), "{algorithm:?}");
        for length in [0, 1, least - 1] {
            let short = secret(algorithm, &vec![1; length]).jwk_with(&json!({"kid": "short"}));
            let refused = parse(&[SECRET.jwk.clone(), short]);
            assert_eq!(refused.err(), Some(KeySetError::ShortSecret(1)), "{algorithm:?}, {length} bytes");
        }
    }
    let nameless = json!({"kty": "oct", "k": ""});
    assert_eq!(parse(&[nameless]).err(), Some(KeySetError::ShortSecret(0)));
}

#[test]
fn secrets_beside_public_keys_make_the_whole_set_refused() {
    for other in [&P256, &RSA, &ED25519] {
        assert!(parse(std::slice::from_ref(&other.jwk)).is_ok());
        assert_eq!(parse(&[SECRET.jwk.clone(), other.jwk.clone()]).err(), Some(KeySetError::Mixed));
        let weak = other.jwk_with(&json!({"x": "", "n": ""}));
        assert_eq!(parse(&[weak, SECRET.jwk.clone()]).err(), Some(KeySetError::Mixed), "also where one is unusable");
    }
    let for_encryption = SECRET.jwk_with(&json!({"use": "enc", "alg": "A256KW"}));
    assert_eq!(
        parse(&[for_encryption, P256.jwk.clone()]).unwrap().keys.size(),
        1,
        "a key for something else is no mix"
    );
}

#[test]
fn two_keys_of_one_kid_make_the_whole_set_refused() {
    let twin = RSA.jwk_with(&json!({"kid": "P-256"}));
    assert_eq!(parse(&[P256.jwk.clone(), RSA.jwk.clone()]).unwrap().keys.size(), 2);
    let duplicate = KeySetError::DuplicateKid { first: 0, second: 2 };
    assert_eq!(parse(&[P256.jwk.clone(), ED25519.jwk.clone(), twin]).err(), Some(duplicate));
    let identical = KeySetError::DuplicateKid { first: 0, second: 1 };
    assert_eq!(parse(&[P256.jwk.clone(), P256.jwk.clone()]).err(), Some(identical));
    let for_encryption = RSA.jwk_with(&json!({"kid": "P-256", "use": "enc"}));
    assert_eq!(parse(&[P256.jwk.clone(), for_encryption]).unwrap().keys.size(), 1, "not a key for signatures");
}

#[test]
fn among_several_keys_one_without_a_kid_is_set_aside() {
    let mut nameless = P256.jwk.clone();
    nameless.as_object_mut().unwrap().remove("kid");
    assert_eq!(parse(&[nameless.clone()]).unwrap().keys.size(), 1, "alone it works");
    let loaded = parse(&[RSA.jwk.clone(), nameless.clone()]).unwrap();
    assert_eq!(loaded.set_aside[0].reason, Unusable::NoKid);
    let mut other = ED25519.jwk.clone();
    other.as_object_mut().unwrap().remove("kid");
    assert!(matches!(parse(&[nameless, other]), Err(KeySetError::NoUsableKey(aside)) if aside.len() == 2));
}

#[test]
fn what_is_no_key_set_is_refused_and_the_reason_says_what_it_is() {
    let good = json!({"keys": [P256.jwk], "extra": 1}).to_string();
    assert!(KeySet::parse(&good).is_ok());
    let deep = "[".repeat(100_000);
    let (one, list) = (P256.jwk.to_string(), json!([P256.jwk]).to_string());
    for (text, instead) in [
        ("", Instead::NotJson),
        (&good[1..], Instead::NotJson),
        (&good[..good.len() - 1], Instead::NotJson),
        (&format!("{good}x"), Instead::NotJson),
        (&format!("\u{feff}\u{feff}{good}"), Instead::NotJson),
        (&deep, Instead::NotJson),
        ("\n-----BEGIN PUBLIC KEY-----\nMFkw", Instead::Pem),
        ("[]", Instead::List),
        (&list, Instead::List),
        (&one, Instead::SingleKey),
        (r#"{"issuer": "https://i.example", "jwks_uri": "https://i.example/keys"}"#, Instead::Discovery),
        ("null", Instead::Other),
        ("{}", Instead::Other),
        ("{\"keys\":{}}", Instead::Other),
        ("{\"keys\":null}", Instead::Other),
    ] {
        let refused = KeySet::parse(text).err();
        assert_eq!(refused, Some(KeySetError::NotAKeySet(instead)), "{}", &text[..text.len().min(30)]);
    }
    assert!(matches!(KeySet::parse("{\"keys\":[]}"), Err(KeySetError::NoUsableKey(aside)) if aside.is_empty()));
    for twin in [good.replacen('{', "{\"keys\":[],", 1), good.replace("\"kty\"", "\"kty\":\"oct\",\"kty\"")] {
        assert_eq!(KeySet::parse(&twin).err(), Some(KeySetError::DuplicateMember), "{twin}");
    }
}

#[test]
fn lines_for_the_log_name_the_key_and_hold_nothing_of_it() {
    let forged = "kid\n\u{1b}[31m ERROR forged\u{202e} \"quoted\" ".to_owned() + &"x".repeat(200);
    let secret = base64url([7; 32]);
    let key = json!({"kty": "oct", "kid": forged, "k": secret, "alg": "A256KW"});
    let line = parse(&[key.clone(), P256.jwk.clone()]).unwrap().set_aside[0].to_string();
    assert!(line.starts_with("keys[0] (kid kid???31m?ERROR?forged"), "{line}");
    assert!(line.chars().all(|char| char.is_ascii_graphic() || char == ' '), "{line}");
    assert!(line.len() < 300 && !line.contains(&secret), "{line}");
    let error = parse(&[key]).unwrap_err();
    assert!(!format!("{error} {error:?}").contains(&secret));
    let loaded = parse(std::slice::from_ref(&SECRET.jwk)).unwrap();
    assert!(!format!("{loaded:?}").contains(SECRET.jwk["k"].as_str().unwrap()));
}

#[test]
fn a_forged_token_for_a_key_set_aside_is_refused() {
    // Were the secret taken in spite of its `use`, this token would be good.
    let aside = SECRET.jwk_with(&json!({"use": "enc"}));
    assert_eq!(check(&parse(std::slice::from_ref(&SECRET.jwk)).unwrap().keys, &SECRET.good_token()).err(), None);
    let keys = parse(&[aside, P256.jwk.clone()]).unwrap().keys;
    assert_eq!(check(&keys, &SECRET.good_token()), Err(TokenFault::UnknownKey));
}
