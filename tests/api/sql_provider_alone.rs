//! With views for the platform and a file for the keys, the service calls nobody but its databases.

use std::{
    fs,
    io::{BufRead as _, Read as _},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::json;
use support_requests::clock::{Clock as _, SystemClock};

use crate::{
    harness::*,
    sql_provider::{Platform, documented},
    support::{
        ready,
        settings::{POSTGRES_URL, setting},
        skipped::skipped,
        tokens,
    },
};

/// Runs what it is given with nothing but loopback, then says how many packets found no way out, before and after one
/// that is sent to find none.
const ALONE: &str = r#"
ip link set lo up || exit 77
"$@" || exit 1
without_way() { awk '$1 == "Ip:" { if (!n) { for (i = 1; i <= NF; i++) if ($i == "OutNoRoutes") n = i } else print $n }' /proc/net/snmp
    awk '$1 == "Ip6OutNoRoutes" { print $2 }' /proc/net/snmp6; }
echo WITHOUT A WAY: $(without_way)
bash -c '</dev/tcp/192.0.2.1/443' 2>/dev/null
echo WITH A CALL: $(without_way)
"#;

#[test]
fn the_main_cases_hold_where_there_is_no_network_and_nobody_tries_to_leave() {
    if setting(POSTGRES_URL).is_some() {
        return skipped("somebody else's PostgreSQL is out of reach without a network");
    }
    let cases = ["sql_provider::the_documented_views_over_a_schema_like_laravels_are_enough", "submit::"];
    let output = Command::new("unshare")
        .args(["--net", "sh", "-c", ALONE, "alone"])
        .arg(std::env::current_exe().unwrap())
        .args(cases)
        .output();
    let output = match output {
        Ok(output) if output.status.code() == Some(77) => return skipped("the loopback cannot be set up"),
        Ok(output) if String::from_utf8_lossy(&output.stderr).contains("unshare") && !output.status.success() => {
            return skipped("no network of one's own is permitted here");
        }
        Err(error) => return skipped(&format!("unshare cannot be run: {error}")),
        Ok(output) => output,
    };
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("enough::sqlite ... ok"), "{said}");
    let numbers = |label: &str| {
        let line = said.lines().find_map(|line| line.strip_prefix(label)).expect("it counts");
        line.split_whitespace().map(|number| number.parse::<u64>().unwrap()).sum::<u64>()
    };
    assert_eq!(numbers("WITHOUT A WAY:"), 0, "somebody tried to leave");
    assert!(numbers("WITH A CALL:") > 0, "the count would not have noticed");
}

/// A service of the built binary, each of its calls to connect written to a file.
fn traced(folder: &Path, diagnostics: &str) -> Option<Child> {
    fs::write(folder.join("keys.json"), tokens::jwks()).unwrap();
    let expected = tokens::expectations();
    let own = format!(
        "--listen 127.0.0.1:0 --environment production --jwks keys.json --diagnostics {diagnostics} --issuer {} --audience {}",
        expected.issuer, expected.audience
    );
    // With -D the tracer stands aside, so that what is stopped here is the service.
    let child = Command::new("strace")
        .args(["-D", "-f", "-e", "trace=connect,sendto", "-o", "calls", env!("CARGO_BIN_EXE_support-requests")])
        .args(own.split(' '))
        .current_dir(folder)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    child.map_err(|error| skipped(&format!("strace cannot be run: {error}"))).ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_built_binary_connects_to_the_platforms_database_and_to_nothing_else() {
    let Some(platform) = Platform::with(&documented()).await else { return };
    let folder = tempfile::tempdir().unwrap();
    let url = platform.runtime_url();
    let Some(mut child) = traced(folder.path(), &format!("sql:{url}")) else { return };
    let stderr = child.stderr.take().unwrap();
    let Ok((mut log, _, address)) = ready::wait_or_end(stderr).inspect_err(|said| {
        assert!(said.contains("ptrace"), "the service ended: {said}");
        skipped("nothing may be traced here");
    }) else {
        return;
    };
    let token = Token::at(SystemClock.now()).tenant("*", &[CREATE, VIEW]).sign();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    for endpoint in Endpoint::BOTH {
        let call = client.post(format!("http://{address}{}", endpoint.home())).bearer_auth(&token);
        let answer = call.json(&json!({"summary": "It fails"})).send().await.unwrap();
        assert_eq!(answer.status(), 201);
        assert_eq!(answer.json::<serde_json::Value>().await.unwrap()["attachment"]["reason"], "attached");
    }
    Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    let mut rest = String::new();
    log.fill_buf().unwrap();
    log.read_to_string(&mut rest).unwrap();
    assert!(child.wait().unwrap().success(), "{rest}");
    let calls = fs::read_to_string(folder.path().join("calls")).unwrap();
    let port = url.rsplit_once('/').unwrap().0.rsplit_once(':').unwrap().1;
    let database = format!("{{sa_family=AF_INET, sin_port=htons({port}), sin_addr=inet_addr(\"127.0.0.1\")}}");
    let out: Vec<&str> = calls.lines().filter(|line| line.contains("sa_family=AF_INET")).collect();
    assert!(!out.is_empty() && out.iter().all(|call| call.contains(&database)), "{out:#?}");
}
