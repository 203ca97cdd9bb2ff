"""Scrapy's own tutorial, followed to the letter in a home of Rasid. Only the address of the site differs, and its
quotes are ours. The commands `shell` and `fetch` of the tutorial are in the tests of the commands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import indent

import pytest

from tests.forked import ForkedCommands, forked_commands
from tests.homes import SpiderHome
from tests.newssite import NewsSite, serve

_QUOTES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("A boat that waits for calm weather learns only the harbour.", "The Ferryman", ("patience", "sea")),
    ("من زرع في الصبر حصد في السكينة.", "The Gardener", ("patience",)),
    ("Count the loaves after the guests have eaten.", "The Baker", ("bread", "humor")),
    ("A lamp does not argue with the dark.", "The Lamplighter", ("light", "humor")),
    ("Every map was once a walk.", "The Surveyor", ("maps",)),
    ("The well is deeper on a dry day.", "The Gardener", ("patience", "light")),
)
_A_PAGE = 2
_PAGES = len(_QUOTES) // _A_PAGE


def _slug(author: str) -> str:
    return author.replace(" ", "-")


def _quote(text: str, author: str, tags: tuple[str, ...]) -> str:
    links = "".join(f'<a class="tag" href="/tag/{tag}/page/1/">{tag}</a>' for tag in tags)
    return (
        f'<div class="quote"><span class="text">“{text}”</span>'
        f'<span>by <small class="author">{author}</small> <a href="/author/{_slug(author)}">(about)</a></span>'
        f'<div class="tags">Tags: {links}</div></div>'
    )


def _page(quotes: list[tuple[str, str, tuple[str, ...]]], following: str | None) -> str:
    pager = f'<ul class="pager"><li class="next"><a href="{following}">Next <span>→</span></a></li></ul>'
    body = "".join(_quote(*quote) for quote in quotes) + (pager if following else "")
    return f"<html><head><title>Sayings of the Harbour</title></head><body>{body}</body></html>"


@contextmanager
def _quotes_site() -> Iterator[NewsSite]:
    with serve() as site:
        for number in range(1, _PAGES + 1):
            quotes = list(_QUOTES[(number - 1) * _A_PAGE : number * _A_PAGE])
            page = _page(quotes, f"/page/{number + 1}/" if number < _PAGES else None)
            for path in (f"/page/{number}/", *(["/"] if number == 1 else [])):
                site.put(path, page)
        for tag in {tag for _, _, tags in _QUOTES for tag in tags}:
            tagged = _page([quote for quote in _QUOTES if tag in quote[2]], None)
            site.put(f"/tag/{tag}", tagged)
        for author in {author for _, author, _ in _QUOTES}:
            site.put(
                f"/author/{_slug(author)}",
                f'<div><h3 class="author-title">{author}\n</h3><span class="author-born-date">in spring</span>'
                f'<div class="author-description"> {author} speaks in sayings. </div></div>',
            )
        yield site


@pytest.fixture(scope="module")
def quotes_site() -> Iterator[NewsSite]:
    with _quotes_site() as site:
        yield site


@pytest.fixture(scope="module")
def commands() -> Iterator[ForkedCommands]:
    with forked_commands() as started:
        yield started


@pytest.fixture
def home(tmp_path: Path, commands: ForkedCommands) -> SpiderHome:
    return SpiderHome(tmp_path, commands)


_FIRST = """\
from pathlib import Path

import scrapy


class QuotesSpider(scrapy.Spider):
    name = "quotes"

    async def start(self):
        urls = [
            "https://quotes.toscrape.com/page/1/",
            "https://quotes.toscrape.com/page/2/",
        ]
        for url in urls:
            yield scrapy.Request(url=url, callback=self.parse)

    def parse(self, response):
        page = response.url.split("/")[-2]
        filename = f"quotes-{page}.html"
        Path(filename).write_bytes(response.body)
        self.log(f"Saved file {filename}")
"""
_START_URLS = """\
import scrapy


