//! Signers, tokens, and the helper that asserts a refusal together with its positive control.
//!
//! Tokens are signed by `jsonwebtoken`, which the service itself does not use: what is accepted here is what another
//! implementation of the same RFCs has made.

use std::sync::LazyLock;

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm,
    Ed25519KeyPair, KeyPair as _, RsaPublicKeyComponents,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Map, Value, json};
use support_requests::auth::{Claims, Expectations, GrantsClaim, KeySet, TokenFault, TypRule, verify};
use time::OffsetDateTime;
use time::macros::datetime;

pub const ISSUER: &str = "https://issuer.example";
pub const AUDIENCE: &str = "support-requests";
pub const NOW: OffsetDateTime = datetime!(2031-05-06 07:08:09 UTC);
pub const NOW_SECONDS: i64 = NOW.unix_timestamp();

pub fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A key that signs, and its public half as a JWK with `kid` but without `alg` and `use`.
pub struct Signer {
    pub algorithm: Algorithm,
    pub key: EncodingKey,
    pub jwk: Value,
}

pub static RSA: LazyLock<Signer> = LazyLock::new(|| {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let public = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
    let pkcs8 = pair.as_der().unwrap();
    // The PKCS #1 key inside: 26 bytes of PKCS #8 stand before it in a key of 2048 bits.
    let key = EncodingKey::from_rsa_der(&pkcs8.as_ref()[26..]);
    let jwk = json!({"kty": "RSA", "kid": "rsa", "n": base64url(public.n), "e": base64url(public.e)});
    Signer { algorithm: Algorithm::RS256, key, jwk }
});

pub static P256: LazyLock<Signer> =
    LazyLock::new(|| elliptic(&ECDSA_P256_SHA256_FIXED_SIGNING, Algorithm::ES256, "P-256", 32));
pub static P384: LazyLock<Signer> =
    LazyLock::new(|| elliptic(&ECDSA_P384_SHA384_FIXED_SIGNING, Algorithm::ES384, "P-384", 48));

/// The key pair whose coordinates both, or one of them, begin with a zero byte: about one in 128 does.
pub fn with_zero_in_front(
    signing: &'static EcdsaSigningAlgorithm,
    algorithm: Algorithm,
    curve: &str,
    length: usize,
) -> Signer {
    let starts_with_zero = |signer: &Signer, name: &str| bytes_of(&signer.jwk[name])[0] == 0;
    std::iter::repeat_with(|| elliptic(signing, algorithm, curve, length))
        .find(|signer| starts_with_zero(signer, "x") || starts_with_zero(signer, "y"))
        .unwrap()
}

pub fn bytes_of(member: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(member.as_str().unwrap()).unwrap()
}

fn elliptic(signing: &'static EcdsaSigningAlgorithm, algorithm: Algorithm, curve: &str, length: usize) -> Signer {
    let pair = EcdsaKeyPair::generate(signing).unwrap();
    let point = pair.public_key().as_ref();
    let (x, y) = point[1..].split_at(length);
    let jwk = json!({"kty": "EC", "crv": curve, "kid": curve, "x": base64url(x), "y": base64url(y)});
    Signer { algorithm, key: EncodingKey::from_ec_der(pair.to_pkcs8v1().unwrap().as_ref()), jwk }
}

pub static ED25519: LazyLock<Signer> = LazyLock::new(|| {
    let pair = Ed25519KeyPair::generate().unwrap();
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "kid": "ed", "x": base64url(pair.public_key())});
    let key = EncodingKey::from_ed_der(pair.to_pkcs8().unwrap().as_ref());
    Signer { algorithm: Algorithm::EdDSA, key, jwk }
});

pub static SECRET: LazyLock<Signer> = LazyLock::new(|| secret(Algorithm::HS256, b"0123456789abcdef0123456789abcdef"));

pub fn secret(algorithm: Algorithm, secret: &[u8]) -> Signer {
    let name = format!("{algorithm:?}");
    let jwk = json!({"kty": "oct", "kid": "secret", "alg": name, "k": base64url(secret)});
    Signer { algorithm, key: EncodingKey::from_secret(secret), jwk }
}

impl Signer {
    pub fn kid(&self) -> &str {
        self.jwk["kid"].as_str().unwrap()
    }

