//! Key sets as real issuers write them, and what is said of a member that cannot be read all the same.

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING};
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};
use support_requests::auth::{KeySet, KeyStore, MaterialFault, TokenFault, Unusable};

use crate::harness::{
    Change, ED25519, P256, P384, RSA, SECRET, Signer, base64url, bytes_of, changed, check, key_set, with_zero_in_front,
};
use crate::key_sets::{assert_set_aside, parse};

/// The key in this spelling checks what the signer signs, and nothing else.
#[track_caller]
fn assert_same_key(story: &str, signer: &Signer, key: &Value) {
    let keys = key_set(std::slice::from_ref(key));
    assert_eq!(check(&keys, &signer.good_token()).err(), None, "{story}");
    let forged = changed(signer, &Change::Sent(|token| token[..token.len() - 8].to_owned() + "AAAAAAAA"));
    assert_eq!(check(&keys, &forged), Err(TokenFault::BadSignature), "{story}");
}

fn zeros_in_front(count: usize, member: &Value) -> String {
    base64url([vec![0; count], bytes_of(member)].concat())
}

fn zeros_left_out(member: &Value) -> String {
    base64url(bytes_of(member).into_iter().skip_while(|byte| *byte == 0).collect::<Vec<_>>())
}

fn with(signer: &Signer, members: &[&str], spell: impl Fn(&Value) -> String) -> Value {
    let mut key = signer.jwk.clone();
    for member in members {
        key[member] = json!(spell(&signer.jwk[member]));
    }
    key
}

#[test]
fn zero_bytes_in_front_of_an_rsa_number_change_nothing() {
    for members in [&["n"][..], &["e"], &["n", "e"]] {
        for count in [1, 2, 9, 300] {
            assert_same_key("zeros", &RSA, &with(&RSA, members, |number| zeros_in_front(count, number)));
        }
    }
}

#[test]
fn padding_changes_nothing_in_a_key_and_is_refused_in_a_token() {
    for (signer, members) in
        [(&RSA, &["n", "e"][..]), (&P256, &["x", "y"]), (&P384, &["x", "y"]), (&ED25519, &["x"]), (&SECRET, &["k"])]
    {
        for padding in ["=", "==", "==="] {
            assert_same_key(
                "padding",
                signer,
                &with(signer, members, |text| text.as_str().unwrap().to_owned() + padding),
            );
        }
        let padded = changed(signer, &Change::Sent(|token| format!("{token}=")));
        let keys = key_set(std::slice::from_ref(&signer.jwk));
        assert_eq!(check(&keys, &padded), Err(TokenFault::NotBase64url));
    }
}

#[test]
fn a_coordinate_is_the_same_number_with_its_zero_bytes_without_them_and_with_more() {
    let (p256, p384) = (&ECDSA_P256_SHA256_FIXED_SIGNING, &ECDSA_P384_SHA384_FIXED_SIGNING);
    for signer in [
        with_zero_in_front(p256, Algorithm::ES256, "P-256", 32),
        with_zero_in_front(p384, Algorithm::ES384, "P-384", 48),
    ] {
        let shorter = with(&signer, &["x", "y"], zeros_left_out);
        assert_ne!(shorter, signer.jwk);
        assert_same_key("left out", &signer, &shorter);
        assert_same_key("left out, and padding", &signer, &with(&signer, &["x", "y"], |x| zeros_left_out(x) + "="));
    }
    for signer in [&P256, &P384] {
        for members in [&["x"][..], &["y"], &["x", "y"]] {
            assert_same_key("a sign", signer, &with(signer, members, |number| zeros_in_front(1, number)));
            assert_same_key("many", signer, &with(signer, members, |number| zeros_in_front(16, number)));
        }
    }
}

#[test]
fn null_in_a_key_is_the_same_as_nothing() {
    let nothing = json!({"alg": null, "use": null, "key_ops": null, "x5c": null, "d": null, "p": null, "q": null,
        "dp": null, "dq": null, "qi": null, "oth": null});
    for signer in [&RSA, &P256, &ED25519] {
        assert_same_key("null", signer, &signer.jwk_with(&nothing));
        assert_same_key("no kid", signer, &signer.jwk_with(&json!({"kid": null})));
    }
    let loaded = parse(&[RSA.jwk_with(&json!({"kid": null})), P256.jwk.clone()]).unwrap();
    assert_eq!(loaded.set_aside[0].reason, Unusable::NoKid);
    assert_set_aside("half of it", &RSA.jwk_with(&json!({"d": "AQAB", "p": null})), Unusable::PrivateHalf);
}

#[test]
fn a_key_may_call_eddsa_ed25519_and_a_token_may_not() {
    let keys = key_set(&[ED25519.jwk_with(&json!({"alg": "Ed25519"}))]);
    assert_eq!(check(&keys, &ED25519.good_token()).err(), None);
    let token = changed(&ED25519, &Change::Header("alg", json!("Ed25519")));
    assert_eq!(check(&keys, &token), Err(TokenFault::AlgorithmRefused));
    assert_set_aside("Ed448", &ED25519.jwk_with(&json!({"alg": "Ed448"})), Unusable::UnknownAlgorithm);
}

