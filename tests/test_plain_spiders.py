"""Spiders that are not of a site: listed, crawled with Scrapy's defaults, and storing articles if they yield them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from scrapy import Request

import spiders
from crawler.home import Home
from crawler.item_fields import article_fields
from crawler.items import Article
from crawler.scrapyext.spider_loader import ProfileSpiderLoader
from tests.conftest import Workplace
from tests.forked import ForkedCommands, forked_commands
from tests.homes import SpiderHome
from tests.newssite import PARAGRAPHS, NewsSite, article_page

TEXT = "The harbour board said on Tuesday that the old north pier will open again before winter. " * 2

TEXTS = [
    "The harbour board said on Tuesday that the old north pier will open again before winter.",
    "A new ferry to the islands leaves every morning at eight, and returns when the tide allows it.",
    "The library of the upper town lends ladders and drills since March, and nobody is surprised any more.",
    "Bakers of the old market agreed on one size of loaf after a dispute that had lasted for two years.",
    "Engineers measured the bridge for a week, found nothing wrong with it, and painted it blue all the same.",
    "The school orchestra plays on the quay in June if the wind is from the west, else in the town hall.",
    "Three gardeners planted four hundred lime trees along the railway, where dust had been the only neighbour.",
]


@pytest.fixture(scope="module")
def commands() -> Iterator[ForkedCommands]:
    with forked_commands() as started:
        yield started


@pytest.fixture
def home(tmp_path: Path, commands: ForkedCommands) -> SpiderHome:
    return SpiderHome(tmp_path, commands)


def test_list_shows_sites_and_spiders_and_a_broken_module_costs_itself_alone(home: SpiderHome) -> None:
    home.spider("first", 'import scrapy\nclass First(scrapy.Spider):\n    name = "first"\n')
    home.spider("broken", "import scrapy\nimport no_such_module\n")
    home.spider("wrong", "class Wrong(:\n")
    home.spider("leaving", "raise SystemExit(3)\n")
    (home.folder / "spiders" / "group").mkdir()
    (home.folder / "spiders" / "group" / "__init__.py").touch()
    home.spider(
        "group/second", 'from scrapy.spiders import CrawlSpider\nclass B(CrawlSpider):\n    name = "a_second"\n'
    )
    (home.folder / "sites" / "daily.toml").write_text('title = "D"\nurl = "https://daily.example/"\n')

    plain, long = home.run("list"), home.run("list", "--long")
    assert (plain.returncode, plain.stdout.split()) == (1, ["daily", "a_second", "first"])
    assert [line.split() for line in long.stdout.splitlines()[1:]] == [
        ["daily", "site", "sites/daily.toml"],
        ["a_second", "spider", "spiders.group.second"],
        ["first", "spider", "spiders.first"],
    ]
    folder = home.folder / "spiders"
    assert plain.stderr.splitlines() == [
        f"skipped: spiders.broken cannot be imported: ModuleNotFoundError: No module named 'no_such_module' "
        f"({folder}/broken.py, line 2)",
        f"skipped: spiders.leaving cannot be imported: SystemExit: 3 ({folder}/leaving.py, line 1)",
        f"skipped: spiders.wrong cannot be imported: SyntaxError: invalid syntax ({folder}/wrong.py, line 1)",
    ]


def test_names_that_are_not_clear_are_refused(
    home: SpiderHome, site: NewsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.spider("a", 'import scrapy\nclass A(scrapy.Spider):\n    name = "twin"\n')
    home.spider("b", 'import scrapy\nclass B(scrapy.Spider):\n    name = "twin"\n')
    home.spider("c", 'import scrapy\nclass C(scrapy.Spider):\n    name = "daily"\n')
    home.spider("d", 'from spiders.news import NewsSpider\nclass D(NewsSpider):\n    name = "own"\n')
    home.spider("e", 'from spiders.news import NewsSpider\nclass E(NewsSpider):\n    name = "lost"\n')
    home.spider("news", 'import scrapy\nclass News(scrapy.Spider):\n    name = "mine"\n')
    home.spider("late", "import no_such_module\n")
    for name in ("daily", "own", "late"):
        (home.folder / "sites" / f"{name}.toml").write_text(f'title = "D"\nurl = "https://{name}.example/"\n')
    monkeypatch.setattr(spiders, "__path__", list(spiders.__path__))
    home.spider("f", 'import scrapy\nclass F(scrapy.Spider):\n    name = "f"\n    allowed_domains = ["f.example"]\n')
    loader = ProfileSpiderLoader(home.folder / "sites", ["spiders"], Home(home.folder))
    assert loader.list() == ["own", "f"]
    assert loader.find_by_request(Request("https://www.f.example/1")) == ["f"]
    assert loader.find_by_request(Request("https://own.example/1")) == ["own"]
    assert "D" in [base.__name__ for base in loader.load("own").__mro__]
    for name, words in {
        "twin": "twin: spiders.a.A and spiders.b.B have the same name",
        "daily": "spider daily in spiders.c: must be a subclass of spiders.news.NewsSpider, because daily.toml is the",
        "lost": "lost: spiders.e.E is the spider of a site, which needs a profile: there is no sites/lost.toml",
        "late": "late was not crawled: spiders.late cannot be imported: ModuleNotFoundError",
    }.items():
        with pytest.raises(KeyError, match=r".") as problem:
            loader.load(name)
        assert str(problem.value.args[0]).startswith(words)
    assert any("Rasid has a module of this name" in text for text in loader.module_problems.values())


PROBE = """
    import scrapy

    class Probe(scrapy.Spider):
        name = "probe"
        allowed_domains = ["127.0.0.1"]
        custom_settings = {"EXTENSIONS": {"scrapy.extensions.memusage.MemoryUsage": None}, "DOWNLOAD_DELAY": 0}

        async def start(self):
            yield scrapy.Request(self.site)

        def parse(self, response):
            for path in ("same", "same", "private/x", "slow", "again"):
                yield response.follow(f"/{path}", self.parse_page, cb_kwargs={"path": path})
            yield scrapy.Request("http://elsewhere.invalid/", self.parse_page)

        def parse_page(self, response, path):
            yield {"path": path, "settings": {name: self.settings[name] for name in (
                "AUTOTHROTTLE_ENABLED", "DOWNLOAD_TIMEOUT", "REDIRECT_MAX_TIMES", "DUPEFILTER_CLASS",
                "ROBOTSTXT_OBEY", "CONCURRENT_REQUESTS_PER_DOMAIN", "DOWNLOAD_MAXSIZE")}}
