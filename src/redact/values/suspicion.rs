//! How much a word looks like something a person chose as a password, wherever it stands.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::placeholder::is_placeholder;
use super::standard::{is_address, is_measure, is_standard};
use super::{Shape, is_object, is_stop_word, starts_with_ignoring_case, zigzag};
use crate::redact::names::{classify, is_file};
use crate::redact::verdict::is_id;

/// From nothing to hardly anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::redact) enum Suspicion {
    None,
    /// Words in a row: `hollow-gatherer`, `Lucertola.al.Sole`.
    Chained,
    /// A word and a number: `Apfelkuchen63`, `lampe7Kessel`.
    Mixed,
    /// Words, capitals, a number and a mark that names have as well: `Mossy-Kettle-19`.
    Marked,
    /// A mark that names do not have: `Notary!Blue!Desk`, `Nordwand*12`.
    Sure,
}

/// Marks that names, paths and versions do not have.
const HARD: &[u8] = b"!#$%&*?^+~";
/// Marks that they have as well.
const SOFT: &[u8] = b"-_./=@~+";
/// Keys that are pressed together, and names with a mark.
const NO_PASSWORD: &[&str] = &[
    "ctrl",
    "strg",
    "alt",
    "shift",
    "cmd",
    "win+",
    "umschalt",
    "maj+",
    "may\u{fa}s",
    "fn+",
    "fritz!",
    "yahoo!",
    "c++",
    "http",
    "mailto",
    "ms-chap",
    "0x",
];

/// How much `word` looks like a chosen password.
pub(in crate::redact) fn suspicion(word: &[u8]) -> Suspicion {
    if !(6..=48).contains(&word.len()) || !is_of_word(word) || memchr::memmem::find(word, b"--").is_some() {
        return Suspicion::None;
    }
    let shape = Shape::of(word);
    // Looks first: they are cheaper than asking for everything that a word may be instead.
    let level = if shape.lower + shape.upper >= 3 { looks(word, &shape) } else { Suspicion::None };
    if level > Suspicion::None && fair(word, &shape) { level } else { Suspicion::None }
}

