"""The least that could answer (bare_service.rs) beside the service and pgbench: what the machine leaves for everything that a support request
needs besides HTTP, a verified token and two rows. A ratio that not even this reaches can be reached by nobody here.
"""
import json, pathlib, socket, subprocess, sys, time

import harness, peer
from harness import ROOT
from load import Service, ticks
from reach import median, table

BINARY = ROOT / "target/release/examples/bare_service"


class Bare(Service):
    def __init__(self, world, url):
        self.world, self.port = world, harness.free_port()
        modulus = json.loads((world.folder / "keys.json").read_text())["keys"][0]["n"]
        context = world.folder / "context.json"
        context.write_text(peer.CONTEXT)
        self.process = subprocess.Popen([BINARY, url, str(self.port), modulus, context])
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.1).close()
                return
            except OSError:
                time.sleep(0.05)
        sys.exit("the bare service did not start")


def spent():
    """Time of all processors so far: of all, and with nothing to do."""
    fields = [int(field) for field in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return sum(fields), fields[3] + fields[4]


def measure(world, pg, seconds, rounds, in_turn):
    """All three in turn, with 32 clients and with one."""
    if not BINARY.exists():
        sys.exit("cargo build --release --example bare_service")
    url = pg.fresh("besides")
    for name in ("bare_peer", "bare"):
        pg.plain(name)
    sides = {"service": (Service(world, url), "besides"), "bare service": (Bare(world, pg.url("bare")), "bare")}
    for service, _ in sides.values():
        service.load(32, 1)

    def step(name, clients):
        service, database = sides[name]
        pids = [service.process.pid], pg.backends(database)
        before, (all_before, idle_before) = [ticks(pid) for pid in pids], spent()
        run = service.load(clients, seconds)
        (everything, idle), stored = spent(), run["tps"] * seconds
        used = [(ticks(pid) - then) / stored for pid, then in zip(pids, before)]
        return run | {"service": used[0], "backend": used[1], "idle": (idle - idle_before) / (everything - all_before)}

    runs = in_turn({("pgbench", clients): lambda clients=clients: pg.pgbench(clients, seconds, "bare_peer") for clients in (32, 1)}
                   | {(name, clients): lambda name=name, clients=clients: step(name, clients) for name in sides for clients in (32, 1)}, rounds)
    for clients in (32, 1):
        table(f"PostgreSQL, {clients} client(s), besides the least that could answer (peer: pgbench, plain schema)",
              [(name, runs[name, clients]) for name in ("pgbench", *sides)], runs["pgbench", clients])
        print("; ".join(f"{name}: {median(runs[name, clients], 'service'):.0f} µs of processor time in it and {median(runs[name, clients], 'backend'):.0f} in its backend, "
                        f"{median(runs[name, clients], 'idle'):.0%} of all idle" for name in sides))
    for service, _ in sides.values():
        service.stop()
