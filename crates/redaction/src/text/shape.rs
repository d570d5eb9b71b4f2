//! How a token with a fixed beginning is written down: `ghp_{A30+}`.
//!
//! Text stands for itself, `{A30}` for a run of characters of a class: `A` letters and digits, `a` lower case and digits, `U`
//! upper case and digits, `h`/`H` hexadecimal, `d` digits, `w` letters, digits and `_-`, `t` the same and `.~=`, `b` base64,
//! `s` anything but blanks. A run is exactly that long; the last one may say otherwise:
//!
//! | last run | takes | leaves alone |
//! |---|---|---|
//! | `{A36}` | 36 | 35, 37: another thing begins like it |
//! | `{A30+}` | 30 and more: the vendor says no length, or lengthens it | 29 |
//! | `{A30..36}` | 36; from 30 on as a token that was cut off | 29, 37 |

use std::fmt::Write as _;

use regex::bytes::Regex;

use crate::text::pattern::compile;
use crate::text::proof::Proof;

/// A run's class, and how long it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub class: char,
    pub least: usize,
    /// Nothing where any length will do.
    pub most: Option<usize>,
}

/// Literal text, or a run.
pub(crate) type Piece<'s> = Result<Run, &'s str>;

/// A shape, ready to run.
#[derive(Debug)]
pub(crate) struct Shape {
    /// Anchored at the beginning of the literal prefix. It reads no further than it has to, so that refusing costs the same
    /// wherever the text ends.
    regex: Regex,
    /// The length of a whole token where the format has one.
    pub whole: Option<usize>,
    /// The last run, when the shape ends with one.
    last: Option<Run>,
    pub proof: Option<Proof>,
}

impl Shape {
    pub(crate) fn new(shape: &str, proof: Option<Proof>) -> Result<Self, regex::Error> {
        let pieces = pieces(shape);
        let length = |piece: &Piece<'_>| piece.map_or_else(|text| Some(text.len()), |run| run.most);
        let last = pieces.last().and_then(|piece| piece.ok());
        let regex = compile(&format!(r"\A(?:{})", pattern(&pieces)))?;
        Ok(Self { regex, whole: pieces.iter().map(length).sum(), last, proof })
    }

    /// As much of a token at the beginning of `text` as the shape asks for.
    pub(crate) fn find(&self, text: &[u8]) -> Option<usize> {
        self.regex.find(text).map(|found| found.end())
    }

    /// Where a token ends of which `end` bytes were found: a run without a length is read on.
    pub(crate) fn end(&self, text: &[u8], end: usize) -> usize {
        match self.last {
            Some(Run { class, most: None, .. }) => {
                end + text[end..].iter().take_while(|byte| is_in(class, **byte)).count()
            }
            _ => end,
        }
    }

    /// Whether a token goes on at `rest`: then it is longer than its format allows, and no token.
    pub(crate) fn goes_on(&self, rest: &[u8]) -> bool {
        let fixed = self.last.filter(|run| run.most.is_some());
        fixed.is_some_and(|run| rest.first().is_some_and(|byte| is_in(run.class, *byte)))
    }
}

/// Whether a byte is of a class.
fn is_in(class: char, byte: u8) -> bool {
    let mut rest = class_of(class).as_bytes();
    while let [first, more @ ..] = rest {
        let (last, next) = if let [b'-', last, next @ ..] = more { (last, next) } else { (first, more) };
        if (*first..=*last).contains(&byte) {
            return true;
        }
        rest = next;
    }
    false
}

/// The characters of a class, as a pattern has them.
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

/// The pieces of a shape.
pub(crate) fn pieces(shape: &str) -> Vec<Piece<'_>> {
    let (mut out, mut done) = (Vec::new(), 0);
    for (open, _) in shape.match_indices('{') {
        // Any other brace is text.
        let Some((run, end)) = run_at(shape, open) else { continue };
        if open > done {
            out.push(Err(&shape[done..open]));
        }
        out.push(Ok(run));
        done = end;
    }
    if done < shape.len() {
        out.push(Err(&shape[done..]));
    }
    out
}

