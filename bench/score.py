"""Quality of the extraction on public corpora, with trafilatura's, compared with the recorded figures.

    python -m bench.score [--record] [--rounds 3] [--corpus aeb,arabic] [--shared ../shared]

Pages go through `rasid extract --jsonl`; each corpus is scored with its own metric. Prints the table and ends with 1
when a figure is worse than the recorded one by more than its tolerance. The corpora belong to their publishers and lie
outside the project: those that are missing are listed and skipped.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from bench.halves import halves_of
from bench.newsroom import PROJECT

RECORDED = PROJECT / "bench" / "score.json"
TABLE = PROJECT / "bench" / "score.md"
ANSWERS = PROJECT / "build" / "score"
METRICS = {
    "aeb": ("f1",),
    "fundus_eval": ("rl_f1", "par_f1"),
    "trafilatura": ("f1",),
    "fundus_tests": (
        "body4_f1",
        "title",
        "date_instant",
        "date_day",
        "authors",
        "authors_f1",
        "topics_r",
    ),
    "newspaper4k": ("body4_f1", "title", "date_day"),
    "arabic": ("body4_f1", "title", "date_day", "category", "related_r", "leaks", "language"),
}
CPU = "cpu_ratio"
"""CPU a page, trafilatura's in the same run being 1: the median of several rounds, ours and trafilatura's in turn."""

_MILLISECONDS = "cpu_ms"
"""CPU a page in milliseconds: printed but not compared, because it depends on the machine."""

_LESS_IS_BETTER = ("leaks", CPU)
# The extraction is pure, so two runs of one version give the same figures: the tolerance covers rounding and a body
# that loses a line by a better rule, not a field. .001 is less than a tenth of a page's body on aeb, .002 less than
# half a title of fundus_tests (1/128 = .008).
_TOLERANCE = {"aeb": 0.001, "fundus_eval": 0.001, "trafilatura": 0.001}
_FIELDS = 0.002
# Ten rounds of one version on two shared cores (--rounds 10): single ratios had standard deviations of .03 (aeb), .04
# (fundus_eval) and .06 (fundus_tests); medians are compared.
_TOLERANCE_CPU = 0.15
_FEWEST_FOR_CPU = 45
"""Corpora with fewer pages say nothing of time."""


class Fall(NamedTuple):
    """A figure that is worse than the recorded one."""

    corpus: str
    metric: str
    was: float
    now: float


def main() -> int:
    """Run, print, and compare or record."""
    options = _options()
    score = options.shared / "score" / "run.py"
    if not score.exists():
        print(f"no corpora at {options.shared}: nothing scored (name their folder with --shared)")
        return 0
    names = options.corpus.split(",") if options.corpus else list(METRICS)
    there = [name for name in names if (options.shared / "corpus" / f"{name}.jsonl.gz").exists()]
    for name in sorted(set(names) - set(there)):
        print(f"{name}: no such corpus at {options.shared / 'corpus'}, skipped")
    figures: dict[str, dict[str, Any]] = {name: _scored(score, name, options.rounds) for name in there}
    print(table(figures))
    if options.record:
        _record(figures)
        return 0
    recorded = json.loads(RECORDED.read_text("utf-8")) if RECORDED.exists() else {}
    fallen = list(falls(figures, recorded))
    for corpus, metric, was, now in fallen:
        print(f"{corpus} {metric} is {now:.4f} and was {was:.4f}: mend it, or say why and record it with --record")
    return 1 if fallen else 0


def falls(figures: dict[str, Any], recorded: dict[str, Any]) -> Iterable[Fall]:
    """The figures of ours that are worse than recorded by more than their tolerance."""
    for corpus, found in figures.items():
        before = recorded.get(corpus, {})
        same_measure = before.get("sentences") == found.get("sentences")
        for metric, was in before.get("ours", {}).items():
            if metric == _MILLISECONDS or metric not in found["ours"] or (metric == "rl_f1" and not same_measure):
                continue
            if metric == CPU and found["pages"] < _FEWEST_FOR_CPU:
                continue
            now = found["ours"][metric]
            worse = now - was if metric in _LESS_IS_BETTER else was - now
            tolerated = _TOLERANCE_CPU if metric == CPU else _TOLERANCE.get(corpus, _FIELDS)
            if worse > tolerated:
                yield Fall(corpus, metric, was, now)


def table(figures: dict[str, Any]) -> str:
    """The figures as Markdown: ours, trafilatura's, and ours on the two halves of the sites."""
    lines = [
        "| corpus | pages | figure | ours | trafilatura | ours, half A | half B |",
        "|---|---|---|---|---|---|---|",
    ]
    for corpus, found in figures.items():
        for metric, ours in found["ours"].items():
            peer = found["trafilatura"].get(metric)
            beside = "" if peer is None else f"{peer:.4f}"
            halves = [f"{half[metric]:.4f}" if metric in half else "" for half in found.get("halves", [{}, {}])]
            lines.append(f"| {corpus} | {found['pages']} | {metric} | {ours:.4f} | {beside} | {' | '.join(halves)} |")
    return "\n".join(lines)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", action="store_true", help="record the figures")
    parser.add_argument("--rounds", type=int, default=3, help="the CPU time is the median of N rounds")
    parser.add_argument("--corpus", help="comma-separated, of " + ", ".join(METRICS))
    parser.add_argument("--shared", type=Path, default=PROJECT.parent / "shared", help="folder with corpus/ and score/")
    return parser.parse_args()


