//! Scopes as JSON files: `DIR/<workspace>/<tenant>.json` and `DIR/<workspace>/<tenant>/<run>.json`,
//! each `{"references": {…}, "bundle": {…}}`. A scope without a file does not exist; one without a bundle has no diagnostics.

use std::{
    collections::HashMap,
    fs::Metadata,
    io::{ErrorKind, Read as _},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::Value;

use super::{BundleAnswer, DiagnosticsProvider, ProviderFailure, Question, ReferencesAnswer};
use crate::domain::request::{Scope, Subject};

/// Largest file that is read, in bytes: a bundle at its limit, its references, and room for white space.
const FILE_MAX_BYTES: u64 = 1024 * 1024;

/// Largest file whose document is kept in memory, in bytes.
const KEPT_MAX_BYTES: u64 = 64 * 1024;

/// Most documents that are kept in memory.
const KEPT_MAX: usize = 256;

/// Reads scopes from a folder on a local disk. A file that has not changed is not read again.
#[derive(Debug)]
pub struct Files {
    root: PathBuf,
    kept: Mutex<HashMap<PathBuf, (Identity, Document)>>,
}

/// What a file says.
#[derive(Debug, Clone, Default)]
struct Document {
    references: Option<Arc<Value>>,
    bundle: Option<Arc<Value>>,
}

/// What tells one state of a file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
    length: u64,
    changed: (i64, i64),
}

impl Identity {
    fn of(metadata: &Metadata) -> Self {
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            length: metadata.len(),
            // The time of the last change to content or inode, which nobody can set back.
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

impl Files {
    /// A provider over the folder `root`.
    ///
    /// # Errors
    /// The folder must be there.
    pub fn open(root: &Path) -> std::io::Result<Self> {
        let root = root.canonicalize()?;
        if root.is_dir() { Ok(Self { root, kept: Mutex::default() }) } else { Err(ErrorKind::NotADirectory.into()) }
    }

    /// Where a scope's file would be. Path ids hold no separator and start with a letter or digit, so none of them is `..`.
    fn path(&self, scope: &Scope) -> PathBuf {
        let workspace = self.root.join(scope.workspace.as_str());
        match &scope.subject {
            Subject::Tenant => workspace.join(format!("{}.json", scope.tenant)),
            Subject::Run(run) => workspace.join(scope.tenant.as_str()).join(format!("{run}.json")),
        }
    }

    /// The file's document, or `None` where there is no file.
    async fn read(&self, scope: &Scope) -> Result<Option<Document>, ProviderFailure> {
        let path = self.path(scope);
        // One look at an inode that the kernel has in memory is quicker than handing it to another thread. A link that
        // leads elsewhere now leads to another inode, and is followed and judged again.
        let identity = path.metadata().ok().map(|metadata| Identity::of(&metadata));
        if let Some(kept) = identity.and_then(|identity| self.kept(&path, identity)) {
            return Ok(Some(kept));
        }
        let (root, wanted) = (self.root.clone(), path.clone());
        let document = tokio::task::spawn_blocking(move || read_inside(&root, &wanted))
            .await
            .map_err(|error| ProviderFailure::because("reading a diagnostics file was interrupted", error))??;
        if let (Some(document), Some(identity)) = (&document, identity) {
            self.keep(path, identity, document);
        }
        Ok(document)
    }

    fn kept(&self, path: &Path, identity: Identity) -> Option<Document> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(path).filter(|(then, _)| *then == identity).map(|(_, document)| document.clone())
    }

    /// `identity` was taken before the file was read: a change in between makes the next look read it again.
    fn keep(&self, path: PathBuf, identity: Identity, document: &Document) {
        if identity.length <= KEPT_MAX_BYTES {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.len() >= KEPT_MAX {
                kept.clear();
            }
            kept.insert(path, (identity, document.clone()));
        }
    }
}

/// Reads `path` if, with every link followed, it is still inside `root`: a link may not lead out.
fn read_inside(root: &Path, path: &Path) -> Result<Option<Document>, ProviderFailure> {
    let real = match path.canonicalize() {
        Ok(real) => real,
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
        Err(error) => return Err(ProviderFailure::because("a diagnostics file cannot be found", error)),
    };
    if !real.starts_with(root) {
        return Err(ProviderFailure::new("a link leads out of the diagnostics folder"));
    }
    let unreadable = |error| ProviderFailure::because("a diagnostics file cannot be read", error);
    // Looked at before it is opened: opening a pipe waits for somebody to write into it.
    if !real.metadata().map_err(unreadable)?.is_file() {
        return Err(ProviderFailure::new("a diagnostics file is not a regular file"));
    }
    let file = std::fs::File::open(&real).map_err(unreadable)?;
    let mut text = String::new();
    file.take(FILE_MAX_BYTES + 1).read_to_string(&mut text).map_err(unreadable)?;
    if text.len() as u64 > FILE_MAX_BYTES {
        return Err(ProviderFailure::new("a diagnostics file is larger than 1 MiB"));
    }
    // serde_json's message quotes positions, and of the document at most a key's kind: nothing secret.
    let mut value: Value = serde_json::from_str(&text)
        .map_err(|error| ProviderFailure::because("a diagnostics file is not JSON", error))?;
    let mut part = |name| value.get_mut(name).map(|part| Arc::new(part.take()));
    Ok(Some(Document { references: part("references"), bundle: part("bundle").filter(|bundle| !bundle.is_null()) }))
}

#[async_trait::async_trait]
impl DiagnosticsProvider for Files {
    async fn references(&self, about: &Question<'_>) -> Result<ReferencesAnswer, ProviderFailure> {
        let Some(document) = self.read(about.scope).await? else { return Ok(ReferencesAnswer::Unknown) };
        match document.references {
            Some(references) => Ok(ReferencesAnswer::Known(references)),
            None => Err(ProviderFailure::new("a diagnostics file is not a JSON object with \"references\"")),
        }
    }

    async fn bundle(&self, about: &Question<'_>) -> Result<BundleAnswer, ProviderFailure> {
        let document = self.read(about.scope).await?;
        let document =
            document.ok_or_else(|| ProviderFailure::new("a diagnostics file went away between two looks"))?;
        Ok(document.bundle.map_or(BundleAnswer::None, BundleAnswer::Known))
    }
}