#[test]
fn a_file_may_begin_with_a_byte_order_mark_and_one_in_utf_16_is_told_to_be() {
    let text = json!({"keys": [P256.jwk, RSA.jwk]}).to_string();
    assert_eq!(KeySet::parse(&format!("\u{feff}{text}")).unwrap().keys.key_ids(), ["P-256", "rsa"]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("jwks.json");
    let read = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        KeyStore::from_file(&path)
    };
    let store = read(format!("\u{feff}{text}").as_bytes()).unwrap();
    assert_eq!(check(&store.current(), &P256.good_token()).err(), None);
    let units = |order: fn(u16) -> [u8; 2], mark: &[u8]| {
        [mark, &text.encode_utf16().flat_map(order).collect::<Vec<_>>()].concat()
    };
    for utf_16 in [
        units(u16::to_le_bytes, &[0xff, 0xfe]),
        units(u16::to_be_bytes, &[0xfe, 0xff]),
        units(u16::to_le_bytes, &[]),
        units(u16::to_be_bytes, &[]),
    ] {
        let refused = read(&utf_16).unwrap_err();
        let reason = std::error::Error::source(&refused).unwrap().to_string();
        assert!(refused.to_string().contains("jwks.json") && reason.contains("UTF-16: save it as UTF-8"), "{reason}");
    }
    let refused = read(&[text.as_bytes(), b"\xff"].concat()).unwrap_err();
    assert_eq!(std::error::Error::source(&refused).unwrap().to_string(), "it is not UTF-8");
}

#[test]
fn the_ids_of_the_usable_keys_are_fit_for_a_log_line() {
    let forged = P384.jwk_with(&json!({"kid": "a\n\u{1b}[31mb"}));
    let aside = RSA.jwk_with(&json!({"use": "enc"}));
    assert_eq!(parse(&[P256.jwk.clone(), aside, forged]).unwrap().keys.key_ids(), ["P-256", "a???31mb"]);
    assert!(key_set(&[P256.jwk_with(&json!({"kid": null}))]).key_ids().is_empty());
}

#[test]
fn the_log_line_names_key_member_and_fault() {
    for (change, said) in [
        (json!({"n": "+/+/"}), "its n is plain base64 and not base64url"),
        (json!({"e": "A B"}), "its e is not base64url"),
        (json!({"n": null}), "its n is missing"),
        (json!({"e": 65537}), "its e is not a string"),
        (json!({"n": "AAAA"}), "its n is empty or zero"),
        (json!({"e": "AQ"}), "its RSA exponent (e) is even, below 65537"),
        (json!({"n": "AQAB"}), "its RSA modulus (n) is not an odd number of 2048 to 8192 bits"),
    ] {
        let line = parse(&[P256.jwk.clone(), RSA.jwk_with(&change)]).unwrap().set_aside[0].to_string();
        assert!(line.starts_with(&format!("keys[1] (kid rsa) is not used: {said}")), "{line}");
    }
    let line =
        parse(&[P384.jwk.clone(), P256.jwk_with(&json!({"y": base64url([1; 40])}))]).unwrap().set_aside[0].to_string();
    assert_eq!(line, "keys[1] (kid P-256) is not used: its y has 40 bytes, and its curve has 32");
}

fn broken(member: &'static str, fault: MaterialFault) -> Unusable {
    Unusable::Material { member, fault }
}

#[test]
fn a_member_that_cannot_be_read_is_named_with_what_is_wrong_with_it() {
    use MaterialFault::{Empty, Missing, NotBase64url, NotText, OtherAlphabet};
    for (member, signer) in [("n", &RSA), ("e", &RSA), ("x", &P256), ("y", &P384), ("x", &ED25519)] {
        for (value, fault) in [
            (json!(null), Missing),
            (json!(65537), NotText),
            (json!("+/+/"), OtherAlphabet),
            (json!("AR"), NotBase64url),
            (json!(" AQAB"), NotBase64url),
            (json!("AQ=AB"), NotBase64url),
            (json!("A"), NotBase64url),
            (json!("AQAB\n"), NotBase64url),
        ] {
            assert_set_aside("material", &signer.jwk_with(&json!({member: value})), broken(member, fault));
        }
        if member == "n" || member == "e" {
            for nothing in ["", "=", "AA", "AAAA"] {
                assert_set_aside(nothing, &RSA.jwk_with(&json!({member: nothing})), broken(member, Empty));
            }
        }
    }
    assert_set_aside("an empty coordinate", &P256.jwk_with(&json!({"y": ""})), broken("y", Empty));
}

#[test]
fn coordinates_must_be_a_point_of_the_curve() {
    let (x, y) = (P256.jwk["x"].clone(), P256.jwk["y"].clone());
    assert_set_aside("x and y exchanged", &P256.jwk_with(&json!({"x": y, "y": x})), Unusable::WrongPoint);
    assert_set_aside("of the other curve", &P256.jwk_with(&json!({"crv": "P-384"})), Unusable::WrongPoint);
    assert_set_aside("a byte lost at the end", &P256.jwk_with(&json!({"x": base64url([1; 31])})), Unusable::WrongPoint);
    assert_set_aside("zero", &P256.jwk_with(&json!({"x": "AA", "y": "AA"})), Unusable::WrongPoint);
    let length = |bytes, expected| MaterialFault::WrongLength { bytes, expected };
    for (member, signer, bytes, expected) in [
        ("x", &P256, 33, 32),
        ("y", &P256, 33, 32),
        ("x", &P384, 49, 48),
        ("x", &ED25519, 31, 32),
        ("x", &ED25519, 33, 32),
    ] {
        let key = signer.jwk_with(&json!({member: base64url(vec![1; bytes])}));
        assert_set_aside(member, &key, broken(member, length(bytes, expected)));
    }
    // A string of bytes and no number: a zero more in front makes another one of it.
    let longer = [vec![0], bytes_of(&ED25519.jwk["x"])].concat();
    let key = ED25519.jwk_with(&json!({"x": base64url(longer)}));
    assert_set_aside("a zero before Ed25519", &key, broken("x", length(33, 32)));
}
