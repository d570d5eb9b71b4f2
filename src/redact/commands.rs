//! Credentials in command lines: `curl -u user:pass`, `mysql -pSECRET`, `sshpass -p x`.

use super::engine::{Label, Search};
use super::extent;
use super::scan::{contains_word, skip_blanks};
use super::values;

/// How far before a flag its command may stand.
const COMMAND_REACH: usize = 300;

/// A flag was seen at `start..end` that may carry a secret.
pub(super) fn command_line(search: &mut Search<'_>, start: usize, end: usize) {
    let text = search.text;
    // A command may run on over several lines.
    let before = &text[start.saturating_sub(COMMAND_REACH)..end];
    let has = |commands: &[&str]| commands.iter().any(|command| contains_word(before, command.as_bytes()));
    let flag = text[start..end].trim_ascii();
    if flag.eq_ignore_ascii_case(b"sshpass") {
        let at = skip_blanks(text, end, 4);
        if text[at..].starts_with(b"-p") {
            whole(search, skip_blanks(text, at + 2, 4));
        }
    } else if flag == b"-passin" || flag == b"-passout" {
        let at = skip_blanks(text, end, 4);
        if text[at..].starts_with(b"pass:") {
            whole(search, at + 5);
        }
    } else if (flag == b"-u" || flag == b"-Au" || flag == b"--user" || flag == b"-au")
        && has(&["curl", "http", "wget", "docker login", "ab ", "snow"])
    {
        user_pair(search, end);
    } else if flag == b"-p"
        && !blank_after(text, end)
        && has(&["mysql", "mariadb", "7z", "zip", "rar", "sqlcmd", "sshpass"])
    {
        whole(search, end);
    } else if (flag == b"-p" || flag == b"-P")
        && has(&[
            "docker login",
            "podman login",
            "az login",
            "sshpass",
            "helm registry",
            "oc login",
            "mongo",
            "sqlcmd",
            "bcp ",
            "skopeo",
            "buildah",
            "ldap",
            "vsce",
            "redis",
            "net use",
            "unzip",
            "influx",
            "rabbitmq",
            "svn",
            "psql",
        ])
    {
        let at = skip_blanks(text, end, 4);
        whole(search, at);
    } else if flag == b"-a" && has(&["redis-cli"])
        || flag == b"-w" && has(&["ldap"])
        || flag == b"-P" && has(&["sqlcmd", "unzip", "bcp "])
    {
        whole(search, skip_blanks(text, end, 4));
    }
}

fn blank_after(text: &[u8], at: usize) -> bool {
    text.get(at).is_none_or(u8::is_ascii_whitespace)
}

/// `user:password` after the flag.
fn user_pair(search: &mut Search<'_>, end: usize) {
    let text = search.text;
    let at = skip_blanks(text, end, 4);
    let at = at + usize::from(text.get(at) == Some(&b'='));
    let value = extent::quoted(text, at).unwrap_or_else(|| extent::bare(search, at, false));
    let second = value.quoted && text.get(value.end + 1) == Some(&b':');
    if second {
        return whole(search, value.end + 2);
    }
    let Some(colon) = memchr::memchr(b':', &text[value.start..value.end]) else { return };
    let from = value.start + colon + 1;
    // `bob:'pass word'`
    if from == value.end && !value.quoted && matches!(text.get(from), Some(b'"' | b'\'')) {
        return whole(search, from);
    }
    let ids = text[value.start..value.end].iter().all(|b| b.is_ascii_digit() || *b == b':');
    if from < value.end
        && !ids
        && !values::is_placeholder(&text[from..value.end])
        && !values::is_stop_word(&text[from..value.end])
    {
        search.take(Label::CommandLine, from, value.end);
    }
    let user = &text[value.start..value.start + colon];
    let alone = from >= value.end && user.len() >= 12 && values::looks_chosen(user);
    if alone || (user.len() >= 16 && values::looks_random(user)) {
        search.take(Label::CommandLine, value.start, value.start + colon);
    }
}

fn whole(search: &mut Search<'_>, at: usize) {
    let text = search.text;
    let value = extent::quoted(text, at).unwrap_or_else(|| extent::bare(search, at, false));
    let shown = &text[value.start..value.end];
    let option = shown.starts_with(b"-") || shown.iter().all(|b| b.is_ascii_digit() || *b == b':') && shown.len() < 6;
    if shown.len() >= 2 && !option && !values::is_placeholder(shown) && !shown.starts_with(b"/") {
        search.take(Label::CommandLine, value.start, value.end);
    }
}
