//! What every role may do on PostgreSQL, but for the owner and superusers, who may do anything.

use sqlx::PgConnection;

use crate::store::StoreError;

/// Rights that let somebody change or remove what is stored, or make a trigger that does. Of PUBLIC, no right at all is
/// taken: nobody gave it one. Partitions can be written to by their own names.
const GRANTED: &str = "
    WITH ours AS (SELECT oid, relname, relowner, relacl FROM pg_class
            WHERE oid IN ('support_requests'::regclass, 'audit_events'::regclass)
                OR oid IN (SELECT relid FROM pg_partition_tree('support_requests'))
                OR oid IN (SELECT relid FROM pg_partition_tree('audit_events'))),
        given AS (
            SELECT relname, relowner, (aclexplode(relacl)).* FROM ours
            UNION ALL SELECT relname, relowner, (aclexplode(attacl)).* FROM ours JOIN pg_attribute ON attrelid = ours.oid
                WHERE attacl IS NOT NULL)
    SELECT DISTINCT CASE grantee WHEN 0 THEN 'everybody (PUBLIC)' ELSE 'the role ' || rolname END
        || ' has ' || privilege_type || ' on ' || relname
    FROM given LEFT JOIN pg_roles r ON r.oid = grantee
    WHERE grantee <> relowner AND rolsuper IS NOT TRUE
        AND (grantee = 0 OR privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'))
    ORDER BY 1";

/// Roles that can log in and have an owner's rights, or may take them. Since 16 a membership may give neither.
const MEMBERS: &str = "
    SELECT DISTINCT 'the role ' || rolname || ' is a member of ' || pg_get_userbyid(relowner) || ', which owns ' || relname
    FROM pg_class c, pg_roles r
    WHERE (c.oid IN ('support_requests'::regclass, 'audit_events'::regclass)
            OR c.oid IN (SELECT relid FROM pg_partition_tree('support_requests'))
            OR c.oid IN (SELECT relid FROM pg_partition_tree('audit_events')))
        AND rolcanlogin AND NOT rolsuper AND r.oid <> relowner
        AND CASE WHEN current_setting('server_version_num')::integer >= 160000
            THEN pg_has_role(r.oid, relowner, 'USAGE') OR pg_has_role(r.oid, relowner, $1)
            ELSE pg_has_role(r.oid, relowner, 'MEMBER') END
    ORDER BY 1";

/// Roles that may write every table there is (since 14).
const WRITE_ALL: &str = "
    SELECT 'the role ' || r.rolname || ' may write every table (pg_write_all_data)'
    FROM pg_roles r JOIN pg_roles w ON w.rolname = 'pg_write_all_data'
    WHERE r.rolcanlogin AND NOT r.rolsuper AND pg_has_role(r.oid, w.oid, 'USAGE')
    ORDER BY 1";

/// Whoever owns a function can change what a trigger does.
const OWNERS: &str = "
    SELECT DISTINCT 'the function ' || proname || ' belongs to ' || pg_get_userbyid(proowner) || ', the table '
        || relname || ' to ' || pg_get_userbyid(relowner)
    FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid JOIN pg_proc p ON p.oid = tgfoid
    WHERE tgrelid IN ('support_requests'::regclass, 'audit_events'::regclass) AND NOT tgisinternal AND proowner <> relowner
    UNION ALL SELECT 'the tables, or partitions of them, have different owners' FROM pg_class
    WHERE oid IN ('support_requests'::regclass, 'audit_events'::regclass)
        OR oid IN (SELECT relid FROM pg_partition_tree('support_requests'))
        OR oid IN (SELECT relid FROM pg_partition_tree('audit_events'))
    HAVING count(DISTINCT relowner) > 1
    ORDER BY 1";

pub(in crate::store) async fn look(connection: &mut PgConnection) -> Result<Vec<String>, StoreError> {
    let mut weak: Vec<String> = sqlx::query_scalar(GRANTED).fetch_all(&mut *connection).await?;
    weak.extend(sqlx::query_scalar::<_, String>(MEMBERS).bind("SET").fetch_all(&mut *connection).await?);
    weak.extend(sqlx::query_scalar::<_, String>(WRITE_ALL).fetch_all(&mut *connection).await?);
    weak.extend(sqlx::query_scalar::<_, String>(OWNERS).fetch_all(connection).await?);
    Ok(weak)
}