fn looks(word: &[u8], shape: &Shape) -> Suspicion {
    let letters = shape.lower + shape.upper;
    let inner = &word[1..shape.len - 1];
    let hard = inner.iter().filter(|b| HARD.contains(b)).count();
    let ends_hard = HARD.contains(&word[shape.len - 1]) && word[shape.len - 1] != b'?';
    // `SessionsController#create`: a method.
    let method = shape.digit == 0 && hard == 1 && inner.contains(&b'#');
    let plus_only = inner.iter().filter(|b| HARD.contains(b)).all(|b| *b == b'+');
    let sure = shape.digit > 0 && letters >= 4 && (hard > 0 || ends_hard && (shape.upper > 0 || shape.symbol > 1))
        || !plus_only && letters >= 8 && (hard >= 2 || hard == 1 && shape.upper > 0 && shape.len >= 10);
    if is_number_sign(word) {
        return Suspicion::None;
    }
    // `mode=Fast2!`
    let assigned = memchr::memchr_iter(b'=', word).count() == 1;
    if sure && !method && shape.symbol <= 5 && shape.lower > 0 && !assigned {
        return Suspicion::Sure;
    }
    if assigned || is_product(word) {
        let behind = word.rsplit(|b| *b == b'=').next().unwrap_or_default();
        let mixed =
            behind.len() >= 4 && behind.iter().any(u8::is_ascii_uppercase) && behind.iter().any(u8::is_ascii_lowercase);
        return if mixed && shape.lower >= 4 && shape.symbol == 1 { Suspicion::Mixed } else { Suspicion::None };
    }
    if memchr::memchr_iter(b'=', word).count() == 2 && shape.symbol == 2 && shape.lower >= 6 {
        return Suspicion::Marked;
    }
    let mut parts = Parts::of(word);
    parts.soft += hard;
    let all = shape.upper > 0 && shape.lower >= 2 && shape.digit > 0;
    // `okhttp/4.12.0`
    if word.windows(2).any(|pair| pair[0] == b'/' && pair[1].is_ascii_digit()) && word.contains(&b'.') {
        return Suspicion::None;
    }
    // `INFO/ForkPoolWorker-3`
    let level = word.iter().take_while(|b| b.is_ascii_uppercase()).count();
    if level >= 3 && word.get(level) == Some(&b'/') {
        return Suspicion::None;
    }
    let slashes = memchr::memchr_iter(b'/', word).count();
    if slashes >= 2 {
        return if all { Suspicion::Mixed } else { Suspicion::None };
    }
    if all && parts.soft > 0 && !parts.is_release()
        || parts.is_sandwich(4, 3)
        || plus_only && hard > 0 && parts.words >= 2
    {
        return Suspicion::Marked;
    }
    let number = shape.digit >= 2 && shape.digit <= 6;
    let number = number || shape.digit == 1 && parts.longest >= 9;
    let word_and_number = parts.longest >= 5 && number && shape.lower >= 3 && shape.symbol <= 1;
    let turned =
        shape.symbol == 0 && shape.digit > 0 && letters >= 4 && (shape.turns >= 2 && shape.len >= 7 && !is_id(word));
    // `GabelStapler_3`, `Nebelhorn-5`
    let numbered = parts.is_release() && parts.soft == 1 && parts.longest >= 6 && shape.upper > 0 && shape.lower >= 4;
    // `X509KeyStorageFlags`
    let humps = word
        .windows(3)
        .filter(|three| three[0].is_ascii_uppercase() && three[1].is_ascii_lowercase() && three[2].is_ascii_lowercase())
        .count();
    if humps >= 3 && shape.symbol == 0 && shape.digit <= 3 && !word[shape.len - 1].is_ascii_digit() {
        return Suspicion::None;
    }
    if turned && shape.len >= 10 && shape.turns >= 4 {
        return Suspicion::Marked;
    }
    // `galleta*salada`
    if hard == 1 && shape.digit == 0 && parts.words == 2 && parts.shortest_word >= 4 {
        return Suspicion::Marked;
    }
    if word_and_number || turned || zigzag(word, shape) || numbered || parts.soft > 0 && shape.digit > 0 && ends_hard {
        return Suspicion::Mixed;
    }
    // `Esqueceu-se`, `faut-il`; `bin/tool`
    let clitic = parts.words == 2
        && parts.numbers == 0
        && word.rsplit(|b| *b == b'-').next().is_some_and(|tail| tail.len() <= 4 && tail.len() < shape.len);
    if clitic || slashes > 0 && shape.upper == 0 {
        return Suspicion::None;
    }
    let chained = parts.soft > 0
        && parts.words + parts.numbers >= 2
        && parts.longest >= 4
        && parts.shortest_word >= 1
        && shape.lower >= 4;
    if chained { Suspicion::Chained } else { Suspicion::None }
}

/// Nothing that has a form of its own.
fn fair(word: &[u8], shape: &Shape) -> bool {
    let count = |byte: u8| memchr::memchr_iter(byte, word).count();
    let mail = memchr::memchr(b'@', word).is_some_and(|at| word[at..].contains(&b'.') || word[at..].len() > 12);
    let anchor = memchr::memchr(b'#', word).is_some_and(|at| word[..at].contains(&b'.') && is_file(&word[..at]));
    let request = anchor || word.contains(&b'?') && word.contains(&b'=');
    let known = NO_PASSWORD.iter().any(|start| starts_with_ignoring_case(word, start.as_bytes()));
    let class = word.ends_with(b"Error") || word.ends_with(b"Exception") || starts_with_ignoring_case(word, b"x-");
    !(mail || request || known || class || count(b'/') > 2 || count(b'&') > 1)
        && !(shape.len >= 12 && is_id(word))
        && (!is_measure(word, shape) || shape.upper > 0 && shape.lower > 1)
        && !(shape.upper == 0 && shape.digit == 0 && is_address(word) && !two_parts(word))
        && !(is_stop_word(word)
            || is_standard(word)
            || is_file(word)
            || is_object(word)
            || is_cmdlet(word)
            || is_pod(word))
        && (word.iter().any(|b| b"!$*#".contains(b)) || !is_about_secrets(word))
        && !is_placeholder(word)
}

