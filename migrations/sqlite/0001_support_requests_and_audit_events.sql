-- One row a support request and one a thing that happened to it, written once. One change is let through, once a row:
-- what is personal is erased (specs/decisions/0014-erasable-by-commitment.md).
-- WITHOUT ROWID and one key: a second key would be a second way for INSERT OR REPLACE to remove a row.

CREATE TABLE support_requests (
    reference            TEXT NOT NULL PRIMARY KEY
        CHECK (length(reference) = 29 AND reference GLOB 'SR-[0-7]*' AND substr(reference, 4) NOT GLOB '*[^0-9A-HJKMNP-TV-Z]*'),
    created_at           TEXT NOT NULL CHECK (created_at GLOB '????-??-??T??:??:??.???Z'),
    workspace_id         TEXT NOT NULL CHECK (length(workspace_id) BETWEEN 1 AND 64),
    tenant_id            TEXT NOT NULL CHECK (length(tenant_id) BETWEEN 1 AND 64),
    primary_context_type TEXT NOT NULL CHECK (primary_context_type IN ('tenant', 'operation_run')),
    primary_context_id   TEXT NOT NULL CHECK (length(primary_context_id) BETWEEN 1 AND 64),
    severity             TEXT NOT NULL CHECK (severity IN ('low', 'normal', 'high', 'blocking')),
    attachment_mode      TEXT NOT NULL CHECK (attachment_mode IN ('diagnostic_snapshot_attached', 'canonical_context_only')),
    attachment_reason    TEXT NOT NULL CHECK (attachment_reason IN
        ('attached', 'capability_missing', 'not_requested', 'no_diagnostics', 'diagnostics_unavailable', 'diagnostics_rejected')),
    request_id           TEXT NOT NULL CHECK (request_id <> ''),
    -- Personal, and the salt of the commitment to it: absent only once they are erased.
    summary              TEXT CHECK (summary <> ''),
    reproduction_notes   TEXT,
    contact_name         TEXT,
    contact_email        TEXT,
    creator_subject      TEXT CHECK (creator_subject <> ''),
    creator_name         TEXT,
    context              TEXT NOT NULL CHECK (json_valid(context) AND json_type(context) = 'object'),
    salt                 TEXT CHECK (length(salt) = 64),
    personal_digest      TEXT NOT NULL CHECK (length(personal_digest) = 64),
    record_digest        TEXT NOT NULL CHECK (length(record_digest) = 64),
    CHECK ((attachment_mode = 'diagnostic_snapshot_attached') = (attachment_reason = 'attached')),
    CHECK (primary_context_type <> 'tenant' OR primary_context_id = tenant_id),
    CHECK (CASE WHEN salt IS NULL
        THEN coalesce(summary, reproduction_notes, contact_name, contact_email, creator_subject, creator_name) IS NULL
        ELSE summary IS NOT NULL AND creator_subject IS NOT NULL END)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit_events (
    chain                TEXT NOT NULL CHECK (length(chain) = 26),
    sequence             INTEGER NOT NULL CHECK (sequence > 0),
    previous             TEXT NOT NULL CHECK (length(previous) = 64),
    event                TEXT NOT NULL CHECK (event IN
        ('support_request.created', 'support_request.erased', 'archive.restored', 'archive.cut', 'archive.partition_dropped')),
    occurred_at          TEXT NOT NULL CHECK (occurred_at GLOB '????-??-??T??:??:??.???Z'),
    workspace_id         TEXT NOT NULL,
    tenant_id            TEXT,
    reference            TEXT,
    primary_context_type TEXT CHECK (primary_context_type IN ('tenant', 'operation_run')),
    primary_context_id   TEXT,
    severity             TEXT CHECK (severity IN ('low', 'normal', 'high', 'blocking')),
    attachment_mode      TEXT CHECK (attachment_mode IN ('diagnostic_snapshot_attached', 'canonical_context_only')),
    attachment_reason    TEXT CHECK (attachment_reason IN
        ('attached', 'capability_missing', 'not_requested', 'no_diagnostics', 'diagnostics_unavailable', 'diagnostics_rejected')),
    request_id           TEXT CHECK (request_id <> ''),
    record_digest        TEXT CHECK (length(record_digest) = 64),
    trace_id             TEXT,
    -- Said outright, because json_valid(NULL) is 0 before SQLite 3.42, and copies are made with such programs.
    details              TEXT CHECK (details IS NULL OR json_valid(details) AND json_type(details) = 'object'),
    -- Personal, and the salt of the commitment to it: absent only once they are erased.
    actor_subject        TEXT CHECK (actor_subject <> ''),
    actor_salt           TEXT CHECK (length(actor_salt) = 64),
    actor_digest         TEXT NOT NULL CHECK (length(actor_digest) = 64),
    digest               TEXT NOT NULL CHECK (length(digest) = 64),
    PRIMARY KEY (chain, sequence),
    -- About one support request, or about the archive as a whole.
    CHECK (CASE WHEN event IN ('support_request.created', 'support_request.erased')
        THEN workspace_id <> '' AND tenant_id IS NOT NULL AND reference IS NOT NULL AND primary_context_type IS NOT NULL
            AND primary_context_id IS NOT NULL AND severity IS NOT NULL AND attachment_mode IS NOT NULL
            AND attachment_reason IS NOT NULL AND request_id IS NOT NULL AND record_digest IS NOT NULL
        ELSE workspace_id = '' AND coalesce(tenant_id, reference, primary_context_type, primary_context_id, severity,
            attachment_mode, attachment_reason, request_id, record_digest) IS NULL END),
    CHECK ((actor_salt IS NULL) = (actor_subject IS NULL))
) STRICT, WITHOUT ROWID;

-- Whose they are, for `erase` and `export`; what each costs a create is in specs/performance.md. None is UNIQUE: see above.
-- None for workspaces and tenants: a file has few of them, so there is nothing to skip. Of every request the creator's has
-- an entry: SQLite counts rows along the smallest index that has all.
CREATE INDEX support_requests_creator ON support_requests (creator_subject);
CREATE INDEX support_requests_contact ON support_requests (lower(contact_email)) WHERE contact_email IS NOT NULL;
CREATE INDEX audit_events_reference ON audit_events (reference);

-- Lets one change through: what is personal goes, all of it, everything else stays, and it is on record. Not left to the
-- table's check, which a connection may switch off.
CREATE TRIGGER support_requests_no_update BEFORE UPDATE ON support_requests
WHEN NOT (OLD.salt IS NOT NULL AND NEW.salt IS NULL
    AND coalesce(NEW.summary, NEW.reproduction_notes, NEW.contact_name, NEW.contact_email, NEW.creator_subject, NEW.creator_name) IS NULL
    AND NEW.reference IS OLD.reference AND NEW.created_at IS OLD.created_at AND NEW.workspace_id IS OLD.workspace_id
    AND NEW.tenant_id IS OLD.tenant_id AND NEW.primary_context_type IS OLD.primary_context_type AND NEW.primary_context_id IS OLD.primary_context_id
    AND NEW.severity IS OLD.severity AND NEW.attachment_mode IS OLD.attachment_mode AND NEW.attachment_reason IS OLD.attachment_reason
    AND NEW.request_id IS OLD.request_id AND NEW.personal_digest IS OLD.personal_digest AND NEW.record_digest IS OLD.record_digest
    AND NEW.context IS json_remove(OLD.context, '$.references', '$.diagnostics')
    AND EXISTS (SELECT 1 FROM audit_events WHERE reference = OLD.reference AND event = 'support_request.erased'))
BEGIN SELECT RAISE(ABORT, 'support requests are never changed'); END;

CREATE TRIGGER support_requests_no_delete BEFORE DELETE ON support_requests
BEGIN SELECT RAISE(ABORT, 'support requests are never removed'); END;

-- INSERT OR REPLACE removes the old row without asking the triggers above, unless it is stopped here. One trigger for this
-- and for what is stored erased: each is a step of its own for every row.
CREATE TRIGGER support_requests_no_second_nor_erased BEFORE INSERT ON support_requests
WHEN NEW.salt IS NULL OR EXISTS (SELECT 1 FROM support_requests WHERE reference = NEW.reference)
BEGIN
    SELECT RAISE(ABORT, 'support requests are stored whole') WHERE NEW.salt IS NULL;
    SELECT RAISE(ABORT, 'this support request is already stored');
END;

CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
WHEN NOT (OLD.event = 'support_request.created' AND OLD.actor_salt IS NOT NULL AND NEW.actor_salt IS NULL AND NEW.actor_subject IS NULL
    AND NEW.chain IS OLD.chain AND NEW.sequence IS OLD.sequence AND NEW.previous IS OLD.previous
    AND NEW.event IS OLD.event AND NEW.occurred_at IS OLD.occurred_at AND NEW.workspace_id IS OLD.workspace_id
    AND NEW.tenant_id IS OLD.tenant_id AND NEW.reference IS OLD.reference AND NEW.primary_context_type IS OLD.primary_context_type
    AND NEW.primary_context_id IS OLD.primary_context_id AND NEW.severity IS OLD.severity AND NEW.attachment_mode IS OLD.attachment_mode
    AND NEW.attachment_reason IS OLD.attachment_reason AND NEW.request_id IS OLD.request_id AND NEW.record_digest IS OLD.record_digest
    AND NEW.trace_id IS OLD.trace_id AND NEW.details IS OLD.details AND NEW.actor_digest IS OLD.actor_digest
    AND NEW.digest IS OLD.digest
    AND EXISTS (SELECT 1 FROM audit_events WHERE reference = OLD.reference AND event = 'support_request.erased'))
BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END;

CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
BEGIN SELECT RAISE(ABORT, 'audit events are never removed'); END;

CREATE TRIGGER audit_events_no_second_nor_erased BEFORE INSERT ON audit_events
WHEN NEW.actor_salt IS NULL OR EXISTS (SELECT 1 FROM audit_events WHERE chain = NEW.chain AND sequence = NEW.sequence)
BEGIN
    SELECT RAISE(ABORT, 'audit events are stored whole') WHERE NEW.actor_salt IS NULL;
    SELECT RAISE(ABORT, 'this audit event is already stored');
END;

-- The record of an erasure is what erases: neither can be there without the other. It says of the request what that says
-- of itself.
CREATE TRIGGER audit_events_erases AFTER INSERT ON audit_events
WHEN NEW.event = 'support_request.erased'
BEGIN
    UPDATE support_requests SET summary = NULL, reproduction_notes = NULL, contact_name = NULL, contact_email = NULL,
        creator_subject = NULL, creator_name = NULL, salt = NULL,
        context = json_remove(context, '$.references', '$.diagnostics')
    WHERE reference = NEW.reference AND record_digest = NEW.record_digest AND salt IS NOT NULL
        AND workspace_id = NEW.workspace_id AND tenant_id = NEW.tenant_id
        AND primary_context_type = NEW.primary_context_type AND primary_context_id = NEW.primary_context_id
        AND severity = NEW.severity AND attachment_mode = NEW.attachment_mode
        AND attachment_reason = NEW.attachment_reason AND request_id = NEW.request_id;
    SELECT RAISE(ABORT, 'there is nothing to erase') WHERE changes() = 0;
    UPDATE audit_events SET actor_subject = NULL, actor_salt = NULL
    WHERE reference = NEW.reference AND event = 'support_request.created';
END;

-- Which write-ahead log belongs to this file (specs/decisions/0012). One row, rewritten in every commit; nothing of a request.
CREATE TABLE journal_state (
    one  INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    -- Another one with every commit.
    mark TEXT NOT NULL,
    -- What the file alone said when the log was begun, or 'open…' while the log is being copied into the file.
    base TEXT NOT NULL
) STRICT;
INSERT INTO journal_state (one, mark, base) VALUES (1, hex(randomblob(16)), 'open');
