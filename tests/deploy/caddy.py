"""Caddy with the file of deploy/caddy, as nobody, on a free port."""

import os
import subprocess

from service import DEPLOY, Folder, free_port, wait_for_port
from unprivileged import AS_NOBODY


class Proxy(Folder):
    name = "caddy"
    # It asks each instance every two seconds whether it is ready.
    notices_after = 3
    # How long a connection to an instance is kept, and an answer is waited for.
    times = [r"keepalive (\d+)s", r"SUPPORT_TIMEOUT:(\d+)s"]

    @staticmethod
    def configuration():
        return (DEPLOY / "caddy/Caddyfile").read_text()

    def __init__(self, upstreams, timeout="15s"):
        super().__init__()
        self.port = free_port()
        (self.path / "Caddyfile").write_text(self.configuration())
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.path),
            "CADDY_ADMIN": f"127.0.0.1:{free_port()}",
            "SUPPORT_SITE": f"http://127.0.0.1:{self.port}",
            "SUPPORT_UPSTREAMS": " ".join(f"127.0.0.1:{port}" for port in upstreams),
            "SUPPORT_LOG": str(self.path / "support-requests.log"),
            "SUPPORT_TIMEOUT": timeout,
        }
        with open(self.path / "output", "w") as output:
            self.process = subprocess.Popen(
                [*AS_NOBODY, "caddy", "run", "--config", str(self.path / "Caddyfile"), "--adapter", "caddyfile"],
                env=environment, cwd=self.path, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        try:
            wait_for_port(self.port, self.process)
        except AssertionError as error:
            raise AssertionError(f"{error}: {self.read('output')}") from error

    def access_log(self):
        return self.read("support-requests.log")

    def logs(self):
        return self.access_log() + self.read("output")

    def remove(self):
        self.process.terminate()
        self.process.wait(30)
        super().remove()
