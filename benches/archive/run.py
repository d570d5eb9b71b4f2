#!/usr/bin/env python3
"""How fast a million rows are verified, exported and erased from, against reading them. Prints tables; judges nothing.

    benches/archive/run.py [--rows 1000000] [--rounds 3] [--only postgres,sqlite] [--what verify,export,from,erase] [--folder /var/tmp/…]

Needs: target/release/support-requests (or SUPPORT_REQUESTS_BINARY), PostgreSQL's programs, the program sqlite3.
Fills the folder the first time (fill.py, a few minutes for a million rows) and starts a PostgreSQL of its own on it.
Every figure is a median of rounds in which the command and its peer took turns; the peer of PostgreSQL is `COPY` of both
tables to nowhere, that of SQLite `SELECT *` of both tables to nowhere as CSV: like COPY, that writes every column as text
that can be read back. The shell's default, bare texts in a row, is measured beside it. Peak memory is the command's own (VmHWM).
"""
import hashlib, os, pathlib, re, sqlite3, statistics, subprocess, sys, tempfile, threading, time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1])]
import harness, fill, rows as made


class Ran:
    """A command that was run to its end: seconds, peak memory in MiB, what it said."""

    def __init__(self, command, env=None, keep_output=False):
        out = subprocess.PIPE if keep_output else subprocess.DEVNULL
        with tempfile.TemporaryFile() as errors:
            began = time.perf_counter()
            process = subprocess.Popen([str(part) for part in command], env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=errors)
            self.peak, done = 0, threading.Event()
            watcher = threading.Thread(target=self.watch, args=(process.pid, done))
            watcher.start()
            self.out = process.communicate()[0]
            self.seconds = time.perf_counter() - began
            done.set()
            watcher.join()
            errors.seek(0)
            self.errors = errors.read().decode(errors="replace").strip()
        self.status = process.returncode

    def watch(self, pid, done):
        # The kernel's own high-water mark, so looking now and then is enough; only the last moments can be missed.
        while not done.wait(0.005):
            try:
                with open(f"/proc/{pid}/status") as status:
                    found = re.search(r"VmHWM:\s+(\d+)", status.read())
                self.peak = max(self.peak, int(found.group(1)) / 1024 if found else 0)
            except OSError:
                return


class PostgresSide:
    title = "PostgreSQL"

    def __init__(self, pg, folder):
        self.pg, self.folder = pg, folder

    def env(self, name):
        return {"SUPPORT_REQUESTS_DATABASE_URL": self.pg.url(name),
                "SUPPORT_REQUESTS_OWNER_DATABASE_URL": self.pg.url(name, "sr_owner"), "HOME": str(self.folder)}

    def peer(self, name):
        tables = [part for table in fill.TABLES for part in ("-c", f"COPY {table} TO STDOUT")]
        return [*self.pg.psql(name), *tables]

    def copy(self, name):
        self.pg.copy("million", name)
        self.pg.sql("CHECKPOINT", name)

    def rest(self, name):
        """Count and hash of everything but the person's rows and what was added since."""
        of_person = f"SELECT reference FROM support_requests WHERE creator_subject = '{made.PERSON}'"
        self.pg.sql(f"CREATE TABLE IF NOT EXISTS bench_person AS {of_person}", name)
        asked = "SELECT count(*), sum(hashtextextended(t::text, 0)) FROM {} t WHERE reference NOT IN (SELECT reference FROM bench_person)"
        return [self.pg.sql(asked.format(table), name) for table in fill.TABLES]

    def erased(self, name):
        return int(self.pg.sql("SELECT count(*) FROM support_requests WHERE salt IS NULL", name))

    def drop(self, name):
        self.pg.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", "postgres")


class SqliteSide:
    title = "SQLite"

    def __init__(self, folder):
        self.folder, self.person = folder, None

    def env(self, name):
        return {"SUPPORT_REQUESTS_DATABASE_URL": f"sqlite://{self.folder / name}.db", "HOME": str(self.folder)}

    def peer(self, name):
        return self.shell("-csv", name)

    def bare(self, name):
        """Texts with nothing done to them: less than COPY does."""
        return self.shell("-list", name)

    def shell(self, mode, name):
        return ["sqlite3", mode, self.folder / f"{name}.db", *(f"SELECT * FROM {table}" for table in fill.TABLES)]

    def copy(self, name):
        fill.copy_sqlite(self.folder / "million.db", self.folder / f"{name}.db")

    def open(self, name):
        connection = sqlite3.connect(self.folder / f"{name}.db")
        connection.execute("PRAGMA query_only = ON")
        return connection

    def rest(self, name):
        connection = self.open(name)
        of_person = f"SELECT reference FROM support_requests WHERE creator_subject = '{made.PERSON}'"
        self.person = self.person or {row[0] for row in connection.execute(of_person)}
        said = []
        for table, columns in fill.TABLES.items():
            digest, count, place = hashlib.blake2b(), 0, columns.index("reference")
            for row in connection.execute(f"SELECT {', '.join(columns)} FROM {table}"):
                if row[place] not in self.person:
                    digest.update(repr(row).encode())
                    count += 1
            said.append(f"{count}|{digest.hexdigest()[:16]}")
        connection.close()
        return said

    def erased(self, name):
        connection = self.open(name)
        count = connection.execute("SELECT count(*) FROM support_requests WHERE salt IS NULL").fetchone()[0]
        connection.close()
        return count

    def drop(self, name):
        for old in self.folder.glob(f"{name}.db*"):
            old.unlink()


