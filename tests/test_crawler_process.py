"""Two sites in one process by Scrapy's API, as its documentation has it: stored, recorded, locked, and the end."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from scrapy.utils.project import get_project_settings

from crawler.crawl.lock import SiteLock
from crawler.crawl.own_context import ProcessContexts
from crawler.store import StoreError
from tests.conftest import PROJECT, Workplace
from tests.newssite import NewsSite
from tests.test_crawl_again import text_of

SITES = ("alpha", "beta")

# As in Scrapy's documentation ("Run Scrapy from a script"), without a guard for __main__. Each prints the stats.
_END = "print(json.dumps([crawler.stats.get_stats() for crawler in crawlers], default=str))\n"
_BEGIN = """import asyncio, json
from scrapy.utils.project import get_project_settings
"""
SCRIPTS = {
    "CrawlerProcess": f"""{_BEGIN}
from scrapy.crawler import CrawlerProcess
process = CrawlerProcess(get_project_settings())
crawlers = [process.create_crawler(name) for name in {SITES}]
for crawler in crawlers:
    process.crawl(crawler, max_articles=2)
process.start()
{_END}""",
    "AsyncCrawlerProcess": f"""{_BEGIN}
from scrapy.crawler import AsyncCrawlerProcess
process = AsyncCrawlerProcess(get_project_settings())
crawlers = [process.create_crawler(name) for name in {SITES}]
for crawler in crawlers:
    process.crawl(crawler)
process.start()
{_END}""",
    "CrawlerRunner": f"""{_BEGIN}
from scrapy.crawler import CrawlerRunner
from scrapy.utils.log import configure_logging
from scrapy.utils.reactor import install_reactor
install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
from twisted.internet import reactor
configure_logging({{"LOG_LEVEL": "WARNING"}})
runner = CrawlerRunner(get_project_settings())
crawlers = [runner.create_crawler(name) for name in {SITES}]
for crawler in crawlers:
    runner.crawl(crawler)
runner.join().addBoth(lambda _: reactor.stop())
reactor.run()
{_END}""",
    "AsyncCrawlerRunner": f"""{_BEGIN}
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.utils.log import configure_logging
from scrapy.utils.reactor import install_reactor
install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
from twisted.internet.task import react
from twisted.internet.defer import Deferred
configure_logging({{"LOG_LEVEL": "WARNING"}})
runner = AsyncCrawlerRunner(get_project_settings())
crawlers = [runner.create_crawler(name) for name in {SITES}]
async def crawl_one_after_the_other():
    for crawler in crawlers:
        await runner.crawl(crawler)
async def main(reactor):
    await Deferred.fromFuture(asyncio.ensure_future(crawl_one_after_the_other()))
try:
    react(lambda reactor: Deferred.fromCoroutine(main(reactor)))
