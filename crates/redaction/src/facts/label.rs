//! The rules that other detectors put on what they find.

use crate::lexicon::names::Kind;

/// The generic rules by their place in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    PrivateKey,
    PuttyKey,
    Jwt,
    Authorization,
    Cookie,
    UrlPassword,
    UrlSignature,
    Password,
    Secret,
    Token,
    Session,
    OneTimeCode,
    StatedSecret,
    RecoveryPhrase,
    CommandLine,
    EncodedSecret,
    KubernetesSecret,
    AwsSecret,
    VendorValue,
}

/// How many rows of the table are [`Label`]s.
pub(crate) const LABELS: usize = Label::VendorValue as usize + 1;

/// The label that names what a kind of name holds.
pub(crate) fn label(kind: Kind) -> Label {
    match kind {
        Kind::Password => Label::Password,
        Kind::Secret | Kind::Signature => Label::Secret,
        Kind::Token => Label::Token,
        Kind::Session => Label::Session,
        Kind::Cookie => Label::Cookie,
        Kind::Auth => Label::Authorization,
        Kind::Code => Label::OneTimeCode,
    }
}
