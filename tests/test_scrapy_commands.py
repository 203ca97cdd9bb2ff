"""Every command of Scrapy, with every option that its documentation has, on a local site: docs/scrapy_commands.md."""

from __future__ import annotations

import importlib.util
import json
import os
import re
from argparse import SUPPRESS, ArgumentParser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
import scrapy.commands
from scrapy.settings import Settings

from crawler.commands.genspider import NEWS, OURS
from crawler.home import create_home
from tests.conftest import PROJECT, Workplace
from tests.forked import Ended, ForkedCommands, forked_commands
from tests.newssite import NewsSite, article_page, serve
from tests.test_recipes import FILES as RECIPES
from tests.test_recipes import Members

PAGE = (PROJECT / "docs" / "scrapy_commands.md").read_text("utf-8")
COVERED: set[str] = set()

T = TypeVar("T", bound=Callable[..., None])


def covers(*rows: str) -> Callable[[T], T]:
    """The rows of the page that a test checks."""
    COVERED.update(rows)
    return lambda test: test


@pytest.fixture(scope="module")
def commands() -> Iterator[ForkedCommands]:
    with forked_commands() as started:
        yield started


@dataclass
class Prompt:
    """A home with a profile of a local site, where commands are given. None of them may write a database."""

    workplace: Workplace
    site: NewsSite
    commands: ForkedCommands

    def __call__(
        self,
        *words: str,
        cwd: Path = PROJECT,
        typed: str = "",
        program: str = "scrapy",
        is_failing: bool = False,
        **environment: str,
    ) -> Ended:
        """Run a command. `is_failing`: whether it shows tracebacks, as `check` does."""
        result = self._run(*words, cwd=cwd, typed=typed, program=program, **environment)
        assert not self.workplace.database.exists()
        assert not (self.workplace.folder / "archive").exists()
        assert is_failing or "Traceback" not in result.err, result.err
        return result

    def crawl(self, *words: str) -> Ended:
        """Run a command that writes a database."""
        return self._run(*words)

    def _run(
        self, *words: str, cwd: Path = PROJECT, typed: str = "", program: str = "scrapy", **environment: str
    ) -> Ended:
        ours = {"RASID_HOME": str(self.workplace.folder), "NEWS_EXTRACT_WORKERS": "1"}
        command, *rest = words
        return self.commands.run(
            command,
            "-s",
            "DOWNLOAD_DELAY=0",
            *rest,
            cwd=cwd,
            environment=ours | environment,
            typed=typed,
            program=program,
        )

    def spider(self, name: str, code: str) -> None:
        """Write spiders/NAME.py of the home."""
        (self.workplace.folder / "spiders").mkdir(exist_ok=True)
        (self.workplace.folder / "spiders" / f"{name}.py").write_text(code.replace("{url}", self.site.url))


@pytest.fixture
def prompt(workplace: Workplace, site: NewsSite, commands: ForkedCommands) -> Prompt:
    links = [site.article(f"/news/{n}.html", title) for n, title in enumerate(("The north pier", "The south pier"))]
    site.put("/", '<h1>Home</h1><a href="/news/0.html">The north pier</a>')
    site.put("/robots.txt", "User-agent: *\nDisallow: /closed", "text/plain")
    site.answer("/moved", lambda handler: handler.redirect("/news/0.html"))
    create_home(workplace.folder)
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    return Prompt(workplace, site, commands)


@covers("fetch URL", "fetch --spider NAME")
def test_fetch_prints_the_body_and_nothing_else(prompt: Prompt) -> None:
    for words in ((), ("--nolog",), ("--spider", "local")):
        result = prompt("fetch", *words, f"{prompt.site.url}news/0.html")
        assert (result.code, result.err) == (0, "")
        assert "<h1>The north pier</h1>" in result.out
    assert {seen.path for seen in prompt.site.seen} == {"/robots.txt", "/news/0.html"}
    assert "Rasid/" in prompt.site.seen[-1].headers["user-agent"]


def test_fetch_tells_a_site_the_contact_of_its_profile(prompt: Prompt) -> None:
    with (prompt.workplace.folder / "sites" / "local.toml").open("a") as profile:
        profile.write('\n[settings]\nNEWS_CONTACT = "mailto:desk@daily.example"\n')
    assert prompt("fetch", f"{prompt.site.url}news/0.html").code == 0
    assert "+mailto:desk@daily.example" in prompt.site.seen[-1].headers["user-agent"]


@covers("fetch --headers", "fetch --no-redirect")
def test_fetch_prints_headers_and_follows_redirects_or_not(prompt: Prompt) -> None:
    followed = prompt("fetch", "--headers", f"{prompt.site.url}moved")
    assert re.search(r"^> User-Agent: .*^>$.*^< Content-Type: text/html", followed.out, re.MULTILINE | re.DOTALL)
    assert "< Location" not in followed.out
    assert "< Location: /news/0.html" in prompt("fetch", "--headers", "--no-redirect", f"{prompt.site.url}moved").out
    assert "<h1>Nothing here</h1>" in prompt("fetch", f"{prompt.site.url}missing").out, "a 404 is a response"


