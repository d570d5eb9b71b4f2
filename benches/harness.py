"""What the scripts in this folder share: keys and a token, the running service, a PostgreSQL server of their own."""
import base64, json, os, pathlib, re, shutil, signal, socket, ssl, subprocess, sys, time

ROOT = pathlib.Path(__file__).resolve().parents[1]
BINARY = pathlib.Path(os.environ.get("SUPPORT_REQUESTS_BINARY", ROOT / "target/release/support-requests"))
PATH = "/workspaces/acme/tenants/contoso/support-requests"
STORAGE = ROOT / "benches/storage"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def slow_clock(folder):
    """The environment of a program that valgrind runs: its monotonic clock goes slower, as it does itself."""
    library = folder / "slow_clock.so"
    subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-o", library, ROOT / "benches/slow_clock.c"], check=True)
    return {"LD_PRELOAD": str(library)}


def bundle():
    """About 2 KB, as a platform would send it. The benchmark of the rules reads it too."""
    return json.loads((STORAGE / "bundle.json").read_text())


class World:
    """Keys, token, diagnostics: what every run of the service shares."""

    def __init__(self, folder):
        self.folder = folder
        key = folder / "key.pem"
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
        modulus = subprocess.run(["openssl", "rsa", "-in", key, "-noout", "-modulus"], check=True, capture_output=True, text=True)
        n = bytes.fromhex(modulus.stdout.strip().split("=")[1])
        jwk = {"kty": "RSA", "kid": "bench", "alg": "RS256", "use": "sig", "n": b64(n), "e": "AQAB"}
        (folder / "keys.json").write_text(json.dumps({"keys": [jwk]}))
        self.token = self.sign("bench")
        diagnostics = folder / "diagnostics/acme"
        diagnostics.mkdir(parents=True)
        references = {"workspace": {"id": "acme", "name": "Acme"}, "tenant": {"id": "contoso", "name": "Contoso"}}
        (diagnostics / "contoso.json").write_text(json.dumps({"references": references, "bundle": bundle()}))

    def sign(self, subject):
        now = int(time.time())
        claims = {"iss": "https://bench.example", "aud": "support-requests", "sub": subject, "name": "Bench", "iat": now,
                  "exp": now + 86000, "workspaces": {"acme": {"tenants": {"*": ["support_requests.create", "support_diagnostics.view"]}}}}
        head = b64(json.dumps({"alg": "RS256", "typ": "at+jwt", "kid": "bench"}).encode())
        signed = f"{head}.{b64(json.dumps(claims).encode())}"
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.folder / "key.pem"], input=signed.encode(), check=True, capture_output=True)
        return f"{signed}.{b64(signature.stdout)}"

    def settings(self, database):
        return {"SUPPORT_REQUESTS_ENVIRONMENT": "production", "SUPPORT_REQUESTS_JWKS": str(self.folder / "keys.json"),
                "SUPPORT_REQUESTS_ISSUER": "https://bench.example", "SUPPORT_REQUESTS_AUDIENCE": "support-requests",
                "SUPPORT_REQUESTS_DIAGNOSTICS": f"file:{self.folder / 'diagnostics'}", "SUPPORT_REQUESTS_DATABASE_URL": database,
                "SUPPORT_REQUESTS_RATE_LIMIT": "off", "SUPPORT_REQUESTS_SHUTDOWN_DELAY": "0s", "SUPPORT_REQUESTS_LOG": os.environ.get("SUPPORT_REQUESTS_LOG", "info")}