    /// The JWK with members changed or added.
    pub fn jwk_with(&self, changes: &Value) -> Value {
        let mut jwk = self.jwk.clone();
        jwk.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        jwk
    }

    pub fn key_set(&self) -> KeySet {
        key_set(std::slice::from_ref(&self.jwk))
    }

    pub fn sign(&self, header: &str, payload: &str) -> String {
        self.sign_as(self.algorithm, header, payload)
    }

    /// Signs with an algorithm that the header need not name.
    pub fn sign_as(&self, algorithm: Algorithm, header: &str, payload: &str) -> String {
        let signed = format!("{}.{}", base64url(header), base64url(payload));
        let signature = jsonwebtoken::crypto::sign(signed.as_bytes(), &self.key, algorithm).unwrap();
        format!("{signed}.{signature}")
    }

    pub fn good_token(&self) -> String {
        self.sign(&Value::Object(good_header(self)).to_string(), &good_claims().to_string())
    }
}

pub fn key_set(keys: &[Value]) -> KeySet {
    KeySet::parse(&json!({ "keys": keys }).to_string()).unwrap().keys
}

pub fn good_header(signer: &Signer) -> Map<String, Value> {
    let header = json!({"alg": format!("{:?}", signer.algorithm), "kid": signer.kid(), "typ": "at+jwt"});
    header.as_object().unwrap().clone()
}

pub fn good_claims() -> Value {
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": "user-1", "name": "Ada Admin",
        "exp": NOW_SECONDS + 300, "nbf": NOW_SECONDS - 5, "iat": NOW_SECONDS - 5,
        "workspaces": {"acme": {"tenants": {"contoso": ["support_requests.create"]}}},
    })
}

pub fn expectations() -> Expectations {
    let (issuer, audience) = (ISSUER.to_owned(), AUDIENCE.to_owned());
    Expectations { issuer, audience, typ: TypRule::AnyAllowed, grants: GrantsClaim::default() }
}

pub fn check(keys: &KeySet, token: &str) -> Result<Claims, TokenFault> {
    verify(keys, &expectations(), NOW, token)
}

/// The one thing that is changed about a good token.
pub enum Change {
    /// A header member is set.
    Header(&'static str, Value),
    /// A header member is taken out.
    NoHeader(&'static str),
    /// The header text is made into another.
    HeaderText(fn(&str) -> String),
    /// A claim is set.
    Claim(&'static str, Value),
    /// A claim is taken out.
    NoClaim(&'static str),
    /// The payload text is made into another.
    PayloadText(fn(&str) -> String),
    /// The finished token is made into another.
    Sent(fn(&str) -> String),
}

/// Signs the good token with one thing changed. Everything but `Sent` is changed before signing.
pub fn changed(signer: &Signer, change: &Change) -> String {
    let mut header = good_header(signer);
    let mut claims = good_claims();
    let members = claims.as_object_mut().unwrap();
    match change {
        Change::Header(name, value) => drop(header.insert((*name).to_owned(), value.clone())),
        Change::NoHeader(name) => drop(header.remove(*name).unwrap()),
        Change::Claim(name, value) => drop(members.insert((*name).to_owned(), value.clone())),
        Change::NoClaim(name) => drop(members.remove(*name).unwrap()),
        Change::HeaderText(_) | Change::PayloadText(_) | Change::Sent(_) => {}
    }
    let (mut header, mut payload) = (Value::Object(header).to_string(), claims.to_string());
    match change {
        Change::HeaderText(edit) => header = edit(&header),
        Change::PayloadText(edit) => payload = edit(&payload),
        _ => {}
    }
    let token = signer.sign(&header, &payload);
    if let Change::Sent(edit) = change { edit(&token) } else { token }
}

/// Each change alone brings the stated fault; the token without it is good.
pub fn assert_refused(cases: Vec<(&str, Change, TokenFault)>) {
    let keys = P256.key_set();
    check(&keys, &P256.good_token()).expect("the positive control is refused");
    for (story, change, fault) in cases {
        assert_eq!(check(&keys, &changed(&P256, &change)), Err(fault), "{story}");
    }
}

/// Each change leaves the token good.
pub fn assert_taken(cases: Vec<(&str, Change)>) {
    for (story, change) in cases {
        assert_eq!(check(&P256.key_set(), &changed(&P256, &change)).err(), None, "{story}");
    }
}
