"""112 articles full of markup on every page that shows them: no script, no error, nothing of theirs is an element."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from lxml.html import document_fromstring

from crawler.items import RelatedArticle
from crawler.store import Store
from tests.browsing import Browse, browse
from tests.hostile import STRUCTURES, TEXTS
from tests.made_up import HOME, NOW, an_article, later, put

pytest.importorskip("datasette", reason="needs Datasette: pip install 'datasette>=0.65,<0.66'")

ARTICLES = list(product(TEXTS, STRUCTURES))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def fill(path: Path) -> None:
    """An article of each text and structure, changed once: the text stands in every field."""
    with Store(path) as store:
        for time, (number, (text, _)) in product((NOW, later(hours=1)), enumerate(ARTICLES)):
            body = "\n".join([f"{text} {number}", text, f"{text} {time:%H}"])
            related = [RelatedArticle(kind="inline", position=0, title=text, url=f"{HOME}r{number}", text=text)]
            fields: dict[str, Any] = {
                "title": f"{text} owned",
                "subtitle": text,
                "authors": [text],
                "category": text,
                "source": text,
            }
            article = an_article(f"a{number}", body, published=NOW, tags=[text], related=related, **fields)
            put(store, article, time)
    with closing(sqlite3.connect(path)) as db, db:
        for number, (_, structure) in enumerate(ARTICLES):
            db.execute("UPDATE articles SET structure = ? WHERE url = ?", [structure, f"{HOME}a{number}"])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browse]:
    path = tmp_path_factory.mktemp("hostile") / "news.db"
    fill(path)
    with browse(path) as running:
        yield running


def assert_harmless(server: Browse, path: str) -> None:
    page = server.get(path)
    assert page.status < 500, path
    assert "script" not in page.headers["content-security-policy"]
    for element in document_fromstring(page.text).iter("*"):
        assert element.tag not in ("script", "base", "object", "embed", "math", "iframe", "img", "style"), path
        assert element.tag != "meta" or element.get("http-equiv") is None, path
        for name, value in element.attrib.items():
            assert not name.startswith("on"), (path, name)
            assert name != "style" or "owned" not in value, path
            if name in ("href", "src", "action"):
                assert not value.strip().lower().startswith(("javascript:", "data:", "//")), (path, value)


@pytest.mark.parametrize("number", range(1, len(ARTICLES) + 1))
def test_the_pages_of_a_hostile_article_are_harmless(server: Browse, number: int) -> None:
    assert server.get(f"/-/article/{number}").status == 200
    for path in (f"/-/article/{number}", f"/-/story/{number}", f"/-/article/{number}/page"):
        assert_harmless(server, path)


def test_the_pages_of_many_hostile_articles_are_harmless(server: Browse) -> None:
    found = [f"/-/search?q={word}&page={page}" for word in ("owned", "a") for page in range(1, 7)]
    named = [f"/-/search?category={quote(text)}&author={quote(text)}" for text in TEXTS]
    rows = [f"/news/articles/{number}" for number in range(1, len(ARTICLES), 9)]
    pages = [
        "/-/overview",
        "/-/overview?by=category",
        "/-/search",
        "/-/sites",
        "/-/site/example",
        "/-/runs",
        "/-/ledger",
    ]
    tables = [
        "/news",
        "/news/articles",
        "/news/v_articles?_facet=category",
        "/news/revisions",
        "/news/related_articles",
    ]
    for path in (*found, *named, *rows, *pages, *tables):
        assert_harmless(server, path)


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt install chromium")
def test_no_script_runs_and_nothing_is_requested_elsewhere(server: Browse) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright: pip install playwright")
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        requested: list[str] = []
        page.on("request", lambda request: requested.append(request.url))
        page.on("dialog", lambda dialog: requested.append("dialog"))
        for path in (
            *(f"/-/article/{number}" for number in range(1, len(ARTICLES), 4)),
            "/-/search?q=owned",
            "/news/articles",
        ):
            page.goto(server.url + path)
            assert page.title() != "owned"
        assert [url for url in requested if not url.startswith(server.url)] == []
        browser.close()


def test_a_query_that_takes_too_long_is_reported_without_a_script(server: Browse) -> None:
    endless = "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n) SELECT count(*) FROM n"
    page = server.get(f"/news?sql={quote(endless)}")
    assert page.status == 400
    assert "The query took longer than 5000 ms." in page.text
    assert "<script" not in page.text
    assert "style=" not in page.text
