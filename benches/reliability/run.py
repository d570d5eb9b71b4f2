#!/usr/bin/env python3
"""What the built service does while things break around it. Prints a table, and under a row what must not have been.

    benches/reliability/run.py [--seconds 6] [--clients 8] [--only sqlite,postgres,stops] [--case NAME] [--quick]

Needs: target/release/support-requests (cargo build --release), openssl, PostgreSQL's programs; root for the full disk.
For each fault: callers ask without pause, one thing breaks and is mended. At the end every reference that was answered is
looked for with the binary's own `export`, requests and audit records must be pairs, `verify` must agree; and `/readyz` must
have told the truth: 200 at the end, 503 not later than five seconds after requests were refused, not 503 for more than two
while requests were stored. Exit status 1 when any of it is not so.
"""
import argparse, contextlib, os, pathlib, shutil, signal, subprocess, sys, tempfile, time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from cases import CASES, File, Pair, Server, failover, full
from harness import ROOT, Postgres, Service, World
from judged import readiness, stored
from load import Load

wrongs = []


def row(name, world, load, databases, at_the_end=200, note=""):
    """Tells how a case went; `at_the_end` is what `/readyz` must say last."""
    lost, wrong = stored(world, load.references(), *databases)
    wrong += readiness(load.answers, load.ready, at_the_end)
    ready = " → ".join(str(status) for status in load.readyz())
    print(f"| {name} | {load.by_status()} | {load.gap():.1f} s | {ready} | {lost}{' ' + note if note else ''} |", flush=True)
    for line in wrong:
        print(f"WRONG: {line}", flush=True)
    wrongs.extend(wrong)


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
        row(f"{what}: SIGTERM under load, delay {delay}", world, load, [database], "refused", f"(exit {status} after {took:.1f} s)")
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
    row("PostgreSQL: SIGTERM while the server hangs", world, load, [database], "refused", f"(exit {status} after {took:.1f} s)")


def run(name, case, fault, clients, seconds):
    load = Load(case.world, case.service.port, clients)
    time.sleep(seconds / 3)
    fault(case, lambda: time.sleep(seconds / 3))
    time.sleep(seconds / 3)
    deadline = time.monotonic() + 30
    mended = len(load.answers)
    while time.monotonic() < deadline and not any(answer.status == 201 for answer in load.answers[mended:]):
        time.sleep(0.1)
    time.sleep(1)
    load.stop()
    case.service.stop()
    row(name, case.world, load, case.databases())


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
    options.add_argument("--quick", action="store_true", help="two seconds for each fault: whether it holds, and no figures")
    given = options.parse_args()
    if given.quick:
        given.seconds, given.clients = 2, 3
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
    print(f"\nwrong: {len(wrongs)}")
    sys.exit(1 if wrongs else 0)


main()
