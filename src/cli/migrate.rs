//! `migrate`: brings the database up to date.

use anyhow::bail;

use super::{
    output::{print_line, say},
    wait::{self, Waited},
};
use crate::{
    causes::Causes,
    config::{Migrate, Settings},
    store::{self, Migrated},
};

pub(super) async fn run(settings: &Settings) -> anyhow::Result<()> {
    let Migrate { database, runtime_role, wait_for_database } = settings.for_migrate()?;
    let tell = |error: &store::StoreError| say(&format!("waiting for the database: {}", Causes(error)));
    let migrate = async || store::migrate(&database, &runtime_role).await;
    match wait::until(wait_for_database, tell, migrate).await? {
        Waited::Done(Migrated::UpToDate) => print_line(&format!("{database} is up to date."))?,
        Waited::Done(Migrated::Newer { schema, build }) => {
            print_line(&format!("{database} is newer (version {schema}) than this build ({build}): nothing to do."))?;
        }
        Waited::Stopped => bail!("stopped before the database answered"),
    }
    Ok(())
}
