//! The rules that other detectors put on what they find.

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
    CredentialPair,
    RecoveryPhrase,
    CommandLine,
    EncodedSecret,
    KubernetesSecret,
    AwsSecret,
    VendorValue,
}

/// How many rows of the table are [`Label`]s.
pub(crate) const LABELS: usize = Label::VendorValue as usize + 1;
