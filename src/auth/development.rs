//! The key with which a development machine signs its own tokens: made on the first start, kept in a file.
//!
//! Ed25519, because it is small, fast, and has no parameters to get wrong. Production never comes here.

mod token;

use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::AsBigEndian as _;
use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};

use super::base64url;
use super::key_set::{KeySet, KeySetError};
use super::strict_json::{self, Json};

pub use token::DevelopmentToken;

/// Why there is no development key.
#[derive(Debug, thiserror::Error)]
pub enum DevelopmentKeyError {
    /// The file cannot be read or made.
    #[error("the development key file {} cannot be {doing}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What failed: `read` or `made`.
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// Others than its owner may read or change it.
    #[error("the development key file {} is open to others (mode {mode:o}): chmod 600 it, or delete it and start again", .path.display())]
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// It is a link, a folder or a device.
    #[error("the development key {} is not a regular file: delete it and start again", .path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// It does not hold a development key.
    #[error("the development key file {} is damaged: delete it and start again", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// The system gave no randomness, or the library would not sign.
    #[error("the crypto library failed")]
    Crypto,
    /// The set made of the key was refused, which would be a mistake in this file.
    #[error(transparent)]
    KeySet(#[from] KeySetError),
}

/// A key pair that signs development tokens.
pub struct DevelopmentKey {
    pair: Ed25519KeyPair,
    kid: String,
}

impl DevelopmentKey {
    /// The key in the file; where there is none, a new one, put there for its owner only.
    ///
    /// Any number of processes may start at once: the file appears whole or not at all, and all of them use the key of
    /// the one that came first.
    ///
    /// # Errors
    /// The file cannot be read or made, is open to others, or holds something else.
    pub fn load_or_create(path: &Path) -> Result<Self, DevelopmentKeyError> {
        match Self::load(path) {
            Err(DevelopmentKeyError::File { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
            found => return found,
        }
        let pair = Ed25519KeyPair::generate().map_err(|_| DevelopmentKeyError::Crypto)?;
        let text = private_jwk(&pair)?;
        match publish(path, text.as_bytes()) {
            Ok(()) => Ok(Self::of(pair)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Self::load(path),
            Err(source) => Err(file_error(path, "made", source)),
        }
    }

    /// The key in the file.
    ///
    /// # Errors
    /// There is none, or the file cannot be read, is open to others, or holds something else.
    pub fn load(path: &Path) -> Result<Self, DevelopmentKeyError> {
        let reading = |source| file_error(path, "read", source);
        // Not followed, so that nobody who can write to the folder can point to a file of another owner's.
        if !path.symlink_metadata().map_err(reading)?.is_file() {
            return Err(DevelopmentKeyError::NotAFile { path: path.to_owned() });
        }
        let mut file = File::open(path).map_err(reading)?;
        let mode = file.metadata().map_err(reading)?.permissions().mode() & 0o7777;
        if mode & 0o077 != 0 {
            return Err(DevelopmentKeyError::OpenToOthers { path: path.to_owned(), mode });
        }
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(reading)?;
        let pair = read_private_jwk(&text).ok_or_else(|| DevelopmentKeyError::Damaged { path: path.to_owned() })?;
        Ok(Self::of(pair))
    }

    fn of(pair: Ed25519KeyPair) -> Self {
        let kid = thumbprint(pair.public_key().as_ref());
        Self { pair, kid }
    }

    /// The set that tokens of this key are verified with; public half only.
    ///
    /// # Errors
    /// Not in practice.
    pub fn key_set(&self) -> Result<KeySet, DevelopmentKeyError> {
        let x = base64url::encode(self.pair.public_key().as_ref());
        let key = json!({"kty": "OKP", "crv": "Ed25519", "x": x, "kid": self.kid, "use": "sig", "alg": "EdDSA"});
        Ok(KeySet::parse(&json!({ "keys": [key] }).to_string())?.keys)
    }

    /// The name of the key: its RFC 7638 thumbprint.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// A token that holds these claims, as they are, of type `at+jwt` (RFC 9068).
    ///
    /// # Errors
    /// The crypto library would not sign.
    pub fn sign(&self, claims: &Value) -> Result<String, DevelopmentKeyError> {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(self.kid.clone());
        let pkcs8 = self.pair.to_pkcs8v1().map_err(|_| DevelopmentKeyError::Crypto)?;
        encode(&header, claims, &EncodingKey::from_ed_der(pkcs8.as_ref())).map_err(|_| DevelopmentKeyError::Crypto)
    }
}

impl std::fmt::Debug for DevelopmentKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DevelopmentKey").field("kid", &self.kid).finish_non_exhaustive()
    }
}

fn file_error(path: &Path, doing: &'static str, source: io::Error) -> DevelopmentKeyError {
    DevelopmentKeyError::File { path: path.to_owned(), doing, source }
}

/// RFC 7638 section 3 over the members that RFC 8037 section 2 requires, in alphabetical order and without spaces.
fn thumbprint(public: &[u8]) -> String {
    let x = base64url::encode(public);
    let members = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    base64url::encode(digest(&SHA256, members.as_bytes()).as_ref())
}

fn private_jwk(pair: &Ed25519KeyPair) -> Result<String, DevelopmentKeyError> {
    let seed = pair.seed().and_then(|seed| seed.as_be_bytes()).map_err(|_| DevelopmentKeyError::Crypto)?;
    let (d, x) = (base64url::encode(seed.as_ref()), base64url::encode(pair.public_key().as_ref()));
    Ok(format!("{}\n", json!({"kty": "OKP", "crv": "Ed25519", "d": d, "x": x})))
}

fn read_private_jwk(text: &[u8]) -> Option<Ed25519KeyPair> {
    let json = strict_json::read(text).ok()?;
    let members = json.as_object()?;
    let member = |name: &str| members.get(name).and_then(Json::as_text);
    if (member("kty"), member("crv")) != (Some("OKP"), Some("Ed25519")) {
        return None;
    }
    let (seed, public) = (base64url::decode(member("d")?)?, base64url::decode(member("x")?)?);
    Ed25519KeyPair::from_seed_and_public_key(&seed, &public).ok()
}

/// Makes `path` hold `bytes`, durably, for its owner only. Fails when it exists already, and never shows a part.
fn publish(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut nonce = [0; 8];
    SystemRandom::new().fill(&mut nonce).map_err(|_| io::Error::other("no randomness"))?;
    let mut name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_owned();
    name.push(format!(".{}", base64url::encode(&nonce)));
    let draft = path.with_file_name(name);
    // A link is made only where nothing is, in one step; renaming would replace what another process has put there.
    let published = write_draft(&draft, bytes).and_then(|()| std::fs::hard_link(&draft, path));
    let removed = std::fs::remove_file(&draft);
    published?;
    removed?;
    // The name is as durable as the content only once the folder is on disk too.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

fn write_draft(draft: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft)?;
    // The mode above is narrowed by the umask, which may even have taken the owner's own right to read.
    file.set_permissions(Permissions::from_mode(0o600))?;
    file.write_all(bytes)?;
    file.sync_all()
}
