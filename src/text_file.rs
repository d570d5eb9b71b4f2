//! The text of a file that somebody else wrote, with whatever editor or program.

/// Why a file's bytes are not taken as text. Holds none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotText {
    /// Two bytes a character, by its byte order mark or by the zero bytes of its first characters.
    #[error("it is written in UTF-16: save it as UTF-8")]
    Utf16,
    /// Neither this nor UTF-8.
    #[error("it is not UTF-8")]
    NotUtf8,
}

/// The text of a file in UTF-8, without the byte order mark (U+FEFF) that some editors put in front of it. It says nothing
/// that is not known already (RFC 8259 section 8.1 lets a reader ignore it).
///
/// # Errors
/// The bytes are not UTF-8.
pub fn read(bytes: &[u8]) -> Result<&str, NotText> {
    let has_mark = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    // No text begins with NUL, and ASCII in UTF-16 has one in its first two bytes.
    if has_mark || bytes.iter().take(2).any(|byte| *byte == 0) {
        return Err(NotText::Utf16);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| NotText::NotUtf8)?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_order_mark_in_front_is_not_part_of_the_text() {
        for (bytes, text) in [
            (&b"{}"[..], "{}"),
            (b"\xef\xbb\xbf{}", "{}"),
            (b"", ""),
            (b"\xef\xbb\xbf", ""),
            (b"{\xef\xbb\xbf}", "{\u{feff}}"),
            (b"\xef\xbb\xbf\xef\xbb\xbf{}", "\u{feff}{}"),
        ] {
            assert_eq!(read(bytes), Ok(text));
        }
    }

    #[test]
    fn utf_16_is_told_from_other_bytes_that_are_no_text() {
        for utf_16 in [&b"\xff\xfe{\0}\0"[..], b"\xfe\xff\0{\0}", b"{\0}\0", b"\0{\0}"] {
            assert_eq!(read(utf_16), Err(NotText::Utf16));
        }
        for other in [&b"{\"a\":\"\xfc\"}"[..], b"\x80", b"\xed\xb2\x80"] {
            assert_eq!(read(other), Err(NotText::NotUtf8));
        }
    }
}
