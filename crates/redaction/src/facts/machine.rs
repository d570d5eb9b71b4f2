//! What machines make.

use crate::facts::candidate::Facts;
use crate::facts::values;

/// Ids of vendors say what they are: `req_…`, `evt_…`.
#[rustfmt::skip]
const PUBLIC: &[&str] = &[
    "req_", "evt_", "cus_", "price_", "prod_", "ch_", "pi_", "acct_", "in_", "sub_", "txn_", "card_", "tok_", "msg_", "run_", "usr_",
    "team_", "proj_", "org-", "org_", "build_", "dpl_", "asst_", "thread_", "file-", "chatcmpl-", "resp_",
];

pub(crate) fn is_public(f: &Facts<'_, '_>) -> bool {
    let value = f.value();
    value[0] == b'/' || value[0] == b'.' || PUBLIC.iter().any(|start| value.starts_with(start.as_bytes()))
}

/// Behind a vendor's name: shorter where a mark ties them.
pub(crate) fn is_hex_key(f: &Facts<'_, '_>) -> bool {
    let (shape, tied) = (&f.shape, f.candidate.setting.alone);
    if !f.candidate.announced {
        return tied && values::is_long_hex(f.value());
    }
    f.value().iter().all(|b| b.is_ascii_hexdigit() || *b == b'-')
        && (shape.digit < shape.len || shape.len >= 20)
        && shape.len >= if tied { 16 } else { 28 }
}

pub(crate) fn is_mixed_key(f: &Facts<'_, '_>) -> bool {
    let (value, shape) = (f.value(), &f.shape);
    f.candidate.announced
        && shape.len >= 20
        && shape.letters_and_digits()
        && !values::is_everyday(value, shape)
        && !values::is_id(value)
}
