"""The calls to make, one a line of standard input, and what became of each, one a line of standard output."""

import collections
import sys

Call = collections.namedtuple("Call", "step base token tenant run summary email")


def receipt(reference, kind, id, reason):
    return 201, f"{reference} {kind} {id} {reason}"


def problem(status, code, pointers):
    return status, " ".join([code, *sorted(pointers)])


def no_problem(status):
    return status, "no problem"


def for_each(send):
    for line in sys.stdin.read().splitlines():
        call = Call(*line.split("\t"))
        print(call.step, *send(call), sep="\t", flush=True)
