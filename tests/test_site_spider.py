"""A spider class of a site's own: where it is found, what it may set, and what is said of one that cannot be used."""

from __future__ import annotations

import json
import os
import sqlite3
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
    put_site(site, home, "daily")
    closed = home.folder / "closed.txt"
    spider_file(
        home,
        "daily",
        f"""\
from pathlib import Path

from scrapy import signals

from spiders.news import NewsSpider


class Shouting:
    def process_item(self, item):
        item.title = item.title.upper()
        return item


class DailySpider(NewsSpider):
    name = "daily"
    custom_settings = {{
        "DOWNLOAD_DELAY": 0.01,
        "USER_AGENT": "Daily reader",
        "ITEM_PIPELINES": {{"spiders.daily.Shouting": 50}},
    }}

    @classmethod
    def from_crawler(cls, crawler, *args, **kwargs):
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.closed_signal, signals.spider_closed)
        return spider

    def closed_signal(self, reason):
        delay = self.settings.getfloat("DOWNLOAD_DELAY")
        Path({str(closed)!r}).write_text(f"{{reason}} {{delay}} {{self.arguments.max_articles}}")
""",
    )
    result = rasid(home, "crawl", "daily", "-a", "max_articles=1")
    assert (result.returncode, closed.read_text()) == (0, "finished 0.01 1"), result.stderr
    assert {request.headers["user-agent"] for request in site.seen} == {"Daily reader"}
    (article,) = sqlite3.connect(home.database).execute("SELECT title FROM articles").fetchall()
    assert article == ("THE NORTH PIER",), "its pipeline is one more, before that of the store"


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


ALL_LEVELS = """\
import json
from pathlib import Path

from scrapy.crawler import Crawler
from scrapy.utils.project import get_project_settings

from crawler.scrapyext.spider_loader import ProfileSpiderLoader

settings = get_project_settings()
loader = ProfileSpiderLoader.from_settings(settings)
found = {"project": settings["NEWS_WAIT_SECONDS"], "scrapy": settings["DOWNLOAD_WARNSIZE"]}
for name in loader.list():
    crawler = Crawler(loader.load(name), settings)
    crawler.addons.load_settings(crawler.settings)
    found[name] = [crawler.settings["DOWNLOAD_DELAY"], float(crawler.settings["NEWS_WAIT_SECONDS"])]
    found[name] += [crawler.settings["NEWS_PAGES_BACK"], crawler.settings["AUTOTHROTTLE_MAX_DELAY"]]
settings.set("DOWNLOAD_DELAY", 9, priority="cmdline")
found["cmdline"] = Crawler(loader.load("e_updated"), settings).settings["DOWNLOAD_DELAY"]
print(json.dumps(found))
"""


def test_each_level_of_settings_takes_precedence_over_those_before_it(home: Home) -> None:
    home.settings_file.write_text(
        "DOWNLOAD_DELAY = 2\nNEWS_WAIT_SECONDS = 2\nNEWS_PAGES_BACK = 2\n[ADDONS]\n'addon.Patient' = 1\n"
    )
    home.settings_module.write_text("NEWS_WAIT_SECONDS = 3\nNEWS_PAGES_BACK = 3\n")
    (home.folder / "addon.py").write_text(
        "class Patient:\n    def update_settings(self, settings):\n"
        "        settings.set('AUTOTHROTTLE_MAX_DELAY', 99, 'addon')\n"
        "        settings.set('DOWNLOAD_DELAY', 99, 'addon')\n"
    )
    keys = {
        "a_plain": "",
        "b_keyed": "delay = 5\n",
        "c_tabled": "delay = 5\n[settings]\nDOWNLOAD_DELAY = 6\nNEWS_WAIT_SECONDS = 6\n",
        "d_custom": "delay = 5\n[settings]\nDOWNLOAD_DELAY = 6\n",
        "e_updated": "delay = 5\n[settings]\nDOWNLOAD_DELAY = 6\n",
    }
    for name, text in keys.items():
        (home.sites / f"{name}.toml").write_text(f'title = "x"\nurl = "https://{name[0]}.example/"\n{text}')
    spider_file(
        home,
        "levels",
        "from spiders.news import NewsSpider\n\n\nclass Custom(NewsSpider):\n    name = 'd_custom'\n"
        "    custom_settings = {'DOWNLOAD_DELAY': 7}\n\n\nclass Updated(Custom):\n    name = 'e_updated'\n\n"
        "    @classmethod\n    def update_settings(cls, settings):\n        super().update_settings(settings)\n"
        "        settings.set('DOWNLOAD_DELAY', 8, priority='spider')\n",
    )
    result = subprocess.run(
        [sys.executable, "-c", ALL_LEVELS],
        cwd=home.folder,
        env=os.environ
        | {"PYTHONPATH": str(PROJECT), "SCRAPY_SETTINGS_MODULE": "crawler.settings", "NEWS_PAGES_BACK": "4"},
        capture_output=True,
        text=True,
        check=True,
    )
    # Delay: settings.toml, key, [settings], custom_settings, update_settings. Then settings_local.py, the environment,
    # and crawler/settings.py, over which an add-on has no precedence: Scrapy's priorities.
    assert json.loads(result.stdout) == {
        "scrapy": 0,
        "project": 3,
        "a_plain": [2, 3, "4", 60],
        "b_keyed": [5, 3, "4", 60],
        "c_tabled": [6, 6, "4", 60],
        "d_custom": [7, 3, "4", 60],
        "e_updated": [8, 3, "4", 60],
        "cmdline": 9,
    }


