//! The bytes of what was erased are searched for where a database keeps them: tables, indexes, free space, logs.

use std::{collections::BTreeSet, path::Path};

use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use support_requests::{
    domain::ids::Reference,
    store::{Remains, Rewriting, Selection, Store},
};

use crate::{
    exporting::export,
    harness::{Dice, clock, verified},
    people::{Person, creator, decision, eraser, stored},
    support::{
        database::{Database, Kind, tell},
        postgres::on_a_server_with,
    },
};

/// Everything that is personal, each with its own canary.
const FIELDS: [&str; 8] = ["subject", "name", "email", "contact", "summary", "notes", "tenant", "diagnostics"];

/// People with their canaries.
type People = Vec<(Person, Vec<(&'static str, String)>)>;

/// Random enough that no compression makes it shorter, and that it is found as it stands.
struct Canaries(Dice);

impl Canaries {
    fn hex(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(b"0123456789abcdef"[self.0.roll(16)])).collect()
    }

    /// A person in each of whose texts stands a canary that stands nowhere else.
    fn person(&mut self, index: usize) -> (Person, Vec<(&'static str, String)>) {
        let canaries: Vec<_> = FIELDS.into_iter().map(|field| (field, format!("c{}", self.hex(24)))).collect();
        let of = |field: &str| canaries.iter().find(|(name, _)| *name == field).unwrap().1.clone();
        let mut person = Person::called(&of("subject"));
        person.name = format!("Name {}", of("name"));
        person.email = format!("{}@example.org", of("email"));
        person.contact = format!("Contact {}", of("contact"));
        person.summary = format!("Summary {}", of("summary"));
        // Every third is long enough for pages of its own.
        let long = if index.is_multiple_of(3) { 9000 } else { 30 };
        person.notes = format!("{} {}", of("notes"), self.words(long));
        person.tenant_name = format!("Tenant {}", of("tenant"));
        person.diagnostics = format!("{} {}", of("diagnostics"), self.words(10 * long));
        (person, canaries)
    }

    /// Text without a secret in it that compresses badly.
    fn words(&mut self, length: usize) -> String {
        let mut text = String::with_capacity(length);
        while text.len() < length {
            text.extend((0..3 + self.0.roll(6)).map(|_| char::from(b'a' + u8::try_from(self.0.roll(26)).unwrap())));
            text.push(' ');
        }
        text.truncate(length);
        text.trim_end().to_owned() + "."
    }
}

/// Which of these stand in a file below a folder, each with the file.
fn found(folder: &Path, canaries: &[(&'static str, String)]) -> BTreeSet<(String, &'static str)> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap_or_default();
            let holds = |canary: &String| memchr::memmem::find(&bytes, canary.as_bytes()).is_some();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            found.extend(canaries.iter().filter(|(_, text)| holds(text)).map(|(field, _)| (name.clone(), *field)));
        }
    }
    found
}

/// Sixty people, every second of whom is erased: the canaries of those, and of the others.
async fn people(store: &Store) -> [People; 2] {
    let mut canaries = Canaries(Dice::new(20_261_130));
    let all: Vec<_> = (0..60).map(|index| canaries.person(index)).collect();
    for (person, _) in &all {
        store.append(person.asks()).await.unwrap();
    }
    let (mut gone, mut staying) = (Vec::new(), Vec::new());
    for (index, one) in all.into_iter().enumerate() {
        if index.is_multiple_of(2) { gone.push(one) } else { staying.push(one) }
    }
    [gone, staying]
}

fn texts(people: &People) -> Vec<(&'static str, String)> {
    people.iter().flat_map(|(_, canaries)| canaries.clone()).collect()
}

async fn erased(database: &Database, people: &[(Person, Vec<(&'static str, String)>)], how: Rewriting) -> Remains {
    let mut eraser = eraser(database).await;
    for (person, _) in people {
        let done = eraser.erase(&creator(&person.subject), &decision("The law", "Officer"), |_| ()).await;
        assert_eq!(done.unwrap().requests, 1);
    }
    let remains = eraser.clear(how).await.unwrap();
    eraser.close().await;
    remains
}

/// Everything that is searched for can be found: this is what the tests below rest on.
fn all_are_there(folder: &Path, people: &People) {
    let there: BTreeSet<&str> = found(folder, &texts(people)).into_iter().map(|(_, field)| field).collect();
    assert_eq!(there.len(), FIELDS.len(), "{there:?}");
}

#[test]
fn nothing_of_the_erased_is_left_in_the_files_of_sqlite_beside_the_running_service() {
    tell(Kind::Sqlite, async |database| {
        let folder = database.files()[0].parent().unwrap().to_owned();
        let store = database.open_store(clock()).await;
        let [gone, staying] = people(&store).await;
        all_are_there(&folder, &gone);
        let remains = erased(&database, &gone, Rewriting::Quick).await;
        assert_eq!(remains, Remains::Nothing);
        let nothing = BTreeSet::new();
        assert_eq!(found(&folder, &texts(&gone)), nothing);
        all_are_there(&folder, &staying);
        // Neither does the service bring anything back, from its memory or its log.
        store.append(Person::called("later").asks()).await.unwrap();
        assert_eq!(found(&folder, &texts(&gone)), nothing);
        assert!(store.takes_writes());
        store.close(std::time::Duration::from_secs(10)).await;
        assert_eq!(found(&folder, &texts(&gone)), nothing);
        assert_eq!(database.files().len(), 1, "the log went into the file");
        assert_eq!(verified(&database, None).await.unwrap().links, 91);
    });
}

#[test]
fn pages_that_are_freed_in_an_sqlite_file_are_zeros_also_where_nothing_is_rewritten() {
    tell(Kind::Sqlite, async |database| {
        let folder = database.files()[0].parent().unwrap().to_owned();
        let store = database.open_store(clock()).await;
        let [gone, _] = people(&store).await;
        store.close(std::time::Duration::from_secs(10)).await;
        // Long enough for pages of their own.
        let long: Vec<_> = texts(&gone).into_iter().filter(|(field, _)| *field == "diagnostics").collect();
        assert_eq!(found(&folder, &long).len(), 1);
        let mut eraser = eraser(&database).await;
        eraser.erase(&everything(), &decision("The law", "Officer"), |_| ()).await.unwrap();
        eraser.close().await;
        assert_eq!(found(&folder, &long), BTreeSet::new());
    });
}

#[test]
fn a_reader_of_the_sqlite_log_is_in_the_way_and_that_is_told() {
    tell(Kind::Sqlite, async |database| {
        stored(&database, [Person::called("ada").asks()]).await;
        let store = database.open_store(clock()).await;
        let mut reader = database.owner().await;
        reader.execute("BEGIN; SELECT count(*) FROM support_requests").await.unwrap();
        assert_eq!(erased(&database, &[], Rewriting::Quick).await, Remains::Log);
        reader.execute("COMMIT").await.unwrap();
        assert_eq!(erased(&database, &[], Rewriting::Quick).await, Remains::Nothing);
        assert!(store.takes_writes());
    });
}

#[test]
fn nothing_of_the_erased_is_left_in_the_files_of_postgres_after_a_rewrite() {
    tell(Kind::Postgres, async |shared| {
        drop(shared);
        let settings = vec![("wal_recycle", "off".to_owned()), ("min_wal_size", "32MB".to_owned())];
        let Some((cluster, postgres)) = on_a_server_with(settings).await else { return };
        let (data, database) = (cluster.folder.join("data"), Database::Postgres(postgres));
        let store = database.open_store(clock()).await;
        let [gone, staying] = people(&store).await;
        // What is known of values for the planner holds none of them.
        as_superuser(&database, &["ANALYZE", "CHECKPOINT"]).await;
        all_are_there(&data.join("base"), &gone);
        all_are_there(&data.join("pg_wal"), &gone);
        assert_eq!(erased(&database, &gone, Rewriting::Quick).await, Remains::FreeSpace);
        assert_eq!(erased(&database, &[], Rewriting::Whole).await, Remains::Nothing);
        // The log goes when it is not needed any more.
        as_superuser(&database, &["SELECT pg_switch_wal()", "CHECKPOINT", "SELECT pg_switch_wal()", "CHECKPOINT"])
            .await;
        assert_eq!(found(&data, &texts(&gone)), BTreeSet::new());
        all_are_there(&data.join("base"), &staying);
        store.append(Person::called("later").asks()).await.unwrap();
        assert_eq!(verified(&database, None).await.unwrap().links, 91);
    });
}

#[test]
fn what_postgres_knows_of_values_for_its_plans_is_nothing_personal() {
    tell(Kind::Postgres, async |database| {
        let person = Person::called("ada");
        stored(&database, (0..20).map(|_| person.asks())).await;
        as_superuser(&database, &["ANALYZE"]).await;
        let mut owner = database.owner().await;
        // Positive control: it does know of what is not.
        assert!(owner.count("pg_stats WHERE tablename = 'support_requests' AND attname = 'workspace_id'").await > 0);
        let known = "pg_stats WHERE tablename IN ('support_requests', 'audit_events', 'support_requests_contact')
            AND (most_common_vals::text || coalesce(histogram_bounds::text, '')) LIKE '%ada%'";
        assert_eq!(owner.count(known).await, 0);
        owner.close().await;
    });
}

#[test]
fn old_versions_that_a_transaction_on_postgres_may_still_read_are_told() {
    tell(Kind::Postgres, async |database| {
        stored(&database, [Person::called("ada").asks()]).await;
        let mut reader = database.owner().await;
        let sql = "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM support_requests";
        reader.execute(sql).await.unwrap();
        let mut eraser = eraser(&database).await;
        eraser.erase(&creator("ada"), &decision("The law", "Officer"), |_| ()).await.unwrap();
        assert_eq!(eraser.clear(Rewriting::Quick).await.unwrap(), Remains::OldVersions(2));
        reader.execute("COMMIT").await.unwrap();
        assert_eq!(eraser.clear(Rewriting::Quick).await.unwrap(), Remains::FreeSpace);
        eraser.close().await;
    });
}

/// What a server that logs every statement says of a person who is stored, exported and erased.
async fn logged_of_a_person(more: &[(&'static str, String)]) -> Option<(usize, usize)> {
    let all = [("log_statement", "all".to_owned()), ("log_min_duration_statement", "0".to_owned())];
    let (cluster, postgres) = on_a_server_with([&all, more].concat()).await?;
    let database = Database::Postgres(postgres);
    let one = vec![Canaries(Dice::new(7)).person(0)];
    let store = database.open_store(clock()).await;
    store.append(one[0].0.asks()).await.unwrap();
    export(&database, &["--creator", &one[0].0.subject, "--contact", &one[0].0.email, "--including-recent"]);
    erased(&database, &one, Rewriting::Quick).await;
    let log = cluster.log();
    Some((log.matches("INSERT INTO").count(), texts(&one).iter().filter(|(_, text)| log.contains(text)).count()))
}

#[test]
fn a_postgres_that_logs_statements_without_parameters_logs_nothing_personal() {
    tell(Kind::Postgres, async |shared| {
        drop(shared);
        let Some((statements, with_parameters)) = logged_of_a_person(&[]).await else { return };
        assert!(statements > 0 && with_parameters == FIELDS.len(), "the control: {statements} {with_parameters}");
        let without = [("log_parameter_max_length", "0".to_owned())];
        let Some((statements, personal)) = logged_of_a_person(&without).await else { return };
        assert!(statements > 0 && personal == 0, "{statements} {personal}");
    });
}

async fn as_superuser(database: &Database, statements: &[&'static str]) {
    let Database::Postgres(postgres) = database else { return };
    let mut superuser = postgres.superuser().await;
    for statement in statements {
        sqlx::raw_sql(*statement).execute(&mut superuser).await.unwrap();
    }
}

fn everything() -> Selection {
    Selection::Scope { workspace: None, tenant: None, before: Some(Reference::from_ulid(ulid::Ulid::from(u128::MAX))) }
}

#[test]
fn after_an_erasure_beside_the_service_the_log_says_which_file_it_hangs_on() {
    tell(Kind::Sqlite, async |database| {
        let store = database.open_store(clock()).await;
        store.append(Person::called("ada").asks()).await.unwrap();
        assert_eq!(erased(&database, &[], Rewriting::Quick).await, Remains::Nothing);
        let says = async |alone: bool| -> (String, String) {
            let options = database.url().parse::<SqliteConnectOptions>().unwrap().read_only(true).immutable(alone);
            let sql =
                "SELECT mark || ':' || (SELECT schema_version FROM pragma_schema_version), base FROM journal_state";
            let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
            let said = sqlx::query_as(sql).fetch_one(&mut connection).await.unwrap();
            connection.close().await.unwrap();
            said
        };
        let ((file, _), (newest, base)) = (says(true).await, says(false).await);
        assert_eq!(base, file);
        assert_ne!(newest, file, "a copy of the file is told from the file with its log");
        store.append(Person::called("bob").asks()).await.unwrap();
        assert!(store.takes_writes());
    });
}