@covers("fetch file:///PATH")
def test_fetch_reads_a_file(prompt: Prompt, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<h1>From a file</h1>")
    assert prompt("fetch", (tmp_path / "page.html").as_uri()).out == "<h1>From a file</h1>\n"


@covers("fetch http://127.0.0.1:PORT/")
def test_an_address_that_was_typed_is_requested_but_no_redirect_into_a_private_network(prompt: Prompt) -> None:
    (prompt.workplace.folder / "sites" / "local.toml").unlink()
    with serve() as other:
        other.put("/", "<h1>Of the other server</h1>")
        named = other.url.replace("127.0.0.1", "localhost")
        prompt.site.answer("/out", lambda handler: handler.redirect(other.url))
        prompt.site.answer("/named", lambda handler: handler.redirect(named))
        assert "Of the other server" in prompt("fetch", other.url).out
        other.seen.clear()
        for command in (("fetch",), ("shell", "-c", "response")):
            refused = prompt(*command, f"{prompt.site.url}out")
            assert refused.code == 1
            assert f"/out: leads to {other.url}, on a private network; to request that page, give its" in refused.err
        by_name = prompt("fetch", f"{prompt.site.url.replace('127.0.0.1', 'localhost')}named")
        assert (by_name.code, f"/named: leads to {named}, on a private network" in by_name.err) == (1, True)
        assert other.seen == []


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("fetch", "{url}closed.html"), 1, "robots.txt forbids it; -s ROBOTSTXT_OBEY=0 requests it all the same"),
        (("fetch", "http://localhost:9/"), 1, "connection refused"),
        (("fetch", "{url}", "--spider", "nope"), 2, "unknown spider nope"),
        (("fetch", "www.example.com"), 2, "give one URL that begins with http://, https:// or file://"),
        (("fetch",), 2, "give one URL"),
        (("fetch", "http://[::1"), 2, "http://[::1: is not a valid URL"),
        (("parse", "http://a.example:99999/"), 2, "http://a.example:99999/: is not a valid URL"),
        (("shell", "-c", "1", "http://"), 2, "http://: is not a valid URL: it has no host"),
        (("fetch", "file:///no/such/file"), 1, "No such file or directory: '/no/such/file'"),
        (("fetch", "{url}", "--heads"), 2, "unknown option --heads"),
        (("view", "{url}closed.html"), 1, "robots.txt forbids it"),
        (("shell", "-c", "response", "{url}closed.html"), 1, "robots.txt forbids it"),
        (("shell", "-c", "response", "http://localhost:9/"), 1, "connection refused"),
        (("shell", "-c", "response", "--spider", "nope"), 2, "unknown spider nope"),
        (("shell", "a", "b"), 2, "give one URL or file, or none"),
    ],
)
def test_what_is_not_fetched_is_said_in_one_sentence(
    prompt: Prompt, words: tuple[str, ...], code: int, message: str
) -> None:
    result = prompt(*(word.format(url=prompt.site.url) for word in words))
    assert (result.code, result.out) == (code, "")
    assert message in result.err
    assert len(result.err.splitlines()) == 1


def test_robots_txt_is_left_aside_on_request(prompt: Prompt) -> None:
    prompt.site.put("/closed.html", "<h1>Closed</h1>")
    assert "Closed" in prompt("fetch", "-s", "ROBOTSTXT_OBEY=0", f"{prompt.site.url}closed.html").out


