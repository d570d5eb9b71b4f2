"""How many instructions the service spends on a request, by valgrind's callgrind: the same figure whatever else the machine does.

A run serves some requests to get warm, and is then counted over others. One after the other, so that no commit has a group: what
groups save is not in it. Valgrind knows no AVX-512 and no SHA instructions, so cryptography counts for more than it takes.
"""
import http.client, re, subprocess, sys, threading

import harness
from load import Service

WARM, COUNTED = 30, 100


def callers(service, clients, count):
    """So many requests over `clients` connections, each with its own token, body and bundle."""
    lines = (service.world.folder / "requests").read_text().splitlines()
    at = service.world.next(count)
    todo = [lines[(at + place) % len(lines)].split(" ", 2) for place in range(count)]

    def call():
        connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=60)
        while True:
            try:
                tenant, token, body = todo.pop()
            except IndexError:
                return
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
            connection.request("POST", f"/workspaces/acme/tenants/{tenant}/support-requests", body, headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 201:
                raise SystemExit(f"the service answered {answer.status}")
    threads = [threading.Thread(target=call) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Counted(Service):
    """The service under callgrind."""

    def __init__(self, world, database, binary):
        self.out = world.folder / "callgrind"
        command = ["valgrind", "-q", "--tool=callgrind", f"--callgrind-out-file={self.out}", "--cache-sim=no", str(binary)]
        super().__init__(world, database, command, **harness.slow_clock(world.folder))

    def stop(self):
        """At once: whatever a stop waits for would take as much longer as its clock is slower."""
        self.process.kill()
        self.process.wait()

    def count(self, clients, requests):
        """Instructions of all threads for one request."""
        def control(word):
            subprocess.run(["callgrind_control", word, str(self.process.pid)], check=True, capture_output=True, timeout=300)
        for old in self.out.parent.glob(f"{self.out.name}.*"):
            old.unlink()
        control("--zero")
        callers(self, clients, requests)
        control("--dump")
        dumps = sorted(self.out.parent.glob(f"{self.out.name}.*"))
        return sum(int(number) for dump in dumps for number in re.findall(r"^(?:summary|totals): (\d+)", dump.read_text(), re.M)[:1]) / requests


def started(world, url, binary, tries=5):
    """Under valgrind on a busy machine a start may take longer than the service waits for its database."""
    for _ in range(tries - 1):
        try:
            return Counted(world, url, binary)
        except SystemExit as ended:
            print(f"  ! once more: {str(ended)[-300:]}", file=sys.stderr)
    return Counted(world, url, binary)


def measure(world, databases, binaries, requests=COUNTED, times=2):
    """Thousands of instructions for one request, `times` times in a row: how far they are apart says how exact they are."""
    found = {}
    for name, binary in binaries.items():
        for title, url in databases[name].items():
            service = started(world, url, binary)
            callers(service, 1, WARM)
            found[name, title] = [service.count(1, requests) / 1000 for _ in range(times)]
            service.stop()
    return found
