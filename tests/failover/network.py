"""The network: a hub, where etcd, HAProxy, the service and its callers are, and a namespace for each PostgreSQL node."""

import subprocess

HUB = "10.0.0.1"
NODES = {"pg1": "10.0.0.11", "pg2": "10.0.0.12", "pg3": "10.0.0.13"}


def command(*words):
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr.strip()}")
    return done.stdout


def hardware_address(address):
    return f"02:00:00:00:00:{int(address.rsplit('.', 1)[1]):02x}"


def inside(node):
    """What a command begins with that runs in the namespace of a node."""
    return ["ip", "netns", "exec", node]


def build():
    """Everything is in namespaces of this process, and goes with it."""
    command("mount", "-t", "tmpfs", "tmpfs", "/run")
    command("ip", "link", "set", "lo", "up")
    command("ip", "link", "add", "hub", "address", hardware_address(HUB), "type", "bridge")
    command("ip", "address", "add", f"{HUB}/24", "dev", "hub")
    command("ip", "link", "set", "hub", "up")
    for node, address in NODES.items():
        command("ip", "netns", "add", node)
        command("ip", "link", "add", f"to-{node}", "type", "veth",
                "peer", "name", "eth0", "address", hardware_address(address), "netns", node)
        command("ip", "link", "set", f"to-{node}", "master", "hub", "up")
        command("ip", "-n", node, "link", "set", "lo", "up")
        command("ip", "-n", node, "address", "add", f"{address}/24", "dev", "eth0")
        command("ip", "-n", node, "link", "set", "eth0", "up")
    # Neighbours are known for good: packets to a node that is cut off vanish, and nobody is told.
    everybody = {"hub": HUB, **NODES}
    for here in everybody:
        namespace, device = ([], "hub") if here == "hub" else (["-n", here], "eth0")
        for there in everybody.keys() - {here}:
            address = everybody[there]
            command("ip", *namespace, "neighbour", "replace", address, "lladdr", hardware_address(address),
                    "dev", device, "nud", "permanent")


def cut(node):
    command("bridge", "link", "set", "dev", f"to-{node}", "state", "0")


def mend(node):
    command("bridge", "link", "set", "dev", f"to-{node}", "state", "3")


def processes(node):
    return [int(pid) for pid in command("ip", "netns", "pids", node).split()]
