//! One key of a key set (RFC 7517): what it is meant for, whether it can be used, and if not, why.

use aws_lc_rs::{
    hmac,
    signature::{ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, ParsedPublicKey, RsaPublicKeyComponents},
};

use super::algorithm::{Algorithm, KeyType, RsaAlgorithm, SecretAlgorithm};
use super::material::{self, MaterialFault};
use super::strict_json::{Json, Members};
use super::{ed25519_point, rsa_modulus};

/// Why a key of a set cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// The entry is not a JSON object.
    #[error("it is not a JSON object")]
    NotAnObject,
    /// `kid` is not a string.
    #[error("its kid is not a string")]
    KidNotText,
    /// `use` is something other than `sig` (RFC 7517 section 4.2).
    #[error("its use is not \"sig\"")]
    OtherUse,
    /// `key_ops` lacks `verify`, repeats itself, or is not an array of strings (RFC 7517 section 4.3).
    #[error("its key_ops do not list \"verify\", or list something twice")]
    OtherOperations,
    /// `kty` and `crv` name something that no algorithm here works with.
    #[error("its kty and crv are none of RSA, EC with P-256 or P-384, OKP with Ed25519, oct")]
    UnknownType,
    /// `alg` is no signature algorithm that this service takes.
    #[error("its alg is none of RS256/384/512, PS256/384/512, ES256/384, EdDSA (or Ed25519), HS256/384/512")]
    UnknownAlgorithm,
    /// `alg` belongs to another kind of key.
    #[error("its alg does not fit its kty and crv")]
    AlgorithmOfOtherType,
    /// An `oct` key without `alg`: its length would have to be trusted to say which hash it is for.
    #[error("it is a secret that does not say its alg")]
    SecretWithoutAlgorithm,
    /// The private half is in the set: whoever can read the set can sign tokens.
    #[error("it holds the private half of the key: make a new key and publish the public half only")]
    PrivateHalf,
    /// A member that holds key material is absent, of a wrong length, or not base64url.
    #[error("its {member} {fault}")]
    Material {
        /// `n`, `e`, `x`, `y` or `k`.
        member: &'static str,
        /// What is wrong with it.
        fault: MaterialFault,
    },
    /// An HMAC secret shorter than the output of its hash (RFC 7518 section 3.2).
    #[error("its secret (k) is shorter than the output of its hash")]
    ShortSecret,
    /// An RSA modulus of less than 2048 bits (RFC 7518 section 3.3) or more than 8192, or an even one.
    #[error("its RSA modulus (n) is not an odd number of 2048 to 8192 bits")]
    ModulusSize,
    /// An RSA public exponent that is even, below 65537 or above 33 bits.
    #[error("its RSA exponent (e) is even, below 65537 or too large")]
    WeakExponent,
    /// A modulus that carries the fingerprint of CVE-2017-15361: its private half can be computed.
    #[error("its RSA modulus (n) was made by a broken generator (ROCA, CVE-2017-15361)")]
    RocaModulus,
    /// A modulus and an exponent that the crypto library does not take together.
    #[error("its RSA modulus (n) and exponent (e) are not a public key")]
    WrongNumbers,
    /// The coordinates are not a point of the curve, or one that signs everything.
    #[error("its x, or x and y, are not a usable point of the curve that crv names")]
    WrongPoint,
    /// No `kid`, in a set of several keys: no token could name it.
    #[error("it has no kid, and the set has other keys")]
    NoKid,
}

impl From<material::Fault> for Unusable {
    fn from((member, fault): material::Fault) -> Self {
        Self::Material { member, fault }
    }
}

/// A key as read: `key_type` is known as soon as the entry is one for verifying signatures, usable or not.
pub(super) struct Reading {
    pub(super) kid: Option<String>,
    pub(super) key_type: Option<KeyType>,
    pub(super) verifiers: Result<Vec<Verifier>, Unusable>,
}

/// What checks a signature of one algorithm. Its key was looked at and made ready when the set was read.
pub(super) struct Verifier {
    pub(super) algorithm: Algorithm,
    key: Key,
}

/// A key as the crypto library wants it, for one algorithm.
enum Key {
    Public(ParsedPublicKey),
    Secret(Box<hmac::Key>),
}

impl Verifier {
    /// Whether `signature` is the key's over `signed`.
    pub(super) fn accepts(&self, signed: &[u8], signature: &[u8]) -> bool {
        match &self.key {
            Key::Public(key) => key.verify_sig(signed, signature).is_ok(),
            Key::Secret(key) => hmac::verify(key, signed, signature).is_ok(),
        }
    }
}

impl Reading {
    pub(super) fn of(entry: &Json<'_>) -> Self {
        let Some(members) = entry.as_object() else {
            return Self { kid: None, key_type: None, verifiers: Err(Unusable::NotAnObject) };
        };
        let kid = members.present("kid").map(|kid| kid.as_text().map(str::to_owned));
        let purpose = purpose(members);
        let verifiers = match (&kid, &purpose) {
            // Said before everything else, because it is an accident that somebody has to clean up.
            _ if holds_private_half(members) => Err(Unusable::PrivateHalf),
            (Some(None), _) => Err(Unusable::KidNotText),
            (_, Err(reason)) => Err(*reason),
            (_, Ok(purpose)) => purpose.verifiers(members),
        };
        Self { kid: kid.flatten(), key_type: purpose.ok().map(|purpose| purpose.key_type), verifiers }
    }
}

/// The private members of RFC 7518 sections 6.2.2 and 6.3.2 and RFC 8037 section 2. An `oct` key is secret as a whole.
/// A serializer that writes `null` for what a key does not have has given nothing away.
fn holds_private_half(members: &Members<'_>) -> bool {
    let private = ["d", "p", "q", "dp", "dq", "qi", "oth"];
    text(members, "kty") != Some("oct") && private.iter().any(|name| members.present(name).is_some())
}

