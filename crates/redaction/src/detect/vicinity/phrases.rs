//! Passphrases of several words, in quotation marks or not.

use super::Around;
use super::roles::Roles;
use super::words::{next, trimmed};
use crate::detect::statements;
use crate::engine::Label;
use crate::facts::values::is_stop_word;
use crate::lexicon::names::classify;
use crate::search::Search;
use crate::text::scan;

impl Around<'_> {
    /// `Passphrase "Regen über Kiel bleibt 3 Tage"`, `try "Harbor Light 1911" for Password`: words in quotation marks.
    pub(super) fn quoted_phrases(&self, search: &mut Search<'_>, start: usize, end: usize) {
        const QUOTES: [(&str, &str); 6] = [
            ("\"", "\""),
            ("\u{201c}", "\u{201d}"),
            ("\u{201e}", "\u{201c}"),
            ("\u{ab}", "\u{bb}"),
            ("'", "'"),
            ("`", "`"),
        ];
        let text = self.text;
        let mut at = start;
        while let Some((open, close)) =
            QUOTES.iter().find(|quote| text[at..end].starts_with(quote.0.as_bytes())).or_else(|| {
                at += text[at..end].iter().position(|b| b"\"'`".contains(b) || *b == 0xC2 || *b == 0xE2)?;
                QUOTES.iter().find(|quote| text[at..end].starts_with(quote.0.as_bytes())).or(Some(&("", "")))
            })
        {
            if open.is_empty() {
                at += 1;
                continue;
            }
            // `Don't`
            if *open == "'" && at > 0 && text[at - 1].is_ascii_alphanumeric() {
                at += 1;
                continue;
            }
            let from = at + open.len();
            let line = scan::line_end(text, from, 90);
            let Some(length) = memchr::memmem::find(&text[from..line], close.as_bytes()) else {
                at = from.min(end);
                continue;
            };
            let to = from + length;
            at = (to + close.len()).min(end);
            if self.is_phrase_of_it(from, to, to + close.len()) && !search.in_marker(from) {
                search.take(Label::StatedSecret, from, to);
            }
        }
    }

    /// "with the passphrase seven herons left the quarry early, it": words without quotation marks.
    pub(super) fn spoken_phrase(&self, search: &mut Search<'_>, end: usize) {
        let text = self.text;
        let mut at = self.to;
        let mut told = true;
        for _ in 0..14 {
            let Some((first, stop)) = next(text, at, end) else { return };
            if told && let Some(last) = run_of_words(text, first, end, self.to + 1) {
                if !search.in_marker(first) {
                    search.take(Label::StatedSecret, first, last);
                }
                return;
            }
            let word = trimmed(text, first, stop);
            let word = &text[word.0..word.1.max(word.0)];
            told = Roles::of(word).are(Roles::TYPED) || Roles::of(word).are(Roles::STATED);
            at = stop;
        }
    }

    fn is_phrase_of_it(&self, from: usize, to: usize, after: usize) -> bool {
        let shown = &self.text[from..to];
        let words = || shown.split(|b| *b == b' ').filter(|word| !word.is_empty());
        let count = words().count();
        let plain = shown.iter().all(|b| b.is_ascii_alphanumeric() || *b >= 0x80 || b" -'!".contains(b));
        let beside = self.to <= from && from - self.to <= 6;
        let small = words().filter(|word| word.len() > 3 && is_stop_word(word)).count();
        if !(2..=10).contains(&count)
            || !plain
            || small
                > usize::from(shown.iter().any(u8::is_ascii_digit) || beside && self.name.is_phrase() && count >= 4)
            || classify(shown).is_some()
            || words().any(|word| classify(word).is_some())
            || !self.is_near(from, to)
        {
            return false;
        }
        let numbered = shown.iter().any(u8::is_ascii_digit);
        let lower = !shown.iter().any(u8::is_ascii_uppercase);
        // "would be \"Lisbon Honeymoon 1984\""
        let line = &self.text[from.saturating_sub(24)..from];
        let before = line
            .rsplit(u8::is_ascii_whitespace)
            .find(|word| word.iter().any(u8::is_ascii_alphabetic))
            .unwrap_or_default();
        let typed = Roles::of(before).are(Roles::TYPED);
        let stated = typed || self.to <= from && (Roles::of(before).are(Roles::STATED) || before == b"be");
        if numbered && stated && self.name.strong {
            return true;
        }
        let told = self.name.is_phrase() && count >= 3;
        told && (self.to <= from || self.is_named_after(after, true))
            || (beside || self.is_named_after(after, true)) && (numbered || lower && count >= 3)
    }
}

/// Small words that made-up phrases have as well.
const LINKS: &[&[u8]] = &[b"the", b"a", b"an", b"of", b"over", b"under", b"in", b"on", b"at", b"by", b"and"];

/// After these a participle or an adjective goes on: "necessary to", "provided as".
const GOES_ON: &[&[u8]] = &[
    b"de", b"di", b"von", b"van", b"que", b"to", b"for", b"by", b"as", b"at", b"en", b"su", b"par", b"per", b"pour",
    b"por", b"para", b"une", b"al", b"aux", b"mit", b"met", b"durch", b"door", b"o",
];

/// Four words and more of a phrase that somebody made up, up to a comma or the end.
fn run_of_words(text: &[u8], from: usize, end: usize, beside: usize) -> Option<usize> {
    // Letters of other alphabets than ours begin with other bytes than quotation marks and dashes do.
    let letter = |b: &u8| b.is_ascii_alphanumeric() || *b >= 0x80 && *b != 0xE2 || *b == b' ';
    let stop = from + text[from..end.max(from)].iter().take(90).take_while(|b| letter(b)).count();
    let shown = &text[from..stop];
    let words = || shown.split(|b| *b == b' ').filter(|word| !word.is_empty());
    let long = words().filter(|word| word.len() >= 4).count();
    let ends = matches!(text.get(stop), None | Some(b',' | b'.' | b';' | b'\n'))
        && text.get(stop + 1).is_none_or(u8::is_ascii_whitespace);
    // "used to encrypt the backups", "fournie en chaîne": the sentence goes on.
    let own = matches!(
        words().next()?,
        b"my"
            | b"our"
            | b"the"
            | b"a"
            | b"mein"
            | b"meine"
            | b"mi"
            | b"mijn"
            | b"ma"
            | b"mon"
            | b"la"
            | b"le"
            | b"il"
            | b"el"
    );
    let goes_on = is_stop_word(words().next()?) && !own
        || words().nth(1).is_some_and(|word| GOES_ON.contains(&word))
        || words().any(|word| word.len() >= 2 && word.iter().all(u8::is_ascii_uppercase));
    let sentence = words()
        .any(|word| word.len() > 3 && is_stop_word(word) || classify(word).is_some() || statements::role(word).states);
    let first = words().next()?;
    let numbered = words().next_back().is_some_and(|word| word.iter().all(u8::is_ascii_digit));
    // Right beside the name a verb may go on as well: "fica guardada no cofre", "kennt nur der Kunde".
    let capital = from <= beside
        && (words().skip(1).any(|word| word[0].is_ascii_uppercase())
            || words().any(|word| is_stop_word(word) && !LINKS.contains(&word)));
    let fits = (4..=10).contains(&words().count())
        && long >= 3
        && !capital
        && ends
        && (numbered || !(sentence || goes_on))
        && (first[0].is_ascii_lowercase() || first[0] >= 0xC3)
        && !Roles::of(first).are(Roles::TYPED);
    fits.then_some(stop)
}
