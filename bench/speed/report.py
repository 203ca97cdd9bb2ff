"""Rounds → the table: medians, the lowest and highest figure, and ratios of figures of the same round."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import psutil

from bench.speed.crawls import Figures, cpu_count
from bench.speed.newsrooms import PAGE_SITES, PROJECT
from bench.speed.rows import ROWS, Row

RECORD = PROJECT / "bench" / "speed.json"
Rounds = dict[str, list[Figures]]
"""The figures of each round, by row."""

_PACKAGES = ("Scrapy", "lxml", "trafilatura")
_CONNECTIONS, _LATENCY = 8, 0.1
"""Of a site, and the seconds before each response in the row `latency`."""


def crawl_table(rounds: Rounds) -> dict[str, dict[str, str]]:
    """Columns of each row that crawls or extracts pages."""
    return {name: _cells(ROWS[name], rounds) for name in ROWS if name in rounds and "pages" in rounds[name][0]}


def _cells(row: Row, rounds: Rounds) -> dict[str, str]:
    own = rounds[row.name]
    plain = rounds.get(row.plain or "", [])
    cells = {"what": row.what, "pages/s": _spread([rate(f) for f in own], 1)}
    cells["x plain"] = _spread(_ratios(own, plain, rate), 2)
    cells["CPU ms a page"] = _spread([cpu(f) for f in own], 1)
    cells["x plain's CPU"] = _spread(_ratios(own, plain, cpu), 2)
    for part in ("main", "workers"):
        cells[f"{part} ms"] = f"{median(f[part] / f['pages'] * 1000 for f in own):.1f}"
    for name, title in (("memory", "MB"), ("requests", "requests"), ("texts", "texts"), ("titles", "titles")):
        cells[title] = f"{median(f[name] for f in own):,.0f}"
    return cells


def small_figures(rounds: Rounds) -> dict[str, str]:
    """Figures of rows that are not crawls, and figures that compare two rows."""
    found = {}
    for name, own in rounds.items():
        if "median" in own[0]:
            found[f"{name}: CPU of the median page (ms)"] = _spread([f["median"] for f in own], 1)
        if "pages" not in own[0]:
            found |= {key: _spread([f[key] for f in own], 2) for key in own[0]}
    cold = rounds.get("cold", [])
    if many := _ratios(rounds.get("many", []), cold, cpu):
        found["many: CPU a page against cold"] = _spread(many, 2)
        found["many: memory against cold"] = _spread(_ratios(rounds["many"], cold, lambda f: f["memory"]), 2)
    if "latency" in rounds and cold:
        network = PAGE_SITES * _CONNECTIONS / _LATENCY
        shares = [rate(f) / min(network, rate(c)) for f, c in zip(rounds["latency"], cold, strict=False)]
        limit = "the machine, as in cold" if rate(cold[0]) < network else f"the network, {network:.0f} pages/s"
        found[f"latency: share of the smaller limit ({limit})"] = _spread(shares, 2)
    return found


def rate(figures: Figures) -> float:
    """Pages a second."""
    return figures["pages"] / figures["seconds"]


def cpu(figures: Figures) -> float:
    """CPU milliseconds a page."""
    return (figures["main"] + figures["workers"]) / figures["pages"] * 1000


def _ratios(own: list[Figures], other: list[Figures], value: Callable[[Figures], float]) -> list[float]:
    return [value(a) / value(b) for a, b in zip(own, other, strict=False)]


def _spread(values: list[float], digits: int) -> str:
    """The median, and the lowest and highest value if there are several."""
    if not values:
        return "-"
    text = f"{median(values):.{digits}f}"
    return text if len(values) == 1 else f"{text} ({min(values):.{digits}f}-{max(values):.{digits}f})"


def as_text(table: dict[str, dict[str, str]], small: dict[str, str]) -> Iterator[str]:
    """The lines of both tables, for a terminal."""
    if table:
        titles = [title for title in next(iter(table.values())) if title != "what"]
        widths = [max(len(title), *(len(cells[title]) for cells in table.values())) for title in titles]
        yield f"{'':<17}" + "  ".join(f"{title:>{width}}" for title, width in zip(titles, widths, strict=True))
        for name, cells in table.items():
            yield f"{name:<17}" + "  ".join(f"{cells[t]:>{width}}" for t, width in zip(titles, widths, strict=True))
    for name, figure in small.items():
        yield f"{name:<60} {figure}"


def machine() -> str:
    """Processors, memory, system and the versions that matter."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in _PACKAGES)
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{cpu_count()} processors ({_processor()}), {memory:.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}, {versions}"
    )


def _processor() -> str:
    """The name of the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def record(rounds: Rounds, command: str) -> None:
    """Write the figures to bench/speed.json and the tables of docs/performance.md. Rows that were not measured stay."""
    kept = json.loads(RECORD.read_text("utf-8")) if RECORD.exists() else {"rows": {}, "small": {}}
    count = max(len(own) for own in rounds.values())
    made = {"machine": machine(), "command": command, "rounds": count}
    made |= {"rows": kept["rows"] | crawl_table(rounds), "small": kept["small"] | small_figures(rounds)}
    RECORD.write_text(json.dumps(made, indent=1) + "\n", "utf-8")
    subprocess.run([sys.executable, "-m", "docs.generate"], cwd=PROJECT, check=True)
