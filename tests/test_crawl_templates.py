"""Crawls that learn templates: across crawls, with damage in the database, killed, switched off."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time

from crawler.extract.templates.site import SiteTemplate
from crawler.extract.workers.pool import ExtractionPool, FetchedPage
from crawler.profile import SiteProfile
from tests.conftest import Workplace
from tests.made_up import NOW
from tests.newssite import Handler, NewsSite
from tests.templated import page, story, url


def publish(site: NewsSite, workplace: Workplace, numbers: range) -> None:
    """Put the pages of these stories, and a feed that names them."""
    links = [site.put(f"/news/{n}.html", page(story(n))) for n in numbers]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])


def crawl(workplace: Workplace, *words: str) -> str:
    """Crawl the site; gives the log."""
    done = workplace.run("crawl", "local", "-s", "NEWS_BATCH_SECONDS=0.2", *words)
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_pages_of_several_crawls_teach_a_template_that_the_next_crawl_begins_with(
    site: NewsSite, workplace: Workplace
) -> None:
    publish(site, workplace, range(3))
    crawl(workplace)
    (row,) = workplace.rows("SELECT * FROM site_templates")
    assert row["template"] is None
    assert "harbour" not in row["state"]
    assert len(json.loads(row["state"])["observations"]) == 3
    publish(site, workplace, range(3, 12))
    crawl(workplace)
    (row,) = workplace.rows("SELECT * FROM site_templates")
    assert json.loads(row["template"])["way"] == "html body main article.story"
    given = row["given"]  # those that were requested after it was learnt
    publish(site, workplace, range(12, 20))
    crawl(workplace)
    (row,) = workplace.rows("SELECT * FROM site_templates")
    assert (row["given"], row["missed"], set(row["checks"])) == (given + 8, "{}", {"1"})
    articles = workplace.rows("SELECT url, body, provenance FROM articles")
    assert {article["url"]: article["body"].count("\n") for article in articles} == {
        f"{site.url}news/{number}.html": len(story(number).paragraphs)
        for number in range(20)  # and the standfirst; the promotion is boilerplate
    }
    assert sum(json.loads(article["provenance"]).get("template") == "1" for article in articles) >= 3
    shown = workplace.run("template", "local")
    assert shown.returncode == 0, shown.stderr
    assert f"pages by template: {given + 8} of {given + 8} (100%)" in shown.stdout
    workplace.change("UPDATE site_templates SET template = '[' || template")
    publish(site, workplace, range(20, 22))
    assert "local: the stored template is damaged" in crawl(workplace)
    assert workplace.rows("SELECT count(*) AS n FROM articles") == [{"n": 22}]


def test_pages_that_wait_for_a_worker_are_read_by_the_template_that_those_before_them_taught() -> None:
    learning, ways = SiteTemplate(), list[str]()

    async def extract(pool: ExtractionPool, number: int) -> None:
        profile = SiteProfile(name="local", title="Local", url="https://local.example/")
        fetched = FetchedPage(
            body=page(story(number)).encode(),
            content_type="text/html",
            url=url(number),
            profile=profile,
            candidate=None,
            fetched=NOW,
        )
        _, use = await pool.extract_by_task(fetched, lambda: learning.task(url(number)))
        assert use is not None
        ways.append(use.way)
        learning.record(use, NOW)

    async def extract_all(pool: ExtractionPool) -> None:
        await asyncio.gather(*(extract(pool, number) for number in range(24)))

    with contextlib.closing(ExtractionPool(workers=1, seconds=30)) as pool:
        asyncio.run(extract_all(pool))
    assert ways.count("full") < 12, ways


def test_a_killed_crawl_keeps_the_template_that_it_has_learnt(site: NewsSite, workplace: Workplace) -> None:
    publish(site, workplace, range(14))

    def hang(handler: Handler) -> None:
        """The last page never comes: the crawl is killed while it waits."""
        time.sleep(60)

    links = [f"{site.url}news/{n}.html" for n in range(13)]
    site.feed("/feed.xml", [*links, site.answer("/news/hangs.html", hang)])
    crawl_ = workplace.start("crawl", "local")
    with crawl_:
        for _ in range(600):
            if workplace.database.exists() and has_template(workplace):
                break
            time.sleep(0.1)
        crawl_.kill()
    (row,) = workplace.rows("SELECT template FROM site_templates")
    assert json.loads(row["template"])["pages"] == 4


def has_template(workplace: Workplace) -> bool:
    """Whether a template is stored yet."""
    tables = workplace.rows("SELECT 1 FROM sqlite_master WHERE name = 'site_templates'")
    return bool(tables and workplace.rows("SELECT 1 FROM site_templates WHERE template IS NOT NULL"))


def test_nothing_is_learnt_where_it_is_switched_off_or_the_profile_selects_the_body(
    site: NewsSite, workplace: Workplace
) -> None:
    publish(site, workplace, range(2))
    crawl(workplace, "-s", "NEWS_TEMPLATES=0")
    publish(site, workplace, range(2, 4))
    profile = workplace.folder / "sites" / "local.toml"
    profile.write_text(profile.read_text() + '[selectors]\nbody = "p.standfirst"\n')
    crawl(workplace)
    assert workplace.rows("SELECT * FROM site_templates") == []
    bodies = [row["body"] for row in workplace.rows("SELECT body FROM articles ORDER BY id DESC LIMIT 2")]
    assert all(body.startswith("Why") and "\n" not in body for body in bodies)