def _scored(score: Path, corpus: str, rounds: int) -> dict[str, Any]:
    """One corpus through both systems in one run; further rounds only measure the time."""
    lines = _run(score, corpus)
    times = [lines, *(_run(score, corpus) for _ in range(rounds - 1))]
    sentences, halves = halves_of(score.resolve().parent, corpus, ANSWERS, METRICS[corpus])
    found: dict[str, Any] = {"pages": lines["ours"]["n"], "sentences": sentences}
    for system, name in (("ours", "ours"), ("traf", "trafilatura")):
        found[name] = {metric: lines[system][metric] for metric in METRICS[corpus] if metric in lines[system]}
        found[name][_MILLISECONDS] = round(median(once[system]["cpu_ms"] for once in times), 1)
    ratios = [once["ours"]["cpu_ms"] / once["traf"]["cpu_ms"] for once in times]
    found["ours"][CPU] = round(median(ratios), 3)
    found["trafilatura"][CPU] = 1.0
    found["cpu_ratios"] = [round(ratio, 3) for ratio in sorted(ratios)]
    found["halves"] = halves
    return found


def _run(score: Path, corpus: str) -> dict[str, Any]:
    """The scorer's summary line of each of the two systems."""
    python, shared = sys.executable, score.resolve().parent
    ours = f"ours=env -C {PROJECT} {python} -m scrapy extract --jsonl"
    peer = f"traf={python} {shared / 'adapters' / 'traf.py'} meta"
    command = [python, str(score), "--corpus", corpus, "--split", "all", "--json", "--out", str(ANSWERS)]
    done = subprocess.run(
        [*command, "--system", ours, "--system", peer],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONHASHSEED": "0"},
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-500:]}")
    return {line["system"]: line for line in map(json.loads, done.stdout.splitlines())}


def _record(figures: dict[str, Any]) -> None:
    kept = (json.loads(RECORDED.read_text("utf-8")) if RECORDED.exists() else {}) | figures
    RECORDED.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
    TABLE.write_text(f"{_HEAD}\n{table(kept)}\n", "utf-8")
    print(f"recorded in {RECORDED.relative_to(PROJECT)} and {TABLE.relative_to(PROJECT)}")


_HEAD = """# Quality, as `make score ARGS=--record` measured it last

Pages through `rasid extract --jsonl`, trafilatura (with metadata) beside it in the same run; each corpus with its own
metric. `cpu_ms` is CPU a page, `cpu_ratio` the same with trafilatura's as 1 (medians). Halves are of the sites, by a
hash of the host: what was tuned was tuned on half A.
"""


if __name__ == "__main__":
    sys.exit(main())
