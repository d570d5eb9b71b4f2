-- One row a support request and one a thing that happened to it, written once. One change is let through, once a row:
-- what is personal is erased (specs/decisions/0014-erasable-by-commitment.md).
-- The workspace is in both keys, so that the tables can be distributed by it, and the reference, which starts with the
-- time, leads the first one, so that they can be partitioned by range (specs/scale.md); neither costs anything today.

-- Types, not checks: PostgreSQL reads a table's checks anew for each statement, a type once a session.
CREATE TYPE primary_context_type AS ENUM ('tenant', 'operation_run');
CREATE TYPE severity AS ENUM ('low', 'normal', 'high', 'blocking');
CREATE TYPE attachment_mode AS ENUM ('diagnostic_snapshot_attached', 'canonical_context_only');
CREATE TYPE attachment_reason AS ENUM
    ('attached', 'capability_missing', 'not_requested', 'no_diagnostics', 'diagnostics_unavailable', 'diagnostics_rejected');
CREATE TYPE event AS ENUM
    ('support_request.created', 'support_request.erased', 'archive.restored', 'archive.cut', 'archive.partition_dropped');
-- Bytes, not characters, and no pattern: each is asked for every row, and what is let in is ASCII.
CREATE DOMAIN support_reference AS text COLLATE "C" CHECK (octet_length(VALUE) = 29 AND VALUE < 'SR-8'
    AND rtrim(VALUE, '0123456789ABCDEFGHJKMNPQRSTVWXYZ') = 'SR-');
CREATE DOMAIN path_id AS text COLLATE "C" CHECK (octet_length(VALUE) BETWEEN 1 AND 64);
CREATE DOMAIN audit_chain AS text COLLATE "C" CHECK (octet_length(VALUE) = 26);
CREATE DOMAIN hex_digest AS text COLLATE "C" CHECK (octet_length(VALUE) = 64);
CREATE DOMAIN filled_text AS text CHECK (VALUE <> '');
CREATE DOMAIN json_object AS jsonb CHECK (jsonb_typeof(VALUE) = 'object');

CREATE TABLE support_requests (
    reference            support_reference    NOT NULL,
    created_at           timestamptz(3)       NOT NULL,
    workspace_id         path_id              NOT NULL,
    tenant_id            path_id              NOT NULL,
    primary_context_type primary_context_type NOT NULL,
    primary_context_id   path_id              NOT NULL,
    severity             severity             NOT NULL,
    attachment_mode      attachment_mode      NOT NULL,
    attachment_reason    attachment_reason    NOT NULL,
    request_id           filled_text          NOT NULL,
    -- Personal, and the salt of the commitment to it: absent only once they are erased.
    summary              filled_text,
    reproduction_notes   text,
    contact_name         text,
    contact_email        text,
    creator_subject      filled_text,
    creator_name         text,
    context              json_object          NOT NULL,
    salt                 hex_digest,
    personal_digest      hex_digest           NOT NULL,
    record_digest        hex_digest           NOT NULL,
    PRIMARY KEY (reference, workspace_id),
    CHECK ((attachment_mode = 'diagnostic_snapshot_attached') = (attachment_reason = 'attached')),
    CHECK (primary_context_type <> 'tenant' OR primary_context_id = tenant_id),
    CHECK (CASE WHEN salt IS NULL
        THEN num_nonnulls(summary, reproduction_notes, contact_name, contact_email, creator_subject, creator_name) = 0
        ELSE num_nulls(summary, creator_subject) = 0 END)
);

