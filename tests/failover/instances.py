"""The built binary, as it runs in production, and what it says of itself."""

import http.client
import json
import os
import pathlib
import signal
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "benches"))
from harness import World  # noqa: E402 (the path comes first)

from cluster import until

BINARY = os.environ.get("SUPPORT_REQUESTS_BINARY", str(ROOT / "target/debug/support-requests"))
SUBJECTS = 40


class Callers(World):
    """Keys, tokens of many people, and a platform that knows a tenant and one of its runs."""

    def __init__(self, folder):
        super().__init__(folder)
        self.tokens = [self.sign(f"person-{number}") for number in range(SUBJECTS)]
        tenant = folder / "diagnostics/acme/contoso.json"
        said = json.loads(tenant.read_text())
        said["references"]["operation_run"] = {"id": "run-1042", "type": "backup", "status": "failed"}
        (folder / "diagnostics/acme/contoso").mkdir()
        (folder / "diagnostics/acme/contoso/run-1042.json").write_text(json.dumps(said))

    def command(self, database, *words):
        """An operator's command: its exit status and what it said."""
        done = subprocess.run([BINARY, *words], env=self.settings(database), capture_output=True, text=True, cwd=self.folder)
        return done.returncode, done.stdout + done.stderr


class Instance:
    """One process of the service."""

    def __init__(self, world, way, number, port, database):
        self.way, self.port = way, port
        self.name = f"{way.replace(' ', '-')}-{number}"
        self.log = world.folder / f"{self.name}.log"
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([BINARY, "--listen", f"127.0.0.1:{port}"], env=world.settings(database),
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=world.folder)
        until(f"{self.name} is ready", lambda: self.readiness() == 200, 60)

    def readiness(self):
        """The status of /readyz; 0 where nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def is_running(self):
        return self.process.poll() is None

    def stop(self):
        """Its exit status: 0 when it stopped as it should."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(40)
