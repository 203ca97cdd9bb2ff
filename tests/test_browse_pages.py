"""The pages of `make browse`: complete, read-only, only for this machine, and safe from the text of articles."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import pytest

from crawler.store import Store
from tests.browsing import ARABIC, PARAGRAPH, Browse, browse, fill_hostile
from tests.conftest import PROJECT
from tests.made_up import NOW, an_article, put

pytest.importorskip("datasette", reason="needs Datasette: pip install 'datasette>=0.65,<0.66'")

OURS = ["/-/overview", "/-/search", f"/-/search?q={quote('مدرسة')}", "/-/article/1", "/-/article/3", "/-/article/77"]
DATASETTES = [
    "/",
    "/news",
    "/news/articles",
    "/news/articles/3",
    "/news/v_articles?_facet=site",
    "/news/v_stories",
    "/news/related_articles",
    "/news/who_copies_whom",
    "/news/search?q=x",
    f"/news/v_articles?_q={quote('مدرسة')}",
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browse]:
    path = tmp_path_factory.mktemp("browse") / "news.db"
    fill_hostile(path)
    with browse(path) as running:
        yield running


def words_of(html: str) -> str:
    """The text of a page, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# -- contents --------------------------------------------------------------------------------------------------------


def test_the_article_page_has_the_article_and_all_that_is_known_of_it(server: Browse) -> None:
    page = server.get("/-/article/1")
    assert page.status == 200
    text = words_of(page.text)
    for part in (ARABIC, PARAGRAPH, "سلمى", "محليات", "To the second", "bad link", "The same story", "other"):
        assert part in text, part
    assert 'dir="rtl"' in page.text
    assert '<a href="/-/article/2"><bdi>To the second</bdi></a>' in page.text
    assert '<a href="/-/article/4"' in page.text
    assert re.search(r"<del>.*أولى كانت هنا.*</del>", page.text)
    assert re.search(r"<ins>.*ثانية جاءت بعدها.*</ins>", page.text)
    assert "the site changed it" in text


def test_a_copy_says_what_it_copies(server: Browse) -> None:
    page = server.get("/-/article/4")
    assert 'This is a copy of <a href="/-/article/1">article 1</a>' in page.text
    assert "Linked by" in server.get("/-/article/2").text


def test_a_missing_article_is_reported(server: Browse) -> None:
    for number in ("77", "0", "9" * 18):
        page = server.get(f"/-/article/{number}")
        assert (page.status, "is not stored" in page.text) == (404, True)
    assert server.get(f"/-/article/{'9' * 400}").status == 404
    assert server.get("/-/article/1;drop").status == 404


@pytest.mark.parametrize("query", ["مدرسة", "وبالمدرسة", "المَدْرَسَة", "300", "٣٠٠", '"مدير المدرسة"', "مدرس*"])
def test_the_search_box_folds_arabic(server: Browse, query: str) -> None:
    page = server.get(f"/-/search?q={quote(query)}")
    assert "2 articles for" in words_of(page.text)
    assert "<mark>" in page.text


@pytest.mark.parametrize("path", OURS)
def test_no_level_of_headings_is_left_out(server: Browse, path: str) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])\b", server.get(path).text)]
    assert levels[:1] == [1]
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


@pytest.mark.parametrize("query", ['"', "((", "NEAR(", "\x00", " ", "\u3000\t", "w " * 100, "<script>", "%", "'"])
def test_a_hostile_query_gets_a_page(server: Browse, query: str) -> None:
    page = server.get(f"/-/search?q={quote(query)}&site={quote(query)}&page={quote(query)}")
    assert page.status == 200
    assert "<script>" not in page.text
    assert server.get(f"/news/articles?_q={quote(query)}").status == 200
    assert server.get(f"/news/search.json?q={quote(query)}").status == 200


def test_the_overview_has_its_charts(server: Browse) -> None:
    page = server.get("/-/overview").text
    for heading in ("Articles over time", "Publishing lag", "Share of copies", "Completeness of the fields"):
        assert f"<h2>{heading}</h2>" in page
    assert page.count('<svg class="chart"') == 2
    assert re.search(r"<title>1 Mar 2026: \d articles \([^<]*other 1", page)
    assert 'aria-label="1 / 1"' in page
    assert 'aria-label="authors"' in page


