"""A running `rasid browse`, the pages to visit, and a browser to visit them with."""

from __future__ import annotations

import contextlib
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from crawler.home import PROJECT

_START_SECONDS = 60


class Served(NamedTuple):
    """A running server."""

    url: str
    pid: int


@contextlib.contextmanager
def browse(database: Path, sites: Path | None = None) -> Iterator[Served]:
    """Serve a database until the block ends. `sites`: a folder of profiles. Raises TimeoutError."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "scrapy", "browse", str(database), "--port", str(port)]
    if sites is not None:
        command += ["-s", f"NEWS_SITES={sites}"]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(url, server)
            yield Served(url, server.pid)
        finally:
            server.terminate()


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """Playwright's handle of the system's Chromium. Raises SystemExit where one of the two is missing."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise SystemExit("Chromium is not installed: apt install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


def pages_of(database: Path) -> dict[str, str]:
    """The name and the path of each page, with examples of articles, sites and runs that the database has."""
    name = database.stem
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:

        def one(sql: str) -> Any:
            return (db.execute(sql).fetchone() or (None,))[0]

        site = one("SELECT site FROM articles GROUP BY site ORDER BY count(*) DESC, site")
        arabic = one("SELECT id FROM articles WHERE language = 'ar' ORDER BY id DESC") or 1
        english = one("SELECT id FROM articles WHERE language = 'en' ORDER BY id DESC") or 1
        story = one("SELECT story_id FROM articles WHERE duplicate_of IS NOT NULL ORDER BY id DESC") or arabic
        word = (one("SELECT title FROM articles WHERE language = 'ar' ORDER BY id DESC") or "x").split()[0]
        run, due = one("SELECT max(id) FROM runs"), one("SELECT max(id) FROM scheduler_runs")
    pages = {
        "overview": "/-/overview",
        "overview_language": "/-/overview?by=language&range=all",
        "search": "/-/search",
        "search_word": f"/-/search?q={quote(word)}",
        "article_ar": f"/-/article/{arabic}",
        "article_en": f"/-/article/{english}",
        "story": f"/-/story/{story}",
        "sites": "/-/sites",
        "site": f"/-/site/{quote(site or '')}",
        "runs": "/-/runs",
        "run": f"/-/run/{run}",
        "due": f"/-/run/due/{due}",
        "ledger": "/-/ledger",
        "ledger_site": f"/-/ledger?site={quote(site or '')}",
        "ledger_pages": f"/-/ledger/pages?site={quote(site or '')}&count=announced",
        "tables": f"/{name}",
        "table": f"/{name}/v_articles",
        "row": f"/{name}/articles/{arabic}",
        "query": f"/{name}/who_copies_whom",
        "missing": "/-/article/999999999",
    }
    absent = {"run": run is None, "due": due is None}
    return {name: path for name, path in pages.items() if not absent.get(name)}


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url + "/-/versions.json", timeout=5):
            return
        time.sleep(0.1)
    raise TimeoutError(f"no answer from {url}")