"""


def test_plain_spiders_have_scrapys_defaults_and_our_politeness(home: SpiderHome, site: NewsSite) -> None:
    """No page twice, none elsewhere, cookies, retries: as Scrapy documents. robots.txt, Retry-After, user agent: ours,
    and an EXTENSIONS of the spider's own does not switch that off."""
    site.put("/robots.txt", "User-agent: *\nDisallow: /private/\n", "text/plain")
    site.put("/", "<p>x</p>", headers={"Set-Cookie": "seen=yes"})
    for path in ("/same", "/private/x", "/again"):
        site.put(path, "<p>x</p>")
    answers = iter([503, 200])
    site.answer("/slow", lambda handler: handler.reply("x", status=next(answers), headers={"Retry-After": "1"}))
    home.spider("probe", PROBE)
    result = home.run(
        "crawl", "probe", "-a", f"site={site.url}", "-O", "out.jsonl", "-s", "NEWS_CONTACT=mailto:a@b.example"
    )
    assert result.returncode == 0, result.stderr
    assert "private/x was not requested: Forbidden by robots.txt" in result.stderr
    assert "probe: 3 items, 5 responses, not requested: 1 robots" in result.stderr
    counts = Counter(site.paths())
    assert counts == {"/robots.txt": 1, "/": 1, "/same": 1, "/slow": 2, "/again": 1}
    first, second = (seen.at for seen in site.seen if seen.path == "/slow")
    assert second - first > 0.9
    assert all(seen.headers["user-agent"].endswith("+mailto:a@b.example)") for seen in site.seen)
    assert [seen.headers.get("cookie") for seen in site.seen if seen.path == "/same"] == ["seen=yes"]
    item = json.loads((home.folder / "out.jsonl").read_text().splitlines()[0])
    assert item["settings"] == {
        "AUTOTHROTTLE_ENABLED": False,
        "DOWNLOAD_TIMEOUT": 180,
        "REDIRECT_MAX_TIMES": 20,
        "DUPEFILTER_CLASS": "scrapy.dupefilters.RFPDupeFilter",
        "ROBOTSTXT_OBEY": True,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_MAXSIZE": 10 * 1024 * 1024,
    }
    assert not home.database.exists()