/// Nothing that ends words, and no mark before the first letter.
fn is_of_word(word: &[u8]) -> bool {
    (word[0].is_ascii_alphanumeric() || word[0] >= 0xC3)
        && word.iter().all(|b| (b.is_ascii_graphic() && !b"\\(){}<>[]|,;:\"'`".contains(b)) || *b >= 0x80)
}

/// `kirschbaum.blau` may be both; `mail.example.com` is a host.
fn two_parts(word: &[u8]) -> bool {
    const HOSTS: &[&str] = &[
        "com",
        "net",
        "org",
        "de",
        "fr",
        "es",
        "it",
        "pt",
        "nl",
        "eu",
        "io",
        "uk",
        "be",
        "ch",
        "at",
        "example",
        "local",
        "internal",
        "lan",
        "test",
        "dev",
        "app",
        "cloud",
        "info",
        "biz",
        "us",
        "br",
        "mx",
        "ar",
        "corp",
        "home",
        "localhost",
        "svc",
        "cluster",
    ];
    let last = word.rsplit(|b| *b == b'.').next().unwrap_or_default();
    !HOSTS.iter().any(|host| last.eq_ignore_ascii_case(host.as_bytes()))
}

/// `password_hash`, `db-token-reader`: a name of something.
fn is_about_secrets(word: &[u8]) -> bool {
    ABOUT.is_match(word) || classify(word).is_some()
}

static ABOUT: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words =
        ["password", "passwort", "secret", "token", "credential", "kennwort", "contrase", "senha", "wachtwoord"];
    AhoCorasick::builder().ascii_case_insensitive(true).build(words).expect("a dozen short words")
});

