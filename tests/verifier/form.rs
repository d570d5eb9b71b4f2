//! The form of a token and its header: RFC 7515, RFC 7797, RFC 8725, RFC 9068.

use serde_json::{Value, json};
use support_requests::auth::{Expectations, TOKEN_MAX, TokenFault, TypRule, verify};

use crate::harness::{
    Change, NOW, P256, RSA, assert_refused, assert_taken, base64url, changed, check, expectations, good_claims,
    good_header,
};

#[test]
fn a_token_is_exactly_three_parts() {
    let without_last = |token: &str| token.rsplit_once('.').unwrap().0.to_owned();
    assert_refused(vec![
        ("nothing", Change::Sent(|_| String::new()), TokenFault::NotThreeParts),
        ("one part", Change::Sent(|_| "abc".to_owned()), TokenFault::NotThreeParts),
        ("two parts", Change::Sent(without_last), TokenFault::NotThreeParts),
        ("four parts", Change::Sent(|token| format!("{token}.")), TokenFault::NotThreeParts),
        ("five parts, as a JWE has", Change::Sent(|token| format!("{token}.a.b")), TokenFault::Encrypted),
        ("six parts", Change::Sent(|token| format!("{token}.a.b.c")), TokenFault::NotThreeParts),
        ("two dots", Change::Sent(|_| "..".to_owned()), TokenFault::MalformedHeader),
        ("JSON serialization", Change::Sent(|_| json!({"payload": "e30"}).to_string()), TokenFault::NotThreeParts),
        (
            "no signature",
            Change::Sent(|token| format!("{}.", token.rsplit_once('.').unwrap().0)),
            TokenFault::BadSignature,
        ),
    ]);
}

#[test]
fn base64url_is_taken_in_its_one_canonical_form_only() {
    assert_refused(vec![
        ("padding at the end", Change::Sent(|token| format!("{token}==")), TokenFault::NotBase64url),
        ("padding in the middle", Change::Sent(|token| token.replacen('.', "=.", 1)), TokenFault::NotBase64url),
        ("a space before", Change::Sent(|token| format!(" {token}")), TokenFault::NotBase64url),
        ("a line break after", Change::Sent(|token| format!("{token}\n")), TokenFault::NotBase64url),
        ("a tab within", Change::Sent(|token| token.replacen('.', "\t.", 1)), TokenFault::NotBase64url),
        ("a letter of the other alphabet", Change::Sent(|token| format!("{token}+")), TokenFault::NotBase64url),
        ("a letter beyond ASCII", Change::Sent(|token| format!("{token}ä")), TokenFault::NotBase64url),
        ("a NUL", Change::Sent(|token| format!("{token}\0")), TokenFault::NotBase64url),
    ]);
    // 64 bytes of signature leave four bits of the last letter unused; one that sets them says the same and is refused.
    let token = P256.good_token();
    check(&P256.key_set(), &token).unwrap();
    let (front, last) = token.split_at(token.len() - 1);
    let spare = match last {
        "A" => "B",
        "Q" => "R",
        "g" => "h",
        "w" => "x",
        other => panic!("{other} has spare bits set already"),
    };
    assert_eq!(check(&P256.key_set(), &format!("{front}{spare}")), Err(TokenFault::NotBase64url));
}

#[test]
fn a_token_of_8_kib_is_taken_and_one_byte_more_is_not_looked_at() {
    let token_of = |padding: usize| changed(&P256, &Change::Claim("padding", json!("x".repeat(padding))));
    // Four letters hold three bytes, so lengths come in steps; the two around the limit are looked for.
    let longer_by = (5000..TOKEN_MAX).find(|padding| token_of(*padding).len() > TOKEN_MAX).unwrap();
    let (within, over) = (token_of(longer_by - 1), token_of(longer_by));
    assert!(within.len() >= TOKEN_MAX - 1 && over.len() <= TOKEN_MAX + 2, "{} {}", within.len(), over.len());
    assert_eq!(check(&P256.key_set(), &within).err(), None);
    assert_eq!(check(&P256.key_set(), &over), Err(TokenFault::TooLong));
    // The limit is exact also where nothing else about the text is right.
    assert_eq!(check(&P256.key_set(), &"a".repeat(TOKEN_MAX)), Err(TokenFault::NotThreeParts));
    assert_eq!(check(&P256.key_set(), &"a".repeat(TOKEN_MAX + 1)), Err(TokenFault::TooLong));
    assert_eq!(check(&P256.key_set(), &"é".repeat(TOKEN_MAX)), Err(TokenFault::TooLong));
}

