//! What is known about the scope of a request: its canonical references, and whether diagnostics came with them.

use redaction::Json;
use serde_json::Value;

use super::{
    allow_list::{self, Absent, Kept, Member, Misfit, Shape, ShapeFault},
    bundle::text,
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
pub struct References<'d>(Kept<'d>);

const NAMED: Shape = Shape::Object(&[text("id"), text("name")]);
const RUN: Shape = Shape::Object(&[
    text("finished_at"),
    text("id"),
    text("outcome"),
    text("started_at"),
    text("status"),
    text("type"),
]);
const CONNECTION: Shape = Shape::Object(&[text("id"), text("state")]);

const fn part(name: &'static str, shape: Shape) -> Member {
    Member { name, shape, absent: Absent::LeftOut }
}

static OF_TENANT: Shape =
    Shape::Object(&[part("provider_connection", CONNECTION), part("tenant", NAMED), part("workspace", NAMED)]);
static OF_RUN: Shape = Shape::Object(&[
    part("operation_run", RUN),
    part("provider_connection", CONNECTION),
    part("tenant", NAMED),
    part("workspace", NAMED),
]);

impl<'d> References<'d> {
    /// Takes what a provider said about `scope`, without copying its texts:
    /// `workspace` and `tenant` (`id`, `name`); for a run `operation_run` (`id`, `type`, `status`, `outcome`,
    /// `started_at`, `finished_at`); `provider_connection` (`id`, `state`) where known.
    ///
    /// # Errors
    /// [`ShapeFault::AnotherScope`] for an id that is not the one asked for, whatever else is wrong: then nothing is
    /// proven about the scope. Otherwise a shape that does not fit.
    pub fn parse(document: &'d str, scope: &'d Scope) -> Result<Self, Misfit> {
        let shape = match &scope.subject {
            Subject::Tenant => &OF_TENANT,
            Subject::Run(_) => &OF_RUN,
        };
        let mut kept = allow_list::read(document, shape).map_err(|misfit| another_scope_or(misfit, document, scope))?;
        fill_in_ids(&mut kept.json, scope)?;
        Ok(Self(kept))
    }

    /// What is known of a scope that exists when nothing else can be used: the ids that it was asked for by.
    #[must_use]
    pub fn of_ids(scope: &'d Scope) -> Self {
        let parts = asked_for(scope).map(|(name, id)| (name.into(), Json::object([("id".into(), id.into())])));
        Self(Kept { json: Json::object(parts), dropped_keys: 0, bytes: 0 })
    }

    /// The facts, as they go into the stored context.
    #[must_use]
    pub fn into_json(self) -> Json<'d> {
        self.0.json
    }

    /// How many keys the schema does not declare.
    #[must_use]
    pub fn dropped_keys(&self) -> u64 {
        self.0.dropped_keys
    }

    /// How much there is to be read in them beside ids of the path: see [`Kept::bytes`].
    #[must_use]
    pub fn kept_bytes(&self) -> usize {
        self.0.bytes
    }
}

/// The parts of references whose id is in the path, each with that id.
fn asked_for(scope: &Scope) -> impl Iterator<Item = (&'static str, &str)> {
    let run = match &scope.subject {
        Subject::Tenant => None,
        Subject::Run(run) => Some(("operation_run", run.as_str())),
    };
    [("tenant", scope.tenant.as_str()), ("workspace", scope.workspace.as_str())].into_iter().chain(run)
}

/// Puts the ids of the path where none were said, and refuses others.
fn fill_in_ids<'d>(references: &mut Json<'d>, scope: &'d Scope) -> Result<(), ShapeFault> {
    for (name, asked) in asked_for(scope) {
        let part = member(references, name, || Json::Object(Vec::new()));
        if part.and_then(|part| member(part, "id", || asked.into())).and_then(|id| id.as_str()) != Some(asked) {
            return Err(ShapeFault::AnotherScope);
        }
    }
    Ok(())
}

/// A member of an object; put in its place where it is not there.
fn member<'j, 'd>(
    object: &'j mut Json<'d>,
    name: &'static str,
    absent: impl FnOnce() -> Json<'d>,
) -> Option<&'j mut Json<'d>> {
    let Json::Object(members) = object else { return None };
    let place = members.iter().position(|(key, _)| **key >= *name).unwrap_or(members.len());
    if members.get(place).is_none_or(|(key, _)| *key != name) {
        members.insert(place, (name.into(), absent()));
    }
    members.get_mut(place).map(|(_, value)| value)
}

/// Another scope's id is told before any fault of shape, so that none hides it. An id that is no text is such a fault: it
/// names nothing.
fn another_scope_or(misfit: Misfit, document: &str, scope: &Scope) -> Misfit {
    let said: Value = serde_json::from_str(document).unwrap_or_default();
    let is_another = |(name, id): (&str, &str)| said[name]["id"].as_str().is_some_and(|said| said != id);
    if asked_for(scope).any(is_another) { ShapeFault::AnotherScope.into() } else { misfit }
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
        })
        .to_string();
        let scope = scope(Subject::Tenant);
        let references = References::parse(&said, &scope).unwrap();
        assert_eq!(references.dropped_keys(), 2);
        assert_eq!(
            Value::from(references.into_json()),
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
            assert_eq!(
                References::parse(&said.to_string(), &run).unwrap_err().fault,
                ShapeFault::AnotherScope,
                "{said}"
            );
        }
        for (said, pointer) in [
            (json!([]), ""),
            (json!(null), ""),
            (json!("contoso"), ""),
            (json!({"tenant": "contoso"}), "/tenant"),
            (json!({"tenant": {"id": 7}}), "/tenant/id"),
            (json!({"provider_connection": {"state": {}}}), "/provider_connection/state"),
        ] {
            let misfit = References::parse(&said.to_string(), &run).unwrap_err();
            assert!(misfit.fault != ShapeFault::AnotherScope && misfit.pointer == pointer, "{said}: {misfit}");
        }
    }

    #[test]
    fn what_is_known_without_a_provider_is_what_an_empty_answer_comes_to() {
        for subject in [Subject::Tenant, Subject::Run(RunId::parse("run-1").unwrap())] {
            let scope = scope(subject);
            for said in [json!({}), json!({"tenant": null, "operation_run": {"id": null}, "provider_connection": null})]
            {
                let said = said.to_string();
                let parsed = References::parse(&said, &scope).unwrap();
                assert_eq!(parsed.into_json(), References::of_ids(&scope).into_json());
            }
        }
    }
}
