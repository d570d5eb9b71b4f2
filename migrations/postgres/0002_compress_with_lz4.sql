-- Compressing the context is a seventh of what PostgreSQL does for a request with its own pglz, and next to nothing with
-- LZ4. Servers before 14 do not know the setting, and some are built without LZ4: there pglz stays, nothing else changes.
DO $$
BEGIN
    EXECUTE 'ALTER TABLE support_requests ALTER COLUMN context SET COMPRESSION lz4';
EXCEPTION
    WHEN feature_not_supported OR syntax_error THEN NULL;
END;
$$;
