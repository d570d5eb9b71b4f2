#!/usr/bin/env python3
"""Throughput and latency through HTTP against the bare database, in one run. Prints tables; judges nothing.

    benches/storage/run.py [--seconds 10] [--rounds 3] [--only postgres,sqlite,growth,schema] [--rows 1000000,5000000]
                           [--against BINARY]

Needs: target/release/support-requests (cargo build --release), wrk, openssl, PostgreSQL's programs and pgbench.
`schema` is what checks, types, triggers and indexes cost PostgreSQL, in processor time; `--against` an older build of the service, with its
own schema, in turn with this one.
Starts its own PostgreSQL with durable defaults (fsync and synchronous_commit stay on), in a folder on a real disk.
The load generator, the service and the database share the machine; the peers are measured in turn with the service.
"""
import argparse, json, os, pathlib, re, shutil, sqlite3, statistics, subprocess, sys, tempfile, time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import harness, peer
from harness import BINARY, PATH, ROOT, World, bundle


def write_load(world):
    """The load generator's script: the same request again and again, and a line of results at the end."""
    body = json.dumps(json.loads((HERE / "request.json").read_text()))
    lua = f"wrk.method='POST'\nwrk.body={json.dumps(body)}\nwrk.headers['Content-Type']='application/json'\nwrk.headers['Authorization']='Bearer {world.token}'\n"
    lua += ("done=function(s,l,r) io.write(string.format('RESULT %d %d %d %d %d %d\\n', s.requests, s.duration,"
        " s.errors.status+s.errors.connect+s.errors.read+s.errors.write+s.errors.timeout, l:percentile(50), l:percentile(99), l.max)) end\n")
    (world.folder / "load.lua").write_text(lua)


