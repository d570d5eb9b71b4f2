//! What keeps stored what is stored: the role's rights, the triggers, the server's durability.

use super::{
    Severity,
    database::{NOT_FOR_FILES, judged},
    deadline::Deadline,
    finding::Finding,
};
use crate::store::{Inspection, Replication, StoreError};

/// What needs the tables.
pub(super) const OF_THE_SCHEMA: [&str; 4] = ["rights", "role", "defences", "other_roles"];

/// What does not.
pub(super) const OF_THE_SERVER: [&str; 2] = ["durability", "replication"];

pub(super) async fn of_the_schema(
    inspection: &mut Inspection,
    is_file: bool,
    severity: Severity,
    deadline: Deadline,
) -> Vec<Finding> {
    let [rights, role, defences, other_roles] = OF_THE_SCHEMA;
    let found = |text: &'static str| if is_file { NOT_FOR_FILES } else { text };
    let mut findings = vec![match judged(rights, deadline, inspection.rights()).await {
        Ok(()) => Finding::ok(rights, found("the role may read and insert")),
        Err(finding) => finding,
    }];
    let weak = Weaknesses {
        check: role,
        severity,
        none: found("the role owns nothing and may change nothing"),
        advice: "connect as the runtime role that `migrate` made, and leave database, schema and tables to their owner",
    };
    findings.extend(weak.told(deadline, inspection.weaknesses_of_the_role()).await);
    let weak = Weaknesses {
        check: defences,
        severity,
        none: "all defences are there and on",
        advice: "find out who changed it (`verify`), and let the owner restore it: specs/storage.md#defences",
    };
    findings.extend(weak.told(deadline, inspection.weaknesses_of_the_tables()).await);
    let weak = Weaknesses {
        check: other_roles,
        severity,
        none: found("no other role may change what is stored"),
        advice: "REVOKE it, as the owner",
    };
    findings.extend(weak.told(deadline, inspection.weaknesses_of_other_roles()).await);
    findings
}

pub(super) async fn of_the_server(
    inspection: &mut Inspection,
    is_file: bool,
    severity: Severity,
    deadline: Deadline,
) -> Vec<Finding> {
    let [durability, replication] = OF_THE_SERVER;
    let none = if is_file {
        "the service sets WAL and synchronous=FULL, and reads them back"
    } else {
        "a commit is on the server's disk before it is acknowledged"
    };
    let advice =
        "turn it on: ALTER SYSTEM for the server, ALTER ROLE … RESET or ALTER DATABASE … RESET, the address's options";
    let weak = Weaknesses { check: durability, severity, none, advice };
    let mut findings = weak.told(deadline, inspection.weaknesses_of_the_server()).await;
    findings.push(match judged(replication, deadline, inspection.replication()).await {
        Ok(None) => Finding::ok(replication, NOT_FOR_FILES),
        Ok(Some(found)) => judge(&found),
        Err(finding) => finding,
    });
    findings
}

/// A check that finds weaknesses, each in words, or none.
struct Weaknesses<'a> {
    check: &'static str,
    severity: Severity,
    none: &'a str,
    advice: &'a str,
}

impl Weaknesses<'_> {
    async fn told(
        self,
        deadline: Deadline,
        asked: impl Future<Output = Result<Vec<String>, StoreError>>,
    ) -> Vec<Finding> {
        let Self { check, severity, none, advice } = self;
        match judged(check, deadline, asked).await {
            Err(finding) => vec![finding],
            Ok(weak) if weak.is_empty() => vec![Finding::ok(check, none)],
            Ok(weak) => weak.into_iter().map(|weakness| severity.finding(check, weakness, advice)).collect(),
        }
    }
}

/// What becomes of answered requests when this server and its disk are lost.
fn judge(replication: &Replication) -> Finding {
    let check = "replication";
    let standbys = &replication.standbys;
    match replication.weakness() {
        Some(weakness) => Finding::warning(check, weakness, "set synchronous_commit to on for the role"),
        None if standbys.is_empty() => Finding::note(
            check,
            "no synchronous standby is waited for: with this server's disk, what was answered last may be lost",
            "where that must not be, set synchronous_standby_names (Patroni: synchronous_mode, and _strict)",
        ),
        None => Finding::ok(check, format!("commits wait for the disk of a synchronous standby ({standbys})")),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::finding::Status, *};

    #[test]
    fn what_a_lost_server_could_take_with_it_is_told() {
        let status = |standbys: &str, commit: &str| {
            judge(&Replication { standbys: standbys.to_owned(), synchronous_commit: commit.to_owned() }).status
        };
        assert_eq!(status("", "on"), Status::Note);
        assert_eq!(status("*", "on"), Status::Ok);
        assert_eq!(status("*", "remote_apply"), Status::Ok);
        assert_eq!(status("*", "remote_write"), Status::Warning);
        assert_eq!(status("*", "local"), Status::Warning);
        assert_eq!(status("", "local"), Status::Note);
    }
}
