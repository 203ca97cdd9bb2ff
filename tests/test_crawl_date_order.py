"""Numeric dates that can be read in two ways, on sites whose other pages prove the order of day and month."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.crawl.date_order import with_proven_order
from crawler.dates.order import order_of_all
from crawler.profile import SiteProfile
from crawler.store import Store
from tests.conftest import Workplace
from tests.made_up import LONG, NOW, SITE, an_article, later, put
from tests.newssite import NewsSite


def put_page(site: NewsSite, n: int, printed: str) -> str:
    text = f"Report number {n} from the harbour tells of ship {n} and its crew of {n + 3} sailors. " * 4
    article = f"<h1>Ship {n} is back in harbour</h1><p class='date'>{printed}</p><p>{text}</p>"
    head = f"<title>Ship {n} is back in harbour</title>"
    return site.put(f"/news/{n}-report.html", f"<html lang='en'><head>{head}</head><article>{article}</article></html>")


def days(workplace: Workplace) -> list[str]:
    rows = workplace.rows("SELECT substr(published, 1, 10) AS day FROM articles ORDER BY url")
    return [row["day"] for row in rows]


def test_a_site_that_once_printed_the_25th_second_prints_the_month_first(site: NewsSite, workplace: Workplace) -> None:
    links = [put_page(site, 0, "3/5/2026")]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    assert workplace.run("crawl", "local").returncode == 0
    assert days(workplace) == ["2026-05-03"]
    site.feed("/feed.xml", [*links, put_page(site, 1, "3/25/2026")])
    assert workplace.run("crawl", "local").returncode == 0
    site.feed("/feed.xml", [*links, put_page(site, 2, "4/6/2026")])
    assert workplace.run("crawl", "local").returncode == 0
    assert days(workplace) == ["2026-05-03", "2026-03-25", "2026-04-06"]
    assert workplace.run("reextract").returncode == 0
    assert days(workplace) == ["2026-03-05", "2026-03-25", "2026-04-06"]


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["3/25/2031", "4/6/2031"], True),
        (["Posted 25/3/2031", "4/6/2031"], False),
        (["25-03-2031 10:00"], False),
        (["3/25/2031", "25/3/2031"], None),
        (["3/5/2031", "31/31/2031", "2031-03-25", "25.3.2031", "1/2/25/2031", ""], None),
    ],
)
def test_only_dates_that_can_be_read_in_one_way_prove_an_order(texts: list[str], order: bool | None) -> None:
    assert order_of_all(texts) is order


def test_the_order_is_that_of_the_sites_own_pages_and_the_profile_overrules_it(tmp_path: Path) -> None:
    with Store(tmp_path / "news.db") as store:
        put(store, an_article("a", published_raw="25/3/2026", published_from="byline"), NOW)
        put(store, an_article("b", LONG[::-1], published_raw="3/25/2026", published_from="channel:feed"), later(days=1))
        profile = SiteProfile(name=SITE, title="Site", url="https://site.example/")
        assert with_proven_order(profile, store).dates == "dmy"
        own = SiteProfile(name=SITE, title="Site", url="https://site.example/", dates="mdy")
        assert with_proven_order(own, store) is own
        other = SiteProfile(name="other", title="Other", url="https://other.example/")
        assert with_proven_order(other, store) is other