@covers("view URL", "view --spider NAME", "view --no-redirect")
def test_view_hands_what_was_received_to_the_browser(prompt: Prompt, tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\ncp "${{1#file://}}" {tmp_path}/seen.html\n')
    browser.chmod(0o755)
    assert prompt("view", f"{prompt.site.url}moved", BROWSER=f"{browser} %s").code == 0
    assert "The north pier" in (tmp_path / "seen.html").read_text()
    words = ("view", "--spider", "local", "--no-redirect", f"{prompt.site.url}moved")
    assert prompt(*words, BROWSER=f"{browser} %s").code == 0
    assert "The north pier" not in (tmp_path / "seen.html").read_text()
    without = prompt("view", f"{prompt.site.url}news/0.html", BROWSER="false", PATH="/nowhere")
    assert (without.code, without.err) == (1, "no browser could be opened; BROWSER names the one to use\n")
    prompt.site.put("/a.pdf", b"%PDF-1.7\x01", "application/pdf")
    assert "not a text that a browser can show" in prompt("view", f"{prompt.site.url}a.pdf").err


@covers("shell URL", "shell -c CODE", "shell --nolog", "shell --spider NAME", "shell --no-redirect")
def test_shell_has_the_response_and_its_article(prompt: Prompt) -> None:
    url = f"{prompt.site.url}news/0.html"
    code = "(response.css('h1::text').get(), article.title, article.site, article.published.year, spider.name)"
    assert prompt("shell", "-c", code, url).out == "('The north pier', 'The north pier', 'local', 2026, 'local')\n"
    assert prompt("shell", "--nolog", "-c", "extract(response) == article", url).out == "True\n"
    words = ("shell", "--spider", "local", "--no-redirect", "-c", "(response.status, spider.name)")
    assert prompt(*words, f"{prompt.site.url}moved").out == "(302, 'local')\n"
    (prompt.workplace.folder / "sites" / "local.toml").unlink()
    without = "(article.title, spider.name)"
    assert prompt("shell", "-c", without, url).out == "('The north pier', 'default')\n"


@covers("shell", "shell FILE")
def test_shell_works_without_a_url_and_with_a_file(prompt: Prompt, tmp_path: Path) -> None:
    assert prompt("shell", "-c", "(response, article, sorted(settings)[0] > '')").out == "(None, None, True)\n"
    (tmp_path / "page.html").write_text("<h1>From a file</h1><p>Text</p>")
    code = "(response.css('h1::text').get(), article.title)"
    assert (
        prompt("shell", "-c", code, os.path.relpath(tmp_path / "page.html", PROJECT)).out
        == "('From a file', 'From a file')\n"
    )
    assert prompt("shell", "-c", code, str(tmp_path / "page.html")).out == "('From a file', 'From a file')\n"


@covers("shell: fetch(url)", "shell: fetch(request)", "shell: view(response)", "shell: shelp()")
def test_fetch_and_view_work_in_the_console(prompt: Prompt) -> None:
    lines = (
        f"fetch('{prompt.site.url}moved')",
        "print('title', article.title)",
        f"fetch('{prompt.site.url}closed.html')",
        "print('none', response, article)",
        f"fetch(scrapy.Request('{prompt.site.url}'))",
        "print('url', response.url)",
        "print('viewed', view(response))",
        "shelp()",
    )
    result = prompt("shell", typed="\n".join(lines), SCRAPY_PYTHON_SHELL="python", BROWSER="true %s")
    assert result.code == 0
    printed = [line.replace(">>> ", "") for line in result.out.splitlines()]
    for line in ("title The north pier", "none None None", f"url {prompt.site.url}", "viewed True"):
        assert line in printed
    assert any(line.startswith("[s]   article          that of the response: Home (confidence 0.") for line in printed)
    assert "/closed.html: robots.txt forbids it" in result.err
    unread = prompt("shell", f"{prompt.site.url}closed.html", typed="1 + 1", SCRAPY_PYTHON_SHELL="python")
    assert (unread.code, "2\n" in unread.out, "robots.txt forbids it" in unread.err) == (0, True, True)


SITE_SPIDER = """
from spiders.news import NewsSpider


class LocalSpider(NewsSpider):
    name = "local"

    async def parse_article(self, response, page, candidate):
        async for article in super().parse_article(response, page, candidate):
            article.category = "Harbour"
            yield article

    def parse_own(self, response, page, colour="none"):
        yield {"path": page.url[-5:], "colour": colour, "answer": response.meta["answer"]}
"""
PLAIN_SPIDER = """
import scrapy
from scrapy.linkextractors import LinkExtractor
from scrapy.spiders import CrawlSpider, Rule


class Quotes(CrawlSpider):
    name = "quotes"
    rules = [Rule(LinkExtractor(allow="/news/"), callback="parse_item")]

    def parse(self, response):
        yield {"heading": response.css("h1::text").get(), "tone": getattr(self, "tone", None)}
        yield from response.follow_all(css="a", callback=self.parse_item)

    def parse_item(self, response):
        yield {"item": response.url}
"""
RELATED = '<p>Read also: <a href="/news/1.html">The south pier</a></p>'


@covers("parse URL", "parse --nocolour", "parse --nolinks", "parse --spider NAME")
def test_parse_shows_the_article_and_its_related_articles(prompt: Prompt) -> None:
    page = article_page("The north pier").replace("</article>", f"{RELATED}</article>")
    prompt.site.put("/news/0.html", page)
    shown = prompt("parse", "--nocolour", f"{prompt.site.url}news/0.html")
    assert (shown.code, shown.err) == (0, "")
    assert ">>> STATUS DEPTH LEVEL 1 <<<\n# Scraped Items  ---" in shown.out
    assert "'title': 'The north pier'" in shown.out
    assert re.search(r"'related': \[\{[^]]*'title': 'The south pier'", shown.out)
    assert "# Requests  ---" in shown.out
    prompt.spider("local", SITE_SPIDER)
    own = prompt("parse", "--nolinks", "--spider", "local", f"{prompt.site.url}news/0.html")
    assert "'category': 'Harbour'" in own.out
    assert "# Requests" not in own.out


@covers("parse -d DEPTH", "parse -v", "parse --noitems")
def test_parse_of_a_channel_shows_its_candidates_and_then_their_articles(prompt: Prompt) -> None:
    url = prompt.site.url
    shown = prompt("parse", "--nocolour", "-d", "2", "-v", f"{url}feed.xml").out
    first, second = shown.split(">>> DEPTH LEVEL: 2 <<<")
    assert "'channel': 'feed'" in first
    assert "'title': 'Item 0'" in first
    assert f"[<GET {url}news/0.html>,\n <GET {url}news/1.html>]" in first
    assert second.count("'published_from': 'meta:article:published_time'") == 2
    section = prompt("parse", "--nocolour", "--noitems", url).out
    assert f"[<GET {url}news/0.html>]" in section
    assert "# Scraped Items" not in section
    unlisted = (
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{url}news/1.html</loc></url></urlset>'
    )
    prompt.site.put("/unlisted.xml", unlisted, "text/xml")
    assert "'channel': 'sitemap'" in prompt("parse", f"{url}unlisted.xml").out


@covers("parse -c CALLBACK", "parse -m JSON", "parse --cbkwargs JSON", "parse -a NAME=VALUE")
def test_parse_calls_the_callback_that_is_given(prompt: Prompt) -> None:
    prompt.spider("local", SITE_SPIDER)
    words = ("-c", "parse_own", "-m", '{"answer": 42}', "--cbkwargs", '{"colour": "red"}')
    own = prompt("parse", "--nocolour", *words, f"{prompt.site.url}news/0.html")
    assert "[{'answer': 42, 'colour': 'red', 'path': '.html'}]" in own.out
    listed = prompt(
        "parse", "--noitems", "-c", "parse_channel", "-a", f"url={prompt.site.url}", f"{prompt.site.url}feed.xml"
    )
    assert "/news/1.html>" in listed.out
    prompt.spider("quotes", PLAIN_SPIDER)
    plain = prompt("parse", "--nocolour", "--spider", "quotes", "-a", "tone=dry", prompt.site.url)
    assert "[{'heading': 'Home', 'tone': 'dry'}]" in plain.out
    assert f"[<GET {prompt.site.url}news/0.html>]" in plain.out


def test_parse_finds_a_plain_spider_and_stores_nothing_of_its_articles(prompt: Prompt) -> None:
    (prompt.workplace.folder / "sites" / "local.toml").unlink()
    code = PLAIN_SPIDER.replace("rules = ", "allowed_domains = ['{url}'.split('/')[2]]\n    rules = ")
    article = "Article(url=response.url, site='quotes', title='T', paragraphs=['A long paragraph. ' * 20])"
    code = code.replace('{"item": response.url}', article)
    prompt.spider("quotes", f"from crawler.items import Article\n{code}")
    words = ("parse", "--nocolour", "-c", "parse_item", "-O", str(prompt.workplace.folder / "out.json"))
    result = prompt(*words, f"{prompt.site.url}news/0.html")
    assert result.code == 0, result.err
    assert "'title': 'T'" in result.out
    items = json.loads((prompt.workplace.folder / "out.json").read_text())
    assert [item["title"] for item in items] == ["T"]


def test_parse_logs_in_and_reads_json_as_the_sites_own_spider_does(prompt: Prompt) -> None:
    site, home = prompt.site, prompt.workplace.folder
    (home / "sites" / "local.toml").unlink()
    for path, text in RECIPES.items():
        (home / path).parent.mkdir(exist_ok=True)
        (home / path).write_text(text)
    site.put("/", "<h1>Home</h1>")
    members = Members(site, pages=2, pages_of_session=3)
    words = ("--nocolour", "-a", f"url={site.url}")
    shown = prompt("parse", "--spider", "members", *words, f"{site.url}1.html", MEMBERS_PASSWORD="open")
    assert (shown.code, members.logins) == (0, 1), shown.err
    assert "'title': 'Report 1'" in shown.out
    site.put("/api/articles", json.dumps({"articles": [{"id": 7}]}), "application/json")
    article = {
        "url": f"{site.url}7",
        "headline": "Report 7",
        "text": "Text.",
        "authors": [],
        "published": "2026-11-10T08:30Z",
    }
    site.put("/api/articles/7", json.dumps(article), "application/json")
    listed = prompt("parse", "--spider", "api_daily", "-d", "2", *words, f"{site.url}api/articles")
    assert "'title': 'Report 7'" in listed.out, listed.err
    single = prompt("parse", "--spider", "api_daily", *words, f"{site.url}api/articles/7")
    assert "'title': 'Report 7'" in single.out, single.err


@covers("parse -r")
def test_parse_finds_the_callback_by_the_rules_of_a_crawl_spider(prompt: Prompt) -> None:
    prompt.spider("quotes", PLAIN_SPIDER)
    shown = prompt("parse", "--nocolour", "--spider", "quotes", "-r", f"{prompt.site.url}news/0.html")
    assert f"[{{'item': '{prompt.site.url}news/0.html'}}]" in shown.out


@covers("parse --pipelines", "parse -o FILE", "parse -O FILE")
def test_parse_sends_items_through_the_pipelines_and_into_files(prompt: Prompt) -> None:
    folder, url = prompt.workplace.folder, f"{prompt.site.url}news/0.html"
    (folder / "marks.py").write_text(
        "from pathlib import Path\n\n\nclass Mark:\n    def process_item(self, item):\n"
        "        Path(__file__).with_name('marked').open('a').write(item.title + '\\n')\n"
        "        return item\n"
    )
    (folder / "settings.toml").write_text('[ITEM_PIPELINES]\n"marks.Mark" = 400\n')
    assert prompt("parse", "--noitems", url, cwd=folder, program="rasid").code == 0
    assert not (folder / "marked").exists()
    assert prompt("parse", "--noitems", "--pipelines", url, cwd=folder, program="rasid").code == 0
    assert (folder / "marked").read_text() == "The north pier\n"
    for option in ("-o", "-O"):
        assert prompt("parse", "--noitems", option, str(folder / f"{option}.jsonl"), url).code == 0
        (line,) = (folder / f"{option}.jsonl").read_text().splitlines()
        assert json.loads(line)["title"] == "The north pier"
    short = article_page("The short one", ("Too short.",))
    prompt.site.put("/news/short.html", short)
    dropped = prompt("parse", "--pipelines", f"{prompt.site.url}news/short.html")
    assert "no article: dropped, body_too_short" in dropped.err


def test_parse_writes_no_result_of_a_crawl(prompt: Prompt, tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    assert prompt("parse", f"{prompt.site.url}news/0.html", NEWS_RESULT_FILE=str(file)).code == 0
    assert not file.exists()


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (
            ("https://nobody.example/",),
            2,
            "no spider owns https://nobody.example/; `scrapy add https://nobody.example/`",
        ),
        (("{url}closed.html",), 1, "robots.txt forbids it"),
        (("{url}missing.html",), 1, "http 404"),
        (("{url}", "--spider", "nope"), 2, "unknown spider nope"),
        (("{url}", "-c", "nope"), 2, "-c nope: local has no method of this name"),
        (("{url}", "-r"), 2, "-r: local has no rules"),
        (("file:///a.html", "--spider", "local"), 2, "`scrapy extract FILE --site local` extracts a file"),
        (("{url}", "-m", "[1]"), 2, "--meta: must be a JSON object"),
        (("{url}", "-a", "max_articles=x"), 2, "-a max_articles=x: must be a whole number"),
        (("{url}", "-a", "url=x"), 2, "is not an http or https URL"),
        (("x",), 2, "give one URL"),
    ],
)
def test_parse_says_in_one_sentence_what_is_wrong(
    prompt: Prompt, words: tuple[str, ...], code: int, message: str
) -> None:
    result = prompt("parse", *(word.format(url=prompt.site.url) for word in words))
    assert (result.code, message in result.err) == (code, True), result.err
    assert len(result.err.splitlines()) == 1


