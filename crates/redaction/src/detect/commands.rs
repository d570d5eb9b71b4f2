//! Credentials in command lines: `curl -u user:pass`, `mysql -pSECRET`, `sshpass -p x`.

use crate::detect::extent;
use crate::facts::candidate::{Candidate, Claim};
use crate::facts::label::Label;
use crate::lexicon::commands::{COMMANDS, Carries};
use crate::search::Search;
use crate::text::scan::skip_blanks;

/// How far before a flag its command may stand; it may run on over several lines.
const COMMAND_REACH: usize = 300;

/// A flag that may carry a secret was seen at `start..end`, or a command (which is remembered).
pub(crate) fn command_line(search: &mut Search<'_>, start: usize, end: usize) {
    let text = search.text;
    let command = COMMANDS.iter().find(|command| text[start..end].eq_ignore_ascii_case(command.0.as_bytes()));
    if let Some(command) = command {
        search.read.command = Some((end, command.1));
        return;
    }
    let carries = search.read.command.filter(|command| start < command.0 + COMMAND_REACH).map(|command| command.1);
    let after = skip_blanks(text, end, 4);
    let rest = &text[after..];
    match text[start..end].trim_ascii() {
        b"-passin" | b"-passout" if rest.starts_with(b"pass:") => whole(search, after + b"pass:".len()),
        b"-u" | b"-Au" | b"--user" | b"--proxy-user" => user_pair(search, after, carries == Some(Carries::Pair)),
        b"-p" if carries == Some(Carries::Glued) && after == end => whole(search, end),
        b"-p" | b"-P" if carries == Some(Carries::Spaced) => whole(search, after),
        [b'-', letter] if carries == Some(Carries::Letter(*letter)) => whole(search, after),
        [b's' | b'S', ..] if rest.starts_with(b"-p") => whole(search, skip_blanks(text, after + 2, 4)),
        _ => {}
    }
}

/// `user:password` after the flag; `known`: of a command that has such a flag.
fn user_pair(search: &mut Search<'_>, at: usize, known: bool) {
    let text = search.text;
    let value = extent::value(search, at + usize::from(text.get(at) == Some(&b'=')));
    let user = memchr::memchr(b':', &text[value.start..value.end]);
    let middle = user.map_or(value.end, |user| value.start + user);
    let rule = Label::CommandLine as usize;
    let candidate = |start: usize, end: usize, claim: Claim| Candidate::new(text, start, end, claim, "command", rule);
    if middle + 1 < value.end {
        search.propose(&candidate(middle + 1, value.end, Claim::Login).announced(known));
    }
    if user.is_some() || known {
        search.propose(&candidate(value.start, middle, Claim::CommandUser));
    }
}

/// Whatever stands at `at` is the secret.
fn whole(search: &mut Search<'_>, at: usize) {
    let value = extent::value(search, at);
    let rule = Label::CommandLine as usize;
    search.propose(&Candidate::new(search.text, value.start, value.end, Claim::Argument, "command", rule));
}
