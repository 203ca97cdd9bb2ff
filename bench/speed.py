"""Speed of a crawl compared with the floor: plain Scrapy with trafilatura in its callback, on the same served pages.

    python -m bench.speed FOLDER [--rounds 3]

FOLDER is what `newsroom.py build --sites 1` made and `newsroom.py serve` serves. Both crawl the sitemap of its first
site with eight connections and no delay, interleaved. Prints seconds, CPU seconds and articles of each round, and the
ratios of the medians: times on a shared machine mean little, ratios in one run do.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.newsroom import FAST, PROJECT, write_profiles

_COMMON = [*FAST, "-s", "ROBOTSTXT_OBEY=1", "-s", "LOG_LEVEL=ERROR"]


def main() -> None:
    """Run the rounds and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    site = json.loads((options.folder / "sites.json").read_text("utf-8"))["sites"][0]
    systems: dict[str, Callable[[Path], list[str]]] = {
        "floor": lambda out: floor_command(site["sitemap"], out),
        "rasid": lambda out: rasid_command(options.folder, out),
    }
    seconds: dict[str, list[float]] = {name: [] for name in systems}
    cpu: dict[str, list[float]] = {name: [] for name in systems}
    for number in range(options.rounds):
        for name, command in systems.items():
            with tempfile.TemporaryDirectory() as folder:
                # Outside the project the floor has Scrapy's own settings: ours refuse private addresses.
                took, used = timed(command(Path(folder)), cwd=Path(folder) if name == "floor" else PROJECT)
                seconds[name].append(took)
                cpu[name].append(used)
                count = stored(Path(folder))
                print(f"round {number + 1}  {name:<6}{took:7.1f} s {used:7.1f} CPU s {count:6} articles")
                if not count:
                    raise SystemExit(f"{name} stored nothing, so its time means nothing")
    wall_ratio = statistics.median(seconds["floor"]) / statistics.median(seconds["rasid"])
    cpu_ratio = statistics.median(cpu["rasid"]) / statistics.median(cpu["floor"])
    print(f"rasid is {wall_ratio:.2f} times as fast as the floor, with {cpu_ratio:.2f} times its CPU")


def floor_command(sitemap: str, out: Path) -> list[str]:
    """The floor's command line."""
    arguments = ["-a", f"sitemap={sitemap}", "-a", f"database={out / 'news.db'}"]
    return [
        sys.executable,
        "-m",
        "scrapy",
        "runspider",
        str(PROJECT / "bench" / "floor.py"),
        *arguments,
        *_COMMON,
    ]


def rasid_command(folder: Path, out: Path) -> list[str]:
    """Our command line."""
    name = write_profiles(folder, out / "sites")[0]
    ours = ["-s", f"NEWS_DB={out / 'news.db'}", "-s", f"NEWS_SITES={out / 'sites'}", "-a", "channel=sitemap"]
    return [sys.executable, "-m", "scrapy", "crawl", name, *ours, *_COMMON]


def timed(command: list[str], cwd: Path = PROJECT) -> tuple[float, float]:
    """Wall and CPU seconds of a command and its children. Raises RuntimeError if it fails."""
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=cwd)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return time.monotonic() - started, usage.ru_utime + usage.ru_stime


def stored(out: Path) -> int:
    """Articles in the database."""
    db = sqlite3.connect(out / "news.db")
    try:
        return int(db.execute("SELECT count(*) FROM articles").fetchone()[0])
    finally:
        db.close()


if __name__ == "__main__":
    main()
