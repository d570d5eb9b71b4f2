"""What must hold after each scenario, and the figures of the table."""

import collections
import itertools

# How long /readyz may say 200 when requests that were sent then are refused: what the writer knew last is believed for
# four seconds, and asked for every tenth of one.
READINESS_LAG = 5.0
# And 503 when requests are stored again.
READINESS_LAG_AFTER = 2.0
# Answers of one moment come in any order: at the end of a run of equal answers /readyz may be ahead of the last of them.
AHEAD = 0.5
# So long without an answer is a pause.
PAUSE = 0.5
CODES = {"storage_unavailable", "outcome_unknown", "overloaded"}
NOT_PAIRED = """
    SELECT (SELECT count(*) FROM support_requests r WHERE 1 <>
               (SELECT count(*) FROM audit_events e WHERE e.reference = r.reference AND e.event = 'support_request.created')),
           (SELECT count(*) FROM audit_events e WHERE e.event = 'support_request.created'
               AND NOT EXISTS (SELECT FROM support_requests r WHERE r.reference = e.reference))"""


def runs(answers):
    """Answers of one kind in a row. Requests that were stored after a pause were kept waiting: they begin another run."""
    group = []
    for answer in answers:
        other_kind = group and (answer.status == 503) != (group[-1].status == 503)
        if other_kind or group and answer.status == 201 and answer.at - group[-1].at > PAUSE:
            yield group[0].status == 503, group
            group = []
        group.append(answer)
    if group:
        yield group[0].status == 503, group


class Verdict:
    """Of one way of connecting, in one scenario."""

    def __init__(self, way, load, stored):
        """`stored`: pairs of reference and request id, of this scenario, on the leader."""
        self.way, self.wrong = way, []
        self.answers = sorted((a for a in load.answers if a.instance.way == way), key=lambda a: a.at)
        self.ready = [sample for sample in load.ready if sample[0].way == way]
        self.instances = sorted({answer.instance for answer in self.answers}, key=lambda instance: instance.name)
        asked = {answer.request_id for answer in self.answers}
        self.stored = [(reference, request_id) for reference, request_id in stored if request_id in asked]
        self.judge_answers()
        self.judge_stored()
        self.lag = max(map(self.readiness_lag, self.instances), default=0)
        self.gap = max(map(self.longest_gap, self.instances), default=0)

    def complain(self, what):
        self.wrong.append(f"{self.way}: {what}")

    def judge_answers(self):
        self.created = [answer for answer in self.answers if answer.status == 201]
        self.refused = [answer for answer in self.answers if answer.status == 503]
        self.unknown = [answer for answer in self.refused if answer.code == "outcome_unknown"]
        others = collections.Counter((a.status, a.code, a.said) for a in self.answers if a.status not in (201, 503))
        for other, count in others.items():
            self.complain(f"{count} answers {other}")
        for code in {answer.code for answer in self.refused} - CODES:
            self.complain(f"a 503 is {code}")
        if silent := [answer for answer in self.refused if not (answer.retry_after or "").isdigit()]:
            self.complain(f"{len(silent)} answers 503 have no Retry-After")
        if not self.created:
            self.complain("nothing was stored at all")

    def judge_stored(self):
        references = {reference for reference, _ in self.stored}
        times = collections.Counter(request_id for _, request_id in self.stored)
        self.missing = [answer for answer in self.created if answer.reference not in references]
        self.twice = [request_id for request_id, count in times.items() if count > 1]
        self.unknown_stored = [answer for answer in self.unknown if times[answer.request_id]]
        refused = [a for a in self.answers if a.status != 201 and a.code != "outcome_unknown" and times[a.request_id]]
        if self.missing:
            self.complain(f"{len(self.missing)} were answered 201 and are missing, as {self.missing[0].reference}")
        if self.twice:
            self.complain(f"{len(self.twice)} are stored twice, as {self.twice[0]}")
        if refused:
            self.complain(f"{len(refused)} are stored although the answer said otherwise, as {refused[0]}")

    def longest_gap(self, instance):
        times = [answer.at for answer in self.created if answer.instance is instance]
        return max((later - earlier for earlier, later in itertools.pairwise(times)), default=0)

    def readiness_lag(self, instance):
        """The longest that /readyz said something else than the answers do."""
        ready = [(at, status) for sampled, at, status in self.ready if sampled is instance]
        answers = [answer for answer in self.answers if answer.instance is instance]
        lag = 0
        for refused, group in runs(answers):
            # From when the first of them was sent, and, of those that were stored, answered.
            first = min(answer.sent for answer in group) if refused else group[0].at
            last, limit = group[-1].at - AHEAD, READINESS_LAG if refused else READINESS_LAG_AFTER
            told = [at for at, status in ready if first <= at <= last and status != (503 if refused else 200)]
            wrong = max(told, default=first) - first
            lag = max(lag, wrong)
            if wrong > limit:
                what = "refused" if refused else "stored"
                self.complain(f"{instance.name}: requests were {what}, and /readyz said otherwise {wrong:.1f} s later")
        return lag

    def row(self, title):
        stored = f" ({len(self.unknown_stored)} stored)" if self.unknown else ""
        return (f"| {title} | {self.way} | {len(self.created):,} | {len(self.refused):,} | {len(self.unknown):,}{stored} "
                f"| {self.gap * 1000:,.0f} ms | {self.lag * 1000:,.0f} ms | {len(self.missing)} | {len(self.twice)} |")
