//! What is said about faults: to callers, in `specs/tokens.md`, and never anything of a token.

use support_requests::auth::{Claim, TokenFault};

const CLAIMS: [Claim; 7] =
    [Claim::Issuer, Claim::Audience, Claim::Subject, Claim::Expiry, Claim::NotBefore, Claim::IssuedAt, Claim::Grants];

/// Claims that can be absent altogether are never missed.
fn every_fault() -> Vec<TokenFault> {
    let missing = CLAIMS[..4].iter().map(|claim| TokenFault::MissingClaim(*claim));
    let malformed = CLAIMS.iter().map(|claim| TokenFault::MalformedClaim(*claim));
    let others = [
        TokenFault::TooLong,
        TokenFault::NotThreeParts,
        TokenFault::Encrypted,
        TokenFault::NotBase64url,
        TokenFault::MalformedHeader,
        TokenFault::MalformedPayload,
        TokenFault::DuplicateMember,
        TokenFault::TypeRefused,
        TokenFault::CriticalExtension,
        TokenFault::KeyInHeader,
        TokenFault::UnencodedPayload,
        TokenFault::Compressed,
        TokenFault::AlgorithmRefused,
        TokenFault::AlgorithmOfOtherKey,
        TokenFault::MissingKeyId,
        TokenFault::UnknownKey,
        TokenFault::BadSignature,
        TokenFault::WrongIssuer,
        TokenFault::WrongAudience,
        TokenFault::Expired,
        TokenFault::NotYetValid,
        TokenFault::IssuedInTheFuture,
        TokenFault::LivesTooLong,
    ];
    missing.chain(malformed).chain(others).collect()
}

#[test]
fn every_description_fits_into_a_www_authenticate_header() {
    for fault in every_fault() {
        let allowed = |byte: u8| matches!(byte, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        assert!(fault.description().bytes().all(allowed), "{fault}");
    }
}

#[test]
fn every_fault_says_what_is_wrong_and_what_to_do_and_no_two_say_the_same() {
    let mut texts: Vec<String> = every_fault().iter().map(ToString::to_string).collect();
    assert!(texts.iter().all(|text| text.split_once(": ").is_some_and(|(_, remedy)| remedy.len() > 10)));
    let count = texts.len();
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), count);
}

#[test]
fn every_fault_has_a_reason_of_the_closed_list_that_metrics_have() {
    let listed = TokenFault::KINDS.map(TokenFault::reason);
    for fault in every_fault() {
        assert_eq!(listed.iter().filter(|reason| **reason == fault.reason()).count(), 1, "{fault}");
    }
    let manual = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/specs/operations.md")).unwrap();
    for reason in listed {
        assert!(manual.contains(&format!("`{reason}`")), "specs/operations.md does not name {reason}");
        assert!(every_fault().iter().any(|fault| fault.reason() == reason), "{reason} is a reason for nothing");
    }
}

#[test]
fn every_fault_is_in_the_specification() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/specs/tokens.md");
    let specification = std::fs::read_to_string(path).unwrap();
    for fault in every_fault() {
        assert!(specification.contains(fault.description()), "{fault} is not in specs/tokens.md");
    }
}
