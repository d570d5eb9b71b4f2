#!/usr/bin/env python3
"""What each index costs a create, and what a query costs with and without it.

Processor time of the database alone (the backend's from /proc on PostgreSQL, this process's on SQLite) and bytes of write-ahead log, in groups as the
service writes them, on tables that are filled already. Times of the machine's disk are left out: indexes change how much is written, not how often.
Medians of alternating rounds. Needs a built binary for `migrate` (SUPPORT_REQUESTS_BINARY, any profile)."""
import argparse, os, pathlib, shutil, sqlite3, statistics, subprocess, sys, tempfile, time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE.parent))
from harness import BINARY, Postgres  # noqa: E402

REQUESTS, EVENTS = "support_requests", "audit_events"
INDEXES = {
    "workspace, tenant, reference": (REQUESTS, "workspace_id, tenant_id, reference", ""),
    "workspace, reference, tenant": (REQUESTS, "workspace_id, reference, tenant_id", ""),
    "creator": (REQUESTS, "creator_subject", "WHERE creator_subject IS NOT NULL"),
    "creator, reference": (REQUESTS, "creator_subject, reference", "WHERE creator_subject IS NOT NULL"),
    "contact": (REQUESTS, "lower(contact_email)", "WHERE contact_email IS NOT NULL"),
    "contact, reference": (REQUESTS, "lower(contact_email), reference", "WHERE contact_email IS NOT NULL"),
    "request id (random UUIDs)": (REQUESTS, "request_id", ""),
    "audit events: reference": (EVENTS, "reference", ""),
}
QUERIES = {
    "one creator": ("creator_subject = 'u-77'", "creator, reference"),
    "one contact address": ("contact_email IS NOT NULL AND lower(contact_email) = 'p77@acme.example'", "contact, reference"),
    "one tenant": ("workspace_id = 'w-3' AND tenant_id = 't-77'", "workspace, reference, tenant"),
    "one workspace": ("workspace_id = 'w-3'", "workspace, reference, tenant"),
    "one request id": ("request_id = 'none'", "request id (random UUIDs)"),
}
# 20 workspaces, 500 tenants, 10,000 people; one row in two has an address. Numbers are scattered by a multiplication.
PERSON, TENANT, PLACE = "(n * 7919 % 10000)", "(n * 31 % 500)", "(n * 31 % 20)"
PG_INSERT = f"""WITH batch AS MATERIALIZED (SELECT n, 'SR-7' || lpad(n::text, 25, '0') AS reference FROM generate_series((FROM_ROW)::bigint, TO_ROW) n),
 stored AS (INSERT INTO support_requests (reference, created_at, workspace_id, tenant_id, primary_context_type, primary_context_id, severity, attachment_mode, attachment_reason,
  request_id, summary, contact_email, creator_subject, context, salt, personal_digest, record_digest)
 SELECT reference, now(), 'w-' || {PLACE}, 't-' || {TENANT}, 'tenant', 't-' || {TENANT}, 'high', 'canonical_context_only', 'no_diagnostics', gen_random_uuid()::text,
  'Policy synchronisation fails', CASE n % 2 WHEN 0 THEN 'p' || {PERSON} || '@acme.example' END, 'u-' || {PERSON},
  '{{"schema_version": 1}}'::jsonb, repeat('0', 64), repeat('0', 64), repeat('0', 64) FROM batch)
INSERT INTO audit_events (chain, sequence, previous, event, occurred_at, workspace_id, tenant_id, reference, primary_context_type, primary_context_id, severity,
  attachment_mode, attachment_reason, request_id, record_digest, actor_subject, actor_salt, actor_digest, digest)
 SELECT 'PEER0000000000000000000000', n, repeat('0', 64), 'support_request.created', now(), 'w-' || {PLACE}, 't-' || {TENANT}, reference, 'tenant', 't-' || {TENANT}, 'high',
  'canonical_context_only', 'no_diagnostics', 'x', repeat('0', 64), 'u-' || {PERSON}, repeat('0', 64), repeat('0', 64), repeat('0', 64) FROM batch"""


def create(name):
    table, columns, where = INDEXES[name]
    return f"CREATE INDEX tried ON {table} ({columns}) {where}"


