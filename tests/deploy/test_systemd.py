"""The unit: systemd reads it, it shuts the service in, and its numbers follow from the service's own."""

import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from manifests import mebibytes, operations, seconds, settings
from service import BINARY, DEPLOY, RUN, TENANT, Folder, Service, ask, eventually, post
from unprivileged import AS_NOBODY

UNIT = DEPLOY / "systemd/support-requests.service"
# Of 10.0, on systemd's own scale, as Debian 12's reckons.
EXPOSURE_AT_MOST = 1.1


def values(name):
    return re.findall(rf"^{name}=(.*)$", UNIT.read_text(), re.M)


def one(name):
    (value,) = values(name)
    return value


class Limited(Service):
    """With the unit's limit of open files, under strace."""

    def __init__(self, before, binary=BINARY):
        self.before, self.binary = before, binary
        super().__init__()

    def start(self, args, out):
        return subprocess.Popen([*self.before, self.binary, *args], cwd=self.path, env=self.environment,
                                stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)


class Systemd(unittest.TestCase):
    def limited(self, *before, **its):
        service = Limited(before, **its)
        self.addCleanup(service.remove)
        return service

    def test_systemd_reads_the_unit(self):
        with tempfile.TemporaryDirectory() as folder:
            unit, binary = Path(folder) / UNIT.name, Path(folder) / "support-requests"
            # A checkout may lie in a folder with a blank in its name.
            binary.symlink_to(BINARY)
            text = UNIT.read_text()
            for extra, complaint in [("", None), ("[Service]\nWatchdogSecs=1\n", "WatchdogSecs")]:
                unit.write_text(text.replace("/usr/local/bin/support-requests", str(binary)) + extra)
                said = subprocess.run(["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", unit], text=True,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                self.assertEqual(UNIT.name in said.stdout, complaint is not None, said.stdout)
                self.assertIn(complaint or "", said.stdout)

    def test_the_service_is_shut_in(self):
        def exposure(*more):
            return subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", *more, UNIT], text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

        said = exposure(f"--threshold={round(EXPOSURE_AT_MOST * 10)}")
        self.assertEqual(said.returncode, 0, said.stdout)
        self.assertNotEqual(exposure("--threshold=1").returncode, 0, "the threshold holds something")

    def test_the_memory_is_the_measured_bound_with_every_connection_open(self):
        service = self.limited("prlimit", f"--nofile={one('LimitNOFILE')}")
        connections = int(re.search(r"connections_max[\"=: ]+(\d+)", service.log())[1])
        base = int(re.search(r"needs \*\*(\d+) MiB\*\* at most", operations())[1])
        needed = base + connections * 64 / 1024
        self.assertGreaterEqual(mebibytes(one("MemoryMax")), needed)
        self.assertIn(f"{connections:,} connections", UNIT.read_text())

    def test_the_times_follow_from_the_services_own(self):
        environment = settings(DEPLOY / "systemd/support-requests.env")
        self.assertGreater(seconds(one("TimeoutStartSec")), seconds(environment["SUPPORT_REQUESTS_WAIT_FOR_DATABASE"]) + 10)
        self.assertGreater(seconds(one("TimeoutStopSec")), 25)
        self.assertEqual((one("Type"), one("NotifyAccess")), ("notify", "main"))
        self.assertGreaterEqual(seconds(one("WatchdogSec")), 10)
        self.assertEqual(one("ExecReload"), "/bin/kill -HUP $MAINPID")

    def test_the_service_makes_no_system_call_that_the_unit_forbids(self):
        allowed = set()
        for filter_ in values("SystemCallFilter"):
            named = set().union(*(calls(word) for word in filter_.lstrip("~").split()))
            allowed = allowed - named if filter_.startswith("~") else allowed | named
        self.assertTrue({"read", "socket", "prlimit64"} <= allowed and not {"mount", "ptrace", "setuid"} & allowed)
        trace = Folder()
        self.addCleanup(trace.remove)
        file = trace.path / "trace"
        # As nobody, who need not be able to get at the build's folder: SQLite makes a call as root that it makes as nobody else.
        binary = shutil.copy(BINARY, trace.path)
        before = [*AS_NOBODY, "strace", "-f", "-qq", "--seccomp-bpf", "-e", "signal=none", "-o", str(file)]
        service = self.limited(*before, binary=binary)
        for path in [TENANT, RUN]:
            self.assertEqual(post(service.port, path, service.token).status, 201)
        self.assertEqual(ask(service.port, "GET", "/readyz").status, 200)
        (child,) = Path(f"/proc/{service.process.pid}/task/{service.process.pid}/children").read_text().split()
        subprocess.run(["kill", "-HUP", child], check=True)
        self.assertTrue(eventually(lambda: "SIGHUP" in service.log()))
        subprocess.run(["kill", "-TERM", child], check=True)
        self.assertEqual(service.process.wait(60), 0)
        made = set(re.findall(r"^\d+ +(?:<\.\.\. )?(\w+)(?:\(| resumed>)", file.read_text(), re.M))
        self.assertTrue({"execve", "epoll_wait", "accept4"} <= made, made)
        self.assertEqual(made - allowed, set())


def calls(word):
    """The system calls of a set of systemd's, or one by its name."""
    if not word.startswith("@"):
        return {word}
    said = subprocess.run(["systemd-analyze", "syscall-filter", word], check=True, text=True, stdout=subprocess.PIPE).stdout
    inside = [line.strip() for line in said.splitlines()[1:] if line.strip() and not line.strip().startswith("#")]
    return set().union(*(calls(one) for one in inside))


if __name__ == "__main__":
    unittest.main()
