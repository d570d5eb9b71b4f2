//! The signature algorithms that this service takes, and which keys each of them fits.

use aws_lc_rs::{
    hmac,
    signature::{self, RsaParameters},
};

/// A JWS algorithm (RFC 7518 section 3.1, RFC 8037 section 3.1). `none` is not one, nor is anything else unlisted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    Secret(SecretAlgorithm),
    Rsa(RsaAlgorithm),
    Es256,
    Es384,
    EdDsa,
}

/// HMAC with SHA-2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SecretAlgorithm {
    Hs256,
    Hs384,
    Hs512,
}

/// RSA, PKCS #1 v1.5 or PSS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RsaAlgorithm {
    Rs256,
    Rs384,
    Rs512,
    Ps256,
    Ps384,
    Ps512,
}

/// Which keys an algorithm fits: RFC 7517 `kty`, with `crv` where there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyType {
    Secret,
    Rsa,
    P256,
    P384,
    Ed25519,
}

impl Algorithm {
    /// The algorithm of that name. Names are case-sensitive (RFC 7515 section 4.1.1).
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "HS256" => Self::Secret(SecretAlgorithm::Hs256),
            "HS384" => Self::Secret(SecretAlgorithm::Hs384),
            "HS512" => Self::Secret(SecretAlgorithm::Hs512),
            "RS256" => Self::Rsa(RsaAlgorithm::Rs256),
            "RS384" => Self::Rsa(RsaAlgorithm::Rs384),
            "RS512" => Self::Rsa(RsaAlgorithm::Rs512),
            "PS256" => Self::Rsa(RsaAlgorithm::Ps256),
            "PS384" => Self::Rsa(RsaAlgorithm::Ps384),
            "PS512" => Self::Rsa(RsaAlgorithm::Ps512),
            "ES256" => Self::Es256,
            "ES384" => Self::Es384,
            "EdDSA" => Self::EdDsa,
            _ => return None,
        })
    }

    /// The algorithm that a key states. RFC 9864 section 2.2 gives `EdDSA` with Ed25519 a name of its own; in a key it
    /// can mean nothing else. Tokens say `EdDSA`, as the contract has it.
    pub(super) fn of_key(name: &str) -> Option<Self> {
        if name == "Ed25519" { Some(Self::EdDsa) } else { Self::from_name(name) }
    }

    pub(super) fn key_type(self) -> KeyType {
        match self {
            Self::Secret(_) => KeyType::Secret,
            Self::Rsa(_) => KeyType::Rsa,
            Self::Es256 => KeyType::P256,
            Self::Es384 => KeyType::P384,
            Self::EdDsa => KeyType::Ed25519,
        }
    }
}

impl SecretAlgorithm {
    /// The same in the words of the library that checks signatures.
    pub(super) fn in_library(self) -> hmac::Algorithm {
        match self {
            Self::Hs256 => hmac::HMAC_SHA256,
            Self::Hs384 => hmac::HMAC_SHA384,
            Self::Hs512 => hmac::HMAC_SHA512,
        }
    }

    /// Bytes of the shortest secret: the hash's output (RFC 7518 section 3.2).
    pub(super) fn shortest_secret(self) -> usize {
        match self {
            Self::Hs256 => 32,
            Self::Hs384 => 48,
            Self::Hs512 => 64,
        }
    }
}

impl RsaAlgorithm {
    pub(super) const ALL: [Self; 6] = [Self::Rs256, Self::Rs384, Self::Rs512, Self::Ps256, Self::Ps384, Self::Ps512];

    /// The same in the words of the library that checks signatures.
    pub(super) fn in_library(self) -> &'static RsaParameters {
        match self {
            Self::Rs256 => &signature::RSA_PKCS1_2048_8192_SHA256,
            Self::Rs384 => &signature::RSA_PKCS1_2048_8192_SHA384,
            Self::Rs512 => &signature::RSA_PKCS1_2048_8192_SHA512,
            Self::Ps256 => &signature::RSA_PSS_2048_8192_SHA256,
            Self::Ps384 => &signature::RSA_PSS_2048_8192_SHA384,
            Self::Ps512 => &signature::RSA_PSS_2048_8192_SHA512,
        }
    }
}
