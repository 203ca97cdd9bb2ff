"""A channel counts as read when what it lists is committed: whatever happens before, the next crawl reads it again."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import threading
from pathlib import Path

from tests.conftest import Workplace
from tests.newssite import Handler, NewsSite
from tests.test_crawl_again import Versioned, text_of
from tests.test_crawl_locked import locked
from tests.test_crawl_site import wait_until
from tests.test_crawl_stopped import small_disk  # noqa: F401  (a fixture)

MODIFIED = "<lastmod>2026-11-10T08:00:00Z</lastmod>"


def put_index(site: NewsSite, workplace: Workplace, children: int = 3, articles: int = 2) -> Versioned:
    """A sitemap index with dated children; each document is served with an ETag."""
    entries = ""
    for child in range(children):
        links = [
            site.article(f"/news/{child}-{n}.html", f"Report {child} {n}", paragraphs=text_of(10 * child + n))
            for n in range(articles)
        ]
        urls = "".join(f"<url><loc>{link}</loc></url>" for link in links)
        Versioned(site, f"/child{child}.xml", f"<urlset>{urls}</urlset>", "text/xml")
        entries += f"<sitemap><loc>{site.url}child{child}.xml</loc>{MODIFIED}</sitemap>"
    index = Versioned(site, "/index.xml", f"<sitemapindex>{entries}</sitemapindex>", "text/xml")
    workplace.site_profile(site, sitemaps=[index.url])
    return index


def held_back(site: NewsSite, path: str) -> threading.Event:
    """Keep the response of a path back until the event is set; afterwards it is served as before."""
    event, answer = threading.Event(), site.find(path)
    assert answer is not None

    def wait(handler: Handler) -> None:
        event.wait(60)
        answer(handler)

    site.answer(path, wait)
    return event


def stored(workplace: Workplace) -> int:
    return len(workplace.rows("SELECT id FROM articles"))


def test_a_channel_that_a_lock_kept_from_being_stored_is_read_by_the_next_crawl(
    site: NewsSite, workplace: Workplace
) -> None:
    put_index(site, workplace)
    release = held_back(site, "/child2.xml")
    with workplace.start("crawl", "local", "-s", "NEWS_DB_TIMEOUT=0.5", "-L", "ERROR") as process:
        wait_until(lambda: "/child2.xml" in site.paths())
        with locked(workplace):
            release.set()
            _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "another program holds it" in err
    assert workplace.run("crawl", "local", "-L", "ERROR").returncode == 0
    assert stored(workplace) == 6


def test_a_channel_that_was_requested_when_the_crawl_was_stopped_is_read_by_the_next_crawl(
    site: NewsSite, workplace: Workplace
) -> None:
    put_index(site, workplace)
    release = held_back(site, "/child2.xml")
    with workplace.start("crawl", "local", "-s", "NEWS_STOP_SECONDS=0.1", "-L", "ERROR") as process:
        wait_until(lambda: workplace.database.exists() and "/child2.xml" in site.paths())
        wait_until(lambda: len(workplace.rows("SELECT url FROM channels WHERE url LIKE '%child%'")) == 2)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
        release.set()
    assert (process.returncode, err) == (0, "")
    assert workplace.run("crawl", "local", "-L", "ERROR").returncode == 0
    assert stored(workplace) == 6


def resize(disk: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True)


def test_a_channel_that_a_full_disk_kept_from_being_stored_is_read_by_the_next_crawl(
    site: NewsSite,
    workplace: Workplace,
    small_disk: Path,  # noqa: F811
) -> None:
    put_index(site, workplace, articles=60)
    resize(small_disk, "3m")
    release = held_back(site, "/child2.xml")
    elsewhere = Workplace(small_disk, {"NEWS_SITES": str(workplace.folder / "sites")})
    with elsewhere.start("crawl", "local", "-L", "ERROR", "-a", "max_articles=0") as process:
        wait_until(lambda: "/child2.xml" in site.paths())
        with (small_disk / "other").open("wb", buffering=0) as other, contextlib.suppress(OSError):
            while True:
                other.write(bytes(1024))
        release.set()
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "make room on the disk" in err
    (small_disk / "other").unlink()
    resize(small_disk, "50m")
    assert elsewhere.run("crawl", "local", "-L", "ERROR", "-a", "max_articles=0").returncode == 0
    assert elsewhere.rows("SELECT count(*) AS n FROM pages") == [{"n": 180}]
