//! `migrate`: brings the database up to date.

use crate::{config::Settings, store};

pub(super) async fn run(settings: &Settings) -> anyhow::Result<()> {
    let (database, role) = (settings.owner_database()?, settings.runtime_role()?);
    store::migrate(&database, &role).await?;
    println!("{database} is up to date.");
    Ok(())
}
