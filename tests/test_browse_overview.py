"""The overview page: what it counts, for which period, and what it says when there is nothing."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest

from crawler.store import Store
from crawler.store.database import Database
from crawler.store.read.overview import Overview, Overviews, Period
from tests.browsing import Browse, browse
from tests.made_up import NOW, an_article, later, put

pytest.importorskip("datasette", reason="needs Datasette: pip install 'datasette>=0.65,<0.66'")


def fill(path: Path) -> None:
    with Store(path) as store:
        put(store, an_article("a", "text of a", published=NOW, language="ar", category="محليات"), later(hours=3))
        put(store, an_article("b", "text of b", published=later(days=-2), authors=["x"]), later(days=9))
        put(store, an_article("old", "text of old", published=later(days=-300)), later(days=9))
        put(store, an_article("undated", "text of undated", published=None), later(days=-1))
        put(store, an_article("future", "text of the future", published=later(days=400)), later(days=9))


def overview(path: Path, now: datetime, **chosen: object) -> Overview:
    with closing(sqlite3.connect(path)) as db:
        return Overviews(Database(db, path)).overview(now, **chosen)  # type: ignore[arg-type]


def test_it_counts_the_last_days_that_have_articles(tmp_path: Path) -> None:
    fill(tmp_path / "news.db")
    result = overview(tmp_path / "news.db", later(days=9), days=28)
    assert result.period == Period(date(2026, 2, 2), date(2026, 3, 1))
    assert (result.before, result.after, result.undated) == (1, 1, 1)
    assert result.daily == [("2026-02-27", "example", 1), ("2026-02-28", "example", 1), ("2026-03-01", "example", 1)]
    assert result.lags == [(3, 1), (48, 1)]
    assert result.copies == [("example", 3, 0)]
    assert round(result.completeness[0]["authors"], 2) == round(result.completeness[0]["language"], 2) == 0.33
    assert result.totals == {"articles": 5, "sites": 1, "stories": 5, "copies": 0, "changes": 0}


def test_it_counts_all_days_a_chosen_period_and_other_groups(tmp_path: Path) -> None:
    fill(tmp_path / "news.db")
    everything = overview(tmp_path / "news.db", later(days=9))
    assert everything.period == Period(date(2025, 5, 5), date(2026, 3, 1))
    assert (everything.before, everything.after) == (0, 1)
    chosen = overview(tmp_path / "news.db", NOW, chosen=Period(date(2026, 3, 1), date(2026, 3, 1)), group="category")
    assert chosen.daily == [("2026-03-01", "محليات", 1)]
    assert (chosen.before, chosen.after, chosen.undated) == (3, 1, 0)
    assert overview(tmp_path / "news.db", later(days=-3), days=7).period.last == date(2026, 2, 27), (
        "others are mistakes"
    )


def test_of_many_articles_the_completeness_is_that_of_some(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path / "news.db")
    monkeypatch.setattr("crawler.store.read.overview._SAMPLE", 2)
    result = overview(tmp_path / "news.db", later(days=9), days=28)
    assert (result.every, result.completeness[0]["articles"], result.copies) == (2, 2, [("example", 3, 0)])


def test_an_empty_database_has_an_empty_overview(tmp_path: Path) -> None:
    Store(tmp_path / "news.db").close()
    result = overview(tmp_path / "news.db", NOW)
    assert (result.totals["articles"], result.period.days, result.crawls.finished) == (0, 1, None)


# -- the page --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browse]:
    path = tmp_path_factory.mktemp("overview") / "news.db"
    fill(path)
    with browse(path) as running:
        yield running


@pytest.mark.parametrize("chosen", ["7", "28", "90", "all"])
def test_a_range_is_marked_and_counts(server: Browse, chosen: str) -> None:
    page = server.get(f"/-/overview?range={chosen}").text
    assert re.search(rf'href="\?range={chosen}&amp;by=site" aria-current="true"', page)
    assert ("earlier article" in page) == (chosen != "all")
    assert "1 later article is not shown." in page
    assert "1 article has no date: it counts on the day it was first seen." in page


def test_bars_legend_and_cells_are_links(server: Browse) -> None:
    page = server.get("/-/overview").text
    assert '<a href="/-/search?since=2026-02-27&amp;until=2026-02-27" aria-label="27 Feb 2026: 1 article' in page
    assert '<a href="/-/search?since=2026-02-02&amp;until=2026-03-01&amp;site=example">' in page
    assert '<a href="/news/articles?site__exact=example&amp;category__isnull=1">' in page
    assert server.get("/news/articles?site__exact=example&category__isnull=1").status == 200


def test_a_period_of_ones_own_is_kept_with_the_group(server: Browse) -> None:
    page = server.get("/-/overview?from=2026-02-27&to=2026-02-28&by=language").text
    assert "27 Feb 2026 to 28 Feb 2026" in page
    assert 'href="?by=category&amp;from=2026-02-27&amp;to=2026-02-28"' in page
    assert "2 articles." in page
    assert 'value="2026-02-27"' in page


def test_long_periods_are_drawn_by_week_and_by_month(server: Browse) -> None:
    weeks = server.get("/-/overview?range=all").text
    assert 'since=2026-02-23&amp;until=2026-03-01"' in weeks
    months = server.get("/-/overview?from=2020-01-15&to=2026-03-20").text
    assert 'since=2026-02-01&amp;until=2026-02-28"' in months
    assert 'since=2020-01-15&amp;until=2020-01-31"' in months


@pytest.mark.parametrize(
    "query",
    [
        "range=x", "range=", "from=soon&to=later", "from=2026-03-01&to=2026-02-01", "from=2026-03-01", "to=%00",
        "by=body", "by=%22%3Cscript%3E", "from=0001-01-01&to=9999-12-31", "range=7&from=9999-12-31&to=9999-12-31",
    ],
)  # fmt: skip
def test_a_hostile_choice_gets_a_page(server: Browse, query: str) -> None:
    page = server.get(f"/-/overview?{query}")
    assert page.status == 200
    assert "<script" not in page.text
    wrong = query.startswith(("from", "to=", "range=7&"))
    assert ("The period needs two days" in page.text) == wrong


def test_the_page_is_in_arabic_with_its_numbers_and_plurals(server: Browse) -> None:
    page = server.get("/-/overview?_lang=ar").text
    assert "5 مقالات" in page
    assert "موقع واحد" in page
    assert "فبراير 2026" in page
    assert "لا يظهر مقال أحدث واحد." in page


def test_labels_of_charts_are_escaped_once(server: Browse) -> None:
    page = server.get("/-/overview").text
    assert "&lt; 1 h</text>" in page
    assert "&amp;lt;" not in page


def test_languages_are_named_and_times_are_printed_for_people(server: Browse) -> None:
    page = server.get("/-/overview?by=language").text
    assert "<bdi>Arabic</bdi></a>" in page
    assert "(Arabic 1)" in page
    assert '<time datetime="2026-03-01T12:00:00Z" title="2026-03-01 12:00:00 UTC">1 Mar 2026, 12:00</time>' in page
    assert "<bdi>العربية</bdi></a>" in server.get("/-/overview?by=language&_lang=ar").text


def test_an_empty_collection_names_the_next_command(tmp_path: Path) -> None:
    Store(tmp_path / "news.db").close()
    with browse(tmp_path / "news.db") as empty:
        page = empty.get("/-/overview").text
    assert "No articles are stored yet" in page
    assert "rasid crawl bbc_arabic" in page
    assert "<svg" not in page


def test_facets_of_the_table_are_answered_by_indexes_alone(tmp_path: Path) -> None:
    Store(tmp_path / "news.db").close()
    with closing(sqlite3.connect(tmp_path / "news.db")) as db:
        for name in ("site", "language", "category", "day"):
            plan = db.execute(
                f"""EXPLAIN QUERY PLAN SELECT {name} AS value, count(*) AS n FROM (SELECT * FROM v_articles)
                    WHERE {name} IS NOT NULL GROUP BY {name} ORDER BY n DESC, value LIMIT 13"""
            ).fetchall()
            assert "COVERING INDEX" in plan[0][3], name


def test_a_table_is_counted_by_a_chosen_column_within_its_filter(server: Browse) -> None:
    page = server.get("/news/v_articles?site=example&_lang=en").text
    form = page[: page.index('<select name="_facet"')].rpartition("<form")[2] + page.partition('name="_facet"')[2]
    form = form.partition("</form>")[0]
    assert re.findall(r'name="(\w+)" value="([^"]*)"', form) == [("site", "example")]
    assert "<option>authors</option>" in form
    assert "<option>site</option>" not in form  # it is counted already
    assert server.get("/news/v_articles?site=example&_facet=authors").status == 200
