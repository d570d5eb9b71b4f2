//! Scopes as JSON files: `DIR/<workspace>/<tenant>.json` and `DIR/<workspace>/<tenant>/<run>.json`,
//! each `{"references": {…}, "bundle": {…}}`. A scope without a file does not exist; one without a bundle has no diagnostics.
//! That a file is there is the proof that its scope exists, whatever is wrong with what it says.

use std::{
    collections::HashMap,
    fs::Metadata,
    io::ErrorKind,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use serde_json::Value;

use super::{
    BundleAnswer, DiagnosticsProvider, ProviderFailure, Question, ReferencesAnswer,
    folder::{self, Found},
};
use crate::{
    domain::request::{Scope, Subject},
    text_file,
};

/// Largest file whose document is kept in memory, in bytes.
const KEPT_MAX_BYTES: u64 = 64 * 1024;

/// Most documents that are kept in memory.
const KEPT_MAX: usize = 256;

/// Reads scopes from a folder on a local disk. A file that has not changed is not read again. The folder may be a link,
/// or lie below one, that is switched to another folder while the service runs.
#[derive(Debug)]
pub struct Files {
    root: PathBuf,
    kept: Mutex<HashMap<PathBuf, (Identity, Document)>>,
}

/// What a file says.
#[derive(Debug, Clone)]
enum Document {
    Facts { references: Arc<Value>, bundle: Option<Arc<Value>> },
    Unusable(Arc<str>),
}

impl Document {
    fn read(bytes: &[u8]) -> Self {
        Self::parse(bytes).unwrap_or_else(|reason| Self::Unusable(reason.into()))
    }

    /// The document, or what is wrong with it. Nothing of its content: `serde_json`'s messages about syntax hold positions only.
    fn parse(bytes: &[u8]) -> Result<Self, String> {
        let text = text_file::read(bytes).map_err(|fault| fault.to_string())?;
        let value: Value = serde_json::from_str(text).map_err(|error| format!("it is not JSON: {error}"))?;
        let Value::Object(mut members) = value else { return Err("it is not a JSON object".to_owned()) };
        let mut part = |name| members.remove(name).filter(|part| !part.is_null()).map(Arc::new);
        let references = part("references").ok_or("it has no \"references\"")?;
        Ok(Self::Facts { references, bundle: part("bundle") })
    }
}

/// What tells one state of a file, below one state of the folder, from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity {
    folder: (u64, u64),
    file: (u64, u64),
    length: u64,
    changed: (i64, i64),
}

impl Identity {
    fn of(folder: &Metadata, file: &Metadata) -> Self {
        Self {
            // A link that leads to a file inside one folder may lead out of the next.
            folder: (folder.dev(), folder.ino()),
            file: (file.dev(), file.ino()),
            length: file.len(),
            // The time of the last change to content or inode, which nobody can set back.
            changed: (file.ctime(), file.ctime_nsec()),
        }
    }
}

impl Files {
    /// A provider over the folder `root`.
    ///
    /// # Errors
    /// The folder must be there.
    pub fn open(root: &Path) -> std::io::Result<Self> {
        // Links are not resolved here but at each question.
        let root = std::path::absolute(root)?;
        if root.metadata()?.is_dir() {
            Ok(Self { root, kept: Mutex::default() })
        } else {
            Err(ErrorKind::NotADirectory.into())
        }
    }

    /// Where a scope's file would be, below the folder. Path ids hold no separator and start with a letter or digit, so
    /// none of them is `..`.
    fn relative_path(scope: &Scope) -> PathBuf {
        let workspace = Path::new(scope.workspace.as_str());
        match &scope.subject {
            Subject::Tenant => workspace.join(format!("{}.json", scope.tenant)),
            Subject::Run(run) => workspace.join(scope.tenant.as_str()).join(format!("{run}.json")),
        }
    }

    /// The file's document, or `None` where there is no file.
    async fn read(&self, scope: &Scope) -> Result<Option<Document>, ProviderFailure> {
        let relative = Self::relative_path(scope);
        let path = self.root.join(&relative);
        // Two looks at inodes that the kernel has in memory are quicker than handing them to another thread. A link that
        // leads elsewhere now leads to another inode, and is followed and judged again.
        let identity = match (self.root.metadata(), path.metadata()) {
            (Ok(folder), Ok(file)) => Some(Identity::of(&folder, &file)),
            _ => None,
        };
        if let Some(kept) = identity.and_then(|identity| self.kept(&path, identity)) {
            return Ok(Some(kept));
        }
        let root = self.root.clone();
        let found = tokio::task::spawn_blocking(move || folder::find(&root, &relative, Document::read))
            .await
            .map_err(|error| ProviderFailure::because("reading a diagnostics file was interrupted", error))??;
        Ok(match found {
            Found::Nothing => None,
            // Not kept: the next look may succeed although nothing about the file has changed.
            Found::Unreadable(reason) => Some(Document::Unusable(reason.into())),
            Found::Read(document) => {
                if let Some(identity) = identity {
                    self.keep(path, identity, &document);
                }
                Some(document)
            }
        })
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

#[async_trait::async_trait]
impl DiagnosticsProvider for Files {
    async fn references(&self, about: &Question<'_>) -> Result<ReferencesAnswer, ProviderFailure> {
        Ok(match self.read(about.scope).await? {
            None => ReferencesAnswer::Unknown,
            Some(Document::Facts { references, .. }) => ReferencesAnswer::Known(references),
            Some(Document::Unusable(reason)) => ReferencesAnswer::Unusable(reason),
        })
    }

    async fn bundle(&self, about: &Question<'_>) -> Result<BundleAnswer, ProviderFailure> {
        match self.read(about.scope).await? {
            None => Err(ProviderFailure::new("a diagnostics file went away between two looks")),
            Some(Document::Facts { bundle, .. }) => Ok(bundle.map_or(BundleAnswer::None, BundleAnswer::Known)),
            Some(Document::Unusable(reason)) => Ok(BundleAnswer::Unusable(reason)),
        }
    }

    fn origin(&self, scope: &Scope) -> Option<String> {
        Some(self.root.join(Self::relative_path(scope)).display().to_string())
    }
}
