"""What the archive costs: crawls with and without it, interleaved, and the levels of compression.

    python -m bench.archive FOLDER [--rounds 3]

FOLDER is what `newsroom.py build --sites 1` made and `newsroom.py serve` serves. Prints seconds and CPU seconds of each
round, the ratios of the medians, archived bytes a page, and for each level of compression its size and time for the
archived pages.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
import zlib
from pathlib import Path

from bench.speed import rasid_command, stored, timed
from crawler.archive.reader import ArchivedPage, read_archive


def main() -> None:
    """Run the rounds and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    seconds: dict[str, list[float]] = {"off": [], "on": []}
    cpu: dict[str, list[float]] = {"off": [], "on": []}
    for number in range(options.rounds):
        for name in seconds:
            with tempfile.TemporaryDirectory() as folder:
                out = Path(folder)
                setting = ["-s", "NEWS_ARCHIVE=" + ("archive" if name == "on" else "")]
                took, used = timed(rasid_command(options.folder, out) + setting)
                seconds[name].append(took)
                cpu[name].append(used)
                print(f"round {number + 1}  {name:<4}{took:7.1f} s {used:7.1f} CPU s {stored(out):6} articles")
                if name == "on" and number == options.rounds - 1:
                    print_sizes(out / "archive")
    for what, found in (("wall", seconds), ("CPU", cpu)):
        print(f"{what}: with the archive {statistics.median(found['on']) / statistics.median(found['off']):.3f} times")


def print_sizes(archive: Path) -> None:
    """Print the size of the archived pages, and their size and time with other levels of compression."""
    files = list(archive.iterdir())
    found = [page for path in files for page in read_archive(path, max_bytes=10**8) if isinstance(page, ArchivedPage)]
    raw = sum(len(page.body) for page in found)
    kept = sum(path.stat().st_size for path in files)
    print(f"{len(found)} pages of {raw / len(found):.0f} bytes on average, {kept / len(found):.0f} in the archive")
    for level in (1, 3, 4, 6, 9):
        started = time.process_time()
        size = sum(len(zlib.compress(page.body, level)) for page in found)
        took = (time.process_time() - started) / len(found)
        print(f"  level {level}: {size / raw:.1%} in {took * 1000:.1f} ms a page")


if __name__ == "__main__":
    main()
