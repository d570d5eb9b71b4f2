"""What is printed: tables of runs, and what was wanted beside what was found."""
import statistics


def median(rows, key):
    return statistics.median(row[key] for row in rows)


def table(title, lines, peer):
    print(f"\n{title}\n{'':46}{'a second':>10}{'ratio':>8}{'p50 ms':>9}{'ratio':>8}{'p99 ms':>9}{'max ms':>9}", flush=True)
    for name, rows in lines:
        tps, p50 = median(rows, "tps"), median(rows, "p50")
        print(f"{name:46}{tps:10.0f}{tps / median(peer, 'tps'):8.2f}{p50:9.2f}{p50 / median(peer, 'p50'):8.2f}{median(rows, 'p99'):9.1f}{median(rows, 'max'):9.1f}", flush=True)


def ratio(found, ours, theirs, key):
    return median(found[ours], key) / median(found[theirs], key)


def both(found, ours, theirs, key, unit):
    """A ratio, and the two figures that it is of."""
    return f"**{ratio(found, ours, theirs, key):.2f}** ({median(found[ours], key):,.{unit}f} / {median(found[theirs], key):,.{unit}f})"


def rows(found):
    """What was wanted, how much, and what was found: only of what was measured."""
    if "pg" in found:
        yield "service, 32 clients, against `pgbench -M prepared` on the plain schema", "at least 1.5; 2 is the aim", both(found, "pg", "pg plain", "tps", 0)
        yield "the same on its own schema", "at least 2", both(found, "pg", "pg own", "tps", 0)
        yield "one client's p50 (ms) against `pgbench`'s, plain schema", "at most 1.1", both(found, "pg one", "pg plain one", "p50", 2)
    if "sqlite" in found:
        yield "SQLite, 32 clients, against a loop of durable transactions on a plain schema", "at least 1.7", both(found, "sqlite", "sqlite plain", "tps", 0)
        yield "the same, one client's p50 (ms)", "at most 1.8", both(found, "sqlite one", "sqlite plain", "p50", 2)
    for name, of in (("PostgreSQL", "pg"), ("SQLite", "sqlite")):
        if of in found:
            p50, p99 = median(found[of], "p50"), median(found[of], "p99")
            yield f"p99 at 32 clients against its p50 (ms), {name}", "at most 2", f"**{p99 / p50:.2f}** ({p99:.1f} / {p50:.1f})"
    if "pg MiB" in found or "sqlite MiB" in found:
        yield "peak memory", "at most 64 MiB", ", ".join(f"**{found[of + ' MiB']:.0f}** MiB on {name}" for name, of in (("PostgreSQL", "pg"), ("SQLite", "sqlite")) if of in found)
    for name, share in found.get("growth", {}).items():
        yield f"with {name} there, against none", "at least 0.95", f"**{share:.2f}**"
    counts = found.get("instructions")
    if counts:
        ours, older = counts["this build"], counts.get("the older build")
        yield ("instructions in the service per request, in thousands (callgrind)", "at most 0.6 of the older build's",
               f"**{ours / older:.2f}** ({ours:,.0f} / {older:,.0f})" if older else f"{ours:,.0f}")


def reach(found, how):
    """The table to be copied into specs/performance.md."""
    lines = list(rows(found))
    if lines:
        print(f"\n| reach ({how}) | wanted | found |\n|---|---|---|")
        for line in lines:
            print("| " + " | ".join(line) + " |")
