#!/usr/bin/env python3
"""Instructions of the service for one stored request, on SQLite, counted by valgrind. Prints; judges nothing.

    benches/instructions/run.py [--requests 100] [--clients 4] [--top 40] [--against BINARY]

Needs: target/release/support-requests with symbols (CARGO_PROFILE_RELEASE_DEBUG=1 cargo build --release), valgrind, openssl, gcc.
Counts N requests and then 2N, after a warm-up; the difference is N requests without what only time costs. No two requests share a token, a
text, a tenant or a bundle, so what is kept of one saves nothing for another. The kernel is not counted. `--against` an older build.
The service's monotonic clock is slowed down as much as valgrind slows the service, so that no text is read twice for want of time.
"""
import argparse, collections, json, os, pathlib, random, re, signal, socket, subprocess, sys, tempfile, time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import harness
from harness import BINARY, ROOT, STORAGE, World

WARM_UP = 24
WORDS = "policy tenant device sync retry consent license group mailbox report quota schedule baseline drift backup region audit owner".split()


def prose(chance, length):
    """Plain words of about so many characters."""
    text = chance.choice(WORDS).capitalize()
    while len(text) < length:
        text += " " + chance.choice(WORDS)
    return text[:length].strip()


def varied(value, chance):
    """The same document with other texts and numbers of the same size; keys, statuses and times stay."""
    if isinstance(value, dict):
        return {key: item if key in ("key", "type", "status", "generated_at", "schema_version") else varied(item, chance) for key, item in value.items()}
    if isinstance(value, list):
        return [varied(item, chance) for item in value]
    if isinstance(value, str):
        return prose(chance, len(value))
    return chance.randrange(100, 1000) if isinstance(value, int) else value


