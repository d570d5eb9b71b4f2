//! What a development token says.

use std::time::Duration;

use serde_json::{Map, Value, json};
use time::OffsetDateTime;

use super::{DevelopmentKey, DevelopmentKeyError};
use crate::auth::Expectations;

/// A token as a platform would give it to a person.
#[derive(Debug, Clone)]
pub struct DevelopmentToken {
    /// Its `sub`.
    pub subject: String,
    /// Its `name`.
    pub name: String,
    /// The workspace that it is for.
    pub workspace: String,
    /// The tenants that it is for.
    pub tenants: Vec<String>,
    /// What it gives in each of them.
    pub capabilities: Vec<String>,
    /// How long it is good for.
    pub lifetime: Duration,
}

impl DevelopmentToken {
    /// The token, good from `now` on, as `expectations` want one.
    ///
    /// # Errors
    /// The crypto library would not sign.
    pub fn sign(
        &self,
        key: &DevelopmentKey,
        expectations: &Expectations,
        now: OffsetDateTime,
    ) -> Result<String, DevelopmentKeyError> {
        let tenants: Map<String, Value> =
            self.tenants.iter().map(|tenant| (tenant.clone(), json!(self.capabilities))).collect();
        let (grants_claim, grants) =
            expectations.grants.with(json!({ self.workspace.as_str(): { "tenants": tenants } }));
        key.sign(&json!({
            "iss": expectations.issuer,
            "aud": expectations.audience,
            "sub": self.subject,
            "name": self.name,
            "iat": now.unix_timestamp(),
            "exp": (now + self.lifetime).unix_timestamp(),
            grants_claim: grants,
        }))
    }
}
