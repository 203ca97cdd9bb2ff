"""The search page: filters, order, time line, saved searches and files, for any query."""

from __future__ import annotations

import csv
import io
import json
import random
import re
import sqlite3
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlencode

import openpyxl
import pytest
from lxml import etree

from crawler.store import Store
from tests.browsing import SCRIPT, Browse, browse, fill_hostile
from tests.made_up import NOW, an_article, later, put

pytest.importorskip("datasette", reason="needs Datasette: pip install 'datasette>=0.65,<0.66'")

SCHOOL = quote("مدرسة")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browse]:
    path = tmp_path_factory.mktemp("search") / "news.db"
    fill_hostile(path)
    with Store(path) as store:
        for number in range(30):
            text = f"Boats {number} sailed to harbour number {number * 7} in fair weather."
            article = an_article(
                f"boat-{number}", text, published=later(days=-number), authors=["Ann Lee"], category="Sea"
            )
            put(store, article, later(minutes=number))
        put(store, an_article("future", "Boats of the future.", published=later(days=4000)), later(days=-2))
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE articles SET gone = '2026-03-05T00:00:00Z' WHERE url LIKE '%boat-3'")
    with browse(path) as running:
        yield running


def words_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def heading(html: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", html, re.DOTALL)
    assert found is not None
    return words_of(found[1])


def titles(html: str) -> list[str]:
    return [words_of(title) for title in re.findall(r'<h2><a href="/-/article/\d+">(.*?)</a></h2>', html, re.DOTALL)]


def links(html: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'href="(/-/search[^"]*)"', html)]


# -- what is found ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "q=", "q=%20", "q=%20%E3%80%80%09", "page=1"])
def test_without_a_query_the_newest_articles_are_listed(server: Browse, query: str) -> None:
    page = server.get(f"/-/search?{query}")
    assert page.status == 200
    assert heading(page.text) == "35 articles"
    assert len(titles(page.text)) == 20
    assert titles(page.text)[0] == "افتتاح المَدرسة الجديدة في نوران"
    # Its site dates it in the future: it counts by when it was seen.
    assert set(titles(page.text)[4:7]) == {"Harbour wall", "Title of boat-1", "Title of future"}


@pytest.mark.parametrize("query", ["مدرسة", "وبالمدرسة", "المَدْرَسَة", "300", "٣٠٠", '"مدير المدرسة"', "مدرس*"])
def test_matches_are_marked_in_any_spelling(server: Browse, query: str) -> None:
    page = server.get(f"/-/search?q={quote(query)}").text
    assert heading(page).startswith("2 articles for")
    assert re.search(r"<mark>(?:المَدرسة|المدرسة|٣٠٠|مدير)</mark>", page)


def test_the_filters_combine(server: Browse) -> None:
    def count(**chosen: str) -> str:
        return heading(server.get("/-/search?" + urlencode(chosen)).text)

    assert count(q="boats") == "31 articles for boats"
    assert count(q="boats", category="Sea") == "30 articles for boats"
    assert count(q="boats", category="Sea", since="2026-02-20", until="2026-02-28") == "9 articles for boats"
    assert count(q="boats", author="LEE") == "30 articles for boats"
    assert count(author="ann lee", state="gone") == "1 article"
    assert count(author="lee ann") == "0 articles"
    assert count(author="!!") == "0 articles"
    assert count(state="shared") == "2 articles"
    assert count(state="first") == "1 article"
    assert count(state="copy") == "1 article"
    assert count(state="changed") == "1 article"
    assert count(state="alone", q="boats") == "31 articles for boats"
    assert count(q="مدرسة", rows="story") == "1 article for مدرسة"
    assert count(q="مدرسة", language="ar") == "1 article for مدرسة"
    assert count(state="nonsense") == "35 articles"
    both = server.get("/-/search?site=other&site=hostile").text
    assert heading(both) == "2 articles"


def test_a_value_of_a_filter_is_added_and_removed_by_its_link(server: Browse) -> None:
    page = server.get("/-/search?q=boats&sort=date").text
    [add] = [link for link in links(page) if "category=Sea" in link]
    assert add == "/-/search?q=boats&category=Sea&sort=date"
    chosen = server.get(add).text
    assert "/-/search?q=boats&sort=date" in links(chosen)
    assert 'aria-current="true"' in chosen


