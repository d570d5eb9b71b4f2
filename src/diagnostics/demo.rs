//! A small built-in world, for the first run and for exploring. Refused in production.

use serde_json::{Value, json};

use super::{Answer, BundleAnswer, DiagnosticsProvider, ProviderFailure, Question};
use crate::domain::request::{Scope, Subject};

/// Workspace `acme`, its tenants `contoso` and `fabrikam`, and `contoso`'s failed run `run-1042`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Demo;

#[async_trait::async_trait]
impl DiagnosticsProvider for Demo {
    async fn answer(&self, about: &Question<'_>) -> Result<Answer, ProviderFailure> {
        let Some(references) = references(about.scope) else { return Ok(Answer::Unknown) };
        let pulled = if about.include.bundle() { bundle(about.scope) } else { None };
        let bundle = pulled.map_or(BundleAnswer::None, |said| BundleAnswer::Known(said.into()));
        Ok(Answer::Known { references: references.into(), bundle })
    }
}

fn parts(scope: &Scope) -> (&str, &str, Option<&str>) {
    let run = match &scope.subject {
        Subject::Tenant => None,
        Subject::Run(run) => Some(run.as_str()),
    };
    (scope.workspace.as_str(), scope.tenant.as_str(), run)
}

fn references(scope: &Scope) -> Option<Value> {
    let workspace = json!({"id": "acme", "name": "Acme Managed Services"});
    match parts(scope) {
        ("acme", "contoso", None) => Some(json!({
            "workspace": workspace,
            "tenant": {"id": "contoso", "name": "Contoso"},
            "provider_connection": {"id": "pc-17", "state": "consent_expired"},
        })),
        ("acme", "contoso", Some("run-1042")) => Some(json!({
            "workspace": workspace,
            "tenant": {"id": "contoso", "name": "Contoso"},
            "operation_run": {
                "id": "run-1042", "type": "policy_sync", "status": "finished", "outcome": "failed",
                "started_at": "2026-01-31T08:55:12Z", "finished_at": "2026-01-31T08:57:40Z",
            },
            "provider_connection": {"id": "pc-17", "state": "consent_expired"},
        })),
        ("acme", "fabrikam", None) => Some(json!({
            "workspace": workspace,
            "tenant": {"id": "fabrikam", "name": "Fabrikam"},
        })),
        _ => None,
    }
}

/// `fabrikam` has none, so that both modes can be seen. The token in the notes is there to be taken out.
fn bundle(scope: &Scope) -> Option<Value> {
    match parts(scope) {
        ("acme", "contoso", None) => Some(json!({
            "schema_version": 1,
            "generated_at": "2026-01-31T09:00:00Z",
            "headline": "The connection to the provider has lost its consent",
            "sections": [connection()],
            "notes": ["Last successful contact was 26 hours ago."],
            "omissions": [{"key": "device_inventory", "reason": "the connection may not read it"}],
        })),
        ("acme", "contoso", Some("run-1042")) => Some(json!({
            "schema_version": 1,
            "generated_at": "2026-01-31T09:00:00Z",
            "headline": "Policy synchronisation failed at step 3 of 5",
            "sections": [run_steps(), connection()],
            "notes": ["The third step sent 'Authorization: Bearer demo.c2VjcmV0LXRva2Vu.c2lnbmF0dXJl' and was refused."],
            "omissions": [],
        })),
        _ => None,
    }
}

fn connection() -> Value {
    json!({
        "key": "provider_connection", "title": "Provider connection", "status": "failed",
        "summary": "Calls are refused since the consent ended.",
        "facts": [
            {"key": "state", "label": "State", "value": "consent_expired"},
            {"key": "refused_calls", "label": "Refused calls, last 24 hours", "value": 41},
        ],
        "references": [{"type": "provider_connection", "id": "pc-17", "label": "Contoso production"}],
    })
}

fn run_steps() -> Value {
    json!({
        "key": "steps", "title": "Steps", "status": "failed",
        "summary": "Two of five steps succeeded.",
        "facts": [
            {"key": "failed_step", "label": "Failed step", "value": "assign_policies"},
            {"key": "policies_assigned", "label": "Policies assigned", "value": 0},
            {"key": "retries", "label": "Retries", "value": 3},
        ],
        "references": [{"type": "operation_run", "id": "run-1042", "label": "Policy synchronisation"}],
    })
}
