"""Speed, CPU and memory of crawls, in turn with plain Scrapy and trafilatura on the same served pages: `make bench`.

    python -m bench.speed [--only plain,cold] [--rounds 3] [--pages 1000] [--json FILE] [--record]

Builds the newsrooms in build/bench, serves each with nginx while it is crawled, and prints one table. `--only` names
rows, see `--list`. Rows that lack something are skipped with a message. Times on a shared machine mean little, ratios
in one run do. `--record` writes the figures to bench/speed.json and into docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import time
from pathlib import Path

from bench.speed.crawls import Figures
from bench.speed.newsrooms import NotBuilt
from bench.speed.processes import Failed
from bench.speed.report import Rounds, as_text, cpu, crawl_table, machine, rate, record, small_figures
from bench.speed.rows import ROWS, Row
from bench.speed.serve import NotServed


def main() -> int:
    """Measure the rows in turn; 0 if each has figures."""
    options = _options()
    if options.list:
        print("\n".join(f"{row.name:<17} {row.seconds:>4.0f} s  {row.what}" for row in ROWS.values()))
        return 0
    chosen = [ROWS[name] for name in options.only.split(",")] if options.only else list(ROWS.values())
    print(f"{machine()}\nabout {_estimate(chosen, options.rounds, options.pages):.1f} minutes", flush=True)
    rounds: Rounds = {}
    skipped: set[str] = set()
    for number in range(options.rounds):
        for row in chosen:
            if row.name in skipped or (row.once and number):
                continue
            try:
                rounds.setdefault(row.name, []).append(_measure(row, number, options.pages))
            except (NotBuilt, NotServed, Failed) as error:
                skipped.add(row.name)
                print(f"{row.name} is skipped: {error}", file=sys.stderr, flush=True)
    rounds = {name: own for name, own in rounds.items() if own}
    print("\n".join(as_text(crawl_table(rounds), small_figures(rounds))))
    if options.json:
        options.json.write_text(json.dumps(rounds, indent=1) + "\n", "utf-8")
    if options.record and rounds:
        record(rounds, shlex.join(["python", "-m", "bench.speed", *sys.argv[1:]]))
    return 1 if skipped else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="ROW,ROW", help="rows to measure (default: all)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int, default=1_000, help="pages of the first newsroom (default: 1000)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures of each round here")
    parser.add_argument("--record", action="store_true", help="write the figures to bench/speed.json and the docs")
    parser.add_argument("--list", action="store_true", help="list the rows, with the seconds that a round takes")
    options = parser.parse_args()
    unknown = set((options.only or "").split(",")) - {*ROWS, ""}
    if unknown:
        parser.error(f"no such row: {', '.join(sorted(unknown))}. There are {', '.join(ROWS)}")
    if options.rounds < 1 or options.pages < 1:
        parser.error("--rounds and --pages must be 1 or more")
    return options


def _estimate(rows: list[Row], rounds: int, pages: int) -> float:
    """Minutes."""
    return sum(row.seconds * (1 if row.once else rounds) for row in rows) * pages / 1_000 / 60


def _measure(row: Row, number: int, pages: int) -> Figures:
    started = time.monotonic()
    figures = row.measure(pages)
    text = f"round {number + 1}  {row.name:<17}{time.monotonic() - started:6.0f} s"
    if "pages" in figures:
        text += f"{rate(figures):8.1f} pages/s {cpu(figures):7.1f} CPU ms a page {figures['memory']:6.0f} MB"
        text += f"{figures['texts']:7.0f} of {figures['pages']:.0f} texts"
    print(text, flush=True)
    return figures


if __name__ == "__main__":
    sys.exit(main())
