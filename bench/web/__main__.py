"""What each page costs at 100,000 articles: CPU time of the server, weight, and first paint in Chromium.

python -m bench.web [--articles 100000] [--database FILE] [--rounds 10]
"""

from __future__ import annotations

import argparse
import tempfile
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path

import psutil

from bench.generated import fill
from bench.web.pages import browse, chromium, pages_of
from crawler.store.database import open_database
from crawler.store.search.index import SearchIndex

_PAINT = """() => new Promise(done => new PerformanceObserver(list => list.getEntries()
    .filter(e => e.name === "first-contentful-paint").forEach(e => done(e.startTime)))
    .observe({type: "paint", buffered: true}))"""
_WEIGHT = """() => performance.getEntriesByType("resource").reduce((sum, e) => sum + e.encodedBodySize, 0)"""


def made(path: Path, articles: int) -> None:
    """Make a database of generated articles, with their words in the search index."""
    fill(path, articles)
    with closing(open_database(path, timeout=30)) as db:
        indexed = 1
        while indexed:
            with db.writing():
                indexed = SearchIndex(db).add_pending()


def _get(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=60) as response:
            body: bytes = response.read()
    except urllib.error.HTTPError as error:
        with error:
            body = error.read()
    return body


def measure(database: Path, rounds: int) -> list[tuple[str, float, float, float]]:
    """Page, milliseconds of CPU for a response, kilobytes with its style sheets, milliseconds to the first paint."""
    rows = []
    with browse(database) as (url, pid), chromium() as browser:
        server = psutil.Process(pid)
        for name, path in pages_of(database).items():
            body = _get(url + path)
            before = _cpu(server)
            for _ in range(rounds):
                body = _get(url + path)
            milliseconds = (_cpu(server) - before) * 1000 / rounds
            page = browser.new_page()
            page.goto(url + path)
            weight = (len(body) + page.evaluate(_WEIGHT)) / 1000
            rows.append((name, milliseconds, weight, page.evaluate(_PAINT)))
            page.close()
    return rows


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def main() -> None:
    """Print the table as Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--database", type=Path, help="an existing database, or where to write the one that is made")
    parser.add_argument("--rounds", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        database = options.database or Path(temporary) / "news.db"
        if not database.exists():
            made(database, options.articles)
        print("| page | server (ms CPU) | weight (kB) | first paint (ms) |\n|---|---|---|---|")
        for name, milliseconds, weight, paint in measure(database, options.rounds):
            print(f"| {name} | {milliseconds:.0f} | {weight:.0f} | {paint:.0f} |")


if __name__ == "__main__":
    main()
