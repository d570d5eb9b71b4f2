//! Scopes as JSON files: `DIR/<workspace>/<tenant>.json` and `DIR/<workspace>/<tenant>/<run>.json`,
//! each `{"references": {…}, "bundle": {…}}`. A scope without a file does not exist; one without a bundle has no diagnostics.

use std::{
    io::{ErrorKind, Read as _},
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::{BundleAnswer, DiagnosticsProvider, ProviderFailure, Question, ReferencesAnswer};
use crate::domain::request::{Scope, Subject};

/// Largest file that is read, in bytes: a bundle at its limit, its references, and room for white space.
const FILE_MAX_BYTES: u64 = 1024 * 1024;

/// Reads scopes from a folder.
#[derive(Debug, Clone)]
pub struct Files {
    root: PathBuf,
}

impl Files {
    /// A provider over the folder `root`.
    ///
    /// # Errors
    /// The folder must be there.
    pub fn open(root: &Path) -> std::io::Result<Self> {
        let root = root.canonicalize()?;
        if root.is_dir() { Ok(Self { root }) } else { Err(ErrorKind::NotADirectory.into()) }
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
    async fn read(&self, scope: &Scope) -> Result<Option<Value>, ProviderFailure> {
        let (root, path) = (self.root.clone(), self.path(scope));
        tokio::task::spawn_blocking(move || read_inside(&root, &path))
            .await
            .map_err(|error| ProviderFailure::because("reading a diagnostics file was interrupted", error))?
    }
}

/// Reads `path` if, with every link followed, it is still inside `root`: a link may not lead out.
fn read_inside(root: &Path, path: &Path) -> Result<Option<Value>, ProviderFailure> {
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
    serde_json::from_str(&text)
        .map(Some)
        .map_err(|error| ProviderFailure::because("a diagnostics file is not JSON", error))
}

#[async_trait::async_trait]
impl DiagnosticsProvider for Files {
    async fn references(&self, about: &Question<'_>) -> Result<ReferencesAnswer, ProviderFailure> {
        match self.read(about.scope).await? {
            None => Ok(ReferencesAnswer::Unknown),
            Some(Value::Object(mut file)) => match file.remove("references") {
                Some(references) => Ok(ReferencesAnswer::Known(references)),
                None => Err(ProviderFailure::new("a diagnostics file has no \"references\"")),
            },
            Some(_) => Err(ProviderFailure::new("a diagnostics file is not a JSON object")),
        }
    }

    async fn bundle(&self, about: &Question<'_>) -> Result<BundleAnswer, ProviderFailure> {
        match self.read(about.scope).await? {
            Some(Value::Object(mut file)) => match file.remove("bundle") {
                None | Some(Value::Null) => Ok(BundleAnswer::None),
                Some(bundle) => Ok(BundleAnswer::Known(bundle)),
            },
            _ => Err(ProviderFailure::new("a diagnostics file went away between two looks")),
        }
    }
}
