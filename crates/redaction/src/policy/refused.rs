//! Second thoughts: what was told in a sentence, and stands in a block that holds no secret or is an argument of a
//! debugger.

use crate::facts::label::Label;
use crate::facts::verdict::Span;
use crate::search::Search;

/// Drops what is no secret after all.
pub(crate) fn drop_from(search: &mut Search<'_>) {
    let text = search.text;
    let public = std::mem::take(&mut search.public);
    search.spans.retain(|span| {
        let stated = span.rule == Label::StatedSecret as usize;
        !stated || !is_inside(&public, span) && !is_pointer(&text[span.start..span.end])
    });
}

/// Inside a block that holds no secret; they stand in order and apart.
fn is_inside(public: &[(usize, usize)], span: &Span) -> bool {
    let after = public.partition_point(|block| block.0 < span.start);
    after > 0 && span.end <= public[after - 1].1
}

/// `s=0x55ffafbf6d57`: an argument as a debugger prints it.
fn is_pointer(shown: &[u8]) -> bool {
    let name = shown.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    shown[name..].strip_prefix(b"=0x").is_some_and(|hex| !hex.is_empty() && hex.iter().all(u8::is_ascii_hexdigit))
}
