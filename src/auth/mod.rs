//! Who sent this token, and what may they do? Nothing here serves HTTP; verifying has no clock and calls nobody.
//!
//! ```text
//! verify(key set, expectations, now, token) -> claims
//!   verify        cut into three, in the order of RFC 7519 section 7.2
//!   header        what a token may say before anything of it is believed
//!   key_set       which key; algorithm: what it may check
//!   jwk           whether a key is a good one; material, rsa_modulus, ed25519_point: what it is made of
//!   claims        who, until when, what, where; grants_claim: in which claim that last one stands
//!   fault         every refusal, and what to do about it
//! key_store       the key set in force; key_file: the file it is read from again
//! remote          the issuer it is fetched from again, in the background
//! development     the key that a development machine signs its own tokens with
//! strict_json, base64url   the two notations, read without leniency
//! ```
//!
//! The signatures themselves are checked by `aws-lc-rs`, with keys that were made ready when the set was read; everything
//! around the signature is judged here, before it is asked. `specs/tokens.md` has the rules and the reasons.
//!
//! Deliberately absent: any call to an identity provider while a request waits, token introspection, decryption, sessions, a cache of tokens.

mod algorithm;
mod base64url;
mod claims;
pub mod development;
mod ed25519_point;
mod fault;
mod grants_claim;
mod header;
mod jwk;
mod key_file;
mod key_set;
mod key_store;
mod material;
mod remote;
mod rsa_modulus;
mod strict_json;
mod verify;

pub use claims::{Claims, Expectations, LEEWAY, LIFETIME_MAX, NAME_MAX, SUBJECT_MAX};
pub use fault::{Claim, TokenFault};
pub use grants_claim::{GrantsClaim, NotAClaim};
pub use header::TypRule;
pub use jwk::Unusable;
pub use key_file::{KeySourceError, load as load_key_file};
pub use key_set::{Instead, KeySet, KeySetError, Loaded, SetAside};
pub use key_store::{KeySetFacts, KeyStore, KeyWatch, Reloaded};
pub use material::MaterialFault;
pub use remote::{
    FetchError, FetchFacts, IssuerUrl, KeyUrl, Limits, NotAKeyUrl, PlainHttp, ProxyUrl, PublishedAt, Remote,
    fetch_once, look_at_tls_roots,
};
pub use verify::{TOKEN_MAX, verify, verify_signature};
