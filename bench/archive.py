"""What the archive costs: crawls with and without it, interleaved, and the levels of compression.

    python -m bench.archive [--rounds 3] [--pages 300]

Crawls the real pages of ../shared as `python -m bench.speed` does. Prints seconds and CPU of each round, the ratios of
the medians, archived bytes a page, and for each level of compression its size and time for the archived pages.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from statistics import median

from isal import isal_zlib

from bench.speed.crawls import Figures, crawl_ours
from bench.speed.newsrooms import pages_of_many_templates
from bench.speed.report import cpu, rate
from crawler.archive.reader import ArchivedPage, read_archive


def main() -> None:
    """Run the rounds and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pages", type=int, default=300)
    options = parser.parse_args()
    newsroom = pages_of_many_templates(options.pages)
    found: dict[str, list[Figures]] = {"off": [], "on": []}
    for number in range(options.rounds):
        for name, measured in found.items():
            with tempfile.TemporaryDirectory() as folder:
                setting = ["-s", "NEWS_ARCHIVE=" + ("archive" if name == "on" else "")]
                figures = crawl_ours(newsroom, Path(folder), more=setting)
                measured.append(figures)
                print(f"round {number + 1}  {name:<4}{rate(figures):7.1f} pages/s {cpu(figures):7.1f} CPU ms a page")
                if name == "on" and number == options.rounds - 1:
                    print_sizes(Path(folder) / "archive")
    for what, value in (("time", lambda f: 1 / rate(f)), ("CPU", cpu)):
        ratio = median(map(value, found["on"])) / median(map(value, found["off"]))
        print(f"{what}: with the archive {ratio:.3f} times")


def print_sizes(archive: Path) -> None:
    """Print the size of the archived pages, and their size and time with other levels of compression."""
    files = list(archive.iterdir())
    found = [page for path in files for page in read_archive(path, max_bytes=10**8) if isinstance(page, ArchivedPage)]
    raw = sum(len(page.body) for page in found)
    kept = sum(path.stat().st_size for path in files)
    print(f"{len(found)} pages of {raw / len(found):.0f} bytes on average, {kept / len(found):.0f} in the archive")
    for level in (0, 1, 2, 3):
        started = time.process_time()
        size = sum(len(isal_zlib.compress(page.body, level)) for page in found)
        took = (time.process_time() - started) / len(found)
        print(f"  level {level}: {size / raw:.1%} in {took * 1000:.1f} ms a page")


if __name__ == "__main__":
    main()
