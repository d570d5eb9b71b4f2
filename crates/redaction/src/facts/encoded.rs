//! A user and a password in base64.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::facts::values::looks_chosen;

pub(crate) const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
pub(crate) const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);

/// `user:password` in base64, as Basic credentials are written.
pub(crate) fn is_basic(run: &[u8]) -> bool {
    let decoded = STANDARD.decode(run.trim_ascii_end()).unwrap_or_default();
    decoded.len() >= 5 && decoded.contains(&b':') && decoded.iter().all(u8::is_ascii_graphic)
}

/// `admin:hunter2` and nothing else.
pub(crate) fn is_pair(decoded: &[u8]) -> bool {
    let Some(colon) = memchr::memchr(b':', decoded).filter(|at| *at >= 2) else { return false };
    let (user, password) = (&decoded[..colon], &decoded[colon + 1..]);
    user.iter().all(|b| b.is_ascii_alphanumeric() || b"._-@".contains(b))
        && password.iter().all(u8::is_ascii_graphic)
        && looks_chosen(password)
}

/// Words, in which whatever is secret was looked for when they were decoded.
pub(crate) fn is_sentence(run: &[u8]) -> bool {
    STANDARD.decode(run).is_ok_and(|text| text.is_ascii() && memchr::memchr_iter(b' ', &text).count() >= 4)
}