CHECKED_SITE_SPIDER = """
from spiders.news import NewsSpider


class LocalSpider(NewsSpider):
    name = "local"

    async def parse_article(self, response, page, candidate):
        '''
        @url {url}news/0.html
        @article
        @returns items 1 1
        @scrapes title published
        '''
        async for article in super().parse_article(response, page, candidate):
            yield article

    async def parse_channel(self, response, channel):
        '''
        @url {url}feed.xml
        @channel feed
        @returns items 2 2
        @returns requests 2 2
        '''
        async for request in super().parse_channel(response, channel):
            yield request

    def parse_own(self, response, candidate):
        '''
        @url {url}news/0.html
        @article {"title": "From the feed"}
        @scrapes heading
        '''
        assert candidate.title == "From the feed"
        yield {"heading": response.css("h1::text").get()}
"""
CHECKED_PLAIN_SPIDER = """
import scrapy


class Quotes(scrapy.Spider):
    name = "quotes"

    def parse(self, response):
        '''
        @url {url}
        @returns items 1 1
        @scrapes heading tone
        '''
        yield {"heading": response.css("h1::text").get(), **({"tone": self.tone} if hasattr(self, "tone") else {})}
"""


@covers("check NAME", "check -l", "check -v", "check: @article", "check: @channel KIND", "check: @scrapes FIELD")
def test_check_runs_the_contracts_of_a_sites_spider(prompt: Prompt) -> None:
    assert "Ran 0 contracts" in prompt("check", "local").err
    prompt.spider("local", CHECKED_SITE_SPIDER)
    assert prompt("check", "-l", "local").out == "local\n  * parse_article\n  * parse_channel\n  * parse_own\n"
    checked = prompt("check", "-v", "local")
    assert checked.code == 0, checked.err
    assert "[local] parse_channel (@returns post-hook) ... ok" in checked.err
    assert "Ran 5 contracts" in checked.err


