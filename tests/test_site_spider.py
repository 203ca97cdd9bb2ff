"""A spider class of a site's own: where it is found, what it may set, and what is said of one that cannot be used."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from scrapy.crawler import Crawler
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from crawler.home import Home, create_home
from crawler.scrapyext.spider_loader import ProfileSpiderLoader
from tests.conftest import PROJECT
from tests.newssite import NewsSite

GOOD = 'title = "Daily"\nurl = "https://daily.example/"\n'
CLASS = "from spiders.news import NewsSpider\n\n\nclass DailySpider(NewsSpider):\n    name = 'daily'\n"


def rasid(home: Home, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a home."""
    return subprocess.run(
        [sys.executable, "-m", "rasid", "--home", str(home.folder), *words],
        cwd=PROJECT,
        env=os.environ | {"NEWS_EXTRACT_WORKERS": "1"} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def put_site(site: NewsSite, home: Home, name: str, more: str = "") -> None:
    """A profile for a local site with one article."""
    feed = site.feed("/feed.xml", [site.article("/a.html", "The north pier")])
    text = f'title = "Local"\nurl = "{site.url}"\ndelay = 0\nallow_private = true\nfeeds = ["{feed}"]\n{more}'
    (home.sites / f"{name}.toml").write_text(text)


def spider_file(home: Home, name: str, text: str) -> None:
    home.spiders.mkdir(exist_ok=True)
    (home.spiders / f"{name}.py").write_text(text)


def loader_of(home: Home, profile: str, name: str = "daily") -> ProfileSpiderLoader:
    (home.sites / f"{name}.toml").write_text(profile)
    return ProfileSpiderLoader(home.sites, ["tests.oddspiders"])


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    return create_home(tmp_path / "home")


def settings_of(loader: ProfileSpiderLoader, name: str, **cmdline: object) -> Settings:
    settings = get_project_settings()
    settings.setdict(cmdline, priority="cmdline")
    return Crawler(loader.load(name), settings).settings


def test_a_class_in_the_home_sets_more_than_the_profile_and_its_signals_and_arguments_work(
    site: NewsSite, home: Home
) -> None:
    put_site(site, home, "daily", "delay = 30\n".replace("delay = 30\n", ""))
    text = (site.url + "feed.xml", home.folder / "closed.txt")
    spider_file(
        home,
        "daily",
        f"""\
from pathlib import Path

from scrapy import signals

from spiders.news import NewsSpider


class DailySpider(NewsSpider):
    name = "daily"
    custom_settings = {{"DOWNLOAD_DELAY": 0.01, "USER_AGENT": "Daily reader", "COOKIES_ENABLED": False}}

    @classmethod
    def from_crawler(cls, crawler, *args, **kwargs):
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.closed_signal, signals.spider_closed)
        return spider

    def closed_signal(self, reason):
        delay = self.settings.getfloat("DOWNLOAD_DELAY")
        Path({str(text[1])!r}).write_text(f"{{reason}} {{delay}} {{self.arguments.max_articles}}")
""",
    )
    result = rasid(home, "crawl", "daily", "-a", "max_articles=1")
    assert (result.returncode, text[1].read_text()) == (0, "finished 0.01 1"), result.stderr
    assert {request.headers["user-agent"] for request in site.seen} == {"Daily reader"}


def test_a_profile_names_a_class_that_several_sites_share(site: NewsSite, home: Home) -> None:
    put_site(site, home, "one", 'spider = "wires.WireSpider"\n')
    (home.folder / "wires.py").write_text(
        "from spiders.news import NewsSpider\n\n\nclass WireSpider(NewsSpider):\n"
        "    def page_request(self, pending):\n"
        "        return super().page_request(pending).replace(headers={'X-Wire': self.name})\n"
    )
    result = rasid(home, "crawl", "one")
    assert result.returncode == 0, result.stderr
    assert [request.headers.get("x-wire") for request in site.seen if request.path == "/a.html"] == ["one"]


def test_the_class_of_a_site_takes_precedence_over_its_profile(home: Home) -> None:
    loader = loader_of(home, GOOD + "delay = 30\ncookies = false\n", "hasty")
    assert settings_of(loader, "hasty").getfloat("DOWNLOAD_DELAY") == 0.5
    assert settings_of(loader, "hasty").getfloat("AUTOTHROTTLE_START_DELAY") == 30
    assert settings_of(loader, "hasty").getbool("COOKIES_ENABLED")
    assert settings_of(loader, "hasty").getfloat("DOWNLOAD_TIMEOUT") == 7
    assert settings_of(loader, "hasty", DOWNLOAD_DELAY="4").getfloat("DOWNLOAD_DELAY") == 4
    loader = loader_of(home, GOOD + "delay = 30\n")
    assert settings_of(loader, "daily").getfloat("DOWNLOAD_DELAY") == 30
    assert settings_of(loader, "daily", DOWNLOAD_DELAY="4").getfloat("DOWNLOAD_DELAY") == 4


@pytest.mark.parametrize(
    ("spider", "problem"),
    [
        ("nowhere.Spider", "cannot be imported: ModuleNotFoundError: No module named 'nowhere'"),
        ("spiders.news.Spidr", "cannot be imported: NameError: Module 'spiders.news' doesn't define"),
        ("tests.oddspiders.broken.Spider", "this module is broken on purpose (/"),
        ("tests.oddspiders.plain.PlainSpider", "must be a subclass of spiders.news.NewsSpider"),
        ("crawler.home.create_home", "must be a subclass of spiders.news.NewsSpider"),
    ],
)
def test_a_class_that_cannot_be_used_is_one_sentence(home: Home, spider: str, problem: str) -> None:
    loader = loader_of(home, f'{GOOD}spider = "{spider}"\n')
    with pytest.raises(KeyError) as caught:
        loader.load("daily")
    assert caught.value.args[0].startswith(f"daily.toml: spider = '{spider}': ")
    assert problem in caught.value.args[0]
    assert "\n" not in caught.value.args[0]


def test_a_site_whose_module_is_broken_is_not_crawled_by_the_generic_spider(site: NewsSite, home: Home) -> None:
    put_site(site, home, "daily")
    spider_file(home, "daily", CLASS + "\nimport nothing_of_this_name\n")
    spider_file(home, "news", CLASS)
    result = rasid(home, "crawl", "daily")
    assert (result.returncode, site.seen, "Traceback" in result.stderr) == (1, [], False), result.stderr
    where = f"({home.spiders}/daily.py, line 7)"
    assert "daily was not crawled: spiders.daily cannot be imported: ModuleNotFoundError: No mod" in result.stderr
    assert where in result.stderr
    assert f"{home.spiders}/news.py is not loaded: Rasid has a module of this name; rename it" in result.stderr
