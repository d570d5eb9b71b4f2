//! The members of a key that hold numbers and bytes (RFC 7518 section 6, RFC 8037 section 2), read as real issuers write
//! them: some pad their base64url, and many keep or lose zero bytes in front of a number. The number is the same.

use super::base64url;
use super::strict_json::Members;

/// What is wrong with a member that holds key material. Holds nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MaterialFault {
    /// Absent, or `null`.
    #[error("is missing")]
    Missing,
    /// Not a string.
    #[error("is not a string")]
    NotText,
    /// No byte in it, or only zero where a number is wanted that cannot be zero.
    #[error("is empty or zero")]
    Empty,
    /// The alphabet of RFC 4648 section 4, with `+` and `/`.
    #[error("is plain base64 and not base64url: it must have - for + and _ for /")]
    OtherAlphabet,
    /// Some other character, a length that no encoder makes, or bits to spare in the last character.
    #[error("is not base64url")]
    NotBase64url,
    /// More or fewer bytes than the curve has.
    #[error("has {bytes} bytes, and its curve has {expected}")]
    WrongLength {
        /// How many there are, without zeros in front where those do not count.
        bytes: usize,
        /// How many there must be.
        expected: usize,
    },
}

/// A member with something wrong, as the log names it.
pub(super) type Fault = (&'static str, MaterialFault);

/// Bytes as they are: a secret.
pub(super) fn bytes(members: &Members<'_>, name: &'static str) -> Result<Vec<u8>, Fault> {
    let value = members.present(name).ok_or((name, MaterialFault::Missing))?;
    let text = value.as_text().ok_or((name, MaterialFault::NotText))?;
    // Padding says nothing. In a token it is refused, because there it would be a second spelling of one token.
    let bare = text.trim_end_matches('=');
    base64url::decode(bare).ok_or_else(|| {
        let other = bare.bytes().any(|byte| matches!(byte, b'+' | b'/'));
        (name, if other { MaterialFault::OtherAlphabet } else { MaterialFault::NotBase64url })
    })
}

/// A positive number in the fewest bytes that hold it (`Base64urlUInt`, RFC 7518 section 2): an RSA modulus or exponent.
/// Zero bytes in front are what is left of a sign in ASN.1 or in Java.
pub(super) fn number(members: &Members<'_>, name: &'static str) -> Result<Vec<u8>, Fault> {
    let number = without_zeros(bytes(members, name)?);
    if number.is_empty() { Err((name, MaterialFault::Empty)) } else { Ok(number) }
}

/// A coordinate in exactly the `length` bytes of its curve (RFC 7518 section 6.2.1.2), however many zero bytes stand in
/// front of it or were left out there.
pub(super) fn coordinate(members: &Members<'_>, name: &'static str, length: usize) -> Result<Vec<u8>, Fault> {
    let written = bytes(members, name)?;
    if written.is_empty() {
        return Err((name, MaterialFault::Empty));
    }
    let number = without_zeros(written);
    let zeros = length
        .checked_sub(number.len())
        .ok_or((name, MaterialFault::WrongLength { bytes: number.len(), expected: length }))?;
    Ok([vec![0; zeros], number].concat())
}

/// A point in the encoding of RFC 8032: a string of bytes and no number, so none of them can be left out.
pub(super) fn point<const LENGTH: usize>(members: &Members<'_>, name: &'static str) -> Result<[u8; LENGTH], Fault> {
    let written = bytes(members, name)?;
    let length = written.len();
    written.try_into().map_err(|_| (name, MaterialFault::WrongLength { bytes: length, expected: LENGTH }))
}

fn without_zeros(mut number: Vec<u8>) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.drain(..zeros);
    number
}