@covers("check", "check -a NAME=VALUE")
def test_check_runs_the_contracts_of_all_spiders(prompt: Prompt) -> None:
    prompt.spider("quotes", CHECKED_PLAIN_SPIDER)
    assert prompt("check", "-a", "tone=dry", "quotes").code == 0
    prompt.spider("local", CHECKED_SITE_SPIDER)
    failed = prompt("check", is_failing=True)
    assert (failed.code, "Missing fields: tone" in failed.err) == (1, True)
    assert "Ran 7 contracts" in failed.err, "of both"


def test_check_shows_what_a_callback_does_not_do(prompt: Prompt) -> None:
    code = CHECKED_SITE_SPIDER.replace("@returns items 2 2", "@returns items 3").replace("published", "authors")
    code += """
    def parse_kind(self, response, channel):
        '''
        @url {url}feed.xml
        @channel rss
        '''

    def parse_order(self, response, page):
        '''
        @article
        @url {url}
        '''

    def parse_field(self, response, page):
        '''
        @url {url}
        @article {"titel": 1}
        '''
"""
    prompt.spider("local", code)
    failed = prompt("check", is_failing=True)
    assert failed.code == 1
    for problem in (
        "Returned 2 items, expected 3..inf",
        "Empty fields: authors",
        "@channel rss: must be one of feed, news_sitemap",
        "@article: write @url above it",
        "a candidate has no titel",
    ):
        assert problem in failed.err


