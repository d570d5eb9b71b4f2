//! Keys of vendors that have no form of their own: the vendor's name, words such as `api` and `key`, a tie, and a
//! value that a machine made (`CLOUDFLARE_API_TOKEN=…`, `campayn key 9f3c…`).

use crate::facts::candidate::{Candidate, Claim};
use crate::facts::label::Label;
use crate::lexicon::letters::starts_with_ignoring_case;
use crate::lexicon::roles::{Role, has};
use crate::lexicon::vendor_names::{BETWEEN, SECRET};
use crate::search::{Search, judged};
use crate::text::scan::skip_blanks;

/// At most so many words stand between the name and the tie.
const WORDS_BETWEEN: usize = 5;
/// Shorter runs are ids and words.
const SHORTEST: usize = 16;
/// Longer runs are documents.
const LONGEST: usize = 512;

/// The name of a vendor stands at `start..end`: proposes the value that is tied to it.
pub(crate) fn value(search: &mut Search<'_>, start: usize, end: usize) {
    let text = search.text;
    if start < search.read.covered {
        return;
    }
    let (behind, is_announced) = between(text, end);
    let (at, is_tied) = tie(text, behind);
    if !(is_announced || is_tied && has(&text[start..end], Role::Vendor)) {
        return;
    }
    let in_value = |byte: &&u8| byte.is_ascii_alphanumeric() || b"_+/=.~-".contains(byte);
    let run = text[at..].iter().take(LONGEST).take_while(in_value).count();
    let run = run - text[at..at + run].iter().rev().take_while(|byte| matches!(byte, b'.' | b'/')).count();
    let same = at < search.read.run_vendors.0;
    let most = judged(&mut search.read.run_vendors, same, at + run);
    if run >= SHORTEST {
        let rule = Label::VendorValue as usize;
        let candidate = Candidate::new(text, at, at + run, Claim::Vendor, "vendors", rule);
        search.propose(&candidate.judged(&text[at..at + run.min(most)]));
    }
}

/// Where the words behind a vendor's name end, and whether one of them says that a secret follows, and the last does
/// not take it back (`client id`).
fn between(text: &[u8], from: usize) -> (usize, bool) {
    let (mut end, mut is_announced) = (from, false);
    for _ in 0..WORDS_BETWEEN {
        let gap = usize::from(text.get(end).is_some_and(|byte| b"_. -".contains(byte)));
        let rest = &text[end + gap..];
        let begins = |word: &&&str| starts_with_ignoring_case(rest, word.as_bytes());
        let secret = SECRET.iter().find(begins);
        let Some(word) = secret.or_else(|| BETWEEN.iter().find(begins)) else { break };
        is_announced = secret.is_some() || is_announced && *word != "id";
        end += gap + word.len() + usize::from(rest.get(word.len()) == Some(&b's'));
    }
    (end, is_announced)
}

/// Where the value begins, and whether more than a blank or a dash ties it to the name: an operator, a quotation.
fn tie(text: &[u8], from: usize) -> (usize, bool) {
    let run = |at: usize, marks: &[u8]| text[at..].iter().take(5).take_while(|byte| marks.contains(byte)).count();
    let blank = skip_blanks(text, from + run(from, b"\"'`])*\\"), 8);
    let mark = blank + run(blank, b":=?|.>,-");
    let is_tied = text[blank..mark].iter().any(|byte| b":=>,".contains(byte));
    let at = skip_blanks(text, mark, 8);
    let is_quoted = matches!(text.get(at), Some(b'"' | b'\''));
    (at + run(at, b"\"'`\\{(<"), is_tied || is_quoted)
}
