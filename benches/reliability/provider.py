#!/usr/bin/env python3
"""How long requests of one tenant take while the platform breaks for another. Prints a table; judges nothing but wrong answers.

    benches/reliability/provider.py [--seconds 5] [--clients 4] [--quick]

Needs: target/release/support-requests (cargo build --release) or SUPPORT_REQUESTS_BINARY, openssl. The platform answers `contoso` well,
whose callers ask without pause, and does one wrong thing to two callers about `fabrikam`. At the end every answered reference is
looked for with `export`, requests and audit records must be pairs, and `verify` must agree. Exit status 1 when they are not,
contoso was refused, fabrikam was answered otherwise than the row says or after three seconds, or the service was not ready.
A provider that panics is one of our own process: tests/api/load.rs prints the figures.
"""
import argparse, collections, http.client, json, os, pathlib, socket, ssl, statistics, sys, tempfile, threading, time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from harness import PATH, Service, World, bundle, certificate
from judged import end

BODY = json.dumps({"summary": "It fails while the platform breaks"}).encode()
START = b'{"references": {"tenant": {"name": "A tenant"}}, "bundle": '
WHOLE = START + json.dumps(bundle()).encode() + b"}"
REJECTED, LATE, UNPROVEN = "201 diagnostics_rejected", "201 diagnostics_unavailable", "503 context_unavailable"


def says(body, status=b"200 OK", kind=b"application/json"):
    return b"HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (status, kind, len(body), body)


OPEN = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
# What is sent; what is sent after that again and again, with a pause between; whether the connection stays open; what is answered.
FAULTS = {
    "answers": (says(WHOLE), None, False, "201 attached"),
    "sleeps": (b"", None, True, UNPROVEN),
    "says references, and never closes": (OPEN + START, None, True, LATE),
    "drips behind the references": (OPEN + START, (b" ", 0.05), True, LATE),
    "sends 64 MiB": (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 67108864\r\n\r\n" + START + b'"', (b"x" * 65536, 0), True, REJECTED),
    "nests 10,000 deep": (says(START + b"[" * 10_000 + b"]" * 10_000 + b"}"), None, False, REJECTED),
    "is not UTF-8": (says(START + b'"\xff"}'), None, False, REJECTED),
    "says wrong types": (says(START + b'{"schema_version": 1, "sections": 7}}'), None, False, REJECTED),
    "redirects": (says(b"", b"302 Found\r\nLocation: http://127.0.0.1:9/"), None, False, UNPROVEN),
    "is a portal (HTML with 200)": (says(b"<html>Please sign in</html>", kind=b"text/html"), None, False, UNPROVEN),
    "fails (500)": (says(b"{}", b"500 Internal Server Error"), None, False, UNPROVEN),
    "closes without a word": (b"", None, False, UNPROVEN),
    # Bytes that are no answer but a broken record of TLS, under what is encrypted.
    "breaks TLS": (None, None, False, UNPROVEN),
    "answers again": (says(WHOLE), None, False, "201 attached"),
}


class Platform:
    def __init__(self, context):
        self.fault, self.context = "answers", context
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.url = f"https://localhost:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            threading.Thread(target=self.serve, args=(self.listener.accept()[0],), daemon=True).start()

    def serve(self, connection):
        try:
            with self.context.wrap_socket(connection, server_side=True) as connection:
                while head := connection.recv(65536):
                    if b"/tenants/fabrikam/" not in head:
                        connection.sendall(says(WHOLE))
                        continue
                    sent, again, stays, _ = FAULTS[self.fault]
                    if sent is None:
                        with socket.socket(fileno=os.dup(connection.fileno())) as below:
                            return below.sendall(b"\x17\x03\x03\x00\x20" + b"x" * 32)
                    connection.sendall(sent)
                    while again:
                        connection.sendall(again[0])
                        time.sleep(again[1])
                    if stays:
                        connection.recv(1)
                    if stays or not sent:
                        return
        except (OSError, ssl.SSLError):
            pass


def calls(port, token, seconds, into, method, path):
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    end = time.monotonic() + seconds
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    while (began := time.monotonic()) < end:
        connection.request(method, path, BODY if method == "POST" else None, headers)
        answer = connection.getresponse()
        body = answer.read()
        said = json.loads(body) if method == "POST" else {}
        what = f"{answer.status} {said.get('code') or said.get('attachment', {}).get('reason', '')}".strip()
        into.append((what, time.monotonic() - began, said.get("reference")))
        if "contoso" not in path:
            time.sleep(0.05)


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
        authority, context = certificate(world.folder, "platform")
        platform, database = Platform(context), f"sqlite://{folder}/bench.db"
        service = Service(world, database, SUPPORT_REQUESTS_DIAGNOSTICS=platform.url, SUPPORT_REQUESTS_DIAGNOSTICS_CA_FILE=str(authority))
        time.sleep(1)
        print("| to `fabrikam` the platform | `fabrikam` gets | after, at most | `contoso`: 201 | median | p99 | worst | `/readyz` |\n|---|---|---|---|---|---|---|---|")
        for fault, (*_, expected) in FAULTS.items():
            platform.fault = fault
            good, bad, ready = [], [], []
            todo = [("POST", PATH, good)] * options.clients + [("POST", PATH.replace("contoso", "fabrikam"), bad)] * 2 + [("GET", "/readyz", ready)]
            threads = [threading.Thread(target=calls, args=(service.port, world.token, seconds, into, method, path)) for method, path, into in todo]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            times, states = sorted(took * 1000 for _, took, _ in good), collections.Counter(said for said, *_ in ready)
            told = ", ".join(f"{said}: {count}" for said, count in collections.Counter(said for said, *_ in bad).items())
            answered |= {reference for _, _, reference in good + bad if reference}
            print(f"| {fault} | {told} | {max(took for _, took, _ in bad):.1f} s | {len(good):,} | {statistics.median(times):.1f} ms | {times[len(times) * 99 // 100]:.1f} ms "
                  f"| {times[-1]:.1f} ms | {', '.join(states)} |", flush=True)
            wrong += sum(said != "201 attached" for said, *_ in good) + sum(said != expected or took > 3 for said, took, _ in bad)
            wrong += sum(said != "200" for said, *_ in ready)
        print(f"\npeak memory: {service.peak_mib():.0f} MiB")
        service.stop()
        wrong += end(world, answered, database)
    print(f"wrong answers: {wrong}")
    sys.exit(1 if wrong else 0)


main()
