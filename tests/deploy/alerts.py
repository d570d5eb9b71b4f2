"""When each alert fires, and a case like it in which it does not: a sample each minute, looked at after 35 minutes."""

import yaml

from service import DEPLOY

# Samples in promtool's notation: `1+2x3` is 1, 3, 5, 7. Names without a prefix are ours.
CASES = {
    "SupportRequestsDown": (
        ["up 0x40"],
        ["up 1x40"],
    ),
    # Nothing is known of any.
    "SupportRequestsGone": (
        [],
        ["up 1x40"],
    ),
    "SupportRequestsNotReady": (
        ["ready 0x40"],
        ["ready 1x40"],
    ),
    "SupportRequestsDatabaseTakesNoWrites": (
        ["database_takes_writes 0x40"],
        ["database_takes_writes 1x40"],
    ),
    "SupportRequestsDatabaseReadOnly": (
        ["writer_read_only 1x40"],
        ["writer_read_only 0x40"],
    ),
    "SupportRequestsWriterDisconnected": (
        ["writer_connected 0x40"],
        ["writer_connected 1x40"],
    ),
    "SupportRequestsCommitStalled": (
        ["commit_stalled_seconds 60x40"],
        ["commit_stalled_seconds 4x40"],
    ),
    "SupportRequestsFailing": (
        ['creates_total{status="201",code="none"} 0+60x40',
         'creates_total{status="503",code="overloaded"} 0+6x40'],
        ['creates_total{status="201",code="none"} 0+600x40',
         'creates_total{status="503",code="overloaded"} 0+6x40'],
    ),
    "SupportRequestsOutcomeUnknown": (
        ['creates_total{status="503",code="outcome_unknown"} 0x30 1x10'],
        ['creates_total{status="503",code="outcome_unknown"} 1x40'],
    ),
    "SupportRequestsSlow": (
        ['create_duration_seconds_bucket{outcome="stored",le="2.5"} 0x40',
         'create_duration_seconds_bucket{outcome="stored",le="5.0"} 0+60x40',
         'create_duration_seconds_bucket{outcome="stored",le="+Inf"} 0+60x40'],
        ['create_duration_seconds_bucket{outcome="stored",le="2.5"} 0+60x40',
         'create_duration_seconds_bucket{outcome="stored",le="5.0"} 0+60x40',
         'create_duration_seconds_bucket{outcome="stored",le="+Inf"} 0+60x40'],
    ),
    "SupportRequestsQueueFilling": (
        ["queue_bytes 60x40",
         "queue_max_bytes 100x40"],
        ["queue_bytes 40x40",
         "queue_max_bytes 100x40"],
    ),
    "SupportRequestsMemoryFull": (
        ["memory_reserved_bytes 95x40",
         "memory_reserved_max_bytes 100x40"],
        ["memory_reserved_bytes 80x40",
         "memory_reserved_max_bytes 100x40"],
    ),
    "SupportRequestsConnectionsFull": (
        ["connections_open 1x40",
         "connections_max 100x40",
         "connections_turned_away_total 0+5x40"],
        ["connections_open 50x40",
         "connections_max 100x40",
         "connections_turned_away_total 5x40"],
    ),
    "SupportRequestsFilesFull": (
        ["process_open_fds 95x40",
         "process_max_fds 100x40"],
        ["process_open_fds 80x40",
         "process_max_fds 100x40"],
    ),
    "SupportRequestsProviderFailing": (
        ['provider_answers_total{outcome="known"} 0+6x40',
         'provider_answers_total{outcome="timed_out"} 0+6x40'],
        ['provider_answers_total{outcome="known"} 0+60x40',
         'provider_answers_total{outcome="failed"} 0+6x40',
         'provider_answers_total{outcome="unknown"} 0+60x40'],
    ),
    "SupportRequestsProviderCircuitOpen": (
        ['provider_circuit{state="open"} 1x40'],
        ['provider_circuit{state="open"} 0x40',
         'provider_circuit{state="closed"} 1x40'],
    ),
    "SupportRequestsTokensRefused": (
        ['creates_total{status="201"} 0+6x40',
         'creates_total{status="401"} 0+18x40'],
        ['creates_total{status="201"} 0x40',
         'creates_total{status="401"} 0x30 1+0x10'],
    ),
    "SupportRequestsNoKeys": (
        ["keys 0x40"],
        ["keys 2x40"],
    ),
    "SupportRequestsKeySetOld": (
        ["key_set_age_seconds 9000x40",
         "key_set_fetch_failures_in_a_row 1x40"],
        ["key_set_age_seconds 3600x40",
         "key_set_fetch_failures_in_a_row 2x40"],
    ),
    "SupportRequestsHeadsNotLogged": (
        ["commit_rows_sum 0+6x40",
         "heads_logged_total 3x40"],
        ["commit_rows_sum 0+6x40",
         "heads_logged_total 0+1x40"],
    ),
    "SupportRequestsLogLinesDropped": (
        ["log_lines_dropped_total 0x30 7x10"],
        ["log_lines_dropped_total 7x40"],
    ),
    "SupportRequestsPanics": (
        ["panics_total 0x30 1x10"],
        ["panics_total 1x40"],
    ),
}


def series(text):
    name, values = text.split(" ", 1)
    name = name if name.startswith(("up", "process_")) else f"support_requests_{name}"
    labels = 'instance="a",job="support-requests"'
    name = name.replace("{", f"{{{labels},") if "{" in name else f"{name}{{{labels}}}"
    return {"series": name, "values": values}


def unit_tests():
    """What `promtool test rules` reads."""
    tests = []
    for alert, samples in CASES.items():
        for given, fires in zip(samples, (1, 0)):
            expression = f'count(ALERTS{{alertname="{alert}", alertstate="firing"}}) or vector(0)'
            expected = {"expr": expression, "eval_time": "35m", "exp_samples": [{"labels": "{}", "value": fires}]}
            tests.append({"name": f"{alert}: {fires}", "interval": "1m", "promql_expr_test": [expected],
                          "input_series": [series(text) for text in given]})
    rules = str(DEPLOY / "prometheus/alerts.yaml")
    return yaml.safe_dump({"rule_files": [rules], "evaluation_interval": "1m", "tests": tests})
