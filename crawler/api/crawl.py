"""Crawls a site from a program: in a process of its own, because Twisted's reactor starts once in a process, and a
notebook has an event loop already."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler.api.reading import Store
from crawler.home import PROJECT, Home
from crawler.items import OUTCOMES, Article

_USAGE = 2
_SECONDS_TO_STOP = 30.0
"""How long a crawl that must stop may take to do so: it waits NEWS_STOP_SECONDS for responses, and writes what it has.
Chosen by hand."""


class CrawlError(Exception):
    """The crawl was not begun, because something in the call is wrong; the message says what."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CrawlResult:
    """How a crawl ended. Its articles are in the database."""

    site: str
    exit_code: int
    """As that of `rasid crawl`: 0 all well, 1 the crawler failed or no channel answered, 3 no channel could be used, 75
    another process crawls the site; the negative number of a signal if that ended the process."""

    messages: str
    """What `rasid crawl` prints: warnings, and the table of the outcomes."""

    finish_reason: str | None = None
    """`finished`, `shutdown` after `timeout`; None if the crawl had no end."""

    run_id: int | None = None
    """Its row in the table `runs`."""

    database: Path | None = None
    changes: tuple[int, int] | None = None
    """The numbers of its changes: after the first one, up to the second."""

    stats: dict[str, Any] = field(default_factory=dict)
    """Scrapy's stats, with ours: docs/design.md. Times are texts."""

    @property
    def counts(self) -> dict[str, int]:
        """Outcome → number of pages: new, updated, unchanged, duplicate, dropped, blocked, priced, failed."""
        ends: dict[str, int] = dict.fromkeys(OUTCOMES, 0)
        for key, value in self.stats.items():
            stage, _, rest = key.partition("/")
            outcome = rest.partition("/")[0]
            if stage in ("fetch", "extract", "validate", "store", "run") and outcome in ends:
                ends[outcome] += value
        return ends

    def articles(self) -> Iterator[Article]:
        """The articles of the site that this crawl stored or changed. Raises StoreError."""
        if self.database is None or self.changes is None:
            return
        with Store.open(self.database) as store:
            yield from (article for article in store.changed(*self.changes) if article.site == self.site)


def crawl_site(
    site: str | Path,
    *,
    home: str | Path | None = None,
    settings: Mapping[str, object] | None = None,
    timeout: float | None = None,
    **arguments: object,
) -> CrawlResult:
    """Crawl a site to the end, as `rasid crawl` does, and return how it ended.

    `site`: the name of a profile in the home, or the path of a profile elsewhere. `home`: its folder; by default the
    one that `rasid` would use. `settings`: as `-s` takes them. `arguments`: as `-a` takes them, like `max_articles=20`.
    `timeout`: seconds after which the crawl is stopped cleanly; the next one continues.

    Works in scripts and in notebooks, any number of times; it blocks until the crawl has ended, and an interrupt stops
    the crawl. Raises CrawlError for what `rasid crawl` calls wrong usage.
    """
    with tempfile.TemporaryDirectory(prefix="rasid-") as folder:
        result_file = Path(folder) / "result.json"
        options = {**(settings or {}), "NEWS_RESULT_FILE": result_file}
        if isinstance(site, Path):
            options["NEWS_SITES"] = site.expanduser().resolve().parent
            site = _name_of(site)
        elif site.startswith("-"):
            raise CrawlError(f"{site}: not the name of a site, but an option")
        words = [*(["--home", str(home)] if home is not None else []), "crawl"]
        for flag, values in (("-s", options), ("-a", arguments)):
            words += [word for name, value in values.items() for word in (flag, f"{name}={value}")]
        exit_code, messages = _run([*words, site], timeout)
        if exit_code == _USAGE:
            raise CrawlError(messages.strip().removeprefix("rasid: error: "))
        result = json.loads(result_file.read_bytes()) if result_file.exists() else {}
    if "changes" in result:
        result |= {"database": Path(result["database"]), "changes": tuple(result["changes"])}
    return CrawlResult(site=site, exit_code=exit_code, messages=messages, **result)


def _name_of(profile: Path) -> str:
    if profile.suffix != ".toml" or not profile.is_file():
        raise CrawlError(f"{profile}: no such profile; give the path of a .toml file, or the name of a site as a text")
    return profile.stem


def _run(words: list[str], timeout: float | None) -> tuple[int, str]:
    """Run `rasid` with these words; its exit code, and what it printed on stderr."""
    environment = dict(os.environ)
    if Home(PROJECT).is_checkout:
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, (str(PROJECT), environment.get("PYTHONPATH"))))
    # -P: a file beside the notebook must not stand in for a module.
    command = [sys.executable, "-P", "-m", "rasid", *words]
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
    ) as process:
        try:
            _, messages = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            messages = _stop(process)
        except BaseException:  # an interrupt
            _stop(process)
            raise
    return process.returncode, messages


def _stop(process: subprocess.Popen[str]) -> str:
    process.terminate()
    try:
        return process.communicate(timeout=_SECONDS_TO_STOP)[1]
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()[1]
