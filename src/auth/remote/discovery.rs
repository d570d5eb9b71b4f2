//! What an issuer says about itself (`OpenID` Connect Discovery section 4, RFC 8414 section 3): of all that, where its keys are.

use super::address::{IssuerUrl, KeyUrl};
use super::fetch::FetchError;
use crate::auth::strict_json::{self, Json};

/// The address of the keys, if the metadata are those of this issuer and of no other: equal byte by byte, as section 4.3 and
/// RFC 8414 section 3.3 demand, or one issuer could speak for another.
pub(super) fn key_address(metadata: &str, issuer: &IssuerUrl) -> Result<KeyUrl, FetchError> {
    let json = strict_json::read(metadata.as_bytes()).map_err(|_| FetchError::NotMetadata)?;
    let members = json.as_object().ok_or(FetchError::NotMetadata)?;
    let text = |name| members.get(name).and_then(Json::as_text).ok_or(FetchError::NotMetadata);
    if text("issuer")? != issuer.issuer() {
        return Err(FetchError::OtherIssuer);
    }
    KeyUrl::parse(text("jwks_uri")?, issuer.plain()).map_err(FetchError::KeyAddress)
}