def test_the_order_is_that_of_relevance_or_of_time(server: Browse) -> None:
    by_date = titles(server.get("/-/search?q=boats&sort=date&category=Sea").text)
    assert by_date[:3] == ["Title of boat-0", "Title of boat-1", "Title of boat-2"]
    second = titles(server.get("/-/search?q=boats&sort=date&category=Sea&page=2").text)
    assert second == [f"Title of boat-{number}" for number in range(20, 30)]
    best = titles(server.get("/-/search?q=boats+future").text)
    assert best == ["Title of future"]


def test_a_bar_of_the_time_line_narrows_the_range(server: Browse) -> None:
    page = server.get("/-/search?q=boats&category=Sea").text
    bars = re.findall(r'<a href="([^"]+)" tabindex="-1"><title>([^<]+)</title><rect ', page)
    assert len(bars) == 30
    assert bars[-1][1] == "2026-03-01: 1"
    link = unescape(bars[-1][0])
    assert link == "/-/search?q=boats&category=Sea&since=2026-03-01&until=2026-03-01"
    assert heading(server.get(link).text) == "1 article for boats"
    # The same links as a table, which the keyboard reaches.
    assert page.count('dir="ltr">2026-') == 30


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("q=((", "The query has no word."),
        ("q=*+%22+AND", ""),
        ("q=%00", ""),
        ("q=" + "word" * 2500, ""),
        ("q=" + "+".join(f"w{n}" for n in range(3000)), "The query is too long: write at most 32 words."),
        ("since=soon", "this is not a day"),
        ("until=9999-12-31", "this is not a day"),
        ("since=2026-03-02&until=2026-03-01", "No articles."),
        ("since=0001-01-01", ""),
        ("page=99999999999", ""),
        ("page=-1&page=x", ""),
        ("q=%ff%fe&site=%80", "The query has no word."),
        ("&".join(f"site=s{n}" for n in range(2000)), "No articles."),
    ],
)
def test_a_query_that_finds_nothing_says_why(server: Browse, query: str, message: str) -> None:
    page = server.get(f"/-/search?{query}")
    assert page.status == 200
    assert message in words_of(page.text)


def test_five_hundred_hostile_queries_get_a_page_without_a_script(server: Browse) -> None:
    chance = random.Random(15)
    pieces = [
        SCRIPT, '"', "'", "\x00", "\u202e", "\ud800", "NEAR(", "AND", "*", "^", ":", "-1", "9" * 40, "%", "--", ";",
        "((", "مدرسة", "ء", "\u0640", "a" * 3000, "\\", "{", "title:", "javascript:alert(1)", "]]>", "&#x27;",
        "\r\nX: y", "🏴", " ", "{{7*7}}", "../..", "1e999", "0000-00-00", "2026-02-30",
    ]  # fmt: skip
    names = [
        "q",
        "site",
        "language",
        "category",
        "author",
        "state",
        "since",
        "until",
        "sort",
        "rows",
        "page",
        "_lang",
        "x",
    ]
    for _ in range(500):
        pairs = [(chance.choice(names), "".join(chance.choices(pieces, k=chance.randint(1, 4)))) for _ in range(3)]
        query = urlencode(pairs, errors="surrogatepass")
        page = server.get(f"/-/search?{query}")
        assert page.status < 500, query
        assert "<script" not in page.text
        assert "<img" not in page.text
        assert 'href="javascript' not in page.text


