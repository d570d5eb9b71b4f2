#!/usr/bin/env python3
"""What the built service does while things break around it. Prints a table; judges nothing but what was lost.

    benches/reliability/run.py [--seconds 6] [--clients 8] [--only sqlite,postgres,stops] [--case NAME]

Needs: target/release/support-requests (cargo build --release), openssl, PostgreSQL's programs; root for the full disk.
For each fault: callers ask without pause, one thing breaks and is mended, and at the end every reference that was answered
is looked for with the binary's own `export`. Exit status 1 when one is missing.
"""
import argparse, collections, contextlib, http.client, json, os, pathlib, shutil, signal, socket, sqlite3, subprocess, sys, tempfile, threading, time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from harness import BINARY, PATH, ROOT, Postgres, Service, World, free_port

BODY = json.dumps({"summary": "It fails while things break"}).encode()


class Load:
    """Callers that ask without pause, a connection each time, and one who asks whether the service is ready."""

    def __init__(self, world, port, clients):
        self.answers, self.ready, self.stopping = [], [], False
        self.world, self.port = world, port
        self.threads = [threading.Thread(target=self.ask) for _ in range(clients)] + [threading.Thread(target=self.watch)]
        for thread in self.threads:
            thread.start()

    def call(self, method, path, body=None, headers={}):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.connect()
        except OSError:
            return "refused", b""
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return "cut", b""
        finally:
            connection.close()

    def ask(self):
        headers = {"Authorization": f"Bearer {self.world.token}", "Content-Type": "application/json"}
        while not self.stopping:
            status, body = self.call("POST", PATH, BODY, headers)
            answer = json.loads(body) if body else {}
            self.answers.append((time.monotonic(), status, answer.get("code", ""), answer.get("reference")))
            if status != 201:
                time.sleep(0.02)

    def watch(self):
        while not self.stopping:
            status, _ = self.call("GET", "/readyz")
            if not self.ready or self.ready[-1] != status:
                self.ready.append(status)
            time.sleep(0.1)

    def stop(self):
        self.stopping = True
        for thread in self.threads:
            thread.join()
        return self

    def references(self):
        return {reference for _, _, _, reference in self.answers if reference}

    def by_status(self):
        counts = collections.Counter(f"{status} {code}".strip() for _, status, code, _ in self.answers)
        return ", ".join(f"{name}: {count:,}" for name, count in counts.most_common())

    def gap(self):
        """The longest time between two requests that were stored."""
        times = sorted(at for at, status, _, _ in self.answers if status == 201)
        return max((later - earlier for earlier, later in zip(times, times[1:])), default=float("nan"))


def stored(world, *databases):
    """Every reference that the binary itself finds in these databases."""
    found = set()
    for database in databases:
        out = subprocess.run([BINARY, "export", "--including-recent"], env=world.settings(database), capture_output=True, text=True)
        found |= {json.loads(line)["reference"] for line in out.stdout.splitlines()}
    return found


rows = []


def row(name, load, lost, note=""):
    rows.append(lost)
    ready = " → ".join(str(status) for status in load.ready)
    print(f"| {name} | {load.by_status()} | {load.gap():.1f} s | {ready} | {lost}{' ' + note if note else ''} |", flush=True)


# ---- SQLite

def sqlite_case(name):
    def made(case):
        CASES["sqlite"].append((name, case))
        return case
    return made


def postgres_case(name):
    def made(case):
        CASES["postgres"].append((name, case))
        return case
    return made


CASES = {"sqlite": [], "postgres": []}


class File:
    """A database file in a folder of its own, and a service on it."""

    def __init__(self, world, folder):
        self.world, self.folder, self.file = world, folder, folder / "support-requests.db"
        self.url, self.kept = f"sqlite://{self.file}", []
        self.service = Service(world, self.url)

    def backup(self, name="copy.db"):
        target = self.folder / name
        source, copy = sqlite3.connect(self.file), sqlite3.connect(target)
        source.backup(copy)
        source.close(), copy.close()
        return target

    def remove_journal(self):
        for end in ("-wal", "-shm"):
            pathlib.Path(f"{self.file}{end}").unlink(missing_ok=True)

    def databases(self):
        return [self.url, *(f"sqlite://{file}" for file in self.kept)]


@sqlite_case("the file is moved away and comes back")
def moved(case, wait):
    away = [(pathlib.Path(f"{case.file}{end}"), case.folder / f"away.db{end}") for end in ("", "-wal", "-shm")]
    for file, other in away:
        file.rename(other)
    wait()
    for file, other in away:
        other.rename(file)


