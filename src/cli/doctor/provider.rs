//! The diagnostics provider: whether it can be asked, and what it answers about a scope that is named.

use std::{io::Read as _, path::Path};

use tokio::time::Instant;

use super::{super::serve, Options, deadline::Deadline, finding::Finding, settings::SETTING_IS_WRONG};
use crate::{
    auth::TOKEN_MAX,
    budget::Budget,
    causes::Causes,
    clock::{Clock as _, SystemClock},
    config::DiagnosticsSource,
    diagnostics::{Answer, BundleAnswer, DiagnosticsProvider, Include, ProviderFailure, Question},
    domain::{
        allow_list::ShapeFault,
        bundle::Bundle,
        context::References,
        ids::{RequestId, RunId, TenantId, WorkspaceId},
        request::{CallerToken, Scope, Subject},
    },
    intake::PROVIDER_TIMEOUT,
};

const REACHED: &str = "provider";
const ANSWERED: &str = "provider_answer";

pub(super) async fn look(source: Option<DiagnosticsSource>, options: &Options, deadline: Deadline) -> Vec<Finding> {
    let Some(source) = source else {
        return [REACHED, ANSWERED].map(|check| Finding::not_looked_at(check, SETTING_IS_WRONG)).to_vec();
    };
    let needs_token = matches!(source, DiagnosticsSource::Platform(..));
    let kind = kind(&source);
    let provider = match deadline.within_task(async { serve::provider(source, &Budget::default()).await }).await {
        Ok(Ok(provider)) => provider,
        Ok(Err(error)) => {
            let wrong =
                Finding::wrong(REACHED, Causes(error.as_ref()).to_string(), "correct it: `serve` does not start");
            return vec![wrong, Finding::not_looked_at(ANSWERED, "there is no provider to ask")];
        }
        Err(late) => {
            return vec![late.finding(REACHED), Finding::not_looked_at(ANSWERED, "there is no provider to ask")];
        }
    };
    let reached = match deadline.within(provider.reach()).await {
        Err(late) => late.finding(REACHED),
        Ok(Ok(())) => Finding::ok(REACHED, kind),
        Ok(Err(failure)) => Finding::wrong(
            REACHED,
            Causes(&failure).to_string(),
            "look at it from this machine; until it answers, requests are refused with 503",
        ),
    };
    let answered = match Asked::of(options, needs_token, deadline).await {
        Ok(asked) => answer(&*provider, &asked, deadline).await,
        Err(finding) => finding,
    };
    vec![reached, answered]
}

fn kind(source: &DiagnosticsSource) -> &'static str {
    match source {
        DiagnosticsSource::Demo => "the built-in demo world",
        DiagnosticsSource::Files(_) => "the folder can be read",
        DiagnosticsSource::Views(_) => "both views are there and can be read",
        DiagnosticsSource::Platform(..) => "the platform answers",
    }
}

/// What to ask about, and on whose behalf.
struct Asked {
    scope: Scope,
    token: CallerToken,
}

impl Asked {
    /// Or why nothing is asked.
    async fn of(options: &Options, needs_token: bool, deadline: Deadline) -> Result<Self, Finding> {
        let (Some(workspace), Some(tenant)) = (&options.workspace, &options.tenant) else {
            return Err(Finding::not_looked_at(
                ANSWERED,
                "no scope was named: --workspace W --tenant T, and --run R for a run of the tenant",
            ));
        };
        let scope = scope(workspace, tenant, options.run.as_deref())?;
        let token = match &options.token_file {
            None if needs_token => {
                return Err(Finding::not_looked_at(
                    ANSWERED,
                    "the platform answers to somebody's token only: --token-file FILE, or - for standard input",
                ));
            }
            None => String::new(),
            Some(file) => token(file.clone(), deadline).await?,
        };
        Ok(Self { scope, token: CallerToken::new(token) })
    }
}

fn scope(workspace: &str, tenant: &str, run: Option<&str>) -> Result<Scope, Finding> {
    let wrong = |_| {
        let advice = "use ids of 1 to 64 letters, digits, dots, hyphens and underscores, as they stand in the path";
        Finding::wrong(ANSWERED, "--workspace, --tenant or --run is no id, and so names nothing", advice)
    };
    let subject = match run {
        None => Subject::Tenant,
        Some(run) => Subject::Run(RunId::parse(run).map_err(wrong)?),
    };
    let (workspace, tenant) = (WorkspaceId::parse(workspace).map_err(wrong)?, TenantId::parse(tenant).map_err(wrong)?);
    Ok(Scope { workspace, tenant, subject })
}

