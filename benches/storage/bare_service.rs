//! The least that could answer: the service's frameworks, a token verified (RS256), a body read, two rows written in
//! groups to the plain schema, one at a time. No provider, no redaction, no digests, no promise but durability. What it
//! reaches is what the machine leaves for everything else: a peer of the service (`benches/storage/run.py --only bare`).
//!
//! `bare_service URL PORT MODULUS CONTEXT-FILE`

use std::{env, error::Error, fs, io, thread};

use actix_web::{
    App, HttpResponse, HttpServer,
    web::{Bytes, Data, Path, post},
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use serde::Deserialize;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::{
    runtime::Builder,
    sync::{mpsc, oneshot},
};
use ulid::Ulid;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What is read of a token.
#[derive(Deserialize, Clone)]
struct Claims {
    sub: String,
}

/// The body of a request.
#[derive(Deserialize)]
struct Report {
    severity: String,
    summary: String,
    reproduction_notes: String,
    contact_name: String,
    contact_email: String,
}

/// One request on its way to the database.
struct Job {
    texts: [String; 10],
    stored: oneshot::Sender<()>,
}

/// What a handler needs.
struct Shared {
    key: DecodingKey,
    validation: Validation,
    context: String,
    jobs: mpsc::UnboundedSender<Job>,
}

#[expect(clippy::disallowed_methods, reason = "nothing here is tested with a clock of its own")]
async fn create(
    request: actix_web::HttpRequest,
    path: Path<(String, String)>,
    body: Bytes,
    shared: Data<Shared>,
) -> Result<HttpResponse, Box<dyn Error>> {
    let (workspace, tenant) = path.into_inner();
    let header = request.headers().get("Authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let token = header.strip_prefix("Bearer ").unwrap_or_default();
    let claims: Claims = decode(token, &shared.key, &shared.validation)?.claims;
    let report: Report = serde_json::from_slice(&body)?;
    let reference = format!("SR-{}", Ulid::generate());
    let (stored, wait) = oneshot::channel();
    let Report { severity, summary, reproduction_notes, contact_name, contact_email } = report;
    let answer = reference.clone();
    let texts = [
        reference,
        workspace,
        tenant,
        severity,
        summary,
        reproduction_notes,
        contact_name,
        contact_email,
        claims.sub,
        shared.context.clone(),
    ];
    shared.jobs.send(Job { texts, stored })?;
    wait.await?;
    Ok(HttpResponse::Created().json(answer))
}

/// What is the same in every row.
const FIXED: &str = "0000000000000000000000000000000000000000000000000000000000000000";

fn insert() -> String {
    format!(
        "WITH batch AS MATERIALIZED (SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
            $7::text[], $8::text[], $9::text[], $10::text[]) AS t (reference, w, t, severity, summary, notes, name, email, subject, context)),
        stored AS (INSERT INTO support_requests (reference, created_at, workspace_id, tenant_id, primary_context_type,
            primary_context_id, severity, attachment_mode, attachment_reason, request_id, summary, reproduction_notes, contact_name,
            contact_email, creator_subject, creator_name, context, salt, personal_digest, record_digest)
            SELECT reference, now(), w, t, 'tenant', t, severity, 'diagnostic_snapshot_attached', 'attached', reference, summary, notes,
            name, email, subject, name, context::jsonb, '{FIXED}', '{FIXED}', '{FIXED}' FROM batch)
        INSERT INTO audit_events (chain, sequence, previous, event, occurred_at, workspace_id, tenant_id, reference,
            primary_context_type, primary_context_id, severity, attachment_mode, attachment_reason, request_id, record_digest,
            actor_subject, actor_salt, actor_digest, digest)
            SELECT reference, 1, '{FIXED}', 'support_request.created', now(), w, t, reference, 'tenant', t, severity,
            'diagnostic_snapshot_attached', 'attached', reference, '{FIXED}', subject, '{FIXED}', '{FIXED}', '{FIXED}' FROM batch"
    )
}

/// Writes whatever waits as one group, again and again.
async fn write(url: String, mut jobs: mpsc::UnboundedReceiver<Job>) -> Result<(), sqlx::Error> {
    let (mut connection, insert) = (PgConnection::connect(&url).await?, insert());
    while let Some(first) = jobs.recv().await {
        let mut group = vec![first];
        while let Ok(next) = jobs.try_recv() {
            group.push(next);
        }
        let mut query = sqlx::query(AssertSqlSafe(insert.as_str()));
        for place in 0..10 {
            query = query.bind(group.iter().map(|job| job.texts[place].as_str()).collect::<Vec<_>>());
        }
        query.execute(&mut connection).await?;
        for job in group {
            let _ = job.stored.send(());
        }
    }
    Ok(())
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let [url, port, modulus, context] = <[String; 4]>::try_from(env::args().skip(1).collect::<Vec<_>>())
        .map_err(|_| io::Error::other("bare_service URL PORT MODULUS CONTEXT-FILE"))?;
    let (jobs, receiver) = mpsc::unbounded_channel();
    let runtime = Builder::new_current_thread().enable_all().build()?;
    thread::spawn(move || runtime.block_on(write(url, receiver)));
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&["support-requests"]);
    let key = DecodingKey::from_rsa_components(&modulus, "AQAB")?;
    let shared = Data::new(Shared { key, validation, context: fs::read_to_string(context)?, jobs });
    let app = move || {
        App::new()
            .app_data(shared.clone())
            .route("/workspaces/{workspace}/tenants/{tenant}/support-requests", post().to(create))
    };
    HttpServer::new(app).bind(("127.0.0.1", port.parse()?))?.run().await?;
    Ok(())
}
