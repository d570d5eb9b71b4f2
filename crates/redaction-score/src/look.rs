//! How a word looks: which of some dozen kinds, what it is known to be.

use crate::words::{DIGIT, LOWER, MARK, UPPER, class};

/// What is asked of a word, once.
#[derive(Clone, Copy, Debug, Default)]
pub struct Look {
    pub len: usize,
    pub lower: usize,
    pub upper: usize,
    pub digit: usize,
    pub mark: usize,
    /// Changes between classes.
    pub turns: usize,
    pub classes: u8,
    /// Marks that names do not have.
    pub hard: usize,
    /// Which marks it has, a bit for each byte of ASCII.
    marks: u128,
    /// What it is known to be, 0: nothing.
    pub known: u8,
    /// One of some dozen kinds.
    pub kind: u8,
    /// One of six.
    pub coarse: u8,
}

/// Marks that names, paths and versions do not have.
const HARD: u128 = bits(b"!#$%&*?^+~@");
/// The marks of numbers, dates, times and versions.
const NUMERIC: u128 = bits(b".:-/,+");
/// What only code and formats have inside of words.
const BRACKETS: u128 = bits(b"()[]{}<>\\");

const fn bits(marks: &[u8]) -> u128 {
    let (mut set, mut at) = (0, 0);
    while at < marks.len() {
        set |= 1 << marks[at];
        at += 1;
    }
    set
}

impl Look {
    pub fn of(word: &[u8]) -> Self {
        Self::first(word).known(word)
    }

    /// The look of a word that somebody may have chosen or been given: no plain word, small number, address, path, date
    /// or version.
    pub fn of_secret(word: &[u8]) -> Option<Self> {
        let first = Self::first(word);
        if matches!(first.kind, 1 | 2 | 3 | 6) {
            return None;
        }
        let look = first.known(word);
        let plain = look.kind == 7 && look.known == 25;
        let known = matches!(look.known, 1 | 2 | 5 | 6 | 8 | 10 | 12 | 13 | 14 | 16 | 18 | 23 | 27 | 28);
        (!plain && !known && (look.known != 3 || look.kind == 16)).then_some(look)
    }

    /// All but what it is known to be.
    fn first(word: &[u8]) -> Self {
        let mut look = Self { len: word.len(), ..Self::default() };
        let (mut previous, mut counts) = (0, [0; 16]);
        for &byte in word {
            let class = class(byte);
            counts[usize::from(class & 15)] += 1;
            if class == MARK {
                look.marks |= 1 << byte;
                look.hard += usize::from(HARD >> byte & 1 == 1);
            }
            look.turns += usize::from(previous != 0 && class != previous && !(previous == UPPER && class == LOWER));
            look.classes |= class;
            previous = class;
        }
        let of = |class: u8| counts[usize::from(class)];
        (look.lower, look.upper, look.digit, look.mark) = (of(LOWER), of(UPPER), of(DIGIT), of(MARK));
        look.kind = look.kind_of(word);
        look
    }

    fn known(mut self, word: &[u8]) -> Self {
        self.known = known(word, &self);
        self.coarse = self.coarse_of();
        self
    }

    fn has(&self, mark: u8) -> bool {
        self.marks >> mark & 1 == 1
    }

    fn kind_of(&self, word: &[u8]) -> u8 {
        let title = word[0].is_ascii_uppercase() && self.upper == 1;
        let ends_in_digits = self.digit > 0 && word[self.len - self.digit..].iter().all(u8::is_ascii_digit);
        match (self.classes & !MARK, self.mark) {
            (LOWER, 0) => 1,
            (UPPER, 0) => 2,
            (DIGIT, 0) if self.len <= 3 => 3,
            (DIGIT, 0) if self.len <= 8 => 4,
            (DIGIT, 0) => 5,
            (_, 0) if self.digit == 0 && title => 6,
            (_, 0) if self.digit == 0 => 7,
            (_, 0) if self.upper == 0 && ends_in_digits => 8,
            (_, 0) if self.lower == 0 => 9,
            (_, 0) if title && ends_in_digits => 10,
            (_, 0) if self.upper == 0 => 11,
            (_, 0) => 12,
            (DIGIT, _) if self.hard > 0 => 13,
            (DIGIT | 0, _) => 14,
            (_, _) if self.hard > 0 && self.digit == 0 => 15,
            (_, _) if self.hard > 0 => 16,
            (_, _) if self.digit == 0 && self.upper == 0 => 17,
            (_, _) if self.digit == 0 => 18,
            (_, _) if self.upper == 0 => 19,
            (_, _) if self.lower == 0 => 20,
            (_, _) => 21,
        }
    }

    fn coarse_of(&self) -> u8 {
        match self.kind {
            _ if self.known > 0 => 0,
            1 | 6 | 2 | 7 => 1,
            3..=5 | 13 | 14 => 2,
            9 | 20 => 3,
            17 | 18 => 4,
            _ => 5,
        }
    }
}

/// Letters before the digits, and digits alone behind them.
fn splits(word: &[u8], letters: fn(&u8) -> bool) -> Option<(usize, usize)> {
    let head = word.iter().take_while(|byte| letters(byte)).count();
    word[head..].iter().all(u8::is_ascii_digit).then_some((head, word.len() - head))
}

