//! A platform to ask about scopes: implements the injected interface, answers as scripted, counts the questions.

use std::{
    collections::HashMap,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use serde_json::{Value, json};
use support_requests::{
    diagnostics::{Answer, BundleAnswer, DiagnosticsProvider, ProviderFailure, Question, Said},
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
    /// Nothing: it panics.
    Panics,
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

    /// What the script says, once it is time to say it.
    async fn told(&self, script: &Mutex<HashMap<String, Told>>, scope: &Scope) -> Told {
        let told = {
            let script = script.lock().unwrap();
            script.get(scope.tenant.as_str()).or_else(|| script.get(EVERYWHERE)).cloned().unwrap_or(Told::Usual)
        };
        match told {
            Told::Never => std::future::pending().await,
            Told::Waits => {
                let _ = self.gate.acquire().await;
                Told::Usual
            }
            Told::Panics => panic!("the scripted platform panics"),
            told => told,
        }
    }

    async fn bundle(&self, about: &Question<'_>) -> BundleAnswer {
        self.asked_bundles.fetch_add(1, Ordering::SeqCst);
        match tokio::time::timeout_at(about.until, self.told(&self.bundles, about.scope)).await {
            Ok(Told::Says(value)) => BundleAnswer::Known(value.into()),
            Ok(Told::Nothing) => BundleAnswer::None,
            Ok(Told::Unusable(reason)) => BundleAnswer::Unusable(reason.into()),
            Ok(Told::Fails) => BundleAnswer::Failed(ProviderFailure::new("the scripted platform fails")),
            Ok(_) => BundleAnswer::Known(bundle().into()),
            Err(_) => BundleAnswer::Failed(ProviderFailure::new("the scripted bundle is late")),
        }
    }
}

#[async_trait::async_trait]
impl DiagnosticsProvider for World {
    async fn answer(&self, about: &Question<'_>) -> Result<Answer, ProviderFailure> {
        self.asked_references.fetch_add(1, Ordering::SeqCst);
        let references: Said = match self.told(&self.references, about.scope).await {
            Told::Says(value) => value.into(),
            Told::Nothing => return Ok(Answer::Unknown),
            Told::Unusable(reason) => return Ok(Answer::Unusable(reason.into())),
            Told::Fails => return Err(ProviderFailure::new("the scripted platform fails")),
            _ => match references(about.scope) {
                Some(said) => said.into(),
                None => return Ok(Answer::Unknown),
            },
        };
        // A platform that says more than it was asked for: whoever takes the answer must not look at it.
        let bundle =
            if about.include.bundle() { self.bundle(about).await } else { BundleAnswer::Known(bundle().into()) };
        Ok(Answer::Known { references, bundle })
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