class QuotesSpider(scrapy.Spider):
    name = "quotes"
    start_urls = [
        "https://quotes.toscrape.com/page/1/",
        "https://quotes.toscrape.com/page/2/",
    ]

    def parse(self, response):
        for quote in response.css("div.quote"):
            yield {
                "text": quote.css("span.text::text").get(),
                "author": quote.css("small.author::text").get(),
                "tags": quote.css("div.tags a.tag::text").getall(),
            }
"""
_PARSE = """\
import scrapy


class QuotesSpider(scrapy.Spider):
    name = "quotes"
    start_urls = [
        "https://quotes.toscrape.com/page/1/",
    ]

    def parse(self, response):
        for quote in response.css("div.quote"):
            yield {
                "text": quote.css("span.text::text").get(),
                "author": quote.css("span small::text").get(),
                "tags": quote.css("div.tags a.tag::text").getall(),
            }

"""
_NEXT_PAGE = {
    "urljoin": """\
next_page = response.css("li.next a::attr(href)").get()
if next_page is not None:
    next_page = response.urljoin(next_page)
    yield scrapy.Request(next_page, callback=self.parse)
""",
    "follow": """\
next_page = response.css("li.next a::attr(href)").get()
if next_page is not None:
    yield response.follow(next_page, callback=self.parse)
""",
    "follow_selector": """\
for href in response.css("ul.pager a::attr(href)"):
    yield response.follow(href, callback=self.parse)
""",
    "follow_element": """\
for a in response.css("ul.pager a"):
    yield response.follow(a, callback=self.parse)
""",
    "follow_all": """\
anchors = response.css("ul.pager a")
yield from response.follow_all(anchors, callback=self.parse)
""",
    "follow_all_css": """\
yield from response.follow_all(css="ul.pager a", callback=self.parse)
""",
}
_AUTHOR = """\
import scrapy


class AuthorSpider(scrapy.Spider):
    name = "author"

    start_urls = ["https://quotes.toscrape.com/"]

    def parse(self, response):
        author_page_links = response.css(".author + a")
        yield from response.follow_all(author_page_links, self.parse_author)

        pagination_links = response.css("li.next a")
        yield from response.follow_all(pagination_links, self.parse)

    def parse_author(self, response):
        def extract_with_css(query):
            return response.css(query).get(default="").strip()

        yield {
            "name": extract_with_css("h3.author-title::text"),
            "birthdate": extract_with_css(".author-born-date::text"),
            "bio": extract_with_css(".author-description::text"),
        }
"""
_ARGUMENTS = """\
import scrapy


class QuotesSpider(scrapy.Spider):
    name = "quotes"

    async def start(self):
        url = "https://quotes.toscrape.com/"
        tag = getattr(self, "tag", None)
        if tag is not None:
            url = url + "tag/" + tag
        yield scrapy.Request(url, self.parse)

    def parse(self, response):
        for quote in response.css("div.quote"):
            yield {
                "text": quote.css("span.text::text").get(),
                "author": quote.css("small.author::text").get(),
            }

        next_page = response.css("li.next a::attr(href)").get()
        if next_page is not None:
            yield response.follow(next_page, self.parse)
