//! What a rule is, and how a row of the table becomes something that can run.

use regex::bytes::Regex;
use serde::Serialize;

pub(crate) use crate::facts::matches::Looks;
use crate::text::pattern::compile;

/// One row of the rule table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    /// Stands in the marker: `[redacted:<id>]`.
    pub id: &'static str,
    /// What the rule is for, one phrase.
    pub about: &'static str,
    pub find: Find,
    /// `text that holds a secret` — [`expand`]ed; the part between `«` and `»` must go.
    pub goes: &'static [&'static str],
    /// Texts that this rule must leave alone.
    pub stays: &'static [&'static str],
}

/// How a rule finds its secret.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Find {
    /// A literal prefix and runs of characters, see [`shape_pattern`]. Nothing of a
    /// word may stand before it. The whole match is the secret.
    Shape(&'static str),
    /// A pattern, run only near one of its keywords. The group named `secret` is
    /// the secret, or else the whole match.
    Near(&'static [&'static str], &'static str),
    /// The same, and the secret has to look made by a machine.
    NearRandom(&'static [&'static str], &'static str),
    /// The same, and the secret has to look chosen by a person.
    NearChosen(&'static [&'static str], &'static str),
    /// The same, and the secret has to be hardly anything but a password: letters, digits and a mark.
    NearMarked(&'static [&'static str], &'static str),
    /// The same, and the secret has to look like a word somebody chose, be it only a word and a number.
    NearSuspected(&'static [&'static str], &'static str),
    /// The same, and it has capitals, small letters and two digits, or a mark.
    NearVaried(&'static [&'static str], &'static str),
    /// The same, and the secret has to be a phrase of words that somebody made up.
    NearPhrase(&'static [&'static str], &'static str),
    /// The same, and the secret has to be groups of capitals and digits.
    NearKey(&'static [&'static str], &'static str),
    /// The same, and the secret has to be groups of one length with digits in them.
    NearGrouped(&'static [&'static str], &'static str),
    /// The same, and the secret has to be `user:password` in base64.
    NearBasic(&'static [&'static str], &'static str),
    /// Code of its own, woken by these keywords.
    Scan(Scanner, &'static [&'static str]),
    /// A label that other scanners put on what they find.
    Label,
}

/// The scanners that are more than a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scanner {
    Name,
    Block,
    Jwt,
    Scheme,
    Url,
    CommandLine,
    Phrase,
    Pair,
    KubernetesSecret,
    AwsPair,
    Putty,
    Vendor,
    Sentence,
}

/// A rule as others may see it: for documentation and tests.
#[derive(Clone, Debug, Serialize)]
pub struct RuleSummary {
    /// The rule's id.
    pub id: String,
    /// What it is for.
    pub about: String,
    /// What wakes it, capitals ignored; nothing for the labels of other scanners.
    pub keywords: Vec<String>,
    /// Examples; what stands between `«` and `»` must go.
    pub goes: Vec<String>,
    /// Examples that the rule must leave alone.
    pub stays: Vec<String>,
}

/// A row with its pattern compiled.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub id: String,
    pub about: String,
    pub keywords: Vec<String>,
    pub matcher: Matcher,
    pub goes: Vec<String>,
    pub stays: Vec<String>,
}

/// What runs when a keyword was seen.
#[derive(Debug)]
pub(crate) enum Matcher {
    /// Anchored at the keyword.
    Anchored(Regex),
    /// Searched in a window around the keyword; the number of the secret's group.
    Window(Regex, usize, Looks),
    Scan(Scanner),
    Label,
}

/// A row for a token with a fixed prefix.
pub(crate) const fn token(id: &'static str, about: &'static str, shape: &'static str) -> Rule {
    Rule { id, about, find: Find::Shape(shape), goes: &[], stays: &[] }
}

/// A row for a pattern that runs near its keywords.
pub(crate) const fn near(
    id: &'static str,
    about: &'static str,
    keywords: &'static [&'static str],
    pattern: &'static str,
    goes: &'static [&'static str],
) -> Rule {
    Rule { id, about, find: Find::Near(keywords, pattern), goes, stays: &[] }
}

