//! The seam: key set, expectations, time and token in; claims out. No HTTP, no clock, no network.

use time::OffsetDateTime;

use super::base64url;
use super::claims::{Claims, Expectations};
use super::fault::TokenFault;
use super::header::{Header, TypRule};
use super::key_set::KeySet;

/// Longest token that is looked at, in bytes.
pub const TOKEN_MAX: usize = 8 * 1024;

/// Who sent this token, and what may they do?
///
/// The order is RFC 7519 section 7.2's: the form, the signature, and only then the claims.
///
/// # Errors
/// The first thing that is wrong with it; later things are not looked at.
pub fn verify(keys: &KeySet, expected: &Expectations, now: OffsetDateTime, token: &str) -> Result<Claims, TokenFault> {
    let payload = verify_signature(keys, token, expected.typ)?;
    Claims::read(&payload, expected, now)
}

/// The payload of a JWS in compact form (RFC 7515 section 5.2) that a key of the set has signed, whatever it says.
///
/// # Errors
/// Its form, its header or its signature is wrong.
pub fn verify_signature(keys: &KeySet, token: &str, typ: TypRule) -> Result<Vec<u8>, TokenFault> {
    let parts = Compact::split(token)?;
    let header = Header::read(&decode(parts.header)?, typ)?;
    let payload = decode(parts.payload)?;
    keys.check(&header, parts.signed.as_bytes(), &decode(parts.signature)?)?;
    Ok(payload)
}

fn decode(part: &str) -> Result<Vec<u8>, TokenFault> {
    base64url::decode(part).ok_or(TokenFault::NotBase64url)
}

/// A token cut at its dots.
struct Compact<'t> {
    header: &'t str,
    payload: &'t str,
    signature: &'t str,
    /// What the signature is over: header and payload as they were sent, dot included.
    signed: &'t str,
}

impl<'t> Compact<'t> {
    fn split(token: &'t str) -> Result<Self, TokenFault> {
        if token.len() > TOKEN_MAX {
            return Err(TokenFault::TooLong);
        }
        let dots = token.bytes().filter(|byte| *byte == b'.').count();
        let (signed, signature) = token.rsplit_once('.').ok_or(TokenFault::NotThreeParts)?;
        match (dots, signed.split_once('.')) {
            (2, Some((header, payload))) => Ok(Self { header, payload, signature, signed }),
            (4, _) => Err(TokenFault::Encrypted),
            _ => Err(TokenFault::NotThreeParts),
        }
    }
}