class Session:
    """One psql that stays, so that its backend's processor time can be read."""

    def __init__(self, pg):
        self.psql = subprocess.Popen(["psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(pg.port), "-U", "super", "-d", "sr"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.pid = int(self.ask("SELECT pg_backend_pid()"))

    def ask(self, sql):
        self.psql.stdin.write(sql + ";\n\\echo done\n")
        self.psql.stdin.flush()
        lines = []
        while (line := self.psql.stdout.readline().rstrip("\n")) != "done":
            lines.append(line)
        return "\n".join(lines)

    def cpu(self):
        """Microseconds."""
        fields = open(f"/proc/{self.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * 1_000_000 / os.sysconf("SC_CLK_TCK")


def postgres(folder, rows, creates, rounds):
    pg = Postgres(folder)
    try:
        pg.fresh()
        session = Session(pg)
        for index in ("support_requests_tenant", "support_requests_workspace", "support_requests_creator", "support_requests_contact", "audit_events_reference"):
            session.ask(f"DROP INDEX IF EXISTS {index}")
        session.ask("SET synchronous_commit = off; SET client_min_messages = warning; ALTER SYSTEM SET max_wal_size = '8GB'")
        session.ask("SELECT pg_reload_conf()")
        last = 0
        while last < rows:
            session.ask(PG_INSERT.replace("FROM_ROW", str(last + 1)).replace("TO_ROW", str(last + 20_000)))
            last += 20_000
        session.ask("VACUUM ANALYZE")
        seen = {name: ([], []) for name in ["none", *INDEXES]}
        for _ in range(rounds):
            for name, (cpu, wal) in seen.items():
                if name != "none":
                    session.ask(create(name))
                began, at = session.cpu(), session.ask("SELECT pg_current_wal_insert_lsn()")
                session.ask(f"DO $$ BEGIN FOR g IN 0..{creates // 16 - 1} LOOP {PG_INSERT.replace('FROM_ROW', f'{last} + g * 16 + 1').replace('TO_ROW', f'{last} + g * 16 + 16')}; END LOOP; END $$")
                cpu.append((session.cpu() - began) / creates)
                wal.append(float(session.ask(f"SELECT pg_current_wal_insert_lsn() - '{at}'::pg_lsn")) / creates)
                last += creates
                session.ask("DROP INDEX IF EXISTS tried")
        table("PostgreSQL", seen, "bytes of log")
        session.ask("VACUUM ANALYZE")
        print(f"\nPostgreSQL, {last:,} rows: the first page of 1,024, in ms without and with its index")
        for name, (where, index) in QUERIES.items():
            times, plan = [], ""
            for index in (None, index):
                if index:
                    session.ask(create(index))
                    session.ask("ANALYZE")
                sql = f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY ON) SELECT * FROM support_requests WHERE {where} AND reference >= '' ORDER BY reference, workspace_id LIMIT 1024"
                plan = min((session.ask(sql) for _ in range(3)), key=lambda text: float(text.split("Execution Time: ")[1].split()[0]))
                times.append(float(plan.split("Execution Time: ")[1].split()[0]))
            print(f"{name:24}{times[0]:10.2f}{times[1]:10.2f}   {[line.strip(' ->') for line in plan.splitlines() if 'Index' in line or 'Scan' in line][0].split(' (')[0]}")
            session.ask("DROP INDEX IF EXISTS tried")
    finally:
        pg.stop()


def sqlite(folder, rows, creates, rounds):
    file = folder / "indexes.db"
    subprocess.run([BINARY, "migrate"], env={"SUPPORT_REQUESTS_DATABASE_URL": f"sqlite://{file}"}, check=True, capture_output=True)
    connection = sqlite3.connect(file, isolation_level=None)
    # The checks cost the same with every index, and the library of Python may be too old for one of them.
    for pragma in ("journal_mode=WAL", "synchronous=OFF", "recursive_triggers=ON", "ignore_check_constraints=ON"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    for (index,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL").fetchall():
        connection.execute(f"DROP INDEX {index}")
    names = [[row[1] for row in connection.execute(f"PRAGMA table_info({table})")] for table in (REQUESTS, EVENTS)]
    put = [f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(':' + c for c in columns)})" for table, columns in zip((REQUESTS, EVENTS), names)]
    digest = "0" * 64

    def row(n):
        person, tenant = n * 7919 % 10000, f"t-{n * 31 % 500}"
        shared = dict(reference=f"SR-7{n:025d}", workspace_id=f"w-{n * 31 % 20}", tenant_id=tenant, primary_context_type="tenant", primary_context_id=tenant, severity="high",
                      attachment_mode="canonical_context_only", attachment_reason="no_diagnostics", record_digest=digest)
        when = "2026-01-31T09:00:00.000Z"
        return (dict(shared, created_at=when, request_id=os.urandom(16).hex(), summary="Policy synchronisation fails", reproduction_notes=None, contact_name=None,
                     contact_email=f"p{person}@acme.example" if n % 2 == 0 else None, creator_subject=f"u-{person}", creator_name=None, context='{"schema_version":1}', salt=digest, personal_digest=digest),
                dict(shared, chain="PEER0000000000000000000000", sequence=n, previous=digest, event="support_request.created", occurred_at=when, request_id="x", trace_id=None, details=None,
                     actor_subject=f"u-{person}", actor_salt=digest, actor_digest=digest, digest=digest))

    def fill(start, count):
        groups = [[row(n) for n in range(at, at + 16)] for at in range(start, start + count, 16)]
        began = time.process_time()
        for group in groups:
            connection.execute("BEGIN IMMEDIATE")
            for which in (0, 1):
                connection.executemany(put[which], [pair[which] for pair in group])
            connection.execute("COMMIT")
        return (time.process_time() - began) * 1_000_000 / count

    def pages():
        return connection.execute("SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size").fetchone()[0]

    last = 1
    while last < rows:
        fill(last, 20_000)
        last += 20_000
    seen = {name: ([], []) for name in ["none", *INDEXES]}
    for _ in range(rounds):
        for name, (cpu, size) in seen.items():
            if name != "none":
                connection.execute(create(name))
            before = pages()
            cpu.append(fill(last, creates))
            size.append((pages() - before) / creates)
            last += creates
            connection.execute("DROP INDEX IF EXISTS tried")
    table("SQLite", seen, "bytes of file")
    print(f"\nSQLite, {last:,} rows: the first page of 1,024, in ms without and with its index")
    for name, (where, index) in QUERIES.items():
        times, sql = [], f"SELECT * FROM support_requests WHERE {where} AND reference >= '' ORDER BY reference, workspace_id LIMIT 1024"
        for index in (None, index):
            if index:
                connection.execute(create(index))
                connection.execute("ANALYZE")
            began = time.perf_counter()
            connection.execute(sql).fetchall()
            times.append((time.perf_counter() - began) * 1000)
        print(f"{name:24}{times[0]:10.2f}{times[1]:10.2f}   {'; '.join(row[3] for row in connection.execute('EXPLAIN QUERY PLAN ' + sql))}")
        connection.execute("DROP INDEX tried")
        connection.execute("DROP TABLE IF EXISTS sqlite_stat1")
    connection.close()


def table(title, seen, size):
    none = statistics.median(seen["none"][0]), statistics.median(seen["none"][1])
    print(f"\n{title}: a create {none[0]:.1f} µs of the database's processor time, {none[1]:.0f} {size}, without any of them\n{'':34}{'µs more':>10}{size + ' more':>22}")
    for name, (cpu, bytes_) in list(seen.items())[1:]:
        more = [one - other for one, other in zip(cpu, seen["none"][0])]
        print(f"{name:34}{statistics.median(more):10.1f}{statistics.median(bytes_) - none[1]:22.0f}", flush=True)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=400_000)
    options.add_argument("--creates", type=int, default=32_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--only", default="postgres,sqlite")
    options.add_argument("--folder", default=str(ROOT / "target"))
    given = options.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="bench-", dir=given.folder))
    os.chmod(folder, 0o755)
    try:
        for name, run in (("postgres", postgres), ("sqlite", sqlite)):
            if name in given.only.split(","):
                run(folder, given.rows, given.creates, given.rounds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


main()
