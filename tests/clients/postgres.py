"""A PostgreSQL server for as long as this runs. Prints the owner's URL, then the runtime role's."""

import glob
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import time


def bindir():
    told = (
        shutil.which("pg_config")
        and subprocess.run(["pg_config", "--bindir"], text=True, stdout=subprocess.PIPE).stdout.strip()
    )
    beside = os.path.dirname(shutil.which("postgres") or "")
    for folder in [told, beside, *sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)]:
        if folder and all(os.access(f"{folder}/{program}", os.X_OK) for program in ["initdb", "postgres"]):
            return folder
    sys.exit("there is no PostgreSQL server")


def main(folder):
    # The server refuses to run as root.
    user = {}
    os.makedirs(folder)
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        os.chmod(os.path.dirname(folder), 0o711)
    programs, data = bindir(), f"{folder}/data"
    command = [f"{programs}/initdb", "-D", data, "-U", "owner", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"]
    subprocess.run(command, check=True, stdout=sys.stderr, cwd=folder, **user)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        f"{programs}/postgres",
        "-D",
        data,
        "-p",
        str(port),
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        f"unix_socket_directories={folder}",
        "-c",
        "fsync=off",
    ]
    server = subprocess.Popen(command, stdout=sys.stderr, cwd=folder, **user)
    signal.signal(signal.SIGTERM, lambda *_: server.send_signal(signal.SIGQUIT))
    ready = [f"{programs}/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port), "-d", "postgres", "-U", "owner"]
    while server.poll() is None and subprocess.run(ready, check=False).returncode != 0:
        time.sleep(0.1)
    for role in ["owner", "support_requests_app"]:
        print(f"postgres://{role}@127.0.0.1:{port}/postgres")
    sys.stdout.flush()
    server.wait()


main(sys.argv[1])
