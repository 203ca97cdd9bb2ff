"""Add sites by their addresses alone, crawl them with the profiles that were written, and count the articles found.

    python -m bench.add [--newsroom FOLDER ...] [--only NAME ...] [--out FOLDER] [--delay SECONDS] [--record]

The sites are the sixteen odd ones, the three of the demo newsroom, and ../shared/humanvoice if it is there; with
`--newsroom`, those of a newsroom that is being served as well. Prints a table in Markdown; `--record` writes it to
bench/add.md as well. Ends with 1 if a profile finds less than 95 % of the articles without saying so, or if a verdict
is wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler.urls import canonical_url
from demo.content import read_content
from demo.newsroom import serve_newsroom
from demo.odd_sites.serve import serve_odd_sites
from demo.served_site import ServedSite

PROJECT = Path(__file__).resolve().parent.parent
HUMANVOICE = PROJECT.parent / "shared" / "humanvoice"
RECORD = PROJECT / "bench" / "add.md"
ENOUGH = 0.95
"""Share of a site's articles that a profile must find."""


@dataclass(slots=True)
class Trial:
    """A site to add, and what became of it."""

    name: str
    url: str
    what: str
    articles: frozenset[str]
    """Canonical URLs of all its articles."""

    verdict: str = "ok"
    why_not: str = ""
    """A part of the note that says why less than 95 % will be found; empty if they can be found."""

    result: dict[str, Any] = field(default_factory=dict)
    """What `rasid add --json` printed."""

    found: int = 0

    @property
    def is_right(self) -> bool:
        """Whether the verdict is right, and enough articles are found or the notes say why not."""
        if self.result.get("verdict") != self.verdict:
            return False
        if self.verdict != "ok" or self.found >= len(self.articles) * ENOUGH:
            return True
        return bool(self.why_not) and any(self.why_not in note for note in self.result["notes"])


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--newsroom", type=Path, action="append", default=[], metavar="FOLDER")
    parser.add_argument("--only", action="append", default=[], metavar="NAME")
    parser.add_argument("--out", type=Path, help="write profiles and database here")
    parser.add_argument("--record", action="store_true", help="write the table to bench/add.md")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds between two requests to a host (default: 0)")
    options = parser.parse_args()
    out = options.out or Path(tempfile.mkdtemp(prefix="add-"))
    (out / "sites").mkdir(parents=True, exist_ok=True)
    with all_sites(options.newsroom) as trials:
        trials = [trial for trial in trials if not options.only or trial.name in options.only]
        add(trials, out, options.delay)
        crawl(out)
        count(trials, out)
    text = table(trials)
    print(text)
    if options.record:
        title = f"# Sites added by their addresses\n\n`python -m bench.add`, {options.delay:g} s between two requests."
        RECORD.write_text(f"{title}\n\n{text}\n", "utf-8")
    return 0 if all(trial.is_right for trial in trials) else 1


@contextmanager
def all_sites(newsrooms: list[Path]) -> Iterator[list[Trial]]:
    """Serve what is served in this process, and find what else there is."""
    with ExitStack() as stack:
        trials = []
        for name, odd in stack.enter_context(serve_odd_sites()).items():
            urls = frozenset(map(canonical_url, odd.articles))
            trials.append(Trial(name, odd.url, odd.site.what, urls, odd.site.verdict, odd.site.why_not))
        content, newsroom = read_content(), stack.enter_context(serve_newsroom())
        for name, url in newsroom.items():
            served = ServedSite(content, content.sites[name], newsroom)
            urls = frozenset(canonical_url(served.story_url(story)) for story in served.stories())
            trials.append(Trial(name, url, "demo newsroom", urls))
        if HUMANVOICE.is_dir():
            trials.append(stack.enter_context(humanvoice()))
        for folder in newsrooms:
            trials += newsroom_trials(folder)
        yield trials


@contextmanager
def humanvoice() -> Iterator[Trial]:
    """Serve ../shared/humanvoice."""
    command = [sys.executable, str(HUMANVOICE / "serve.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1].rstrip("/") + "/"
        routes = json.loads((HUMANVOICE / "routes.json").read_text("utf-8"))
        posts = [path for path, route in routes.items() if route[0].startswith("posts/")]
        urls = frozenset(canonical_url(url.rstrip("/") + path) for path in posts)
        try:
            yield Trial("humanvoice", url, "../shared/humanvoice", urls)
        finally:
            process.terminate()


def newsroom_trials(folder: Path) -> list[Trial]:
    """The sites of a newsroom that somebody serves."""
    served = [json.loads(line) for line in (folder / "articles.jsonl").read_text("utf-8").splitlines()]
    trials = []
    for site in json.loads((folder / "sites.json").read_text("utf-8"))["sites"]:
        urls = frozenset(canonical_url(one["url"]) for one in served if one["visible"] and one["host"] == site["host"])
        trials.append(Trial(site["host"], site["home"], "newsroom of real pages", urls))
    return trials


def add(trials: list[Trial], out: Path, delay: float) -> None:
    """Run `rasid add` on all addresses."""
    words = ["add", "--json", "--yes", *(trial.url for trial in trials), "-s", f"DOWNLOAD_DELAY={delay}"]
    words += ["-s", "AUTOTHROTTLE_ENABLED=0"]
    lines = _scrapy(words, out).stdout.splitlines()
    results = {result["address"]: result for result in map(json.loads, lines)}
    for trial in trials:
        trial.result = results[trial.url]


def crawl(out: Path) -> None:
    """Crawl all sites that were added."""
    words = ["due", "-L", "ERROR", "--jobs", "8", "-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0"]
    _scrapy([*words, "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8"], out)


def count(trials: list[Trial], out: Path) -> None:
    """Count the articles of each site that are in the database."""
    if not (out / "news.db").exists():
        return
    with closing(sqlite3.connect(out / "news.db")) as db:
        stored = {canonical_url(url) for row in db.execute("SELECT url, page_url FROM articles") for url in row if url}
    for trial in trials:
        trial.found = len(trial.articles & stored)


def table(trials: list[Trial]) -> str:
    """The results as a table in Markdown."""
    head = "| site | what is odd | verdict | requests | seconds | channels | articles | found | right |"
    lines = [head, "|---|---|---|---|---|---|---|---|---|"]
    for trial in trials:
        result = trial.result
        chosen = [one["kind"] for one in result["channels"] if one["chosen"]]
        kinds = ", ".join(dict.fromkeys(f"{chosen.count(kind)} {kind}".replace("_", " ") for kind in chosen))
        found = f"{trial.found}" if result["verdict"] == "ok" else "–"
        lines.append(
            f"| {trial.name} | {trial.what} | {result['verdict']} | {result['requests']} | {result['seconds']:.1f} | "
            f"{kinds or '–'} | {len(trial.articles)} | {found} | {'yes' if trial.is_right else 'NO'} |"
        )
    lines += ["", *(f"- {trial.name}: {note}" for trial in trials for note in _remarks(trial.result))]
    return "\n".join(lines)


def _remarks(result: dict[str, Any]) -> list[str]:
    return [*result["notes"], *([result["reason"]] if result["reason"] else [])]


def _scrapy(words: list[str], out: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"NEWS_SITES": str(out / "sites"), "NEWS_DB": str(out / "news.db")}
    command = [sys.executable, "-m", "scrapy", *words]
    done = subprocess.run(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode not in (0, 1, 3):
        raise RuntimeError(f"scrapy {words[0]} ended with {done.returncode}")
    return done


if __name__ == "__main__":
    sys.exit(main())
