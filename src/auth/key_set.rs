//! The keys that signatures are checked with: a JWK Set (RFC 7517 section 5), read once, kept parsed.

use std::fmt;

use super::algorithm::{Algorithm, KeyType};
use super::fault::TokenFault;
use super::header::Header;
use super::jwk::{Reading, Unusable, Verifier};
use super::strict_json::{self, Json, JsonFault};

/// The usable keys of a key set. One that was read has at least one.
pub struct KeySet {
    keys: Vec<Key>,
}

struct Key {
    kid: Option<String>,
    verifiers: Vec<Verifier>,
}

/// A key set as read.
#[derive(Debug)]
pub struct Loaded {
    /// The keys that can be used.
    pub keys: KeySet,
    /// Those that cannot: a line each for the log.
    pub set_aside: Vec<SetAside>,
}

/// A key that is not used, and why. Holds no key material.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Its place in `keys`, from 0.
    pub index: usize,
    /// Its `kid`, made fit for a log line.
    pub kid: Option<String>,
    /// What is wrong with it.
    pub reason: Unusable,
}

impl fmt::Display for SetAside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "keys[{}]", self.index)?;
        if let Some(kid) = &self.kid {
            write!(f, " (kid {kid})")?;
        }
        write!(f, " is not used: {}", self.reason)
    }
}

/// Why a key set as a whole is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeySetError {
    /// Not a JSON object with an array `keys`.
    #[error("not a JWK Set: {0}")]
    NotAKeySet(Instead),
    /// Two members of one name (RFC 7517 section 4).
    #[error("a JSON object in it has two members of one name")]
    DuplicateMember,
    /// An HMAC secret that can be guessed.
    #[error(
        "keys[{0}] is an HMAC secret shorter than the output of its hash: make one of at least 32 (HS256), 48 (HS384) or 64 (HS512) random bytes"
    )]
    ShortSecret(usize),
    /// Secrets and public keys side by side: the ground on which one is taken for the other.
    #[error("it mixes secrets (oct) with public keys: keep them in sets of their own")]
    Mixed,
    /// Two keys of one `kid`.
    #[error("keys[{first}] and keys[{second}] have the same kid: give each key its own")]
    DuplicateKid {
        /// The place of the one.
        first: usize,
        /// The place of the other.
        second: usize,
    },
    /// Nothing left to check signatures with.
    #[error("it has no usable key{}", list(.0))]
    NoUsableKey(Vec<SetAside>),
}

/// What stands where a key set was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Instead {
    /// A PEM file.
    #[error("it is PEM; the set must be JSON, which the issuer publishes or a tool makes of the public key")]
    Pem,
    /// Not JSON, or cut off.
    #[error("it is not JSON, or only a part of it")]
    NotJson,
    /// A list, of keys perhaps.
    #[error("it is a list: put it into an object, {{\"keys\": […]}}")]
    List,
    /// One key by itself.
    #[error("it is a single key: put it into a set, {{\"keys\": […]}}")]
    SingleKey,
    /// The description of an issuer (`OpenID` Connect Discovery section 3, RFC 8414 section 2).
    #[error("it describes an issuer: the key set is what its jwks_uri leads to")]
    Discovery,
    /// Any other JSON.
    #[error("it must be a JSON object with an array \"keys\"")]
    Other,
}

impl Instead {
    fn of_text(text: &str) -> Self {
        if text.trim_start().starts_with("-----BEGIN") { Self::Pem } else { Self::NotJson }
    }

    fn of_json(json: &Json<'_>) -> Self {
        match json {
            Json::List(_) => Self::List,
            Json::Object(members) if members.get("keys").is_some() => Self::Other,
            Json::Object(members) if members.get("kty").is_some() => Self::SingleKey,
            Json::Object(members) if members.get("jwks_uri").is_some() => Self::Discovery,
            _ => Self::Other,
        }
    }
}

fn list(set_aside: &[SetAside]) -> String {
    set_aside.iter().fold(String::new(), |text, key| text + "; " + &key.to_string())
}

impl KeySet {
    /// No keys: what is in force until some have come. Every token's key is unknown to it.
    #[must_use]
    pub fn empty() -> Self {
        Self { keys: Vec::new() }
    }

    /// Whether no key has come yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Reads a key set. Unusable keys are set aside; a set that invites mistakes is refused as a whole. A byte order mark
    /// in front of it is not looked at.
    ///
    /// # Errors
    /// It is no key set, or one that must not be used (RFC 8725 sections 3.1 and 3.5).
    pub fn parse(jwks: &str) -> Result<Loaded, KeySetError> {
        let jwks = jwks.strip_prefix('\u{feff}').unwrap_or(jwks);
        let json = strict_json::read(jwks.as_bytes()).map_err(|fault| match fault {
            JsonFault::Malformed => KeySetError::NotAKeySet(Instead::of_text(jwks)),
            JsonFault::Duplicate => KeySetError::DuplicateMember,
        })?;
        let keys = json.as_object().and_then(|set| set.get("keys")).and_then(Json::as_list);
        let keys = keys.ok_or_else(|| KeySetError::NotAKeySet(Instead::of_json(&json)))?;
        let readings: Vec<Reading> = keys.iter().map(Reading::of).collect();
        refuse_short_secrets(&readings)?;
        refuse_a_mix(&readings)?;
        refuse_duplicate_kids(&readings)?;
        sort_out(readings)
    }

