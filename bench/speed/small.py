"""Costs that have nothing to do with pages: a poll of a site with nothing new, and the start of a command."""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from bench.speed.crawls import FAST, Figures, make_due, our_command, our_environment, write_profiles
from bench.speed.newsrooms import PROJECT, quiet_sites
from bench.speed.processes import run
from bench.speed.serve import served

_QUIET = (20, 120)
"""Sites that are polled in two runs: their difference is the cost of a hundred polls."""

_STARTS = 5

_START = (
    "import runpy, sys; sys.modules['pydantic'] = None; sys.argv[0] = 'scrapy'; "
    "runpy.run_module('scrapy', run_name='__main__', alter_sys=True)"
)
"""Scrapy as where only what Rasid needs is installed: pydantic, which is here for tests, is imported wherever it is."""


def poll_quiet_sites() -> Figures:
    """Requests and CPU of the poll of one site without anything new; CPU and seconds of commands with nothing to do."""
    newsroom = quiet_sites(max(_QUIET))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        names = write_profiles(newsroom, home / "sites", channel="feed")
        with served(newsroom) as server:
            _due(home, names)
            # The first poll of a site writes more than later ones.
            make_due(home, names)
            _due(home, names)
            costs = []
            before = server.requests()
            for count in _QUIET:
                make_due(home, names[:count])
                costs.append(_due(home, names[:count]))
            requests = server.requests() - before
        return {
            "requests of a poll": requests / sum(_QUIET),
            "CPU of a poll (ms)": (costs[1] - costs[0]) / (_QUIET[1] - _QUIET[0]) * 1000,
        } | _starts(home)


def _starts(home: Path) -> Figures:
    found: Figures = {}
    for name, words in (("list", ["list"]), ("due, no site due", ["due"])):
        command = [sys.executable, "-c", _START, *words]
        costs = [run(command, cwd=PROJECT, environment=our_environment(home)) for _ in range(_STARTS)]
        found[f"{name}: CPU (s)"] = statistics.median(cost.main + cost.workers for cost in costs)
        found[f"{name}: time (s)"] = statistics.median(cost.seconds for cost in costs)
    return found


def _due(home: Path, names: list[str]) -> float:
    """CPU seconds of a poll of some sites."""
    words = ["due", "--sites", ",".join(names), *FAST]
    cost = run(our_command(words), cwd=PROJECT, environment=our_environment(home))
    return cost.main + cost.workers