@sqlite_case("a backup of now is put in the file's place")
def replaced(case, wait):
    copy, old = case.backup(), case.folder / "old.db"
    for end in ("", "-wal", "-shm"):
        pathlib.Path(f"{case.file}{end}").rename(f"{old}{end}")
    wait()
    copy.rename(case.file)
    case.kept.append(old)


@sqlite_case("the service is killed and started again")
def killed(case, wait):
    case.service.process.kill()
    case.service.process.wait()
    wait()
    restart(case)


@sqlite_case("another program writes for some seconds")
def locked(case, wait):
    other = sqlite3.connect(case.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    wait()
    other.execute("ROLLBACK")
    other.close()


@sqlite_case("the disk is full")
def full(case, wait):
    ballast = case.folder / "ballast"
    with open(ballast, "wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"\0" * 4096):
            pass
    wait()
    ballast.unlink()


def restart(case):
    old = case.service
    case.service = again = Service.__new__(Service)
    again.__dict__.update(old.__dict__)
    env = {**case.world.settings(case.url)}
    again.process = subprocess.Popen([BINARY, "--listen", f"127.0.0.1:{old.port}"], env=env, stderr=old.log, stdout=old.log, cwd=case.world.folder)


# ---- PostgreSQL

class Server:
    """A database of its own on the shared server, and a service on it."""

    def __init__(self, world, pg):
        self.world, self.pg, self.url = world, pg, pg.fresh()
        self.service = Service(world, self.url)

    def databases(self):
        return [self.url]

    def end_sessions(self):
        self.pg.sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'support_requests_app'")


def stopped(how):
    def case(case, wait):
        case.pg.process.send_signal(how)
        case.pg.process.wait()
        wait()
        case.pg.begin()
    return case


postgres_case("the server is restarted (fast)")(stopped(signal.SIGINT))
postgres_case("the server is restarted (immediate)")(stopped(signal.SIGQUIT))
postgres_case("the server is killed and started again")(stopped(signal.SIGKILL))


@postgres_case("sessions are ended, again and again")
def ended(case, wait):
    for _ in range(30):
        case.end_sessions()
        time.sleep(0.05)


@postgres_case("the role becomes read-only, its sessions end; later it is healed")
def read_only_role(case, wait):
    case.pg.sql("ALTER ROLE support_requests_app SET default_transaction_read_only = on")
    case.end_sessions()
    wait()
    case.pg.sql("ALTER ROLE support_requests_app RESET default_transaction_read_only")


@postgres_case("the server becomes read-only, and writable again")
def read_only_server(case, wait):
    for setting in ("on", "off"):
        case.pg.sql(f"ALTER SYSTEM SET default_transaction_read_only = {setting}")
        case.pg.sql("SELECT pg_reload_conf()")
        if setting == "on":
            wait()


@postgres_case("a table is locked")
def table_locked(case, wait):
    command = ["psql", "-qAt", "-h", "127.0.0.1", "-p", str(case.pg.port), "-U", "super", "-d", "sr"]
    other = subprocess.Popen(command, stdin=subprocess.PIPE, text=True)
    other.stdin.write("BEGIN; LOCK support_requests IN SHARE MODE;\n")
    other.stdin.flush()
    wait()
    other.communicate("ROLLBACK;\n")


@postgres_case("the right to insert is taken and given back")
def revoked(case, wait):
    case.pg.sql("REVOKE INSERT ON audit_events FROM support_requests_app")
    wait()
    case.pg.sql("GRANT INSERT ON audit_events TO support_requests_app")


@postgres_case("the server hangs (SIGSTOP) and goes on")
def hangs(case, wait):
    children = subprocess.run(["pgrep", "-P", str(case.pg.process.pid)], capture_output=True, text=True).stdout.split()
    processes = [case.pg.process.pid, *map(int, children)]
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    wait()
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGCONT)


class Pair(Server):
    """A primary with a standby beside it, both named in the address."""

    def __init__(self, world, pg):
        self.world, self.pg = world, pg
        address = pg.fresh()
        self.standby = standby = Postgres.__new__(Postgres)
        standby.__dict__.update(bin=pg.bin, drop=pg.drop, data=pg.data.parent / "standby", port=free_port())
        standby.data.mkdir(mode=0o700)
        if pg.drop:
            shutil.chown(standby.data, "postgres", "postgres")
        subprocess.run([*pg.drop, pg.bin / "pg_basebackup", "-D", standby.data, "-R", "-h", "127.0.0.1", "-p", str(pg.port), "-U", "super", "-c", "fast"],
                       check=True, capture_output=True, cwd="/")
        standby.begin()
        pg.sql("ALTER SYSTEM SET synchronous_standby_names = '*'"), pg.sql("SELECT pg_reload_conf()")
        self.url = address.replace(f"127.0.0.1:{pg.port}", f"127.0.0.1:{pg.port},127.0.0.1:{standby.port}") + "?target_session_attrs=read-write"
        self.service = Service(world, self.url)


def failover(case, wait):
    case.pg.process.send_signal(signal.SIGKILL)
    case.pg.process.wait()
    wait()
    case.standby.sql("ALTER SYSTEM RESET synchronous_standby_names", "postgres")
    case.standby.sql("SELECT pg_promote()", "postgres")


# ---- Stops

def stop_under_load(world, database, clients, seconds, delay):
    service = Service(world, database, SUPPORT_REQUESTS_SHUTDOWN_DELAY=delay)
    load = Load(world, service.port, clients)
    time.sleep(seconds / 3)
    began = time.monotonic()
    service.process.send_signal(signal.SIGTERM)
    status = service.process.wait(60)
    took = time.monotonic() - began
    time.sleep(0.3)
    return load.stop(), status, took


def stops(world, folder, pg, clients, seconds):
    file = f"sqlite://{folder / 'stops.db'}"
    for number, (database, what) in enumerate([(file, "SQLite"), (pg.fresh(), "PostgreSQL")] * 2):
        delay = "2s" if number > 1 else "0s"
        load, status, took = stop_under_load(world, database, clients, seconds, delay)
        lost = len(load.references() - stored(world, database))
        row(f"{what}: SIGTERM under load, delay {delay}", load, lost, f"(exit {status} after {took:.1f} s)")
    database = pg.fresh()
    service = Service(world, database)
    load = Load(world, service.port, clients)
    time.sleep(seconds / 3)
    children = subprocess.run(["pgrep", "-P", str(pg.process.pid)], capture_output=True, text=True).stdout.split()
    processes = [pg.process.pid, *map(int, children)]
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    began = time.monotonic()
    service.process.send_signal(signal.SIGTERM)
    status = service.process.wait(60)
    took = time.monotonic() - began
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGCONT)
    load.stop()
    row("PostgreSQL: SIGTERM while the server hangs", load, len(load.references() - stored(world, database)), f"(exit {status} after {took:.1f} s)")


