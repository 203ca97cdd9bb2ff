"""Sitemap indexes with more children than a run may request: no child is left out forever, none is read in vain."""

from __future__ import annotations

from collections.abc import Callable

from tests.conftest import Workplace
from tests.newssite import Handler, NewsSite

# Of documents in one run: a tenth of the default, so that the test takes a tenth of the time.
LIMIT = ("-s", "NEWS_MAX_CHANNEL_PAGES=10")
CRAWL = ("crawl", "local", "-L", "ERROR", "-a", "max_articles=0", *LIMIT)


def sitemap(*links: str) -> str:
    return f"<urlset>{''.join(f'<url><loc>{link}</loc></url>' for link in links)}</urlset>"


def index(*links: str) -> str:
    return f"<sitemapindex>{''.join(f'<sitemap><loc>{link}</loc></sitemap>' for link in links)}</sitemapindex>"


def put_index(site: NewsSite, workplace: Workplace, count: int) -> None:
    """An index without dates; each child lists one article."""
    for n in range(count):
        site.put(f"/child{n}.xml", sitemap(f"{site.url}news/{n}.html"), "text/xml")
    site.put("/index.xml", index(*(f"{site.url}child{n}.xml" for n in range(count))), "text/xml")
    workplace.site_profile(site, sitemaps=[site.url + "index.xml"])


def children_read(site: NewsSite, since: int) -> list[str]:
    return sorted(path for path in site.paths()[since:] if path.startswith("/child"))


def pages(workplace: Workplace) -> int:
    (row,) = workplace.rows("SELECT count(*) AS n FROM pages")
    return int(row["n"])


def test_every_child_of_a_large_index_without_dates_is_read_within_a_few_runs(
    site: NewsSite, workplace: Workplace
) -> None:
    put_index(site, workplace, 22)
    for _ in range(3):
        assert workplace.run(*CRAWL).returncode == 0
    assert pages(workplace) == 22


def test_children_that_list_nothing_new_rest_and_the_first_ones_are_read_in_each_run(
    site: NewsSite, workplace: Workplace
) -> None:
    put_index(site, workplace, 22)
    for _ in range(4):
        workplace.run(*CRAWL)
    before = len(site.seen)
    workplace.run(*CRAWL)
    assert children_read(site, before) == ["/child20.xml", "/child21.xml"]
    workplace.change("UPDATE channels SET checked = '2026-01-01T00:00:00Z' WHERE url LIKE '%child7.xml'")
    site.put("/child7.xml", sitemap(f"{site.url}news/late.html"), "text/xml")
    workplace.run(*CRAWL)
    assert pages(workplace) == 23


def test_a_calendar_without_an_end_is_read_to_a_limited_depth(site: NewsSite, workplace: Workplace) -> None:
    def month(n: int) -> Callable[[Handler], None]:
        def answer(handler: Handler) -> None:
            site.answer(f"/month{n + 1}.xml", month(n + 1))
            handler.reply(index(f"{site.url}month{n + 1}.xml"), "text/xml")

        return answer

    site.answer("/month0.xml", month(0))
    workplace.site_profile(site, sitemaps=[site.url + "month0.xml"])
    requests = []
    for _ in range(3):
        before = len(site.seen)
        assert workplace.run("crawl", "local", "-L", "ERROR").returncode == 0
        requests.append(sum("month" in path for path in site.paths()[before:]))
    assert requests == [11, 3, 3]
