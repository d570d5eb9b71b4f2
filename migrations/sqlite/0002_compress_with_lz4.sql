-- SQLite compresses nothing. Both databases have the same numbers, so that "schema 2" means one thing (specs/storage.md).
SELECT 1;
