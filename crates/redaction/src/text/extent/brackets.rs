//! Values of JSON without quotation marks: numbers, booleans, lists, objects.

use crate::search::Search;
use crate::text::separator::skip_lines;

/// A bare JSON value (number, boolean, object, array) at `at`: its end.
pub(crate) fn json_bare(search: &mut Search<'_>, at: usize) -> Option<usize> {
    let text = search.text;
    match text.get(at)? {
        b'{' | b'[' => {
            let brackets = search.brackets.get_or_insert_with(|| bracket_pairs(text));
            let found = brackets.binary_search_by_key(&at, |pair| pair.0).ok()?;
            Some(brackets[found].1)
        }
        b'-' | b'0'..=b'9' | b't' | b'f' => {
            let length = text[at..]
                .iter()
                .take(40)
                .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'+' | b'.'))
                .count();
            let word = &text[at..at + length];
            let number = word.iter().all(|b| b.is_ascii_digit() || b"+-.eE".contains(b));
            let next = skip_lines(text, at + length);
            let closed = matches!(text.get(next), None | Some(b',' | b'}' | b']'));
            (closed && (number || word == b"true" || word == b"false")).then_some(at + length)
        }
        _ => None,
    }
}

/// All pairs of brackets outside strings, in one pass. A string never crosses a line.
fn bracket_pairs(text: &[u8]) -> Vec<(usize, usize)> {
    let mut open = Vec::new();
    let mut pairs = Vec::new();
    let mut in_string = false;
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b'\\' => at += 1,
            b'"' => in_string = !in_string,
            b'\n' => in_string = false,
            b'{' | b'[' if !in_string => open.push(at),
            b'}' | b']' if !in_string => {
                if let Some(start) = open.pop() {
                    pairs.push((start, at + 1));
                }
            }
            _ => {}
        }
        at += 1;
    }
    pairs.sort_unstable();
    pairs
}
