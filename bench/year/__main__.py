"""Runs a simulation and prints what it has found; ends with 1 if that is anything."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from pathlib import Path

from bench.year.faults import CHANNEL_FAULTS, LASTING_FAULTS, MACHINE_FAULTS, SITE_FAULTS
from bench.year.simulate import Year, simulate

_KINDS = SITE_FAULTS | LASTING_FAULTS | MACHINE_FAULTS
_QUIET_DAYS = 12
"""The retries of a page reach over more than five days, and the last recheck comes after seven."""


def main() -> int:
    """Parse the arguments and run."""
    parser = argparse.ArgumentParser(prog="python -m bench.year", description="Simulate a year of bad days.")
    parser.add_argument("--seed", type=int, default=1, help="determines sites, articles and faults")
    parser.add_argument("--sites", type=int, default=20)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--articles", type=float, default=7, help="of a site and day, on average")
    parser.add_argument("--rounds", type=int, default=2, help="rounds of `rasid due` on a day")
    parser.add_argument(
        "--faults", default=",".join(_KINDS), metavar="A,B", help="kinds that may occur (default: all but `patchy`)"
    )
    parser.add_argument("--folder", type=Path, help="keep database and log in this new folder")
    parser.add_argument("--list", action="store_true", help="list the kinds of faults and end")
    options = parser.parse_args()
    if options.list:
        print("\n".join(f"{kind:14} {what}" for kind, what in (_KINDS | CHANNEL_FAULTS).items()))
        return 0
    kinds = [kind for kind in options.faults.split(",") if kind]
    if unknown := set(kinds) - set(_KINDS | CHANNEL_FAULTS):
        parser.error(f"--faults: unknown {', '.join(sorted(unknown))}; --list lists them")
    year = Year(
        seed=options.seed,
        sites=options.sites,
        days=options.days,
        articles=options.articles,
        rounds=options.rounds,
        quiet_days=_QUIET_DAYS,
        kinds=kinds,
    )
    if options.folder is not None:
        options.folder.mkdir(parents=True)
        return _run(year, options.folder)
    with tempfile.TemporaryDirectory() as folder:
        return _run(year, Path(folder))


def _run(year: Year, folder: Path) -> int:
    result = simulate(year, folder, lambda line: print(line, flush=True))
    faults = result.served.faults
    for fault in (*faults.of_sites, *faults.of_machine.values()):
        print(fault)
    for line in result.unnamed:
        print(line)
    counts = Counter(problem.split(":")[0] for problem in result.problems)
    print(
        f"seed {year.seed}: {year.sites} sites, {year.days} days, {result.published} articles published, "
        f"{result.announced} announced, {result.seconds:.0f} s; faults met: "
        f"{', '.join(f'{kind} {n}' for kind, n in sorted(result.met.items())) or 'none'}; problems: "
        f"{', '.join(f'{n} {kind}' for kind, n in counts.items()) or 'none'}"
    )
    return 1 if result.problems else 0


if __name__ == "__main__":
    sys.exit(main())