def test_check_refuses_what_it_does_not_know(prompt: Prompt) -> None:
    assert "unknown spider nope" in prompt("check", "nope").err
    prompt.spider("local", CHECKED_SITE_SPIDER)
    for argument, problem in (("colour=red", "-a colour: unknown argument"), ("url=x", "is not an http or https URL")):
        wrong = prompt("check", "local", "-a", argument)
        assert (wrong.code, problem in wrong.err) == (2, True), wrong.err


@covers("edit NAME")
def test_edit_opens_the_profile_and_the_spider(prompt: Prompt) -> None:
    home = prompt.workplace.folder
    profile, module = home / "sites" / "local.toml", home / "spiders" / "local.py"
    assert prompt("edit", "local", EDITOR="echo opened").out == f"opened {profile}\n"
    prompt.spider("local", SITE_SPIDER)
    assert prompt("edit", "local", EDITOR="echo opened").out == f"opened {module} {profile}\n"
    prompt.spider("quotes", PLAIN_SPIDER)
    assert prompt("edit", "quotes", EDITOR="echo opened").out == f"opened {home / 'spiders' / 'quotes.py'}\n"
    module.write_text("class (")
    profile.write_text("title = ")
    assert prompt("edit", "local", EDITOR="echo opened").out == f"opened {module} {profile}\n", "to be mended"
    assert prompt("edit", "local", EDITOR="sh -c 'exit 3'").code == 3
    assert "did you mean local?" in prompt("edit", "locl", EDITOR="true").err
    assert "EDITOR='no-such-editor' cannot be started" in prompt("edit", "local", EDITOR="no-such-editor").err


@covers("genspider NAME DOMAIN", "genspider -l", "genspider -d TEMPLATE", "genspider -t TEMPLATE", "genspider -e")
def test_genspider_writes_a_spider_that_can_be_parsed_and_checked(prompt: Prompt, tmp_path: Path) -> None:
    spiders, url = prompt.workplace.folder / "spiders", prompt.site.url
    assert prompt("genspider", "-l").out.split() == [
        "Available",
        "templates:",
        "basic",
        "crawl",
        "csvfeed",
        "news",
        "xmlfeed",
    ]
    assert "class $classname(NewsSpider):" in prompt("genspider", "-d", "news").out
    for template in ("basic", "crawl", "csvfeed", "xmlfeed"):
        made = prompt("genspider", "-t", template, f"my-{template}", f"{template}.example")
        assert made.out == f"Created spider 'my-{template}' using template '{template}' in {spiders}/my_{template}.py\n"
        assert f'start_urls = ["https://{template}.example"]' in (spiders / f"my_{template}.py").read_text()
    made = prompt("genspider", "-e", "-t", NEWS, "local", f"{url}news/0.html", EDITOR="cat")
    assert "class LocalSpider(NewsSpider):" in made.out
    checked = prompt("check", "local")
    assert (checked.code, "Ran 1 contract in" in checked.err) == (0, True), checked.err
    (tmp_path / "own.tmpl").write_text("# $name $domain $classname\n")
    assert prompt("genspider", "-t", str(tmp_path / "own.tmpl"), "mine", "mine.example").code == 0
    assert (spiders / "mine.py").read_text() == "# mine mine.example MineSpider\n"


