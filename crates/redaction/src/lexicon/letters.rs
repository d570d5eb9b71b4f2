//! Words, their capitals ignored.

/// A short word in lower case; nothing when it does not fit.
pub(crate) fn lower_case<'b>(word: &[u8], buffer: &'b mut [u8]) -> Option<&'b [u8]> {
    let lower = buffer.get_mut(..word.len())?;
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    Some(lower)
}

pub(crate) fn starts_with_ignoring_case(text: &[u8], prefix: &[u8]) -> bool {
    // Most texts differ in the first letter.
    let same = |(one, other): (&u8, &u8)| one.eq_ignore_ascii_case(other);
    text.first().zip(prefix.first()).is_none_or(same)
        && text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}
