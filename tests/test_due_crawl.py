"""scrapy due: which sites it crawls, side by side, and what one site costs the others."""

from __future__ import annotations

import os
import signal
import threading
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.crawl.due import due_sites
from crawler.crawl.lock import SiteLock
from crawler.profile import SiteProfile
from crawler.store import Store
from tests.conftest import Workplace
from tests.made_up import HOME, NOW
from tests.newssite import Handler, NewsSite, article_page, serve
from tests.test_crawl_again import PAST, text_of
from tests.test_crawl_site import wait_until

TOLERANCE = 0.05  # seconds between the send and the receipt that another request did not have


def add_site(site: NewsSite, workplace: Workplace, name: str, count: int = 2, **keys: object) -> None:
    """A site of its own paths on the one server, so that it has its own feed and articles."""
    links = [
        site.article(f"/{name}/{n}.html", f"{name} {n}", paragraphs=text_of(n, f" of {name}")) for n in range(count)
    ]
    workplace.site_profile(site, name, feeds=[site.feed(f"/{name}.xml", links)], **keys)


def stored(workplace: Workplace) -> dict[str, int]:
    rows = workplace.rows("SELECT site, count(*) AS n FROM articles GROUP BY site")
    return {row["site"]: row["n"] for row in rows}


def test_every_enabled_site_is_crawled_and_then_left_alone_until_it_is_due(
    site: NewsSite, workplace: Workplace
) -> None:
    for name in ("one", "two", "three"):
        add_site(site, workplace, name)
    add_site(site, workplace, "off", enabled="false")
    first = workplace.run("due", "-L", "ERROR")
    assert (first.returncode, first.stdout, first.stderr) == (0, "", "")
    assert stored(workplace) == {"one": 2, "two": 2, "three": 2}
    before = len(site.seen)
    assert workplace.run("due").returncode == 0
    assert len(site.seen) == before, "no site's time has come"
    workplace.change("UPDATE sites SET next_poll = ? WHERE site = 'two'", PAST)
    workplace.change("UPDATE sites SET next_poll = '2077-01-01T00:00:00Z' WHERE site = 'three'")  # a wrong clock's
    result = workplace.run("due")
    assert sorted(site.paths()[before:]) == ["/three.xml", "/two.xml"]
    assert sorted(result.stderr.splitlines()) == ["three: nothing new", "two: nothing new"]
    (state,) = workplace.rows("SELECT * FROM sites WHERE site = 'two'")
    soonest, latest = (datetime.now(UTC) + timedelta(minutes=m) for m in (3, 361))
    assert soonest < datetime.fromisoformat(state["next_poll"]) < latest
    assert (state["failures"], state["last_success"]) == (0, state["last_poll"])


def test_sites_can_be_chosen_and_wrong_usage_is_reported(site: NewsSite, workplace: Workplace) -> None:
    add_site(site, workplace, "one")
    add_site(site, workplace, "off", enabled="false")
    assert workplace.run("due", "--sites", "off").returncode == 0
    assert stored(workplace) == {"off": 2}
    for words in (("--sites", "nosuch"), ("--sites", ","), ("--jobs", "0"), ("--max-time", "-1"), ("one",)):
        wrong = workplace.run("due", *words)
        assert wrong.returncode == 2, words
        assert "Traceback" not in wrong.stderr