except SystemExit as end:
    assert not end.code
{_END}""",
}


def start(place: Workplace, script: str) -> subprocess.Popen[str]:
    """Start a script in a folder of the user's, with the project on its path."""
    file = place.folder / "script.py"
    file.write_text(script, "utf-8")
    environment = {
        "PYTHONPATH": str(PROJECT),
        "SCRAPY_SETTINGS_MODULE": "crawler.settings",
        "NEWS_SITES": str(place.folder / "sites"),
        "NEWS_DB": str(place.database),
        "NEWS_EXTRACT_WORKERS": "1",
        "NEWS_STOP_SECONDS": "0.5",
    }
    return subprocess.Popen(
        [sys.executable, str(file)],
        cwd=place.folder,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def two_sites(site: NewsSite, folder: Path) -> Workplace:
    """Profiles of two sites with two articles each."""
    folder.mkdir()
    place = Workplace(folder)
    for first, name in enumerate(SITES):
        links = [
            site.article(f"/{name}/{number}", f"{name} opens pier {number}", paragraphs=text_of(10 * first + number))
            for number in range(2)
        ]
        place.site_profile(site, name, feeds=[site.feed(f"/{name}/feed.xml", links)])
    return place


def test_two_sites_are_crawled_in_one_process_by_each_class_of_scrapy(site: NewsSite, tmp_path: Path) -> None:
    places = {name: two_sites(site, tmp_path / name) for name in SCRIPTS}
    running = {name: start(places[name], script) for name, script in SCRIPTS.items()}
    for name, process in running.items():
        out, err = process.communicate(timeout=120)
        assert (process.returncode, err) == (0, ""), f"{name}: {err}"
        for site_name, stats in zip(SITES, json.loads(out), strict=True):
            assert stats["finish_reason"] == "finished", name
            assert (stats["store/new"], stats["run/exit_code"]) == (2, 0), f"{name} {site_name}"
        place = places[name]
        assert len(place.rows("SELECT url FROM articles")) == 4, name
        if name == "CrawlerProcess":
            assert place.rows("SELECT DISTINCT arguments FROM runs") == [{"arguments": '{"max_articles": "2"}'}]
        runs = place.rows("SELECT site, finish_reason, new FROM runs ORDER BY site")
        assert [tuple(run.values()) for run in runs] == [("alpha", "finished", 2), ("beta", "finished", 2)], name


def test_a_site_that_another_process_crawls_is_left_to_it(site: NewsSite, tmp_path: Path) -> None:
    place = two_sites(site, tmp_path / "place")
    lock = SiteLock(place.database, "beta")
    assert lock.acquire()
    process = start(place, SCRIPTS["AsyncCrawlerProcess"])
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert err.count("beta is being crawled by another process; nothing to do") == 1
    alpha, beta = json.loads(out)
    assert (alpha["run/exit_code"], beta["run/exit_code"], beta["finish_reason"]) == (0, 75, "locked")
    assert not [path for path in site.paths() if path.startswith("/beta/")]
    assert [run["site"] for run in place.rows("SELECT site FROM runs")] == ["alpha"]


def test_a_signal_ends_the_crawls_of_a_script_within_seconds(site: NewsSite, tmp_path: Path) -> None:
    place = two_sites(site, tmp_path / "place")
    for name in SITES:
        site.answer(f"/{name}/0", lambda _: time.sleep(30))
    process = start(place, SCRIPTS["CrawlerProcess"])
    while not {"/alpha/0", "/beta/0"} <= set(site.paths()):
        assert process.poll() is None
        time.sleep(0.05)
    process.terminate()
    out, _ = process.communicate(timeout=20)
    assert [stats["finish_reason"] for stats in json.loads(out)] == ["shutdown", "shutdown"]
    assert len(place.rows("SELECT url FROM pages WHERE state = 'pending'")) == 4


def test_a_crawl_without_a_reactor_is_refused(site: NewsSite, tmp_path: Path) -> None:
    """Only the reactor has the resolver that keeps names from leading to private addresses."""
    script = """import asyncio
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.utils.project import get_project_settings
settings = get_project_settings()
settings.set("TWISTED_REACTOR_ENABLED", False)
async def main():
    await AsyncCrawlerRunner(settings).crawl("alpha")
asyncio.run(main())
"""
    process = start(two_sites(site, tmp_path / "place"), script)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert err.splitlines()[-1].startswith("RuntimeError: TWISTED_REACTOR_ENABLED must be True: ")
    assert not site.paths()


def test_a_plain_spider_is_crawled_beside_a_site(site: NewsSite, tmp_path: Path) -> None:
    place = two_sites(site, tmp_path / "place")
    script = f"""{_BEGIN}
import scrapy
from crawler.items import Article
from scrapy.crawler import AsyncCrawlerProcess
class Plain(scrapy.Spider):
    name = "plain"
    start_urls = ["{site.url}beta/0"]
    custom_settings = {{"DOWNLOAD_DELAY": 0, "NEWS_ALLOW_PRIVATE": True}}
    def parse(self, response):
        yield {{"heading": response.css("h1::text").get()}}
        text = " ".join(response.css("p::text").getall())
        yield Article(url=response.url, site="plain", title="Of a plain spider", paragraphs=[text])
process = AsyncCrawlerProcess(get_project_settings())
crawlers = [process.create_crawler("alpha"), process.create_crawler(Plain)]
for crawler in crawlers:
    process.crawl(crawler)
process.start()
{_END}"""
    process = start(place, script)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    _, plain = json.loads(out)
    assert plain["item_scraped_count"] == 2, err
    assert {row["site"] for row in place.rows("SELECT site FROM articles")} == {"alpha", "plain"}


@pytest.mark.parametrize("name", ["CrawlerProcess", "AsyncCrawlerProcess"])
def test_a_database_that_cannot_be_opened_ends_the_crawl(name: str, site: NewsSite, tmp_path: Path) -> None:
    place = two_sites(site, tmp_path / "place")
    place.database.write_text("not a database, and long enough to be read as one", "utf-8")
    script = SCRIPTS[name].replace("print(json.dumps(", "print(process.bootstrap_failed) #")
    process = start(place, script)
    out, err = process.communicate(timeout=60)
    assert out == "True\n"
    assert "news.db" in err
    assert not site.paths()


def test_a_store_that_has_failed_is_not_given_to_a_later_crawl(tmp_path: Path) -> None:
    settings = get_project_settings()
    settings.set("NEWS_DB", str(tmp_path / "news.db"))
    contexts = ProcessContexts()

    async def use() -> None:
        first, second = contexts.join(settings), contexts.join(settings)
        assert first.store_thread is second.store_thread
        assert first.stopping is not second.stopping
        first.store_thread.fail(StoreError("the disk is gone"))
        third = contexts.join(settings)
        assert third.store_thread is not first.store_thread
        for context in (second, third, first):
            await contexts.leave(context)

    asyncio.run(use())
    assert contexts.shared == []
