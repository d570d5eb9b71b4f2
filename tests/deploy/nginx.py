"""nginx with the files of deploy/nginx, as nobody, on a free port."""

import subprocess

from service import DEPLOY, Folder, free_port, wait_for_port
from unprivileged import AS_NOBODY

CONFIGURATION = """
daemon off;
pid {folder}/pid;
error_log {folder}/error.log info;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    access_log off;
    include {folder}/support-requests.conf;
    server {{
        listen 127.0.0.1:{port};
        include {folder}/support-requests.locations;
    }}
}}
"""

SERVER = "server 127.0.0.1:8080 max_fails=3 fail_timeout=10s;"


def once(text, old, new):
    assert text.count(old) == 1, f"'{old}' stands {text.count(old)} times in the file"
    return text.replace(old, new)


class Proxy(Folder):
    name = "nginx"
    # It passes over an instance that cannot be reached.
    notices_after = 0
    # How long a connection to an instance is kept, and an answer is waited for.
    times = [r"keepalive_timeout (\d+)s", r"proxy_read_timeout (\d+)s"]

    @staticmethod
    def configuration():
        return "".join((DEPLOY / f"nginx/support-requests.{part}").read_text() for part in ("conf", "locations"))

    def __init__(self, upstreams, **changes):
        super().__init__()
        self.port = free_port()
        conf = once((DEPLOY / "nginx/support-requests.conf").read_text(), SERVER, "\n".join(SERVER.replace("8080", str(port)) for port in upstreams))
        locations = (DEPLOY / "nginx/support-requests.locations").read_text().replace("/var/log/nginx", str(self.path))
        if "timeout" in changes:
            locations = once(locations, "proxy_read_timeout 15s", f"proxy_read_timeout {changes['timeout']}")
        (self.path / "support-requests.conf").write_text(conf)
        (self.path / "support-requests.locations").write_text(locations)
        (self.path / "nginx.conf").write_text(CONFIGURATION.format(folder=self.path, port=self.port))
        with open(self.path / "output", "w") as output:
            self.process = subprocess.Popen(
                [*AS_NOBODY, "nginx", "-e", "stderr", "-p", str(self.path), "-c", str(self.path / "nginx.conf")],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT)
        wait_for_port(self.port, self.process)

    def access_log(self):
        return self.read("support-requests.log")

    def logs(self):
        return self.access_log() + self.read("error.log") + self.read("output")

    def remove(self):
        self.process.terminate()
        self.process.wait(30)
        super().remove()
