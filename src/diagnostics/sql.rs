//! Two views in the platform's own PostgreSQL: what they must look like is in `specs/diagnostics.md`. One question is one
//! read-only transaction of at most two seconds; nothing but `SELECT` is ever sent.

mod pool; // connections to the platform's database

use std::{sync::Arc, time::Duration};

use sqlx::{AssertSqlSafe, PgConnection};
use tokio::time::Instant;

use self::pool::{Failure, Pool};
use super::{
    Answer, BundleAnswer, CircuitState, DiagnosticsProvider, ProviderFailure, Question, Said,
    breaker::{Breaker, Change},
};
use crate::{
    budget::{Budget, TREES, weight_of_json},
    causes::Causes,
    domain::request::{Scope, Subject},
    store::ExternalDatabaseUrl,
};

/// Largest document that is fetched, in bytes of its text: a bundle at its limit, and how PostgreSQL spaces it out.
const DOCUMENT_MAX_BYTES: i32 = 512 * 1024;

/// One of the two views.
#[derive(Debug, Clone, Copy)]
struct View {
    name: &'static str,
    document: &'static str,
}

const REFERENCES: View = View { name: "support_references", document: "canonical_references" };
const BUNDLES: View = View { name: "support_bundles", document: "bundle" };

/// The columns that say which scope a row is about, in both views.
const SCOPE_COLUMNS: [&str; 3] = ["workspace", "tenant", "operation_run"];

/// The platform's database.
#[derive(Debug)]
pub struct Views {
    pool: Pool,
    breaker: Breaker,
    budget: Budget,
}

/// What is wrong with the views, all of it.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("; "))]
pub struct Unfit(Vec<String>);

impl Views {
    /// A provider over the views of a database, which are looked at first. Where it cannot be reached, that is said in the
    /// log, and they are looked at when it can be.
    ///
    /// # Errors
    /// The views are not there, are not as they must be, or may not be read.
    pub async fn open(database: ExternalDatabaseUrl, budget: Budget) -> Result<Self, Unfit> {
        let views = Self { pool: Pool::new(database), breaker: Breaker::default(), budget };
        match views.pool.connect().await {
            Ok(connection) => views.pool.keep(connection),
            Err(Failure::Unfit(unfit)) => return Err(unfit),
            Err(failure) => {
                let (database, error) = (views.pool.database(), Causes(&failure));
                tracing::warn!(%database, %error, "the platform's database is out of reach; until it is there, requests are refused");
            }
        }
        Ok(views)
    }

    /// Gives the circuit another time than five seconds to stay open.
    #[must_use]
    pub fn with_open_time(mut self, open_time: Duration) -> Self {
        self.breaker = Breaker::with_open_time(open_time);
        self
    }

    async fn ask(&self, about: &Question<'_>) -> Result<Answer, Failure> {
        let (rows, mut transaction) = self.pool.ask(REFERENCES, about).await?;
        let references = match self.read(rows, REFERENCES).await? {
            Document::Is(references) => references,
            other => {
                transaction.end(about).await;
                return Ok(match other {
                    Document::Unusable(reason) => Answer::Unusable(reason.into()),
                    Document::Null => Answer::Unusable(format!("{REFERENCES} is null").into()),
                    Document::Missing | Document::Is(_) => Answer::Unknown,
                });
            }
        };
        if !about.include.bundle() {
            transaction.end(about).await;
            return Ok(Answer::Known { references, bundle: BundleAnswer::None });
        }
        let bundle = match transaction.ask(BUNDLES, about).await {
            Ok(rows) => {
                transaction.end(about).await;
                self.bundle(rows).await
            }
            Err(failure) => BundleAnswer::Failed(failure.into()),
        };
        Ok(Answer::Known { references, bundle })
    }

    async fn bundle(&self, rows: Rows) -> BundleAnswer {
        match self.read(rows, BUNDLES).await {
            Ok(Document::Missing | Document::Null) => BundleAnswer::None,
            Ok(Document::Unusable(reason)) => BundleAnswer::Unusable(reason.into()),
            Ok(Document::Is(said)) => BundleAnswer::Known(said),
            Err(failure) => BundleAnswer::Failed(failure.into()),
        }
    }

    /// Makes a document of what a view said, within memory that is reserved for it.
    async fn read(&self, rows: Rows, view: View) -> Result<Document, Failure> {
        let text = match rows.as_slice() {
            [] => return Ok(Document::Missing),
            [(None, _)] => return Ok(Document::Null),
            [(Some(_), None)] => return Ok(Document::Unusable(format!("{view} is larger than 512 KiB"))),
            [(Some(_), Some(text))] => text,
            _ => return Ok(Document::Unusable(format!("{} has more than one row for the scope", view.name))),
        };
        let memory = self.budget.reserve(TREES * weight_of_json(text.as_bytes())).await?;
        Ok(match Said::parse(text) {
            Ok(said) if said.trim_ascii() == "null" => Document::Null,
            Ok(said) => Document::Is(said.within(Arc::new(memory))),
            // PostgreSQL nests deeper and counts further than is read here.
            Err(error) => Document::Unusable(format!("{view} cannot be read: {error}")),
        })
    }
}