def test_a_site_that_fails_or_crashes_costs_only_itself_and_backs_off(site: NewsSite, workplace: Workplace) -> None:
    add_site(site, workplace, "good")
    add_site(site, workplace, "raising", count=0)
    site.feed("/raising.xml", [site.article("/raising/bad.html", "Bad")])
    workplace.site_profile(site, "away", feeds=["http://127.0.0.1:1/feed.xml"])
    workplace.profile("broken", 'title = "B"\n')
    result = workplace.run("due", "-s", "SPIDER_MODULES=tests.oddspiders", "-s", "RETRY_TIMES=0", "-L", "ERROR")
    assert result.returncode == 1
    assert "skipped: broken.toml" in result.stderr
    assert "the page has no such table" in result.stderr
    assert stored(workplace) == {"good": 2}
    states = {row["site"]: row for row in workplace.rows("SELECT * FROM sites")}
    assert states["away"]["failures"] == 1
    assert states["away"]["last_success"] is None
    assert states["away"]["interval"] == pytest.approx(600, abs=1)
    workplace.change("UPDATE sites SET next_poll = ? WHERE site = 'away'", PAST)
    (workplace.folder / "sites" / "broken.toml").unlink()
    alone = workplace.run("due", "--sites", "away", "-s", "RETRY_TIMES=0", "-L", "ERROR")
    assert (alone.returncode, alone.stdout) == (1, "")
    assert alone.stderr == "no response from any of away; is the network down?\n"
    (state,) = workplace.rows("SELECT failures, interval FROM sites WHERE site = 'away'")
    assert (state["failures"], state["interval"]) == (2, pytest.approx(1200, abs=1))


@pytest.mark.parametrize("name", ["stillborn", "stuck"])
def test_a_spider_that_crashes_at_its_start_backs_off_as_well(site: NewsSite, workplace: Workplace, name: str) -> None:
    add_site(site, workplace, "good")
    add_site(site, workplace, name)
    first = workplace.run("due", "-s", "SPIDER_MODULES=tests.oddspiders", "-L", "ERROR")
    assert first.returncode == 1
    assert "LookupError: it cannot" in first.stderr
    assert stored(workplace) == {"good": 2}
    (state,) = workplace.rows("SELECT failures, interval, last_success FROM sites WHERE site = ?", name)
    assert state == {"failures": 1, "interval": pytest.approx(600, abs=1), "last_success": None}
    second = workplace.run("due", "-s", "SPIDER_MODULES=tests.oddspiders", "-L", "ERROR")
    assert "LookupError" not in second.stderr, "cron does not mail the same traceback every five minutes"


def test_two_sites_on_one_host_keep_their_distance_together(site: NewsSite, workplace: Workplace) -> None:
    for name in ("one", "two"):
        link = site.article(f"/{name}/1.html", name, paragraphs=text_of(len(name)))
        workplace.site_profile(site, name, feeds=[site.feed(f"/{name}/feed.xml", [link])])
        profile = workplace.folder / "sites" / f"{name}.toml"
        profile.write_text(profile.read_text().replace("delay = 0\n", "delay = 1\n"))
    assert workplace.run("due", "-s", "AUTOTHROTTLE_ENABLED=0").returncode == 0
    owners = [(seen.path.split("/")[1], seen.at) for seen in site.seen if seen.path != "/robots.txt"]
    turns = [later - earlier for (who, earlier), (other, later) in pairwise(owners) if who != other]
    assert len(turns) >= 2
    assert min(turns) >= 1 - TOLERANCE, "Scrapy keeps each of them at its own pace only"


def test_a_locked_site_is_left_to_who_has_it(site: NewsSite, workplace: Workplace) -> None:
    add_site(site, workplace, "one")
    add_site(site, workplace, "two")
    lock = SiteLock(workplace.database, "one")
    assert lock.acquire()
    second = workplace.run("crawl", "one")
    assert second.returncode == 75
    assert second.stderr == "one is being crawled by another process; nothing to do\n"
    assert workplace.run("due").returncode == 0
    assert stored(workplace) == {"two": 2}
    lock.release()
    assert workplace.run("due").returncode == 0
    assert stored(workplace) == {"one": 2, "two": 2}


def test_a_lock_ends_with_its_holder_however_that_ends(site: NewsSite, workplace: Workplace) -> None:
    add_site(site, workplace, "one", count=30)
    with workplace.start("crawl", "one", "-s", "DOWNLOAD_DELAY=0.3") as crawl:
        wait_until(lambda: "/one/1.html" in site.paths())
        assert not SiteLock(workplace.database, "one").acquire()
        crawl.send_signal(signal.SIGKILL)
        crawl.communicate()
    lock = SiteLock(workplace.database, "one")
    assert lock.acquire()
    lock.release()


