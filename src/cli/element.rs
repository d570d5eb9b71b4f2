//! `element`: how a page loads this build's form, and no other.

use clap::Args;

use super::output::print;
use crate::http::elements::PinnedModule;

#[derive(Debug, Args)]
pub(super) struct Options {
    /// Where pages reach the service, path prefix included, such as `https://support.example`
    #[arg(long, default_value = "", value_name = "URL", hide_default_value = true)]
    base: String,
}

pub(super) fn run(options: &Options) -> anyhow::Result<()> {
    let module = PinnedModule::of_this_build();
    print(&format!("{}\n{}\n", module.integrity, module.script(&options.base)))?;
    Ok(())
}