/// What a view says about a scope.
enum Document {
    /// There is no row.
    Missing,
    /// There is nothing in it.
    Null,
    Unusable(String),
    Is(Said),
}

/// Length and text of a document; without the text where it is too long.
type Rows = Vec<(Option<i32>, Option<String>)>;

/// The rows about a scope: at most two, to find out whether there is more than one.
async fn fetch(connection: &mut PgConnection, view: View, scope: &Scope) -> Result<Rows, sqlx::Error> {
    let run = match &scope.subject {
        Subject::Tenant => None,
        Subject::Run(run) => Some(run.as_str()),
    };
    // `=` where it can be, so that an index is used.
    let condition = if run.is_some() { "operation_run = $3" } else { "operation_run IS NULL AND $3::text IS NULL" };
    let View { name, document } = view;
    let sql = format!(
        "SELECT octet_length(said), CASE WHEN octet_length(said) <= $4 THEN said END
         FROM (SELECT {document}::text AS said FROM {name}
               WHERE workspace = $1 AND tenant = $2 AND {condition} LIMIT 2) AS found"
    );
    // Not kept prepared: a pool in front may send the next question to another session.
    let query = sqlx::query_as(AssertSqlSafe(sql)).persistent(false);
    let query = query.bind(scope.workspace.as_str()).bind(scope.tenant.as_str()).bind(run).bind(DOCUMENT_MAX_BYTES);
    query.fetch_all(connection).await
}

/// Looks whether both views are there, with their columns, and may be read.
async fn look_at_views(connection: &mut PgConnection) -> Result<Result<(), Unfit>, sqlx::Error> {
    let mut wrong = Vec::new();
    for view in [REFERENCES, BUNDLES] {
        let sql = "SELECT attname::text, format_type(atttypid, NULL), has_column_privilege(attrelid, attnum, 'SELECT')
             FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped";
        let query = sqlx::query_as(sql).persistent(false).bind(view.name);
        let columns: Vec<(String, String, bool)> = query.fetch_all(&mut *connection).await?;
        wrong.extend(view.faults(&columns));
    }
    Ok(if wrong.is_empty() { Ok(()) } else { Err(Unfit(wrong)) })
}

impl View {
    fn faults(self, columns: &[(String, String, bool)]) -> Vec<String> {
        let name = self.name;
        if columns.is_empty() {
            return vec![format!("there is no view {name} on the search_path, or its schema may not be used")];
        }
        let texts = SCOPE_COLUMNS.map(|column| (column, &["text", "character varying"][..]));
        let wanted = texts.into_iter().chain([(self.document, &["jsonb"][..])]);
        let fault = |(column, types): (&str, &[&str])| match columns.iter().find(|(name, ..)| name == column) {
            None => Some(format!("{name} has no column {column}")),
            Some((_, found, _)) if !types.contains(&found.as_str()) => {
                Some(format!("{name}.{column} must be of type {}", types.join(" or ")))
            }
            Some((.., false)) => Some(format!("{name}.{column} may not be read: GRANT SELECT ON {name} TO the role")),
            Some(_) => None,
        };
        wanted.filter_map(fault).collect()
    }
}

impl std::fmt::Display for View {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.name, self.document)
    }
}

#[async_trait::async_trait]
impl DiagnosticsProvider for Views {
    async fn answer(&self, about: &Question<'_>) -> Result<Answer, ProviderFailure> {
        let call = self.breaker.enter(Instant::now()).ok_or(Failure::CircuitOpen)?;
        let answer = self.ask(about).await;
        let change = match answer.as_ref().map_or_else(Failure::of_the_database, |_| Some(false)) {
            Some(true) => call.failed(Instant::now()),
            Some(false) => call.succeeded(),
            None => Change::Nothing,
        };
        change.log(self.pool.database());
        answer.map_err(Into::into)
    }

    fn circuit(&self) -> Option<CircuitState> {
        Some(self.breaker.state())
    }

    async fn reach(&self) -> Result<(), ProviderFailure> {
        let connection = self.pool.connect().await?;
        self.pool.keep(connection);
        Ok(())
    }

    fn origin(&self, scope: &Scope) -> Option<String> {
        let about = match &scope.subject {
            Subject::Tenant => String::new(),
            Subject::Run(run) => format!("/{run}"),
        };
        Some(format!("{} about {}/{}{about}", self.pool.database(), scope.workspace, scope.tenant))
    }
}
