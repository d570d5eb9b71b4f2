//! What must stay, of every row: look-alikes, made out of the row's own example.
//!
//! A shape says by its last run what is too short and what is too long; a value that has a form is spoiled in its first
//! example; a row for a place, which takes whatever stands there, leaves alone what stands in for a value. So what a row's
//! look-alikes are is said by the way it is written down, and a look-alike that is a secret all the same is one because the
//! row says so: `{A30+}` takes longer ones, `{A30..36}` takes what was cut off, `near` takes anything.

use std::sync::LazyLock;

use crate::Redactor;
use crate::rules::table::{Find, Rule};
use crate::text::shape::{Piece, Run, filled, pieces};

static REDACTOR: LazyLock<Redactor> = LazyLock::new(Redactor::builtin);

/// What stands in for a value.
const STAND_INS: &[&str] = &["********", "${SECRET_VALUE}", "<your-secret>"];

/// A look-alike: what is wrong with it, and how it stands in a text.
type LookAlike = (&'static str, String);

/// The look-alikes of a shape.
fn of_shape(shape: &str) -> Vec<LookAlike> {
    let pieces = pieces(shape);
    let Some(at) = pieces.iter().rposition(Result::is_ok) else { return Vec::new() };
    let Ok(run) = pieces[at] else { return Vec::new() };
    let with = |run: Run| {
        let mut pieces: Vec<Piece<'_>> = pieces.clone();
        pieces[at] = Ok(run);
        filled(&pieces)
    };
    let short = with(Run { least: run.least - 1, most: Some(run.least - 1), ..run });
    // No alphabet has a blank.
    let half = with(Run { least: run.least / 2, most: Some(run.least / 2), ..run });
    let rest = filled(&[Ok(Run { least: run.least - run.least / 2, most: None, ..run })]);
    let alien = if run.class == 's' { ' ' } else { '!' };
    let mut found = vec![("one too short", short), ("another character", format!("{half}{alien}{rest}"))];
    if let (Some(most), true) = (run.most, at + 1 == pieces.len()) {
        found.push(("a longer word", with(Run { least: most + 1, most: Some(most + 1), ..run })));
    }
    found.into_iter().map(|(what, text)| (what, format!("see {text} there"))).collect()
}

/// An example in its three parts: before the first secret, the secret, behind it.
fn parts(example: &str) -> Option<[String; 3]> {
    let full = crate::expand(example);
    let (before, rest) = full.split_once('«')?;
    let (secret, behind) = rest.split_once('»')?;
    Some([before.to_owned(), secret.to_owned(), behind.replace(['«', '»'], "")])
}

/// The look-alikes of a value that has a form.
fn of_form(example: &str) -> Vec<LookAlike> {
    let Some([before, secret, behind]) = parts(example) else { return Vec::new() };
    let middle = secret.floor_char_boundary(secret.len() / 2);
    let short = &secret[..secret.floor_char_boundary(secret.len() - 1)];
    vec![
        ("one too short", format!("{before}{short} {behind}")),
        ("another character", format!("{before}{}!{}{behind}", &secret[..middle], &secret[middle + 1..])),
    ]
}

/// What stands in a place and is no value.
fn of_place(example: &str) -> Vec<LookAlike> {
    let Some([before, _, behind]) = parts(example) else { return Vec::new() };
    STAND_INS.iter().map(|word| ("stands in", format!("{before}{word}{behind}"))).collect()
}

fn of(rule: &Rule) -> Vec<LookAlike> {
    let first = rule.goes.first().copied().unwrap_or_default();
    match rule.find {
        Find::Shape(shape) | Find::Proved(shape, _) => of_shape(shape),
        Find::Formed(..) => of_form(first),
        Find::Scan(..) | Find::Label => Vec::new(),
        Find::Near(..) => of_place(first),
    }
}

#[test]
fn every_shape_begins_with_text_and_has_a_run() {
    for rule in super::all() {
        let (Find::Shape(shape) | Find::Proved(shape, _)) = rule.find else { continue };
        let pieces = pieces(shape);
        let begins = matches!(pieces.first(), Some(Err(_)));
        assert!(begins, "{}: {shape} has no beginning that tells whose it is: use formed(…)", rule.id);
        let has_run = pieces.iter().any(Result::is_ok);
        assert!(has_run, "{}: {shape} has no run such as {{A32}}: see text/shape.rs for the classes", rule.id);
    }
}

#[test]
fn every_row_takes_its_own_example_and_is_named_for_it() {
    let mut wrong = Vec::new();
    for rule in REDACTOR.rules() {
        let takers = |example: &String| {
            let text = crate::expand(example).replace(['«', '»'], "");
            REDACTOR.explain(&text).into_iter().map(|finding| finding.rule).collect::<Vec<_>>()
        };
        let takers: Vec<_> = rule.goes.iter().map(takers).collect();
        if !takers.iter().flatten().any(|taker| *taker == rule.id) {
            wrong.push(format!("{}: its examples {:?} are taken by {takers:?}", rule.id, rule.goes));
        }
    }
    assert!(wrong.is_empty(), "{} rows name nothing:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn no_row_takes_its_lookalikes() {
    let mut wrong = Vec::new();
    for rule in super::all() {
        for (what, text) in of(rule) {
            if REDACTOR.explain(&text).iter().any(|finding| finding.rule == rule.id) {
                wrong.push(format!("{}: {what}: {text:?}", rule.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

/// A damaged value under a name that means a secret goes by its name. Where no name stands beside it, nearly all stay:
/// a few are tokens of a shorter format, and some have a word about secrets in front of a machine's characters, which is
/// what sentences with one look like.
#[test]
fn nearly_all_lookalikes_of_tokens_stay_to_the_byte() {
    let shaped = super::all().filter(|rule| matches!(rule.find, Find::Shape(_) | Find::Proved(..)));
    let all: Vec<LookAlike> = shaped.flat_map(of).collect();
    let texts = all.iter().map(|(_, text)| text);
    let taken: Vec<&String> = texts.filter(|text| REDACTOR.text(text).value != **text).collect();
    assert!(all.len() > 800 && taken.len() * 20 <= all.len(), "{} of {}:\n{taken:#?}", taken.len(), all.len());
}

#[test]
fn every_row_says_what_must_stay() {
    for rule in super::all() {
        assert!(!of(rule).is_empty() || !rule.stays.is_empty(), "{}: give it an example that must stay", rule.id);
    }
}

#[test]
fn a_word_in_front_hides_a_token_only_where_it_could_be_the_words_end() {
    for (text, taken) in [
        ("Access tokenghp_k7m2q9x4z8w3v6t5r1k7m2q9x4z8w3v6t5r1", true),
        ("keyAKIAK7M2Q9X4Z3W6V5T2", true),
        ("xdop_v1_9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", true),
        // One character more than the format has, a word that ends like a prefix, letters alone.
        ("xdop_v1_9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08b", false),
        ("explosivelab/Pianificazione-pubblico-1bc826ecc0994dd8915be97fc3489cde", false),
        ("GSSAPI-VIRHEKAPSELOINTIMERKKIJONO", false),
    ] {
        assert_eq!(!REDACTOR.explain(text).is_empty(), taken, "{text}");
    }
}

#[test]
fn what_is_proven_goes_in_the_middle_of_a_word_and_what_a_hand_made_up_stays() {
    for (text, taken) in [
        ("x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and", true),
        ("xxnpm_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17xx", true),
        // Mistyped: the checksum would repair it.
        ("got ghp_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq18 back", true),
        ("got ghp_1234567890abcdefghijklmnopqrstuvwxyz back", false),
        ("got npm_abcdefghijklmnopqrstuvwxyz0123456789 back", false),
        // A name makes up for it.
        ("GITHUB_TOKEN=ghp_1234567890abcdefghijklmnopqrstuvwxyz", true),
    ] {
        assert_eq!(!REDACTOR.explain(text).is_empty(), taken, "{text}");
    }
}