class Load:
    """Requests that are all different, made before anything is counted."""

    def __init__(self, world, count):
        bundle, body = (json.loads((STORAGE / name).read_text()) for name in ("bundle.json", "request.json"))
        self.requests, folder = [], world.folder / "diagnostics/acme"
        for number in range(count):
            chance = random.Random(number)
            references = {"workspace": {"id": "acme", "name": "Acme"}, "tenant": {"id": f"tenant-{number}", "name": prose(chance, 12)}}
            (folder / f"tenant-{number}.json").write_text(json.dumps({"references": references, "bundle": varied(bundle, chance)}))
            text = json.dumps(body | {"summary": prose(chance, 60), "reproduction_notes": prose(chance, 72), "contact_email": f"person{number}@acme.example"})
            self.requests.append(
                f"POST /workspaces/acme/tenants/tenant-{number}/support-requests HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                f"Authorization: Bearer {world.sign(f'person-{number}')}\r\nContent-Length: {len(text)}\r\n\r\n{text}".encode())

    def send(self, port, clients, count, stored=b"HTTP/1.1 201"):
        """So many of them, one on each connection at a time."""
        sockets = [socket.create_connection(("127.0.0.1", port), 60) for _ in range(clients)]
        taken, self.requests = self.requests[:count], self.requests[count:]
        assert len(taken) == count
        for at in range(0, count, len(sockets)):
            wave = list(zip(sockets, taken[at:at + len(sockets)]))
            for connection, request in wave:
                connection.sendall(request)
            for connection, _ in wave:
                with connection.makefile("rb") as stream:
                    head = b"".join(iter(stream.readline, b"\r\n"))
                    body = stream.read(int(re.search(rb"content-length: (\d+)", head, re.I).group(1)))
                if not head.startswith(stored):
                    sys.exit(f"not stored: {(head + body).decode()}")


class Profile:
    """A dump of callgrind: what each function cost, with all that it called, and each crate by itself."""

    def __init__(self, file):
        self.inclusive, self.crates, self.total = collections.Counter(), collections.Counter(), 0
        # Redaction where a request is answered, and on a thread: how often, and what it cost.
        self.here, self.elsewhere = [0, 0], [0, 0]
        names = {"fn": {}, "fl": {}}
        function, path, after_call = None, None, False
        for line in file.open(errors="replace"):
            key, _, rest = line.rstrip("\n").partition("=")
            if key in ("fn", "cfn", "fl", "fi", "fe"):
                known = names["fn" if key.endswith("fn") else "fl"]
                number, _, name = rest.partition(" ")
                name = known.setdefault(number, name)
                if key == "fn":
                    function = name
                elif key == "cfn":
                    callee = name
                else:
                    path = name
            elif key == "calls":
                after_call, calls = True, int(rest.split()[0])
            elif line[0] in "+-*0123456789":
                cost = int(line.split()[1])
                # A function's calls of itself are in its own cost already.
                if not after_call:
                    self.total += cost
                    self.crates[crate(path)] += cost
                    self.inclusive[function] += cost
                elif callee.split("'")[0] != function.split("'")[0]:
                    self.inclusive[function] += cost
                if after_call and callee.endswith("::redact_draft"):
                    side = self.here if "in_place" in function else self.elsewhere
                    side[0], side[1] = side[0] + calls, side[1] + cost
                after_call = False

    def without_repeats(self, requests):
        """What it costs where the machine is quick enough to redact every request once: valgrind is not, and some begin anew."""
        calls, cost = self.elsewhere if self.elsewhere[0] else self.here
        return self.total - self.here[1] - self.elsewhere[1] + requests * cost / max(calls, 1)


def crate(path):
    """Which crate a source file belongs to."""
    path = path or "?"
    for pattern in (r"/registry/src/[^/]+/([^/]+?)-\d", r"/library/(\w+)/", r"^(crates/redaction|src/\w+)"):
        if found := re.search(pattern, path):
            return found.group(1)
    if path.startswith("/rustc/"):
        return "std"
    return pathlib.Path(path).name if "sqlite3" in path else "C libraries" if path.endswith((".c", ".h", ".S", ".s")) else path[-40:]


def measure(binary, world, load, requests, clients):
    """Profiles of N requests and of 2N, of one run."""
    port, out = harness.free_port(), world.folder / f"callgrind-{time.time_ns()}"
    env = {**os.environ, **harness.slow_clock(world.folder), **world.settings(f"sqlite://{world.folder / f'{time.time_ns()}.db'}")}
    log = open(world.folder / "service.log", "ab")
    begun = log.tell()
    process = subprocess.Popen(["valgrind", "--tool=callgrind", "--instr-atstart=no", "--fair-sched=yes", f"--callgrind-out-file={out}",
                                binary, "--listen", f"127.0.0.1:{port}"], env=env, stdout=log, stderr=log, cwd=world.folder)

    def control(*what):
        subprocess.run(["callgrind_control", *what, str(process.pid)], check=True, capture_output=True)

    try:
        while b'"address"' not in pathlib.Path(log.name).read_bytes()[begun:]:
            if process.poll() is not None:
                sys.exit(f"the service ended: see {log.name}")
            time.sleep(0.1)
        control("-i", "on")
        # What is translated for the first time takes so long that some of these are told to come again.
        load.send(port, 1, WARM_UP, b"HTTP/1.1 ")
        control("-z")
        load.send(port, clients, requests)
        control("-d", "once")
        load.send(port, clients, 2 * requests)
        control("-d", "twice")
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    files = sorted(world.folder.glob(out.name + ".*"), key=lambda file: int(file.name.rsplit(".", 1)[1]))
    return Profile(files[0]), Profile(files[1])


def report(once, twice, requests, top):
    counted = [once.without_repeats(requests), twice.without_repeats(2 * requests)]
    each = (counted[1] - counted[0]) / requests
    print(f"\n{each:,.0f} instructions a request ({counted[0] / requests:,.0f} in the first {requests}, {counted[1] / 2 / requests:,.0f} in the other {2 * requests})")
    print(f"left out: what {twice.here[0] + twice.elsewhere[0] - 2 * requests} of the other {2 * requests} cost that were redacted twice, because valgrind is slow")
    print("\nby source file's crate, by itself:")
    for name, cost in twice.crates.most_common(24):
        print(f"  {cost / twice.total:6.1%}{cost / 2 / requests:12,.0f}  {name}")
    print("\nby function, with all that it calls:")
    for name, cost in twice.inclusive.most_common(top):
        print(f"  {cost / twice.total:6.1%}{cost / 2 / requests:12,.0f}  {name[:170]}")
    return each


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--requests", type=int, default=96)
    options.add_argument("--clients", type=int, default=4)
    options.add_argument("--top", type=int, default=40)
    options.add_argument("--against", metavar="BINARY", help="an older build, to compare with")
    options.add_argument("--keep", metavar="FOLDER", help="where dumps are left, for other readers of callgrind's form")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="instructions-", dir=ROOT / "target") as folder:
        folder = pathlib.Path(given.keep or folder)
        folder.mkdir(exist_ok=True)
        world = World(folder)
        figures = []
        for binary in filter(None, [given.against, BINARY]):
            print(f"\n== {binary}, {given.clients} clients", flush=True)
            load = Load(world, WARM_UP + 3 * given.requests)
            figures.append(report(*measure(binary, world, load, given.requests, given.clients), given.requests, given.top))
        if given.against:
            print(f"\nratio to the older build: {figures[1] / figures[0]:.3f}")


if __name__ == "__main__":
    main()