def test_what_is_left_of_more_hits_than_are_counted_is_said(server: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    from crawler.store.read import found

    monkeypatch.setattr(found, "COUNTED", 10)
    with Store(server.database) as store:
        every = found.FoundArticles(store.search._db)
        from crawler.store import ArticleFilter

        chosen = ArticleFilter(query="boats", with_duplicates=True)
        by_date = every.find(chosen, NOW, by_date=True)
        best = every.find(chosen, NOW)
    assert (len(by_date.articles), by_date.is_all) == (10, False)
    assert by_date.articles[0].moment[:10] == "2026-03-01"
    assert (len(best.articles), best.is_all) == (10, False)


# -- files -----------------------------------------------------------------------------------------------------------


def test_the_result_is_exported_as_it_is(server: Browse) -> None:
    query = "q=boats&category=Sea&since=2026-02-20"
    page = server.get(f"/-/search?{query}").text
    assert f"/-/search/articles.csv?{query}" in links(page)
    answer = server.get(f"/-/search/articles.csv?{query}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="articles.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [row["title"] for row in rows] == [f"Title of boat-{number}" for number in range(10)]
    lines = server.get(f"/-/search/articles.jsonl?{query}").text.splitlines()
    assert [json.loads(line)["title"] for line in lines] == [row["title"] for row in rows]
    feed = etree.fromstring(server.get(f"/-/search/articles.atom?{query}").text.encode())
    assert len(feed.findall("{*}entry")) == 10
    with urllib.request.urlopen(f"{server.url}/-/search/articles.xlsx?{query}", timeout=60) as response:
        sheet = openpyxl.load_workbook(io.BytesIO(response.read())).worksheets[0]
    assert sheet.max_row == 11


def test_one_row_for_each_story_is_so_in_the_file(server: Browse) -> None:
    assert len(server.get(f"/-/search/articles.jsonl?q={SCHOOL}").text.splitlines()) == 2
    assert len(server.get(f"/-/search/articles.jsonl?q={SCHOOL}&rows=story").text.splitlines()) == 1
    assert server.get("/-/search/articles.csv?q=nothingatall").text.count("\n") == 1
    assert server.get("/-/search/articles.pdf?q=x").status == 404


def test_a_file_of_a_search_that_cannot_be_made_leads_to_its_page(server: Browse) -> None:
    for query in ("q=((", "since=soon"):
        page = server.get(f"/-/search/articles.csv?{query}")
        assert (page.status, page.headers["content-type"]) == (200, "text/html; charset=utf-8")


# -- saved searches --------------------------------------------------------------------------------------------------


class Reader:
    """A browser with cookies."""

    def __init__(self, server: Browse) -> None:
        self.server = server
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

    def get(self, path: str) -> str:
        with self.opener.open(self.server.url + path, timeout=30) as response:
            return str(response.read().decode())

    def post(self, page: str, **fields: str) -> str:
        token = re.search(r'name="csrftoken" value="([^"]+)"', page)
        assert token is not None
        data = urlencode({"csrftoken": token[1], **fields}).encode()
        with self.opener.open(self.server.url + "/-/search/saved", data, timeout=30) as response:
            return str(response.read().decode())


def test_a_search_is_saved_and_removed_without_a_script(server: Browse) -> None:
    reader = Reader(server)
    page = reader.get("/-/search?q=boats&category=Sea")
    saved = reader.post(page, name="To sea", search="?q=boats&category=Sea")
    assert heading(saved) == "30 articles for boats"
    other = reader.get("/-/search")
    assert '<a href="/-/search?q=boats&amp;category=Sea"><bdi>To sea</bdi></a>' in other
    assert "To sea" not in reader.post(other, name="To sea", search="", remove="1")
    assert "To sea" not in server.get("/-/search").text


def test_a_link_saves_nothing_and_a_cookie_of_anything_is_read(server: Browse) -> None:
    page = server.get("/-/search/saved?name=x&search=q%3Dboats")
    assert page.status == 200
    assert "rasid_searches" not in str(page.headers["set-cookie"])
    for value in ("x", "W10=", "WyJ4Il0=", "e30=", "bnVsbA==", "W1siPHNjcmlwdD4iLCJxPTxzY3JpcHQ+Il1d", "%00"):
        page = server.get("/-/search", Cookie=f"rasid_searches={value}")
        assert page.status == 200
        assert "<script" not in page.text


def test_many_searches_fit_into_the_cookie(server: Browse) -> None:
    reader = Reader(server)
    page = reader.get("/-/search?q=boats")
    for number in range(6):
        saved = reader.post(page, name=f"long {number}", search="q=" + "word+" * 200)
    assert "long 5" in saved
    assert "long 0" not in saved
    with pytest.raises(urllib.error.HTTPError) as refused:
        reader.post(page, name="too long", search="q=" + "word" * 1000)
    with refused.value:
        assert refused.value.code == 400


def test_the_order_of_time_is_exact(tmp_path: Path) -> None:
    """Also for articles that were stored long after they were published."""
    from crawler.store import ArticleFilter
    from crawler.store.read.found import FoundArticles

    with Store(tmp_path / "news.db") as store:
        for number, days in enumerate((3, 1, 4, 1.5, 9)):
            put(store, an_article(f"n{number}", f"Word {number} of many", published=NOW + timedelta(days=-days)))
        found = FoundArticles(store.search._db).find(ArticleFilter(query="word"), NOW, by_date=True)
        moments = [article.moment for article in found.articles]
    assert moments == sorted(moments, reverse=True)
    assert len(moments) == 5
