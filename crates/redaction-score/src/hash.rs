//! Hashes that are the same on every machine, and letters without their accents.

/// A running hash (FNV-1a).
#[derive(Clone, Copy, Debug)]
pub struct Hash(u64);

impl Hash {
    pub fn new() -> Self {
        Self(0xCBF2_9CE4_8422_2325)
    }

    #[inline]
    pub fn see(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
    }

    pub fn of(bytes: &[u8]) -> u32 {
        let mut hash = Self::new();
        for byte in bytes {
            hash.see(*byte);
        }
        hash.short()
    }

    pub fn short(self) -> u32 {
        (mix(self.0) >> 32) as u32
    }
}

/// Spreads every bit over all of them (splitmix64).
#[inline]
pub fn mix(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// Small numbers as they are, larger ones by their size.
#[inline]
pub fn bucket(value: usize) -> u64 {
    let value = value as u64;
    if value <= 12 { value } else { 10 + u64::from(value.ilog2()) }
}

/// Two values as one.
#[inline]
pub fn join(one: u64, other: u64) -> u64 {
    mix(one ^ (other << 32) ^ (other >> 32))
}

/// The letter at `at` in its plain form, a digit as `0`, and how many bytes it has.
#[inline]
pub fn fold(text: &[u8], at: usize) -> (u8, usize) {
    let byte = text[at];
    match byte {
        b'0'..=b'9' => (b'0', 1),
        0xC3 if at + 1 < text.len() => (latin(text[at + 1]), 2),
        _ => (byte.to_ascii_lowercase(), 1),
    }
}

/// Letters of Latin-1 by the second byte of their UTF-8 form.
fn latin(byte: u8) -> u8 {
    match byte & 0xDF {
        0x80..=0x86 => b'a',
        0x87 => b'c',
        0x88..=0x8B => b'e',
        0x8C..=0x8F => b'i',
        0x91 => b'n',
        0x90 | 0x92..=0x96 | 0x98 => b'o',
        0x99..=0x9C => b'u',
        0x9D => b'y',
        _ => b's',
    }
}
