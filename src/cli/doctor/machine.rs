//! What the system gives: descriptors, memory, root certificates.

use super::{super::serve, cgroup, deadline::Deadline, finding::Finding};
use crate::{auth, causes::Causes, config::KeySource, http::connections::Connections};

/// Fewer descriptors than this leave few connections.
const DESCRIPTORS_FEW: u64 = 1024;

/// What the service takes at most, whatever it is asked (`tests/cli/memory.rs`), without its connections.
const MEMORY_BYTES: u64 = 320 * 1024 * 1024;

/// What each connection takes on top.
const CONNECTION_BYTES: u64 = 64 * 1024;

pub(super) async fn look(keys: Option<&KeySource>, platform_needs_roots: bool, deadline: Deadline) -> Vec<Finding> {
    let files = serve::open_files();
    let connections = Connections::within(files).served_max();
    let are_keys_secure = matches!(keys, Some(KeySource::Remote { at, .. }) if at.is_secure());
    let roots = tls_roots(are_keys_secure || platform_needs_roots, deadline).await;
    vec![descriptors(files, connections), memory(connections, cgroup::memory_limit()), roots]
}

fn descriptors(files: u64, connections: usize) -> Finding {
    let found = format!("{files} files may be open at once, so {connections} connections are served at once");
    if files < DESCRIPTORS_FEW {
        Finding::warning("descriptors", found, "raise the limit (LimitNOFILE=, ulimit -n) to 1024 at least")
    } else {
        Finding::ok("descriptors", found)
    }
}

fn memory(connections: usize, limit: Option<u64>) -> Finding {
    const MIB: u64 = 1024 * 1024;
    let check = "memory";
    let needed = MEMORY_BYTES + connections as u64 * CONNECTION_BYTES;
    let needs = format!("the service needs {} MiB at most, with every connection in use", needed.div_ceil(MIB));
    match limit {
        None => Finding::ok(check, format!("{needs}; no limit is set for this process")),
        Some(limit) if limit >= needed => Finding::ok(check, format!("{needs}; the limit is {} MiB", limit / MIB)),
        Some(limit) => {
            let found = format!("{needs}, and the limit is {} MiB: it may be killed under load", limit / MIB);
            let advice = "raise the limit of memory (MemoryMax=, resources.limits.memory), or lower that of files";
            if limit < MEMORY_BYTES {
                Finding::wrong(check, found, advice)
            } else {
                Finding::warning(check, found, advice)
            }
        }
    }
}

async fn tls_roots(needed: bool, deadline: Deadline) -> Finding {
    let check = "tls_roots";
    let advice = "install them (ca-certificates), or set SSL_CERT_FILE or SSL_CERT_DIR to where they are";
    match deadline.within(auth::look_at_tls_roots()).await {
        Err(late) => late.finding(check),
        Ok(Ok(())) => Finding::ok(check, "there are root certificates"),
        Ok(Err(error)) if needed => Finding::wrong(check, Causes(&error).to_string(), advice),
        Ok(Err(_)) => Finding::note(check, "there are no root certificates, and no setting needs any", advice),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::finding::Status, *};

    #[test]
    fn a_limit_of_memory_below_the_bound_is_told() {
        let status = |limit| memory(420, limit).status;
        assert_eq!(status(None), Status::Ok);
        assert_eq!(status(Some(347 * 1024 * 1024)), Status::Ok);
        assert_eq!(status(Some(346 * 1024 * 1024)), Status::Warning);
        assert_eq!(status(Some(319 * 1024 * 1024)), Status::Wrong);
    }
}
