//! Draws texts from the rules' own words: fragments, repeated and changed.

use redaction::{Redactor, expand};

/// What stands between words of secrets: ties, quotes, brackets, the ends of lines.
const SEPARATORS: &[&str] = &[
    "=",
    ":",
    ": ",
    " ",
    ",",
    ", ",
    ";",
    "; ",
    ".",
    "\n",
    "\r\n",
    "\\n",
    "\t",
    "\"",
    "'",
    "`",
    "\\\"",
    "\\",
    "\\\\",
    "|",
    "| ",
    "/",
    "//",
    "://",
    "@",
    "&",
    "?",
    "#",
    "-",
    "--",
    " --",
    "_",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "<",
    ">",
    "</",
    "**",
    "%",
    "%20",
    "%3D",
    "%22",
    "+",
    "!",
    "$",
    "${",
    "{{",
    "~",
    "*",
    "^",
    "\u{a0}",
    "\u{201c}",
    "\u{201d}",
    "\u{e9}",
    "\u{df}",
    "[redacted:",
    "](",
    "\n- ",
    "\n  ",
];

/// Values and small words.
const WORDS: &[&str] = &[
    "x",
    "a",
    "1",
    "12",
    "0",
    "123456",
    "482 913",
    "hunter2",
    "Winter#24",
    "a!b1x",
    "Hunter2!x",
    "k7m2q9x4z8w3v6t5",
    "aGVsbG8gd29ybGQh",
    "is",
    "the",
    "with",
    "my",
    "as",
    "lautet",
    "no",
    "null",
    "true",
    "user",
    "admin",
    "and",
    "name",
    "value",
    "usage",
    "xxxx",
    "ABCD-1234",
    "9f3a27c5",
    "of the",
    "for",
    "data:",
    "kind: Secret",
    "---",
    "INSERT INTO",
    "VALUES (",
    "API",
    "API_",
    "_NAME",
    "-p",
    "X-",
    "{\"",
    "\":\"",
    "\",\"",
];

/// Numbers that come out the same for the same seed (`SplitMix64`, Steele et al. 2014).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap_or(0) % bound.max(1)
    }

    fn pick<'l, T>(&mut self, list: &'l [T]) -> &'l T {
        &list[self.below(list.len())]
    }
}

/// A text of any length: something in front, a piece again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed {
    pub head: String,
    pub piece: String,
    /// Each repetition gets a number of its own behind it, so that nothing in the text stands twice.
    pub numbered: bool,
}

impl Seed {
    /// The text of `length` bytes, or a few fewer.
    pub fn text(&self, length: usize) -> String {
        let mut text = self.head.clone();
        let mut number = 0_u64;
        while text.len() < length {
            text.push_str(&self.piece);
            if self.numbered {
                number += 1;
                text.push_str(&(number * 7_919 % 900_001).to_string());
            }
        }
        text.truncate(text.floor_char_boundary(length));
        text
    }
}

/// Everything that seeds are made of.
pub struct Urn {
    pub keywords: Vec<String>,
    examples: Vec<String>,
}

impl Urn {
    pub fn of(redactor: &Redactor) -> Self {
        let rules = redactor.rules();
        let whole = rules.iter().flat_map(|rule| rule.goes.iter().chain(&rule.stays));
        let whole: Vec<String> = whole.map(|example| expand(example).replace(['«', '»'], "")).collect();
        let parts =
            whole.iter().flat_map(|example| example.split_inclusive([' ', '=', ':', '\n', '"']).map(str::to_owned));
        let examples = parts.chain(whole.iter().cloned()).filter(|part| (1..160).contains(&part.len())).collect();
        // Vendors have by far the most keywords: each rule gets a turn of its own.
        let keywords = rules.iter().flat_map(|rule| rule.keywords.iter().take(120).cloned()).collect();
        Self { keywords, examples }
    }

    fn fragment(&self, dice: &mut Dice) -> String {
        match dice.below(10) {
            0..4 => (*dice.pick(SEPARATORS)).to_owned(),
            4..7 => dice.pick(&self.keywords).clone(),
            7 => dice.pick(&self.examples).clone(),
            _ => (*dice.pick(WORDS)).to_owned(),
        }
    }

    /// A new seed.
    pub fn draw(&self, dice: &mut Dice) -> Seed {
        let count = 1 + dice.below(6);
        let piece = (0..count).map(|_| self.fragment(dice)).collect();
        let head = if dice.below(6) == 0 { self.fragment(dice) } else { String::new() };
        Seed { head, piece, numbered: dice.below(4) == 0 }
    }

    /// A seed that differs from `from` in one place.
    pub fn change(&self, from: &Seed, dice: &mut Dice) -> Seed {
        let mut next = from.clone();
        let at = next.piece.floor_char_boundary(dice.below(next.piece.len() + 1));
        match dice.below(8) {
            0 | 1 => next.piece.insert_str(at, &self.fragment(dice)),
            2 => {
                let to = next.piece.ceil_char_boundary((at + 1 + dice.below(8)).min(next.piece.len()));
                next.piece.replace_range(at..to, "");
            }
            3 => {
                let to = next.piece.ceil_char_boundary((at + 1 + dice.below(8)).min(next.piece.len()));
                next.piece.replace_range(at..to, &self.fragment(dice));
            }
            4 => next.piece.push_str(&self.fragment(dice)),
            5 => next.piece = next.piece.repeat(2),
            6 => next.numbered = !next.numbered,
            _ => next.head = self.fragment(dice),
        }
        next.piece.truncate(next.piece.floor_char_boundary(400));
        if next.piece.is_empty() { self.draw(dice) } else { next }
    }
}
