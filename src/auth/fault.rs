//! Every way in which a token is refused: one closed list, one table of texts.

use std::fmt;

/// A claim that this service reads and that can be wrong. `name` is not among them: it decides nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// `iss`, who made the token.
    Issuer,
    /// `aud`, whom it is for.
    Audience,
    /// `sub`, who holds it.
    Subject,
    /// `exp`, its end.
    Expiry,
    /// `nbf`, its beginning.
    NotBefore,
    /// `iat`, when it was made.
    IssuedAt,
    /// The grants: `workspaces`, or what the setting names.
    Grants,
}

impl Claim {
    fn missing(self) -> &'static str {
        match self {
            Self::Issuer => "the token has no iss claim",
            Self::Audience => "the token has no aud claim",
            Self::Subject => "the token has no sub claim",
            Self::Expiry => "the token has no exp claim",
            Self::NotBefore => "the token has no nbf claim",
            Self::IssuedAt => "the token has no iat claim",
            Self::Grants => "the token has no grants claim",
        }
    }

    fn malformed(self) -> &'static str {
        match self {
            Self::Issuer => "the iss claim is not a string",
            Self::Audience => "the aud claim is not a string or an array of strings",
            Self::Subject => "the sub claim is not a string of 1 to 255 characters without control characters",
            Self::Expiry => "the exp claim is not a time in seconds since 1970",
            Self::NotBefore => "the nbf claim is not a time in seconds since 1970",
            Self::IssuedAt => "the iat claim is not a time in seconds since 1970",
            Self::Grants => "the grants claim does not have the documented shape",
        }
    }
}

/// Why a token was refused. Holds nothing of the token, so that no log and no answer can repeat it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenFault {
    /// Over 8 KiB; nothing of it was looked at.
    TooLong,
    /// Not `header.payload.signature` (RFC 7515 section 7.1).
    NotThreeParts,
    /// A JWE: five parts, or `enc` in the header (RFC 7516).
    Encrypted,
    /// A part is not canonical, unpadded base64url (RFC 7515 section 2).
    NotBase64url,
    /// The header is not a JSON object, or `alg`, `kid`, `typ` or `b64` is of a wrong type.
    MalformedHeader,
    /// The payload is not a JSON object.
    MalformedPayload,
    /// An object in header or payload has two members of one name (RFC 7515 section 4, RFC 7519 section 4).
    DuplicateMember,
    /// `typ` is none of those allowed (RFC 8725 section 3.11, RFC 9068 section 4).
    TypeRefused,
    /// `crit` names extensions; this service knows none (RFC 7515 section 4.1.11).
    CriticalExtension,
    /// `jwk`, `jku`, `x5u` or `x5c`: the token brings its own key (RFC 8725 section 3.10).
    KeyInHeader,
    /// `b64` is false (RFC 7797 section 6).
    UnencodedPayload,
    /// `zip` is set (RFC 8725 section 3.6).
    Compressed,
    /// `alg` is `none`, or a name that this service takes from nobody (RFC 8725 section 3.1).
    AlgorithmRefused,
    /// `alg` is a good one, but not that of the key (RFC 8725 section 3.1).
    AlgorithmOfOtherKey,
    /// No `kid`, and the key set has more than one key.
    MissingKeyId,
    /// The `kid` is not in the key set. A set that is fetched is worth fetching again.
    UnknownKey,
    /// The signature does not fit the key and the text.
    BadSignature,
    /// A required claim is absent.
    MissingClaim(Claim),
    /// A claim is of a wrong type, or out of all bounds.
    MalformedClaim(Claim),
    /// `iss` is somebody else.
    WrongIssuer,
    /// `aud` does not name this service.
    WrongAudience,
    /// `exp` is past, by more than the leeway.
    Expired,
    /// `nbf` is still to come, by more than the leeway.
    NotYetValid,
    /// `iat` is still to come, by more than the leeway.
    IssuedInTheFuture,
    /// `exp` is further away than any sane access token's.
    LivesTooLong,
}

