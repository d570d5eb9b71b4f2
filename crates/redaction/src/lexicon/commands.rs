//! Commands and what their flags carry.

/// What the flags of a command carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carries {
    /// `-u user:password`
    Pair,
    /// `-pSECRET`
    Glued,
    /// `-p SECRET`
    Spaced,
    /// `-w SECRET`, `-a SECRET`
    Letter(u8),
}

/// Commands whose flags carry a secret.
#[rustfmt::skip]
pub(crate) const COMMANDS: &[(&str, Carries)] = &[
    ("curl", Carries::Pair), ("httpie", Carries::Pair), ("wget", Carries::Pair), ("snow", Carries::Pair),
    ("etcdctl", Carries::Pair), ("mysql", Carries::Glued), ("mariadb", Carries::Glued), ("7z", Carries::Glued),
    ("unrar", Carries::Glued), ("docker login", Carries::Spaced), ("podman login", Carries::Spaced),
    ("az login", Carries::Spaced), ("helm registry", Carries::Spaced), ("oc login", Carries::Spaced),
    ("mongo", Carries::Spaced), ("sqlcmd", Carries::Spaced), ("skopeo", Carries::Spaced),
    ("buildah", Carries::Spaced), ("vsce", Carries::Spaced), ("unzip", Carries::Spaced),
    ("influx", Carries::Spaced), ("mosquitto_", Carries::Spaced), ("ipmitool", Carries::Spaced),
    ("bcp ", Carries::Spaced), ("cqlsh", Carries::Spaced), ("snowsql", Carries::Spaced),
    ("redis-cli", Carries::Letter(b'a')), ("ldapsearch", Carries::Letter(b'w')),
    ("ldapmodify", Carries::Letter(b'w')), ("ldapadd", Carries::Letter(b'w')),
    ("ldappasswd", Carries::Letter(b'w')),
];

/// Those commands, and flags that may carry a secret.
#[rustfmt::skip]
pub(crate) const KEYWORDS: &[&str] = &[
    " -u", " -p", "--user", "--proxy-user", " -au", "sshpass", " -a ", " -w ", "-passin", "-passout", "curl",
    "httpie", "wget", "snow", "etcdctl", "mysql", "mariadb", "7z", "unrar", "docker login", "podman login",
    "az login", "helm registry", "oc login", "mongo", "sqlcmd", "skopeo", "buildah", "vsce", "unzip", "influx",
    "mosquitto_", "ipmitool", "bcp ", "cqlsh", "snowsql", "redis-cli", "ldapsearch", "ldapmodify", "ldapadd",
    "ldappasswd",
];
