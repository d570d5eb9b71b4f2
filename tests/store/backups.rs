//! The manual's own commands for backups and restores, run as they stand there, under a service that writes.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use support_requests::{
    domain::ids::Reference,
    store::{Archive, DatabaseUrl},
};

use crate::{
    audits,
    binary::succeeds,
    harness::{Answer, Load, Service, ask, token},
    partitions::{pieces, some, weak},
    support::{
        cluster::{Cluster, StopMode, programs, unprivileged},
        database::{Database, Kind, tell},
        postgres::{PostgresDatabase, fresh_database, on_a_server_of_its_own},
    },
};

const MANUAL: &str = include_str!("../../specs/operations.md");

/// The shell commands under a heading of the manual, block by block.
fn commands(heading: &str) -> Vec<String> {
    let (_, section) = MANUAL.split_once(&format!("\n### {heading}\n")).expect("the manual has this heading");
    let section = section.split("\n#").next().unwrap_or_default();
    let blocks = section.split("```sh\n").skip(1);
    blocks.filter_map(|block| block.split("```").next()).map(str::to_owned).collect()
}

/// Runs commands in a folder, with PostgreSQL's programs and the built binary where a shell finds them.
fn run(commands: &str, folder: &Path, variables: &[(&str, String)]) {
    let binary = Path::new(env!("CARGO_BIN_EXE_support-requests")).parent().unwrap().to_owned();
    let path = [Some(binary), programs(), Some("/usr/local/bin".into()), Some("/usr/bin".into()), Some("/bin".into())];
    let path: Vec<String> = path.into_iter().flatten().map(|folder: PathBuf| folder.display().to_string()).collect();
    let done = Command::new("sh")
        .args(["-euc", commands])
        .current_dir(folder)
        .env_clear()
        .env("PATH", path.join(":"))
        .envs(variables.iter().map(|(name, value)| (*name, value.as_str())))
        .output()
        .unwrap();
    assert!(done.status.success(), "{commands}\n{}", String::from_utf8_lossy(&done.stderr));
}

/// What is in a database of which copies are made: requests, one of them erased.
struct Saved {
    answered: Vec<String>,
    erased: String,
}

impl Saved {
    async fn of(database: &Database) -> Self {
        let mut answered = some(database, 6).await;
        let erased = answered.pop().unwrap();
        audits::erase(database, &erased).await;
        Self { answered, erased }
    }

    /// Everything that was answered before the copy is in the copy, `last` too, what was erased is not, and the copy
    /// lives on.
    async fn is_whole_in(&self, url: &str, last: &str) {
        succeeds(&["verify"], url);
        let copy = Archive::open(&DatabaseUrl::parse(url).unwrap()).await.unwrap();
        for reference in self.answered.iter().map(String::as_str).chain([last]) {
            let found = copy.find(Reference::parse(reference).unwrap()).await.unwrap();
            assert!(!found.expect("it was answered before the copy").is_erased());
        }
        let erased = copy.find(Reference::parse(&self.erased).unwrap()).await.unwrap().unwrap();
        assert!(erased.is_erased() && erased.summary.is_none());
        assert_eq!(weak(url).await, Vec::<String>::new());
        let service = Service::on(url);
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let Answer::Created(new) = ask(&client, &service.url(), &token()).await else {
            panic!("the copy takes no writes")
        };
        service.stop();
        assert!(succeeds(&["show", &new], url).contains("It fails under load"));
        succeeds(&["verify"], url);
    }
}

