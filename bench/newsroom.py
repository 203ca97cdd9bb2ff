"""Crawl a newsroom of real pages that is being served, and check page by page what was stored.

    python -m bench.newsroom FOLDER [--kill N] [--release TOOL --count N] [--out FOLDER]

FOLDER is what `newsroom.py build` made and `newsroom.py serve` serves: sites.json and articles.jsonl, where each
article has a word of its own in its text. `--kill N` kills the crawls with -9 N times at random moments and starts
them again; `--release newsroom.py --count 10` publishes ten more articles between two kills.
Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bench.speed.crawls import FAST
from bench.speed.newsrooms import PROJECT
from crawler.urls import canonical_url


def main() -> int:
    """Run it; 0 if every page was stored once or has a reason, and the outcomes add up."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--kill", type=int, default=0, metavar="N")
    parser.add_argument("--release", type=Path, metavar="TOOL", help="newsroom.py, to publish more between two kills")
    parser.add_argument("--count", type=int, default=10, help="articles that are published between two kills")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, help="write database, profiles and logs here")
    options = parser.parse_args()
    out = options.out or Path(tempfile.mkdtemp(prefix="newsroom-"))
    out.mkdir(parents=True, exist_ok=True)
    names = write_profiles(options.folder, out / "sites")
    chance = random.Random(options.seed)
    started = time.monotonic()
    for _ in range(options.kill):
        crawls = start_crawls(names, out)
        wait_for_a_page(out)
        time.sleep(chance.uniform(0.0, 2.0))
        for crawl in crawls:
            crawl.send_signal(signal.SIGKILL)
        for crawl in crawls:
            crawl.wait()
        if options.release:
            publish = [sys.executable, options.release, "release", options.folder, "--count", str(options.count)]
            subprocess.run(publish, check=True, stdout=subprocess.DEVNULL)
    statuses = [crawl.wait() for crawl in start_crawls(names, out)]
    report = examine(options.folder, out) | {"exit_codes": statuses, "seconds": round(time.monotonic() - started, 1)}
    print(json.dumps(report, indent=1, ensure_ascii=False))
    whole = (
        not report["stored_twice"]
        and not report["never_fetched"]
        and not report["without_outcome"]
        and report["outcomes_add_up"]
        and not report["tracebacks_in_log"]
    )
    return 0 if whole and report["integrity"] == "ok" and not any(statuses) else 1


def write_profiles(folder: Path, sites: Path) -> list[str]:
    """A profile for each served site, with its feed and sitemap; their names."""
    sites.mkdir(exist_ok=True)
    names = []
    for site in json.loads((folder / "sites.json").read_text("utf-8"))["sites"]:
        name = site["host"].split(".")[0]
        feed, sitemap = json.dumps([site["feed"]]), json.dumps([site["sitemap"]])
        (sites / f"{name}.toml").write_text(
            f'title = "{site["host"]}"\nurl = "{site["home"]}"\nfeeds = {feed}\nsitemaps = {sitemap}\n'
            "delay = 0\nallow_private = true\n",
            "utf-8",
        )
        names.append(name)
    return names


def start_crawls(names: list[str], out: Path) -> list[subprocess.Popen[bytes]]:
    """One process a site, all writing to one database."""
    environment = crawl_environment(out)
    crawls = []
    for name in names:
        with (out / f"{name}.log").open("ab") as log:
            command = [sys.executable, "-m", "scrapy", "crawl", name, *FAST]
            crawls.append(subprocess.Popen(command, cwd=PROJECT, env=environment, stderr=log, stdout=log))
    return crawls


def crawl_environment(out: Path) -> dict[str, str]:
    """The environment of a crawl whose database and profiles are in a folder."""
    ours = {"NEWS_SITES": str(out / "sites"), "NEWS_DB": str(out / "news.db"), "NEWS_EXTRACT_WORKERS": "1"}
    return os.environ | ours


def wait_for_a_page(out: Path, seconds: float = 30.0) -> None:
    """Return when a crawl has finished one more page, so that the kill hits its work and not its start."""
    before, deadline = finished_pages(out), time.monotonic() + seconds
    while finished_pages(out) == before and time.monotonic() < deadline:
        time.sleep(0.05)


def finished_pages(out: Path) -> int:
    """Pages that have an outcome; 0 while there is no database yet."""
    try:
        db = sqlite3.connect(f"file:{out / 'news.db'}?mode=ro", uri=True)
        try:
            return int(db.execute("SELECT count(*) FROM pages WHERE outcome IS NOT NULL").fetchone()[0])
        finally:
            db.close()
    except sqlite3.OperationalError:
        return 0


def examine(folder: Path, out: Path) -> dict[str, Any]:
    """Compare the database with what was served."""
    served = [json.loads(line) for line in (folder / "articles.jsonl").read_text("utf-8").splitlines()]
    served = [article for article in served if article["visible"]]
    db = sqlite3.connect(out / "news.db")
    texts = [body for (body,) in db.execute("SELECT body FROM articles")]
    in_text = {a["text_token"] for a in served if any(a["text_token"] in text for text in texts)}
    fetched = Counter(url for (url,) in db.execute("SELECT url FROM pages WHERE outcome IS NOT NULL"))
    stored = Counter(url for (url,) in db.execute("SELECT page_url FROM articles"))
    outcomes = dict(db.execute("SELECT coalesce(reason, outcome), count(*) FROM pages GROUP BY 1").fetchall())
    ends = "new + updated + unchanged + duplicate + dropped + blocked + failed + unfinished"
    (bad_sums,) = db.execute(f"SELECT count(*) FROM runs WHERE requested != {ends}").fetchone()
    logs = "".join(path.read_text("utf-8") for path in sorted(out.glob("*.log")))
    report = {
        "served": len(served),
        "articles": len(texts),
        "with_their_text_word": len(in_text),
        "stored_twice": [url for url, count in stored.items() if count > 1],
        "never_fetched": [a["url"] for a in served if canonical_url(a["url"]) not in fetched],
        "pages": outcomes,
        "without_outcome": db.execute("SELECT count(*) FROM pages WHERE outcome IS NULL").fetchone()[0],
        "copies": db.execute("SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL").fetchone()[0],
        "runs": db.execute("SELECT count(*) FROM runs").fetchone()[0],
        "outcomes_add_up": bad_sums == 0,
        "integrity": db.execute("PRAGMA integrity_check").fetchone()[0],
        "tracebacks_in_log": logs.count("Traceback"),
    }
    db.close()
    return report


if __name__ == "__main__":
    sys.exit(main())
