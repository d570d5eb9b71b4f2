//! Whether what was found in a text as it is written is something to somebody who reads it otherwise.

use std::ops::Range;

use crate::facts::label::{LABELS, Label};
use crate::facts::values;
use crate::facts::verdict::Span;
use crate::view::Reading;

/// The most of a tag that is looked at, in bytes.
const TAG: usize = 256;

/// Whether what was found in the text as it is written is something to somebody who reads it otherwise: an escape, a
/// colour or a tag makes a password of any word or mark, and hides that a value is none.
pub(super) fn stands(text: &[u8], span: &Span, reading: &Reading) -> bool {
    let range = span.start..span.end;
    if span.rule >= LABELS
        || !reading.sees_through(&(range.start.saturating_sub(1)..range.end))
        || is_in_tag(text, &range)
    {
        return true;
    }
    let shown = reading.shown(&range);
    let goes_on = span.end < text.len() && !shown.ends_with(b"\n");
    let is_cut = goes_on && reading.sees_through(&(span.end..span.end + 1));
    let shown = shown.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii();
    // Where another escape follows, only a part of the value was found. A plain word would have been found without its
    // dressing.
    let read = if is_cut { reading.word_at(&range) } else { shown };
    let word = read.strip_prefix(b"=").unwrap_or(read);
    let is_plain =
        || word.get(1..).is_some_and(|rest| rest.iter().all(|byte| byte.is_ascii_lowercase() || *byte >= 0x80));
    let stand_in = !shown.iter().any(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80)
        || (!is_cut || read.len() > shown.len()) && (is_plain() || values::is_placeholder(word));
    !stand_in && (span.rule != Label::StatedSecret as usize || !reading.sees_through(&range))
}

/// Whether it is a part of a tag, of which nothing is to be seen: the address of a link, a title.
fn is_in_tag(text: &[u8], range: &Range<usize>) -> bool {
    let before = &text[range.start.saturating_sub(TAG)..range.start];
    let begins =
        memchr::memrchr2(b'<', b'[', before).filter(|at| !before[*at..].iter().any(|byte| b">]".contains(byte)));
    begins.is_some_and(|at| before.get(at + 1).is_some_and(u8::is_ascii_alphabetic))
        && memchr::memchr2(b'>', b']', &text[range.clone()]).is_none()
}
