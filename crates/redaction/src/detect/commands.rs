//! Credentials in command lines: `curl -u user:pass`, `mysql -pSECRET`, `sshpass -p x`.

use crate::engine::Label;
use crate::facts::values;
use crate::search::Search;
use crate::text::extent;
use crate::text::scan::skip_blanks;

/// How far before a flag its command may stand; it may run on over several lines.
const COMMAND_REACH: usize = 300;

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

/// Commands and what their flags carry.
#[rustfmt::skip]
const COMMANDS: &[(&str, Carries)] = &[
    ("curl", Carries::Pair), ("httpie", Carries::Pair), ("wget", Carries::Pair), ("snow", Carries::Pair), ("etcdctl", Carries::Pair), ("mysql", Carries::Glued), ("mariadb", Carries::Glued), ("7z", Carries::Glued), ("unrar", Carries::Glued),
    ("docker login", Carries::Spaced), ("podman login", Carries::Spaced), ("az login", Carries::Spaced), ("helm registry", Carries::Spaced), ("oc login", Carries::Spaced), ("mongo", Carries::Spaced), ("sqlcmd", Carries::Spaced), ("skopeo", Carries::Spaced),
    ("buildah", Carries::Spaced), ("vsce", Carries::Spaced), ("unzip", Carries::Spaced), ("influx", Carries::Spaced), ("mosquitto_", Carries::Spaced), ("ipmitool", Carries::Spaced), ("bcp ", Carries::Spaced), ("cqlsh", Carries::Spaced), ("snowsql", Carries::Spaced),
    ("redis-cli", Carries::Letter(b'a')), ("ldapsearch", Carries::Letter(b'w')), ("ldapmodify", Carries::Letter(b'w')), ("ldapadd", Carries::Letter(b'w')), ("ldappasswd", Carries::Letter(b'w')),
];

/// Flags and commands that wake this scanner.
#[rustfmt::skip]
pub(crate) const KEYWORDS: &[&str] = &[
    " -u", " -p", "--user", "--proxy-user", " -au", "sshpass", " -a ", " -w ", "-passin", "-passout",
    "curl", "httpie", "wget", "snow", "etcdctl", "mysql", "mariadb", "7z", "unrar", "docker login", "podman login", "az login", "helm registry", "oc login", "mongo", "sqlcmd", "skopeo", "buildah", "vsce", "unzip", "influx", "mosquitto_",
    "ipmitool", "bcp ", "cqlsh", "snowsql", "redis-cli", "ldapsearch", "ldapmodify", "ldapadd", "ldappasswd",
];

/// A flag that may carry a secret was seen at `start..end`, or a command (which is remembered).
pub(crate) fn command_line(search: &mut Search<'_>, start: usize, end: usize) {
    let text = search.text;
    let command = COMMANDS.iter().find(|command| text[start..end].eq_ignore_ascii_case(command.0.as_bytes()));
    if let Some(command) = command {
        search.command = Some((end, command.1));
        return;
    }
    let carries = search.command.filter(|command| start < command.0 + COMMAND_REACH).map(|command| command.1);
    let flag = text[start..end].trim_ascii();
    let after = skip_blanks(text, end, 4);
    match flag {
        b"-passin" | b"-passout" if text[after..].starts_with(b"pass:") => whole(search, after + 5),
        b"-u" | b"-Au" | b"--user" | b"--proxy-user" => user_pair(search, end, carries == Some(Carries::Pair)),
        b"-p" if carries == Some(Carries::Glued) && after == end => whole(search, end),
        b"-p" | b"-P" if carries == Some(Carries::Spaced) => whole(search, after),
        [b'-', letter] if carries == Some(Carries::Letter(*letter)) => whole(search, after),
        _ if flag.eq_ignore_ascii_case(b"sshpass") && text[after..].starts_with(b"-p") => {
            whole(search, skip_blanks(text, after + 2, 4));
        }
        _ => {}
    }
}

/// `user:password` after the flag.
fn user_pair(search: &mut Search<'_>, end: usize, known: bool) {
    let text = search.text;
    let at = skip_blanks(text, end, 4);
    let at = at + usize::from(text.get(at) == Some(&b'='));
    let value = extent::quoted(text, at).unwrap_or_else(|| extent::bare(search, at, false));
    let second = known && value.quoted && text.get(value.end + 1) == Some(&b':');
    if second {
        return whole(search, value.end + 2);
    }
    // `kevin:'x'`: the colon before the quote.
    if known
        && !value.quoted
        && text.get(value.end) == Some(&b':')
        && matches!(text.get(value.end + 1), Some(b'"' | b'\''))
    {
        return whole(search, value.end + 1);
    }
    let hex = &text[value.start..value.end];
    if known && values::is_long_hex(hex) {
        return search.take(Label::CommandLine, value.start, value.end);
    }
    let Some(colon) = memchr::memchr(b':', &text[value.start..value.end]) else { return };
    // `date -u +%H:%M`, `ffuf -u {{http://…`, `-u https://…`
    let user = &text[value.start..value.start + colon];
    if user.starts_with(b"+%") || user.ends_with(b"http") || user.ends_with(b"https") {
        return;
    }
    let from = value.start + colon + 1;
    // `bob:'pass word'`
    if from == value.end && !value.quoted && matches!(text.get(from), Some(b'"' | b'\'')) {
        return whole(search, from);
    }
    let ids = text[value.start..value.end].iter().all(|b| b.is_ascii_digit() || *b == b':');
    // Of a command that is not known, only what looks like a password goes.
    let known = known || values::looks_chosen(&text[from..value.end.max(from)]);
    if from < value.end
        && known
        && !ids
        && !values::is_placeholder(&text[from..value.end])
        && !values::is_stop_word(&text[from..value.end])
    {
        search.take(Label::CommandLine, from, value.end);
    }
    let user = &text[value.start..value.start + colon];
    let alone = known && from >= value.end && user.len() >= 12 && values::looks_chosen(user);
    if alone || (user.len() >= 16 && values::looks_random(user)) {
        search.take(Label::CommandLine, value.start, value.start + colon);
    }
}

fn whole(search: &mut Search<'_>, at: usize) {
    let text = search.text;
    // `' -p' . Shell::escape(`: the end of a quotation.
    if at > 0 && !text[at - 1].is_ascii_whitespace() && matches!(text.get(at..at + 2), Some(b"' " | b"\" ")) {
        return;
    }
    let value = extent::quoted(text, at).unwrap_or_else(|| extent::bare(search, at, false));
    let shown = &text[value.start..value.end];
    let option = shown.starts_with(b"-") || shown.iter().all(|b| b.is_ascii_digit() || *b == b':') && shown.len() < 6;
    // `funzip -password`, `mysql -port`: a flag of its own. "-p``. When prompted": the end of code.
    let flags = [
        &b"assword"[..],
        b"assphrase",
        b"asswd",
        b"ass",
        b"ath",
        b"ort",
        b"rint",
        b"rogress",
        b"arallel",
        b"rofile",
        b"roject",
    ];
    if at > 0 && text[at - 1] == b'p' && (flags.contains(&shown) || shown.starts_with(b"`")) {
        return;
    }
    if shown.len() >= 2 && !option && !values::is_placeholder(shown) && !shown.starts_with(b"/") {
        search.take(Label::CommandLine, value.start, value.end);
    }
}
