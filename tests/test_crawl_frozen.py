"""A server that answers 304 forever: the channel is requested in full when it is silent as never before."""

from __future__ import annotations

from tests.conftest import Workplace
from tests.newssite import Handler, NewsSite
from tests.test_crawl_again import rss

CRAWL = ("crawl", "local", "-L", "ERROR", "-a", "max_articles=0")


class Frozen:
    """A feed with one ETag forever; a conditional request for it is answered with 304, whatever it lists."""

    def __init__(self, site: NewsSite) -> None:
        self.links: list[str] = []
        self.statuses: list[int] = []
        self.url = site.answer("/feed.xml", self.answer)

    def answer(self, handler: Handler) -> None:
        status = 304 if handler.headers.get("If-None-Match") else 200
        self.statuses.append(status)
        body = "" if status == 304 else rss(*self.links)
        handler.reply(body, "text/xml", status=status, headers={"ETag": '"for-ever"'})


def test_a_channel_that_answers_304_for_ever_is_requested_in_full_within_a_day_and_reported(
    site: NewsSite, workplace: Workplace
) -> None:
    feed = Frozen(site)
    workplace.site_profile(site, feeds=[feed.url])
    pages = []
    for time in ("2026-11-10T00", "2026-11-10T06", "2026-11-11T01", "2026-11-11T02"):
        feed.links.append(f"{site.url}news/{len(feed.links)}.html")
        workplace.environment["NEWS_NOW"] = f"{time}:00:00+00:00"
        assert workplace.run(*CRAWL).returncode == 0
        pages.append(len(workplace.rows("SELECT id FROM pages")))
    assert feed.statuses == [200, 304, 200, 200]
    assert pages == [1, 1, 3, 4]
    assert len(workplace.rows("SELECT url FROM channels WHERE validators_wrong LIKE '2026-11-11T01%'")) == 1
    health = workplace.run("health")
    assert health.returncode == 3
    assert "answered 304 (not modified) although it had changed" in health.stdout
    assert feed.url in health.stdout
