#!/usr/bin/env python3
"""Fills both databases with a million rows of both tables that `verify` accepts, and with a day more.

    benches/archive/fill.py [--rows 1000000] [--folder /var/tmp/support-requests-archive]

Done once: what is there already is left. run.py calls it. Needs PostgreSQL's programs and a built service for `migrate`.
The folder then holds one for these rows and this schema: rows/ (files as COPY reads them), a PostgreSQL server with the
databases `million` and `day`, and million.db and day.db. It may be removed at any time.
"""
import argparse, hashlib, json, multiprocessing, os, pathlib, shutil, sqlite3, subprocess, sys, time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent), str(pathlib.Path(__file__).resolve().parents[1])]
import harness, rows as made

FOLDER = "/var/tmp/support-requests-archive"
TABLES = {"support_requests": made.RECORD, "audit_events": made.AUDIT}
ESCAPES = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))


def cell(value):
    if value is None:
        return "\\N"
    text = str(value)
    if "\\" in text or "\n" in text or "\t" in text or "\r" in text:
        for plain, escaped in ESCAPES:
            text = text.replace(plain, escaped)
    return text


def uncell(text):
    if "\\" not in text:
        return text
    if text == "\\N":
        return None
    for plain, escaped in ESCAPES[1:]:
        text = text.replace("\\\\", "\0").replace(escaped, plain).replace("\0", "\\\\")
    return text.replace("\\\\", "\\")


def write_piece(task):
    """One stretch of a day to two files; answers with the ends of its chains."""
    folder, first, end, rows, heads = task
    files = [open(folder / f"{table}-{first:010}.tsv", "w", encoding="utf-8") for table in TABLES]
    for pair in made.pairs(first, end, rows, heads):
        for file, row, columns in zip(files, pair, TABLES.values()):
            file.write("\t".join(cell(row[name]) for name in columns) + "\n")
    for file in files:
        file.close()
    return heads


