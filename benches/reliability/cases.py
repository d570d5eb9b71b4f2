"""What breaks: each case does it, waits, and mends it."""
import contextlib, os, pathlib, shutil, signal, sqlite3, subprocess, time

from harness import BINARY, Postgres, Service, free_port


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