def test_tables_have_facets_right_to_left_cells_and_a_search_box(server: Browse) -> None:
    page = server.get("/news/v_articles").text
    for facet in ("site", "language", "category", "day"):
        assert f"_facet={facet}" in page or f"<h2><bdi>{facet}</bdi>" in page
    assert f'<span class="text" dir="auto">{ARABIC}</span>' in page
    assert 'name="_q"' in page
    assert '<a href="/-/article/1">1</a>' in page
    result = json.loads(server.get(f"/news/v_articles.json?_q={quote('وبالمدرسة')}&_shape=array").text)
    assert [row["id"] for row in result] == [4, 1]


def test_canned_queries_are_offered_and_answer(server: Browse) -> None:
    assert "Who copies whom" in server.get("/news").text
    rows = json.loads(server.get("/news/who_copies_whom.json?_shape=array").text)
    assert rows == [{"site": "other", "first_site": "example", "copies": 1, "mean_lag_hours": 5.0}]
    result = json.loads(server.get(f"/news/search.json?q={quote('مدرسة')}&_shape=array").text)
    assert [row["id"] for row in result] == [4, 1] or [row["id"] for row in result] == [1, 4]


def test_tables_and_columns_are_described(server: Browse) -> None:
    page = server.get("/news/articles").text
    assert "An article: its current text, dates and metadata." in page
    assert "the first article of its story" in page


def test_what_a_crawl_writes_meanwhile_is_seen(server: Browse) -> None:
    with Store(server.database) as store:
        put(store, an_article("late", "Oysters settle on old roof tiles.", published=NOW))
        assert "1 article for" in words_of(server.get("/-/search?q=oysters").text)


# -- safety ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", OURS + DATASETTES)
def test_text_of_an_article_is_never_markup(server: Browse, path: str) -> None:
    page = server.get(path)
    assert page.status in (200, 404)
    assert "<script>document" not in page.text
    assert 'onerror="document' not in page.text
    assert "<img src=x" not in page.text
    assert 'href="javascript:' not in page.text
    assert page.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", OURS)
def test_our_pages_have_no_script_and_forbid_it(server: Browse, path: str) -> None:
    page = server.get(path)
    assert "<script" not in page.text
    assert " style=" not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy


@pytest.mark.parametrize("path", OURS + DATASETTES)
def test_nothing_is_loaded_from_elsewhere(server: Browse, path: str) -> None:
    page = server.get(path)
    loaded = re.findall(r'<(?:script|link|img|iframe)[^>]+(?:src|href)="([^"]+)"', page.text)
    assert not [url for url in loaded if not url.startswith("/") and not url.startswith(server.url)]
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_a_page_of_another_site_cannot_ask_under_its_own_name(server: Browse) -> None:
    page = server.get("/-/overview", Host="evil.example")
    assert (page.status, page.text) == (421, "Served only to this machine.\n")
    assert server.get("/-/overview", Host="localhost:8001").status == 200


def test_the_database_cannot_be_written_through_it(server: Browse) -> None:
    with closing(sqlite3.connect(server.database)) as db:
        before = db.execute("SELECT count(*) FROM articles").fetchone()
        version = db.execute("PRAGMA user_version").fetchone()
        for sql in ("delete from articles", "drop table articles", "attach 'x.db' as x", "pragma user_version = 7"):
            assert server.get(f"/news?sql={quote(sql)}").status in (400, 403, 405), sql
        assert db.execute("SELECT count(*) FROM articles").fetchone() == before
        assert db.execute("PRAGMA user_version").fetchone() == version


def test_it_listens_only_on_the_loopback_address(server: Browse) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "scrapy", "browse", "--help"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert "serves the database to its network" in " ".join(result.stdout.split())
    port = int(server.url.rsplit(":", 1)[1])
    listening = Path("/proc/net/tcp").read_text().splitlines()
    assert [line.split()[1].split(":")[0] for line in listening if line.split()[1].endswith(f":{port:04X}")][:1] == [
        "0100007F"
    ]


def test_a_missing_database_is_reported(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "scrapy", "browse", str(tmp_path / "none.db")]
    result = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "does not exist; crawl a site first" in result.stderr
    assert "Traceback" not in result.stderr