def test_two_at_once_share_the_work(site: NewsSite, workplace: Workplace) -> None:
    for n in range(6):
        add_site(site, workplace, f"site{n}")
    both = [workplace.start("due", "--jobs", "2", "-L", "ERROR") for _ in range(2)]
    for process in both:
        _, err = process.communicate(timeout=120)
        assert (process.returncode, err) == (0, "")
    assert stored(workplace) == {f"site{n}": 2 for n in range(6)}
    for path in {path for path in site.paths() if path.endswith(".html")}:
        assert site.paths().count(path) == 1, path
    assert workplace.rows("SELECT site, count(*) AS n FROM runs GROUP BY site HAVING n > 1") == []


def test_sites_are_crawled_side_by_side_and_stop_in_time(site: NewsSite, workplace: Workplace) -> None:
    def slow(handler: Handler) -> None:
        time.sleep(60)

    for n in range(3):
        add_site(site, workplace, f"site{n}", count=0)
        site.feed(f"/site{n}.xml", [site.answer(f"/site{n}/slow.html", slow)])
    started = time.monotonic()
    result = workplace.run("due", "--max-time", "4", "-s", "NEWS_STOP_SECONDS=1")
    assert time.monotonic() - started < 20
    assert result.returncode == 0, result.stderr
    slow_ones = [seen.at for seen in site.seen if seen.path.endswith("slow.html")]
    assert len(slow_ones) == 3
    assert max(slow_ones) - min(slow_ones) < 3, "one after the other would have taken a minute each"
    for run in workplace.rows("SELECT * FROM runs"):
        assert (run["requested"], run["unfinished"], run["finish_reason"]) == (1, 1, "shutdown")
    assert {row["state"] for row in workplace.rows("SELECT state FROM pages")} == {"pending"}
    assert [row["next_poll"] for row in workplace.rows("SELECT next_poll FROM sites")] == [], "they are still due"


def test_a_signal_ends_all_sites_cleanly_and_begins_no_other(site: NewsSite, workplace: Workplace) -> None:
    for n in range(3):
        add_site(site, workplace, f"site{n}", count=20, min_interval=7)
    words = ("due", "--jobs", "2", "-s", "NEWS_STOP_SECONDS=1", "-s", "DOWNLOAD_DELAY=0.5", "-L", "ERROR")
    for n in range(3):
        profile = workplace.folder / "sites" / f"site{n}.toml"
        profile.write_text(profile.read_text().replace("delay = 0\n", "delay = 0.5\n"))
    with workplace.start(*words) as process:
        wait_until(lambda: sum(path.endswith(".html") for path in site.paths()) > 4)
        stopped = time.monotonic()
        process.terminate()
        _, err = process.communicate(timeout=30)
        assert time.monotonic() - stopped < 8
    assert (process.returncode, err) == (0, "")
    runs = workplace.rows("SELECT * FROM runs")
    assert {run["finish_reason"] for run in runs} == {"shutdown"}
    assert len(runs) == 2
    assert all(run["requested"] == run["new"] + run["unfinished"] for run in runs)
    assert workplace.run("due", "-L", "ERROR", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8").returncode == 0
    assert stored(workplace) == {f"site{n}": 20 for n in range(3)}


def test_a_database_has_one_lock_per_site_also_behind_a_symbolic_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "link.db").symlink_to(tmp_path / "news.db")
    first = SiteLock(tmp_path / "news.db", "one")
    assert first.acquire()
    assert not SiteLock(tmp_path / "elsewhere" / "link.db", "one").acquire()
    first.release()


def workers_of(process: int) -> list[int]:
    """The extraction workers of a crawl."""
    children = " ".join(tasks.read_text() for tasks in Path(f"/proc/{process}/task").glob("*/children")).split()
    return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
