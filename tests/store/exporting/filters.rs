//! Each filter prints exactly its requests, alone and with others.

use serde_json::Value;

use super::{Said, export, stored};
use crate::support::database::on_both_databases;

/// Every combination of what can be filtered for, in an order that scatters them.
fn requests() -> Vec<Said> {
    let mut all = Vec::new();
    for number in 0..60 {
        all.push(Said {
            workspace: ["acme", "globex", "initech"][number % 3],
            tenant: ["contoso", "fabrikam"][number / 3 % 2],
            creator: ["u-1", "u-2", "U-1", "u-1 "][number / 6 % 4],
            contact: [None, Some("Ada@Acme.Example"), Some("ada@acme.example"), Some("bob@acme.example")][number % 4],
            ..Said::new(&format!("Number {number}"))
        });
    }
    all
}

/// Arguments, and what they should let through.
type Case<'a> = (&'a [&'a str], &'a dyn Fn(&Value) -> bool);

/// What a filter should let through, by the printed records themselves.
fn expected(all: &[Value], lets_through: impl Fn(&Value) -> bool) -> Vec<String> {
    let wanted = all.iter().filter(|record| lets_through(record));
    wanted.map(|record| record["reference"].as_str().unwrap().to_owned()).collect()
}

on_both_databases!(every_filter_prints_exactly_its_requests_oldest_first, async |database| {
    let references = stored(&database, &requests()).await;
    let all = export(&database, &[]);
    assert_eq!(all.references(), references);
    let all = all.lines();
    let contact = |record: &Value| record["contact_email"].as_str().map(str::to_lowercase);
    let cases: [Case; 12] = [
        (&["--workspace", "acme"], &|r| r["workspace_id"] == "acme"),
        (&["--workspace", "acme", "--tenant", "contoso"], &|r| {
            r["workspace_id"] == "acme" && r["tenant_id"] == "contoso"
        }),
        (&["--creator", "u-1"], &|r| r["creator_subject"] == "u-1"),
        (&["--creator", "u-1 "], &|r| r["creator_subject"] == "u-1 "),
        (&["--creator", "nobody"], &|_| false),
        (&["--contact", " ADA@acme.example"], &|r| contact(r).as_deref() == Some("ada@acme.example")),
        (&["--contact", "%"], &|_| false),
        (&["--creator", "u-2", "--workspace", "globex"], &|r| {
            r["creator_subject"] == "u-2" && r["workspace_id"] == "globex"
        }),
        (&["--since", all[20]["created_at"].as_str().unwrap()], &|r| {
            r["created_at"].as_str() >= all[20]["created_at"].as_str()
        }),
        (&["--until", all[20]["created_at"].as_str().unwrap()], &|r| {
            r["created_at"].as_str() < all[20]["created_at"].as_str()
        }),
        (&["--after", &references[41]], &|r| r["reference"].as_str() > Some(references[41].as_str())),
        (&["--request-id", all[33]["request_id"].as_str().unwrap()], &|r| r["request_id"] == all[33]["request_id"]),
    ];
    for (args, lets_through) in cases {
        let printed = export(&database, args).references();
        assert_eq!(printed, expected(&all, lets_through), "{args:?}");
        let is_empty = args.contains(&"nobody") || args.contains(&"%");
        assert_eq!(printed.is_empty(), is_empty, "{args:?}: a case that finds nothing shows nothing");
    }
});

on_both_databases!(pages_go_on_behind_their_last_key_whatever_their_size, async |database| {
    // More than several pages, some of them of large records.
    let mut requests: Vec<Said> = (0..700).map(|number| Said::new(&format!("Number {number}"))).collect();
    for said in requests.iter_mut().skip(300).take(200) {
        said.notes = Some("long ".repeat(2_000).trim_end().to_owned());
    }
    let references = stored(&database, &requests).await;
    assert_eq!(export(&database, &[]).references(), references);
    let file = tempfile::tempdir().unwrap();
    let cursor = file.path().join("cursor.json");
    assert_eq!(export(&database, &["--cursor", super::arg(&cursor)]).references(), references);
});
