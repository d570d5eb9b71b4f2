#!/usr/bin/env python3
"""Throughput and latency through HTTP against the bare database, in one run. Prints tables; judges nothing.

    benches/storage/run.py --quick [--grown FOLDER] [--against BINARY]     what specs/performance.md promises, in some four minutes
    benches/storage/run.py [--seconds 10] [--rounds 3] [--only postgres,sqlite,growth,schema,instructions,bare] [--against BINARY]

Needs: target/release/support-requests (cargo build --release), wrk, openssl, PostgreSQL's programs and pgbench; valgrind for `instructions`.
`schema` is what checks, types, triggers and indexes cost PostgreSQL, in processor time; `--against` an older build of the service, with its
own schema, in turn with this one. `--grown` keeps the filled databases of `growth` in a folder, for filling them takes longer than the rest: run
`--only growth --rounds 0 --grown FOLDER` before. Without it `--quick` leaves growth out. `bare` is the least that could answer (bare.py, and
cargo build --release --example bare_service), beside the service and pgbench.
Starts its own PostgreSQL with durable defaults (fsync and synchronous_commit stay on), in a folder on a real disk.
The load generator, the service and the database share the machine; the peers are measured in turn with the service. No caller repeats a token,
a body or a bundle (load.py).
"""
import argparse, hashlib, os, pathlib, re, shutil, sqlite3, statistics, subprocess, sys, tempfile, time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
import bare, harness, instructions, peer, schema
from harness import BINARY, ROOT
from load import Service, World, ticks
from reach import median, reach, table