def certificate(folder, name):
    """An authority of that name, and a certificate of it for `localhost`: the authority's file, and a server's context."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=folder)

    new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl("req", "-x509", *new, "-keyout", f"{name}-authority.key", "-out", f"{name}-authority.pem", "-subj", f"/CN={name}", "-days", "2")
    openssl("req", *new, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", "/CN=localhost")
    (folder / f"{name}.extensions").write_text("subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n")
    openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{name}-authority.pem", "-CAkey", f"{name}-authority.key", "-CAcreateserial",
            "-out", f"{name}.pem", "-days", "2", "-extfile", f"{name}.extensions")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
    return folder / f"{name}-authority.pem", context


class Service:
    """The built binary, serving a database."""

    def __init__(self, world, database, binary=None, **settings):
        self.port = free_port()
        self.log = open(world.folder / "service.log", "ab")
        self.world = world
        env = {**world.settings(database), **settings}
        command = binary if isinstance(binary, list) else [binary or BINARY]
        self.process = subprocess.Popen([*command, "--listen", f"127.0.0.1:{self.port}"], env=env, stderr=self.log, stdout=self.log, cwd=world.folder)
        # Long enough for one that valgrind runs.
        for _ in range(2400):
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.1).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    sys.exit(f"the service ended: {(world.folder / 'service.log').read_text()[-1500:]}")
                time.sleep(0.05)

    def peak_mib(self):
        return int(re.search(r"VmHWM:\s+(\d+)", open(f"/proc/{self.process.pid}/status").read()).group(1)) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(40)


class Postgres:
    """A server of its own, with durable defaults, in a folder on a real disk."""

    def __init__(self, folder):
        bindir = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True).stdout.strip()
        candidates = [pathlib.Path(bindir), *sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[::-1], pathlib.Path("/usr/local/bin")]
        self.bin = next(c for c in candidates if (c / "initdb").exists())
        self.data, self.port = folder / "pg", free_port()
        self.drop = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []
        known = self.data.exists()
        if not known:
            self.data.mkdir()
            if self.drop:
                os.chmod(folder, 0o755)
                shutil.chown(self.data, "postgres", "postgres")
            subprocess.run([*self.drop, self.bin / "initdb", "-D", self.data, "-A", "trust", "-U", "super"], check=True, capture_output=True, cwd="/")
        self.begin()
        if not known:
            self.sql("CREATE ROLE sr_owner LOGIN CREATEROLE", "postgres")

    def begin(self):
        """Starts the server, or starts it again after it was stopped or killed, and waits until it answers."""
        self.process = subprocess.Popen([*self.drop, self.bin / "postgres", "-D", self.data, "-p", str(self.port), "-c", f"unix_socket_directories={self.data}",
                                         "-c", "max_connections=100"], stdout=subprocess.DEVNULL, stderr=open(self.data.parent / "pg.log", "ab"), cwd="/")
        for _ in range(600):
            ready = subprocess.run(["psql", "-qAt", "-h", "127.0.0.1", "-p", str(self.port), "-U", "super", "-d", "postgres", "-c", "SELECT 1"], capture_output=True)
            if ready.returncode == 0:
                return
            time.sleep(0.05)
        sys.exit(f"PostgreSQL did not start: {(self.data.parent / 'pg.log').read_text()[-1500:]}")

    def psql(self, database):
        return ["psql", "-qAt", "-h", "127.0.0.1", "-p", str(self.port), "-U", "super", "-d", database]

    def sql(self, text, database="sr"):
        return subprocess.run([*self.psql(database), "-c", text], check=True, capture_output=True, text=True).stdout.strip()

    def url(self, name, role="support_requests_app"):
        return f"postgres://{role}@127.0.0.1:{self.port}/{name}"

    def fresh(self, name="sr", binary=None):
        """A new database, migrated by `binary`; answers with its address for the service."""
        self.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", "postgres")
        self.sql(f"CREATE DATABASE {name} OWNER sr_owner", "postgres")
        env = {"SUPPORT_REQUESTS_OWNER_DATABASE_URL": self.url(name, "sr_owner")}
        subprocess.run([binary or BINARY, "migrate"], env=env, check=True, capture_output=True)
        return self.url(name)

    def copy(self, source, name):
        """A copy of a database that nobody is connected to."""
        self.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", "postgres")
        self.sql(f"CREATE DATABASE {name} TEMPLATE {source} OWNER sr_owner", "postgres")
        return self.url(name)

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)
