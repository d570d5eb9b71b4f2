//! `healthcheck`: for containers without a shell.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use anyhow::{Context, bail};

use crate::config::Settings;

/// How long the service may take to answer.
const TIMEOUT: Duration = Duration::from_secs(3);

pub(super) async fn run(settings: &Settings) -> anyhow::Result<()> {
    let address = callable(settings.for_health_check()?);
    // A proxy is for the way out, and this stays on the machine.
    let client = reqwest::Client::builder().no_proxy().timeout(TIMEOUT).build()?;
    let answer = client.get(format!("http://{address}/readyz")).send().await;
    let status = answer.with_context(|| format!("nothing answers on {address}"))?.status();
    if !status.is_success() {
        bail!("the service on {address} is not ready ({status})");
    }
    Ok(())
}

/// "Every address" can be listened on, not called.
pub(super) fn callable(mut address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => address.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => address.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    address
}
