//! The claims of a token whose signature is good: who, until when, and what they may do (RFC 7519 section 4.1).
//! `null` for an optional claim is the same as none.

use std::collections::BTreeMap;

use time::{Duration, OffsetDateTime};

use super::fault::{Claim, TokenFault};
use super::grants_claim::GrantsClaim;
use super::header::TypRule;
use super::strict_json::{self, Json, JsonFault, Members};
use crate::domain::grants::{Capabilities, Capability, Creator, Grants};
use crate::domain::text::{is_blank, one_line};

/// How far the clocks of issuer and service may disagree.
pub const LEEWAY: Duration = Duration::seconds(30);

/// How far away `exp` may be. Nothing here can take a token back, so one that lives for years is a mistake or worse.
pub const LIFETIME_MAX: Duration = Duration::days(366);

/// Longest `sub` claim, in characters.
pub const SUBJECT_MAX: usize = 255;

/// Longest display name, in characters; what is beyond is cut off.
pub const NAME_MAX: usize = 200;

/// The last second that RFC 3339 can write.
const LAST_SECOND: f64 = 253_402_300_799.0;

/// What a token must say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectations {
    /// `iss`, compared byte by byte (RFC 7519 section 4.1.1).
    pub issuer: String,
    /// `aud`, or one of it.
    pub audience: String,
    /// `typ` in the header.
    pub typ: TypRule,
    /// Where the grants stand.
    pub grants: GrantsClaim,
}

/// What a token said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// Who asks.
    pub creator: Creator,
    /// What they may do, and where. Nothing, where the token has no grants claim or `null` there.
    pub grants: Grants,
    /// When the token ends, leeway not counted.
    pub expires_at: OffsetDateTime,
}

impl Claims {
    pub(super) fn read(payload: &[u8], expected: &Expectations, now: OffsetDateTime) -> Result<Self, TokenFault> {
        let json = strict_json::read(payload).map_err(|fault| match fault {
            JsonFault::Malformed => TokenFault::MalformedPayload,
            JsonFault::Duplicate => TokenFault::DuplicateMember,
        })?;
        let members = json.as_object().ok_or(TokenFault::MalformedPayload)?;
        check_issuer(members, &expected.issuer)?;
        check_audience(members, &expected.audience)?;
        let expires_at = check_times(members, now)?;
        let creator = Creator { subject: subject(members)?, name: display_name(members) };
        Ok(Self { creator, grants: grants(members, &expected.grants)?, expires_at })
    }
}

fn required<'m, 'a>(members: &'m Members<'a>, name: &str, claim: Claim) -> Result<&'m Json<'a>, TokenFault> {
    members.get(name).ok_or(TokenFault::MissingClaim(claim))
}

fn check_issuer(members: &Members<'_>, expected: &str) -> Result<(), TokenFault> {
    let issuer = required(members, "iss", Claim::Issuer)?;
    let issuer = issuer.as_text().ok_or(TokenFault::MalformedClaim(Claim::Issuer))?;
    if issuer == expected { Ok(()) } else { Err(TokenFault::WrongIssuer) }
}

fn check_audience(members: &Members<'_>, expected: &str) -> Result<(), TokenFault> {
    let malformed = TokenFault::MalformedClaim(Claim::Audience);
    let named = match required(members, "aud", Claim::Audience)? {
        Json::Text(audience) => audience == expected,
        Json::List(audiences) => {
            let mut named = false;
            for audience in audiences {
                named |= audience.as_text().ok_or(malformed)? == expected;
            }
            named
        }
        _ => return Err(malformed),
    };
    if named { Ok(()) } else { Err(TokenFault::WrongAudience) }
}

/// The end of the token, if `now` lies within its life. An `exp` is the first moment at which it is over, an `nbf` the
/// first at which it holds (RFC 7519 sections 4.1.4 and 4.1.5).
fn check_times(members: &Members<'_>, now: OffsetDateTime) -> Result<OffsetDateTime, TokenFault> {
    let expires_at = instant(required(members, "exp", Claim::Expiry)?, Claim::Expiry)?;
    let not_before = members.present("nbf").map(|value| instant(value, Claim::NotBefore)).transpose()?;
    let issued_at = members.present("iat").map(|value| instant(value, Claim::IssuedAt)).transpose()?;
    // The differences are taken, not the sums, because a sum may leave the years that the type can hold.
    if now - expires_at >= LEEWAY {
        return Err(TokenFault::Expired);
    }
    if expires_at - now > LIFETIME_MAX {
        return Err(TokenFault::LivesTooLong);
    }
    if not_before.is_some_and(|start| start - now > LEEWAY) {
        return Err(TokenFault::NotYetValid);
    }
    if issued_at.is_some_and(|made| made - now > LEEWAY) {
        return Err(TokenFault::IssuedInTheFuture);
    }
    Ok(expires_at)
}

/// A `NumericDate`: seconds since 1970, with or without a fraction (RFC 7519 section 2).
fn instant(value: &Json<'_>, claim: Claim) -> Result<OffsetDateTime, TokenFault> {
    match value {
        Json::Number(seconds) if (0.0..=LAST_SECOND).contains(seconds) => {
            Ok(OffsetDateTime::UNIX_EPOCH + Duration::seconds_f64(*seconds))
        }
        _ => Err(TokenFault::MalformedClaim(claim)),
    }
}

fn subject(members: &Members<'_>) -> Result<String, TokenFault> {
    let subject = required(members, "sub", Claim::Subject)?.as_text().unwrap_or_default();
    let sane = (1..=SUBJECT_MAX).contains(&subject.chars().count()) && !subject.chars().any(char::is_control);
    if sane { Ok(subject.to_owned()) } else { Err(TokenFault::MalformedClaim(Claim::Subject)) }
}

/// The name is only for people to read and decides nothing, so an odd one is tidied, and one that is no text is absent.
fn display_name(members: &Members<'_>) -> Option<String> {
    let name = members.get("name")?.as_text()?;
    let cut: String = one_line(name).chars().take(NAME_MAX).collect();
    let tidy = cut.trim_end();
    (!is_blank(tidy)).then(|| tidy.to_owned())
}

/// `{workspace: {"tenants": {tenant or "*": [capability]}}}`. Capabilities that this service does not know are ignored,
/// and so are other members of a workspace entry: the platform may mean them for another service.
fn grants(members: &Members<'_>, place: &GrantsClaim) -> Result<Grants, TokenFault> {
    let Some(claim) = place.find(members)? else {
        return Ok(Grants::default());
    };
    read_grants(claim).ok_or(TokenFault::MalformedClaim(Claim::Grants))
}

fn read_grants(claim: &Json<'_>) -> Option<Grants> {
    let mut workspaces = BTreeMap::new();
    for (workspace, entry) in claim.as_object()?.iter() {
        let mut tenants = BTreeMap::new();
        for (tenant, names) in entry.as_object()?.get("tenants")?.as_object()?.iter() {
            tenants.insert(tenant.to_owned(), read_capabilities(names)?);
        }
        workspaces.insert(workspace.to_owned(), tenants);
    }
    Some(Grants::new(workspaces))
}

fn read_capabilities(names: &Json<'_>) -> Option<Capabilities> {
    let names: Option<Vec<&str>> = names.as_list()?.iter().map(Json::as_text).collect();
    Some(names?.into_iter().filter_map(Capability::from_name).collect())
}
