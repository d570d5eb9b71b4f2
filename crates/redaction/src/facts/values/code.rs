//! Values without quotation marks that only source code has: types, paths, members, constants.

use crate::lexicon::names::is_camel;
use crate::text::scan;

/// `::windows_sys::core::PCWSTR`, `*mut`, `__DIR__`, `Messages.strGenerate`, `weblate.utils:main`.
pub(crate) fn is_code(value: &[u8]) -> bool {
    let core = value.iter().position(|b| !b"&*[]({?$".contains(b)).map_or(&b""[..], |at| &value[at..]);
    let core = &core[..core.len() - core.iter().rev().take_while(|b| b"])}>;,?".contains(b)).count()];
    if core.is_empty() {
        return false;
    }
    let stop = core.iter().position(|b| b"({<!".contains(b)).unwrap_or(core.len());
    let (head, rest) = core.split_at(stop);
    let built =
        rest.first() == Some(&b'{') && (head.contains(&b'.') || head[0].is_ascii_uppercase() && rest.len() == 1);
    let call = (built || rest.first() == Some(&b'(') && head.contains(&b'.')) && is_identifiers(head);
    let pointer = value.starts_with(b"&") && core.iter().all(|b| b.is_ascii_alphabetic() || *b == b'_');
    let generated = rest.len() > 1 && rest[0] == b'!' && b"([{".contains(&rest[1]) && is_identifiers(head);
    TYPES.iter().any(|known| known.as_bytes() == core)
        || core.starts_with(b"__") && core.ends_with(b"__") && core.len() > 4
        || is_path_of_code(core)
        || call
        || pointer
        || is_chain(core)
        || generated
        || is_member(core)
        || value.starts_with(b"&") && is_class(core)
        || value.starts_with(b"{")
            && core[0].is_ascii_alphabetic()
            && core.iter().any(|b| matches!(b, b'.' | b'('))
            && core.iter().all(|b| b.is_ascii_alphabetic() || b"_.(".contains(b))
}

/// `windows_sys::core::PCWSTR`, `TcpStream::connect(addr`.
pub(super) fn is_path_of_code(core: &[u8]) -> bool {
    let stop = core.iter().position(|b| b"({<".contains(b)).unwrap_or(core.len());
    let stop = stop - usize::from(stop < core.len() && core[..stop].ends_with(b"!"));
    scan::find(&core[..stop], b"::").is_some() && is_identifiers(&core[..stop])
}

/// Words of code with dots and colons between.
fn is_identifiers(head: &[u8]) -> bool {
    head.len() >= 2 && head.iter().all(|b| b.is_ascii_alphanumeric() || b"_.:".contains(b)) && !head[0].is_ascii_digit()
}

/// `HtmlAnchorElement`
fn is_class(core: &[u8]) -> bool {
    core[0].is_ascii_uppercase() && core.iter().all(u8::is_ascii_alphabetic) && is_camel(core)
}

/// `n(77).token`
fn is_chain(core: &[u8]) -> bool {
    let name = core.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
    name > 0 && core.get(name) == Some(&b'(') && scan::find(core, b").").is_some()
}

/// `cred.device_type`, `Messages.strGenerate`, `weblate.utils.secret_key:main`: identifiers with a dot between them,
/// one of
/// which is written as only identifiers are.
fn is_member(core: &[u8]) -> bool {
    let part = |part: &[u8]| {
        let constant = part.len() > 2 && part.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        part.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_')
            && (constant || part.iter().all(|b| b.is_ascii_alphabetic() || *b == b'_'))
    };
    let written = |part: &[u8]| part.contains(&b'_') || is_camel(part);
    let parts = || core.split(|b| matches!(b, b'.' | b':'));
    core.contains(&b'.') && parts().all(part) && parts().any(written)
}

/// Names of types.
#[rustfmt::skip]
const TYPES: &[&str] = &[
    "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize", "f32", "f64", "bool", "str", "char",
    "mut", "const", "c_int", "c_long", "c_char", "c_uint", "size_t", "uint8_t", "byte", "list", "dict", "tuple", "bytes",
    "number", "any", "String", "Vec", "Option", "Result", "Promise", "Buffer", "SecretString", "SecureString", "object", "Data",
    "NSData", "Date", "Int", "UInt", "Bool", "Character", "CharSequence", "ByteArray", "CharArray", "StringBuilder",
];

#[cfg(test)]
mod tests {
    use super::is_code;

    #[test]
    fn code_is_told_from_passwords() {
        for code in [
            "::windows_sys::core::PCWSTR",
            "&[u8]",
            "*mut",
            "__DIR__",
            "Messages.strGenerate",
            "cred.device_type",
            "a.secret_key:main",
            "{x.strip(",
        ] {
            assert!(is_code(code.as_bytes()), "{code}");
        }
        for word in ["Lucertola.al.Sole", "summer", "gessetto.Blu.61", "a::b!", "Hunter2", "{prod-8Xk}"] {
            assert!(!is_code(word.as_bytes()), "{word}");
        }
    }
}