CREATE TABLE audit_events (
    chain                audit_chain          NOT NULL,
    sequence             bigint               NOT NULL CHECK (sequence > 0),
    previous             hex_digest           NOT NULL,
    event                event                NOT NULL,
    occurred_at          timestamptz(3)       NOT NULL,
    workspace_id         text COLLATE "C"     NOT NULL,
    tenant_id            path_id,
    reference            support_reference,
    primary_context_type primary_context_type,
    primary_context_id   path_id,
    severity             severity,
    attachment_mode      attachment_mode,
    attachment_reason    attachment_reason,
    request_id           filled_text,
    record_digest        hex_digest,
    trace_id             text COLLATE "C",
    details              json_object,
    -- Personal, and the salt of the commitment to it: absent only once they are erased.
    actor_subject        filled_text,
    actor_salt           hex_digest,
    actor_digest         hex_digest           NOT NULL,
    digest               hex_digest           NOT NULL,
    PRIMARY KEY (chain, sequence, workspace_id),
    -- About one support request, or about the archive as a whole.
    CHECK (CASE WHEN event IN ('support_request.created', 'support_request.erased')
        THEN workspace_id <> '' AND num_nulls(tenant_id, reference, primary_context_type, primary_context_id, severity,
            attachment_mode, attachment_reason, request_id, record_digest) = 0
        ELSE workspace_id = '' AND num_nonnulls(tenant_id, reference, primary_context_type, primary_context_id, severity,
            attachment_mode, attachment_reason, request_id, record_digest) = 0 END),
    CHECK ((actor_salt IS NULL) = (actor_subject IS NULL))
);

-- Whose they are, for `erase` and `export`; what each costs a create is in specs/performance.md.
CREATE INDEX support_requests_tenant ON support_requests (workspace_id, reference, tenant_id);
CREATE INDEX support_requests_creator ON support_requests (creator_subject) WHERE creator_subject IS NOT NULL;
CREATE INDEX support_requests_contact ON support_requests (lower(contact_email)) WHERE contact_email IS NOT NULL;
CREATE INDEX audit_events_reference ON audit_events (reference);

-- ANALYZE would copy values of these columns into pg_statistic, where nobody erases them.
ALTER TABLE support_requests
    ALTER COLUMN summary SET STATISTICS 0,
    ALTER COLUMN reproduction_notes SET STATISTICS 0,
    ALTER COLUMN contact_name SET STATISTICS 0,
    ALTER COLUMN contact_email SET STATISTICS 0,
    ALTER COLUMN creator_subject SET STATISTICS 0,
    ALTER COLUMN creator_name SET STATISTICS 0,
    ALTER COLUMN context SET STATISTICS 0,
    ALTER COLUMN salt SET STATISTICS 0;
ALTER TABLE audit_events
    ALTER COLUMN actor_subject SET STATISTICS 0,
    ALTER COLUMN actor_salt SET STATISTICS 0;
ALTER INDEX support_requests_contact ALTER COLUMN 1 SET STATISTICS 0;

CREATE FUNCTION support_requests_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: what is stored is never changed', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END;
$$;

