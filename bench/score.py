"""Quality of the extraction on public corpora, with trafilatura's, compared with the recorded figures.

    python -m bench.score [--record] [--rounds 3] [--quality] [--corpus aeb,arabic] [--shared ../shared]

Pages go through `rasid extract --jsonl`; each corpus is scored with its own metric, and trafilatura and htmldate (the
day) in the same run. Prints the table and ends with 1 when a figure is worse than the recorded one by more than its
tolerance. --quality runs once and leaves the CPU times out: they mean nothing on a busy machine. The corpora belong to
their publishers and lie outside the project: those that are missing are listed and skipped.
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
from bench.speed.newsrooms import PROJECT

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
        "topics_f1",
    ),
    "newspaper4k": ("body4_f1", "title", "date_day"),
    "arabic": ("body4_f1", "title", "date_day", "category", "related_r", "leaks", "language"),
    "postlight": (
        "body4_f1",
        "body_lost",
        "lead_near",
        "title_loose",
        "date_instant",
        "date_day",
        "date_wrong",
        "authors",
        "authors_f1",
        "other_body4_f1",
        "other_title_loose",
        "other_date_day",
        "other_date_wrong",
        "other_authors",
    ),
    "readability": (
        "body4_f1",
        "body_lost",
        "title_loose",
        "date_day",
        "date_wrong",
        "authors",
        "language",
        "other_body4_f1",
        "other_title_loose",
    ),
    "newspaper": (
        "body4_f1",
        "body_lost",
        "lead_near",
        "title_loose",
        "date_day",
        "date_wrong",
        "authors",
        "other_body4_f1",
    ),
    "goose": (
        "body4_f1",
        "lead_in",
        "lead_near",
        "title_loose",
        "date_day",
        "date_wrong",
        "authors",
        "language",
    ),
    "htmldate": (
        "date_day",
        "date_wrong",
        "other_date_day",
        "other_date_wrong",
        "seen_date_day",
        "seen_date_wrong",
    ),
}
"""The figures of each corpus. Those without a prefix are of news, `other_` of blogs, reference and shops, `seen_` of
pages whose body another corpus has. `body_lost` and `date_wrong` are shares of pages: a body with an F1 under .5, a
date of another day."""

PEERS = ("trafilatura", "htmldate")
CPU = "cpu_ratio"
"""CPU a page, trafilatura's in the same run being 1: the median of several rounds, ours and trafilatura's in turn."""

_MILLISECONDS = "cpu_ms"
"""CPU a page in milliseconds: printed but not compared, because it depends on the machine."""

_LESS_IS_BETTER = ("leaks", "body_lost", "date_wrong", "other_date_wrong", "seen_date_wrong", CPU)
# The extraction is pure, so two runs of one version give the same figures: the tolerance covers rounding and a body
# that loses a line by a better rule, not a field. .001 is less than a tenth of a page's body on aeb, .002 less than
# half a title of fundus_tests (1/128 = .008) and two thirds of one of htmldate's seen pages.
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
    rounds = 0 if options.quality else options.rounds
    figures: dict[str, dict[str, Any]] = {name: _scored(score, name, rounds) for name in there}
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
    """The figures as Markdown: ours and the peers', over all sites and on each of the two halves."""
    lines = [
        f"| corpus | pages | figure | ours | {' | '.join(PEERS)} "
        f"| A: ours | {' | '.join(PEERS)} | B: ours | {' | '.join(PEERS)} |",
        "|" + "---|" * (3 + 3 * (1 + len(PEERS))),
    ]
    for corpus, found in figures.items():
        for metric in found["ours"]:
            cells = [f"{system[metric]:.4f}" if metric in system else "" for system in _columns(found)]
            lines.append(f"| {corpus} | {_pages_of(found, metric)} | {metric} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _columns(found: dict[str, Any]) -> list[dict[str, float]]:
    """The figures of each system in the order of the table: over all sites, on half A, on half B."""
    halves = [found.get("halves", {}).get(name, [{}, {}]) for name in ("ours", *PEERS)]
    return [found.get(name, {}) for name in ("ours", *PEERS)] + [of_one[half] for half in (0, 1) for of_one in halves]


def _pages_of(found: dict[str, Any], metric: str) -> int:
    """The pages that a figure is about: those of its kind, where the corpus has kinds."""
    kinds: dict[str, int] = found.get("kinds", {})
    prefix = metric.partition("_")[0]
    return kinds.get(prefix, kinds.get("news", int(found["pages"])))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", action="store_true", help="record the figures")
    parser.add_argument("--rounds", type=int, default=3, help="the CPU time is the median of N rounds")
    parser.add_argument("--quality", action="store_true", help="run once; recorded CPU times stay as they are")
    parser.add_argument("--corpus", help="comma-separated, of " + ", ".join(METRICS))
    parser.add_argument("--shared", type=Path, default=PROJECT.parent / "shared", help="folder with corpus/ and score/")
    return parser.parse_args()


def _scored(score: Path, corpus: str, rounds: int) -> dict[str, Any]:
    """One corpus through all systems in one run; further rounds only measure the time. No rounds: no times."""
    systems = _systems(corpus, score.resolve().parent)
    lines = _run(score, corpus, systems)
    found: dict[str, Any] = {"pages": lines["ours"]["n"], "halves": {}}
    kinds = {name[:-2]: pages for name, pages in lines["ours"].items() if name in ("news_n", "other_n", "seen_n")}
    if kinds:
        found["kinds"] = kinds
    for system in systems:
        wanted = METRICS[corpus] if system != "htmldate" else _dates_of(corpus)
        found["sentences"], found["halves"][system] = halves_of(score.resolve().parent, corpus, ANSWERS, system, wanted)
        found[system] = {metric: lines[system][metric] for metric in wanted if metric in lines[system]}
    if rounds:
        timed = {name: command for name, command in systems.items() if name != "htmldate"}
        _add_times(found, [lines, *(_run(score, corpus, timed) for _ in range(rounds - 1))])
    return found


def _add_times(found: dict[str, Any], times: list[dict[str, Any]]) -> None:
    """CPU a page of ours and trafilatura's, and how they compare, over several rounds."""
    for system in ("ours", "trafilatura"):
        found[system][_MILLISECONDS] = round(median(once[system]["cpu_ms"] for once in times), 1)
    ratios = [once["ours"]["cpu_ms"] / once["trafilatura"]["cpu_ms"] for once in times]
    found["ours"][CPU] = round(median(ratios), 3)
    found["trafilatura"][CPU] = 1.0
    found["cpu_ratios"] = [round(ratio, 3) for ratio in sorted(ratios)]


def _dates_of(corpus: str) -> tuple[str, ...]:
    return tuple(metric for metric in METRICS[corpus] if metric.endswith(("date_day", "date_wrong")))


def _systems(corpus: str, shared: Path) -> dict[str, str]:
    """The command of each system: htmldate only where the corpus has dates."""
    python = sys.executable
    systems = {
        "ours": f"env -C {PROJECT} {python} -m scrapy extract --jsonl",
        "trafilatura": f"{python} {shared / 'adapters' / 'traf.py'} meta",
    }
    if _dates_of(corpus):
        systems["htmldate"] = f"env -C {PROJECT} {python} -m bench.htmldate_peer"
    return systems


def _run(score: Path, corpus: str, systems: dict[str, str]) -> dict[str, Any]:
    """The scorer's summary line of each of the systems."""
    command = [sys.executable, str(score), "--corpus", corpus, "--split", "all", "--json", "--out", str(ANSWERS)]
    for name, system in systems.items():
        command += ["--system", f"{name}={system}"]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONHASHSEED": "0"},
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-500:]}")
    return {line["system"]: line for line in map(json.loads, done.stdout.splitlines())}