@covers("genspider --force")
def test_genspider_overwrites_nothing_unless_it_is_forced(prompt: Prompt) -> None:
    prompt.spider("books", "# mine\n")
    module = prompt.workplace.folder / "spiders" / "books.py"
    refused = prompt("genspider", "books", "books.example")
    assert (refused.code, refused.out, module.read_text()) == (1, f"{module} already exists\n", "# mine\n")
    assert prompt("genspider", "--force", "books", "books.example").code == 0
    assert "class BooksSpider(scrapy.Spider):" in module.read_text()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("books",), "give a name and a domain or URL"),
        (("archive", "a.example"), "spiders/archive.py is a module of Rasid"),
        (("rasid", "a.example"), "the spider cannot have the name of the project"),
        (("news", "a.example"), "news: spiders/news.py is a module of Rasid; choose another name"),
        (("a b", "a.example"), "name 'a b': must consist of letters, digits and _"),
        (("", "a.example"), "name '': must consist of letters, digits and _"),
        (("books", "http://[::1"), "http://[::1: is not a valid URL"),
        (("-t", "nope", "a", "a.example"), "unknown template nope; give the path of a .tmpl file, or one of basic,"),
        (("local", "a.example"), "local is a site with a profile: `scrapy genspider -t news local https://a.example`"),
        (
            ("-t", "news", "a", "a.example"),
            "the template news requires a profile of a, which does not exist; `scrapy add",
        ),
        (("-t", "news", "local", "a.example"), "https://a.example is not on a host of local"),
    ],
)
def test_genspider_writes_no_spider_that_cannot_be_crawled(
    prompt: Prompt, words: tuple[str, ...], message: str
) -> None:
    refused = prompt("genspider", *words)
    assert (refused.code, message in refused.err) == (2, True), refused.err
    assert not (prompt.workplace.folder / "spiders").exists()


def test_the_modules_that_genspider_knows_as_ours_are_those_of_the_package() -> None:
    assert {path.stem for path in (PROJECT / "spiders").glob("*.py")} - {"__init__"} == OURS


@covers("bench")
def test_bench_measures_pages_a_minute(prompt: Prompt) -> None:
    result = prompt("bench", "-s", "CLOSESPIDER_PAGECOUNT=30")
    assert result.code == 0
    assert re.search(r"INFO: Crawled \d+ pages \(at \d+ pages/min\)", result.err)
    assert int(re.findall(r"'response_received_count': (\d+)", result.err)[0]) >= 30


RUN_SPIDER = """
import scrapy


class Headings(scrapy.Spider):
    name = "headings"
    start_urls = ["{url}"]
    custom_settings = {"NEWS_ALLOW_PRIVATE": True}

    def parse(self, response):
        assert getattr(self, "tone", "") != "shrill"
        yield {"heading": response.css("h1::text").get(), "tone": getattr(self, "tone", None)}
"""


@covers("runspider FILE", "runspider -a NAME=VALUE", "runspider -o FILE", "runspider -O FILE")
def test_runspider_runs_a_file(prompt: Prompt, tmp_path: Path) -> None:
    file, out = tmp_path / "headings.py", tmp_path / "out.json"
    file.write_text(RUN_SPIDER.replace("{url}", prompt.site.url))
    for option, tone in (("-o", "dry"), ("-O", "wet")):
        ended = prompt("runspider", str(file), "-a", f"tone={tone}", option, str(out))
        assert ended.code == 0, ended.err
        assert json.loads(out.read_text()) == [{"heading": "Home", "tone": tone}]
    assert "headings: 1 item, 2 responses" in ended.err
    assert prompt("runspider", str(file), "-a", "tone=shrill", is_failing=True).code == 1
    file.write_text(file.read_text().replace("True", "False"))
    refused = prompt("runspider", str(file))
    assert (refused.code, "NEWS_ALLOW_PRIVATE = True allows it" in refused.err) == (1, True)


@pytest.mark.parametrize(
    ("name", "code", "message"),
    [
        ("a.py", "x = (", "a.py: cannot be imported: SyntaxError"),
        ("a.py", "x = 1 / 0", "a.py: cannot be imported: ZeroDivisionError: division by zero"),
        ("a.py", "x = 1", "a.py: has no spider with a name"),
        ("a.txt", "x = 1", "a.txt: is not a Python file"),
        ("a.py", SITE_SPIDER, "LocalSpider is the spider of a site, which needs its profile: put the file into"),
    ],
)
def test_runspider_says_why_it_does_not_run_a_file(
    prompt: Prompt, tmp_path: Path, name: str, code: str, message: str
) -> None:
    (tmp_path / name).write_text(code)
    refused = prompt("runspider", str(tmp_path / name))
    assert (refused.code, message in refused.err, len(refused.err.splitlines())) == (2, True, 1), refused.err


@covers(*(f"settings --{option} NAME" for option in ("get", "getbool", "getint", "getfloat", "getlist")))
def test_settings_prints_a_value(prompt: Prompt) -> None:
    assert prompt("settings", "--get", "NEWS_DB").out == f"{prompt.workplace.database}\n"
    assert prompt("settings", "--getbool", "ROBOTSTXT_OBEY").out == "True\n"
    assert prompt("settings", "--getint", "DOWNLOAD_TIMEOUT").out == "30\n"
    assert prompt("settings", "--getfloat", "NEWS_DB_TIMEOUT").out == "30.0\n"
    assert prompt("settings", "--getlist", "SPIDER_MODULES").out == "['spiders']\n"
    wrong = prompt("settings", "--getint", "BOT_NAME")
    assert (wrong.code, wrong.err) == (2, "scrapy: error: --getint BOT_NAME: the value is 'rasid'\n")
    assert prompt("settings").code == 2


