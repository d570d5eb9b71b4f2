"""etcd, three PostgreSQL nodes under Patroni with the file of deploy/patroni, and HAProxy with that of deploy/haproxy."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time
import urllib.request

from network import HUB, NODES, inside, processes

DEPLOY = pathlib.Path(__file__).resolve().parents[2] / "deploy"
AS_POSTGRES = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
PASSWORD = "only-here"
OWNER, RUNTIME, DATABASE = "support_requests_owner", "support_requests_app", "support_requests"


def programs():
    """The folder of PostgreSQL's programs: the newest there is."""
    found = [folder.parent for folder in pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    return max(found, key=lambda folder: int(folder.parent.name))


def until(what, look, seconds=120):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.1)
    raise TimeoutError(f"not within {seconds} s: {what}")


def once(text, old, new):
    assert text.count(old) == 1, f"'{old}' stands {text.count(old)} times in the file"
    return text.replace(old, new)


class Cluster:
    def __init__(self, folder):
        self.folder, self.patroni = folder, {}
        self.environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
        for role in ("SUPERUSER", "REPLICATION", "REWIND"):
            self.environment[f"PATRONI_{role}_PASSWORD"] = PASSWORD
        self.start_etcd()
        for node in NODES:
            self.configure(node)
            self.start(node)
        # Debian's Patroni may bring its own HAProxy service; this one is ours, with the file as it stands.
        self.haproxy = self.spawn("haproxy", ["haproxy", "-db", "-f", str(DEPLOY / "haproxy/haproxy.cfg")])
        self.healthy()

    def spawn(self, name, words):
        with open(self.folder / f"{name}.log", "ab") as log:
            return subprocess.Popen(words, env=self.environment, stdin=subprocess.DEVNULL, stdout=log,
                                    stderr=subprocess.STDOUT, cwd="/", start_new_session=True)

    def start_etcd(self):
        data, own = self.folder / "etcd", f"http://{HUB}:2379"
        self.etcd = self.spawn("etcd", ["etcd", "--data-dir", str(data), "--listen-client-urls", own,
                                        "--advertise-client-urls", own])

    def stop_etcd(self):
        self.etcd.kill()
        self.etcd.wait()

    def configure(self, node):
        own = self.folder / node
        own.mkdir()
        text = (DEPLOY / "patroni/patroni.yaml").read_text().replace(NODES["pg1"], NODES[node])
        text = once(text, "name: pg1", f"name: {node}")
        text = once(text, "/var/lib/postgresql/15/support-requests", str(own / "data"))
        text = once(text, "/usr/lib/postgresql/15/bin", str(programs()))
        text = once(text, "/var/lib/postgresql/.patroni-pgpass", str(own / "pgpass"))
        text = once(text, "/var/run/postgresql", str(own))
        (own / "patroni.yaml").write_text(text)
        shutil.chown(own, "postgres", "postgres")

    def start(self, node):
        words = [*inside(node), *AS_POSTGRES, os.environ["PATRONI"], str(self.folder / node / "patroni.yaml")]
        self.patroni[node] = self.spawn(node, words)

    def signal(self, node, number):
        """To Patroni and PostgreSQL, the servers' children too."""
        for process in processes(node):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, number)

    def kill(self, node):
        self.signal(node, signal.SIGKILL)
        self.patroni[node].wait()

    def kill_patroni(self, node):
        self.patroni[node].kill()
        self.patroni[node].wait()

    def ask(self, node, path, method="GET", body=None):
        """One node's answer; None from one that says nothing."""
        request = urllib.request.Request(f"http://{NODES[node]}:8008{path}", json.dumps(body).encode() if body else None,
                                         {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=2 if method == "GET" else 60) as answer:
                return json.loads(answer.read() or b"{}")
        except (OSError, ValueError):
            return None

    def leaders(self, without=None):
        """Who says of itself that it is the leader."""
        return [node for node in NODES if node != without and self.ask(node, "/primary")]

    def leader(self, without=None):
        leaders = self.leaders(without)
        return leaders[0] if len(leaders) == 1 else None

    def healthy(self):
        """Waits until there is one leader and all others stream from it, one of them synchronously."""
        def look():
            leader = self.leader()
            members = (self.ask(leader, "/cluster") or {}).get("members", []) if leader else []
            standbys = [member for member in members if member["role"] != "leader"]
            # Patroni 3.0 says "running" of a standby, newer ones "streaming".
            well = all(m["state"] in ("running", "streaming") and m.get("lag") == 0 for m in standbys)
            one_timeline = len({member.get("timeline") for member in members}) == 1
            synchronous = any(member["role"] == "sync_standby" for member in standbys)
            return leader if len(standbys) == len(NODES) - 1 and well and one_timeline and synchronous else None
        return until("three nodes are well", look, 180)

    def configure_dcs(self, **settings):
        leader = self.leader()
        assert self.ask(leader, "/config", "PATCH", settings), "Patroni did not take the settings"
        # Every node looks at them once a loop.
        time.sleep(7)

    def sql(self, text, node, database=DATABASE):
        words = ["psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-h", NODES[node], "-U", "postgres", "-d", database, "-c", text]
        done = subprocess.run(words, env={**self.environment, "PGPASSWORD": PASSWORD}, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def make_database(self, binary):
        leader = self.leader()
        self.sql(f"CREATE ROLE {OWNER} LOGIN CREATEROLE PASSWORD '{PASSWORD}'", leader, "postgres")
        self.sql(f"CREATE DATABASE {DATABASE} OWNER {OWNER}", leader, "postgres")
        environment = {"SUPPORT_REQUESTS_OWNER_DATABASE_URL": self.url("several hosts", OWNER)}
        subprocess.run([binary, "migrate"], env=environment, check=True, cwd=self.folder)
        self.sql(f"ALTER ROLE {RUNTIME} PASSWORD '{PASSWORD}'", leader, "postgres")

    @staticmethod
    def url(way, role=RUNTIME):
        hosts = ",".join(f"{address}:5432" for address in NODES.values()) if way == "several hosts" else "127.0.0.1:5432"
        attributes = "?target_session_attrs=read-write" if way == "several hosts" else ""
        return f"postgres://{role}:{PASSWORD}@{hosts}/{DATABASE}{attributes}"

    def remove(self):
        self.haproxy.kill()
        self.stop_etcd()
        for node in NODES:
            self.signal(node, signal.SIGKILL)
