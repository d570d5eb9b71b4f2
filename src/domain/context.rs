//! What is known about the scope of a request: its canonical references, and whether diagnostics came with them.

use serde_json::{Map, Value};

use super::{
    allow_list::{AllowList, ShapeFault},
    request::{Scope, Subject},
};

/// Whether the diagnostic snapshot is attached, and why. Mode and reason are one value, so that no wrong pair exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attachment {
    /// Allowed, wanted, and the provider gave a valid bundle.
    Attached,
    /// The caller may not view diagnostics.
    CapabilityMissing,
    /// The caller said `include_diagnostics: false`.
    NotRequested,
    /// The provider has none for this scope.
    NoDiagnostics,
    /// The provider failed, timed out, or its circuit is open.
    DiagnosticsUnavailable,
    /// The bundle did not fit the schema or was too large.
    DiagnosticsRejected,
}

impl Attachment {
    /// Every pair there is.
    pub const ALL: [Self; 6] = [
        Self::Attached,
        Self::CapabilityMissing,
        Self::NotRequested,
        Self::NoDiagnostics,
        Self::DiagnosticsUnavailable,
        Self::DiagnosticsRejected,
    ];

    /// `diagnostic_snapshot_attached` or `canonical_context_only`.
    #[must_use]
    pub fn mode(self) -> &'static str {
        match self {
            Self::Attached => "diagnostic_snapshot_attached",
            _ => "canonical_context_only",
        }
    }

    /// Why the mode is what it is.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Attached => "attached",
            Self::CapabilityMissing => "capability_missing",
            Self::NotRequested => "not_requested",
            Self::NoDiagnostics => "no_diagnostics",
            Self::DiagnosticsUnavailable => "diagnostics_unavailable",
            Self::DiagnosticsRejected => "diagnostics_rejected",
        }
    }
}

/// The safe identifying facts of a scope, cut down to the declared keys.
#[derive(Debug, Clone, PartialEq)]
pub struct References {
    json: Value,
    dropped_keys: u64,
}

impl References {
    /// Takes what a provider said about `scope`:
    /// `workspace` and `tenant` (`id`, `name`); for a run `operation_run` (`id`, `type`, `status`, `outcome`,
    /// `started_at`, `finished_at`); `provider_connection` (`id`, `state`) where known.
    ///
    /// # Errors
    /// A shape that does not fit, or an id that is not the one asked for: then nothing is proven about the scope.
    pub fn parse(value: &Value, scope: &Scope) -> Result<Self, ShapeFault> {
        let mut allowed = AllowList::default();
        let root = allowed.object(value)?;
        let mut json = Map::new();
        let mut declared = 0;
        let mut part = |name: &str, fields: &[&str], must_be: Option<&str>| -> Result<(), ShapeFault> {
            declared += u64::from(root.contains_key(name));
            let mut kept = match (root.get(name), must_be) {
                (None | Some(Value::Null), None) => return Ok(()),
                (None | Some(Value::Null), Some(_)) => Map::new(),
                (Some(found), _) => {
                    let found = allowed.object(found)?;
                    allowed.texts(found, fields, &[])?
                }
            };
            if let Some(id) = must_be {
                match kept.get("id") {
                    None => _ = kept.insert("id".to_owned(), id.into()),
                    Some(said) if said == id => {}
                    Some(_) => return Err(ShapeFault::AnotherScope),
                }
            }
            json.insert(name.to_owned(), Value::Object(kept));
            Ok(())
        };
        part("workspace", &["id", "name"], Some(scope.workspace.as_str()))?;
        part("tenant", &["id", "name"], Some(scope.tenant.as_str()))?;
        if let Subject::Run(run) = &scope.subject {
            let fields = ["id", "type", "status", "outcome", "started_at", "finished_at"];
            part("operation_run", &fields, Some(run.as_str()))?;
        }
        part("provider_connection", &["id", "state"], None)?;
        let undeclared = root.len() as u64 - declared;
        Ok(Self { json: Value::Object(json), dropped_keys: allowed.dropped() + undeclared })
    }

    /// The facts, as they go into the stored context.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// The same, for good.
    #[must_use]
    pub fn into_json(self) -> Value {
        self.json
    }

    /// How many keys the schema does not declare.
    #[must_use]
    pub fn dropped_keys(&self) -> u64 {
        self.dropped_keys
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::ids::{RunId, TenantId, WorkspaceId};

    fn scope(subject: Subject) -> Scope {
        Scope { workspace: WorkspaceId::parse("acme").unwrap(), tenant: TenantId::parse("contoso").unwrap(), subject }
    }

    #[test]
    fn references_keep_declared_keys_and_count_the_rest() {
        let said = json!({
            "workspace": {"id": "acme", "owner_password": "x"},
            "tenant": {"id": "contoso", "name": "Contoso"},
            "provider_connection": {"id": "pc-1", "state": "degraded"},
            "surprise": {"a": 1, "b": 2},
        });
        let references = References::parse(&said, &scope(Subject::Tenant)).unwrap();
        assert_eq!(references.dropped_keys(), 2);
        assert_eq!(
            references.into_json(),
            json!({
                "workspace": {"id": "acme"},
                "tenant": {"id": "contoso", "name": "Contoso"},
                "provider_connection": {"id": "pc-1", "state": "degraded"},
            })
        );
    }

    #[test]
    fn a_provider_that_speaks_of_another_scope_proves_nothing() {
        let run = scope(Subject::Run(RunId::parse("run-1").unwrap()));
        for said in [
            json!({"tenant": {"id": "fabrikam"}}),
            json!({"workspace": {"id": "other"}}),
            json!({"operation_run": {"id": "run-2"}}),
            json!([]),
            json!({"tenant": "contoso"}),
        ] {
            assert!(References::parse(&said, &run).is_err());
        }
        assert!(References::parse(&json!({}), &run).is_ok());
    }
}
