//! Formats that prove themselves: a checksum or a structure that no look-alike has.
//!
//! What is proven goes wherever it stands, in the middle of a word too. What is not proven is no look-alike for that: a
//! checksum repairs a mistyped character within a few thousand tries, so a damaged token is a secret nearly as good as a whole
//! one. It goes as tokens without a checksum do, unless a hand made it up (`ghp_1234567890abcdef…`, as documentation has it).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Crc;

/// How a format proves itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// Four letters of prefix, 30 of random, 6 of CRC-32 in base 62: GitHub since 2021 ("Behind GitHub's new authentication
    /// token formats"), npm since 2021.
    Base62,
    /// `github_pat_`, 22 letters, `_`, 53, 6 of CRC-32 in base 62. GitHub does not say over which part; scanners disagree.
    FineGrained,
    /// `glsa_`, 32, `_`, 8: CRC-32 of everything before, in hexadecimal, its low byte first (Grafana, `satokengen`).
    Grafana,
    /// The last 7 are CRC-32 in base 36 of everything before (GitLab's routable tokens, `routable_token.rb`).
    Base36,
    /// A macaroon of version 2 in base64 (libmacaroons, "v2 binary format"), behind `pypi-` (PEP 541's index).
    PyPi,
    /// The last 6 are a checksum over the rest (BIP 173): keys of age and of Nostr.
    Bech32,
}

impl Proof {
    /// How many bytes of `token`, from its beginning, are proven to be one.
    pub(crate) fn proven(self, token: &[u8]) -> Option<usize> {
        match self {
            Self::Base62 => {
                let [random, sum] = [token.get(4..34)?, token.get(34..40)?];
                is_base62(crc(random), sum).then_some(40)
            }
            Self::FineGrained => {
                let [id, random, sum] = [token.get(11..33)?, token.get(34..87)?, token.get(87..93)?];
                let whole = crc(&token[11..87]);
                (is_base62(whole, sum) || is_base62(crc(random), sum) || is_base62(crc(&[id, random].concat()), sum))
                    .then_some(93)
            }
            Self::Grafana => {
                let sum = crc(token.get(..37)?).swap_bytes();
                token.get(38..46)?.eq_ignore_ascii_case(format!("{sum:08x}").as_bytes()).then_some(46)
            }
            Self::Base36 => {
                // A full stop behind it is the sentence's.
                let end = token.iter().rposition(|byte| *byte != b'.')? + 1;
                let (body, sum) = token[..end].split_at_checked(end.checked_sub(7)?)?;
                (body.contains(&b'.') && spelled(crc(body), 36, 7).eq_ignore_ascii_case(sum)).then_some(end)
            }
            Self::PyPi => {
                let body = URL_SAFE_NO_PAD.decode(token.strip_prefix(b"pypi-")?).ok()?;
                is_macaroon(&body).then_some(token.len())
            }
            Self::Bech32 => {
                let data = memchr::memrchr(b'1', token)? + 1;
                let end = data + 58;
                is_bech32(token.get(..end)?, data).then_some(end)
            }
        }
    }
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

fn is_base62(number: u32, sum: &[u8]) -> bool {
    spelled(number, 62, sum.len()) == sum
}

/// A number in the first `base` of [`DIGITS`], `width` of them at least.
fn spelled(mut number: u32, base: u32, width: usize) -> Vec<u8> {
    let mut out = Vec::new();
    while number > 0 || out.len() < width {
        out.push(DIGITS[(number % base) as usize]);
        number /= base;
    }
    out.reverse();
    out
}

/// Version 2; fields of a type, a length and bytes; sections end with a zero; the last field is a signature of 32 bytes.
fn is_macaroon(bytes: &[u8]) -> bool {
    const SIGNATURE: u8 = 6;
    /// Where it is from, what it is, and how a third party is asked.
    const OF_CAVEATS: [u8; 3] = [1, 2, 4];
    let Some((2, mut rest)) = bytes.split_first().map(|(version, rest)| (*version, rest)) else { return false };
    while let Some((&kind, behind)) = rest.split_first() {
        if kind == 0 {
            rest = behind;
            continue;
        }
        let Some((length, behind)) = varint(behind) else { return false };
        let Some((_, behind)) = behind.split_at_checked(length) else { return false };
        if kind == SIGNATURE {
            return length == 32 && behind.is_empty();
        }
        if !OF_CAVEATS.contains(&kind) {
            return false;
        }
        rest = behind;
    }
    false
}

/// A length in groups of seven bits, the low ones first; more than two groups are no length of a token.
fn varint(bytes: &[u8]) -> Option<(usize, &[u8])> {
    match bytes {
        [low @ 0..0x80, rest @ ..] => Some((usize::from(*low), rest)),
        [low, high @ 0..0x80, rest @ ..] => Some((usize::from(*low & 0x7f) | usize::from(*high) << 7, rest)),
        _ => None,
    }
}

/// The checksum of BIP 173 over `token`, whose data begin at `data` behind the `1`.
fn is_bech32(token: &[u8], data: usize) -> bool {
    const LETTERS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    const GENERATOR: [u32; 5] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3];
    let name = token[..data - 1].iter().map(u8::to_ascii_lowercase);
    let value = |byte: &u8| LETTERS.iter().zip(0..).find(|(letter, _)| letter.eq_ignore_ascii_case(byte));
    let values = token[data..].iter().map(|byte| value(byte).map(|(_, value)| value));
    let Some(values) = values.collect::<Option<Vec<u8>>>() else { return false };
    let expanded = name.clone().map(|byte| byte >> 5).chain([0]).chain(name.map(|byte| byte & 31)).chain(values);
    let sum = expanded.fold(1_u32, |sum, value| {
        let top = sum >> 25;
        let next = (sum & 0x01ff_ffff) << 5 ^ u32::from(value);
        (0..5).filter(|bit| top >> bit & 1 == 1).fold(next, |next, bit| next ^ GENERATOR[bit])
    });
    sum == 1
}

