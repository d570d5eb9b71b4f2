-- One row a support request and one a thing that happened to it, written once and never touched again.
-- STRICT and WITHOUT ROWID: types are enforced, and there is no hidden rowid key for INSERT OR REPLACE to collide with.
-- One primary key and no other UNIQUE, for the same reason.

CREATE TABLE support_requests (
    reference            TEXT NOT NULL PRIMARY KEY CHECK (reference GLOB 'SR-[0-7]*' AND length(reference) = 29),
    created_at           TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.???Z'),
    workspace_id         TEXT NOT NULL CHECK (length(workspace_id) BETWEEN 1 AND 64),
    tenant_id            TEXT NOT NULL CHECK (length(tenant_id) BETWEEN 1 AND 64),
    primary_context_type TEXT NOT NULL CHECK (primary_context_type IN ('tenant', 'operation_run')),
    primary_context_id   TEXT NOT NULL CHECK (length(primary_context_id) BETWEEN 1 AND 64),
    severity             TEXT NOT NULL CHECK (severity IN ('low', 'normal', 'high', 'blocking')),
    summary              TEXT NOT NULL CHECK (summary <> ''),
    reproduction_notes   TEXT,
    contact_name         TEXT,
    contact_email        TEXT,
    creator_subject      TEXT NOT NULL CHECK (creator_subject <> ''),
    creator_name         TEXT,
    attachment_mode      TEXT NOT NULL CHECK (attachment_mode IN ('diagnostic_snapshot_attached', 'canonical_context_only')),
    attachment_reason    TEXT NOT NULL CHECK (attachment_reason IN
        ('attached', 'capability_missing', 'not_requested', 'no_diagnostics', 'diagnostics_unavailable', 'diagnostics_rejected')),
    request_id           TEXT NOT NULL CHECK (request_id <> ''),
    context              TEXT NOT NULL CHECK (json_valid(context) AND json_type(context) = 'object'),
    record_digest        TEXT NOT NULL CHECK (length(record_digest) = 64),
    CHECK ((attachment_mode = 'diagnostic_snapshot_attached') = (attachment_reason = 'attached')),
    CHECK (primary_context_type <> 'tenant' OR primary_context_id = tenant_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_events (
    chain                TEXT NOT NULL CHECK (length(chain) = 26),
    sequence             INTEGER NOT NULL CHECK (sequence > 0),
    previous             TEXT NOT NULL CHECK (length(previous) = 64),
    event                TEXT NOT NULL CHECK (event = 'support_request.created'),
    occurred_at          TEXT NOT NULL CHECK (occurred_at GLOB '????-??-??T??:??:??.???Z'),
    actor_subject        TEXT NOT NULL CHECK (actor_subject <> ''),
    actor_name           TEXT,
    workspace_id         TEXT NOT NULL,
    tenant_id            TEXT NOT NULL,
    reference            TEXT NOT NULL,
    primary_context_type TEXT NOT NULL CHECK (primary_context_type IN ('tenant', 'operation_run')),
    primary_context_id   TEXT NOT NULL,
    severity             TEXT NOT NULL CHECK (severity IN ('low', 'normal', 'high', 'blocking')),
    attachment_mode      TEXT NOT NULL CHECK (attachment_mode IN ('diagnostic_snapshot_attached', 'canonical_context_only')),
    attachment_reason    TEXT NOT NULL CHECK (attachment_reason IN
        ('attached', 'capability_missing', 'not_requested', 'no_diagnostics', 'diagnostics_unavailable', 'diagnostics_rejected')),
    request_id           TEXT NOT NULL CHECK (request_id <> ''),
    record_digest        TEXT NOT NULL CHECK (length(record_digest) = 64),
    digest               TEXT NOT NULL CHECK (length(digest) = 64),
    PRIMARY KEY (chain, sequence)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER support_requests_no_update BEFORE UPDATE ON support_requests
BEGIN SELECT RAISE(ABORT, 'support requests are never changed'); END;

CREATE TRIGGER support_requests_no_delete BEFORE DELETE ON support_requests
BEGIN SELECT RAISE(ABORT, 'support requests are never removed'); END;

-- INSERT OR REPLACE removes the old row without asking the triggers above, unless it is stopped here.
CREATE TRIGGER support_requests_no_second BEFORE INSERT ON support_requests
WHEN EXISTS (SELECT 1 FROM support_requests WHERE reference = NEW.reference)
BEGIN SELECT RAISE(ABORT, 'this support request is already stored'); END;

CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END;

CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
BEGIN SELECT RAISE(ABORT, 'audit events are never removed'); END;

CREATE TRIGGER audit_events_no_second BEFORE INSERT ON audit_events
WHEN EXISTS (SELECT 1 FROM audit_events WHERE chain = NEW.chain AND sequence = NEW.sequence)
BEGIN SELECT RAISE(ABORT, 'this audit event is already stored'); END;

-- Which write-ahead log belongs to this file (specs/decisions/0012). One row, rewritten in every commit; nothing of a request.
CREATE TABLE journal_state (
    one  INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    -- Another one with every commit.
    mark TEXT NOT NULL,
    -- What the file alone said when the log was begun, or 'open…' while the log is being copied into the file.
    base TEXT NOT NULL
) STRICT;
INSERT INTO journal_state (one, mark, base) VALUES (1, hex(randomblob(16)), 'open');