def test_a_setting_of_the_user_holds_also_where_it_is_the_default_of_sites(home: SpiderHome) -> None:
    (home.folder / "settings.toml").write_text("AUTOTHROTTLE_ENABLED = true\nDOWNLOAD_TIMEOUT = 30\n")
    home.spider(
        "probe",
        """
        import scrapy
        class Probe(scrapy.Spider):
            name = "probe"
            async def start(self):
                yield {name: self.settings[name] for name in (
                    "AUTOTHROTTLE_ENABLED", "DOWNLOAD_TIMEOUT", "REDIRECT_MAX_TIMES")}
        """,
    )
    assert home.run("crawl", "probe", "-O", "out.jsonl").returncode == 0
    assert json.loads((home.folder / "out.jsonl").read_text()) == {
        "AUTOTHROTTLE_ENABLED": True,
        "DOWNLOAD_TIMEOUT": 30,
        "REDIRECT_MAX_TIMES": 20,
    }


def test_a_crawl_that_is_stopped_while_its_first_article_waits_for_the_store_stores_it(
    home: SpiderHome,
) -> None:
    home.spider(
        "stopped",
        f"""
        import asyncio
        import scrapy
        class Stop:
            def __init__(self, crawler):
                self.crawler = crawler
            @classmethod
            def from_crawler(cls, crawler):
                return cls(crawler)
            def process_item(self, item):
                self.stopping = asyncio.ensure_future(self.crawler.stop_async())
                return item
        class Stopped(scrapy.Spider):
            name = "stopped"
            custom_settings = {{"ITEM_PIPELINES": {{Stop: 10}}}}
            async def start(self):
                yield {{"url": "https://errors.example/1", "title": "One", "body": "{TEXT}"}}
        """,
    )
    result = home.run("crawl", "stopped")
    assert (result.returncode, "Traceback" in result.stderr) == (0, False), result.stderr
    assert "stopped: 1 item (articles: 1 new)" in result.stderr


def test_private_addresses_are_refused_with_a_word_about_it(home: SpiderHome, site: NewsSite) -> None:
    home.settings("DOWNLOAD_DELAY = 0\n")
    site.put("/", "<p>x</p>")
    spider = 'import scrapy\nclass A(scrapy.Spider):\n    name = "a"\n    start_urls = ["{}"]\n    {}\n'
    body = 'def parse(self, response):\n        yield {"url": response.url}'
    local = site.url.replace("127.0.0.1", "localhost")
    home.spider("a", spider.format(site.url, body))
    home.spider("b", spider.format(local, body).replace('"a"', '"b"'))
    home.spider(
        "c", spider.format(local, f"custom_settings = {{'NEWS_ALLOW_PRIVATE': True}}\n    {body}").replace('"a"', '"c"')
    )
    literal, name, allowed = (home.run("crawl", spider) for spider in ("a", "b", "c"))
    assert (literal.returncode, name.returncode, allowed.returncode) == (1, 1, 0)
    assert f"{site.url} is on a private network; NEWS_ALLOW_PRIVATE = True allows it" in literal.stderr
    assert "leads to a private address; NEWS_ALLOW_PRIVATE = True allows it" in name.stderr
    for result in (literal, name):
        assert "0 items, 0 responses, not requested: 1 private address, no response to any request" in result.stderr
    assert allowed.stderr == "c: 1 item, 2 responses\n"


FOUR = """
    from scrapy.spiders import CrawlSpider, CSVFeedSpider, Rule, SitemapSpider, XMLFeedSpider
    from scrapy.linkextractors import LinkExtractor

    SITE = "{site}"

    class Links(CrawlSpider):
        name = "links"
        start_urls = [SITE]
        rules = (Rule(LinkExtractor(allow=r"/item/"), callback="parse_item"),)
        def parse_item(self, response):
            yield {{"from": self.name, "title": response.css("h1::text").get()}}

    class Map(SitemapSpider):
        name = "map"
        sitemap_urls = [SITE + "robots.txt"]
        sitemap_rules = [("/item/", "parse_item")]
        def parse_item(self, response):
            yield {{"from": self.name, "title": response.css("h1::text").get()}}

    class Table(CSVFeedSpider):
        name = "table"
        start_urls = [SITE + "table.csv"]
        delimiter = ";"
        def parse_row(self, response, row):
            return {{"from": self.name, "title": row["title"]}}

    class Nodes(XMLFeedSpider):
        name = "nodes"
        start_urls = [SITE + "nodes.xml"]
        itertag = "item"
        def parse_node(self, response, node):
            return {{"from": self.name, "title": node.xpath("title/text()").get()}}
"""


