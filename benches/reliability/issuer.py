#!/usr/bin/env python3
"""How long requests take while the issuer of their keys breaks. Prints a table; judges nothing but wrong answers.

    benches/reliability/issuer.py [--seconds 5] [--clients 4] [--quick]

Needs: target/release/support-requests (cargo build --release) or SUPPORT_REQUESTS_BINARY, openssl. For each fault: callers with a good
token ask without pause, another sends tokens of unknown keys, and SIGHUP makes the service fetch every half second. At the end
every answered reference is looked for with `export`, requests and audit records must be pairs, and `verify` must agree. Exit
status 1 when they are not, a good token was refused, an unknown key taken, or the service was not ready.
"""
import argparse, collections, http.client, json, pathlib, signal, socket, ssl, statistics, sys, tempfile, threading, time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from harness import PATH, Service, World, b64, certificate
from judged import end

BODY = json.dumps({"summary": "It fails while the issuer breaks"}).encode()
HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
DEEP = b"[" * 10_000 + b"]" * 10_000
# What is said in place of the keys.
PAGES = {
    "is a portal (HTML with 200)": b"<html>Please sign in</html>",
    "nests 10,000 deep": b'{"keys": [' + DEEP + b"]}",
    "is not UTF-8": b'{"keys": [], "x": "\xff"}',
    "says wrong types": b'{"keys": [7, {"kty": 7, "kid": [], "n": {}}]}',
}
FAULTS = ["answers", "says nothing", "never closes", "drips", "sends without end", *PAGES, "fails (500)", "redirects",
          "shows a certificate that nobody vouches for", "answers"]


class Issuer:
    """A key set at a port, or what is set instead of it."""

    def __init__(self, keys, good, bad):
        """With a server's context of TLS that is to be believed, and one that is not."""
        self.keys, self.fault, self.asked, self.good, self.bad = keys, "answers", 0, good, bad
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://localhost:{self.listener.getsockname()[1]}/keys"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.answer, args=(connection, self.fault), daemon=True).start()

    def answer(self, connection, fault):
        self.asked += 1
        try:
            context = self.bad if "certificate" in fault else self.good
            with context.wrap_socket(connection, server_side=True) as connection:
                connection.recv(65536)
                page = PAGES.get(fault, self.keys)
                sized = HEAD + b"Content-Length: %d\r\n\r\n" % len(page)
                if fault == "answers" or fault in PAGES:
                    connection.sendall(sized + page)
                elif fault == "fails (500)":
                    connection.sendall(sized.replace(b"200 OK", b"500 Internal Server Error") + page)
                elif fault == "redirects":
                    connection.sendall(sized.replace(b"200 OK", b"302 Found\r\nLocation: /elsewhere") + page)
                elif fault == "never closes":
                    connection.sendall(HEAD + b"\r\n" + self.keys)
                    connection.recv(1)
                elif fault == "says nothing":
                    connection.recv(1)
                elif fault in ("drips", "sends without end"):
                    connection.sendall(HEAD + b"\r\n")
                    while True:
                        connection.sendall(b" " if fault == "drips" else b" " * 65536)
                        time.sleep(0.05 if fault == "drips" else 0)
        except (OSError, ssl.SSLError):
            pass


def calls(port, token, seconds, into, method="POST", path=PATH):
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    end = time.monotonic() + seconds
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while (began := time.monotonic()) < end:
        connection.request(method, path, BODY if method == "POST" else None, headers)
        answer = connection.getresponse()
        body = answer.read()
        into.append((answer.status, time.monotonic() - began, json.loads(body)["reference"] if answer.status == 201 else None))
        if method == "GET":
            time.sleep(0.1)


def measure(service, world, issuer, fault, seconds, clients):
    issuer.fault, issuer.asked = fault, 0
    # A fetch that the fault before holds up goes on for up to ten seconds.
    while not issuer.asked:
        service.process.send_signal(signal.SIGHUP)
        time.sleep(0.1)
    good, unknown, ready = [], [], []
    head, rest = world.token.split(".", 1)
    stranger = b64(json.dumps({"alg": "RS256", "typ": "at+jwt", "kid": "unknown"}).encode()) + "." + rest
    todo = [(world.token, good)] * clients + [(stranger, unknown)]
    threads = [threading.Thread(target=calls, args=(service.port, token, seconds, into)) for token, into in todo]
    threads.append(threading.Thread(target=calls, args=(service.port, world.token, seconds, ready, "GET", "/readyz")))
    for thread in threads:
        thread.start()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        service.process.send_signal(signal.SIGHUP)
        time.sleep(0.5)
    for thread in threads:
        thread.join()
    return good, unknown, ready, issuer.asked


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--quick", action="store_true", help="a second for each fault: whether it holds, and no figures")
    options = parser.parse_args()
    seconds = 1 if options.quick else options.seconds
    wrong, answered = 0, set()
    with tempfile.TemporaryDirectory() as folder:
        world = World(pathlib.Path(folder))
        # With a key of another name beside it, the name chooses.
        other = World(pathlib.Path(tempfile.mkdtemp(dir=folder)))
        keys = json.loads((world.folder / "keys.json").read_text())
        keys["keys"] += [{**key, "kid": "other"} for key in json.loads((other.folder / "keys.json").read_text())["keys"]]
        (authority, good), (_, bad) = (certificate(world.folder, name) for name in ("issuer", "nobody"))
        issuer, database = Issuer(json.dumps(keys).encode(), good, bad), f"sqlite://{folder}/bench.db"
        service = Service(world, database, SUPPORT_REQUESTS_JWKS=issuer.url, SSL_CERT_FILE=str(authority))
        time.sleep(1)
        print("| the issuer | 201 | median | p99 | worst | unknown keys: 401 | `/readyz` | asked |\n|---|---|---|---|---|---|---|---|")
        for fault in FAULTS:
            good, unknown, ready, asked = measure(service, world, issuer, fault, seconds, options.clients)
            answered |= {reference for _, _, reference in good if reference}
            times = sorted(took * 1000 for _, took, _ in good)
            p99 = times[len(times) * 99 // 100]
            states = collections.Counter(status for status, *_ in ready)
            print(f"| {fault} | {len(good):,} | {statistics.median(times):.1f} ms | {p99:.1f} ms | {times[-1]:.1f} ms | {len(unknown):,} "
                  f"| {', '.join(map(str, states))} | {asked} |", flush=True)
            wrong += sum(s != 201 for s, *_ in good) + sum(s != 401 for s, *_ in unknown) + sum(s != 200 for s, *_ in ready)
        service.stop()
        wrong += end(world, answered, database)
    print(f"\nwrong answers: {wrong}")
    sys.exit(1 if wrong else 0)


main()