#[test]
fn a_header_is_one_json_object_without_twins_and_with_the_right_types() {
    assert_taken(vec![
        ("spaces in it", Change::HeaderText(|text| text.replace(',', " ,\n\t"))),
        ("an escaped name", Change::HeaderText(|text| text.replace("\"alg\"", "\"\\u0061lg\""))),
        ("unknown members", Change::Header("x5t", json!("q"))),
    ]);
    assert_refused(vec![
        ("an array", Change::HeaderText(|text| format!("[{text}]")), TokenFault::MalformedHeader),
        ("a string", Change::HeaderText(|_| "\"ES256\"".to_owned()), TokenFault::MalformedHeader),
        ("null", Change::HeaderText(|_| "null".to_owned()), TokenFault::MalformedHeader),
        ("empty", Change::HeaderText(|_| String::new()), TokenFault::MalformedHeader),
        ("something after it", Change::HeaderText(|text| format!("{text}{{}}")), TokenFault::MalformedHeader),
        ("a byte order mark", Change::HeaderText(|text| format!("\u{feff}{text}")), TokenFault::MalformedHeader),
        ("a comment", Change::HeaderText(|text| format!("{text}//")), TokenFault::MalformedHeader),
        ("deep nesting", Change::HeaderText(|_| "[".repeat(5000)), TokenFault::MalformedHeader),
        (
            "two alg",
            Change::HeaderText(|text| text.replacen('{', "{\"alg\":\"none\",", 1)),
            TokenFault::DuplicateMember,
        ),
        (
            "two kid, one escaped",
            Change::HeaderText(|text| text.replacen('{', "{\"\\u006bid\":\"x\",", 1)),
            TokenFault::DuplicateMember,
        ),
        (
            "twins further in",
            Change::HeaderText(|text| text.replacen('{', "{\"x\":{\"a\":1,\"a\":1},", 1)),
            TokenFault::DuplicateMember,
        ),
        ("no alg", Change::NoHeader("alg"), TokenFault::MalformedHeader),
        ("alg of a wrong type", Change::Header("alg", json!(["ES256"])), TokenFault::MalformedHeader),
        ("kid of a wrong type", Change::Header("kid", json!(1)), TokenFault::MalformedHeader),
        ("kid null", Change::Header("kid", Value::Null), TokenFault::MalformedHeader),
        ("typ of a wrong type", Change::Header("typ", json!(["at+jwt"])), TokenFault::MalformedHeader),
    ]);
}

#[test]
fn a_header_that_changes_the_rules_is_refused() {
    assert_taken(vec![("b64 as it is anyway", Change::Header("b64", json!(true)))]);
    assert_refused(vec![
        ("crit with an unknown name", Change::Header("crit", json!(["exp"])), TokenFault::CriticalExtension),
        ("crit with b64", Change::Header("crit", json!(["b64"])), TokenFault::CriticalExtension),
        ("crit empty", Change::Header("crit", json!([])), TokenFault::CriticalExtension),
        ("crit null", Change::Header("crit", Value::Null), TokenFault::CriticalExtension),
        ("b64 false", Change::Header("b64", json!(false)), TokenFault::UnencodedPayload),
        ("b64 of a wrong type", Change::Header("b64", json!("false")), TokenFault::MalformedHeader),
        ("a key", Change::Header("jwk", P256.jwk.clone()), TokenFault::KeyInHeader),
        (
            "the address of a key set",
            Change::Header("jku", json!("https://evil.example/keys")),
            TokenFault::KeyInHeader,
        ),
        (
            "the address of a certificate",
            Change::Header("x5u", json!("https://evil.example/c")),
            TokenFault::KeyInHeader,
        ),
        ("a certificate", Change::Header("x5c", json!(["MII"])), TokenFault::KeyInHeader),
        ("compression", Change::Header("zip", json!("DEF")), TokenFault::Compressed),
        ("encryption", Change::Header("enc", json!("A256GCM")), TokenFault::Encrypted),
    ]);
}

