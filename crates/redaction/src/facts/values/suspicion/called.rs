//! How products, issues and commands are called: a word and a number, a verb and a noun.

use std::sync::LazyLock;

use crate::text::heads::Heads;

/// `ConvertTo-SecureString`: a command of PowerShell.
pub(super) fn is_cmdlet(word: &[u8]) -> bool {
    const VERBS: &[&str] = &[
        "Get",
        "Set",
        "New",
        "Add",
        "Remove",
        "Convert",
        "ConvertTo",
        "ConvertFrom",
        "Invoke",
        "Import",
        "Export",
        "Connect",
        "Test",
        "Start",
        "Stop",
        "Read",
        "Write",
        "Out",
        "Update",
        "Enable",
        "Disable",
        "Reset",
        "Unlock",
    ];
    let verb = word.split(|b| *b == b'-').next().unwrap_or_default();
    verb.len() < word.len() && VERBS.iter().any(|known| known.as_bytes() == verb)
}

/// `Exchange2019`, `Windows-11`: one word and a number, as products are called.
pub(crate) fn is_product(word: &[u8]) -> bool {
    #[rustfmt::skip]
    const PRODUCTS: &[&str] = &[
        "field", "column", "uint", "int", "float", "varchar", "exchange", "office", "windows", "win", "outlook", "sharepoint", "debian", "ubuntu", "centos", "fedora", "java", "python", "oauth", "mozilla", "firefox", "chrome", "edge", "safari", "android", "postgres", "postgresql", "mysql", "mariadb",
        "oracle", "sqlserver", "server", "node", "nodejs", "php", "perl", "ruby", "dotnet", "openssl", "openssh", "nginx", "apache", "tomcat", "jetty", "kernel", "linux", "macos", "citrix", "acrobat", "teams", "zoom", "vcenter", "esxi", "vmware", "proxmox",
        "base", "sha", "utf", "latin", "argon", "log", "ipv", "http", "smbv", "tlsv", "ssl", "socks", "step", "level", "phase", "version", "build", "release", "ticket", "case", "room", "till", "printer", "scanner", "drucker", "kasse", "host", "rack", "switch",
    ];
    static HEADS: LazyLock<Heads> = LazyLock::new(|| Heads::of(PRODUCTS.iter().map(|product| product.as_bytes())));
    let name = word.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    HEADS.may_hold(&word[..name])
        && PRODUCTS.iter().any(|product| word[..name].eq_ignore_ascii_case(product.as_bytes()))
}

/// `issue#4417`, `PR#12`, `50%`.
pub(super) fn is_number_sign(word: &[u8]) -> bool {
    let mut halves = word.split(|b| matches!(b, b'#' | b'%' | b'+' | b'~'));
    let before = halves.next().is_some_and(|half| half.iter().all(u8::is_ascii_alphabetic));
    let after = halves.next().is_some_and(|half| half.iter().all(u8::is_ascii_digit));
    let short = word.iter().take_while(|b| b.is_ascii_alphabetic()).count() <= 6;
    before && after && halves.next().is_none() && short
}