# ---- Running

def run(name, case, fault, clients, seconds):
    load = Load(case.world, case.service.port, clients)
    time.sleep(seconds / 3)
    fault(case, lambda: time.sleep(seconds / 3))
    time.sleep(seconds / 3)
    deadline = time.monotonic() + 30
    mended = len(load.answers)
    while time.monotonic() < deadline and not any(status == 201 for _, status, _, _ in load.answers[mended:]):
        time.sleep(0.1)
    time.sleep(1)
    load.stop()
    lost = len(load.references() - stored(case.world, *case.databases()))
    row(name, load, lost)
    case.service.stop()


@contextlib.contextmanager
def small_disk(folder):
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256m", "tmpfs", folder], capture_output=True).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", folder])


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=6)
    options.add_argument("--clients", type=int, default=8)
    options.add_argument("--only", default="sqlite,postgres,stops")
    options.add_argument("--case", default="")
    options.add_argument("--folder", default=str(ROOT / "target"), help="where data goes: a real disk, not a memory file system")
    given = options.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="reliability-", dir=given.folder))
    os.chmod(folder, 0o755)
    parts, pg, more = given.only.split(","), None, None
    print("| what was done | answers | longest gap | `/readyz` said | lost |\n|---|---|---|---|---|")
    try:
        world = World(folder)
        if "sqlite" in parts:
            for number, (name, fault) in enumerate(CASES["sqlite"]):
                if given.case not in name:
                    continue
                home = folder / f"sqlite-{number}"
                disk = small_disk(home) if fault is full else contextlib.nullcontext(True)
                with disk as there:
                    home.mkdir(exist_ok=True)
                    if there:
                        run(f"SQLite: {name}", File(world, home), fault, given.clients, given.seconds)
        if "postgres" in parts or "stops" in parts:
            pg = Postgres(folder)
        if "postgres" in parts:
            for name, fault in CASES["postgres"]:
                if given.case in name:
                    run(f"PostgreSQL: {name}", Server(world, pg), fault, given.clients, given.seconds)
        if "stops" in parts:
            stops(world, folder, pg, given.clients, given.seconds)
        if "postgres" in parts and given.case in "the primary dies and the standby is promoted":
            pair = Pair(world, pg)
            more = pair.standby
            run("PostgreSQL: the primary dies and the standby is promoted", pair, failover, given.clients, given.seconds)
    finally:
        for server in (pg, more):
            if server and server.process.poll() is None:
                server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(1 if any(rows) else 0)


main()
