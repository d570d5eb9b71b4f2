//! Where a word stands: how it is introduced, and how far from the name.

use super::roles::Roles;
use super::words::Word;
use super::{Around, REACH};
use crate::detect::answers;
use crate::lexicon::names::Kind;
use crate::text::scan;

/// How a word is introduced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Lead {
    None,
    /// In quotation marks or between commas.
    Apart,
    /// All that a line or a message says, or in brackets behind the name.
    Alone,
    /// What follows says so: "as password", "eingetippt".
    Followed,
    /// Behind "is", "with", a verb of typing; beside the name.
    Led,
}

/// What is known about a word of the window besides its looks.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "facts about a place in a text, each independent of the others")]
pub(super) struct Place {
    pub lead: Lead,
    /// The name and the word are in one sentence.
    pub near: bool,
    /// The name follows right behind and says what the word is.
    pub named: bool,
    /// Only a word or two stand between.
    pub close: bool,
    pub bracketed: bool,
    /// The word stands in another line, behind the name.
    pub beyond: bool,
    /// In backticks, or behind the two hyphens of a flag: code that a text speaks of.
    pub coded: bool,
    /// Behind a colon that stands behind a blank or a bracket: a symbol of Ruby.
    pub symbol: bool,
    /// It looks like a password somebody chose, and words of a sentence stand around it.
    pub said: bool,
    /// It begins a line and two blanks follow: the first column of a table, mostly ids.
    pub column: bool,
}

/// A word and the two before it.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub last: Option<Word>,
    pub before: Option<Word>,
    pub from: usize,
    pub to: usize,
}

impl Row {
    /// What stands between the word before and this one.
    fn gap<'t>(&self, text: &'t [u8]) -> &'t [u8] {
        &text[self.end_of_before().min(self.from)..self.from]
    }

    fn end_of_before(&self) -> usize {
        self.before.map_or(self.from, |word| word.to)
    }

    fn roles(word: Option<Word>) -> Roles {
        word.map_or_else(Roles::default, |word| word.roles)
    }

    /// `user x`, `error code x`: something else is named.
    pub(super) fn is_other(&self, text: &[u8], lead: Lead, sure: bool) -> bool {
        let gap = self.gap(text);
        let joined = !gap.iter().any(|b| matches!(b, b'\n' | b'.' | b')' | b'('));
        joined
            && (Self::roles(self.before).are(Roles::OTHERS)
                || !sure && Self::roles(self.last).are(Roles::OTHERS) && lead < Lead::Led && !gap.contains(&b','))
    }
}

