"""Callers who repeat nothing: each request of the load has a token, a body and a tenant with a diagnostics file of its own.

There are COUNT of each. They come in turn, and each run goes on where the one before ended, so a request meets its own token or
bundle again only after COUNT others: 8,192 documents are several times what the service may keep of diagnostics files in memory
(1 MiB), and a cache of fewer tokens never has the next one. A benchmark of one token and one bundle would reward such a cache.
"""
import copy, hashlib, json, os, pathlib, re, subprocess, sys, time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import harness

COUNT = 8192
# What wrk runs: all requests are put together before it begins, so that choosing one costs the load generator nothing.
SCRIPT = """
local requests, at = {}, 0
function init(args)
  at = tonumber(args[1])
  for line in io.lines(args[2]) do
    local tenant, token, body = line:match('^(%S+) (%S+) (.*)$')
    requests[#requests + 1] = wrk.format('POST', '/workspaces/acme/tenants/' .. tenant .. '/support-requests',
      { ['Content-Type'] = 'application/json', ['Authorization'] = 'Bearer ' .. token }, body)
  end
end
function request() at = at % #requests + 1; return requests[at] end
done = function(s, l, r) io.write(string.format('RESULT %d %d %d %d %d %d\\n', s.requests, s.duration,
  s.errors.status + s.errors.connect + s.errors.read + s.errors.write + s.errors.timeout, l:percentile(50), l:percentile(99), l.max)) end
"""


def tenant(number):
    return f"t-{number:04}"


def body(number):
    """As a person writes: the same in kind, not in letters."""
    request = json.loads((HERE / "request.json").read_text())
    request["summary"] = f"{request['summary']}, {number * 7919 % COUNT} policies"
    request["contact_email"] = f"ada.{number}@acme.example"
    return json.dumps(request)


def documents(number):
    """References and a bundle in which every number is another one."""
    made = copy.deepcopy(harness.bundle())
    made["headline"] = f"{made['headline']}, run {number}"
    for section in made["sections"]:
        for place, fact in enumerate(section["facts"]):
            if isinstance(fact["value"], int):
                fact["value"] = number * 31 + place * 37
    references = {"workspace": {"id": "acme", "name": "Acme"}, "tenant": {"id": tenant(number), "name": f"Tenant {number}"}}
    return json.dumps({"references": references, "bundle": made})


def signer(key):
    """RS256 in this process where Python's cryptography is installed, else openssl's program, a hundred times slower."""
    try:
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import padding
    except ImportError:
        return lambda text: subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=text, check=True, capture_output=True).stdout
    private = serialization.load_pem_private_key(key.read_bytes(), None)
    return lambda text: private.sign(text, padding.PKCS1v15(), hashes.SHA256())


class World(harness.World):
    """The harness's, with COUNT callers about COUNT tenants."""

    def __init__(self, folder, count=COUNT):
        super().__init__(folder)
        self.count, self.at = count, 0
        sign, now = signer(folder / "key.pem"), int(time.time())
        head = harness.b64(json.dumps({"alg": "RS256", "typ": "at+jwt", "kid": "bench"}).encode())
        with open(folder / "requests", "w") as requests:
            for number in range(count):
                (folder / f"diagnostics/acme/{tenant(number)}.json").write_text(documents(number))
                signed = f"{head}.{harness.b64(json.dumps(self.claims(number, now)).encode())}"
                requests.write(f"{tenant(number)} {signed}.{harness.b64(sign(signed.encode()))} {body(number)}\n")
        (folder / "load.lua").write_text(SCRIPT)

    @staticmethod
    def claims(number, now):
        return {"iss": "https://bench.example", "aud": "support-requests", "sub": f"bench-{number}", "name": f"Ada {number}",
                "jti": hashlib.sha256(str(number).encode()).hexdigest()[:32], "iat": now, "exp": now + 86000,
                "workspaces": {"acme": {"tenants": {"*": ["support_requests.create", "support_diagnostics.view"]}}}}

    def next(self, requests):
        """Where a run of so many requests begins: behind the last one."""
        at, self.at = self.at, (self.at + requests) % self.count
        return at

    def bundle_bytes(self):
        return len((self.folder / f"diagnostics/acme/{tenant(1)}.json").read_bytes())


class Service(harness.Service):
    """The built binary, and wrk beside it."""

    def load(self, clients, seconds):
        out = subprocess.run(["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "10s", "-s", self.world.folder / "load.lua",
                              f"http://127.0.0.1:{self.port}", "--", str(self.world.at), self.world.folder / "requests"],
                             check=True, capture_output=True, text=True).stdout
        requests, duration, errors, p50, p99, worst = map(int, re.search(r"RESULT (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)", out).groups())
        self.world.next(requests)
        if errors:
            print(f"  ! {errors} answers were not 2xx", file=sys.stderr)
        return {"tps": (requests - errors) / (duration / 1e6), "p50": p50 / 1000, "p99": p99 / 1000, "max": worst / 1000}


def ticks(pids):
    """Processor time of processes so far, in microseconds."""
    stats = (pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split() for pid in pids)
    return sum(int(fields[11]) + int(fields[12]) for fields in stats) * 1_000_000 // os.sysconf("SC_CLK_TCK")