def test_the_generic_spiders_of_scrapy_work(home: SpiderHome, site: NewsSite) -> None:
    site.put("/", '<a href="/item/1">1</a> <a href="/item/2">2</a> <a href="/other">3</a>')
    for number in (1, 2):
        site.put(f"/item/{number}", f"<h1>Item {number}</h1>")
    site.put("/robots.txt", f"Sitemap: {site.url}map.xml\n", "text/plain")
    urls = "".join(f"<url><loc>{site.url}item/{number}</loc></url>" for number in (1, 2))
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    site.put(
        "/map.xml", f'<urlset xmlns="{namespace}">{urls}<url><loc>{site.url}other</loc></url></urlset>', "text/xml"
    )
    site.put("/table.csv", "title;n\nItem 1;1\nItem 2;2\n", "text/csv")
    site.put(
        "/nodes.xml", "<all><item><title>Item 1</title></item><item><title>Item 2</title></item></all>", "text/xml"
    )
    home.spider("four", FOUR.format(site=site.url))
    (home.folder / "all.py").write_text(
        "from scrapy.crawler import CrawlerProcess\nfrom scrapy.utils.project import get_project_settings\n"
        "settings = get_project_settings()\nsettings.set('FEEDS', {'%(name)s.jsonl': {'format': 'jsonlines'}})\n"
        "process = CrawlerProcess(settings)\n"
        "for name in process.spider_loader.list():\n    process.crawl(name)\nprocess.start()\n"
    )
    home.environment["SCRAPY_SETTINGS_MODULE"] = "crawler.settings"
    assert home.python("all.py").stderr == ""
    for name in ("links", "map", "table", "nodes"):
        items = [json.loads(line) for line in (home.folder / f"{name}.jsonl").read_text().splitlines()]
        assert sorted(item["title"] for item in items) == ["Item 1", "Item 2"]
        assert {item["from"] for item in items} == {name}


ARTICLES = """
    import attrs, scrapy
    from dataclasses import dataclass, field
    from crawler.items import Article

    @dataclass
    class News:
        url: str
        title: str
        paragraphs: list
        authors: list = field(default_factory=list)

    @attrs.define
    class Story:
        url: str
        title: str
        body: str

    class Item(scrapy.Item):
        url = scrapy.Field()
        title = scrapy.Field()
        body = scrapy.Field()
        published = scrapy.Field()

    class Gazette(scrapy.Spider):
        name = "gazette"

        async def start(self):
            yield scrapy.Request(self.site + "api.json", self.parse_api)
            yield scrapy.Request(self.site + "a.html", self.parse_page)

        def parse_api(self, response):
            texts = response.json()
            yield {"kind": "not an article", "pages": 5}
            yield {"url": "https://gazette.example/1?utm_source=x", "title": "One ",
                   "body": f"{texts[1]}\\n\\n {texts[0]}",
                   "published": "2026-11-02T09:30:00+02:00", "tags": ("pier",)}
            yield News("https://gazette.example/2", "Two", texts[2:4], ["Salma"])
            yield Story("https://gazette.example/3", "Three", texts[4])
            yield Item(url="https://gazette.example/4", title="Four", body=texts[5], published="2026-11-03")
            yield Article(url="https://gazette.example/5", site="gazette", title="Five", paragraphs=texts[6:])
            yield {"url": "https://gazette.example/6", "title": "Six", "body": "too short"}

        async def parse_page(self, response):
            yield {"url": response.url, "title": response.css("h1::text").get(),
                   "paragraphs": response.css("p::text").getall()}
"""