class Postgres(harness.Postgres):
    def plain(self, name="plain"):
        """A database with the plain schema."""
        self.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", "postgres")
        self.sql(f"CREATE DATABASE {name}", "postgres")
        self.sql("; ".join([*peer.plain(), "GRANT SELECT, INSERT ON support_requests, audit_events TO support_requests_app"]), name)
        self.sql("ALTER TABLE support_requests ALTER COLUMN context SET COMPRESSION lz4", name)

    def pgbench(self, clients, seconds, name="sr", as_parameters=False):
        """The two bare inserts of one request in a transaction: no HTTP, no token, no redaction, no digest."""
        script = self.data.parent / "peer.sql"
        script.write_text(peer.script(as_parameters=as_parameters))
        defined = ["-D", f"context={peer.CONTEXT}"] if as_parameters else []
        self.sql("CREATE SEQUENCE IF NOT EXISTS peer; GRANT USAGE ON SEQUENCE peer TO support_requests_app", name)
        out = subprocess.run(["pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "2" if clients > 1 else "1", "-T", str(seconds), "-h", "127.0.0.1",
                              "-p", str(self.port), "-U", "support_requests_app", "-f", script, *defined, "-l", "--log-prefix", str(self.data.parent / "pgb"), name],
                             check=True, capture_output=True, text=True, cwd=self.data.parent).stdout
        times = sorted(int(line.split()[2]) / 1000 for log in self.data.parent.glob("pgb.*") for line in log.open())
        for log in self.data.parent.glob("pgb.*"):
            log.unlink()
        return {"tps": float(re.search(r"tps = ([\d.]+)", out).group(1)), "p50": times[len(times) // 2], "p99": times[int(len(times) * 0.99)], "max": times[-1]}

    def backends(self, database):
        return self.sql("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", database).split()


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


def in_turn(steps, rounds):
    """Every step once a round, in one order and then in the other."""
    runs = {name: [] for name in steps}
    for place in range(rounds):
        for name in list(steps)[::1 if place % 2 == 0 else -1]:
            runs[name].append(steps[name]())
    return runs


def verified(world, database):
    return subprocess.run([BINARY, "verify"], env=world.settings(database), capture_output=True, text=True).stdout.strip()


def postgres(world, pg, seconds, rounds, found):
    """On PostgreSQL. Own rows and the peer's are in databases of their own, so that the service's can be verified."""
    database = pg.fresh()
    pg.fresh("own")
    pg.plain()
    service = Service(world, database)
    service.load(32, 2)
    runs = in_turn({
        "n8": lambda: pg.pgbench(8, seconds, "plain"), "n32": lambda: pg.pgbench(32, seconds, "plain"), "s32": lambda: service.load(32, seconds),
        "p8": lambda: pg.pgbench(8, seconds, "own"), "p32": lambda: pg.pgbench(32, seconds, "own"),
        "v32": lambda: pg.pgbench(32, seconds, "plain", as_parameters=True),
        "n1": lambda: pg.pgbench(1, seconds, "plain"), "s1": lambda: service.load(1, seconds), "p1": lambda: pg.pgbench(1, seconds, "own")}, rounds)
    best = lambda *names: max((runs[name] for name in names), key=lambda rows: median(rows, "tps"))
    plain, own = best("n8", "n32"), best("p8", "p32")
    table("PostgreSQL, throughput (peer: pgbench's better on the plain schema)", [
        ("pgbench, plain schema, 8 clients", runs["n8"]), ("pgbench, plain schema, 32 clients", runs["n32"]), ("the same, contexts as parameters", runs["v32"]),
        ("pgbench, own schema, 8 clients", runs["p8"]), ("pgbench, own schema, 32 clients", runs["p32"]), ("service through HTTP, 32 clients", runs["s32"])], plain)
    table("PostgreSQL, one client", [("pgbench, plain schema, 1 client", runs["n1"]), ("pgbench, own schema, 1 client", runs["p1"]),
                                     ("service through HTTP, 1 client", runs["s1"])], runs["n1"])
    found |= {"pg": runs["s32"], "pg plain": plain, "pg own": own, "pg one": runs["s1"], "pg plain one": runs["n1"], "pg MiB": service.peak_mib()}
    print(f"\npeak memory of the service: {service.peak_mib():.0f} MiB")
    service.stop()
    print("verify:", verified(world, database))


def sqlite(world, seconds, rounds, found):
    ours, theirs, plain = (world.folder / name for name in ("ours.db", "peer.db", "plain.db"))
    service = Service(world, f"sqlite://{ours}")
    Service(world, f"sqlite://{theirs}").stop()
    bare = sqlite3.connect(plain)
    bare.executescript("; ".join(peer.plain_sqlite()))
    bare.close()
    service.load(32, 2)
    runs = in_turn({"plain": lambda: sqlite_peer(plain, seconds), "s32": lambda: service.load(32, seconds), "peer": lambda: sqlite_peer(theirs, seconds),
                    "s1": lambda: service.load(1, seconds)}, rounds)
    table("SQLite (WAL, synchronous=FULL)", [
        ("loop of two-insert transactions, plain schema", runs["plain"]), ("the same, own schema", runs["peer"]),
        ("service through HTTP, 32 clients", runs["s32"]), ("service through HTTP, 1 client", runs["s1"])], runs["plain"])
    found |= {"sqlite": runs["s32"], "sqlite plain": runs["plain"], "sqlite one": runs["s1"], "sqlite MiB": service.peak_mib()}
    print(f"\npeak memory of the service: {service.peak_mib():.0f} MiB")
    service.stop()
    print("verify:", verified(world, f"sqlite://{ours}"))


def against(world, pg, seconds, rounds, older):
    """This build and an older one, each on its own schema, in turn; then in the other order."""
    binaries = {"the older build": pathlib.Path(older), "this build": BINARY}
    sides = {"PostgreSQL": {name: pg.fresh(f"sr{place}", binary) for place, (name, binary) in enumerate(binaries.items())},
             "SQLite": {name: f"sqlite://{world.folder / f'{place}.db'}" for place, name in enumerate(binaries)}}
    for title, urls in sides.items():
        services = {name: Service(world, url, binaries[name]) for name, url in urls.items()}
        for service in services.values():
            service.load(32, 2)

        def step(name, clients):
            backend = pg.backends(urls[name].rsplit("/", 1)[1]) if title == "PostgreSQL" else []
            pids = [services[name].process.pid]
            before = ticks(pids), ticks(backend)
            run = services[name].load(clients, seconds)
            stored = run["tps"] * seconds
            return run | {"service": (ticks(pids) - before[0]) / stored, "backend": (ticks(backend) - before[1]) / stored}
        runs = in_turn({(name, clients): lambda name=name, clients=clients: step(name, clients) for name in services for clients in (32, 1)}, rounds)
        for clients in (32, 1):
            used = (f"{name}: {median(runs[name, clients], 'service'):.0f} in the service, {median(runs[name, clients], 'backend'):.0f} in the writer's backend" for name in services)
            print(f"\n{title}, {clients} client(s), processor time of a request in µs, which hardly depends on what else runs: {'; '.join(used)}")
            table(f"{title}, {clients} client(s), through HTTP (peer: the older build)", [(name, runs[name, clients]) for name in services], runs["the older build", clients])
        for service in services.values():
            service.stop()


def counted(world, pg, older, found):
    """Instructions of this build, and of an older one."""
    binaries = {"this build": BINARY} | ({"the older build": pathlib.Path(older)} if older else {})
    databases = {name: {"PostgreSQL": pg.fresh(f"in{place}", binary), "SQLite, its library included": f"sqlite://{world.folder / f'in{place}.db'}"}
                 for place, (name, binary) in enumerate(binaries.items())}
    counts = instructions.measure(world, databases, binaries)
    print(f"\ninstructions of the service for a request, in thousands, one caller ({instructions.COUNTED} requests, twice)")
    for (name, title), numbers in counts.items():
        print(f"{name + ', ' + title:46}" + "".join(f"{number:10.0f}" for number in numbers), flush=True)
    found["instructions"] = {name: statistics.mean(counts[name, "PostgreSQL"]) for name in binaries}


def grown(kept, sizes):
    """A server with filled databases, from an earlier run of the same schema where there is one. With the folder to be removed."""
    source = b"".join(file.read_bytes() for file in sorted((ROOT / "migrations/postgres").iterdir()))
    folder = pathlib.Path(kept) / hashlib.sha256(source).hexdigest()[:12]
    folder.mkdir(parents=True, exist_ok=True)
    os.chmod(folder, 0o755)
    pg = Postgres(folder)
    for rows in sizes:
        name, done = f"sr{rows}", folder / f"{rows}.done"
        if not done.exists():
            pg.fresh(name)
            pg.sql(peer.fill(rows), name)
            pg.sql("VACUUM ANALYZE", name)
            done.touch()
    pg.sql("CHECKPOINT", "postgres")
    return pg


def growth(world, pg, seconds, rounds, sizes, found):
    """The cost of a create as the tables grow: the same load on an empty database and on full ones, in turn."""
    urls = {"empty": pg.fresh("sr")} | {f"{rows:,} rows": pg.url(f"sr{rows}") for rows in sizes}
    if not rounds:
        return
    services = {name: Service(world, url) for name, url in urls.items()}
    for service in services.values():
        service.load(32, 1)
    runs = in_turn({name: lambda service=service: service.load(32, seconds) for name, service in services.items()}, rounds)
    table("PostgreSQL, growth (32 clients; peer: the empty table)", list(runs.items()), runs["empty"])
    found["growth"] = {name: median(rows, "tps") / median(runs["empty"], "tps") for name, rows in runs.items() if name != "empty"}
    for service in services.values():
        service.stop()


def options():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="rounds of three seconds, and the table of what is promised")
    options.add_argument("--seconds", type=int)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--only")
    options.add_argument("--against", metavar="BINARY", help="an older build, to compare with")
    options.add_argument("--rows", default="1000000,5000000")
    options.add_argument("--grown", metavar="FOLDER", help="where filled databases are kept")
    options.add_argument("--folder", default=str(ROOT / "target"), help="where data goes: a real disk, not a memory file system")
    given = options.parse_args()
    given.seconds = given.seconds or (3 if given.quick else 10)
    growth = ",growth" if given.grown or not given.quick else ""
    given.only = (given.only or ("postgres,sqlite,instructions" if given.quick else "postgres,sqlite") + growth).split(",")
    return given


def measure(world, pg, given, found):
    if "postgres" in given.only:
        postgres(world, pg, given.seconds, given.rounds, found)
    if "sqlite" in given.only:
        sqlite(world, given.seconds, given.rounds, found)
    if "bare" in given.only:
        bare.measure(world, pg, given.seconds, given.rounds, in_turn)
    if "schema" in given.only:
        schema.costs(pg, given.rounds)
    if "instructions" in given.only:
        counted(world, pg, given.against, found)
    if given.against and not given.quick:
        against(world, pg, given.seconds, given.rounds, given.against)
    if "growth" in given.only:
        sizes = [int(rows) for rows in given.rows.split(",")]
        full = grown(given.grown or world.folder / "grown", sizes)
        try:
            growth(world, full, given.seconds, given.rounds, sizes, found)
        finally:
            full.stop()


def main():
    given, found, pg, began = options(), {}, None, time.monotonic()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="bench-", dir=given.folder))
    # The database's user must be able to get there.
    os.chmod(folder, 0o755)
    for parent in [folder, *folder.parents]:
        if os.geteuid() == 0 and os.stat(parent).st_mode & 0o001 == 0:
            sys.exit(f"{parent} cannot be entered by the database's user: choose another --folder")
    try:
        world = World(folder)
        print(f"{os.cpu_count()} processors, {given.rounds} alternating rounds of {given.seconds} s, medians; RS256; {world.count:,} tokens, bodies and "
              f"documents of about {world.bundle_bytes()} bytes, each met again after all others")
        pg = Postgres(folder)
        measure(world, pg, given, found)
        reach(found, f"rounds of {given.seconds} s, medians of {given.rounds}, {time.monotonic() - began:.0f} s in all")
    finally:
        if pg:
            pg.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
