//! The one encoding of tokens and keys.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Reads base64url as RFC 7515 section 2 defines it and no laxer: no padding, no white space, no other alphabet, and
/// the bits that a last character has too many are zero. Otherwise one token could be written in several ways.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Writes it.
pub(super) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