def test_items_with_the_fields_of_an_article_are_stored(home: SpiderHome, site: NewsSite) -> None:
    site.put("/api.json", json.dumps(TEXTS), "application/json")
    site.put("/a.html", article_page("The page", PARAGRAPHS[:2]))
    home.spider("gazette", ARTICLES)
    first = home.run("crawl", "gazette", "-a", f"site={site.url}", "-O", "out.json")
    assert first.returncode == 0, first.stderr
    assert "gazette: 7 items (articles: 6 new), 3 responses, 1 item dropped" in first.stderr
    rows = home.rows("SELECT * FROM articles ORDER BY url")
    assert [(row["title"], row["site"]) for row in rows] == [
        (title, "gazette") for title in ("The page", "One", "Two", "Three", "Four", "Five")
    ]
    one = rows[1]
    assert (one["url"], one["published"], one["published_precision"], one["published_from"]) == (
        "https://gazette.example/1", "2026-11-02T07:30:00Z", "second", "item",
    )  # fmt: skip
    assert (rows[4]["published"], rows[4]["published_precision"]) == ("2026-11-03T00:00:00Z", "day")
    assert home.rows("SELECT * FROM pages") == []  # nothing is to be requested again by a site's crawl
    archived = home.rows("SELECT a.url FROM articles a JOIN archive r ON r.article_id = a.id")
    assert archived == [{"url": f"{site.url}a.html"}]  # the only one whose response is its page
    (run,) = home.rows("SELECT site, new, dropped, requested, reasons, finish_reason, arguments FROM runs")
    assert run == {
        "site": "gazette", "new": 6, "dropped": 1, "requested": 7, "finish_reason": "finished",
        "reasons": json.dumps({"body_too_short": 1}),
        "arguments": json.dumps({"site": site.url}),
    }  # fmt: skip
    items = json.loads((home.folder / "out.json").read_text())
    assert {"kind": "not an article", "pages": 5} in items
    assert {item["url"]: item["published"] for item in items if "url" in item}["https://gazette.example/1"] == (
        "2026-11-02T07:30:00Z"
    )

    second = home.run("crawl", "gazette", "-a", f"site={site.url}")
    assert "gazette: 7 items (articles: 6 unchanged), 3 responses, 1 item dropped" in second.stderr
    # The other commands neither break nor nag about a site that has no profile.
    (home.folder / "sites" / "daily.toml").write_text('title = "D"\nurl = "https://daily.example/"\nenabled = false\n')
    for words in (["status"], ["sites"], ["export", "all.csv", "--site", "gazette"], ["search", "pier"]):
        result = home.run(*words)
        assert (result.returncode, result.stderr.replace("6 articles in all.csv\n", "")) == (0, ""), result.stderr
    (state,) = [line.split() for line in home.run("status").stdout.splitlines() if line.startswith("gazette ")]
    assert (state[-2:], "never" in state) == (["no", "profile"], True)
    for words in (["due"], ["health"]):  # no site is enabled, and that is all that they say
        assert home.run(*words).stderr.startswith("no profile in "), words


WRONG = """
    import scrapy

    TEXT = "{text}"

    class Wrong(scrapy.Spider):
        name = "wrong"

        async def start(self):
            good = {{"url": "https://wrong.example/1", "title": "One", "body": TEXT}}
            yield good | {{"published": "yesterday"}}
            yield good | {{"publishd": "2026-11-02"}}
            yield good | {{"title": ["One"]}}
            yield good | {{"url": "/1"}}
            yield good | {{"authors": "Salma"}}
            yield good | {{"paragraphs": [TEXT]}}
            yield good | {{"url": "https://wrong.example/2"}}
"""


def test_a_wrong_field_is_named_with_its_value_and_costs_that_item_alone(home: SpiderHome) -> None:
    home.spider("wrong", WRONG.format(text=TEXT))
    result = home.run("crawl", "wrong", "-O", "out.jsonl")
    assert result.returncode == 1
    for words in (
        "published = 'yesterday': must be a datetime with a time zone",
        "publishd = '2026-11-02': no field of an article; those are authors, body, category",
        "title = ['One']: must be a text",
        "url = '/1': must be an absolute http or https URL",
        "authors = 'Salma': must be a list of texts",
        "body and paragraphs: an article has one of them, not both",
    ):
        assert f"an item of start(): the item counts as an article and is not stored: {words}" in result.stderr
    assert "wrong: 1 item (articles: 1 new), 0 responses, 6 errors" in result.stderr
    assert [row["url"] for row in home.rows("SELECT url FROM articles")] == ["https://wrong.example/2"]
    assert home.run("crawl", "wrong", "-s", "NEWS_ARTICLE_ITEMS=0", "-O", "out.jsonl").returncode == 0
    assert len((home.folder / "out.jsonl").read_text().splitlines()) == 7


