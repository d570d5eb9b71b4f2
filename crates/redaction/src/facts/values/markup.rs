//! What a word owes to the way it was written down: entities of HTML, conversions of `printf`, line ends in URLs, both
//! genders at once. People do not choose such words as passwords.

/// `spam%5$s`, `Men&uacute;`, `Benutzer*innen`, `idea!%0APlease`.
pub(super) fn is_written_by_program(word: &[u8]) -> bool {
    memchr::memchr_iter(b'%', word).any(|at| conversion(&word[at..]).is_some() || is_line_end(&word[at..]))
        || memchr::memchr_iter(b'&', word).any(|at| is_entity(&word[at + 1..]))
        || memchr::memmem::find(word, b"*in").is_some_and(|at| is_gendered(&word[at + 3..]))
}

/// The length of a conversion of `printf` (C, section 7.21.6.1) that `text` begins with: `%s`, `%2$s`, `%-5.3lu`.
pub(super) fn conversion(text: &[u8]) -> Option<usize> {
    let rest = text.strip_prefix(b"%")?;
    let digits = |from: usize| rest[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut at = digits(0);
    let position = at > 0 && rest.get(at) == Some(&b'$');
    at = if position { at + 1 } else { 0 };
    at += rest[at..].iter().take_while(|b| b"-+ #0".contains(b)).count();
    at += digits(at);
    if rest.get(at) == Some(&b'.') {
        at += 1 + digits(at + 1);
    }
    at += rest[at..].iter().take(2).take_while(|b| b"hlLqjzt".contains(b)).count();
    let fine = rest.get(at).is_some_and(|b| b"sdiufxXcpmqvrTw@".contains(b));
    // `50%discount` is no conversion, but `%2$sname` is.
    let ends = rest.get(at + 1).is_none_or(|b| !b.is_ascii_alphanumeric());
    (fine && (position || ends)).then_some(at + 2)
}

/// `%0A` and `%%0A`, with which some programs write line ends.
fn is_line_end(text: &[u8]) -> bool {
    [&b"%0A"[..], b"%0D", b"%%"].iter().any(|code| text.starts_with(code))
}

/// A character that has a name in HTML and is no markup: `nbsp`, `#8230`, `eacute`. `&amp;` and its kin stand for what
/// passwords have as well.
fn is_entity(name: &[u8]) -> bool {
    const NAMES: &[&[u8]] = &[
        b"nbsp", b"hellip", b"mdash", b"ndash", b"lsquo", b"rsquo", b"ldquo", b"rdquo", b"laquo", b"raquo", b"trade",
        b"reg", b"copy", b"euro", b"szlig", b"iexcl", b"iquest", b"middot", b"bull", b"shy",
    ];
    const ENDS: &[&[u8]] = &[b"acute", b"grave", b"circ", b"tilde", b"uml", b"cedil", b"ring"];
    let ends = |length: usize| name.get(length).is_none_or(|b| !b.is_ascii_alphanumeric());
    if let Some(number) = name.strip_prefix(b"#") {
        let digits = number.iter().take_while(|b| b.is_ascii_digit()).count();
        // `&#38;` and `&#39;` are marks of passwords as well.
        return (3..=5).contains(&digits);
    }
    NAMES.iter().any(|known| name.starts_with(known) && ends(known.len()))
        || ENDS.iter().any(|end| name.get(1..).is_some_and(|tail| tail.starts_with(end) && ends(1 + end.len())))
}

/// `*innen`, `*in`, `*innenname`
fn is_gendered(tail: &[u8]) -> bool {
    tail.starts_with(b"nen") || tail.iter().all(|b| !b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::is_written_by_program;

    #[test]
    fn words_of_programs_are_told_from_words_of_people() {
        for word in [
            "spam%5$s",
            "%s%s@%s",
            "Men&uacute;",
            "datos&#8221",
            "l&rsquo;adresse",
            "Nutzer*innenname",
            "idea!%0APlease",
            "uid:%lu",
        ] {
            assert!(is_written_by_program(word.as_bytes()), "{word}");
        }
        for word in ["lluvia%de%abril", "Tom&Jerry12", "50%discount", "Fritz*inge", "Sommer%2024", "a&amp;b&#38;c"] {
            assert!(!is_written_by_program(word.as_bytes()), "{word}");
        }
    }
}