/// Runs commands while a service writes, which must not notice. What was answered last before them.
async fn under_load(
    database: &Database,
    commands: String,
    folder: &Path,
    variables: Vec<(&'static str, String)>,
) -> String {
    let service = Service::start(database);
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let Answer::Created(last) = ask(&client, &service.url(), &token()).await else { panic!("it takes no writes") };
    let load = Load::start(&service.url(), 2);
    let folder = folder.to_owned();
    tokio::task::spawn_blocking(move || run(&commands, &folder, &variables)).await.unwrap();
    let answers = load.stop().await;
    service.stop();
    assert!(answers.iter().all(|answer| matches!(answer, Answer::Created(_))), "{answers:?}");
    last
}

/// Where libpq's own programs find a server, as its superuser.
fn superuser_of(cluster_url: &str) -> Vec<(&'static str, String)> {
    let host = cluster_url.split('@').nth(1).unwrap().split('/').next().unwrap();
    let (host, port) = host.split_once(':').unwrap();
    [("PGHOST", host), ("PGPORT", port), ("PGUSER", "postgres")].map(|(name, value)| (name, value.to_owned())).to_vec()
}

async fn cut(postgres: &PostgresDatabase) {
    succeeds(&["partition"], &postgres.owner_url());
    assert_eq!(pieces(postgres).await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dump_restored_on_another_server_with_other_roles_is_whole_and_lives_on() {
    let (Some(plain), Some(partitioned)) = (fresh_database().await, fresh_database().await) else { return };
    cut(&partitioned).await;
    for postgres in [plain, partitioned] {
        let was_partitioned = !pieces(&postgres).await.is_empty();
        let database = Database::Postgres(postgres);
        let saved = Saved::of(&database).await;
        let folder = tempfile::tempdir().unwrap();
        let heads = folder.path().join("heads.json").display().to_string();
        succeeds(&["verify", "--save-heads", &heads], &database.url());
        let blocks = commands("A dump of PostgreSQL");
        let [dump, restore] = blocks.as_slice() else { panic!("{blocks:?}") };
        let owner = vec![("SUPPORT_REQUESTS_OWNER_DATABASE_URL", database.owner_url())];
        let last = under_load(&database, dump.clone(), folder.path(), owner).await;
        let Some((cluster, _elsewhere)) = on_a_server_of_its_own().await else { return };
        let variables = superuser_of(&cluster.url("postgres", "postgres"));
        let (commands, at) = (restore.clone(), folder.path().to_owned());
        tokio::task::spawn_blocking(move || run(&commands, &at, &variables)).await.unwrap();
        saved.is_whole_in(&cluster.url("archive", "archive_app"), &last).await;
        let listed = succeeds(&["partition", "--list"], &cluster.url("archive", "archive_owner"));
        assert_eq!(!listed.contains("not partitioned"), was_partitioned, "{listed}");
    }
}

/// Puts a copy in the place of a server's data, as its user's own.
fn restore(cluster: &Cluster, backup: &Path) {
    cluster.stop(StopMode::Fast);
    let data = cluster.folder.join("data");
    std::fs::rename(&data, cluster.folder.join("data.before")).unwrap();
    std::fs::rename(backup, &data).unwrap();
    cluster.begin().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_the_server_put_in_its_place_is_whole_and_lives_on() {
    let Some((cluster, postgres)) = on_a_server_of_its_own().await else { return };
    cut(&postgres).await;
    let database = Database::Postgres(postgres);
    let saved = Saved::of(&database).await;
    let blocks = commands("A copy of the whole PostgreSQL server");
    let [copy] = blocks.as_slice() else { panic!("{blocks:?}") };
    // As the server's user, so that the copy is the server's to read.
    let as_server = unprivileged(Path::new("sh")).unwrap();
    let mut words: Vec<String> = vec![as_server.get_program().to_string_lossy().into_owned()];
    words.extend(as_server.get_args().map(|word| word.to_string_lossy().into_owned()));
    let copy = format!("{} -ec '{}'", words.join(" "), copy.trim());
    let variables = superuser_of(&cluster.url("postgres", "postgres"));
    let last = under_load(&database, copy, &cluster.folder, variables).await;
    restore(cluster, &cluster.folder.join("backup"));
    saved.is_whole_in(&database.url(), &last).await;
}

#[test]
fn each_copy_of_a_file_that_the_manual_knows_is_whole_and_lives_on() {
    let blocks = commands("A copy of an SQLite file");
    let [copies @ .., then] = blocks.as_slice() else { panic!("{blocks:?}") };
    assert_eq!(copies.len(), 3, "{blocks:?}");
    for copy in copies {
        tell(Kind::Sqlite, async |database| {
            let saved = Saved::of(&database).await;
            let file = PathBuf::from(database.url().trim_start_matches("sqlite://"));
            let folder = file.parent().unwrap();
            let heads = folder.join("heads.json").display().to_string();
            succeeds(&["verify", "--save-heads", &heads], &database.url());
            let last = under_load(&database, copy.clone(), folder, Vec::new()).await;
            run(then, folder, &[]);
            let url = format!("sqlite://{}", folder.join("copy.db").display());
            saved.is_whole_in(&url, &last).await;
        });
    }
}
