//! How much memory the system gives this process: the control group's limit, which containers and systemd set.

use std::{fs, path::Path};

/// Above this a number stands for no limit: version 1 says it with the largest that it knows.
const NO_LIMIT: u64 = 1 << 60;

/// The smallest limit of the group and those above it, in bytes; none where nobody limits anything.
pub(super) fn memory_limit() -> Option<u64> {
    limit(&fs::read_to_string("/proc/self/cgroup").ok()?, Path::new("/sys/fs/cgroup"))
}

/// `groups` is a process's list (`cgroups(7)`): a line for each hierarchy, `NUMBER:CONTROLLERS:PATH`.
fn limit(groups: &str, mounted: &Path) -> Option<u64> {
    let lines = groups.lines().filter_map(|line| {
        let mut parts = line.splitn(3, ':').skip(1);
        Some((parts.next()?, parts.next()?))
    });
    let limits = lines.filter_map(|(controllers, path)| match controllers {
        "" => smallest(mounted, path, "memory.max"),
        _ if controllers.split(',').any(|name| name == "memory") => {
            smallest(&mounted.join("memory"), path, "memory.limit_in_bytes")
        }
        _ => None,
    });
    limits.min()
}

/// In a container the path may be the host's, of which nothing is here but the root: that one is the container's.
fn smallest(root: &Path, path: &str, file: &str) -> Option<u64> {
    let group = Path::new(path.trim_start_matches('/'));
    let read = |group: &Path| fs::read_to_string(root.join(group).join(file)).ok()?.trim().parse::<u64>().ok();
    group.ancestors().filter_map(read).filter(|limit| *limit < NO_LIMIT).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_limit_of_a_group_and_those_above_it_counts() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let file = folder.path().join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        };
        let limit = |groups| limit(groups, folder.path());
        assert_eq!(limit("0::/system.slice/support.service\n"), None);
        write("system.slice/support.service/memory.max", "max\n");
        assert_eq!(limit("0::/system.slice/support.service\n"), None);
        write("system.slice/memory.max", "536870912\n");
        assert_eq!(limit("0::/system.slice/support.service\n"), Some(536_870_912));
        write("system.slice/support.service/memory.max", "268435456\n");
        assert_eq!(limit("0::/system.slice/support.service\n"), Some(268_435_456));
        // Version 1; a path that is the host's.
        write("memory/memory.limit_in_bytes", "9223372036854771712\n");
        assert_eq!(limit("4:cpu,memory:/docker/abc\n0::/\n"), None);
        write("memory/memory.limit_in_bytes", "100000000\n");
        assert_eq!(limit("4:cpu,memory:/docker/abc\n0::/\n"), Some(100_000_000));
        assert_eq!(limit("4:memory_other:/docker/abc\nnonsense\n"), None);
    }
}
