#!/usr/bin/env python3
"""How long requests take while the issuer of their keys breaks. Prints a table; judges nothing but wrong answers.

    benches/reliability/issuer.py [--seconds 5] [--clients 4]

Needs: target/release/support-requests (cargo build --release) or SUPPORT_REQUESTS_BINARY, openssl. For each fault: callers with a good
token ask without pause, another sends tokens of unknown keys, and SIGHUP makes the service fetch every half second. Exit
status 1 when a good token was refused, an unknown key taken, or the service was not ready.
"""
import argparse, collections, http.client, json, pathlib, signal, socket, statistics, sys, tempfile, threading, time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from harness import PATH, Service, World, b64

BODY = json.dumps({"summary": "It fails while the issuer breaks"}).encode()
HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"


class Issuer:
    """A key set at a port, or what is set instead of it."""

    def __init__(self, keys):
        self.keys, self.fault, self.asked = keys, "answers", 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/keys"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.answer, args=(connection, self.fault), daemon=True).start()

    def answer(self, connection, fault):
        self.asked += 1
        try:
            with connection:
                connection.recv(65536)
                page = self.keys if fault == "answers" else b"<html>Please sign in</html>"
                sized = HEAD + b"Content-Length: %d\r\n\r\n" % len(page)
                if fault in ("answers", "is a portal (HTML with 200)"):
                    connection.sendall(sized + page)
                elif fault == "fails (500)":
                    connection.sendall(sized.replace(b"200 OK", b"500 Internal Server Error") + page)
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
        except OSError:
            pass


def calls(port, token, seconds, into, method="POST", path=PATH):
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    end = time.monotonic() + seconds
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while (began := time.monotonic()) < end:
        connection.request(method, path, BODY if method == "POST" else None, headers)
        answer = connection.getresponse()
        answer.read()
        into.append((answer.status, time.monotonic() - began))
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
    options = parser.parse_args()
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        world = World(pathlib.Path(folder))
        # With a key of another name beside it, the name chooses.
        other = World(pathlib.Path(tempfile.mkdtemp(dir=folder)))
        keys = json.loads((world.folder / "keys.json").read_text())
        keys["keys"] += [{**key, "kid": "other"} for key in json.loads((other.folder / "keys.json").read_text())["keys"]]
        issuer = Issuer(json.dumps(keys).encode())
        # Production takes keys from https only.
        service = Service(world, f"sqlite://{folder}/bench.db", SUPPORT_REQUESTS_JWKS=issuer.url, SUPPORT_REQUESTS_ENVIRONMENT="development")
        time.sleep(1)
        print("| the issuer | 201 | median | p99 | worst | unknown keys: 401 | `/readyz` | asked |\n|---|---|---|---|---|---|---|---|")
        for fault in ["answers", "says nothing", "never closes", "drips", "sends without end", "is a portal (HTML with 200)", "fails (500)", "answers"]:
            good, unknown, ready, asked = measure(service, world, issuer, fault, options.seconds, options.clients)
            times = sorted(took * 1000 for _, took in good)
            p99 = times[len(times) * 99 // 100]
            states = collections.Counter(status for status, _ in ready)
            print(f"| {fault} | {len(good):,} | {statistics.median(times):.1f} ms | {p99:.1f} ms | {times[-1]:.1f} ms | {len(unknown):,} "
                  f"| {', '.join(map(str, states))} | {asked} |", flush=True)
            wrong += sum(s != 201 for s, _ in good) + sum(s != 401 for s, _ in unknown) + sum(s != 200 for s, _ in ready)
        service.stop()
    print(f"\nwrong answers: {wrong}")
    sys.exit(1 if wrong else 0)


main()
