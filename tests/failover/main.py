"""Runs the scenarios and prints the table. `run` starts it, in namespaces of its own."""

import argparse
import pathlib
import shutil
import sys
import tempfile
import time

import network
from cluster import Cluster, until
from instances import BINARY, Callers, Instance
from judge import NOT_PAIRED, Verdict
from load import Load
from scenarios import ALL

WAYS = ["several hosts", "HAProxy"]
PORTS = [8081, 8082]
# Long enough for a leader's time to live, an election, and the slowest answer of a loaded machine.
PATIENCE = 120
BEFORE, AFTER = 3, 5
HEAD = """| what was done | connected by | 201 | 503 | of them `outcome_unknown` | longest gap | `/readyz` behind | missing | twice |
|---|---|---|---|---|---|---|---|---|"""


class Run:
    def __init__(self, folder, callers):
        self.folder, self.callers, self.wrong = folder, callers, []
        network.build()
        self.world = Callers(folder)
        self.cluster = Cluster(folder)
        self.cluster.make_database(BINARY)
        self.cluster.healthy()
        self.instances = [Instance(self.world, way, number + 1, port + 10 * index, self.cluster.url(way))
                          for index, way in enumerate(WAYS) for number, port in enumerate(PORTS)]
        self.heads = folder / "heads.json"

    def complain(self, scenario, what):
        self.wrong.append(f"{scenario.name}: {what}")
        print(f"WRONG {self.wrong[-1]}", file=sys.stderr, flush=True)

    def stored_again(self, load, scenario, what):
        """Whether every instance stores requests that it was sent after this moment."""
        moment = time.monotonic()
        for instance in self.instances:
            try:
                until("stored", lambda i=instance: load.stored_since(i, moment), PATIENCE)
            except TimeoutError:
                self.complain(scenario, f"{instance.name} stores nothing, {PATIENCE} s after {what}")

    def run(self, scenario):
        before = self.cluster.healthy()
        if scenario.settings:
            self.cluster.configure_dcs(**scenario.settings)
        load = Load(scenario.name, self.instances, self.world.tokens, self.callers)
        try:
            time.sleep(BEFORE)
            self.break_and_mend(scenario, before, load)
            time.sleep(AFTER)
        finally:
            load.stop()
        after = self.cluster.healthy()
        if scenario.settings:
            self.cluster.configure_dcs(**dict.fromkeys(scenario.settings))
        self.judge(scenario, load, after)

    def break_and_mend(self, scenario, before, load):
        scenario.fault(self.cluster, before)
        if scenario.moves:
            until("another leader", lambda: self.cluster.leader(without=before), PATIENCE)
        if scenario.heals:
            self.stored_again(load, scenario, "the fault")
        scenario.mend(self.cluster, before)
        self.stored_again(load, scenario, "it is mended")

    def judge(self, scenario, load, leader):
        sql = f"SELECT reference, request_id FROM support_requests WHERE request_id LIKE '{scenario.name}.%'"
        stored = [line.split("|") for line in self.cluster.sql(sql, leader).splitlines()]
        verdicts = [Verdict(way, load, stored) for way in WAYS]
        for verdict in verdicts:
            for what in verdict.wrong:
                self.complain(scenario, what)
            print(verdict.row(scenario.title), flush=True)
        # Otherwise the scenario has shown nothing.
        if scenario.refuses and not all(verdict.refused for verdict in verdicts):
            self.complain(scenario, "nothing was ever refused: was the leader gone at all?")
        for instance in self.instances:
            if not instance.is_running():
                self.complain(scenario, f"{instance.name} has ended: {instance.log}")
        if (broken := self.cluster.sql(NOT_PAIRED, leader)) != "0|0":
            self.complain(scenario, f"requests and audit records without each other: {broken}")
        self.verify(scenario)

    def verify(self, scenario):
        against = ["--against", str(self.heads)] if self.heads.exists() else []
        status, said = self.world.command(self.cluster.url("several hosts"), "verify", "--save-heads", str(self.heads), *against)
        if status:
            self.complain(scenario, f"verify: {said.strip()[-1000:]}")

    def stop(self):
        for instance in self.instances:
            if instance.is_running() and (status := instance.stop()):
                self.wrong.append(f"{instance.name} ended with {status}")
        self.cluster.remove()


def main():
    parser = argparse.ArgumentParser(prog="tests/failover/run")
    parser.add_argument("--only", action="append", choices=[scenario.name for scenario in ALL], help="this scenario; again for more")
    parser.add_argument("--callers", type=int, default=4, help="callers of each of the four instances")
    parser.add_argument("--keep", action="store_true", help="leave the folder with the logs when all is well, too")
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="support-requests-failover-"))
    folder.chmod(0o755)
    run, wrong = None, []
    try:
        run = Run(folder, options.callers)
        print(HEAD, flush=True)
        for scenario in ALL:
            if not options.only or scenario.name in options.only:
                run.run(scenario)
        run.stop()
        wrong = run.wrong
    except (TimeoutError, AssertionError, RuntimeError) as error:
        wrong = [*(run.wrong if run else []), f"it could not go on: {error}"]
    print()
    for what in wrong:
        print(f"WRONG {what}")
    print(f"{len(wrong)} violations" + (f"; logs: {folder}" if wrong or options.keep else ""))
    if not wrong and not options.keep:
        shutil.rmtree(folder)
    sys.exit(1 if wrong else 0)


main()