def pieces(first, end):
    """Cut where days begin."""
    while first < end:
        cut = min(end, (first // made.DAY + 1) * made.DAY)
        yield first, cut
        first = cut


def write_rows(folder, rows, day):
    """All files: `rows` rows, and in a folder of their own `day` more."""
    if (folder / "done").exists() or all((folder.parent / filled).exists() for filled in ("postgres-day", "day.db")):
        return
    shutil.rmtree(folder, ignore_errors=True)
    for part in ("million", "day"):
        (folder / part).mkdir(parents=True)
    with multiprocessing.Pool() as pool:
        tasks = [(folder / "million", *piece, rows, {}) for piece in pieces(0, rows)]
        heads = pool.map(write_piece, tasks, chunksize=1)[-1]
        # The first stretch of the day goes on in the chains that the last one left.
        tasks = [(folder / "day", *piece, rows, heads if place == 0 and rows % made.DAY else {})
                 for place, piece in enumerate(pieces(rows, rows + day))]
        pool.map(write_piece, tasks, chunksize=1)
    (folder / "done").write_text(json.dumps({"rows": rows, "day": day}))


def files_of(folder, table):
    return sorted(folder.glob(f"{table}-*.tsv"))


def into_postgres(pg, name, folder):
    for table, columns in TABLES.items():
        with subprocess.Popen(pg.psql(name) + ["-c", f"COPY {table} ({', '.join(columns)}) FROM STDIN"],
                              stdin=subprocess.PIPE) as psql:
            for file in files_of(folder, table):
                with open(file, "rb") as source:
                    shutil.copyfileobj(source, psql.stdin, 1 << 20)
            psql.stdin.close()
            if psql.wait():
                sys.exit("the rows did not go into PostgreSQL")
    # Nothing is written behind the measurements' back: visibility, statistics, no full pages in the log.
    pg.sql("VACUUM (ANALYZE, FREEZE)", name)
    pg.sql("CHECKPOINT", name)


def into_sqlite(file, folder):
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in ("synchronous=OFF", "recursive_triggers=ON", "cache_size=-1000000"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    for table, columns in TABLES.items():
        put = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
        connection.execute("BEGIN IMMEDIATE")
        for source in files_of(folder, table):
            with open(source, encoding="utf-8", newline="\n") as lines:
                connection.executemany(put, ([uncell(text) for text in line[:-1].split("\t")] for line in lines))
        connection.execute("COMMIT")
    connection.execute("ANALYZE")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()


def copy_sqlite(source, target):
    """Bytes are enough: nothing has it open, and its log is empty."""
    for old in target.parent.glob(f"{target.name}*"):
        old.unlink()
    shutil.copyfile(source, target)
    target.chmod(0o600)
    # Or whoever writes to it first waits until all of the copy is on the disk.
    with open(target, "rb") as copied:
        os.fsync(copied.fileno())


def fill_postgres(pg, folder):
    for name in ("million", "day"):
        mark = folder / f"postgres-{name}"
        if mark.exists():
            continue
        if name == "day":
            pg.copy("million", name)
        else:
            pg.fresh(name)
        into_postgres(pg, name, folder / "rows" / name)
        mark.touch()


def fill_sqlite(folder):
    for name in ("million", "day"):
        target, working = folder / f"{name}.db", folder / f"{name}.db.new"
        if target.exists():
            continue
        if name == "day":
            copy_sqlite(folder / "million.db", working)
        else:
            for old in folder.glob(f"{working.name}*"):
                old.unlink()
            env = {"SUPPORT_REQUESTS_DATABASE_URL": f"sqlite://{working}"}
            subprocess.run([harness.BINARY, "migrate"], env=env, check=True, capture_output=True)
        into_sqlite(working, folder / "rows" / name)
        working.rename(target)


def day_of(rows):
    """A day behind a million; behind fewer rows, as much less."""
    return made.DAY * rows // 1_000_000


def folder_of(given, rows):
    """Another schema, or other rows, is another folder: what was filled for the old ones proves nothing."""
    sources = [*sorted(harness.ROOT.glob("migrations/*/*.sql")), pathlib.Path(made.__file__), harness.STORAGE / "bundle.json"]
    fingerprint = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:8]
    return pathlib.Path(given) / f"{rows}-{fingerprint}"


def fill(folder, rows, databases=("postgres", "sqlite")):
    """Everything that is not there yet; answers with the running PostgreSQL server, where one was asked for."""
    folder.mkdir(parents=True, exist_ok=True)
    for parent in (folder, folder.parent):
        parent.chmod(0o755)  # the database's user must be able to get there
    began = time.time()
    write_rows(folder / "rows", rows, day_of(rows))
    print(f"rows written, {time.time() - began:.0f} s", file=sys.stderr)
    if "sqlite" in databases:
        fill_sqlite(folder)
        print(f"SQLite filled, {time.time() - began:.0f} s", file=sys.stderr)
    if "postgres" not in databases:
        return None
    pg = harness.Postgres(folder)
    try:
        fill_postgres(pg, folder)
    except BaseException:
        pg.stop()
        raise
    print(f"PostgreSQL filled, {time.time() - began:.0f} s", file=sys.stderr)
    if (folder / "day.db").exists():
        shutil.rmtree(folder / "rows", ignore_errors=True)
    return pg


def arguments(doc):
    """What this script and run.py are both told."""
    options = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--folder", default=FOLDER, help="on a real disk; 20 GB for a million rows")
    options.add_argument("--only", default="postgres,sqlite")
    return options


def main():
    given = arguments(__doc__).parse_args()
    if given.rows < 1000:
        sys.exit("--rows: at least 1000")
    pg = fill(folder_of(given.folder, given.rows), given.rows, given.only.split(","))
    if pg:
        pg.stop()


if __name__ == "__main__":
    main()
