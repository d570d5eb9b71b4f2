"""The bare database beside the service: one request's two rows, the statements that insert them, and the schemas that they
go into: the service's own, and a plain one with the same columns, primary keys and the index on workspace and tenant, but
no checks, types, triggers or other indexes.
"""
import json, pathlib, sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1]), str(pathlib.Path(__file__).resolve().parents[1] / "archive")]
from harness import bundle
from load import COUNT
from rows import AUDIT, RECORD

DIGEST, REQUEST_ID, AT = "0" * 64, "01KG9X6M3ZQ0V4T8R2N5B7C1D9", "2026-01-31T09:00:00.000Z"
SHARED = {"workspace_id": "acme", "tenant_id": "contoso", "primary_context_type": "tenant", "primary_context_id": "contoso",
          "severity": "high", "attachment_mode": "diagnostic_snapshot_attached", "attachment_reason": "attached",
          "request_id": REQUEST_ID, "record_digest": DIGEST}
CONTEXT = json.dumps({"schema_version": 1, "diagnostics": bundle(), "references": {"tenant": {"id": "contoso"}}})
VALUES = {
    "support_requests": SHARED | {
        "created_at": AT, "summary": "Policy synchronisation fails for Contoso since this morning",
        "reproduction_notes": "1. Open the run.\n2. Press 'Retry'.\n3. It fails at step 4 with status 403.",
        "contact_name": "Ada Fischer", "contact_email": "ada.fischer@acme.example", "creator_subject": "bench",
        "creator_name": "Bench", "context": CONTEXT, "salt": DIGEST, "personal_digest": DIGEST},
    "audit_events": SHARED | {
        "previous": DIGEST, "event": "support_request.created", "occurred_at": AT, "trace_id": None, "details": None,
        "actor_subject": "bench", "actor_salt": DIGEST, "actor_digest": DIGEST, "digest": DIGEST},
}
COLUMNS = {"support_requests": RECORD, "audit_events": AUDIT}
KEYS = {"support_requests": "reference, workspace_id", "audit_events": "chain, sequence, workspace_id"}
TYPES = {"created_at": "timestamptz", "occurred_at": "timestamptz", "context": "jsonb", "details": "jsonb", "sequence": "bigint"}
OPTIONAL = {"reproduction_notes", "contact_name", "contact_email", "creator_name", "trace_id", "details"}


def literal(value):
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'"


def inserts(made, source=None):
    """The statements of one request; `made` has the SQL of what differs from row to row. From `source`, where one is named."""
    for table, columns in COLUMNS.items():
        cells = ", ".join(made[name] if name in made else literal(VALUES[table][name]) for name in columns)
        yield f"INSERT INTO {table} ({', '.join(columns)}) " + (f"SELECT {cells} FROM {source};" if source else f"VALUES ({cells});")


def varied(number):
    """What differs from caller to caller in the load of the service differs here, too: tenants, people, addresses."""
    # More than 32 bits hold, after 271,000 rows.
    which = f"({number})::bigint * 7919 % {COUNT}"
    tenant, creator = f"'t-' || lpad(({which})::text, 4, '0')", f"'bench-' || {which}"
    return {"tenant_id": tenant, "primary_context_id": tenant, "creator_subject": creator, "actor_subject": creator,
            "contact_email": f"'ada.' || {which} || '@acme.example'"}


def script(group=1, as_parameters=False):
    """What pgbench runs: a transaction of one request, or of a group of them. A literal in a prepared statement is read once a session;
    as a parameter, which is how programs send what differs each time, the context is read for each request.
    """
    number = ":n" if group == 1 else "i"
    made = varied(number) | {"reference": f"'SR-7' || lpad({number}::text, 25, '0')", "chain": "'PEER' || lpad(:client_id::text, 22, '0')",
                             "sequence": number}
    if as_parameters:
        made["context"] = ":context"
    source = None if group == 1 else f"generate_series(:n * {group} + 1, :n * {group} + {group}) AS i"
    return "\n".join(["SELECT nextval('peer') AS n \\gset", "BEGIN;", *inserts(made, source), "END;"])


def session(group, times):
    """A session of psql that runs prepared groups as the service writes them, one statement each, and says before and after how
    many hundredths of a second of processor time its backend has used: that hardly depends on what else runs.
    """
    made = {"reference": "'SR-7' || lpad(i::text, 25, '0')", "chain": "'CPU' || lpad('0', 23, '0')", "sequence": "i"}
    record, event = (statement.rstrip(";") for statement in inserts(made, f"generate_series($1 * {group} + 1, $1 * {group} + {group}) AS i"))
    used = "SELECT split_part(stat, ' ', 14)::int + split_part(stat, ' ', 15)::int FROM pg_read_file('/proc/self/stat') AS stat;"
    warm, measured = range(50), range(50, 50 + times)
    return "\n".join(["SET synchronous_commit = off;", f"PREPARE put(int) AS WITH stored AS ({record}) {event};",
                      *(f"EXECUTE put({number});" for number in warm), used, *(f"EXECUTE put({number});" for number in measured), used])