def test_every_field_of_an_article_may_be_in_an_item_but_for_those_of_the_pipelines() -> None:
    of_pipelines = {"extractor", "fingerprint", "identity"}
    assert {field.name for field in fields(Article)} - of_pipelines <= set(article_fields())


def test_errors_of_callbacks_pipelines_and_the_store_are_not_a_success(home: SpiderHome) -> None:
    home.spider(
        "errors",
        f"""
        import scrapy
        class Errors(scrapy.Spider):
            async def start(self):
                yield {{"url": "https://errors.example/1", "title": "One", "body": "{TEXT}"}}
        class Store(Errors):
            name = "store"
        class Pipe:
            def process_item(self, item):
                raise LookupError("no such thing")
        class Pipeline(Errors):
            name = "pipeline"
            custom_settings = {{"ITEM_PIPELINES": {{Pipe: 10}}}}
        class Callback(scrapy.Spider):
            name = "callback"
            start_urls = ["data:,x"]
            custom_settings = {{
                "DOWNLOAD_HANDLERS": {{"data": "scrapy.core.downloader.handlers.datauri.DataURIDownloadHandler"}}
            }}
            def parse(self, response):
                raise LookupError("no such thing")
        """,
    )
    home.database.mkdir()
    store = home.run("crawl", "store")
    assert (store.returncode, "Traceback" in store.stderr) == (1, False)
    assert str(home.database) in store.stderr
    home.database.rmdir()
    for name in ("pipeline", "callback"):
        result = home.run("crawl", name)
        assert result.returncode == 1
        assert "1 error" in result.stderr
    assert not home.database.exists()


def test_a_dict_of_a_sites_spider_ends_the_page_that_was_requested(site: NewsSite, workplace: Workplace) -> None:
    two = article_page("The pier", PARAGRAPHS).replace("</h1>", "</h1><h2>The ferry</h2>")
    links = [site.put("/two.html", two), site.article("/bad.html", "The bridge")]
    workplace.site_profile(site, "dicts", feeds=[site.feed("/feed.xml", links)])
    result = workplace.run("crawl", "dicts", "-s", "SPIDER_MODULES=tests.oddspiders")
    assert result.returncode == 1
    assert f"{site.url}bad.html: the item counts as an article and is not stored: published = 'soon': " in result.stderr
    assert workplace.pages() == {"/two.html": "new", "/bad.html": "item_error"}
    articles = workplace.rows("SELECT title, site, url FROM articles ORDER BY title")
    assert [(row["title"], row["site"]) for row in articles] == [("The ferry", "dicts"), ("The pier", "dicts")]
    archived = workplace.rows("SELECT a.url FROM articles a JOIN archive r ON r.article_id = a.id")
    assert [row["url"] for row in archived] == [f"{site.url}two.html"]
    (run,) = workplace.rows("SELECT new, failed, requested FROM runs")
    assert run == {"new": 2, "failed": 1, "requested": 3}


MODELS = """
    import pydantic, scrapy

    class News(pydantic.BaseModel):
        url: str
        title: str
        paragraphs: list[str]

    class Price(pydantic.BaseModel):
        name: str
        value: float

    class Models(scrapy.Spider):
        name = "models"

        async def start(self):
            yield News(url="https://models.example/1", title="One", paragraphs=self.text.split("|"))
            yield Price(name="Bread", value=1.5)
"""


def test_models_of_pydantic_are_items_as_any_other(home: SpiderHome) -> None:
    pytest.importorskip("pydantic", reason="needs pydantic: pip install pydantic")
    home.spider("models", MODELS)
    result = home.run("crawl", "models", "-a", f"text={'|'.join(PARAGRAPHS[:2])}", "-O", "out.jsonl")
    assert result.returncode == 0, result.stderr
    assert home.rows("SELECT title, site FROM articles") == [{"title": "One", "site": "models"}]
    items = [json.loads(line) for line in (home.folder / "out.jsonl").read_text().splitlines()]
    assert {"name": "Bread", "value": 1.5} in items
    assert [item["title"] for item in items if "title" in item] == ["One"]