    /// Whether a key of the set made `signature` over `signed`.
    ///
    /// With several keys the `kid` alone chooses. With one there is nothing to choose, and a token may name it otherwise
    /// or not at all; but where that token does not fit the key, the answer is that its key is unknown.
    pub(super) fn check(&self, header: &Header, signed: &[u8], signature: &[u8]) -> Result<(), TokenFault> {
        if let [only] = self.keys.as_slice() {
            let named_otherwise = header.kid.is_some() && only.kid.is_some() && header.kid != only.kid;
            let checked = only.check(header.algorithm, signed, signature);
            return checked.map_err(|fault| if named_otherwise { TokenFault::UnknownKey } else { fault });
        }
        let kid = header.kid.as_deref().ok_or(TokenFault::MissingKeyId)?;
        let key = self.keys.iter().find(|key| key.kid.as_deref() == Some(kid)).ok_or(TokenFault::UnknownKey)?;
        key.check(header.algorithm, signed, signature)
    }

    /// The `kid`s of the keys that can be used, made fit for a log line. A key without one is not among them.
    #[must_use]
    pub fn key_ids(&self) -> Vec<String> {
        self.keys.iter().filter_map(|key| key.kid.as_deref()).map(printable).collect()
    }

    /// How many keys can be used.
    #[must_use]
    pub fn size(&self) -> usize {
        self.keys.len()
    }
}

impl Key {
    fn check(&self, algorithm: Algorithm, signed: &[u8], signature: &[u8]) -> Result<(), TokenFault> {
        let verifier = self.verifiers.iter().find(|verifier| verifier.algorithm == algorithm);
        let verifier = verifier.ok_or(TokenFault::AlgorithmOfOtherKey)?;
        if verifier.accepts(signed, signature) { Ok(()) } else { Err(TokenFault::BadSignature) }
    }
}

impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeySet").field("size", &self.size()).finish_non_exhaustive()
    }
}

/// An empty or short secret is refused and not set aside, because somebody signs with it.
fn refuse_short_secrets(readings: &[Reading]) -> Result<(), KeySetError> {
    let short = readings.iter().position(|key| matches!(key.verifiers, Err(Unusable::ShortSecret)));
    short.map_or(Ok(()), |index| Err(KeySetError::ShortSecret(index)))
}

/// Keys that cannot be used count here as long as they are for verifying signatures: the mistake is the same.
fn refuse_a_mix(readings: &[Reading]) -> Result<(), KeySetError> {
    let mut types = readings.iter().filter_map(|key| key.key_type);
    let Some(first) = types.next() else {
        return Ok(());
    };
    let is_secret = |key_type| key_type == KeyType::Secret;
    if types.all(|key_type| is_secret(key_type) == is_secret(first)) { Ok(()) } else { Err(KeySetError::Mixed) }
}

/// A key for something else may share its `kid` with a signature key; it is never looked at.
fn refuse_duplicate_kids(readings: &[Reading]) -> Result<(), KeySetError> {
    let mut named: Vec<(&str, usize)> = Vec::new();
    for (index, key) in readings.iter().enumerate() {
        if let (Some(kid), Some(_)) = (&key.kid, key.key_type) {
            named.push((kid, index));
        }
    }
    named.sort_unstable();
    match named.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        Some(pair) => Err(KeySetError::DuplicateKid { first: pair[0].1, second: pair[1].1 }),
        None => Ok(()),
    }
}

fn sort_out(readings: Vec<Reading>) -> Result<Loaded, KeySetError> {
    let several = readings.iter().filter(|key| key.verifiers.is_ok()).count() > 1;
    let mut keys = Vec::new();
    let mut set_aside = Vec::new();
    for (index, Reading { kid, verifiers, .. }) in readings.into_iter().enumerate() {
        match verifiers {
            Ok(verifiers) if !several || kid.is_some() => keys.push(Key { kid, verifiers }),
            Ok(_) => set_aside.push(SetAside { index, kid: None, reason: Unusable::NoKid }),
            Err(reason) => set_aside.push(SetAside { index, kid: kid.as_deref().map(printable), reason }),
        }
    }
    if keys.is_empty() {
        return Err(KeySetError::NoUsableKey(set_aside));
    }
    Ok(Loaded { keys: KeySet { keys }, set_aside })
}

/// Longest part of a `kid` in a log line, in characters.
const PRINTED_KID_MAX: usize = 64;

/// A `kid` comes from outside: it could forge a log line, or colour a terminal.
fn printable(kid: &str) -> String {
    let safe = |char: char| char.is_ascii_alphanumeric() || "._~:/+=@-".contains(char);
    kid.chars().take(PRINTED_KID_MAX).map(|char| if safe(char) { char } else { '?' }).collect()
}
