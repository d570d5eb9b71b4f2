"""Callers who ask without pause, and one an instance who asks every tenth of a second whether it is ready."""

import http.client
import itertools
import json
import threading
import time
from dataclasses import dataclass

TENANT = "/workspaces/acme/tenants/contoso/support-requests"
RUN = "/workspaces/acme/tenants/contoso/operation-runs/run-1042/support-requests"
BODY = json.dumps({"summary": "It fails while the database moves"}).encode()
# Longer than the service takes for any answer.
TIMEOUT = 30
PAUSE_AFTER_REFUSAL = 0.1
PAUSE = 0.01
READY_EVERY = 0.1


@dataclass(frozen=True)
class Answer:
    """One request of one caller; `status` is 0 where there was no answer."""

    instance: object
    request_id: str
    sent: float
    at: float
    status: int
    code: str = ""
    reference: str = ""
    retry_after: str | None = None
    said: str = ""


class Load:
    """Of each instance: `callers` threads, each with a connection that it keeps, both endpoints in turn."""

    def __init__(self, name, instances, tokens, callers):
        self.name, self.answers, self.ready, self.stopping = name, [], [], False
        self.tokens, self.numbers = itertools.cycle(tokens), itertools.count(1)
        self.threads = []
        for instance in instances:
            for caller in range(callers):
                self.threads.append(threading.Thread(target=self.ask, args=(instance, caller)))
            self.threads.append(threading.Thread(target=self.watch, args=(instance,)))
        for thread in self.threads:
            thread.start()

    def ask(self, instance, caller):
        connection, paths = None, itertools.cycle([TENANT, RUN])
        while not self.stopping:
            connection = connection or http.client.HTTPConnection("127.0.0.1", instance.port, timeout=TIMEOUT)
            request_id = f"{self.name}.{instance.name}.{caller}.{next(self.numbers)}"
            headers = {"Authorization": f"Bearer {next(self.tokens)}", "Content-Type": "application/json",
                       "X-Request-Id": request_id}
            sent = time.monotonic()
            try:
                connection.request("POST", next(paths), BODY, headers)
                response = connection.getresponse()
                body = json.loads(response.read())
                answer = Answer(instance, request_id, sent, time.monotonic(), response.status, body.get("code", ""),
                                body.get("reference", ""), response.headers.get("Retry-After"))
            except (OSError, ValueError, http.client.HTTPException) as error:
                answer = Answer(instance, request_id, sent, time.monotonic(), 0, said=repr(error))
                connection.close()
                connection = None
            self.answers.append(answer)
            time.sleep(PAUSE if answer.status == 201 else PAUSE_AFTER_REFUSAL)

    def watch(self, instance):
        while not self.stopping:
            asked = time.monotonic()
            self.ready.append((instance, asked, instance.readiness()))
            time.sleep(max(0.0, asked + READY_EVERY - time.monotonic()))

    def stored_since(self, instance, moment):
        """Whether a request that this instance was sent after that moment was stored."""
        return any(answer.instance is instance and answer.sent > moment and answer.status == 201
                   for answer in reversed(self.answers[-2000:]))

    def stop(self):
        self.stopping = True
        for thread in self.threads:
            thread.join()
