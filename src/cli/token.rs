//! `token`: a development token, and nothing else, on standard output.

use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;

use super::output::print_line;
use crate::{
    auth::{
        Expectations,
        development::{DevelopmentKey, DevelopmentToken},
    },
    clock::{Clock, SystemClock},
    config::{Environment, Settings, Tokens},
    domain::grants::{Capability, EVERY_TENANT},
};

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The token's `sub`
    #[arg(long, default_value = "developer")]
    subject: String,
    /// The token's `name`, for people to read
    #[arg(long, default_value = "Demo Developer")]
    name: String,
    /// The workspace that it is for
    #[arg(long, default_value = "acme")]
    workspace: String,
    /// A tenant that it is for, `*` for every one; may be given several times
    #[arg(long = "tenant", default_value = EVERY_TENANT, value_name = "TENANT")]
    tenants: Vec<String>,
    /// A capability that it gives there; may be given several times. [default: both]
    #[arg(long = "capability", value_name = "CAPABILITY",
        value_parser = [Capability::CreateSupportRequests.as_str(), Capability::ViewDiagnostics.as_str()])]
    capabilities: Vec<String>,
    /// How long it is good for, in minutes
    #[arg(long, default_value_t = 12 * 60, value_name = "MINUTES", value_parser = clap::value_parser!(u32).range(1..=60 * 24 * 30))]
    lifetime: u32,
}

pub(super) fn run(settings: &Settings, options: &Options) -> anyhow::Result<()> {
    let Tokens { environment, development_key, expectations } = settings.for_tokens()?;
    if environment == Environment::Production {
        bail!(
            "SUPPORT_REQUESTS_ENVIRONMENT (--environment): development tokens are refused in production; your platform issues the real ones"
        );
    }
    let key = DevelopmentKey::load_or_create(&development_key).context("the development key cannot be used")?;
    print_line(&mint(&expectations, &key, options)?)?;
    Ok(())
}

/// The token that `serve` shows on its first page: what `token` prints without a flag.
pub(super) fn default_token(expectations: &Expectations, key: &DevelopmentKey) -> anyhow::Result<String> {
    let options = Options {
        subject: "developer".to_owned(),
        name: "Demo Developer".to_owned(),
        workspace: "acme".to_owned(),
        tenants: vec![EVERY_TENANT.to_owned()],
        capabilities: Vec::new(),
        lifetime: 12 * 60,
    };
    mint(expectations, key, &options)
}

fn mint(expectations: &Expectations, key: &DevelopmentKey, options: &Options) -> anyhow::Result<String> {
    let both = [Capability::CreateSupportRequests, Capability::ViewDiagnostics].map(|c| c.as_str().to_owned());
    let token = DevelopmentToken {
        subject: options.subject.clone(),
        name: options.name.clone(),
        workspace: options.workspace.clone(),
        tenants: options.tenants.clone(),
        capabilities: if options.capabilities.is_empty() { both.to_vec() } else { options.capabilities.clone() },
        lifetime: Duration::from_secs(u64::from(options.lifetime) * 60),
    };
    token.sign(key, expectations, SystemClock.now()).context("the development key could not sign")
}
