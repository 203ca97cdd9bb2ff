"""The pages of an article, of its archived page and of a story, also for articles that are hostile."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from crawler.archive.writer import ArchiveWriter
from crawler.browse.differences import Change, Piece, difference
from crawler.items import Article, Capture
from crawler.store import Store
from tests.browsing import QUOTED, SCRIPT, Browse, browse
from tests.made_up import HOME, NOW, ArchivingStore, an_article, later, put

pytest.importorskip("datasette", reason="needs Datasette: pip install 'datasette>=0.65,<0.66'")

REST = "\n".join(
    f"Sentence {number} of the report says what the {word} of the town thinks of the bridge over the river."
    for number, word in enumerate(("baker", "teacher", "doctor", "sailor", "farmer", "painter", "driver", "singer"))
)
FIRST = f"The mayor opened the bridge on Monday. It cost two million. Nobody was hurt in the storm.\n{REST}"
CHANGED = f"The mayor opened the bridge on Tuesday. It cost two million. Two people were hurt. Work goes on.\n{REST}"
PAGE = """<?xml version="1.0" encoding="windows-1256"?>
<html lang="ar" dir="rtl"><head><meta charset="windows-1256"><title>خبر</title>
<meta http-equiv="refresh" content="0;url=https://evil.example/"><base href="https://evil.example/">
<link rel="stylesheet" href="https://evil.example/a.css"><link rel="preconnect" href="https://evil.example">
<script>document.title='owned'</script>
<style>p { color: green } div { background: url(https://evil.example/b.png) }</style>
</head><body onload="document.title='owned'"><p onclick="x()">نص الخبر كما كان</p>
<img src="https://evil.example/p.png" srcset="https://evil.example/q.png 2x" onerror="document.title='owned'">
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=" alt="inside"><a href="javascript:document.title='owned'">a</a>
<a href="https://evil.example/next" ping="https://evil.example/ping">next</a>
<iframe srcdoc="<script>1</script>"></iframe>
<object data="https://evil.example/o"></object><embed src="https://evil.example/e"><svg><script>document.title='owned'
</script><image href="https://evil.example/s.png"/></svg><form action="https://evil.example/f"><input autofocus
onfocus="document.title='owned'"></form><video src="https://evil.example/v" poster="https://evil.example/w"></video>
<template><script>document.title='owned'</script></template></body></html>"""

HOSTILE: list[Any] = [
    SCRIPT,
    QUOTED,
    "\u202e\u2066 مقلوب \u2069\u202c",
    "a\x00b\x07\x1b[31m",
    "\U000e0041\ufe0f" * 50,
    "x" * 300_000,
    "]]>--><!--",
    "{{ 7 * 7 }}{% raw %}",
    "'\"`=/>",
    "javascript:document.title='owned'",
    "data:text/html,<script>document.title='owned'</script>",
    "//evil.example/x",
    "\n\n\n",
    "",
    "9999-99-99T99:99:99Z",
    "-1",
    "&lt;script&gt;&#0;&unknown;",
    b"\xff\xfe broken \xc3\x28",
]
"""Values that another tool, or a site, may have put into any column."""

_TEXTS = (
    "title", "subtitle", "body", "source", "category", "language", "published", "published_raw", "published_from",
    "published_precision", "published_zone", "modified", "image_url", "first_seen", "last_seen", "gone", "extractor",
    "structure", "site",
)  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browse]:
    folder = tmp_path_factory.mktemp("article")
    with ArchivingStore(folder / "news.db") as store:
        put(store, an_article("plain", FIRST, published=NOW, title="Bridge opens", authors=["Ann Lee"]))
        put(
            store,
            an_article("plain", CHANGED, published=NOW, title="Bridge is open", authors=["Ann Lee"]),
            later(hours=2),
        )
        copy = f"{CHANGED}\nMore will be known soon, said the mayor."
        put(store, an_article("copy", copy, published=later(hours=5), site="other", title="The bridge"), later(hours=6))
        store.sink = ArchiveWriter(
            folder / "archive", "example", max_bytes=0, committed_end=store.archive.committed_end
        )
        put(store, archived("kept", PAGE.encode("cp1256"), "text/html", language="ar"))
        put(store, archived("json", b'{"a": "<script>document.title=1</script>"}', "application/json"))
        put(store, archived("latin", "<p>caf\xe9</p>".encode("latin-1"), "text/html; charset=iso-8859-1"))
        put(store, archived("empty", b"", "text/html"))
        put(store, archived("lost", b"<p>lost</p>", "text/html"))
        store.sink.close()
        store.sink = None
        for number in range(len(HOSTILE)):
            put(store, an_article(f"h{number}", f"Hostile {number} of many, with words of its own: w{number**9}."))
    spoil(folder / "news.db")
    with browse(folder / "news.db") as running:
        yield running


def archived(path: str, body: bytes, content_type: str, **fields: Any) -> Article:
    """An article whose page is this."""
    article = an_article(path, f"The article {path} has words of its own, enough for one of {path}.", **fields)
    assert article.page is not None
    article.page.capture = Capture(headers=[(b"Content-Type", content_type.encode())], body=body)
    return article


def spoil(path: Path) -> None:
    """Write the hostile values into all columns of text, and lose the record of an article."""
    with closing(sqlite3.connect(path)) as db, db:
        for number, value in enumerate(HOSTILE):
            text = value.decode("latin-1") if isinstance(value, bytes) else value
            columns = ", ".join(f"{name} = CAST(:v AS TEXT)" for name in _TEXTS)
            lists = json.dumps([text, 1, None, {"a": text}]) if number % 3 else text
            values = {
                "v": value,
                "lists": lists,
                "object": json.dumps({text: text, "title": 7}),
                "url": HOME + f"h{number}",
            }
            db.execute(
                f"""UPDATE articles SET {columns}, authors = CAST(:lists AS TEXT), tags = CAST(:lists AS TEXT),
                    provenance = :object, word_count = -1, confidence = 1e300, story_id = id WHERE url = :url""",
                values,
            )
            db.execute(
                """INSERT INTO related_articles (article_id, position, kind, title, url, text)
                   SELECT id, 0, 'block', CAST(:v AS TEXT), CAST(:v AS TEXT), CAST(:v AS TEXT) FROM articles
                   WHERE url = :url""",
                values,
            )
            previous = json.dumps({"title": text, "body": text * 2, "authors": text})
            db.execute(
                """INSERT INTO revisions (article_id, replaced, kind, previous)
                   SELECT id, CAST(:v AS TEXT), 'update', :previous FROM articles WHERE url = :url""",
                values | {"previous": previous},
            )
        db.execute(
            "UPDATE archive SET offset = 10000000 WHERE article_id = (SELECT id FROM articles WHERE url LIKE '%lost')"
        )


def number_of(server: Browse, path: str) -> int:
    with closing(sqlite3.connect(server.database)) as db:
        return int(db.execute("SELECT id FROM articles WHERE url = ?", [HOME + path]).fetchone()[0])


def words_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


# -- the article -----------------------------------------------------------------------------------------------------


def test_the_history_shows_the_words_that_changed(server: Browse) -> None:
    page = server.get("/-/article/1").text
    assert re.search(r"on <del>.*Removed.*Monday.</del> <ins>.*Added.*Tuesday.</ins>", page, re.DOTALL)
    text = words_of(page)
    assert "the site changed it · title, text" in text
    assert "1 sentence unchanged" in text
    assert "8 sentences unchanged" in text
    assert "Added Work goes on." in text


def test_times_are_in_the_zone_of_the_site_with_utc_beside(tmp_path: Path) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "example.toml").write_text(
        'title = "Example"\nurl = "https://example.org/"\nlanguage = "en"\ntimezone = "Asia/Damascus"\n'
        'feeds = ["https://example.org/feed"]\narticle_url = "/a"\n'
    )
    with Store(tmp_path / "news.db") as store:
        put(store, an_article("a", FIRST, published=NOW))
        put(store, an_article("b", CHANGED, published=NOW, published_precision="day"))
    with browse(tmp_path / "news.db", "-s", f"NEWS_SITES={tmp_path / 'sites'}") as running:
        page = running.get("/-/article/1").text
        day = running.get("/-/article/2").text
        arabic = running.get("/-/article/1?_lang=ar").text
    assert '<time datetime="2026-03-01T12:00:00Z" title="2026-03-01 12:00:00 UTC">1 March 2026, 15:00</time>' in page
    assert '<time datetime="2026-03-01">1 March 2026</time>' in day
    assert "1 مارس 2026، 15:00" in arabic
    assert ">Example<" in page


def test_copies_have_their_lag_and_lead_to_the_story(server: Browse) -> None:
    text = words_of(server.get("/-/article/1").text)
    assert "The bridge other" in text
    assert "5 hours later" in text
    assert '<a href="/-/story/1">' in server.get("/-/article/1").text


def test_nothing_is_loaded_from_elsewhere_without_a_click(server: Browse) -> None:
    page = server.get(f"/-/article/{number_of(server, 'kept')}")
    assert "<img" not in page.text
    assert re.findall(r'<iframe sandbox loading="lazy" src="(/-/article/\d+/page\?record=\d+)"', page.text)
    assert "frame-src 'self'" in page.headers["content-security-policy"]


@pytest.mark.parametrize("kind", ["article", "story"])
def test_a_hostile_article_gets_a_page_without_a_script(server: Browse, kind: str) -> None:
    for number in range(len(HOSTILE)):
        for language in ("en", "ar"):
            page = server.get(f"/-/{kind}/{number_of(server, f'h{number}')}?_lang={language}")
            assert page.status == 200, HOSTILE[number]
            for active in ("<script", "<img", 'href="javascript', 'href="data:', 'onerror="', 'href="//'):
                assert active not in page.text, HOSTILE[number]
            assert page.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    "path", ["/-/article/77777", "/-/story/77777", "/-/article/77777/page", f"/-/story/{'9' * 18}"]
)
def test_what_is_not_stored_is_said(server: Browse, path: str) -> None:
    page = server.get(path)
    assert page.status == 404
    assert "not stored" in page.text or "not archived" in page.text


# -- the archived page -----------------------------------------------------------------------------------------------


def test_an_archived_page_is_shown_in_its_encoding_without_anything_active(server: Browse) -> None:
    page = server.get(f"/-/article/{number_of(server, 'kept')}/page")
    assert page.status == 200
    assert "نص الخبر كما كان" in page.text
    assert 'dir="rtl"' in page.text
    assert "p { color: green }" in page.text
    assert '<img src="data:image/gif;base64,' in page.text
    for gone in (
        "<script", "onload", "onclick", "onerror", "onfocus", "refresh", "<base", "<link", "preconnect", "iframe",
        "<object", "<embed", "<form", "<input", "<video", "<template", "ping=", "srcset", "javascript:", " href=",
    ):  # fmt: skip
        assert gone not in page.text, gone
    assert (
        page.text.count("evil.example") == page.text.count('title="https://evil.example/next"') + 1
    )  # and in the style


def test_an_archived_page_may_do_nothing(server: Browse) -> None:
    headers = server.get(f"/-/article/{number_of(server, 'kept')}/page").headers
    [policy] = headers.get_all("content-security-policy", [])
    assert policy.split("; ")[:4] == [
        "sandbox", "default-src 'none'", "style-src 'unsafe-inline'", "img-src data:",
    ]  # fmt: skip
    assert "frame-ancestors 'self'" in policy
    assert headers["x-dns-prefetch-control"] == "off"
    assert headers["content-type"] == "text/html; charset=utf-8"


def test_what_is_no_html_is_shown_as_text(server: Browse) -> None:
    page = server.get(f"/-/article/{number_of(server, 'json')}/page").text
    assert "{&quot;a&quot;: &quot;&lt;script&gt;" in page
    assert "café" in server.get(f"/-/article/{number_of(server, 'latin')}/page").text
    assert server.get(f"/-/article/{number_of(server, 'empty')}/page").status == 200


def test_a_page_that_is_not_archived_is_said(server: Browse) -> None:
    assert "The page of this article is not archived." in server.get("/-/article/1").text
    assert "This page is not archived" in server.get("/-/article/1/page").text
    kept = number_of(server, "kept")
    assert server.get(f"/-/article/{kept}/page?record=77").status == 404
    assert server.get(f"/-/article/1/page?record={kept}").status == 404
    lost = server.get(f"/-/article/{number_of(server, 'lost')}/page")
    assert (lost.status, "Its record cannot be read:" in lost.text) == (404, True)
    with browse(server.database, "-s", "NEWS_ARCHIVE=") as running:
        page = running.get(f"/-/article/{kept}").text
        assert "the setting NEWS_ARCHIVE is empty" in page
        assert running.get(f"/-/article/{kept}/page").status == 404


# -- the story -------------------------------------------------------------------------------------------------------


def test_a_story_shows_its_articles_and_changes_in_the_order_of_time(server: Browse) -> None:
    text = words_of(server.get("/-/story/1").text)
    assert "2 articles · 2 sites · published first by example" in text
    order = ["published first Bridge", "changed its text", "other"]
    places = [text.index(part, text.index("Time line")) for part in order]
    assert places == sorted(places)
    assert "2 hours later" in text
    assert "5 hours later" in text
    assert "Compared with the first" in text
    assert "Added More will be known soon, said the mayor." in text
    assert "Added Work goes on." in text


def test_the_number_of_a_copy_leads_to_its_story(server: Browse) -> None:
    page = server.get(f"/-/story/{number_of(server, 'copy')}")
    assert "published first by" in words_of(page.text)


# -- differences -----------------------------------------------------------------------------------------------------


def test_a_difference_is_of_sentences_and_of_words_in_those_that_changed_in_part() -> None:
    before = "The first stays. The cost is two million today. This goes away."
    after = "The first stays. The cost is three million today. Something else entirely new."
    assert difference(before, after) == [
        Change(unchanged=1),
        Change(
            (
                Piece("same", "The cost is"),
                Piece("gone", "two"),
                Piece("came", "three"),
                Piece("same", "million today."),
            )
        ),
        Change((Piece("gone", "This goes away."),)),
        Change((Piece("came", "Something else entirely new."),)),
    ]


@pytest.mark.parametrize(("before", "after"), [("", ""), ("", "New one."), ("Old one.", ""), ("Same.", "Same.")])
def test_a_difference_with_nothing(before: str, after: str) -> None:
    changes = difference(before, after)
    assert changes is not None
    for kind, text in (("gone", before), ("came", after)):
        whole = " ".join(piece.text for change in changes for piece in change.pieces if piece.kind in (kind, "same"))
        assert whole == (text if before != after else "")


def test_texts_that_are_too_long_are_not_compared() -> None:
    assert difference("x" * 300_000, "y") is None


# -- in a real browser -----------------------------------------------------------------------------------------------

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt install chromium")
def test_no_script_runs_and_nothing_is_requested_from_elsewhere_in_a_browser(server: Browse) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright: pip install playwright")
    kept = number_of(server, "kept")
    paths = [f"/-/article/{kept}/page", f"/-/article/{kept}", "/-/story/1", "/-/search?q=%3Cscript%3E"]
    paths += [f"/-/{kind}/{number_of(server, f'h{number}')}" for number in range(12) for kind in ("article", "story")]
    elsewhere: list[str] = []
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 320, "height": 700})
        page.on("request", lambda request: elsewhere.append(request.url))
        for path in paths:
            page.goto(server.url + path)
            assert page.title() != "owned", path
            if not path.endswith("/page"):
                assert page.evaluate("document.documentElement.scrollWidth") == 320, path
        page.goto(f"{server.url}/-/article/{kept}")
        page.click("#archived summary")
        frame = page.frame_locator("iframe")
        assert "نص الخبر كما كان" in frame.locator("body").inner_text()
        page.wait_for_load_state("networkidle")
        browser.close()
    assert [url for url in elsewhere if not url.startswith(("data:", server.url))] == []
