//! The database: whether it can be reached and what answers there, in the order that `serve` asks in.

use super::{
    Severity, clock,
    deadline::Deadline,
    defences, files,
    finding::{Finding, Status},
    settings::SETTING_IS_WRONG,
};
use crate::{
    causes::Causes,
    config::OwnerDatabase,
    store::{self, Cause, DatabaseUrl, Inspection, Server, StoreError},
};

/// Less than this is soon full: about two thousand requests with a bundle at its limit.
const FREE_FEW: u64 = 512 * 1024 * 1024;

/// The oldest PostgreSQL that its makers still mend (November 2026), and that this version was tried with.
const POSTGRES_OLDEST: u32 = 15;

/// What can be asked of an open database, in this order.
const OF_THE_SERVER: [&str; 3] = ["server_version", "encoding", "writable"];
const SCHEMA: &str = "schema";

/// What a check says of a file that has nothing of the kind.
pub(super) const NOT_FOR_FILES: &str = "nothing to look at: the database is a file";

pub(super) async fn look(url: Option<&DatabaseUrl>, severity: Severity, deadline: Deadline) -> Vec<Finding> {
    let Some(url) = url else {
        return not_looked_at(SETTING_IS_WRONG, &["database_file", "disk", "database", "pooler"]);
    };
    let (mut findings, is_missing) = of_the_file(url, deadline).await;
    if is_missing {
        let to_do = "nothing where this is the first start; else correct SUPPORT_REQUESTS_DATABASE_URL";
        findings.push(Finding::note("database", format!("{url} is not there yet: `serve` makes it"), to_do));
        findings.extend(not_looked_at("there is no database yet", &["pooler"]));
        return findings;
    }
    match deadline.within_task(open(url.clone())).await {
        Ok(Ok(mut inspection)) => {
            findings.push(Finding::ok("database", format!("{url} can be reached")));
            let found = if url.file().is_some() { NOT_FOR_FILES } else { "each connection keeps its session" };
            findings.push(Finding::ok("pooler", found));
            findings.extend(inside(&mut inspection, url, severity, deadline).await);
            inspection.close().await;
        }
        Ok(Err(error @ StoreError::TransactionPooling)) => {
            findings.push(Finding::ok("database", format!("{url} can be reached")));
            let advice = "set pool_mode = session for this database, or name PostgreSQL itself";
            findings.push(Finding::wrong("pooler", error.to_string(), advice));
            findings.extend(not_looked_at("a pool in front keeps no sessions", &[]));
        }
        Ok(Err(error)) => {
            let advice = "do what is said of each server or file, or correct SUPPORT_REQUESTS_DATABASE_URL";
            findings.push(Finding::wrong("database", Causes(&error).to_string(), advice));
            findings.extend(not_looked_at("the database cannot be reached", &["pooler"]));
        }
        Err(late) => {
            findings.push(late.finding("database"));
            findings.extend(not_looked_at("the database does not answer", &["pooler"]));
        }
    }
    findings
}

/// As `serve` does: before anything is set in a session, whether it is one.
async fn open(url: DatabaseUrl) -> Result<Inspection, StoreError> {
    store::refuse_transaction_pooling(&url).await?;
    Inspection::open(&url).await
}