def test_allowed_domains_add_to_the_hosts_of_the_profile(site: NewsSite, home: Home) -> None:
    port = site.url.rpartition(":")[2]
    site.put("/text", "<p>The rest.</p>")
    put_site(site, home, "daily")
    spider_file(
        home,
        "daily",
        "from spiders.news import NewsSpider\n\n\nclass DailySpider(NewsSpider):\n    name = 'daily'\n"
        "    allowed_domains = ['localhost']\n\n    async def read_article(self, response, candidate):\n"
        f"        await self.fetch('http://localhost:{port}text')\n"
        "        await self.fetch('http://elsewhere.example/text')\n",
    )
    result = rasid(home, "crawl", "daily", "-L", "INFO")
    assert site.paths().count("/text") == 1, result.stderr
    assert "off_site http://elsewhere.example/text is not on a host of daily" in result.stderr


def test_due_reports_a_site_without_its_variables_and_crawls_the_others(site: NewsSite, home: Home) -> None:
    put_site(site, home, "good")
    (home.sites / "daily.toml").write_text(GOOD + 'headers = { X-Key = "$DAILY_KEY" }\n')
    (home.sites / "broken.toml").write_text(GOOD.replace("daily", "broken") + 'spider = "nowhere.Spider"\n')
    result = rasid(home, "due", "-L", "ERROR")
    assert "daily.toml: headers.X-Key needs the environment variable DAILY_KEY, which is not set\n" in result.stderr
    assert "broken.toml: spider = 'nowhere.Spider': cannot be imported: " in result.stderr
    assert "Traceback" not in result.stderr
    assert "/a.html" in site.paths()


def test_a_profile_is_inspected_and_a_page_extracted_with_its_headers(site: NewsSite, home: Home) -> None:
    put_site(site, home, "daily", 'headers = { X-Key = "$DAILY_KEY" }\ncookies = { session = "1" }\n')
    missing = [rasid(home, *words) for words in (("inspect", "daily"), ("extract", f"{site.url}a.html"))]
    assert [result.returncode for result in missing] == [2, 2]
    assert site.seen == []
    result = rasid(home, "extract", f"{site.url}a.html", DAILY_KEY="k")
    assert (result.returncode, "The north pier" in result.stdout) == (0, True), result.stderr
    rasid(home, "inspect", "daily", DAILY_KEY="k")
    sent = {(request.headers.get("x-key"), request.headers.get("cookie")) for request in site.seen}
    assert sent == {("k", "session=1")}


def test_methods_may_be_plain_or_asynchronous_and_send_further_requests(site: NewsSite, home: Home) -> None:
    put_site(site, home, "daily", f'sitemaps = ["{site.url}missing.xml"]\n')
    site.put("/where", "/b.html", "image/png")
    site.put("/b.html", b"\x00 The harbour board said that the old pier will open again before winter. " * 3, "audio/x")
    spider_file(
        home,
        "daily",
        """\
from crawler.items import Article
from spiders.news import NewsSpider


class DailySpider(NewsSpider):
    name = "daily"
    custom_settings = {"NEWS_MIN_BODY_CHAR": 5}

    def log_in(self):
        pass

    def is_logged_out(self, response):
        return "log in first" in response.text

    async def list_articles(self, response):
        yield (await self.fetch(response.urljoin("/where"))).body.decode()
        yield "/none"
        yield "/wrong"
        if "missing" in response.url:
            await self.fetch(response.urljoin("/nothing"))

    def read_article(self, response, candidate):
        if response.url.endswith("/none"):
            return None
        if response.url.endswith("/wrong"):
            return {"title": "There is no text"}
        return Article(url=response.url, site=self.name, title="Sound", paragraphs=[response.body.decode()[2:].strip()])
""",
    )
    for path in ("/none", "/wrong"):
        site.put(path, path)
    site.put("/missing.xml", "<urlset></urlset>", "text/xml")
    result = rasid(home, "crawl", "daily")
    assert result.returncode == 1
    assert "read_article must return an Article, an item with url, title and body, or None" in result.stderr
    database = sqlite3.connect(home.database)
    assert database.execute("SELECT title FROM articles").fetchall() == [("Sound",)]
    pages = database.execute("SELECT coalesce(reason, outcome) FROM pages ORDER BY url").fetchall()
    assert pages == [("new",), ("no_article",), ("callback_error",)]
    assert "unknown setting NEWS_MIN_BODY_CHAR; did you mean NEWS_MIN_BODY_CHARS?" in result.stderr
    assert f"channel {site.url}missing.xml: http_404" in result.stderr
