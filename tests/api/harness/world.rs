//! A platform to ask about scopes: implements the injected interface, answers as scripted, counts the questions.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::{Value, json};
use support_requests::{
    diagnostics::{BundleAnswer, DiagnosticsProvider, ProviderFailure, Question, ReferencesAnswer},
    domain::request::{Scope, Subject},
};
use tokio::sync::Semaphore;

/// What the platform says to a question.
#[derive(Debug, Clone)]
pub enum Told {
    /// The scopes that there are, and a bundle for each.
    Usual,
    /// This, whatever the scope.
    Says(Value),
    /// That there is nothing: no such scope, or no diagnostics.
    Nothing,
    /// That there is something, for this reason in no form that can be used.
    Unusable(&'static str),
    /// That it cannot answer.
    Fails,
    /// Nothing at all, for ever.
    Never,
    /// The usual, once the test opens the gate.
    Waits,
}

/// The platform. Workspace `acme` with `contoso` (`run-1042`) and `fabrikam` (`run-2001`); `globex` with `initech`
/// (`run-7`).
pub struct World {
    references: Mutex<HashMap<String, Told>>,
    bundles: Mutex<HashMap<String, Told>>,
    asked_references: AtomicUsize,
    asked_bundles: AtomicUsize,
    gate: Semaphore,
}

/// The key of a script that holds for every tenant without one of its own.
const EVERYWHERE: &str = "*";

impl Default for World {
    fn default() -> Self {
        Self {
            references: Mutex::default(),
            bundles: Mutex::default(),
            asked_references: AtomicUsize::default(),
            asked_bundles: AtomicUsize::default(),
            gate: Semaphore::new(0),
        }
    }
}

impl World {
    pub fn references(&self, told: Told) {
        self.references_of(EVERYWHERE, told);
    }

    pub fn references_of(&self, tenant: &str, told: Told) {
        self.references.lock().unwrap().insert(tenant.to_owned(), told);
    }

    pub fn bundles(&self, told: Told) {
        self.bundles_of(EVERYWHERE, told);
    }

    pub fn bundles_of(&self, tenant: &str, told: Told) {
        self.bundles.lock().unwrap().insert(tenant.to_owned(), told);
    }

    /// How often references were asked for.
    pub fn asked_references(&self) -> usize {
        self.asked_references.load(Ordering::SeqCst)
    }

    /// How often a bundle was asked for.
    pub fn asked_bundles(&self) -> usize {
        self.asked_bundles.load(Ordering::SeqCst)
    }

    /// Waits until questions were asked so often, references and bundles taken together.
    pub async fn until_asked(&self, times: usize) {
        while self.asked_references() + self.asked_bundles() < times {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
    }

    /// Lets everybody who waits go on, now and from now on.
    pub fn open_gate(&self) {
        self.gate.add_permits(Semaphore::MAX_PERMITS / 2);
    }

    async fn tell<T>(
        &self,
        script: &Mutex<HashMap<String, Told>>,
        scope: &Scope,
        usual: T,
        says: fn(Value) -> T,
        unusable: fn(Arc<str>) -> T,
        nothing: T,
    ) -> Result<T, ProviderFailure> {
        let told = {
            let script = script.lock().unwrap();
            script.get(scope.tenant.as_str()).or_else(|| script.get(EVERYWHERE)).cloned().unwrap_or(Told::Usual)
        };
        match told {
            Told::Usual => Ok(usual),
            Told::Says(value) => Ok(says(value)),
            Told::Nothing => Ok(nothing),
            Told::Unusable(reason) => Ok(unusable(reason.into())),
            Told::Fails => Err(ProviderFailure::new("the scripted platform fails")),
            Told::Never => std::future::pending().await,
            Told::Waits => {
                let _ = self.gate.acquire().await;
                Ok(usual)
            }
        }
    }
}

#[async_trait::async_trait]
impl DiagnosticsProvider for World {
    async fn references(&self, about: &Question<'_>) -> Result<ReferencesAnswer, ProviderFailure> {
        self.asked_references.fetch_add(1, Ordering::SeqCst);
        let known = |said: Value| ReferencesAnswer::Known(said.into());
        let usual = references(about.scope).map_or(ReferencesAnswer::Unknown, known);
        let unusable = ReferencesAnswer::Unusable;
        self.tell(&self.references, about.scope, usual, known, unusable, ReferencesAnswer::Unknown).await
    }

    async fn bundle(&self, about: &Question<'_>) -> Result<BundleAnswer, ProviderFailure> {
        self.asked_bundles.fetch_add(1, Ordering::SeqCst);
        let known = |said: Value| BundleAnswer::Known(said.into());
        let unusable = BundleAnswer::Unusable;
        self.tell(&self.bundles, about.scope, known(bundle()), known, unusable, BundleAnswer::None).await
    }

    fn origin(&self, scope: &Scope) -> Option<String> {
        Some(format!("the scripted platform about {}", scope.tenant))
    }
}

fn references(scope: &Scope) -> Option<Value> {
    let (workspace, tenant) = (scope.workspace.as_str(), scope.tenant.as_str());
    let known_run = match (workspace, tenant) {
        ("acme", "contoso") => "run-1042",
        ("acme", "fabrikam") => "run-2001",
        ("globex", "initech") => "run-7",
        _ => return None,
    };
    let mut said = json!({
        "workspace": {"id": workspace, "name": "A workspace"},
        "tenant": {"id": tenant, "name": "A tenant"},
        "provider_connection": {"id": "pc-17", "state": "consent_expired"},
    });
    match &scope.subject {
        Subject::Tenant => {}
        Subject::Run(run) if run.as_str() == known_run => {
            said["operation_run"] = json!({
                "id": known_run, "type": "policy_sync", "status": "finished", "outcome": "failed",
                "started_at": "2031-05-06T06:00:00Z", "finished_at": "2031-05-06T06:10:00Z",
            });
        }
        Subject::Run(_) => return None,
    }
    Some(said)
}

/// A bundle that fits the schema, with nothing in it to be taken out.
pub fn bundle() -> Value {
    json!({
        "schema_version": 1,
        "generated_at": "2031-05-06T07:00:00Z",
        "headline": "Policy synchronisation failed at step 3 of 5",
        "sections": [{
            "key": "steps", "title": "Steps", "status": "failed", "summary": "Two of five steps succeeded.",
            "facts": [
                {"key": "failed_step", "label": "Failed step", "value": "assign_policies"},
                {"key": "retries", "label": "Retries", "value": 3},
            ],
            "references": [{"type": "operation_run", "id": "run-1042", "label": "Policy synchronisation"}],
        }],
        "notes": ["Last successful contact was 26 hours ago."],
        "omissions": [{"key": "device_inventory", "reason": "not permitted"}],
    })
}