/// What a key for verifying signatures says about itself.
struct Purpose {
    key_type: KeyType,
    stated: Option<Algorithm>,
}

fn purpose(members: &Members<'_>) -> Result<Purpose, Unusable> {
    if members.present("use").is_some_and(|usage| usage.as_text() != Some("sig")) {
        return Err(Unusable::OtherUse);
    }
    if members.present("key_ops").is_some_and(|operations| !lists_verify_once(operations)) {
        return Err(Unusable::OtherOperations);
    }
    let key_type = match (text(members, "kty"), text(members, "crv")) {
        (Some("RSA"), _) => KeyType::Rsa,
        (Some("oct"), _) => KeyType::Secret,
        (Some("EC"), Some("P-256")) => KeyType::P256,
        (Some("EC"), Some("P-384")) => KeyType::P384,
        (Some("OKP"), Some("Ed25519")) => KeyType::Ed25519,
        _ => return Err(Unusable::UnknownType),
    };
    let stated = match members.present("alg") {
        None => None,
        Some(name) => Some(name.as_text().and_then(Algorithm::of_key).ok_or(Unusable::UnknownAlgorithm)?),
    };
    Ok(Purpose { key_type, stated })
}

fn lists_verify_once(operations: &Json<'_>) -> bool {
    let Some(Some(mut names)) =
        operations.as_list().map(|list| list.iter().map(Json::as_text).collect::<Option<Vec<_>>>())
    else {
        return false;
    };
    names.sort_unstable();
    names.contains(&"verify") && names.windows(2).all(|pair| pair[0] != pair[1])
}

impl Purpose {
    /// One verifier for each algorithm that the key admits, and so nothing for any other: the algorithm is the key's
    /// (RFC 8725 section 3.1), and a token can only agree with it.
    fn verifiers(&self, members: &Members<'_>) -> Result<Vec<Verifier>, Unusable> {
        if self.stated.is_some_and(|algorithm| algorithm.key_type() != self.key_type) {
            return Err(Unusable::AlgorithmOfOtherType);
        }
        match self.key_type {
            KeyType::Secret => secret(members, self.stated),
            KeyType::Rsa => rsa(members, self.stated),
            KeyType::P256 => elliptic(members, Algorithm::Es256, 32),
            KeyType::P384 => elliptic(members, Algorithm::Es384, 48),
            KeyType::Ed25519 => edwards(members),
        }
    }
}

type Verifiers = Result<Vec<Verifier>, Unusable>;

fn secret(members: &Members<'_>, stated: Option<Algorithm>) -> Verifiers {
    let secret = material::bytes(members, "k")?;
    let algorithm = match stated {
        Some(Algorithm::Secret(algorithm)) => algorithm,
        // Too short for even the smallest hash is worth saying of a key that does not state its own.
        _ if secret.len() < SecretAlgorithm::Hs256.shortest_secret() => return Err(Unusable::ShortSecret),
        _ => return Err(Unusable::SecretWithoutAlgorithm),
    };
    if secret.len() < algorithm.shortest_secret() {
        return Err(Unusable::ShortSecret);
    }
    let key = Key::Secret(Box::new(hmac::Key::new(algorithm.in_library(), &secret)));
    Ok(vec![Verifier { algorithm: Algorithm::Secret(algorithm), key }])
}

/// An RSA key without `alg` serves its whole family, because many issuers leave `alg` out of their sets.
fn rsa(members: &Members<'_>, stated: Option<Algorithm>) -> Verifiers {
    let modulus = material::number(members, "n")?;
    let exponent = material::number(members, "e")?;
    rsa_modulus::check(&modulus, &exponent)?;
    let numbers = RsaPublicKeyComponents { n: &modulus, e: &exponent };
    let serves = |algorithm: &RsaAlgorithm| stated.is_none_or(|stated| stated == Algorithm::Rsa(*algorithm));
    let verifier = |algorithm: RsaAlgorithm| {
        let key = numbers.to_parsed_public_key(algorithm.in_library()).map_err(|_| Unusable::WrongNumbers)?;
        Ok(Verifier { algorithm: Algorithm::Rsa(algorithm), key: Key::Public(key) })
    };
    RsaAlgorithm::ALL.into_iter().filter(serves).map(verifier).collect()
}

fn elliptic(members: &Members<'_>, algorithm: Algorithm, length: usize) -> Verifiers {
    let (x, y) = (material::coordinate(members, "x", length)?, material::coordinate(members, "y", length)?);
    // SEC 1 section 2.3.3: 4 says that both coordinates follow. Parsing finds out whether they lie on the curve.
    let point = [&[4], x.as_slice(), y.as_slice()].concat();
    let curve = if algorithm == Algorithm::Es384 { &ECDSA_P384_SHA384_FIXED } else { &ECDSA_P256_SHA256_FIXED };
    let key = ParsedPublicKey::new(curve, &point).map_err(|_| Unusable::WrongPoint)?;
    Ok(vec![Verifier { algorithm, key: Key::Public(key) }])
}

fn edwards(members: &Members<'_>) -> Verifiers {
    let point = material::point::<32>(members, "x")?;
    if ed25519_point::has_small_order(&point) {
        return Err(Unusable::WrongPoint);
    }
    let key = ParsedPublicKey::new(&ED25519, point).map_err(|_| Unusable::WrongPoint)?;
    Ok(vec![Verifier { algorithm: Algorithm::EdDsa, key: Key::Public(key) }])
}

fn text<'m>(members: &'m Members<'_>, name: &str) -> Option<&'m str> {
    members.get(name).and_then(Json::as_text)
}