/// A run such as `{A36}` at `open`, and where it ends.
fn run_at(text: &str, open: usize) -> Option<(Run, usize)> {
    let inside = text[open + 1..].split_once('}')?.0;
    let class = inside.chars().next().filter(|letter| "AaUhHdbstw".contains(*letter))?;
    let length = &inside[1..];
    let (least, most) = match (length.strip_suffix('+'), length.split_once("..")) {
        (Some(least), _) => (least.parse().ok()?, None),
        (None, Some((least, most))) => (least.parse().ok()?, Some(most.parse().ok()?)),
        (None, None) => (length.parse().ok()?, Some(length.parse().ok()?)),
    };
    Some((Run { class, least, most }, open + inside.len() + 2))
}

fn pattern(pieces: &[Piece<'_>]) -> String {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Err(literal) => out.push_str(&regex::escape(literal)),
            Ok(Run { class, least, most }) => {
                let most = most.unwrap_or(*least);
                // Writing to a String cannot fail.
                let _ = write!(out, "[{}]{{{least},{most}}}", class_of(*class));
            }
        }
    }
    out
}

/// An example with its runs `{A36}` filled with characters of the class, the same ones every time; where a token has a length, that long.
#[must_use]
pub fn expand(example: &str) -> String {
    filled(&pieces(example))
}

pub(crate) fn filled(pieces: &[Piece<'_>]) -> String {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Err(literal) => out.push_str(literal),
            Ok(run) => out.extend((0..run.most.unwrap_or(run.least)).map(|_| one_of(run.class, &mut state))),
        }
    }
    out
}

/// The next character of a class.
fn one_of(class: char, state: &mut u64) -> char {
    let alphabet: &[u8] = match class {
        'a' => b"k7m2q9x4z8w3v6t5r1",
        'U' => b"K7M2Q9X4Z3W6V5T2RJ",
        'h' | 'H' => b"3f9a27c5e1b80d46",
        'd' => b"8204619753",
        _ => b"kZ7mQ2xT9bW4rN6vJ3",
    };
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    let pick = usize::try_from(*state >> 40).unwrap_or(0) % alphabet.len();
    char::from(alphabet[pick])
}

#[cfg(test)]
mod tests {
    use super::{Shape, class_of, compile, is_in};

    /// How much of a text a shape takes, and whether it goes on behind.
    fn found(shape: &str, text: &str) -> Option<(usize, bool)> {
        let shape = Shape::new(shape, None).ok()?;
        let end = shape.end(text.as_bytes(), shape.find(text.as_bytes())?);
        Some((end, shape.goes_on(&text.as_bytes()[end..])))
    }

    #[test]
    fn a_class_of_a_pattern_and_of_single_bytes_is_the_same() {
        for class in "AaUhHdbstw".chars() {
            let pattern = compile(&format!("[{}]", class_of(class))).expect("a class is a pattern");
            for byte in 0..=u8::MAX {
                assert_eq!(pattern.is_match(&[byte]), is_in(class, byte), "{class} {byte}");
            }
        }
    }

    #[test]
    fn the_last_run_says_what_is_cut_off_and_what_is_too_long() {
        for (shape, text, expected) in [
            ("x_{h4}", "x_0af", None),
            ("x_{h4}", "x_0af1", Some((6, false))),
            ("x_{h4}", "x_0af1c", Some((6, true))),
            ("x_{h4+}", "x_0af1c", Some((7, false))),
            ("x_{h2..4}", "x_0af", Some((5, false))),
            ("x_{h2..4}", "x_0af1c", Some((6, true))),
            ("x{h2}-{d2};", "x0a-12;", Some((7, false))),
            ("x{h2}-{d2};", "x0af-12;", None),
        ] {
            assert_eq!(found(shape, text), expected, "{shape} in {text}");
        }
        assert_eq!(Shape::new("x{h2}-{d2}", None).ok().and_then(|shape| shape.whole), Some(6));
        assert_eq!(Shape::new("x{h2+}", None).ok().and_then(|shape| shape.whole), None);
    }
}
