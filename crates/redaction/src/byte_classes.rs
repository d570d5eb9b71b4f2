//! Which classes of bytes a text has: most steps have nothing to look for in most texts, and are not begun.

/// Which classes there are in a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ByteClasses(u8);

impl ByteClasses {
    pub(crate) const UPPER: u8 = 1;
    pub(crate) const BLANK: u8 = 2;
    pub(crate) const LINE: u8 = 4;
    pub(crate) const BRACKET: u8 = 8;
    pub(crate) const EQUALS: u8 = 16;
    /// Digits and marks that names do not have.
    pub(crate) const STRIKING: u8 = 32;
    /// Letters and signs of base64, also in its form for URLs.
    pub(crate) const BASE64: u8 = 128;
    /// May stand for something else, or begin what does.
    pub(crate) const HIDING: u8 = 64;

    const OF: [u8; 256] = {
        let mut classes = [0; 256];
        let mut byte = u8::MAX;
        loop {
            classes[byte as usize] = match byte {
                b'A'..=b'Z' => Self::UPPER | Self::BASE64,
                b'a'..=b'z' | b'-' | b'_' | b'/' => Self::BASE64,
                b' ' | b'\t' | b'\r' => Self::BLANK,
                0x0c => Self::BLANK | Self::HIDING,
                b'\n' => Self::LINE,
                b'[' => Self::BRACKET | Self::HIDING,
                b'=' => Self::EQUALS | Self::HIDING,
                b'%' | b'&' | b'^' | b'#' => Self::STRIKING | Self::HIDING,
                b'0'..=b'9' => Self::STRIKING | Self::BASE64,
                b'+' => Self::STRIKING | Self::BASE64 | Self::HIDING,
                b'!' | b'$' | b'*' | b'~' | b'@' => Self::STRIKING,
                0..=8 | 0x0b | 0x0e..=0x1f | 0x7f.. | b'\\' | b'`' | b'"' | b'\'' | b'<' | b'{' => Self::HIDING,
                _ => 0,
            };
            let Some(next) = byte.checked_sub(1) else { break };
            byte = next;
        }
        classes
    };

    /// Of all its bytes.
    pub(crate) fn of(text: &[u8]) -> Self {
        Self(text.iter().fold(0, |classes, byte| classes | Self::OF[usize::from(*byte)]))
    }

    /// Whether the byte is of the kind.
    #[inline]
    pub(crate) fn is(byte: u8, kind: u8) -> bool {
        Self::OF[usize::from(byte)] & kind != 0
    }

    /// Whether there is one of these classes.
    pub(crate) fn has(self, kind: u8) -> bool {
        self.0 & kind != 0
    }
}