def _record(figures: dict[str, Any]) -> None:
    kept = json.loads(RECORDED.read_text("utf-8")) if RECORDED.exists() else {}
    for corpus, found in figures.items():
        kept[corpus] = with_times(found, kept.get(corpus, {}))
    RECORDED.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
    TABLE.write_text(f"{_HEAD}\n{table(kept)}\n", "utf-8")
    print(f"recorded in {RECORDED.relative_to(PROJECT)} and {TABLE.relative_to(PROJECT)}")


def with_times(found: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """The figures of a corpus, with the recorded times if this run has none."""
    if "cpu_ratios" in found or "cpu_ratios" not in before:
        return found
    times = {
        system: {name: before[system][name] for name in (_MILLISECONDS, CPU) if name in before[system]}
        for system in ("ours", "trafilatura")
    }
    return found | {system: found[system] | times[system] for system in times} | {"cpu_ratios": before["cpu_ratios"]}


_HEAD = """# Quality, as `make score ARGS=--record` measured it last

Pages through `rasid extract --jsonl`, trafilatura (with metadata) and htmldate (the day) beside it in the same run;
each corpus with its own metric. `cpu_ms` is CPU a page, `cpu_ratio` the same with trafilatura's as 1 (medians). A and B
are the halves of the sites, by a hash of the host: what was tuned was tuned on half A. `other_`: blogs, reference and
shops; `seen_`: pages whose body another corpus has.
"""


if __name__ == "__main__":
    sys.exit(main())