/// Entities, escapes, brackets and quotes inside: what code and formats are made of.
fn is_code(word: &[u8], look: &Look) -> bool {
    let count = |mark: u8| if look.has(mark) { word.iter().filter(|byte| **byte == mark).count() } else { 0 };
    let entity = look.has(b'&')
        && look.has(b';')
        && word.iter().position(|byte| *byte == b'&').is_some_and(|at| word[at..].contains(&b';'));
    let escaped = look.has(b'%')
        && [b"%3D", b"%26", b"%22", b"%20", b"%3A"].iter().any(|escape| word.windows(3).any(|three| three == *escape));
    look.marks & BRACKETS != 0 || entity || escaped || count(b'=') > 1 || count(b'"') > 1
}

/// What a word is known to be: addresses, paths, dates, versions, measures, numbers of things.
fn known(word: &[u8], look: &Look) -> u8 {
    if look.mark > 0
        && let Some(known) = marked(word, look)
    {
        return known;
    }
    if look.len >= 7
        && look.digit > 0
        && (look.upper == 0) != (look.lower == 0)
        && word.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-')
    {
        // Its only marks are dashes.
        return if look.len == 36 && look.mark == 4 { 10 } else { 11 };
    }
    named(word, look)
}

/// Code, addresses, paths and numbers.
fn marked(word: &[u8], look: &Look) -> Option<u8> {
    let has = |needle: &[u8]| word.windows(needle.len()).any(|window| window == needle);
    let first = word[0];
    if is_code(word, look) {
        return Some(23);
    }
    if look.has(b'/') && look.has(b':') && has(b"://") || word.starts_with(b"www.") {
        return Some(1);
    }
    // The only hard mark is one `@`.
    if look.has(b'@') && look.hard == 1 && look.has(b'.') && first != b'@' && !word.ends_with(b"@") {
        return Some(2);
    }
    // Backslashes were code.
    if look.has(b'/')
        && (matches!(word, [b'/', ..] | [b'~' | b'.', b'/', ..])
            || word.iter().filter(|byte| **byte == b'/').count() >= 2)
    {
        return Some(3);
    }
    let is_numeric = look.digit > 0 && look.lower + look.upper == 0 && look.marks & !NUMERIC == 0;
    is_numeric.then(|| numeric(word, look))
}

fn numeric(word: &[u8], look: &Look) -> u8 {
    let count = |byte: u8| word.iter().filter(|found| **found == byte).count();
    if word[0] == b'+' {
        return 4;
    }
    match (count(b'.'), count(b':'), count(b'-'), count(b'/')) {
        (3, _, 0, _) => 5,
        (_, 1 | 2, _, 0) => 6,
        (0, 0, 2, 0) | (2, 0, 0, 0) | (0, 0, 0, 2) if (5..=10).contains(&look.len) => 7,
        (_, 0, 0, 0) => 8,
        _ => 9,
    }
}

/// Names of things and measures: the first that it is.
fn named(word: &[u8], look: &Look) -> u8 {
    let known = dotted(word, look).or_else(|| measured(word, look)).or_else(|| numbered(word, look));
    known.or_else(|| joined(word, look)).unwrap_or(0)
}

/// `v2`, `mail.example.org`, `libssl1.1`
fn dotted(word: &[u8], look: &Look) -> Option<u8> {
    if word[0] == b'v' && word.get(1).is_some_and(u8::is_ascii_digit) {
        return Some(12);
    }
    if !look.has(b'.') || look.hard > 0 {
        return None;
    }
    let tail = word.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    if (2..=5).contains(&tail.len()) && tail.iter().all(u8::is_ascii_lowercase) && look.turns < 8 {
        return Some(13);
    }
    let is_version = |three: &[u8]| three[0].is_ascii_digit() && three[1] == b'.' && three[2].is_ascii_digit();
    word.windows(3).any(is_version).then_some(14)
}

/// `15min`, `256GB`, `3rd`, `12%`, `$40`, `#17`, `@bob`
fn measured(word: &[u8], look: &Look) -> Option<u8> {
    let (first, last) = (word[0], word[look.len - 1]);
    let digits = word.iter().take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b',')).count();
    let unit = &word[digits..];
    if digits > 0
        && (1..=4).contains(&unit.len())
        && unit.iter().all(|byte| byte.is_ascii_alphabetic() || b"%-\xC2\xB0".contains(byte))
    {
        return Some(15);
    }
    if last == b'%' || word.ends_with("\u{20ac}".as_bytes()) || first == b'$' && look.digit + 1 >= look.len {
        return Some(16);
    }
    match first {
        b'#' => Some(17),
        b'@' => Some(18),
        _ => None,
    }
}

/// `ORD-2291`, `KB5034441`, `E11`
fn numbered(word: &[u8], look: &Look) -> Option<u8> {
    if let Some((1..=4, number @ 1..)) = splits(word, u8::is_ascii_uppercase) {
        return Some(if number <= 3 { 19 } else { 20 });
    }
    if look.lower > 0 || look.upper == 0 || look.digit == 0 || look.hard > 0 {
        return None;
    }
    let dash = word.iter().position(|byte| matches!(byte, b'-' | b'_'))?;
    Some(if word[..dash].iter().all(u8::is_ascii_uppercase) { 21 } else { 22 })
}

/// `MaxInt`, `snake_case`, `name=value`, `don't`, `and/or`
fn joined(word: &[u8], look: &Look) -> Option<u8> {
    if look.has(b'=') {
        return Some(24);
    }
    if look.digit > 0 {
        return None;
    }
    if look.mark == 0 && look.upper > 1 && look.lower > 1 {
        return Some(25);
    }
    if look.hard == 0 && look.has(b'_') {
        return Some(26);
    }
    if word.iter().any(|byte| matches!(byte, b'\'' | 0xE2)) {
        return Some(27);
    }
    (look.mark == 1 && look.has(b'/')).then_some(28)
}
