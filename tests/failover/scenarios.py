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
    """`fault` breaks something about the leader's node; `mend` mends it once another leader is there and requests are
    stored again. `moves`: another node must become the leader. `refuses`: for a while nothing can be stored."""

    name: str
    title: str
    fault: Callable
    mend: Callable = lambda cluster, leader: None
    moves: bool = True
    refuses: bool = True
    lasts: float = 0
    settings: dict = field(default_factory=dict)


def freeze(cluster, leader):
    cluster.signal(leader, signal.SIGSTOP)


def thaw(cluster, leader):
    cluster.signal(leader, signal.SIGCONT)


def switch_over(cluster, leader):
    standby = next(member["name"] for member in cluster.ask(leader, "/cluster")["members"]
                   if member["role"] == "sync_standby")
    cluster.ask(leader, "/switchover", "POST", {"leader": leader, "candidate": standby})


def kill_synchronous_standby(cluster, leader):
    members = cluster.ask(leader, "/cluster")["members"]
    cluster.kill(next(member["name"] for member in members if member["role"] == "sync_standby"))


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
    Scenario("switchover", "a switchover is asked for", switch_over),
    Scenario("cut-off", "the network of the leader is cut, and comes back after the failover",
             lambda cluster, leader: network.cut(leader), lambda cluster, leader: network.mend(leader)),
    Scenario("left-alone", "the leader's Patroni is killed (-9), PostgreSQL runs on",
             lambda cluster, leader: cluster.kill_patroni(leader), start_whoever_is_gone),
    Scenario("standby-killed", "the synchronous standby is killed (-9)", kill_synchronous_standby, start_whoever_is_gone,
             moves=False, refuses=False),
    Scenario("etcd-away", f"etcd is away for {ETCD_AWAY} s", etcd_away, etcd_back, moves=False),
    Scenario("etcd-away-failsafe", f"etcd is away for {ETCD_AWAY} s, with failsafe_mode", etcd_away, etcd_back,
             moves=False, refuses=False, settings={"failsafe_mode": True}),
]
