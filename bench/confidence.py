"""Fit the weights of crawler/extract/confidence.py, or check how well its figure holds.

    python -m bench.confidence --fit | --check [--shared ../shared]

--fit writes the constants into that module, fitted on half A of the sites. Run it after a change of the rules that read
bodies, then --check. --check gives, for halves A and B separately, the calibration error (10 bins with equally many
pages; the mean distance of the expected F1 from that of the truth) and how many of the bad bodies (F1 below .5) are
among the least sure 5 %. Real pages come first. Bad bodies are few there: pages that were
damaged by script and worse readings of the real pages follow as evidence of their own.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields
from itertools import pairwise
from math import exp
from pathlib import Path
from statistics import fmean

from bench.confidence_pages import STRINGS, Sample, samples
from bench.speed.newsrooms import PROJECT
from crawler.extract.confidence import Signals, confidence

MODULE = PROJECT / "crawler" / "extract" / "confidence.py"
BAD = 0.5
_BINS = 10
_LEAST_SURE = 0.05
# How much a page counts in the fit. Real pages are all that the calibration is about; the others show what bad bodies
# look like, and would make every page look worse than it is if they counted fully.
_STRINGS_WEIGHT, _MADE_WEIGHT = 0.4, 0.04
_RIDGE = 0.1
_ROUNDS = 40
_CONSTANTS = re.compile(r"^_BASE = [^\n]*\n_WEIGHTS = \{\n[^}]*^\}$", re.MULTILINE)
_NAMES = [each.name for each in fields(Signals)]


def main() -> int:
    """Run it; 1 if there are no pages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument("--fit", action="store_true", help="write the constants, fitted on half A")
    chosen.add_argument("--check", action="store_true", help="print how well the figure holds on halves A and B")
    parser.add_argument("--shared", type=Path, default=PROJECT.parent / "shared", help="folder with corpus/ and score/")
    options = parser.parse_args()
    found = list(samples(options.shared))
    if not found:
        print(f"no corpora at {options.shared}: nothing done (name their folder with --shared)", file=sys.stderr)
        return 1
    if options.fit:
        MODULE.write_text(with_constants(MODULE.read_text("utf-8"), fit(found)), "utf-8")
        print(f"wrote the weights into {MODULE.relative_to(PROJECT)}")
    else:
        print("\n".join(check(found)))
    return 0


def with_constants(source: str, weights: dict[str, float]) -> str:
    """The source of the module with these weights in place of its own; "" is the base. Raises ValueError if the source
    does not assign them as expected."""
    lines = [f"_BASE = {weights['']:.2f}", "_WEIGHTS = {"]
    lines += [f'    "{name}": {weights[name]:.2f},' for name in _NAMES]
    found, places = _CONSTANTS.subn("\n".join([*lines, "}"]), source)
    if places != 1:
        raise ValueError(f"the weights are assigned at {places} places of the source, not at one")
    return found


def fit(found: Sequence[Sample]) -> dict[str, float]:
    """The weights of a logistic regression of the F1 on half A; "" is the base. A signal never speaks for a body: one
    that would has the weight 0."""
    mine = [sample for sample in found if sample.half == "A"]
    used = list(_NAMES)
    while True:
        rows = [[1.0, *(-float(getattr(sample.signals, name)) for name in used)] for sample in mine]
        found_weights = _newton(rows, [sample.f1 for sample in mine], list(map(_weight, mine)))
        worst = min(range(1, len(used) + 1), key=lambda at: found_weights[at])
        if found_weights[worst] >= 0:
            return dict.fromkeys(_NAMES, 0.0) | dict(zip(["", *used], found_weights, strict=True))
        del used[worst - 1]


def _weight(sample: Sample) -> float:
    if sample.way != "real":
        return _MADE_WEIGHT
    return _STRINGS_WEIGHT if sample.corpus == STRINGS else 1.0


def _newton(rows: list[list[float]], targets: list[float], weights: list[float]) -> list[float]:
    """Logistic regression with a ridge on all but the first column, by Newton's method."""
    size = len(rows[0])
    found = [0.0] * size
    for _ in range(_ROUNDS):
        slope = [0.0 if at == 0 else -_RIDGE * found[at] for at in range(size)]
        bend = [[(_RIDGE if at == other and at else 0.0) for other in range(size)] for at in range(size)]
        for row, target, weight in zip(rows, targets, weights, strict=True):
            share = 1 / (1 + exp(-sum(map(float.__mul__, found, row))))
            steep = weight * share * (1 - share)
            for at in (at for at, value in enumerate(row) if value):
                slope[at] += weight * (target - share) * row[at]
                bend[at] = [old + steep * row[at] * value for old, value in zip(bend[at], row, strict=True)]
        step = _solved(bend, slope)
        found = [old + new for old, new in zip(found, step, strict=True)]
        if max(map(abs, step)) < 1e-6:
            break
    return found


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """The solution of a positive definite system, by Gaussian elimination."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for at, row in enumerate(rows):
        for below in rows[at + 1 :]:
            part = below[at] / row[at]
            below[:] = [old - part * value for old, value in zip(below, row, strict=True)]
    found: list[float] = []
    for at in range(len(rows) - 1, -1, -1):
        known = sum(value * other for value, other in zip(rows[at][at + 1 : -1], found, strict=True))
        found.insert(0, (rows[at][-1] - known) / rows[at][at])
    return found


def check(found: Sequence[Sample]) -> list[str]:
    """The table of figures."""
    lines = [
        "| half | pages | readings | mean F1 | calibration error | bad bodies | in the least sure 5 % "
        "| less sure than 95 % of the real pages |",
        "|" + "---|" * 8,
    ]
    groups: dict[str, Callable[[Sample], bool]] = {
        "real, whole text known": lambda sample: sample.way == "real" and sample.corpus != STRINGS,
        "real, all": lambda sample: sample.way == "real",
    }
    ways = list(dict.fromkeys(sample.way for sample in found if sample.way != "real"))
    groups |= {f"made: {way}": lambda sample, way=way: sample.way == way for way in ways}  # type: ignore[misc]
    for side in "AB":
        mine = [sample for sample in found if sample.half == side]
        surest = sorted(confidence(sample.signals) for sample in mine if sample.way == "real")
        limit = surest[round(len(surest) * _LEAST_SURE)] if surest else 0.0
        for name, is_in in groups.items():
            if group := [(confidence(sample.signals), sample.f1) for sample in mine if is_in(sample)]:
                lines.append(f"| {side} | {name} | {_figures(group, limit, is_real=name.startswith('real'))} |")
    return lines


def _figures(group: list[tuple[float, float]], limit: float, *, is_real: bool) -> str:
    group = sorted(group)
    bad = sum(f1 < BAD for _, f1 in group)
    least = sum(f1 < BAD for _, f1 in group[: max(round(len(group) * _LEAST_SURE), 1)])
    below = sum(sure < limit for sure, f1 in group if f1 < BAD)
    cells = [len(group), f"{fmean(f1 for _, f1 in group):.3f}", f"{calibration_error(group):.3f}", bad]
    return " | ".join(map(str, [*cells, least if is_real else "", below]))


def calibration_error(group: Sequence[tuple[float, float]]) -> float:
    """The mean distance of the expected from the true F1 over bins with equally many pages. `group`: sorted pairs."""
    edges = [round(len(group) * at / _BINS) for at in range(_BINS + 1)]
    bins = [group[first:last] for first, last in pairwise(edges) if last > first]
    return sum(abs(sum(sure - f1 for sure, f1 in each)) for each in bins) / len(group)


if __name__ == "__main__":
    sys.exit(main())