class Service(harness.Service):
    def load(self, clients, seconds):
        out = subprocess.run(["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "10s", "-s", self.world.folder / "load.lua",
                              f"http://127.0.0.1:{self.port}{PATH}"], check=True, capture_output=True, text=True).stdout
        requests, duration, errors, p50, p99, worst = map(int, re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", out).groups())
        if errors:
            print(f"  ! {errors} answers were not 2xx", file=sys.stderr)
        return {"tps": (requests - errors) / (duration / 1e6), "p50": p50 / 1000, "p99": p99 / 1000, "max": worst / 1000}


class Postgres(harness.Postgres):
    def plain(self, name="plain"):
        """A database with the plain schema."""
        self.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", "postgres")
        self.sql(f"CREATE DATABASE {name}", "postgres")
        self.sql("; ".join([*peer.plain(), "GRANT SELECT, INSERT ON support_requests, audit_events TO support_requests_app"]), name)
        self.sql("ALTER TABLE support_requests ALTER COLUMN context SET COMPRESSION lz4", name)

    def processor_us(self, name, group, times):
        """Processor time of the backend for one request, in microseconds, when groups of so many go in."""
        out = subprocess.run(self.psql(name), input=peer.session(group, times), check=True, capture_output=True, text=True).stdout.split()
        return (int(out[1]) - int(out[0])) * 10_000 / (group * times)

    def pgbench(self, clients, seconds, name="sr", group=1):
        """The two bare inserts of one request in a transaction: no HTTP, no token, no redaction, no digest."""
        script = self.data.parent / "peer.sql"
        script.write_text(peer.script(group))
        self.sql("CREATE SEQUENCE IF NOT EXISTS peer; GRANT USAGE ON SEQUENCE peer TO support_requests_app", name)
        out = subprocess.run(["pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "2" if clients > 1 else "1", "-T", str(seconds), "-h", "127.0.0.1",
                              "-p", str(self.port), "-U", "support_requests_app", "-f", script, "-l", "--log-prefix", str(self.data.parent / "pgb"), name],
                             check=True, capture_output=True, text=True, cwd=self.data.parent).stdout
        times = sorted(int(line.split()[2]) / 1000 for log in self.data.parent.glob("pgb.*") for line in log.open())
        for log in self.data.parent.glob("pgb.*"):
            log.unlink()
        return {"tps": float(re.search(r"tps = ([\d.]+)", out).group(1)), "p50": times[len(times) // 2], "p99": times[int(len(times) * 0.99)], "max": times[-1]}


def sqlite_peer(file, seconds):
    """A loop of durable two-insert transactions with the service's own settings."""
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "recursive_triggers=ON"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    statements, values = peer.in_sqlite()
    times, start, number = [], time.perf_counter(), connection.execute("SELECT count(*) FROM support_requests").fetchone()[0]
    while time.perf_counter() - start < seconds:
        number += 1
        began = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        for statement, row in zip(statements, values(number)):
            connection.execute(statement, row)
        connection.execute("COMMIT")
        times.append((time.perf_counter() - began) * 1000)
    connection.close()
    times.sort()
    return {"tps": len(times) / seconds, "p50": times[len(times) // 2], "p99": times[int(len(times) * 0.99)], "max": times[-1]}


def median(rows, key):
    return statistics.median(row[key] for row in rows)


def table(title, lines, peer):
    print(f"\n{title}\n{'':46}{'a second':>10}{'ratio':>8}{'p50 ms':>9}{'ratio':>8}{'p99 ms':>9}{'max ms':>9}", flush=True)
    for name, rows in lines:
        tps, p50 = median(rows, "tps"), median(rows, "p50")
        print(f"{name:46}{tps:10.0f}{tps / median(peer, 'tps'):8.2f}{p50:9.2f}{p50 / median(peer, 'p50'):8.2f}{median(rows, 'p99'):9.1f}{median(rows, 'max'):9.1f}", flush=True)


def postgres(world, pg, seconds, rounds):
    database = pg.fresh()
    pg.plain()
    service = Service(world, database)
    service.load(32, 2)
    runs = {name: [] for name in ("n8", "n32", "p8", "p32", "s32", "n1", "p1", "s1")}
    for _ in range(rounds):
        runs["n8"].append(pg.pgbench(8, seconds, "plain")); runs["p8"].append(pg.pgbench(8, seconds)); runs["s32"].append(service.load(32, seconds))
        runs["n32"].append(pg.pgbench(32, seconds, "plain")); runs["p32"].append(pg.pgbench(32, seconds))
        runs["n1"].append(pg.pgbench(1, seconds, "plain")); runs["p1"].append(pg.pgbench(1, seconds)); runs["s1"].append(service.load(1, seconds))
    best = max((runs["n8"], runs["n32"]), key=lambda rows: median(rows, "tps"))
    table("PostgreSQL, throughput (peer: pgbench's better on the plain schema)", [
        ("pgbench, plain schema, 8 clients", runs["n8"]), ("pgbench, plain schema, 32 clients", runs["n32"]), ("pgbench, own schema, 8 clients", runs["p8"]),
        ("pgbench, own schema, 32 clients", runs["p32"]), ("service through HTTP, 32 clients", runs["s32"])], best)
    table("PostgreSQL, one client", [("pgbench, plain schema, 1 client", runs["n1"]), ("pgbench, own schema, 1 client", runs["p1"]),
                                     ("service through HTTP, 1 client", runs["s1"])], runs["n1"])
    print(f"\npeak memory of the service under 32 clients: {service.peak_mib():.0f} MiB")
    service.stop()
    env = world.settings(database)
    print("verify:", subprocess.run([BINARY, "verify"], env=env, capture_output=True, text=True).stdout.strip() if not peers_in(pg) else "skipped: the peer's rows are no chain")


def schema(pg, rounds):
    """What the forms of the same promises cost the bare database, alone and in groups such as the service writes."""
    pg.fresh("own")
    for name, change in [("no_checks", peer.WITHOUT_CHECKS), ("no_triggers", peer.WITHOUT_TRIGGERS),
                         *((f"no_{index}", f"DROP INDEX {index}") for index in peer.INDEXES)]:
        pg.copy("own", name)
        pg.sql(change, name)
    pg.plain()
    pg.plain("checks")
    pg.sql("; ".join([*peer.in_checks(), peer.TABLE_CHECKS]), "checks")
    databases = {"plain": "plain schema", "checks": "plain, all promises as checks", "own": "own schema", "no_checks": "own, without its tables' checks",
                 "no_triggers": "own, without triggers", **{f"no_{index}": f"own, without {index}" for index in peer.INDEXES}}
    print(f"\nPostgreSQL, schemas: processor time of a request in the backend, prepared, in groups\n{'':46}" + "".join(f"{f'of {group}, µs':>12}{'ratio':>8}" for group in (1, 15)))
    # Rows are new each round: what is there already is as much for all.
    runs = {(name, group): [] for name in databases for group in (1, 15)}
    for place in range(rounds):
        for name in list(databases)[::1 if place % 2 == 0 else -1]:
            pg.copy(name, "measured")
            for group, times in ((1, 3000), (15, 400)):
                runs[name, group].append(pg.processor_us("measured", group, times))
                pg.copy(name, "measured")
    middle = {key: statistics.median(values) for key, values in runs.items()}
    for name, title in databases.items():
        print(f"{title:46}" + "".join(f"{middle[name, group]:12.0f}{middle[name, group] / middle['own', group]:8.2f}" for group in (1, 15)), flush=True)


def ticks(pids):
    """Processor time of processes so far, in microseconds."""
    stats = (pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split() for pid in pids)
    return sum(int(fields[11]) + int(fields[12]) for fields in stats) * 1_000_000 // os.sysconf("SC_CLK_TCK")


def against(world, pg, seconds, rounds, older):
    """This build and an older one, each on its own schema, in turn; then in the other order."""
    binaries = {"the older build": pathlib.Path(older), "this build": BINARY}
    sides = {"PostgreSQL": {name: pg.fresh(f"sr{place}", binary) for place, (name, binary) in enumerate(binaries.items())},
             "SQLite": {name: f"sqlite://{world.folder / f'{place}.db'}" for place, name in enumerate(binaries)}}
    for title, urls in sides.items():
        services = {name: Service(world, url, binaries[name]) for name, url in urls.items()}
        runs = {(name, clients): [] for name in services for clients in (32, 1)}
        for service in services.values():
            service.load(32, 2)
        for place in range(rounds):
            for name, service in list(services.items())[::1 if place % 2 == 0 else -1]:
                backend = pg.sql("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", urls[name].rsplit("/", 1)[1]).split() if title == "PostgreSQL" else []
                for clients in (32, 1):
                    before = ticks([service.process.pid]), ticks(backend)
                    run = service.load(clients, seconds)
                    stored = run["tps"] * seconds
                    run["service"], run["backend"] = ((after - before) / stored for after, before in zip((ticks([service.process.pid]), ticks(backend)), before))
                    runs[name, clients].append(run)
        for clients in (32, 1):
            used = (f"{name}: {median(runs[name, clients], 'service'):.0f} in the service, {median(runs[name, clients], 'backend'):.0f} in the writer's backend" for name in services)
            print(f"\n{title}, {clients} client(s), processor time of a request in µs, which hardly depends on what else runs: {'; '.join(used)}")
            table(f"{title}, {clients} client(s), through HTTP (peer: the older build)", [(name, runs[name, clients]) for name in services], runs["the older build", clients])
        for service in services.values():
            service.stop()


def peers_in(pg):
    return pg.sql("SELECT count(*) FROM audit_events WHERE chain LIKE 'PEER%'") != "0"


def sqlite(world, seconds, rounds):
    ours, theirs, plain = (world.folder / name for name in ("ours.db", "peer.db", "plain.db"))
    service = Service(world, f"sqlite://{ours}")
    Service(world, f"sqlite://{theirs}").stop()
    bare = sqlite3.connect(plain)
    bare.executescript("; ".join(peer.plain_sqlite()))
    bare.close()
    service.load(32, 2)
    runs = {"plain": [], "peer": [], "s32": [], "s1": []}
    for _ in range(rounds):
        runs["plain"].append(sqlite_peer(plain, seconds)); runs["peer"].append(sqlite_peer(theirs, seconds)); runs["s32"].append(service.load(32, seconds)); runs["s1"].append(service.load(1, seconds))
    table("SQLite (WAL, synchronous=FULL)", [
        ("loop of two-insert transactions, plain schema", runs["plain"]), ("the same, own schema", runs["peer"]),
        ("service through HTTP, 32 clients", runs["s32"]), ("service through HTTP, 1 client", runs["s1"])], runs["plain"])
    print(f"\npeak memory of the service under 32 clients: {service.peak_mib():.0f} MiB")
    service.stop()
    print("verify:", subprocess.run([BINARY, "verify"], env=world.settings(f"sqlite://{ours}"), capture_output=True, text=True).stdout.strip())


def growth(world, pg, seconds, rounds, sizes):
    """The cost of a create as the tables grow: the same load on an empty database and on full ones, in turn."""
    databases = [("empty", pg.fresh("sr"))]
    for rows in sizes:
        name = f"sr{rows}"
        url = pg.fresh(name)
        pg.sql(peer.fill(rows), name)
        pg.sql("VACUUM ANALYZE", name)
        databases.append((f"{rows:,} rows", url))
    services = [(name, Service(world, url), []) for name, url in databases]
    for _ in range(rounds):
        for _, service, runs in services:
            runs.append(service.load(32, seconds))
    table("PostgreSQL, growth (32 clients; peer: the empty table)", [(name, runs) for name, _, runs in services], services[0][2])
    for _, service, _ in services:
        service.stop()


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=int, default=10)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--only", default="postgres,sqlite,growth")
    options.add_argument("--against", metavar="BINARY", help="an older build, to compare with")
    options.add_argument("--rows", default="1000000,5000000")
    options.add_argument("--folder", default=str(ROOT / "target"), help="where data goes: a real disk, not a memory file system")
    given = options.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="bench-", dir=given.folder))
    # The database's user must be able to get there.
    os.chmod(folder, 0o755)
    for parent in [folder, *folder.parents]:
        if os.geteuid() == 0 and os.stat(parent).st_mode & 0o001 == 0:
            sys.exit(f"{parent} cannot be entered by the database's user: choose another --folder")
    parts, pg = given.only.split(","), None
    print(f"{os.cpu_count()} processors, {given.rounds} alternating rounds of {given.seconds} s, medians; RS256 tokens, a bundle of {len(json.dumps(bundle()))} bytes")
    try:
        world = World(folder)
        write_load(world)
        if {"postgres", "growth", "schema"} & set(parts) or given.against:
            pg = Postgres(folder)
        if "postgres" in parts:
            postgres(world, pg, given.seconds, given.rounds)
        if "schema" in parts:
            schema(pg, given.rounds)
        if given.against:
            against(world, pg, given.seconds, given.rounds, given.against)
        if "sqlite" in parts:
            sqlite(world, given.seconds, given.rounds)
        if "growth" in parts:
            growth(world, pg, given.seconds, given.rounds, [int(rows) for rows in given.rows.split(",")])
    finally:
        if pg:
            pg.stop()
        shutil.rmtree(folder, ignore_errors=True)


main()
