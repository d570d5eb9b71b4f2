//! Tokens as the platform would sign them, and every near miss.
//!
//! Signed by `jsonwebtoken`, which the service's verifier does not use: what is accepted, another implementation made.

use std::sync::{Arc, LazyLock};

use aws_lc_rs::{
    encoding::AsDer as _,
    rsa::{KeyPair as RsaKeyPair, KeySize},
    signature::{Ed25519KeyPair, KeyPair as _, RsaPublicKeyComponents},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};
use support_requests::auth::{Expectations, GrantsClaim, KeySet, KeyStore, TypRule};
use time::OffsetDateTime;

pub const ISSUER: &str = "https://platform.example";
pub const AUDIENCE: &str = "support-requests";
pub const CREATE: &str = "support_requests.create";
pub const VIEW: &str = "support_diagnostics.view";

/// A key that signs, and its public half.
pub struct Signer {
    algorithm: Algorithm,
    key: EncodingKey,
    jwk: Value,
}

/// Signs RS256.
pub static RSA: LazyLock<Signer> = LazyLock::new(|| rsa("rsa"));
/// Signs `EdDSA`.
pub static ED25519: LazyLock<Signer> = LazyLock::new(|| ed25519("ed"));
/// A good key that the service does not know, under the name of one that it does.
pub static FOREIGN: LazyLock<Signer> = LazyLock::new(|| ed25519("ed"));

impl Signer {
    /// The public half, as a member of a key set.
    pub fn public_jwk(&self) -> &Value {
        &self.jwk
    }
}

fn rsa(kid: &str) -> Signer {
    let pair = RsaKeyPair::generate(KeySize::Rsa2048).unwrap();
    let public = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
    let pkcs8 = pair.as_der().unwrap();
    // The PKCS #1 key inside: 26 bytes of PKCS #8 stand before it in a key of 2048 bits.
    let key = EncodingKey::from_rsa_der(&pkcs8.as_ref()[26..]);
    let jwk = json!({"kty": "RSA", "kid": kid, "alg": "RS256", "n": base64url(public.n), "e": base64url(public.e)});
    Signer { algorithm: Algorithm::RS256, key, jwk }
}

fn ed25519(kid: &str) -> Signer {
    let pair = Ed25519KeyPair::generate().unwrap();
    let jwk = json!({"kty": "OKP", "crv": "Ed25519", "kid": kid, "x": base64url(pair.public_key())});
    Signer { algorithm: Algorithm::EdDSA, key: EncodingKey::from_ed_der(pair.to_pkcs8().unwrap().as_ref()), jwk }
}

pub fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The public keys, as the platform publishes them.
pub fn jwks() -> String {
    json!({"keys": [RSA.jwk, ED25519.jwk]}).to_string()
}

/// The public keys, as the service holds them.
pub fn key_store() -> Arc<KeyStore> {
    KeyStore::fixed(KeySet::parse(&jwks()).unwrap().keys)
}

/// What the service asks of a token.
pub fn expectations() -> Expectations {
    let (issuer, audience) = (ISSUER.to_owned(), AUDIENCE.to_owned());
    Expectations { issuer, audience, typ: TypRule::AnyAllowed, grants: GrantsClaim::default() }
}

/// A token under construction. As it begins it is good, and grants nothing.
#[derive(Clone)]
pub struct Token {
    signer: &'static Signer,
    now: i64,
    header: Value,
    claims: Value,
    workspace: String,
}

impl Token {
    /// Good for five minutes from `now`, signed with `EdDSA`.
    pub fn at(now: OffsetDateTime) -> Self {
        let now = now.unix_timestamp();
        let claims = json!({
            "iss": ISSUER, "aud": AUDIENCE, "sub": "user-7", "name": "Ada Admin", "iat": now, "exp": now + 300,
            "workspaces": {},
        });
        let token = Self { signer: &ED25519, now, header: Value::Null, claims, workspace: "acme".to_owned() };
        token.signed_by(&ED25519)
    }

    pub fn signed_by(mut self, signer: &'static Signer) -> Self {
        self.signer = signer;
        self.header = json!({"alg": format!("{:?}", signer.algorithm), "kid": signer.jwk["kid"], "typ": "at+jwt"});
        self
    }

    /// The workspace that the following tenants are of.
    pub fn workspace(mut self, workspace: &str) -> Self {
        workspace.clone_into(&mut self.workspace);
        self
    }

    /// Grants capabilities in a tenant, or with `*` in every one.
    pub fn tenant(mut self, tenant: &str, capabilities: &[&str]) -> Self {
        self.claims["workspaces"][&self.workspace]["tenants"][tenant] = json!(capabilities);
        self
    }

    pub fn subject(self, subject: &str) -> Self {
        self.claim("sub", json!(subject))
    }

    pub fn name(self, name: &str) -> Self {
        self.claim("name", json!(name))
    }

    pub fn claim(mut self, name: &str, value: Value) -> Self {
        self.claims[name] = value;
        self
    }

    pub fn without(mut self, claim: &str) -> Self {
        self.claims.as_object_mut().unwrap().remove(claim);
        self
    }

    pub fn header(mut self, name: &str, value: Value) -> Self {
        self.header[name] = value;
        self
    }

    /// `exp` this many seconds from now.
    pub fn expires_in(self, seconds: i64) -> Self {
        let at = self.now + seconds;
        self.claim("exp", json!(at))
    }

    /// `nbf` this many seconds from now.
    pub fn begins_in(self, seconds: i64) -> Self {
        let at = self.now + seconds;
        self.claim("nbf", json!(at))
    }

    pub fn sign(&self) -> String {
        let signed = self.unsigned();
        let signature = jsonwebtoken::crypto::sign(signed.as_bytes(), &self.signer.key, self.signer.algorithm).unwrap();
        format!("{signed}.{signature}")
    }

    /// Header and payload without the signature.
    pub fn unsigned(&self) -> String {
        format!("{}.{}", base64url(self.header.to_string()), base64url(self.claims.to_string()))
    }

    /// One character of the payload changed after signing.
    pub fn tampered(&self) -> String {
        let (token, mut other) = (self.sign(), self.clone());
        other.claims["sub"] = json!("somebody-else");
        let signature = token.rsplit('.').next().unwrap_or_default();
        format!("{}.{signature}", other.unsigned())
    }

    /// `alg: none`, without a signature.
    pub fn alg_none(&self) -> String {
        format!("{}.", self.clone().header("alg", json!("none")).unsigned())
    }
}