@covers("version", "version -v", "list", "list --long", "startproject NAME [FOLDER]")
def test_the_commands_without_a_spider(prompt: Prompt, tmp_path: Path) -> None:
    assert prompt("version").out.startswith("Rasid ")
    assert re.search(r"^Scrapy +\d.*^home +/", prompt("version", "-v").out, re.MULTILINE | re.DOTALL)
    prompt.spider("quotes", PLAIN_SPIDER)
    assert prompt("list").out.split()[0] == "local"
    assert "quotes" in prompt("list").out.split()
    assert re.search(r"^quotes +spider +spiders.quotes", prompt("list", "--long").out, re.MULTILINE)
    made = prompt("startproject", "mine", str(tmp_path / "mine"))
    assert (made.code, (tmp_path / "mine" / "scrapy.cfg").exists()) == (0, True)


@covers("crawl NAME", "crawl -a NAME=VALUE", "crawl -o FILE", "crawl -O FILE")
def test_crawl_stores_and_exports(prompt: Prompt, tmp_path: Path) -> None:
    for option, count in (("-o", 1), ("-O", 1)):
        words = ("crawl", "local", "-a", "max_articles=1", option, str(tmp_path / "out.jsonl"))
        crawled = prompt.crawl(*words)
        assert crawled.code == 0, crawled.err
        assert len((tmp_path / "out.jsonl").read_text().splitlines()) == count
    assert set(prompt.workplace.pages().values()) <= {"new", "duplicate"}


@covers("-L LEVEL", "--nolog", "--logfile FILE", "--pidfile FILE", "--profile FILE", "-s NAME=VALUE", "--pdb", "-h")
def test_the_options_of_all_commands(prompt: Prompt, tmp_path: Path) -> None:
    url, log = prompt.site.url, tmp_path / "log"
    assert "DEBUG: Crawled (200)" in prompt("fetch", "-L", "debug", url).err
    assert prompt("fetch", "-L", "DEBUG", "--nolog", url).err == ""
    files = ("--logfile", str(log), "--pidfile", str(tmp_path / "pid"), "--profile", str(tmp_path / "profile"))
    assert prompt("fetch", "-L", "INFO", *files, "-s", "USER_AGENT=mine", url).code == 0
    assert "Spider opened" in log.read_text()
    assert (tmp_path / "pid").read_text().strip().isdecimal()
    assert (tmp_path / "profile").stat().st_size > 1000
    assert prompt.site.seen[-1].headers["user-agent"] == "mine"
    assert "<url>" in prompt("fetch", "-h").out
    prompt.spider("local", SITE_SPIDER)
    words = ("parse", "--pdb", "-c", "parse_own", f"{url}news/0.html")  # without the meta that it reads
    assert "(Pdb) " in prompt(*words, typed="q\n", is_failing=True).out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("-L", "LOUD"), "-L LOUD: must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL"),
        (("--logfile", "/no/such/folder/log"), "--logfile /no/such/folder/log: cannot be written"),
        (("--pidfile", "/"), "--pidfile /: cannot be written"),
        (("--profile", "/no/such/folder/x"), "--profile /no/such/folder/x: cannot be written"),
        (("-s", "X"), "Invalid -s value, use -s NAME=VALUE"),
    ],
)
def test_wrong_options_are_one_sentence(prompt: Prompt, words: tuple[str, ...], message: str) -> None:
    refused = prompt("fetch", *words, prompt.site.url)
    assert (refused.code, refused.err.splitlines()[0]) == (2, f"scrapy: error: {message}")


def test_every_option_of_scrapys_commands_has_a_row() -> None:
    rows = [row.split() for row in re.findall(r"^\| `(.*?)` \|", PAGE, re.MULTILINE)]
    [folder] = scrapy.commands.__path__
    commands = {path.stem for path in Path(folder).glob("*.py")} - {"__init__"}
    assert commands == {row[0].rstrip(":") for row in rows if not row[0].startswith("-")}
    for name in commands:
        for module in (f"scrapy.commands.{name}", f"crawler.commands.{name}"):
            if importlib.util.find_spec(module) is None:
                continue
            command = importlib.import_module(module).Command()
            command.settings = Settings()
            parser = ArgumentParser(conflict_handler="resolve")
            command.add_options(parser)
            for action in parser._actions:
                words = {*action.option_strings} if action.help != SUPPRESS else set()
                general = any(words & {*row} for row in rows if row[0].startswith("-"))
                own = any(words & {*row} for row in rows if row[0] == name)
                assert not words or general or own, (name, words)


def test_every_row_of_the_page_is_checked_by_a_test() -> None:
    assert set(re.findall(r"^\| `(.*?)` \|", PAGE, re.MULTILINE)) == COVERED
