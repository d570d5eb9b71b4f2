//! Where in a token the grants stand: identity providers have their own ideas of what a claim may be called.

use serde_json::{Value, json};

use super::fault::{Claim, TokenFault};
use super::strict_json::{Json, Members};

/// Claims that say something else. `token` writes them, and none of them is an object.
const TAKEN: [&str; 7] = ["iss", "aud", "sub", "exp", "nbf", "iat", "name"];

/// The claim that holds the grants, and the way to them within it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantsClaim {
    claim: String,
    within: Vec<String>,
}

/// Why a text names no place for the grants. Holds nothing of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAClaim {
    /// Nothing at all.
    #[error("must be a claim's name, or an RFC 6901 pointer such as /ext/support")]
    Empty,
    /// `/`, `//a` or `/a/`.
    #[error("is a pointer, because it begins with '/', and one of its parts is empty")]
    EmptyPart,
    /// A `~` by itself.
    #[error(
        "is a pointer, because it begins with '/', and has a '~' without 0 or 1 after it: write ~0 for ~ and ~1 for /"
    )]
    Escape,
    /// A claim with another meaning.
    #[error("must be a claim of its own: iss, aud, sub, exp, nbf, iat and name say something else")]
    Taken,
}

impl Default for GrantsClaim {
    fn default() -> Self {
        Self { claim: "workspaces".to_owned(), within: Vec::new() }
    }
}

impl GrantsClaim {
    /// A claim's name as it is; or, where it begins with a slash, a pointer (RFC 6901) into the payload. So
    /// a namespaced name such as `https://platform.example/workspaces` needs no escapes.
    ///
    /// # Errors
    /// It names nothing, or something else.
    pub fn parse(text: &str) -> Result<Self, NotAClaim> {
        let parts = match text.strip_prefix('/') {
            Some(pointer) => pointer.split('/').map(unescape).collect::<Result<Vec<_>, _>>()?,
            None if text.is_empty() => return Err(NotAClaim::Empty),
            None => vec![text.to_owned()],
        };
        let mut parts = parts.into_iter();
        let claim = parts.next().ok_or(NotAClaim::Empty)?;
        if TAKEN.contains(&claim.as_str()) {
            return Err(NotAClaim::Taken);
        }
        Ok(Self { claim, within: parts.collect() })
    }

    /// What stands there; nothing where the token does not go that far.
    pub(super) fn find<'j, 'a>(&self, claims: &'j Members<'a>) -> Result<Option<&'j Json<'a>>, TokenFault> {
        let mut found = claims.present(&self.claim);
        for part in &self.within {
            found = match found {
                None => return Ok(None),
                Some(Json::Object(members)) => members.present(part),
                Some(Json::List(items)) => index(part).and_then(|at| items.get(at)).filter(|item| !item.is_null()),
                Some(_) => return Err(TokenFault::MalformedClaim(Claim::Grants)),
            };
        }
        Ok(found)
    }

    /// The claim's name, and its value when `grants` stand where they are looked for.
    #[must_use]
    pub fn with(&self, grants: Value) -> (&str, Value) {
        let value = self.within.iter().rev().fold(grants, |inner, part| json!({ part.as_str(): inner }));
        (&self.claim, value)
    }
}

fn unescape(part: &str) -> Result<String, NotAClaim> {
    if part.is_empty() {
        return Err(NotAClaim::EmptyPart);
    }
    if part.split('~').skip(1).any(|rest| !rest.starts_with(['0', '1'])) {
        return Err(NotAClaim::Escape);
    }
    // In this order, as RFC 6901 section 4 says: `~01` is `~1` and no slash.
    Ok(part.replace("~1", "/").replace("~0", "~"))
}

/// A place in a list: digits without a zero in front.
fn index(part: &str) -> Option<usize> {
    let digits = part.bytes().all(|byte| byte.is_ascii_digit()) && (part == "0" || !part.starts_with('0'));
    if digits { part.parse().ok() } else { None }
}
