//! Scopes as JSON files: `DIR/<workspace>/<tenant>.json` and `DIR/<workspace>/<tenant>/<run>.json`,
//! each `{"references": {…}, "bundle": {…}}`. A scope without a file does not exist; one without a bundle has no diagnostics.
//! That a file is there is the proof that its scope exists, whatever is wrong with what it says.

use std::{
    collections::{BTreeMap, HashMap},
    fs::Metadata,
    io::ErrorKind,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use serde_json::value::RawValue;
use tokio::{runtime::Handle, sync::Semaphore};

use super::{
    Answer, BundleAnswer, DiagnosticsProvider, ProviderFailure, Question, Said,
    folder::{self, Found, Opened},
    said::{can_be_unreadable, check},
};
use crate::{
    budget::{Budget, Exhausted, Reservation, TREES, weight_of_json},
    domain::request::{Scope, Subject},
    text_file,
};

/// Largest file whose document is kept in memory, in bytes.
const KEPT_MAX_BYTES: u64 = 64 * 1024;

/// Files that are read at the same time.
const READERS: usize = 4;

/// How long a question waits until a file may be read for it.
const READER_TIMEOUT: Duration = Duration::from_secs(1);

/// Memory of all documents that are kept, in bytes: some four hundred of usual size.
const KEPT_BYTES: usize = 1024 * 1024;

/// Reads scopes from a folder on a local disk. A file that has not changed is not read again. The folder may be a link,
/// or lie below one, that is switched to another folder while the service runs.
#[derive(Debug)]
pub struct Files {
    root: PathBuf,
    budget: Budget,
    /// Bounds the threads that read: each keeps for a while what it needed once.
    readers: Semaphore,
    kept: Mutex<Kept>,
}

/// Documents of files that did not change since they were read.
#[derive(Debug, Default)]
struct Kept {
    documents: HashMap<PathBuf, (Identity, Document)>,
    bytes: usize,
}

/// What a file says.
#[derive(Debug, Clone)]
enum Document {
    Facts { references: Said, bundle: Option<Said> },
    Unusable(Arc<str>),
}

impl Document {
    fn read(bytes: &[u8], memory: Reservation) -> Self {
        Self::parse(bytes, memory).unwrap_or_else(|reason| Self::Unusable(reason.into()))
    }

    /// The document, or what is wrong with it. Nothing of its content: `serde_json`'s messages about syntax hold positions only.
    fn parse(bytes: &[u8], memory: Reservation) -> Result<Self, String> {
        let text = text_file::read(bytes).map_err(|fault| fault.to_string())?;
        // Of members with one name the last counts.
        let members = serde_json::from_str::<BTreeMap<String, &RawValue>>(text);
        if members.is_err() || can_be_unreadable(text) {
            check(text).map_err(|error| format!("it is not JSON: {error}"))?;
        }
        let members = members.map_err(|_| "it is not a JSON object".to_owned())?;
        let memory = Arc::new(memory);
        let part = |name| {
            let part = members.get(name).map(|part| part.get()).filter(|part| *part != "null");
            part.map(|part| Said::checked(part).within(Arc::clone(&memory)))
        };
        let references = part("references").ok_or("it has no \"references\"")?;
        Ok(Self::Facts { references, bundle: part("bundle") })
    }
}

impl Document {
    /// The same without memory that is reserved for one answer only, and about how many bytes it takes.
    fn to_be_kept(&self) -> (Self, usize) {
        /// Of a path, a map's place, and a reason.
        const LEAST: usize = 512;
        match self {
            Self::Facts { references, bundle } => {
                let bytes = LEAST + references.len() + bundle.as_ref().map_or(0, |bundle| bundle.len());
                let (references, bundle) = (references.to_be_kept(), bundle.as_ref().map(Said::to_be_kept));
                (Self::Facts { references, bundle }, bytes)
            }
            Self::Unusable(reason) => (Self::Unusable(reason.clone()), LEAST + reason.len()),
        }
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

fn too_much(error: Exhausted) -> ProviderFailure {
    ProviderFailure::because("too much is read already", error)
}

impl Files {
    /// A provider over the folder `root`, which reserves memory for what it reads.
    ///
    /// # Errors
    /// The folder must be there.
    pub fn open(root: &Path, budget: Budget) -> std::io::Result<Self> {
        // Links are not resolved here but at each question.
        let root = std::path::absolute(root)?;
        if root.metadata()?.is_dir() {
            Ok(Self { root, budget, readers: Semaphore::new(READERS), kept: Mutex::default() })
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
        let opened = Opened::beneath(&self.root, &relative);
        let identity = match &opened {
            Some(opened) => Some(Identity::of(&opened.folder, &opened.file)),
            None => self.identity(&path),
        };
        if let Some(kept) = identity.and_then(|identity| self.kept(&path, identity)) {
            return Ok(Some(kept));
        }
        let small = opened.filter(|opened| opened.file.len() <= KEPT_MAX_BYTES);
        let found = match small.and_then(|opened| opened.content_in_memory()) {
            Some(bytes) => {
                // Before it is made a tree, which may be a hundred times as large as its text.
                let memory = self.budget.reserve(TREES * weight_of_json(&bytes)).await.map_err(too_much)?;
                Found::Read(Document::read(&bytes, memory))
            }
            // Where there is no file nothing is read, and no thread is needed to find that out.
            None if identity.is_none() && self.has_no(&relative)? => Found::Nothing,
            None => self.read_from_disk(relative).await?,
        };
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

    /// What a file that was not opened is told by. A link that leads elsewhere now leads to another inode.
    fn identity(&self, path: &Path) -> Option<Identity> {
        Some(Identity::of(&self.root.metadata().ok()?, &path.metadata().ok()?))
    }

    fn has_no(&self, relative: &Path) -> Result<bool, ProviderFailure> {
        Ok(matches!(folder::find(&self.root, relative, drop)?, Found::Nothing))
    }

    /// On a thread that may wait for the disk.
    async fn read_from_disk(&self, relative: PathBuf) -> Result<Found<Document>, ProviderFailure> {
        let reader = tokio::time::timeout(READER_TIMEOUT, self.readers.acquire()).await;
        let _reader = reader.map_err(|_| too_much(Exhausted))?;
        let (root, budget, runtime) = (self.root.clone(), self.budget.clone(), Handle::current());
        let read = move |bytes: Vec<u8>| {
            let memory = runtime.block_on(budget.reserve(TREES * weight_of_json(&bytes)))?;
            Ok(Document::read(&bytes, memory))
        };
        let found = tokio::task::spawn_blocking(move || folder::find(&root, &relative, read))
            .await
            .map_err(|error| ProviderFailure::because("reading a diagnostics file was interrupted", error))??;
        Ok(match found {
            Found::Read(document) => Found::Read(document.map_err(too_much)?),
            Found::Nothing => Found::Nothing,
            Found::Unreadable(reason) => Found::Unreadable(reason),
        })
    }

    fn kept(&self, path: &Path, identity: Identity) -> Option<Document> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.documents.get(path).filter(|(then, _)| *then == identity).map(|(_, document)| document.clone())
    }

    /// `identity` was taken before the file was read: a change in between makes the next look read it again.
    fn keep(&self, path: PathBuf, identity: Identity, document: &Document) {
        if identity.length <= KEPT_MAX_BYTES {
            let (document, bytes) = document.to_be_kept();
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.bytes + bytes > KEPT_BYTES {
                *kept = Kept::default();
            }
            kept.bytes += bytes;
            kept.documents.insert(path, (identity, document));
        }
    }
}

#[async_trait::async_trait]
impl DiagnosticsProvider for Files {
    async fn answer(&self, about: &Question<'_>) -> Result<Answer, ProviderFailure> {
        Ok(match self.read(about.scope).await? {
            None => Answer::Unknown,
            Some(Document::Facts { references, bundle }) => {
                let bundle = bundle.filter(|_| about.include.bundle());
                Answer::Known { references, bundle: bundle.map_or(BundleAnswer::None, BundleAnswer::Known) }
            }
            Some(Document::Unusable(reason)) => Answer::Unusable(reason),
        })
    }

    async fn reach(&self) -> Result<(), ProviderFailure> {
        let root = self.root.clone();
        let looked = tokio::task::spawn_blocking(move || folder::look(&root)).await;
        looked.map_err(|error| ProviderFailure::because("looking at the diagnostics folder was interrupted", error))?
    }

    fn origin(&self, scope: &Scope) -> Option<String> {
        Some(self.root.join(Self::relative_path(scope)).display().to_string())
    }
}
