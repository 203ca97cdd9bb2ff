"""A database that is hostile to browsers, and `make browse` on it."""

from __future__ import annotations

import contextlib
import json
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Any

from crawler.items import RelatedArticle
from crawler.store import Store
from tests.conftest import PROJECT
from tests.made_up import NOW, an_article, later, put

SCRIPT = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
QUOTED = "\"><script>document.title='owned'</script>"
ARABIC = "افتتاح المَدرسة الجديدة في نوران"
PARAGRAPH = "قال مدير المدرسة إن ٣٠٠ طالب التحقوا بها هذا العام، وإن العدد سيزيد في العام المقبل."


@dataclass(frozen=True, slots=True)
class Answer:
    """A response of the server."""

    status: int
    text: str
    headers: Message


@dataclass(frozen=True, slots=True)
class Browse:
    """A running server."""

    url: str
    database: Path

    def get(self, path: str, **headers: str) -> Answer:
        """Request a page."""
        request = urllib.request.Request(self.url + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return Answer(response.status, response.read().decode("utf-8"), response.headers)
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.read().decode("utf-8"), error.headers)


def fill_hostile(path: Path) -> None:
    """1: Arabic, with a revision, a copy (4) and related articles. 2: English. 3: full of scripts."""
    related = [
        RelatedArticle(kind="inline", position=0, title="To the second", url="https://example.org/b"),
        RelatedArticle(kind="block", position=1, title=SCRIPT, url="https://example.org/x?a=<b>"),
        RelatedArticle(kind="block", position=2, title="bad link", url="https://example.org/y"),
    ]
    with Store(path) as store:
        fields: dict[str, Any] = {
            "title": ARABIC,
            "language": "ar",
            "category": "محليات",
            "authors": ["سلمى"],
            "published": NOW,
        }
        put(store, an_article("a", f"{PARAGRAPH}\nجملة أولى كانت هنا.", related=related, **fields), later(hours=1))
        put(
            store,
            an_article("b", "The harbour wall fell.", title="Harbour wall", language="en", published=later(days=-1)),
        )
        put(store, an_article("c", f"{SCRIPT}\n{QUOTED}", title=SCRIPT, published=NOW, subtitle=SCRIPT, site="hostile"))
        put(store, an_article("a", f"{PARAGRAPH}\nجملة ثانية جاءت بعدها.", related=related, **fields), later(hours=2))
        put(
            store,
            an_article(
                "d", f"{PARAGRAPH}\nجملة ثانية جاءت بعدها.", title=ARABIC, site="other", published=later(hours=5)
            ),
        )
    with closing(sqlite3.connect(path)) as db, db:
        hostile = json.dumps([SCRIPT])
        link = "javascript:alert(1)"
        db.execute(
            """UPDATE articles SET url = ?, image_url = ?, category = ?, language = ?, authors = ?, tags = ?,
                   source = ?, published_raw = ? WHERE id = 3""",
            [link, link, QUOTED, QUOTED, hostile, hostile, SCRIPT, SCRIPT],
        )
        db.execute("UPDATE related_articles SET url = 'javascript:alert(1)' WHERE article_id = 1 AND position = 2")


@contextlib.contextmanager
def browse(database: Path, *words: str) -> Iterator[Browse]:
    """Serve a database until the block ends."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "scrapy", "browse", str(database), "--port", str(port), *words]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        server_url = f"http://127.0.0.1:{port}"
        try:
            wait_for(server_url, server)
            yield Browse(server_url, database)
        finally:
            server.terminate()


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until the server responds. Raises TimeoutError."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError), urllib.request.urlopen(url + "/-/versions.json", timeout=5):
            return
        time.sleep(0.1)
    raise TimeoutError(f"no answer from {url}")
