"""What the tests of deploy/ share: the built binary, requests, and what an answer of a proxy must look like."""

import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
BINARY = os.environ.get("SUPPORT_REQUESTS_BINARY", str(ROOT / "target/debug/support-requests"))
ORIGIN = "https://admin.example"
TENANT = "/workspaces/acme/tenants/contoso/support-requests"
RUN = "/workspaces/acme/tenants/contoso/operation-runs/run-1042/support-requests"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for_port(port, process):
    for _ in range(1200):
        assert process.poll() is None, f"{process.args[0]} ended"
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on {port}")


def eventually(look):
    """A log may be written just after an answer."""
    for _ in range(200):
        if look():
            return True
        time.sleep(0.05)
    return False


class Folder:
    """A folder of its own, which anybody may write: proxies run as nobody."""

    def __init__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="support-requests-deploy-"))
        self.path.chmod(0o777)

    def read(self, name):
        file = self.path / name
        return file.read_text() if file.exists() else ""

    def remove(self):
        shutil.rmtree(self.path)


class Service(Folder):
    """The binary, in development, on a free port."""

    def __init__(self, beside=None, **settings):
        """`beside` another one, on its database and with its key, if there is one."""
        if beside:
            self.path = beside.path
        else:
            super().__init__()
        self.port, self.owns = free_port(), beside is None
        self.environment = {
            "SUPPORT_REQUESTS_LISTEN": f"127.0.0.1:{self.port}",
            "SUPPORT_REQUESTS_CORS_ORIGINS": f"{ORIGIN},https://*.admin.example",
            "SUPPORT_REQUESTS_RATE_LIMIT": "off",
            **settings,
        }
        with open(self.path / f"service-{self.port}.log", "w") as log:
            self.process = self.start(["serve"], log)
        wait_for_port(self.port, self.process)
        self.token = self.run("token").strip()

    def start(self, args, out):
        return subprocess.Popen([BINARY, *args], cwd=self.path, env=self.environment, stdin=subprocess.DEVNULL,
                                stdout=out, stderr=subprocess.STDOUT)

    def run(self, *args):
        return subprocess.run([BINARY, *args], cwd=self.path, env=self.environment, check=True, text=True,
                              stdout=subprocess.PIPE).stdout

    def log(self):
        return self.read(f"service-{self.port}.log")

    def stored(self):
        return [json.loads(line) for line in self.run("export", "--including-recent").splitlines()]

    def stop(self):
        self.process.terminate()
        self.process.wait(30)

    def remove(self):
        self.stop()
        if self.owns:
            super().remove()


class Stranger:
    """An instance that says it is ready, takes a whole request, and then does something else than answer it."""

    def __init__(self, then="drop"):
        self.requests, self.then, self.open = 0, then, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.read, args=(connection,), daemon=True).start()

    def read(self, connection):
        data = b""
        while b"\r\n\r\n" not in data:
            data += connection.recv(65536) or b"\r\n\r\n"
        head, body = data.split(b"\r\n\r\n", 1)
        if not head:
            return
        length = re.search(rb"(?i)content-length: (\d+)", head)
        while length and len(body) < int(length[1]):
            body += connection.recv(65536)
        if head.startswith(b"GET /readyz "):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            connection.close()
            return
        self.requests += 1
        if self.then == "drop":
            connection.close()
        else:
            self.open.append(connection)

    def close(self):
        for socket_ in [self.listener, *self.open]:
            socket_.close()


class Answer:
    def __init__(self, response):
        self.status, self.headers, self.body = response.status, response.headers, response.read()

    def all(self, name):
        return self.headers.get_all(name) or []

    def one(self, name):
        values = self.all(name)
        assert len(values) <= 1, f"{name} is there {len(values)} times: {values}"
        return values[0] if values else None

    def json(self):
        return json.loads(self.body)


def ask(port, method, path, headers=None, body=None, chunked=False):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body=body, headers=headers or {}, encode_chunked=chunked)
        return Answer(connection.getresponse())
    finally:
        connection.close()


def post(port, path, token, body=b'{"summary": "It fails"}', **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return ask(port, "POST", path, {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **named}, body)


def catalogue():
    """The codes that specs/errors.md explains."""
    return set(re.findall(r"^### (\w+)$", (ROOT / "specs/errors.md").read_text(), re.M))