def knows(command, *flags):
    """Whether the binary has a command with these flags; says so where it has not."""
    said = subprocess.run([harness.BINARY, command, "--help"], capture_output=True, text=True)
    missing = [flag for flag in flags if flag not in said.stdout] if said.returncode == 0 else [command]
    if missing:
        print(f"{command}: not there yet ({', '.join(missing)})", flush=True)
    return not missing


def turns(rounds, *commands):
    """Runs commands in turn; answers with the rounds of each. A first, unmeasured turn of the last one warms the cache."""
    Ran(*commands[-1])
    ran = [[] for _ in commands]
    for _ in range(rounds):
        for command, of_it in zip(commands, ran):
            of_it.append(Ran(*command))
            if of_it[-1].status:
                print(f"  ! exit status {of_it[-1].status}: {' '.join(map(str, command[0]))[:90]}: {of_it[-1].errors[:300]}")
    return ran


def median(ran):
    return statistics.median(one.seconds for one in ran)


def line(what, ran, against, peer, reach):
    peak = max(one.peak for one in ran)
    print(f"{what:44}{median(ran):9.2f}{median(peer):9.2f} {against:18}{median(ran) / median(peer):7.2f}  {reach:14}{peak:6.0f}", flush=True)


def erase(side, rounds):
    ran = []
    for place in range(rounds):
        side.copy("erase")
        before = side.rest("erase") if place == 0 else None
        ran.append(Ran([harness.BINARY, "erase", "--creator", made.PERSON, "--reason", "a measurement", "--by", "bench", "--yes"],
                       side.env("erase")))
        if ran[-1].status:
            print(f"  ! erase: exit status {ran[-1].status}: {ran[-1].errors[:300]}")
        if before:
            same = "the same" if side.rest("erase") == before else "CHANGED"
            told = f"{side.erased('erase')} erased; the rest is {same}: {before[0].split('|')[0]} requests and {before[1].split('|')[0]} audit records"
            held = Ran([harness.BINARY, "verify"], side.env("erase"), True)
            told += f"; verify: exit status {held.status}, {(held.out.decode() + held.errors).strip()[:160]}"
    peak = max(one.peak for one in ran)
    what = f"erase --creator, {made.PERSON_REQUESTS} requests"
    print(f"{what:44}{median(ran):9.2f}{'':28}{'':7}  {'under 1 s':14}{peak:6.0f}\n  {told}", flush=True)
    side.drop("erase")


def measure(side, rounds, what):
    binary, million = harness.BINARY, side.env("million")
    print(f"\n{side.title}\n{'':44}{'seconds':>9}{'against':>9} {'':18}{'ratio':>7}  {'reach':14}{'MiB':>6}", flush=True)
    readers = [("verify", ["verify"], "1.3; 64 MiB"), ("export", ["export", "--format", "jsonl"], "1.3")]
    for name, command, reach in readers:
        if name in what:
            reading = (side.peer("million"), None)
            ran, copy = turns(rounds, ([binary, *command], million), reading)
            line(" ".join(command), ran, "reading both", copy, reach)
            if hasattr(side, "bare"):
                bare, = turns(rounds, (side.bare("million"), None))
                line(" ".join(command), ran, "bare texts", bare, "")
    if "from" in what and knows("verify", "--save-heads", "--from"):
        heads = side.folder / f"heads-{side.title}.json"
        heads.unlink(missing_ok=True)
        saved = Ran([binary, "verify", "--save-heads", heads], million)
        if saved.status:
            print(f"  ! verify --save-heads: exit status {saved.status}: {saved.errors[:300]}")
        day = side.env("day")
        since, whole = turns(rounds, ([binary, "verify", "--from", heads], day), ([binary, "verify"], day))
        line("verify --from heads of the day before", since, "the whole walk", whole, "0.1")
    if "erase" in what and knows("erase", "--creator", "--yes"):
        erase(side, rounds)


def main():
    options = fill.arguments(__doc__)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--what", default="verify,export,from,erase")
    given = options.parse_args()
    folder, databases = fill.folder_of(given.folder, given.rows), given.only.split(",")
    pg = fill.fill(folder, given.rows, databases)
    print(f"{os.cpu_count()} processors, {given.rows:,} rows of both tables, a day of {fill.day_of(given.rows):,} more, medians of {given.rounds} alternating rounds")
    try:
        if pg:
            measure(PostgresSide(pg, folder), given.rounds, given.what.split(","))
        if "sqlite" in databases:
            measure(SqliteSide(folder), given.rounds, given.what.split(","))
    finally:
        if pg:
            pg.stop()


main()