/// Made up by hand: most characters are the one before, or its successor (`1234567890abcdefghij…`, `aaaabbbb…`).
pub(crate) fn is_made_up(token: &[u8]) -> bool {
    let step = |pair: &[u8]| {
        let [one, other] = [pair[0].to_ascii_lowercase(), pair[1].to_ascii_lowercase()];
        other == one || other == one + 1 || (one == b'9' && other == b'0')
    };
    let steps = token.windows(2).filter(|pair| step(pair)).count();
    steps * 2 > token.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vectors: the example of GitHub's announcement; the vectors of BIP 173; the others are built by their vendors' rules.
    #[test]
    fn what_is_proven_is_proven_and_one_other_character_is_not() {
        let mut macaroon = vec![2, 1, 8];
        macaroon.extend(b"pypi.org\x02\x24");
        macaroon.extend([b'a'; 36]);
        macaroon.extend([0, 0, 6, 32]);
        macaroon.extend([7; 32]);
        let grafana = b"glsa_Zt5Zq1lV0bDk2hR8sYwQx3nKu7Lm4Pv9";
        let grafana = format!("{}_{:08x}", String::from_utf8_lossy(grafana), crc(grafana).swap_bytes());
        let gitlab = "glpat-bzox79Of-KE9FD2LjoXXF4CvyxA.01.0r";
        let gitlab =
            format!("{gitlab}{}", String::from_utf8_lossy(&spelled(crc(gitlab.as_bytes()), 36, 7)).to_lowercase());
        let fine = format!("{}_{}", "k7Zm2QxT9bW4rN6vJ3kZ7m", "Q2xT9bW4rN6vJ3kZ7mQ2xT9bW4rN6vJ3kZ7mQ2xT9bW4rN6vJ3kZ7");
        let fine = format!("github_pat_{fine}{}", String::from_utf8_lossy(&spelled(crc(fine.as_bytes()), 62, 6)));
        for (proof, token) in [
            (Proof::FineGrained, fine),
            (Proof::Base62, "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".to_owned()),
            (Proof::Grafana, grafana),
            (Proof::Base36, gitlab),
            (Proof::PyPi, format!("pypi-{}", URL_SAFE_NO_PAD.encode(macaroon))),
            (Proof::Bech32, "nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5".to_owned()),
        ] {
            assert_eq!(proof.proven(token.as_bytes()), Some(token.len()), "{token}");
            let mut other = token.clone().into_bytes();
            let at = if proof == Proof::PyPi { 6 } else { 20 };
            other[at] = if other[at] == b'q' { b'p' } else { b'q' };
            assert_eq!(proof.proven(&other), None, "{token}");
            assert_eq!(proof.proven(&token.as_bytes()[..token.len() - 1]), None, "{token}");
        }
    }

    #[test]
    fn what_a_hand_made_up_is_told_from_what_a_machine_made() {
        for token in
            ["1234567890abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyz0123456789", "aaaabbbbccccdddd"]
        {
            assert!(is_made_up(token.as_bytes()), "{token}");
        }
        assert!(!is_made_up(b"zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"));
    }
}