impl TokenFault {
    /// What is wrong, in the characters that RFC 6750 section 3 allows in `error_description`.
    #[must_use]
    pub fn description(self) -> &'static str {
        match self {
            Self::TooLong => "the token is longer than 8 KiB",
            Self::NotThreeParts => "the token is not three base64url parts joined by dots",
            Self::Encrypted => "the token is encrypted",
            Self::NotBase64url => "a part of the token is not canonical base64url without padding",
            Self::MalformedHeader => "the token header is not a JSON object with members of the right types",
            Self::MalformedPayload => "the token payload is not a JSON object",
            Self::DuplicateMember => "the token holds a JSON object with two members of one name",
            Self::TypeRefused => "the token is of a type (typ) that is not taken here",
            Self::CriticalExtension => "the token demands an extension (crit) that is not known here",
            Self::KeyInHeader => "the token header brings a key of its own (jwk, jku, x5u or x5c)",
            Self::UnencodedPayload => "the token payload is not encoded (b64 is false)",
            Self::Compressed => "the token is compressed (zip)",
            Self::AlgorithmRefused => "the token algorithm (alg) is not taken here",
            Self::AlgorithmOfOtherKey => "the token algorithm (alg) is not that of its key",
            Self::MissingKeyId => "the token names no key (kid)",
            Self::UnknownKey => "the token names a key (kid) that is not known here",
            Self::BadSignature => "the token signature is wrong",
            Self::MissingClaim(claim) => claim.missing(),
            Self::MalformedClaim(claim) => claim.malformed(),
            Self::WrongIssuer => "the token is from another issuer (iss)",
            Self::WrongAudience => "the token is for another audience (aud)",
            Self::Expired => "the token has expired",
            Self::NotYetValid => "the token is not valid yet (nbf)",
            Self::IssuedInTheFuture => "the token was issued in the future (iat)",
            Self::LivesTooLong => "the token expires more than a year from now",
        }
    }

    /// One of each kind.
    pub const KINDS: [Self; 25] = [
        Self::TooLong,
        Self::NotThreeParts,
        Self::Encrypted,
        Self::NotBase64url,
        Self::MalformedHeader,
        Self::MalformedPayload,
        Self::DuplicateMember,
        Self::TypeRefused,
        Self::CriticalExtension,
        Self::KeyInHeader,
        Self::UnencodedPayload,
        Self::Compressed,
        Self::AlgorithmRefused,
        Self::AlgorithmOfOtherKey,
        Self::MissingKeyId,
        Self::UnknownKey,
        Self::BadSignature,
        Self::MissingClaim(Claim::Subject),
        Self::MalformedClaim(Claim::Subject),
        Self::WrongIssuer,
        Self::WrongAudience,
        Self::Expired,
        Self::NotYetValid,
        Self::IssuedInTheFuture,
        Self::LivesTooLong,
    ];

    /// What kind of fault it is, in one word of a closed list: for metrics.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::TooLong => "too_long",
            Self::NotThreeParts => "not_three_parts",
            Self::Encrypted => "encrypted",
            Self::NotBase64url => "not_base64url",
            Self::MalformedHeader => "malformed_header",
            Self::MalformedPayload => "malformed_payload",
            Self::DuplicateMember => "duplicate_member",
            Self::TypeRefused => "type_refused",
            Self::CriticalExtension => "critical_extension",
            Self::KeyInHeader => "key_in_header",
            Self::UnencodedPayload => "unencoded_payload",
            Self::Compressed => "compressed",
            Self::AlgorithmRefused => "algorithm_refused",
            Self::AlgorithmOfOtherKey => "algorithm_of_other_key",
            Self::MissingKeyId => "missing_key_id",
            Self::UnknownKey => "unknown_key",
            Self::BadSignature => "bad_signature",
            Self::MissingClaim(_) => "missing_claim",
            Self::MalformedClaim(_) => "malformed_claim",
            Self::WrongIssuer => "wrong_issuer",
            Self::WrongAudience => "wrong_audience",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::IssuedInTheFuture => "issued_in_the_future",
            Self::LivesTooLong => "lives_too_long",
        }
    }

    /// Whether another key set could cure it: the key is not known, or does not fit.
    #[must_use]
    pub fn is_about_the_key(self) -> bool {
        matches!(self, Self::UnknownKey | Self::MissingKeyId | Self::AlgorithmOfOtherKey | Self::BadSignature)
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Expired => "get a new token and send the request again",
            Self::NotYetValid | Self::IssuedInTheFuture => "compare the clocks of the issuer and of this service",
            Self::TooLong | Self::LivesTooLong => "have the issuer make it shorter",
            Self::BadSignature | Self::NotThreeParts | Self::NotBase64url => {
                "send the access token exactly as the issuer gave it, after the word Bearer"
            }
            Self::UnknownKey | Self::MissingKeyId => "compare the issuer's published keys with those of this service",
            Self::WrongIssuer | Self::WrongAudience => {
                "ask for a token for this service, or compare its issuer and audience settings with the token"
            }
            Self::Encrypted | Self::Compressed | Self::UnencodedPayload | Self::TypeRefused => {
                "have the issuer give a plain signed access token for this service"
            }
            Self::MissingClaim(_) | Self::MalformedClaim(_) => "have the issuer set the claim as documented",
            Self::MalformedHeader
            | Self::MalformedPayload
            | Self::DuplicateMember
            | Self::CriticalExtension
            | Self::KeyInHeader
            | Self::AlgorithmRefused
            | Self::AlgorithmOfOtherKey => "have the issuer sign with a key and algorithm of its published key set",
        }
    }
}

impl fmt::Display for TokenFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.description(), self.remedy())
    }
}

impl std::error::Error for TokenFault {}