#[test]
fn an_algorithm_that_nobody_may_use_is_refused_in_every_spelling() {
    for name in
        ["none", "None", "NONE", "nOnE", "", "es256", "ES256 ", "ES256\0", "ES512", "ES256K", "HS1", "RSA-OAEP", "dir"]
    {
        assert_refused(vec![(name, Change::Header("alg", json!(name)), TokenFault::AlgorithmRefused)]);
    }
    let unsigned = |token: &str| -> String {
        let payload = token.split('.').nth(1).unwrap();
        format!("{}.{payload}.", base64url(r#"{"alg":"none"}"#))
    };
    assert_refused(vec![("none without a signature", Change::Sent(unsigned), TokenFault::AlgorithmRefused)]);
}

#[test]
fn an_algorithm_of_another_key_is_refused() {
    for name in ["RS256", "PS256", "HS256", "ES384", "EdDSA"] {
        assert_refused(vec![(name, Change::Header("alg", json!(name)), TokenFault::AlgorithmOfOtherKey)]);
    }
}

#[test]
fn a_public_key_is_never_taken_for_a_secret() {
    let keys = RSA.key_set();
    check(&keys, &RSA.good_token()).unwrap();
    let mut header = good_header(&RSA);
    header.insert("alg".to_owned(), json!("HS256"));
    let secrets = [RSA.jwk["n"].as_str().unwrap().as_bytes().to_vec(), RSA.jwk.to_string().into_bytes()];
    for secret in secrets {
        let thief = crate::harness::secret(jsonwebtoken::Algorithm::HS256, &secret);
        let forged = thief.sign(&Value::Object(header.clone()).to_string(), &good_claims().to_string());
        assert_eq!(check(&keys, &forged), Err(TokenFault::AlgorithmOfOtherKey));
    }
}

#[test]
fn typ_is_one_of_those_allowed_in_either_case() {
    for good in ["at+jwt", "AT+JWT", "application/at+jwt", "Application/AT+jwt", "JWT", "jwt"] {
        assert_taken(vec![(good, Change::Header("typ", json!(good)))]);
    }
    assert_taken(vec![("absent", Change::NoHeader("typ"))]);
    for bad in
        ["", "JOSE", "dpop+jwt", "logout+jwt", "secevent+jwt", "application/jwt", "at+jwt ", "text/at+jwt", "xat+jwt"]
    {
        assert_refused(vec![(bad, Change::Header("typ", json!(bad)), TokenFault::TypeRefused)]);
    }
}

#[test]
fn typ_can_be_narrowed_to_access_tokens() {
    let narrow = Expectations { typ: TypRule::OnlyAtJwt, ..expectations() };
    let judge = |change: &Change| verify(&P256.key_set(), &narrow, NOW, &changed(&P256, change)).err();
    for good in ["at+jwt", "application/AT+JWT"] {
        assert_eq!(judge(&Change::Header("typ", json!(good))), None, "{good}");
    }
    assert_eq!(judge(&Change::Header("typ", json!("JWT"))), Some(TokenFault::TypeRefused));
    assert_eq!(judge(&Change::NoHeader("typ")), Some(TokenFault::TypeRefused));
}

#[test]
fn a_signature_is_over_exactly_what_was_sent() {
    assert_refused(vec![
        (
            "another payload",
            Change::Sent(|token| with_part(token, 1, &base64url(good_claims().to_string() + " "))),
            TokenFault::BadSignature,
        ),
        (
            "another header",
            Change::Sent(|token| with_part(token, 0, &base64url(r#"{"alg":"ES256"}"#))),
            TokenFault::BadSignature,
        ),
        (
            "a signature of zeros",
            Change::Sent(|token| with_part(token, 2, &base64url([0; 64]))),
            TokenFault::BadSignature,
        ),
        ("a byte too few", Change::Sent(|token| with_part(token, 2, &base64url([1; 63]))), TokenFault::BadSignature),
        ("a byte too many", Change::Sent(|token| with_part(token, 2, &base64url([1; 65]))), TokenFault::BadSignature),
    ]);
}

#[test]
fn an_ecdsa_signature_in_der_is_refused() {
    use base64::Engine as _;
    let token = P256.good_token();
    check(&P256.key_set(), &token).unwrap();
    let raw = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(token.rsplit_once('.').unwrap().1).unwrap();
    let integer = |bytes: &[u8]| {
        let start = bytes.iter().position(|byte| *byte != 0).unwrap();
        let sign = if bytes[start] > 0x7f { vec![0] } else { vec![] };
        let body = [sign, bytes[start..].to_vec()].concat();
        [vec![2, u8::try_from(body.len()).unwrap()], body].concat()
    };
    let body = [integer(&raw[..32]), integer(&raw[32..])].concat();
    let der = [vec![0x30, u8::try_from(body.len()).unwrap()], body].concat();
    assert_eq!(check(&P256.key_set(), &with_part(&token, 2, &base64url(der))), Err(TokenFault::BadSignature));
}

#[test]
fn nothing_is_believed_before_the_signature_is_checked() {
    let expired = Change::Claim("exp", json!(1));
    let token = changed(&P256, &expired);
    assert_eq!(check(&P256.key_set(), &token), Err(TokenFault::Expired));
    assert_eq!(check(&P256.key_set(), &with_part(&token, 2, &base64url([1; 64]))), Err(TokenFault::BadSignature));
}

fn with_part(token: &str, part: usize, text: &str) -> String {
    let mut parts: Vec<&str> = token.split('.').collect();
    parts[part] = text;
    parts.join(".")
}