/// `ConvertTo-SecureString`: a command of PowerShell.
fn is_cmdlet(word: &[u8]) -> bool {
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

/// `orders-7c9d8f6b5-x2lqm`: an instance that an orchestrator named.
pub(super) fn is_pod(word: &[u8]) -> bool {
    let mut parts = word.rsplit(|b| *b == b'-');
    let tail = |part: Option<&[u8]>, length: std::ops::RangeInclusive<usize>| {
        part.is_some_and(|part| {
            length.contains(&part.len()) && part.iter().all(|b| b.is_ascii_digit() || b.is_ascii_lowercase())
        })
    };
    tail(parts.next(), 5..=5) && tail(parts.next(), 8..=10) && parts.next().is_some()
}

/// `Exchange2019`, `Windows-11`: one word and a number, as products are called.
fn is_product(word: &[u8]) -> bool {
    #[rustfmt::skip]
    const PRODUCTS: &[&str] = &[
        "field", "column", "uint", "int", "float", "varchar", "exchange", "office", "windows", "win", "outlook", "sharepoint", "debian", "ubuntu", "centos", "fedora", "java", "python", "oauth", "mozilla", "firefox", "chrome", "edge", "safari", "android", "postgres", "postgresql", "mysql", "mariadb",
        "oracle", "sqlserver", "server", "node", "nodejs", "php", "perl", "ruby", "dotnet", "openssl", "openssh", "nginx", "apache", "tomcat", "jetty", "kernel", "linux", "macos", "citrix", "acrobat", "teams", "zoom", "vcenter", "esxi", "vmware", "proxmox",
        "base", "sha", "utf", "latin", "argon", "log", "ipv", "http", "smbv", "tlsv", "ssl", "socks", "step", "level", "phase", "version", "build", "release", "ticket", "case", "room", "till", "printer", "scanner", "drucker", "kasse", "host", "rack", "switch",
    ];
    let name = word.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    PRODUCTS.iter().any(|product| word[..name].eq_ignore_ascii_case(product.as_bytes()))
}

/// `issue#4417`, `PR#12`, `50%`.
fn is_number_sign(word: &[u8]) -> bool {
    let mut halves = word.split(|b| matches!(b, b'#' | b'%' | b'+' | b'~'));
    let before = halves.next().is_some_and(|half| half.iter().all(u8::is_ascii_alphabetic));
    let after = halves.next().is_some_and(|half| half.iter().all(u8::is_ascii_digit));
    let short = word.iter().take_while(|b| b.is_ascii_alphabetic()).count() <= 6;
    before && after && halves.next().is_none() && short
}

/// What a word is put together from.
struct Parts {
    words: usize,
    numbers: usize,
    longest: usize,
    shortest_word: usize,
    soft: usize,
    /// Lengths of the runs of letters and of digits, in order; letters count positive.
    first_runs: [usize; 3],
    runs: usize,
    upper_words: usize,
}

impl Parts {
    fn of(word: &[u8]) -> Self {
        let mut out = Self {
            words: 0,
            numbers: 0,
            longest: 0,
            shortest_word: usize::MAX,
            soft: 0,
            first_runs: [0; 3],
            runs: 0,
            upper_words: 0,
        };
        let letter = |b: u8| b.is_ascii_alphabetic() || b >= 0x80;
        let mut at = 0;
        while at < word.len() {
            let from = at;
            if letter(word[at]) {
                while at < word.len() && letter(word[at]) {
                    at += 1;
                }
                out.words += 1;
                out.longest = out.longest.max(at - from);
                out.shortest_word = out.shortest_word.min(at - from);
                out.upper_words += usize::from(word[from].is_ascii_uppercase());
            } else if word[at].is_ascii_digit() {
                while at < word.len() && word[at].is_ascii_digit() {
                    at += 1;
                }
                out.numbers += 1;
            } else {
                out.soft += usize::from(SOFT.contains(&word[at]));
                at += 1;
                continue;
            }
            if let Some(slot) = out.first_runs.get_mut(out.runs) {
                *slot = at - from;
            }
            out.runs += 1;
        }
        out
    }

    /// `Exchange-2019`, `Windows_10`: one word and a number, as products are called.
    fn is_release(&self) -> bool {
        self.words == 1 && self.numbers == 1
    }

    /// `wolke4712keller`: a number inside words.
    fn is_sandwich(&self, word: usize, number: usize) -> bool {
        self.runs == 3
            && self.words == 2
            && self.soft == 0
            && self.first_runs[0] >= word
            && self.first_runs[1] >= number
            && self.first_runs[2] >= word
    }
}

#[cfg(test)]
mod tests {
    use super::{Suspicion, suspicion};

    #[test]
    fn words_that_people_choose_are_told_from_names() {
        for (level, words) in [
            (
                Suspicion::Sure,
                &[
                    "Notary!Blue!Desk",
                    "dtx$Molar2021$sa",
                    "Bilan!Violet88",
                    "sardina+Mar5",
                    "Nordwand*12",
                    "zebra4Life#",
                    "lluvia%de%abril",
                ][..],
            ),
            (
                Suspicion::Marked,
                &["Mossy-Kettle-19", "gessetto.Blu.61", "wolke4712keller", "Palet/Europeo8", "quarry+lantern"],
            ),
            (
                Suspicion::Mixed,
                &["Apfelkuchen63", "plumtree-2209", "lampe7Kessel", "Bancale=Rotto5", "ondu1eur", "chivas2017campeon"],
            ),
            (Suspicion::Chained, &["hollow-gatherer-9", "Lucertola.al.Sole", "kirschbaum.blau", "volcan-d-auvergne"]),
        ] {
            for word in words {
                assert!(suspicion(word.as_bytes()) >= level, "{word}: {:?}", suspicion(word.as_bytes()));
            }
        }
        for name in [
            "Ctrl+Alt+Entf",
            "issue#4417",
            "mail.example.com",
            "bob@example.com",
            "2024-05-01",
            "password",
            "Fritz!Box",
            "https",
            "ORA-01017",
        ] {
            assert!(suspicion(name.as_bytes()) < Suspicion::Mixed, "{name}: {:?}", suspicion(name.as_bytes()));
        }
    }
}
