"""docs/troubleshooting.md: each mistake is made, and what the page says about it is what the user is told."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from crawler.store import Store
from tests.conftest import PROJECT, Workplace
from tests.inprocess import Commands
from tests.made_up import HOME, LONG, an_article, put
from tests.newssite import Handler, NewsSite
from tests.test_makefile import fake_python, make

PAGE = (PROJECT / "docs" / "troubleshooting.md").read_text("utf-8")
DAILY = 'title = "Daily"\nurl = "https://www.daily.example/"\n'


@dataclass(frozen=True)
class Row:
    """A row of the page."""

    mistake: str
    message: str
    code: int


def rows() -> Iterator[Row]:
    for line in PAGE.splitlines():
        if line.startswith("| ") and not line.startswith("| mistake"):
            mistake, message, code, _ = line.strip("|").split(" | ", 3)
            yield Row(mistake.strip(), message.strip().strip("`").strip(), int(code))


@dataclass
class Desk:
    """Where a mistake is made: a folder with profiles and a database, and a site on this machine."""

    workplace: Workplace
    site: NewsSite
    capfd: pytest.CaptureFixture[str]

    @property
    def folder(self) -> Path:
        return self.workplace.folder

    def scrapy(self, *words: str) -> tuple[int, str]:
        """Run a command that starts no crawl: its exit code, and what it said."""
        result = Commands(self.workplace.database, self.capfd, sites=self.folder / "sites")(*words)
        return result.code, result.out + result.err

    def crawl(self, *words: str) -> tuple[int, str]:
        result = self.workplace.run(*words, "-s", "RETRY_TIMES=0")
        return result.returncode, result.stdout + result.stderr

    def broken(self, text: str | bytes, name: str = "daily") -> tuple[int, str]:
        """Crawl a site with this profile."""
        path = self.folder / "sites" / f"{name}.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return self.scrapy("crawl", name)

    def local(self, *feeds: str, name: str = "local") -> None:
        """A profile for the site on this machine."""
        self.workplace.site_profile(self.site, name, **({"feeds": list(feeds)} if feeds else {}))

    def crawled(self) -> None:
        """One article of `local` was found and stored."""
        self.local(self.site.feed("/feed.xml", [self.site.article("/a.html", "First")]))
        assert self.crawl("crawl", "local")[0] == 0

    def stored(self) -> None:
        """One article of `local` is stored."""
        self.workplace.profile("local", f'title = "Local"\nurl = "{HOME}"\n')
        with Store(self.workplace.database) as store:
            put(store, an_article("a", f"الميناء القديم\n{LONG}", title="الميناء First", site="local", language="ar"))

    def exported(self, name: str, *words: str) -> tuple[int, str]:
        self.stored()
        return self.scrapy("export", name if name.startswith("/") else str(self.folder / name), *words)


def renamed(desk: Desk) -> tuple[int, str]:
    desk.crawled()
    (desk.folder / "sites" / "local.toml").rename(desk.folder / "sites" / "harbour.toml")
    return desk.crawl("crawl", "harbour")


def copied(desk: Desk) -> tuple[int, str]:
    desk.workplace.profile("daily", DAILY)
    return desk.broken(DAILY, "daily_again")


def beside_a_broken_profile(desk: Desk) -> tuple[int, str]:
    desk.crawled()
    desk.workplace.profile("broken", "title = x")
    assert "broken" not in desk.crawl("crawl", "local")[1]
    return desk.scrapy("list")


def html_feed(desk: Desk) -> tuple[int, str]:
    page = "<!DOCTYPE html><head><link rel=alternate type=application/rss+xml href=/real.xml></head><p>News</p>"
    desk.local(desk.site.put("/feed.xml", page))
    return desk.crawl("crawl", "local")


def without_channels(desk: Desk) -> tuple[int, str]:
    desk.site.put("/robots.txt", "User-agent: *\nDisallow:\n", "text/plain")
    desk.local()
    return desk.crawl("crawl", "local")


def missing_feed(desk: Desk) -> tuple[int, str]:
    desk.local(desk.site.url + "nothing.xml")
    return desk.crawl("crawl", "local")


def offline(desk: Desk) -> tuple[int, str]:
    for number in range(2):
        home = f"http://127.0.0.1:1/{number}/"
        desk.workplace.profile(
            f"down_{number}", f'title = "Down"\nurl = "{home}"\nallow_private = true\nfeeds = ["{home}feed"]\n'
        )
    said = desk.crawl("due", "-L", "ERROR")
    for command in ("status", "sites", "health"):
        code, text = desk.scrapy(command)
        assert code == 3, command
        assert "none of its channels gave a usable answer" in text
    return said


def interrupted(desk: Desk) -> tuple[int, str]:
    def stall(handler: Handler) -> None:
        time.sleep(30)

    site = desk.site
    desk.local(site.feed("/feed.xml", [site.answer(f"/stall{n}.html", stall) for n in range(3)]))
    with desk.workplace.start("crawl", "local", "-s", "NEWS_STOP_SECONDS=1") as crawl:
        limit = time.monotonic() + 60
        while not any(seen.path.startswith("/stall") for seen in site.seen) and time.monotonic() < limit:
            time.sleep(0.05)
        crawl.send_signal(signal.SIGINT)
        out, err = crawl.communicate(timeout=60)
    return crawl.returncode, out + err


def csv_in_excel(desk: Desk) -> tuple[int, str]:
    said = desk.exported("news.csv")
    content = (desk.folder / "news.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert "الميناء" in content.decode("utf-8-sig")
    assert b"\\n" not in content
    return said


def port_in_use(_: Desk) -> tuple[int, str]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        words = ["-m", "demo.run", "--port", str(taken.getsockname()[1])]
        result = subprocess.run([sys.executable, *words], cwd=PROJECT, capture_output=True, text=True, check=False)
    return result.returncode, result.stderr


def on_windows(_: Desk) -> tuple[int, str]:
    code = "import sys, runpy; sys.platform = 'win32'; runpy.run_module('rasid', run_name='__main__')"
    result = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=False)
    return result.returncode, result.stderr


def old_python(desk: Desk, script: str) -> tuple[int, str]:
    if shutil.which("make") is None:
        pytest.skip("needs make")
    result = make(desk.folder, "demo", fake_python(desk.folder, script))
    return int(result.returncode != 0), result.stderr


def misspelt_command(_: Desk) -> tuple[int, str]:
    result = subprocess.run(
        [sys.executable, "-m", "rasid", "exprt"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    return result.returncode, result.stderr


def found_by(desk: Desk, *words: str) -> tuple[int, str]:
    desk.stored()
    return desk.scrapy("search", "first", "--site", *words)


def added_twice(desk: Desk) -> tuple[int, str]:
    desk.local()
    return desk.crawl("add", "--yes", desk.site.url)


MAKE: dict[str, Callable[[Desk], tuple[int, str]]] = {
    "the beginning of a site's name": lambda desk: found_by(desk, "Local"),
    "the URL of an article": lambda desk: found_by(desk, HOME + "a"),
    "a misspelt name": lambda desk: found_by(desk, "lokal"),
    "the URL of a site that was not added": lambda desk: desk.scrapy("crawl", "https://nobody.example/news"),
    "a name that only the catalogue has": lambda desk: desk.scrapy("crawl", "enab baladi"),
    "adding a site twice": added_twice,
    "a wrong date": lambda desk: desk.scrapy("export", "-", "--since", "soon"),
    "the name of a language": lambda desk: desk.scrapy("export", "-", "--language", "Arabic"),
    "a misspelt command": misspelt_command,
    "an address without `https://`": lambda desk: desk.broken(
        DAILY.replace("https://www.daily.example/", "www.daily.example")
    ),
    "a language in words": lambda desk: desk.broken(DAILY + 'language = "Arabic"\n'),
    "a city as the time zone": lambda desk: desk.broken(DAILY + 'timezone = "Damascus"\n'),
    "a misspelt key": lambda desk: desk.broken(DAILY + 'feed = ["https://www.daily.example/feed"]\n'),
    "a feed that is not in a list": lambda desk: desk.broken(DAILY + 'feeds = "https://www.daily.example/feed"\n'),
    "quotes of a word processor": lambda desk: desk.broken("title = “Daily”\n"),
    "a colon in place of =": lambda desk: desk.broken('title = "Daily"\nurl: "https://www.daily.example/"\n'),
    "text without quotes": lambda desk: desk.broken("title = Daily News\n"),
    "a file in UTF-16": lambda desk: desk.broken(DAILY.encode("utf-16")),
    "a space in the name of the file": lambda desk: desk.broken(DAILY, "daily news"),
    "the profile of another site is broken": beside_a_broken_profile,
    "a copy of a profile under another name": copied,
    "a renamed profile": renamed,
    "the URL of a feed is a page": html_feed,
    "the feed does not exist": missing_feed,
    "no channel in the profile, no sitemap in robots.txt": without_channels,
    "the network is down": offline,
    "Ctrl-C": interrupted,
    "a filter that fits no article": lambda desk: desk.exported("a.csv", "--language", "fr"),
    "a folder that does not exist": lambda desk: desk.exported("missing/a.csv"),
    "a file name without a format": lambda desk: desk.exported("news"),
    "a folder without the right to write": lambda desk: desk.exported("/proc/news.csv"),
    "Arabic text in Excel": csv_in_excel,
    "a file name with spaces and Arabic letters": lambda desk: desk.exported("تقرير اليوم.xlsx"),
    "Python is too old": lambda desk: old_python(desk, "exit 1"),
    "Python has no venv module": lambda desk: old_python(desk, 'case "$2" in *venv*) exit 1;; *) exit 0;; esac'),
    "Windows": on_windows,
    "the port of the demo is in use": port_in_use,
    "a cron job finds no program": lambda desk: desk.scrapy("schedule", "--print", "cron"),
}


def test_every_row_of_the_page_is_made() -> None:
    assert [row.mistake for row in rows()] == list(MAKE)


@pytest.mark.parametrize("row", [*rows()], ids=lambda row: row.mistake)
def test_a_mistake_is_answered_as_the_page_says(
    row: Row, site: NewsSite, workplace: Workplace, capfd: pytest.CaptureFixture[str]
) -> None:
    if row.mistake == "a folder without the right to write" and not os.path.isdir("/proc"):
        pytest.skip("needs /proc, where nobody can write")
    (workplace.folder / "sites").mkdir()
    code, said = MAKE[row.mistake](Desk(workplace, site, capfd))
    pattern = ".*".join(map(re.escape, row.message.split("…")))
    assert re.search(pattern, said), said
    assert code == row.code, said
    assert "Traceback" not in said
