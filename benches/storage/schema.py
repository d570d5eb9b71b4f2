"""What the forms of the same promises cost PostgreSQL: its own schema against others, in processor time of the backend."""
import statistics, subprocess

import peer


def processor_us(pg, name, group, times):
    """Processor time of the backend for one request, in microseconds, when groups of so many go in."""
    out = subprocess.run(pg.psql(name), input=peer.session(group, times), check=True, capture_output=True, text=True).stdout.split()
    return (int(out[1]) - int(out[0])) * 10_000 / (group * times)


def costs(pg, rounds):
    """What the forms of the same promises cost the bare database, alone and in groups such as the service writes."""
    pg.fresh("own")
    for name, change in [("no_checks", peer.WITHOUT_CHECKS), ("no_triggers", peer.WITHOUT_TRIGGERS),
                         *((f"no_{index}", f"DROP INDEX {index}") for index in peer.INDEXES)]:
        pg.copy("own", name)
        pg.sql(change, name)
    pg.plain()
    pg.plain("checks")
    pg.sql("; ".join([*peer.in_checks(), peer.TABLE_CHECKS]), "checks")
    databases = {"plain": "plain schema", "checks": "plain, all promises as checks", "own": "own schema", "no_checks": "own, without its tables' checks",
                 "no_triggers": "own, without triggers", **{f"no_{index}": f"own, without {index}" for index in peer.INDEXES}}
    print(f"\nPostgreSQL, schemas: processor time of a request in the backend, prepared, in groups\n{'':46}" + "".join(f"{f'of {group}, µs':>12}{'ratio':>8}" for group in (1, 15)))
    # Rows are new each round: what is there already is as much for all.
    runs = {(name, group): [] for name in databases for group in (1, 15)}
    for place in range(rounds):
        for name in list(databases)[::1 if place % 2 == 0 else -1]:
            pg.copy(name, "measured")
            for group, times in ((1, 3000), (15, 400)):
                runs[name, group].append(processor_us(pg, "measured", group, times))
                pg.copy(name, "measured")
    middle = {key: statistics.median(values) for key, values in runs.items()}
    for name, title in databases.items():
        print(f"{title:46}" + "".join(f"{middle[name, group]:12.0f}{middle[name, group] / middle['own', group]:8.2f}" for group in (1, 15)), flush=True)
