"""`make demo`: serve the bundled newsroom, crawl its three sites into one database, export, show the results."""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from crawler.home import PROJECT, VARIABLE, create_home
from demo.newsroom import serve_newsroom

_SHOWN_ROWS = 5
_SHOWN_COLUMNS = ("site", "published", "category", "title", "body")


def main() -> int:
    """Run the demo; 0 if every crawl and the export succeeded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, default=PROJECT / "build" / "demo", help="folder of database and CSV")
    parser.add_argument(
        "--port", type=int, default=27600, help="port of the first site; the others take the next two ports"
    )
    options = parser.parse_args()
    started = time.monotonic()
    database, articles, related = (options.build / name for name in ("news.db", "articles.csv", "related.csv"))
    environment = demo_home(options.build)
    try:
        # The port is part of every URL: with another one in each run, no page would ever be known.
        with serve_newsroom(port=options.port) as newsroom:
            print(f"Crawling {len(newsroom)} sites of the demo newsroom on 127.0.0.1 ...", flush=True)
            for site, address in newsroom.items():
                if status := scrapy(environment, "crawl", site, "-a", f"url={address}"):
                    return status
    except OSError as error:
        other = "choose another one with --port 27700 (make demo DEMO_PORT=27700)"
        print(f"port {options.port}: {error.strerror}; {other}", file=sys.stderr)
        return 1
    if status := scrapy(environment, "export", str(articles), "--with-duplicates", "--related", str(related)):
        return status
    show(articles)
    print(f"\ndatabase  {shown_path(database)}\nCSV       {shown_path(articles)}\nrelated   {shown_path(related)}")
    print(f"Done in {time.monotonic() - started:.0f} s. Run it again: nothing new will be stored.")
    return 0


def demo_home(folder: Path) -> dict[str, str]:
    """Make the folder a home with the profiles of the demo; the environment for commands in it."""
    home = create_home(folder)
    for profile in (PROJECT / "demo" / "sites").glob("*.toml"):
        shutil.copyfile(profile, home.sites / profile.name)
    others = {name: value for name, value in os.environ.items() if name not in ("NEWS_SITES", "NEWS_DB")}
    return others | {VARIABLE: str(home.folder)}


def scrapy(environment: dict[str, str], *words: str) -> int:
    """Run a command of the project as a user would; its exit code."""
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *words], env=environment, cwd=PROJECT, check=False
    ).returncode


def show(articles: Path) -> None:
    """Print the first rows of the CSV, cut to the width of a line."""
    with articles.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    copies = sum(bool(row["duplicate_of"]) for row in rows)
    print(f"\nFirst {_SHOWN_ROWS} of {len(rows)} rows ({copies} of them copies of another article):")
    for row in rows[:_SHOWN_ROWS]:
        print("  " + " | ".join(" ".join(row[column].split())[:40] for column in _SHOWN_COLUMNS))


def shown_path(path: Path) -> str:
    """Relative to the current folder, if the path is in it."""
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


if __name__ == "__main__":
    sys.exit(main())