impl Rule {
    /// Compiles the row.
    pub(crate) fn compile(&self) -> Result<Compiled, regex::Error> {
        let window = |keywords: &[&str], pattern: &str, looks| {
            let regex = compile(pattern)?;
            let group = secret_group(&regex);
            Ok::<_, regex::Error>((owned(keywords), Matcher::Window(regex, group, looks), Vec::new()))
        };
        let (keywords, matcher, goes) = match self.find {
            Find::Shape(shape) => {
                let regex = compile(&format!(r"\A(?:{})", shape_pattern(shape)))?;
                let keyword = shape.split('{').next().unwrap_or_default();
                let example = format!("«{shape}»");
                (vec![keyword.to_owned()], Matcher::Anchored(regex), vec![example])
            }
            Find::Near(keywords, pattern) => window(keywords, pattern, Looks::Any)?,
            Find::NearRandom(keywords, pattern) => window(keywords, pattern, Looks::Random)?,
            Find::NearChosen(keywords, pattern) => window(keywords, pattern, Looks::Chosen)?,
            Find::NearMarked(keywords, pattern) => window(keywords, pattern, Looks::Marked)?,
            Find::NearSuspected(keywords, pattern) => window(keywords, pattern, Looks::Suspected)?,
            Find::NearVaried(keywords, pattern) => window(keywords, pattern, Looks::Varied)?,
            Find::NearPhrase(keywords, pattern) => window(keywords, pattern, Looks::Phrase)?,
            Find::NearKey(keywords, pattern) => window(keywords, pattern, Looks::Key)?,
            Find::NearGrouped(keywords, pattern) => window(keywords, pattern, Looks::Grouped)?,
            Find::NearBasic(keywords, pattern) => window(keywords, pattern, Looks::Basic)?,
            Find::Scan(scanner, keywords) => (owned(keywords), Matcher::Scan(scanner), Vec::new()),
            Find::Label => (Vec::new(), Matcher::Label, Vec::new()),
        };
        let mut goes = goes;
        goes.extend(owned(self.goes));
        Ok(Compiled {
            id: self.id.to_owned(),
            about: self.about.to_owned(),
            keywords,
            matcher,
            goes,
            stays: owned(self.stays),
        })
    }
}

fn owned(list: &[&str]) -> Vec<String> {
    list.iter().map(|entry| (*entry).to_owned()).collect()
}

/// The group named `secret`, or the whole match.
pub(crate) fn secret_group(regex: &Regex) -> usize {
    regex.capture_names().position(|name| name == Some("secret")).unwrap_or(0)
}

/// A run in a shape: the characters of its class.
fn class_of(letter: char) -> &'static str {
    match letter {
        'A' => "A-Za-z0-9",
        'a' => "a-z0-9",
        'U' => "A-Z0-9",
        'h' => "0-9a-f",
        'H' => "0-9A-Fa-f",
        'd' => "0-9",
        'b' => "A-Za-z0-9+/=_-",
        's' => "!-~",
        't' => "A-Za-z0-9_.~=-",
        _ => "A-Za-z0-9_-",
    }
}

/// The pieces of a shape: literal text, or (class letter, length).
fn pieces(shape: &str) -> Vec<Result<(char, usize), &str>> {
    let mut out = Vec::new();
    let mut rest = shape;
    let mut from = 0;
    while let Some(open) = rest[from..].find('{').map(|at| from + at) {
        // Any other brace is text.
        let Some((letter, length, end)) = run_at(rest, open) else {
            from = open + 1;
            continue;
        };
        if open > 0 {
            out.push(Err(&rest[..open]));
        }
        out.push(Ok((letter, length)));
        rest = &rest[end..];
        from = 0;
    }
    if !rest.is_empty() {
        out.push(Err(rest));
    }
    out
}

/// A run such as `{A36}` at `open`: its class, its length, where it ends.
fn run_at(text: &str, open: usize) -> Option<(char, usize, usize)> {
    let inside = text[open + 1..].split('}').next()?;
    let letter = inside.chars().next().filter(|letter| "AaUhHdbstw".contains(*letter))?;
    let length = inside[1..].parse().ok()?;
    let end = open + inside.len() + 2;
    (end <= text.len()).then_some((letter, length, end))
}

/// `ghp_{A36}` as a pattern: an inner run is exact, the last run is that long or longer.
///
/// Classes: `A` letters and digits, `a` lower case and digits, `U` upper case and digits, `h`/`H`
/// hexadecimal, `d` digits, `w` with `_-`, `t` with `_-.~=`, `b` base64, `s` anything but blanks.
pub(crate) fn shape_pattern(shape: &str) -> String {
    use std::fmt::Write as _;
    let pieces = pieces(shape);
    let last = pieces.len().saturating_sub(1);
    let mut out = String::new();
    for (at, piece) in pieces.into_iter().enumerate() {
        match piece {
            Err(literal) => out.push_str(&regex::escape(literal)),
            Ok((letter, length)) => {
                let more = if at == last { "," } else { "" };
                // Writing to a String cannot fail.
                let _ = write!(out, "[{}]{{{length}{more}}}", class_of(letter));
            }
        }
    }
    out
}

/// An example with its runs `{A36}` filled with characters of the class, the same ones every time.
#[must_use]
pub fn expand(example: &str) -> String {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut out = String::new();
    for piece in pieces(example) {
        match piece {
            Err(literal) => out.push_str(literal),
            Ok((letter, length)) => {
                let alphabet: &[u8] = match letter {
                    'a' => b"k7m2q9x4z8w3v6t5r1",
                    'U' => b"K7M2Q9X4Z3W6V5T2RJ",
                    'h' | 'H' => b"3f9a27c5e1b80d46",
                    'd' => b"8204619753",
                    _ => b"kZ7mQ2xT9bW4rN6vJ3",
                };
                for _ in 0..length {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    let pick = usize::try_from(state >> 40).unwrap_or(0) % alphabet.len();
                    out.push(char::from(alphabet[pick]));
                }
            }
        }
    }
    out
}