-- Lets one change through: what is personal goes, everything else stays to the byte (*=), and it is on record.
CREATE FUNCTION support_requests_only_erase() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    erased support_requests := OLD;
BEGIN
    erased.summary := NULL;
    erased.reproduction_notes := NULL;
    erased.contact_name := NULL;
    erased.contact_email := NULL;
    erased.creator_subject := NULL;
    erased.creator_name := NULL;
    erased.salt := NULL;
    erased.context := OLD.context - 'references' - 'diagnostics';
    IF OLD.salt IS NOT NULL AND NEW *= erased AND EXISTS (
        SELECT 1 FROM audit_events a
        WHERE a.reference = OLD.reference AND a.workspace_id = OLD.workspace_id AND a.event = 'support_request.erased'
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% on % is refused: what is stored is never changed', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END;
$$;

CREATE FUNCTION audit_events_only_erase() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    erased audit_events := OLD;
BEGIN
    erased.actor_subject := NULL;
    erased.actor_salt := NULL;
    IF OLD.event = 'support_request.created' AND OLD.actor_salt IS NOT NULL AND NEW *= erased AND EXISTS (
        SELECT 1 FROM audit_events a
        WHERE a.reference = OLD.reference AND a.workspace_id = OLD.workspace_id AND a.event = 'support_request.erased'
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% on % is refused: what is stored is never changed', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END;
$$;

-- The record of an erasure is what erases: neither can be there without the other. It says of the request what that says
-- of itself. It runs with the rights of whoever inserts the record, and the service's own role may not update.
CREATE FUNCTION audit_events_erase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE support_requests SET summary = NULL, reproduction_notes = NULL, contact_name = NULL, contact_email = NULL,
        creator_subject = NULL, creator_name = NULL, salt = NULL, context = context - 'references' - 'diagnostics'
    WHERE reference = NEW.reference AND workspace_id = NEW.workspace_id AND record_digest = NEW.record_digest
        AND salt IS NOT NULL AND tenant_id = NEW.tenant_id
        AND primary_context_type = NEW.primary_context_type AND primary_context_id = NEW.primary_context_id
        AND severity = NEW.severity AND attachment_mode = NEW.attachment_mode
        AND attachment_reason = NEW.attachment_reason AND request_id = NEW.request_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is nothing to erase in %', NEW.reference USING ERRCODE = 'restrict_violation';
    END IF;
    UPDATE audit_events SET actor_subject = NULL, actor_salt = NULL
    WHERE reference = NEW.reference AND workspace_id = NEW.workspace_id AND event = 'support_request.created';
    RETURN NULL;
END;
$$;

-- Whoever may set a search_path or make temporary tables must not be able to put others in the place of what these name.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['support_requests_refuse_change', 'support_requests_only_erase', 'audit_events_only_erase',
        'audit_events_erase']
    LOOP
        EXECUTE format('ALTER FUNCTION %I() SET search_path = pg_catalog, %I, pg_temp', name, current_schema());
    END LOOP;
END;
$$;

CREATE TRIGGER support_requests_no_erased BEFORE INSERT ON support_requests
    FOR EACH ROW WHEN (NEW.salt IS NULL) EXECUTE FUNCTION support_requests_refuse_change();
CREATE TRIGGER support_requests_no_update BEFORE UPDATE ON support_requests
    FOR EACH ROW EXECUTE FUNCTION support_requests_only_erase();
CREATE TRIGGER support_requests_no_delete BEFORE DELETE ON support_requests
    FOR EACH ROW EXECUTE FUNCTION support_requests_refuse_change();
CREATE TRIGGER support_requests_no_truncate BEFORE TRUNCATE ON support_requests
    FOR EACH STATEMENT EXECUTE FUNCTION support_requests_refuse_change();
CREATE TRIGGER audit_events_no_erased BEFORE INSERT ON audit_events
    FOR EACH ROW WHEN (NEW.actor_salt IS NULL) EXECUTE FUNCTION support_requests_refuse_change();
CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION audit_events_only_erase();
CREATE TRIGGER audit_events_no_delete BEFORE DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION support_requests_refuse_change();
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION support_requests_refuse_change();
CREATE TRIGGER audit_events_erases AFTER INSERT ON audit_events
    FOR EACH ROW WHEN (NEW.event = 'support_request.erased') EXECUTE FUNCTION audit_events_erase();

-- ALWAYS: also with session_replication_role = replica, which a superuser may set.
ALTER TABLE support_requests ENABLE ALWAYS TRIGGER support_requests_no_erased;
ALTER TABLE support_requests ENABLE ALWAYS TRIGGER support_requests_no_update;
ALTER TABLE support_requests ENABLE ALWAYS TRIGGER support_requests_no_delete;
ALTER TABLE support_requests ENABLE ALWAYS TRIGGER support_requests_no_truncate;
ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_no_erased;
ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_no_update;
ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_no_delete;
ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_no_truncate;
ALTER TABLE audit_events ENABLE ALWAYS TRIGGER audit_events_erases;

REVOKE ALL ON support_requests, audit_events FROM PUBLIC;
