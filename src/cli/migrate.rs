//! `migrate`: brings the database up to date.

use crate::{
    config::{Migrate, Settings},
    store,
};

pub(super) async fn run(settings: &Settings) -> anyhow::Result<()> {
    let Migrate { database, runtime_role, .. } = settings.for_migrate()?;
    store::migrate(&database, &runtime_role).await?;
    println!("{database} is up to date.");
    Ok(())
}
