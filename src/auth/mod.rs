//! Who sent this token, and what may they do? Knows nothing of HTTP, has no clock, calls nobody.
//!
//! ```text
//! verify(key set, expectations, now, token) -> claims
//!   verify        cut into three, in the order of RFC 7519 section 7.2
//!   header        what a token may say before anything of it is believed
//!   key_set       which key; algorithm: what it may check
//!   jwk           whether a key is a good one; material, rsa_modulus, ed25519_point: what it is made of
//!   claims        who, until when, what, where
//!   fault         every refusal, and what to do about it
//! key_store       the key set in force, and the file it is read from again
//! development     the key that a development machine signs its own tokens with
//! strict_json, base64url   the two notations, read without leniency
//! ```
//!
//! The signatures themselves are checked by `jsonwebtoken` (over `aws-lc-rs`); everything around the signature has to be
//! stricter here than that library is, and is done before it is asked. `specs/tokens.md` has the rules and the reasons.
//!
//! Deliberately absent: any call to an identity provider, token introspection, decryption, sessions, a cache of tokens.

mod algorithm;
mod base64url;
mod claims;
pub mod development;
mod ed25519_point;
mod fault;
mod header;
mod jwk;
mod key_set;
mod key_store;
mod material;
mod rsa_modulus;
mod strict_json;
mod verify;

pub use claims::{Claims, Expectations, LEEWAY, LIFETIME_MAX, NAME_MAX, SUBJECT_MAX};
pub use fault::{Claim, TokenFault};
pub use header::TypRule;
pub use jwk::Unusable;
pub use key_set::{Instead, KeySet, KeySetError, Loaded, SetAside};
pub use key_store::{FileWatch, KeySourceError, KeyStore, Reloaded};
pub use material::MaterialFault;
pub use verify::{TOKEN_MAX, verify, verify_signature};