impl Around<'_> {
    pub(super) fn place(&self, row: &Row) -> Place {
        let (from, to) = (row.from, row.to);
        Place {
            lead: self.lead(row),
            near: self.is_near(from, to),
            named: self.is_named_after(to, false),
            close: from >= self.to && from - self.to <= 28,
            bracketed: from > 0 && self.text[from - 1] == b'(',
            coded: self.text[..from].ends_with(b"`") || self.text[..from].ends_with(b"--"),
            symbol: from > 1 && self.text[from - 1] == b':' && matches!(self.text[from - 2], b' ' | b'[' | b'(' | b','),
            column: (from == 0 || self.text[from - 1] == b'\n') && self.text[to..].starts_with(b"  ")
                || self.text[..from].ends_with(b"\n| ") && self.text[to..].trim_ascii_start().starts_with(b"|"),
            said: false,
            beyond: from >= self.to && memchr::memchr(b'\n', &self.text[self.to..from]).is_some(),
        }
    }

    fn lead(&self, row: &Row) -> Lead {
        let (text, from, to) = (self.text, row.from, row.to);
        let gap = row.gap(text);
        // A sentence or a line ended between: the words before it do not introduce it.
        let broken = gap.contains(&b'\n') || gap.first().is_some_and(|b| matches!(b, b'.' | b'?'));
        let behind = self.to <= from;
        // "pass" is a verb as well, and what only opens something does not stand for what opens it.
        let beside = behind
            && !self.is_vague()
            && !text[self.to..from].contains(&b'\n')
            && (from - self.to <= 3 || row.end_of_before() == self.to && text[from - 1] == b'>');
        // "als Passwort bitte X", "come password X"
        let linked = || behind && from - self.to <= 24 && Roles::of(word_before(text, self.from)).are(Roles::LINKS);
        let colon = || behind && !self.is_vague() && gap.contains(&b':') && self.is_near(from, to);
        if beside || !broken && (self.is_introduced(row) || linked()) || colon() || self.is_named_after(to, true) {
            return Lead::Led;
        }
        let tail = &text[to..text.len().min(to + 40)];
        let tail = &tail[tail.iter().take_while(|b| b"\"'`), .".contains(b) || **b >= 0x80).count()..];
        let next = tail.split(|b| !b.is_ascii_alphabetic() && *b < 0x80 && *b != b'\'').next().unwrap_or_default();
        if text.get(to) != Some(&b'.') && Roles::of(next).are(Roles::AFTER) {
            return Lead::Followed;
        }
        let left = |back: usize| from.checked_sub(back).map(|at| text[at]);
        let right = text.get(to).copied();
        let bracketed = left(1) == Some(b'(') && right == Some(b')') && behind && from - self.to < 80;
        // "password for the wiki? GrannySmith88 i think"
        let answered = behind && self.name.strong && gap.starts_with(b"?") && from - self.to < 60;
        if bracketed || answered || self.is_whole_line(from, to) {
            return Lead::Alone;
        }
        let open = left(1).is_some_and(|b| b"\"'`(*".contains(&b)) || left(3) == Some(0xE2) || left(2) == Some(0xC2);
        let close = right.is_none_or(|b| b"\"'`)*<".contains(&b) || b >= 0xC2);
        let tagged = left(1) == Some(b'>') && right == Some(b'<');
        let commas = gap.ends_with(b", ") && matches!(right, None | Some(b',' | b'.' | b'\n'));
        if open && close || tagged || commas { Lead::Apart } else { Lead::None }
    }

    /// The name may be something else altogether.
    pub(super) fn is_vague(&self) -> bool {
        self.name.term == "pass" || self.name.term.is_empty() && self.name.kind == Kind::Password
    }

    fn is_introduced(&self, row: &Row) -> bool {
        let (last, before) = (Row::roles(row.last), Row::roles(row.before));
        // What only opens something is introduced by what somebody did, not by "is" and the like.
        let leads = if self.name.term.is_empty() && self.name.kind == Kind::Password && !self.is_wireless() {
            Roles::WITH
        } else {
            Roles::LEADS
        };
        if before.are(Roles::TYPED) || before.are(leads) {
            return true;
        }
        // "ist echt X", "typed in X"
        let shown = row.before.map_or(&b""[..], |word| &self.text[word.from..word.to]);
        last.are(Roles::TYPED) && shown.len() <= 4
            || !self.is_vague()
                && last.are(Roles::STATED)
                && shown.len() <= 13
                && shown.iter().all(|b| b.is_ascii_lowercase() || *b >= 0x80)
    }

    /// "Heftruck.Geel ingesteld als wachtwoord", "X as the password": the name comes right after.
    pub(super) fn is_named_after(&self, to: usize, of: bool) -> bool {
        let Some(between) = self.text.get(to..self.from).filter(|between| between.len() <= 28) else { return false };
        let words = || between.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        let link =
            words().position(|word| Roles::of(word).are(Roles::LINKS) || of && matches!(word, b"de" | b"di" | b"da"));
        !between.iter().any(|b| b".?!\n".contains(b))
            && link.is_some_and(|link| words().skip(link + 1).all(|word| word.len() <= 3))
    }

    /// All that the line, or the message behind its speaker, says.
    fn is_whole_line(&self, from: usize, to: usize) -> bool {
        let text = self.text;
        let after = &text[to..scan::line_end(text, to, 8)];
        let spoken = after.first() == Some(&b',') && self.asks();
        if !spoken && !after.iter().all(|b| b.is_ascii_whitespace() || b".\r|`\"".contains(b)) {
            return false;
        }
        let line = scan::line_start(text, from, 60);
        let said = answers::message(text, line).filter(|said| *said <= from).unwrap_or(line);
        text[said..from].iter().all(|b| b.is_ascii_whitespace() || b"-*>#|<`\"".contains(b))
    }

    /// One sentence.
    pub(super) fn is_near(&self, first: usize, stop: usize) -> bool {
        let ends = |four: &[u8]| {
            matches!(four[1], b'.' | b'?' | b'!')
                && !four[0].is_ascii_digit()
                && four[2].is_ascii_whitespace()
                && !four[3].is_ascii_lowercase()
        };
        let between =
            if first >= self.to { &self.text[self.to..first] } else { &self.text[stop.min(self.from)..self.from] };
        memchr::memchr(b'\n', between).is_none() && !between.windows(4).any(ends)
    }

    /// The name's line ends with a colon.
    pub(super) fn announces(&self) -> bool {
        self.text[self.to..scan::line_end(self.text, self.to, 80)].trim_ascii_end().ends_with(b":")
    }

    /// Somebody asks for it.
    pub(super) fn asks(&self) -> bool {
        let line = scan::line_start(self.text, self.from, REACH);
        answers::is_request(&self.text[line..scan::line_end(self.text, self.to, REACH)])
    }
}

/// The word before `at`, without what stands between.
fn word_before(text: &[u8], at: usize) -> &[u8] {
    let end = text[at.saturating_sub(32)..at].trim_ascii_end().len() + at.saturating_sub(32);
    let floor = end.saturating_sub(24);
    let start = text[floor..end].iter().rposition(u8::is_ascii_whitespace);
    &text[start.map_or(floor, |found| floor + found + 1)..end]
}
