-- One row a support request and one a thing that happened to it, written once and never touched again.
-- The workspace is in both keys, so that the tables can be distributed by it, and the reference, which starts with the
-- time, leads the first one, so that they can be partitioned by range (specs/scale.md); neither costs anything today.

CREATE TABLE support_requests (
    reference            text        NOT NULL COLLATE "C" CHECK (reference ~ '^SR-[0-7][0-9A-HJKMNP-TV-Z]{25}$'),
    created_at           timestamptz NOT NULL CHECK (created_at = date_trunc('milliseconds', created_at)),
    workspace_id         text        NOT NULL COLLATE "C" CHECK (length(workspace_id) BETWEEN 1 AND 64),
    tenant_id            text        NOT NULL COLLATE "C" CHECK (length(tenant_id) BETWEEN 1 AND 64),
    primary_context_type text        NOT NULL CHECK (primary_context_type IN ('tenant', 'operation_run')),
    primary_context_id   text        NOT NULL COLLATE "C" CHECK (length(primary_context_id) BETWEEN 1 AND 64),
    severity             text        NOT NULL CHECK (severity IN ('low', 'normal', 'high', 'blocking')),
    summary              text        NOT NULL CHECK (summary <> ''),
    reproduction_notes   text,
    contact_name         text,
    contact_email        text,
    creator_subject      text        NOT NULL CHECK (creator_subject <> ''),
    creator_name         text,
    attachment_mode      text        NOT NULL CHECK (attachment_mode IN ('diagnostic_snapshot_attached', 'canonical_context_only')),
    attachment_reason    text        NOT NULL CHECK (attachment_reason IN
        ('attached', 'capability_missing', 'not_requested', 'no_diagnostics', 'diagnostics_unavailable', 'diagnostics_rejected')),
    request_id           text        NOT NULL CHECK (request_id <> ''),
    context              jsonb       NOT NULL CHECK (jsonb_typeof(context) = 'object'),
    record_digest        text        NOT NULL COLLATE "C" CHECK (length(record_digest) = 64),
    PRIMARY KEY (reference, workspace_id),
    CHECK ((attachment_mode = 'diagnostic_snapshot_attached') = (attachment_reason = 'attached')),
    CHECK (primary_context_type <> 'tenant' OR primary_context_id = tenant_id)
);

CREATE TABLE audit_events (
    chain                text        NOT NULL COLLATE "C" CHECK (length(chain) = 26),
    sequence             bigint      NOT NULL CHECK (sequence > 0),
    previous             text        NOT NULL COLLATE "C" CHECK (length(previous) = 64),
    event                text        NOT NULL CHECK (event = 'support_request.created'),
    occurred_at          timestamptz NOT NULL CHECK (occurred_at = date_trunc('milliseconds', occurred_at)),
    actor_subject        text        NOT NULL CHECK (actor_subject <> ''),
    actor_name           text,
    workspace_id         text        NOT NULL COLLATE "C",
    tenant_id            text        NOT NULL COLLATE "C",
    reference            text        NOT NULL COLLATE "C",
    primary_context_type text        NOT NULL CHECK (primary_context_type IN ('tenant', 'operation_run')),
    primary_context_id   text        NOT NULL COLLATE "C",
    severity             text        NOT NULL CHECK (severity IN ('low', 'normal', 'high', 'blocking')),
    attachment_mode      text        NOT NULL CHECK (attachment_mode IN ('diagnostic_snapshot_attached', 'canonical_context_only')),
    attachment_reason    text        NOT NULL CHECK (attachment_reason IN
        ('attached', 'capability_missing', 'not_requested', 'no_diagnostics', 'diagnostics_unavailable', 'diagnostics_rejected')),
    request_id           text        NOT NULL CHECK (request_id <> ''),
    record_digest        text        NOT NULL COLLATE "C" CHECK (length(record_digest) = 64),
    digest               text        NOT NULL COLLATE "C" CHECK (length(digest) = 64),
    PRIMARY KEY (chain, sequence, workspace_id)
);

CREATE FUNCTION support_requests_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: what is stored is never changed', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END;
$$;

CREATE TRIGGER support_requests_no_change BEFORE UPDATE OR DELETE ON support_requests
    FOR EACH ROW EXECUTE FUNCTION support_requests_refuse_change();
CREATE TRIGGER support_requests_no_truncate BEFORE TRUNCATE ON support_requests
    FOR EACH STATEMENT EXECUTE FUNCTION support_requests_refuse_change();
CREATE TRIGGER audit_events_no_change BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION support_requests_refuse_change();
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION support_requests_refuse_change();

-- ALWAYS: also with session_replication_role = replica, which a superuser may set.
ALTER TABLE support_requests ENABLE ALWAYS TRIGGER support_requests_no_change;
ALTER TABLE support_requests ENABLE ALWAYS TRIGGER support_requests_no_truncate;
ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_no_change;
ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_no_truncate;

REVOKE ALL ON support_requests, audit_events FROM PUBLIC;
