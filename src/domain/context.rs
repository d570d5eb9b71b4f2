//! What is known about the scope of a request: its canonical references, and whether diagnostics came with them.

use serde_json::{Map, Value};

use super::{
    allow_list::{AllowList, Misfit, ShapeFault},
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
    kept_bytes: usize,
}

/// The declared keys of what is said about a run.
const RUN_FIELDS: [&str; 6] = ["id", "type", "status", "outcome", "started_at", "finished_at"];

impl References {
    /// Takes what a provider said about `scope`:
    /// `workspace` and `tenant` (`id`, `name`); for a run `operation_run` (`id`, `type`, `status`, `outcome`,
    /// `started_at`, `finished_at`); `provider_connection` (`id`, `state`) where known.
    ///
    /// # Errors
    /// [`ShapeFault::AnotherScope`] for an id that is not the one asked for, whatever else is wrong: then nothing is
    /// proven about the scope. Otherwise a shape that does not fit.
    pub fn parse(value: &Value, scope: &Scope) -> Result<Self, Misfit> {
        refuse_another_scope(value, scope)?;
        let mut allowed = AllowList::default();
        let root = allowed.object(value)?;
        let mut json = ids(scope);
        let mut declared = 0;
        let mut part = |name: &str, fields: &[&str]| -> Result<(), Misfit> {
            declared += u64::from(root.contains_key(name));
            let Some(found) = root.get(name).filter(|found| !found.is_null()) else { return Ok(()) };
            let members = found.as_object().ok_or(Misfit::from(ShapeFault::NotAnObject).below(name))?;
            let mut kept = allowed.texts(members, fields, &[]).map_err(|misfit| misfit.below(name))?;
            if let Some(Value::Object(ids)) = json.get_mut(name) {
                ids.append(&mut kept);
            } else {
                json.insert(name.to_owned(), Value::Object(kept));
            }
            Ok(())
        };
        part("workspace", &["id", "name"])?;
        part("tenant", &["id", "name"])?;
        if let Subject::Run(_) = &scope.subject {
            part("operation_run", &RUN_FIELDS)?;
        }
        part("provider_connection", &["id", "state"])?;
        let undeclared = root.len() as u64 - declared;
        let (dropped_keys, kept_bytes) = (allowed.dropped() + undeclared, allowed.kept_bytes());
        Ok(Self { json: Value::Object(json), dropped_keys, kept_bytes })
    }

    /// What is known of a scope that exists when nothing else can be used: the ids that it was asked for by.
    #[must_use]
    pub fn of_ids(scope: &Scope) -> Self {
        Self { json: Value::Object(ids(scope)), dropped_keys: 0, kept_bytes: 0 }
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

    /// How much there is to be read in them beside ids of the path: see [`AllowList::kept_bytes`].
    #[must_use]
    pub fn kept_bytes(&self) -> usize {
        self.kept_bytes
    }
}

/// The parts of references whose id is in the path, each with that id.
fn asked_for(scope: &Scope) -> Vec<(&'static str, &str)> {
    let mut asked = vec![("workspace", scope.workspace.as_str()), ("tenant", scope.tenant.as_str())];
    if let Subject::Run(run) = &scope.subject {
        asked.push(("operation_run", run.as_str()));
    }
    asked
}

fn ids(scope: &Scope) -> Map<String, Value> {
    let part = |(name, id): (&str, &str)| (name.to_owned(), serde_json::json!({"id": id}));
    asked_for(scope).into_iter().map(part).collect()
}

/// Looked for before the shape is, so that no fault of shape hides it. An id that is no text is such a fault: it names nothing.
fn refuse_another_scope(value: &Value, scope: &Scope) -> Result<(), ShapeFault> {
    let is_another = |(name, id): (&str, &str)| value[name]["id"].as_str().is_some_and(|said| said != id);
    if asked_for(scope).into_iter().any(is_another) { Err(ShapeFault::AnotherScope) } else { Ok(()) }
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
    fn a_provider_that_speaks_of_another_scope_proves_nothing_whatever_else_is_wrong() {
        let run = scope(Subject::Run(RunId::parse("run-1").unwrap()));
        for said in [
            json!({"tenant": {"id": "fabrikam"}}),
            json!({"tenant": {"id": ""}}),
            json!({"workspace": {"id": "other"}}),
            json!({"operation_run": {"id": "run-2"}}),
            json!({"workspace": 7, "tenant": {"id": "fabrikam"}}),
            json!({"provider_connection": [], "tenant": {"name": 7, "id": "contoso"}, "operation_run": {"id": "run-2"}}),
        ] {
            assert_eq!(References::parse(&said, &run).unwrap_err().fault, ShapeFault::AnotherScope, "{said}");
        }
        for (said, pointer) in [
            (json!([]), ""),
            (json!(null), ""),
            (json!("contoso"), ""),
            (json!({"tenant": "contoso"}), "/tenant"),
            (json!({"tenant": {"id": 7}}), "/tenant/id"),
            (json!({"provider_connection": {"state": {}}}), "/provider_connection/state"),
        ] {
            let misfit = References::parse(&said, &run).unwrap_err();
            assert!(misfit.fault != ShapeFault::AnotherScope && misfit.pointer == pointer, "{said}: {misfit}");
        }
    }

    #[test]
    fn what_is_known_without_a_provider_is_what_an_empty_answer_comes_to() {
        for subject in [Subject::Tenant, Subject::Run(RunId::parse("run-1").unwrap())] {
            let scope = scope(subject);
            for said in [json!({}), json!({"tenant": null, "operation_run": {"id": null}, "provider_connection": null})]
            {
                let parsed = References::parse(&said, &scope).unwrap();
                assert_eq!(parsed.into_json(), References::of_ids(&scope).into_json());
            }
        }
    }
}
