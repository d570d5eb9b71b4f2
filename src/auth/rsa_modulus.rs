//! RSA public keys that must not be trusted although they parse.

use super::jwk::Unusable;

/// Checks what the crypto library leaves to its caller, or only notices when the first signature comes. Both numbers are
/// without zero bytes in front.
pub(super) fn check(modulus: &[u8], exponent: &[u8]) -> Result<(), Unusable> {
    if !(2048..=8192).contains(&bits(modulus)) || modulus.last().is_some_and(|last| last % 2 == 0) {
        return Err(Unusable::ModulusSize);
    }
    if !is_sane_exponent(exponent) {
        return Err(Unusable::WeakExponent);
    }
    if has_roca_fingerprint(modulus) {
        return Err(Unusable::RocaModulus);
    }
    Ok(())
}

fn bits(number: &[u8]) -> usize {
    let unused = number.first().map_or(0, |first| first.leading_zeros() as usize);
    number.len() * 8 - unused
}

/// 65537 is what FIPS 186-5 section 5.4 asks for at least, and what all but a few keys have; 33 bits is what the crypto
/// library works with. An exponent of 1 makes every padded text its own signature.
fn is_sane_exponent(exponent: &[u8]) -> bool {
    let value = exponent.iter().take(8).fold(0_u64, |value, byte| (value << 8) | u64::from(*byte));
    exponent.len() <= 5 && value % 2 == 1 && (65_537..1 << 33).contains(&value)
}

/// Primes over which keys of the broken generator show: modulo each of them they are a power of 65537
/// (Nemec et al., "The Return of Coppersmith's Attack", CCS 2017, section 5). About one sound key in 2^27 does so too.
const ROCA_PRIMES: [u32; 38] = [
    3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
    113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
];

fn has_roca_fingerprint(modulus: &[u8]) -> bool {
    ROCA_PRIMES.iter().all(|prime| {
        let remainder = modulus.iter().fold(0, |rest, byte| (rest * 256 + u32::from(*byte)) % prime);
        let mut power = 1;
        (0..*prime).any(|_| {
            power = power * (65_537 % prime) % prime;
            power == remainder
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_odd_exponents_from_65537_to_33_bits_are_sane() {
        for good in [&[1, 0, 1][..], &[1, 0, 3], &[1, 255, 255, 255, 255]] {
            assert!(is_sane_exponent(good), "{good:?}");
        }
        for bad in [&[][..], &[1], &[3], &[17], &[255, 255], &[1, 0, 0], &[1, 0, 2], &[2, 0, 0, 0, 1], &[1; 6]] {
            assert!(!is_sane_exponent(bad), "{bad:?}");
        }
    }

    #[test]
    fn a_modulus_is_measured_in_bits_and_not_in_bytes() {
        assert_eq!((bits(&[0x80]), bits(&[0x01, 0]), bits(&[0x7f, 0xff])), (8, 9, 15));
    }
}
