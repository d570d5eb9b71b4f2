//! What a rule is, and how a row of the table becomes something that can run.

use serde::Serialize;

pub(crate) use crate::facts::matches::Looks;
use crate::search::Search;
use crate::text::pattern::Pattern;
use crate::text::proof::Proof;
use crate::text::shape::Shape;

/// One row of the rule table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    /// Stands in the marker: `[redacted:<id>]`.
    pub id: &'static str,
    /// What the rule is for, one phrase.
    pub about: &'static str,
    pub find: Find,
    /// `text that holds a secret` — [`expand`](crate::expand)ed; the part between `«` and `»` must go.
    pub goes: &'static [&'static str],
    /// Texts that this rule must leave alone.
    pub stays: &'static [&'static str],
}

/// How a rule finds its secret.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Find {
    /// A literal prefix and runs of characters, see [`crate::text::shape`]. The whole match is the secret.
    Shape(&'static str),
    /// The same, and the format proves itself.
    Proved(&'static str, Proof),
    /// A pattern for a value that has a form of its own: what only looks like it stays. Run near one of its keywords, which
    /// may be a part of it. The group named `secret` is the secret, or else the whole match.
    Formed(&'static [&'static str], &'static str),
    /// The same for a place: whatever stands there is the secret, but a mask, a reference or a word that says nothing, where it
    /// looks so.
    Near(Looks, &'static [&'static str], &'static str),
    /// Code of its own, woken by these keywords.
    Scan(Scanner, &'static [&'static str]),
    /// A label that other scanners put on what they find.
    Label,
}

/// What is more than a pattern: reads on from its keyword, of which it is told where it begins and ends.
pub(crate) type Scanner = fn(&mut Search<'_>, usize, usize);

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
    pub row: RuleSummary,
    pub matcher: Matcher,
}

/// What runs when a keyword was seen.
#[derive(Debug)]
pub(crate) enum Matcher {
    /// Anchored at the keyword.
    Shape(Shape),
    /// Searched in a window around the keyword.
    Window(Vec<Pattern>, Looks),
    Scan(Scanner),
    Label,
}

/// A row for a token with a fixed prefix.
pub(crate) const fn token(id: &'static str, about: &'static str, shape: &'static str) -> Rule {
    Rule { id, about, find: Find::Shape(shape), goes: &[], stays: &[] }
}

/// A row for a token that proves itself.
pub(crate) const fn proved(id: &'static str, about: &'static str, shape: &'static str, proof: Proof) -> Rule {
    Rule { id, about, find: Find::Proved(shape, proof), goes: &[], stays: &[] }
}

/// A row for a value that has a form of its own but no beginning that says whose it is.
pub(crate) const fn formed(
    id: &'static str,
    about: &'static str,
    keywords: &'static [&'static str],
    pattern: &'static str,
    goes: &'static [&'static str],
) -> Rule {
    Rule { id, about, find: Find::Formed(keywords, pattern), goes, stays: &[] }
}

/// A row for a place, near its keywords, where whatever stands is the secret.
pub(crate) const fn near(
    id: &'static str,
    about: &'static str,
    keywords: &'static [&'static str],
    pattern: &'static str,
    goes: &'static [&'static str],
) -> Rule {
    Rule { id, about, find: Find::Near(Looks::Any, keywords, pattern), goes, stays: &[] }
}

impl Rule {
    /// Compiles the row.
    pub(crate) fn compile(&self) -> Result<Compiled, regex::Error> {
        let window = |keywords: &[&str], pattern: &str, looks| {
            Ok::<_, regex::Error>((owned(keywords), Matcher::Window(Pattern::all(pattern)?, looks), Vec::new()))
        };
        let (keywords, matcher, goes) = match self.find {
            Find::Shape(shape) => shaped(shape, None)?,
            Find::Proved(shape, proof) => shaped(shape, Some(proof))?,
            Find::Formed(keywords, pattern) => window(keywords, pattern, Looks::Any)?,
            Find::Near(looks, keywords, pattern) => window(keywords, pattern, looks)?,
            Find::Scan(scanner, keywords) => (owned(keywords), Matcher::Scan(scanner), Vec::new()),
            Find::Label => (Vec::new(), Matcher::Label, Vec::new()),
        };
        let goes = [goes, owned(self.goes)].concat();
        let (id, about, stays) = (self.id.to_owned(), self.about.to_owned(), owned(self.stays));
        Ok(Compiled { row: RuleSummary { id, about, keywords, goes, stays }, matcher })
    }
}

/// The keywords, the matcher and the example of a shape.
fn shaped(shape: &str, proof: Option<Proof>) -> Result<(Vec<String>, Matcher, Vec<String>), regex::Error> {
    let keyword = shape.split('{').next().unwrap_or_default();
    // A letter or two stand everywhere: `m{d9}` begins with `m00` to `m99`.
    let mut wakes = vec![keyword.to_owned()];
    while shape[keyword.len()..].starts_with("{d") && wakes[0].len() < 3 {
        wakes = wakes.iter().flat_map(|word| (0..=9).map(move |digit| format!("{word}{digit}"))).collect();
    }
    Ok((wakes, Matcher::Shape(Shape::new(shape, proof)?), vec![format!("«{shape}»")]))
}

fn owned(list: &[&str]) -> Vec<String> {
    list.iter().map(|entry| (*entry).to_owned()).collect()
}
