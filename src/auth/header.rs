//! The header of a token: the only part that is read before the signature is checked, so nothing in it is believed.

use super::algorithm::Algorithm;
use super::fault::TokenFault;
use super::strict_json::{self, Json, JsonFault, Members};

/// Which `typ` a token may have. Media types are compared without regard to case, and with or without `application/`
/// (RFC 7515 section 4.1.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypRule {
    /// `at+jwt`, `application/at+jwt`, `JWT`, or none.
    AnyAllowed,
    /// `at+jwt` or `application/at+jwt` only (RFC 9068 section 4), so that an ID token cannot pass for an access token.
    OnlyAtJwt,
}

impl TypRule {
    fn allows(self, typ: Option<&str>) -> bool {
        let is = |name: &str| typ.is_some_and(|typ| typ.eq_ignore_ascii_case(name));
        let access_token = is("at+jwt") || is("application/at+jwt");
        match self {
            Self::OnlyAtJwt => access_token,
            Self::AnyAllowed => access_token || typ.is_none() || is("JWT"),
        }
    }
}

/// What is left of a header once all else is refused: how to find the key.
pub(super) struct Header {
    pub(super) algorithm: Algorithm,
    pub(super) kid: Option<String>,
}

impl Header {
    pub(super) fn read(bytes: &[u8], typ: TypRule) -> Result<Self, TokenFault> {
        let json = strict_json::read(bytes).map_err(|fault| match fault {
            JsonFault::Malformed => TokenFault::MalformedHeader,
            JsonFault::Duplicate => TokenFault::DuplicateMember,
        })?;
        let members = json.as_object().ok_or(TokenFault::MalformedHeader)?;
        refuse_extensions(members)?;
        if !typ.allows(optional_text(members, "typ")?) {
            return Err(TokenFault::TypeRefused);
        }
        let name = optional_text(members, "alg")?.ok_or(TokenFault::MalformedHeader)?;
        Ok(Self {
            algorithm: Algorithm::from_name(name).ok_or(TokenFault::AlgorithmRefused)?,
            kid: optional_text(members, "kid")?.map(str::to_owned),
        })
    }
}

/// Refuses whatever would change how the token is to be read, by whatever value. Other unknown members (`x5t`, `cty`,
/// `nonce`) have no say here and are ignored, as RFC 7515 section 4 asks.
fn refuse_extensions(members: &Members<'_>) -> Result<(), TokenFault> {
    if members.get("crit").is_some() {
        return Err(TokenFault::CriticalExtension);
    }
    if members.has_any_of(&["jwk", "jku", "x5u", "x5c"]) {
        return Err(TokenFault::KeyInHeader);
    }
    if members.get("enc").is_some() {
        return Err(TokenFault::Encrypted);
    }
    if members.get("zip").is_some() {
        return Err(TokenFault::Compressed);
    }
    match members.get("b64") {
        None | Some(Json::Bool(true)) => Ok(()),
        Some(Json::Bool(false)) => Err(TokenFault::UnencodedPayload),
        Some(_) => Err(TokenFault::MalformedHeader),
    }
}

fn optional_text<'m>(members: &'m Members<'_>, name: &str) -> Result<Option<&'m str>, TokenFault> {
    members.get(name).map(|value| value.as_text().ok_or(TokenFault::MalformedHeader)).transpose()
}