def test_killed_extraction_workers_cost_no_page_of_any_site(site: NewsSite, workplace: Workplace) -> None:
    """As the kernel kills them when memory runs out: twice, all of them, while each site is in the middle."""
    crawl: list[int] = []
    killed: list[int] = []

    def kill_workers(handler: Handler, path: str) -> None:
        for worker in workers_of(crawl[0]):
            os.kill(worker, signal.SIGKILL)
            killed.append(worker)
        handler.reply(article_page(path, text_of(int(path[-6]), " of killing")))

    for name in ("one", "two", "three"):
        add_site(site, workplace, name, count=8)
    for path in ("/one/3.html", "/two/6.html"):
        site.answer(path, partial(kill_workers, path=path))
    with workplace.start("due", "-L", "ERROR", "-s", "NEWS_EXTRACT_WORKERS=2") as process:
        crawl.append(process.pid)
        out, err = process.communicate(timeout=120)
    assert killed
    assert (process.returncode, out, err) == (0, "", "")
    assert stored(workplace) == {"one": 8, "two": 8, "three": 8}
    assert {run["finish_reason"] for run in workplace.rows("SELECT * FROM runs")} == {"finished"}


@pytest.mark.parametrize("path", ["/robots.txt", "/feed.xml"])
def test_a_site_that_was_down_at_the_last_poll_is_tried_once_until_it_is_up(
    site: NewsSite, workplace: Workplace, path: str
) -> None:
    def put_feed() -> str:
        return site.feed("/feed.xml", [site.article("/1.html", "one")])

    workplace.site_profile(site, feeds=[put_feed()])
    site.put(path, "down", status=500)
    for attempts in (3, 1, 1):
        before = len(site.seen)
        workplace.run("crawl", "local")
        assert site.paths()[before:].count(path) == attempts
    site.put("/robots.txt", "", "text/plain")
    put_feed()
    assert workplace.run("crawl", "local").returncode == 0
    assert stored(workplace) == {"local": 1}


def test_sites_that_were_down_at_their_last_poll_come_after_those_that_were_up(tmp_path: Path) -> None:
    with Store(tmp_path / "news.db") as store:
        for name, hours, success in (("down", 0, False), ("up", 1, True), ("later", 2, True)):
            store.sites.record_poll(name, NOW, success=success, next_poll=NOW + timedelta(hours=hours))
        profiles = {name: SiteProfile(name=name, title="", url=HOME) for name in ("new", "down", "later", "up")}
        assert due_sites(profiles, store, timedelta(hours=6)) == ["up", "later", "down", "new"]


def test_a_site_that_does_not_answer_keeps_no_other_from_being_crawled(site: NewsSite, workplace: Workplace) -> None:
    others_crawled = threading.Event()
    in_time: list[bool] = []

    def silent(handler: Handler) -> None:
        in_time.append(others_crawled.wait(60))
        handler.reply("", "text/plain")

    def last(handler: Handler) -> None:
        others_crawled.set()
        handler.reply(article_page("last", text_of(7)))

    for name in ("a_up", "b_up"):
        add_site(site, workplace, name)
    site.feed("/b_up.xml", [site.answer("/b_up/last.html", last)])
    with serve() as dead:
        dead.answer("/robots.txt", silent)
        workplace.site_profile(dead, "a_dead", feeds=[dead.feed("/feed.xml", [])])
        result = workplace.run("due", "--jobs", "1", "-L", "ERROR", "-s", "DOWNLOAD_TIMEOUT=60")
    assert in_time == [True]
    assert (result.returncode, result.stderr) == (0, "")
    assert stored(workplace) == {"a_up": 2, "b_up": 1}
    assert {run["finish_reason"] for run in workplace.rows("SELECT * FROM runs")} == {"finished"}


def test_a_timeout_of_a_host_that_has_not_answered_is_not_retried(site: NewsSite, workplace: Workplace) -> None:
    over = threading.Event()

    def silent(handler: Handler) -> None:
        over.wait(60)

    workplace.site_profile(site, feeds=[site.answer("/feed.xml", silent)])
    site.answer("/robots.txt", silent)
    crawl = ("crawl", "local", "-s", "DOWNLOAD_TIMEOUT=1", "-s", "RETRY_TIMES=1")
    assert workplace.run(*crawl).returncode == 1
    assert site.paths() == ["/robots.txt"]
    workplace.change("UPDATE sites SET failures = 0")
    site.put("/robots.txt", "", "text/plain")
    assert workplace.run(*crawl).returncode == 1
    assert site.paths()[1:] == ["/robots.txt", "/feed.xml", "/feed.xml"], "the host answers"
    over.set()