def fill(rows):
    """As many requests as a service of that age would have: ascending references, chains of 100,000."""
    made = {"reference": "'SR-0' || lpad(n::text, 25, '0')", "chain": "'FILL' || lpad((n / 100000)::text, 22, '0')",
            "sequence": "n % 100000 + 1"}
    return "\n".join(inserts(made, f"generate_series(1, {rows}) AS n"))


def plain(collation=' COLLATE "C"', types=TYPES, key=KEYS):
    """The plain schema, for PostgreSQL."""
    for table, columns in COLUMNS.items():
        lines = [f"{name} {types.get(name, 'text' + collation)}{'' if name in OPTIONAL else ' NOT NULL'}" for name in columns]
        yield f"CREATE TABLE {table} ({', '.join(lines)}, PRIMARY KEY ({key[table]}))"
    yield "CREATE INDEX support_requests_tenant ON support_requests (workspace_id, tenant_id)"


def plain_sqlite():
    keys = {"support_requests": "reference", "audit_events": "chain, sequence"}
    for statement in plain("", {"sequence": "INTEGER"}, keys):
        yield statement + (" STRICT, WITHOUT ROWID" if statement.startswith("CREATE TABLE") else "")


def in_sqlite():
    """For SQLite: both statements, and the values of one request."""
    put = [f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})" for table, columns in COLUMNS.items()]

    def values(number):
        tenant, creator = f"t-{number * 7919 % COUNT:04}", f"bench-{number * 7919 % COUNT}"
        made = {"reference": f"SR-7{number:025d}", "chain": "PEER0000000000000000000000", "sequence": number, "tenant_id": tenant,
                "primary_context_id": tenant, "creator_subject": creator, "actor_subject": creator, "contact_email": f"ada.{creator}@acme.example"}
        return [[made[name] if name in made else VALUES[table][name] for name in columns] for table, columns in COLUMNS.items()]
    return put, values


LABELS = {"primary_context_type": "'tenant', 'operation_run'", "severity": "'low', 'normal', 'high', 'blocking'",
          "attachment_mode": "'diagnostic_snapshot_attached', 'canonical_context_only'",
          "attachment_reason": "'attached', 'capability_missing', 'not_requested', 'no_diagnostics', 'diagnostics_unavailable', 'diagnostics_rejected'",
          "event": "'support_request.created', 'support_request.erased', 'archive.restored', 'archive.cut', 'archive.partition_dropped'"}
LENGTHS = {"workspace_id": "BETWEEN 1 AND 64", "tenant_id": "BETWEEN 1 AND 64", "primary_context_id": "BETWEEN 1 AND 64", "chain": "= 26"}


def in_checks():
    """What makes the types of the migrated schema into text columns with the same said in checks of their tables."""
    for table, columns in COLUMNS.items():
        for name in columns:
            if name in LABELS:
                check = f"{name} IN ({LABELS[name]})"
            elif name in LENGTHS:
                check = f"octet_length({name}) {LENGTHS[name]}"
            elif name == "reference":
                check = "octet_length(reference) = 29 AND reference < 'SR-8' AND rtrim(reference, '0123456789ABCDEFGHJKMNPQRSTVWXYZ') = 'SR-'"
            elif name == "previous" or name.endswith(("digest", "salt")):
                check = f"octet_length({name}) = 64"
            elif name in ("request_id", "summary", "creator_subject", "actor_subject"):
                check = f"{name} <> ''"
            elif name in ("context", "details"):
                check = f"jsonb_typeof({name}) = 'object'"
            else:
                continue
            yield f"ALTER TABLE {table} ADD CHECK ({check})"


WITHOUT_CHECKS = """DO $$ DECLARE r record; BEGIN
    FOR r IN SELECT conrelid::regclass AS t, conname FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0 LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', r.t, r.conname);
    END LOOP; END $$"""
WITHOUT_TRIGGERS = "ALTER TABLE support_requests DISABLE TRIGGER USER; ALTER TABLE audit_events DISABLE TRIGGER USER"
# What the migrated schema has of the same kind in its tables' checks, so that only the form differs.
TABLE_CHECKS = """ALTER TABLE support_requests
    ADD CHECK ((attachment_mode = 'diagnostic_snapshot_attached') = (attachment_reason = 'attached')),
    ADD CHECK (primary_context_type <> 'tenant' OR primary_context_id = tenant_id),
    ADD CHECK (CASE WHEN salt IS NULL
        THEN num_nonnulls(summary, reproduction_notes, contact_name, contact_email, creator_subject, creator_name) = 0
        ELSE num_nulls(summary, creator_subject) = 0 END);
ALTER TABLE audit_events ADD CHECK (sequence > 0),
    ADD CHECK (CASE WHEN event IN ('support_request.created', 'support_request.erased')
        THEN workspace_id <> '' AND num_nulls(tenant_id, reference, primary_context_type, primary_context_id, severity,
            attachment_mode, attachment_reason, request_id, record_digest) = 0
        ELSE workspace_id = '' AND num_nonnulls(tenant_id, reference, primary_context_type, primary_context_id, severity,
            attachment_mode, attachment_reason, request_id, record_digest) = 0 END),
    ADD CHECK ((actor_salt IS NULL) = (actor_subject IS NULL))"""
INDEXES = ["support_requests_tenant", "support_requests_creator", "support_requests_contact", "audit_events_reference"]