"""
_LINES = [{"text": f"“{text}”", "author": author, "tags": list(tags)} for text, author, tags in _QUOTES]


def _write(home: SpiderHome, site: NewsSite, name: str, code: str) -> None:
    home.spider(f"{name}_spider", code.replace("https://quotes.toscrape.com/", site.url))


def _crawl(home: SpiderHome, *words: str) -> str:
    result = home.run("crawl", *words)
    assert result.returncode == 0, result.stderr
    assert not home.database.exists()
    return result.stderr


def test_our_first_spider(home: SpiderHome, quotes_site: NewsSite) -> None:
    _write(home, quotes_site, "quotes", _FIRST)
    log = _crawl(home, "quotes", "-L", "DEBUG")
    for line in (
        "Spider opened",
        f"DEBUG: Crawled (404) <GET {quotes_site.url}robots.txt> (referer: None)",
        f"DEBUG: Crawled (200) <GET {quotes_site.url}page/1/> (referer: None)",
        "[quotes] DEBUG: Saved file quotes-1.html",
        "INFO: Closing spider (finished)",
    ):
        assert line in log
    assert {path.name for path in home.folder.glob("quotes-*.html")} == {"quotes-1.html", "quotes-2.html"}
    assert "A boat that waits" in (home.folder / "quotes-1.html").read_text("utf-8")


def test_extracting_data_and_storing_it(home: SpiderHome, quotes_site: NewsSite) -> None:
    _write(home, quotes_site, "quotes", _START_URLS)
    log = _crawl(home, "quotes", "-L", "DEBUG", "-O", "quotes.json")
    assert f"DEBUG: Scraped from <200 {quotes_site.url}page/1/>\n{_LINES[0]}" in log
    assert _sorted(json.loads((home.folder / "quotes.json").read_text("utf-8"))) == _sorted(_LINES[: 2 * _A_PAGE])
    for _ in range(2):
        assert _crawl(home, "quotes", "-o", "quotes.jsonl") == f"quotes: {2 * _A_PAGE} items, 3 responses\n"
    lines = (home.folder / "quotes.jsonl").read_text("utf-8").splitlines()
    assert _sorted(map(json.loads, lines)) == _sorted(_LINES[: 2 * _A_PAGE] * 2)


def test_following_links(home: SpiderHome, quotes_site: NewsSite) -> None:
    """All ways of the tutorial, each in a spider, in one process as Scrapy documents it."""
    for way, code in _NEXT_PAGE.items():
        _write(home, quotes_site, way, _PARSE.replace('"quotes"', f'"{way}"') + indent(code, " " * 8))
    script = home.folder / "all.py"
    script.write_text(
        f"""from scrapy.crawler import CrawlerProcess
from scrapy.utils.project import get_project_settings

settings = get_project_settings()
settings.set("FEEDS", {{"%(name)s.json": {{"format": "json"}}}})
process = CrawlerProcess(settings)
for name in {list(_NEXT_PAGE)}:
    process.crawl(name)
process.start()
"""
    )
    home.environment["SCRAPY_SETTINGS_MODULE"] = "crawler.settings"
    result = home.python("all.py")
    assert result.returncode == 0, result.stderr
    for way in _NEXT_PAGE:
        assert json.loads((home.folder / f"{way}.json").read_text("utf-8")) == _LINES


def test_more_examples_and_patterns(home: SpiderHome, quotes_site: NewsSite) -> None:
    """The author of two quotes is requested once: that is Scrapy's duplicate filter."""
    _write(home, quotes_site, "author", _AUTHOR)
    seen = len(quotes_site.seen)
    _crawl(home, "author", "-O", "authors.json")
    authors = sorted({author for _, author, _ in _QUOTES})
    assert _sorted(json.loads((home.folder / "authors.json").read_text("utf-8"))) == _sorted(
        {"name": author, "birthdate": "in spring", "bio": f"{author} speaks in sayings."} for author in authors
    )
    requested = [path for path in quotes_site.paths()[seen:] if path.startswith("/author/")]
    assert sorted(requested) == [f"/author/{_slug(author)}" for author in authors]


def test_using_spider_arguments(home: SpiderHome, quotes_site: NewsSite) -> None:
    _write(home, quotes_site, "quotes", _ARGUMENTS)
    _crawl(home, "quotes", "-O", "quotes-humor.json", "-a", "tag=humor")
    found = json.loads((home.folder / "quotes-humor.json").read_text("utf-8"))
    assert found == [{"text": f"“{text}”", "author": author} for text, author, tags in _QUOTES if "humor" in tags]


def _sorted(items: object) -> list[str]:
    assert hasattr(items, "__iter__")
    return sorted(json.dumps(item, sort_keys=True) for item in items)
