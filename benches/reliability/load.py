"""Callers who ask without pause while something breaks."""
import collections, http.client, itertools, json, threading, time

from harness import PATH

BODY = json.dumps({"summary": "It fails while things break"}).encode()
# When it was sent and answered, with what; `refused` and `cut` stand for a status where there is none.
Answer = collections.namedtuple("Answer", "sent at status code reference")


class Load:
    """Callers that ask without pause, a connection each time, and one who asks whether the service is ready."""

    def __init__(self, world, port, clients):
        self.answers, self.ready, self.stopping = [], [], False
        self.world, self.port = world, port
        self.threads = [threading.Thread(target=self.ask) for _ in range(clients)] + [threading.Thread(target=self.watch)]
        for thread in self.threads:
            thread.start()

    def call(self, method, path, body=None, headers={}):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.connect()
        except OSError:
            return "refused", b""
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            return "cut", b""
        finally:
            connection.close()

    def ask(self):
        headers = {"Authorization": f"Bearer {self.world.token}", "Content-Type": "application/json"}
        while not self.stopping:
            sent = time.monotonic()
            status, body = self.call("POST", PATH, BODY, headers)
            answer = json.loads(body) if body else {}
            self.answers.append(Answer(sent, time.monotonic(), status, answer.get("code", ""), answer.get("reference")))
            if status != 201:
                time.sleep(0.02)

    def watch(self):
        while not self.stopping:
            status, _ = self.call("GET", "/readyz")
            self.ready.append((time.monotonic(), status))
            time.sleep(0.1)

    def stop(self):
        self.stopping = True
        for thread in self.threads:
            thread.join()
        return self

    def references(self):
        return {answer.reference for answer in self.answers if answer.reference}

    def by_status(self):
        counts = collections.Counter(f"{answer.status} {answer.code}".strip() for answer in self.answers)
        return ", ".join(f"{name}: {count:,}" for name, count in counts.most_common())

    def gap(self):
        """The longest time between two requests that were stored."""
        times = sorted(answer.at for answer in self.answers if answer.status == 201)
        return max((later - earlier for earlier, later in zip(times, times[1:])), default=float("nan"))

    def readyz(self):
        """What `/readyz` said, each change once."""
        return [said for said, _ in itertools.groupby(said for _, said in self.ready)]
