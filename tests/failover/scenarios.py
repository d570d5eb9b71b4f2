"""What is done to the cluster, and what it must come to."""

import signal
import time
from dataclasses import dataclass, field
from typing import Callable

import network
from network import NODES

# How long etcd is away: longer than the leader believes what it knew.
ETCD_AWAY = 25


@dataclass(frozen=True)
class Scenario:
    """`fault` breaks something, given the leader, and `mend` mends it. `heals`: the cluster gets over it by itself, so it is
    mended once requests are stored again. `moves`: another node must be the leader then. `refuses`: for a while nothing can
    be stored, for longer than callers are kept waiting."""

    name: str
    title: str
    fault: Callable
    mend: Callable = lambda cluster, leader: None
    moves: bool = True
    heals: bool = True
    refuses: bool = True
    settings: dict = field(default_factory=dict)


def freeze(cluster, leader):
    cluster.signal(leader, signal.SIGSTOP)


def thaw(cluster, leader):
    cluster.signal(leader, signal.SIGCONT)


def switch_over(cluster, leader):
    cluster.ask(leader, "/switchover", "POST", {"leader": leader, "candidate": synchronous_standby(cluster, leader)})


def synchronous_standby(cluster, leader):
    members = cluster.ask(leader, "/cluster")["members"]
    return next(member["name"] for member in members if member["role"] == "sync_standby")


def thaw_everybody(cluster, _leader):
    for node in NODES:
        cluster.signal(node, signal.SIGCONT)


def start_whoever_is_gone(cluster, _leader):
    for node in NODES:
        if cluster.patroni[node].poll() is not None:
            cluster.start(node)


def etcd_away(cluster, _leader):
    cluster.stop_etcd()
    time.sleep(ETCD_AWAY)


def etcd_back(cluster, _leader):
    cluster.start_etcd()


ALL = [
    Scenario("killed", "the leader is killed (-9), PostgreSQL and Patroni", lambda cluster, leader: cluster.kill(leader),
             start_whoever_is_gone),
    Scenario("frozen", "the leader freezes (SIGSTOP), and goes on after the failover", freeze, thaw),
    Scenario("switchover", "a switchover is asked for", switch_over, refuses=False),
    Scenario("cut-off", "the network of the leader is cut, and comes back after the failover",
             lambda cluster, leader: network.cut(leader), lambda cluster, leader: network.mend(leader)),
    Scenario("left-alone", "the leader's Patroni is killed (-9), PostgreSQL runs on",
             lambda cluster, leader: cluster.kill_patroni(leader), start_whoever_is_gone),
    Scenario("standby-killed", "the synchronous standby is killed (-9)",
             lambda cluster, leader: cluster.kill(synchronous_standby(cluster, leader)), start_whoever_is_gone,
             moves=False, refuses=False),
    Scenario("standby-frozen", "the synchronous standby freezes (SIGSTOP)",
             lambda cluster, leader: cluster.signal(synchronous_standby(cluster, leader), signal.SIGSTOP), thaw_everybody,
             moves=False),
    Scenario("etcd-away", f"etcd is away for {ETCD_AWAY} s", etcd_away, etcd_back, moves=False, heals=False),
    Scenario("etcd-away-failsafe", f"etcd is away for {ETCD_AWAY} s, with failsafe_mode", etcd_away, etcd_back,
             moves=False, refuses=False, settings={"failsafe_mode": True}),
]