/// These checks, and all that need an open database.
fn not_looked_at(why: &str, checks: &[&'static str]) -> Vec<Finding> {
    let inside = OF_THE_SERVER.iter().chain([&SCHEMA]).chain(&defences::OF_THE_SCHEMA).chain(&defences::OF_THE_SERVER);
    checks.iter().chain(inside).chain([&clock::CHECK]).map(|check| Finding::not_looked_at(check, why)).collect()
}

/// What is said of a file before it is opened; and whether there is none yet.
async fn of_the_file(url: &DatabaseUrl, deadline: Deadline) -> (Vec<Finding>, bool) {
    let looked = url.clone();
    let looked = deadline.within_blocking(move || {
        let file = looked.file()?;
        let open = files::open_database(file);
        Some((looked.look_at_file(), open, store::free_bytes(&looked), !file.exists()))
    });
    let findings = |found: [Finding; 2]| found.to_vec();
    match looked.await {
        Err(late) => (findings([late.finding("database_file"), late.finding("disk")]), false),
        Ok(None) => {
            let found = "nothing to look at: PostgreSQL keeps its own files";
            (findings(["database_file", "disk"].map(|check| Finding::ok(check, found))), false)
        }
        Ok(Some((Err(error), .., is_missing))) => {
            let advice = "let the user that the service runs as use both";
            let wrong = Finding::wrong("database_file", Causes(&error).to_string(), advice);
            (findings([wrong, Finding::not_looked_at("disk", "the database's file cannot be used")]), is_missing)
        }
        Ok(Some((Ok(()), open, free, is_missing))) => (findings([file(open), disk(free)]), is_missing),
    }
}

fn file(open_to_others: Option<String>) -> Finding {
    let check = "database_file";
    match open_to_others {
        Some(what) => Finding::warning(
            check,
            format!("{what}, and the database holds names and addresses"),
            "chmod o= it; the file's -wal and -shm too",
        ),
        None => Finding::ok(check, "file and folder can be used, and are not open to everybody"),
    }
}

fn disk(free: Result<Option<u64>, StoreError>) -> Finding {
    const MIB: u64 = 1024 * 1024;
    let advice = "make room, or move the database to a larger disk";
    match free {
        Err(error) => Finding::wrong("disk", Causes(&error).to_string(), advice),
        Ok(Some(free)) if free < FREE_FEW => {
            Finding::warning("disk", format!("{} MiB are free where the database is", free / MIB), advice)
        }
        Ok(free) => Finding::ok("disk", format!("{} MiB are free where the database is", free.unwrap_or(0) / MIB)),
    }
}

async fn inside(
    inspection: &mut Inspection,
    url: &DatabaseUrl,
    severity: Severity,
    deadline: Deadline,
) -> Vec<Finding> {
    let is_file = url.file().is_some();
    let mut findings = vec![
        version(&judged("server_version", deadline, inspection.server()).await),
        encoding(inspection, deadline).await,
        writable(inspection, deadline).await,
    ];
    let schema = schema(inspection, is_file, deadline).await;
    let is_there = matches!(schema.status, Status::Ok | Status::Warning);
    findings.push(schema);
    if is_there {
        findings.extend(defences::of_the_schema(inspection, is_file, severity, deadline).await);
    } else {
        let later = defences::OF_THE_SCHEMA.iter();
        findings.extend(later.map(|check| Finding::not_looked_at(check, "the schema is not there")));
    }
    findings.extend(defences::of_the_server(inspection, is_file, severity, deadline).await);
    findings.push(clock::look(inspection, deadline).await);
    findings
}

/// What the database said, or what there is to say where it could not.
pub(super) async fn judged<T>(
    check: &'static str,
    deadline: Deadline,
    asked: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, Finding> {
    match deadline.within(asked).await {
        Err(late) => Err(late.finding(check)),
        Ok(said) => said.map_err(|error| {
            Finding::wrong(check, Causes(&error).to_string(), "do what is said, or look at the database's own log")
        }),
    }
}

fn version(server: &Result<Server, Finding>) -> Finding {
    let check = "server_version";
    match server {
        Err(finding) => finding.clone(),
        Ok(Server { version, role: None, .. }) => Finding::ok(check, version),
        Ok(Server { version, major, role: Some(role), .. }) => {
            let found = format!("{version}, as the role {role}");
            if *major < POSTGRES_OLDEST {
                let why = format!("{found}; nobody mends it any more, and this version was never tried with it");
                Finding::warning(check, why, format!("upgrade to PostgreSQL {POSTGRES_OLDEST} or newer"))
            } else {
                Finding::ok(check, found)
            }
        }
    }
}

async fn encoding(inspection: &mut Inspection, deadline: Deadline) -> Finding {
    let asked = judged("encoding", deadline, inspection.encoding()).await;
    asked.map_or_else(|finding| finding, |()| Finding::ok("encoding", "UTF-8: every text can be stored"))
}

async fn writable(inspection: &mut Inspection, deadline: Deadline) -> Finding {
    let asked = judged("writable", deadline, inspection.takes_writes()).await;
    asked.map_or_else(|finding| finding, |()| Finding::ok("writable", "neither a standby nor read-only"))
}

async fn schema(inspection: &mut Inspection, is_file: bool, deadline: Deadline) -> Finding {
    let asked = match deadline.within(inspection.schema()).await {
        Err(late) => return late.finding(SCHEMA),
        Ok(asked) => asked,
    };
    match asked {
        Ok(store::Schema { applied, known }) if applied > known => Finding::warning(
            SCHEMA,
            format!("version {applied} is newer than this build, which knows {known}"),
            "start the newer build again, unless you went back on purpose",
        ),
        Ok(store::Schema { applied, .. }) => Finding::ok(SCHEMA, format!("version {applied}, up to date")),
        Err(StoreError::NotMigrated) if is_file => {
            Finding::note(SCHEMA, "not up to date: `serve` brings a file up to date by itself", "nothing")
        }
        Err(error) => {
            let advice = "run `support-requests migrate` with SUPPORT_REQUESTS_OWNER_DATABASE_URL";
            Finding::wrong(SCHEMA, Causes(&error).to_string(), advice)
        }
    }
}

/// The database as its owner, where one is named.
pub(super) async fn owner(url: Option<&DatabaseUrl>, owner: &OwnerDatabase, deadline: Deadline) -> Vec<Finding> {
    let check = "owner";
    vec![match owner {
        OwnerDatabase::NotNamed => Finding::ok(check, "none is named, and `serve` needs none"),
        OwnerDatabase::Refused => Finding::not_looked_at(check, SETTING_IS_WRONG),
        OwnerDatabase::Named(owner) if owner.file().is_some() => Finding::ok(check, NOT_FOR_FILES),
        OwnerDatabase::Named(owner) => match judged(check, deadline, Inspection::open_as_owner(owner)).await {
            Err(finding) => finding,
            Ok(mut inspection) => {
                let finding = ownership(&mut inspection, url, deadline).await.unwrap_or_else(|finding| finding);
                inspection.close().await;
                finding
            }
        },
    }]
}

async fn ownership(
    inspection: &mut Inspection,
    url: Option<&DatabaseUrl>,
    deadline: Deadline,
) -> Result<Finding, Finding> {
    let check = "owner";
    let server = judged(check, deadline, inspection.server()).await?;
    let role = server.role.unwrap_or_default();
    match deadline.within(inspection.is_owner()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) if Cause::of(&error).cause == "missing" => {
            let advice = "run `support-requests migrate`, unless another database is meant";
            return Err(Finding::wrong(check, format!("{role} can connect, and the tables are not there"), advice));
        }
        Ok(Err(error)) => {
            let advice = "name the role that owns the tables in SUPPORT_REQUESTS_OWNER_DATABASE_URL";
            return Err(Finding::wrong(check, Causes(&error).to_string(), advice));
        }
        Err(late) => return Err(late.finding(check)),
    }
    let Some(url) = url else { return Ok(Finding::ok(check, format!("{role} owns the tables"))) };
    // That it cannot be reached is told elsewhere.
    let Ok(Ok(mut other)) = deadline.within(Inspection::open(url)).await else {
        return Ok(Finding::ok(check, format!("{role} owns the tables")));
    };
    let service = judged(check, deadline, other.server()).await;
    other.close().await;
    if service?.identity == server.identity {
        return Ok(Finding::ok(check, format!("{role} owns the tables")));
    }
    Err(Finding::wrong(
        check,
        format!("{role} owns tables in another database than the service's"),
        "name the same server and database in SUPPORT_REQUESTS_OWNER_DATABASE_URL and SUPPORT_REQUESTS_DATABASE_URL",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_nobody_mends_any_more_is_warned_of() {
        let status = |major| {
            let (version, role) = (format!("PostgreSQL {major}.1"), Some("app".to_owned()));
            version_of(Server { version, major, role, identity: String::new() })
        };
        assert_eq!((status(14), status(15), status(18)), (Status::Warning, Status::Ok, Status::Ok));
    }

    fn version_of(server: Server) -> Status {
        version(&Ok(server)).status
    }

    #[test]
    fn a_disk_that_is_soon_full_is_warned_of_before_it_is() {
        assert_eq!(disk(Ok(Some(FREE_FEW - 1))).status, Status::Warning);
        assert_eq!(disk(Ok(Some(FREE_FEW))).status, Status::Ok);
        assert_eq!(disk(Err(StoreError::NoSpace { bytes: 1 })).status, Status::Wrong);
    }
}