/// Nothing of it is ever said.
async fn token(file: std::path::PathBuf, deadline: Deadline) -> Result<String, Finding> {
    let wrong = |why: &str| Finding::wrong(ANSWERED, why, "put one token into it, and nothing else");
    match deadline.within_blocking(move || read_token(&file)).await {
        Err(late) => Err(late.finding(ANSWERED)),
        Ok(Err(error)) => Err(wrong(&format!("the token cannot be read ({})", error.kind()))),
        Ok(Ok(text)) => {
            let token = text.trim();
            let is_one = !token.is_empty() && token.len() <= TOKEN_MAX && token.bytes().all(|c| c.is_ascii_graphic());
            if is_one { Ok(token.to_owned()) } else { Err(wrong("what --token-file names holds no token")) }
        }
    }
}

fn read_token(file: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    // White space around it, at most as much again.
    let most = 2 * TOKEN_MAX as u64;
    if file == Path::new("-") {
        std::io::stdin().lock().take(most).read_to_string(&mut text)?;
    } else {
        std::fs::File::open(file)?.take(most).read_to_string(&mut text)?;
    }
    Ok(text)
}

async fn answer(provider: &dyn DiagnosticsProvider, asked: &Asked, deadline: Deadline) -> Finding {
    let began = Instant::now();
    let question = Question {
        scope: &asked.scope,
        include: Include::ReferencesAndBundle,
        token: &asked.token,
        request_id: &RequestId::from_ulid(SystemClock.ulid()),
        traceparent: None,
        until: began + PROVIDER_TIMEOUT,
    };
    let answered = deadline.within(tokio::time::timeout(PROVIDER_TIMEOUT, provider.answer(&question))).await;
    match answered {
        Err(late) => late.finding(ANSWERED),
        Ok(Err(_)) => failed(&ProviderFailure::new("the provider took longer than the two seconds that it has")),
        Ok(Ok(Err(failure))) => failed(&failure),
        Ok(Ok(Ok(answer))) => judge(provider, &asked.scope, answer, began.elapsed().as_millis()),
    }
}

fn failed(failure: &ProviderFailure) -> Finding {
    let advice = "look at the provider's own log; requests about this scope are refused with 503";
    Finding::wrong(ANSWERED, Causes(failure).to_string(), advice)
}

/// As a request would be: who does not exist, what is wrong with the facts, what becomes of the bundle.
fn judge(provider: &dyn DiagnosticsProvider, scope: &Scope, answer: Answer, ms: u128) -> Finding {
    let origin = provider.origin(scope).map_or_else(String::new, |origin| format!(" ({origin})"));
    let unusable = |what: &str| {
        let advice = "correct what the provider says (specs/diagnostics.md); until then requests are stored without it";
        Finding::warning(ANSWERED, format!("{what}{origin}"), advice)
    };
    let (references, bundle) = match answer {
        Answer::Known { references, bundle } => (references, bundle),
        Answer::Unusable(reason) => {
            return unusable(&format!("the scope exists, and its facts cannot be used: {reason}"));
        }
        Answer::Unknown => {
            let advice = "name one that exists; where this one does, requests about it are refused with 404";
            return Finding::wrong(ANSWERED, format!("the provider knows no such scope{origin}"), advice);
        }
    };
    if let Err(misfit) = References::parse(&references, scope) {
        if misfit.fault == ShapeFault::AnotherScope {
            let advice = "let the provider answer about the scope that it is asked for; until then, requests get 503";
            return Finding::wrong(ANSWERED, format!("the provider speaks of another scope{origin}"), advice);
        }
        return unusable(&format!("the references cannot be used: {misfit}"));
    }
    let known = format!("the scope is known, answered in {ms} ms");
    match bundle {
        BundleAnswer::None => Finding::ok(ANSWERED, format!("{known}; it has no diagnostics")),
        BundleAnswer::Unusable(reason) => unusable(&format!("the diagnostics cannot be used: {reason}")),
        BundleAnswer::Failed(failure) => unusable(&format!("the diagnostics could not be had: {}", Causes(&failure))),
        BundleAnswer::Known(said) => match Bundle::parse(&said) {
            Ok(_) => Finding::ok(ANSWERED, format!("{known}, and so are its diagnostics")),
            Err(misfit) => unusable(&format!("the diagnostics are rejected: {misfit}")),
        },
    }
}
