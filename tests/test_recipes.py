"""The recipes of docs/spiders.md: their text is run against a local copy of such a site, to its last article."""

from __future__ import annotations

import json
import re
import subprocess
from urllib.parse import parse_qs, urlsplit

import pytest

from crawler.home import Home, create_home
from tests.conftest import PROJECT, Workplace
from tests.newssite import Handler, NewsSite, article_page
from tests.test_site_spider import rasid

PAGE = (PROJECT / "docs" / "spiders.md").read_text("utf-8")
FILES = dict(re.findall(r"```\w+\n# ((?:sites|spiders)/\w+\.\w+)\n(.*?)```", PAGE, re.DOTALL))
NAMES = sorted({path.split("/")[1].split(".")[0] for path in FILES})


@pytest.fixture
def home(workplace: Workplace) -> Home:
    """A home without a delay between requests."""
    home = create_home(workplace.folder)
    home.settings_file.write_text("DOWNLOAD_DELAY = 0\nAUTOTHROTTLE_START_DELAY = 0\n")
    return home


def crawl(home: Home, name: str, origin: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Write the files of a recipe and crawl with them."""
    for path, text in FILES.items():
        if re.split(r"[/.]", path)[1] == name:
            (home.folder / path).parent.mkdir(exist_ok=True)
            (home.folder / path).write_text(text)
    return rasid(home, "crawl", name, "-a", f"url={origin}", **environment)


def text_of(number: int) -> tuple[str, ...]:
    return (f"Report {number} from the harbour tells of ship {number} and its crew of {number + 3} sailors. " * 3,)


def titles(workplace: Workplace) -> list[str]:
    return [row["title"] for row in workplace.rows("SELECT title FROM articles ORDER BY title")]


def test_no_recipe_is_longer_than_fifteen_lines() -> None:
    assert NAMES == ["abroad", "api_daily", "endless", "members", "two_parts"]
    for path, text in FILES.items():
        if path.endswith(".py"):
            code = [line for line in text.splitlines() if line and '"""' not in line and "import " not in line]
            assert len(code) <= 15, path


class Members:
    """A site whose sessions end after some pages."""

    def __init__(self, site: NewsSite, *, pages: int, pages_of_session: int) -> None:
        self.logins = 0
        self._left = 0
        self._pages_of_session = pages_of_session
        site.put("/robots.txt", "", "text/plain")
        site.answer("/login", self._login)
        links = [site.answer(f"/{n}.html", self._page) for n in range(pages)]
        site.feed("/items", links)
        items = site.find("/items")
        assert items is not None
        self._feed = items
        site.answer("/feed.xml", self._page)

    def _login(self, handler: Handler) -> None:
        fields = parse_qs(handler.sent)
        if fields.get("password") == ["open"] and fields.get("token") == ["t1"] and fields.get("user") == ["reader"]:
            self.logins += 1
            self._left = self._pages_of_session
            handler.reply("", status=302, headers={"Location": "/", "Set-Cookie": f"session={self.logins}; Path=/"})
        else:
            form = '<form method="post"><input type="hidden" name="token" value="t1"><input name="user">'
            handler.reply(
                article_page("Log in", ("Please log in to read the articles of this newspaper. " * 4,))
                + f"{form}<input name=password>"
            )

    def _page(self, handler: Handler) -> None:
        if f"session={self.logins}" not in handler.headers.get("Cookie", "") or self._left <= 0:
            handler.redirect("/login")
        elif handler.path == "/feed.xml":
            self._feed(handler)
        else:
            self._left -= 1
            number = int(handler.path[1:-5])
            handler.reply(article_page(f"Report {number}", text_of(number)))


def test_a_login_is_renewed_when_the_session_ends_midway(site: NewsSite, home: Home, workplace: Workplace) -> None:
    site.put("/", "<h1>Home</h1>")
    members = Members(site, pages=7, pages_of_session=3)
    result = crawl(home, "members", site.url, MEMBERS_PASSWORD="open")
    assert result.returncode == 0, result.stderr
    assert titles(workplace) == [f"Report {n}" for n in range(7)]
    assert members.logins == 3
    assert site.paths()[:4] == ["/robots.txt", "/login", "/login", "/"]


def test_a_login_that_fails_is_reported_and_nothing_is_stored(site: NewsSite, home: Home, workplace: Workplace) -> None:
    Members(site, pages=2, pages_of_session=3)
    result = crawl(home, "members", site.url, MEMBERS_PASSWORD="wrong")
    assert (result.returncode, titles(workplace)) == (3, [])
    assert "feed.xml: login_failed" in result.stderr
    assert site.paths().count("/login") == 3, "one attempt: the form, the login, and the channel's redirect"
    unset = rasid(home, "crawl", "members", "-a", f"url={site.url}")
    assert unset.returncode == 3
    assert "feed.xml: login_failed KeyError: 'MEMBERS_PASSWORD'" in unset.stderr


def test_a_json_api_is_read_to_the_last_article(site: NewsSite, home: Home, workplace: Workplace) -> None:
    entries = [{"id": n} for n in range(4)]
    site.put("/api/articles", json.dumps({"articles": entries}), "application/json")
    for n in range(4):
        article = {
            "url": f"https://api-daily.example/reports/{n}",
            "headline": f"Report {n}",
            "text": "\n\n".join(text_of(n) * 2),
            "authors": ["Salma Darwish"],
            "published": f"2026-11-1{n}T08:30:00+02:00",
        }
        site.put(f"/api/articles/{n}", json.dumps(article), "application/json")
    assert crawl(home, "api_daily", site.url).returncode == 0
    rows = workplace.rows("SELECT url, title, published, authors FROM articles ORDER BY title")
    assert [row["title"] for row in rows] == [f"Report {n}" for n in range(4)]
    assert rows[1]["url"] == "https://api-daily.example/reports/1"
    assert rows[1]["published"] == "2026-11-11T06:30:00Z"
    assert "Salma Darwish" in rows[1]["authors"]
    site.put("/api/articles", "<h1>Back soon</h1>")
    broken = rasid(home, "crawl", "api_daily", "-a", f"url={site.url}")
    assert (broken.returncode, "The document is not valid JSON" in broken.stderr) == (3, True), broken.stderr


def test_an_endless_list_is_followed_by_its_cursor(site: NewsSite, home: Home, workplace: Workplace) -> None:
    for n in range(12):
        site.article(f"/{n}.html", f"Report {n}", paragraphs=text_of(n))

    def latest(handler: Handler) -> None:
        before = int(parse_qs(urlsplit(handler.path).query).get("before", ["12"])[0])
        numbers = range(before - 1, max(before - 4, 0) - 1, -1)
        items = [
            {"link": f"https://endless.example/{n}.html", "title": f"Report {n}", "date": f"2026-11-{n + 1:02}"}
            for n in numbers
        ]
        cursor = str(numbers[-1]) if numbers[-1] > 0 else None
        handler.reply(json.dumps({"items": items, "cursor": cursor}), "application/json")

    site.answer("/latest", latest)
    assert crawl(home, "endless", site.url).returncode == 0
    assert len(titles(workplace)) == 12
    pages = [path for path in site.paths() if path.endswith(".html")]
    assert pages == [f"/{n}.html" for n in range(11, -1, -1)], "newest first"
    site.seen.clear()
    assert rasid(home, "crawl", "endless", "-a", f"url={site.url}").returncode == 0
    assert site.paths() == ["/latest"], "what follows is known"


def test_an_article_of_two_requests_is_whole_or_not_stored(site: NewsSite, home: Home, workplace: Workplace) -> None:
    links = []
    for n in range(3):
        page = article_page(f"Report {n}", text_of(n)).replace("<main>", f'<main data-rest="/rest/{n}">')
        links.append(site.put(f"/{n}.html", page))
        site.put(f"/rest/{n}", f"<p>The rest of report {n}.</p>", status=500 if n == 1 else 200)
    site.feed("/feed.xml", links)
    assert crawl(home, "two_parts", site.url).returncode == 0
    assert titles(workplace) == ["Report 0", "Report 2"]
    assert workplace.pages()["/1.html"] == "http_500"
    bodies = [row["body"].splitlines()[-1] for row in workplace.rows("SELECT body FROM articles ORDER BY title")]
    assert bodies == ["The rest of report 0.", "The rest of report 2."]
    again = rasid(home, "reextract", "--json")
    assert json.loads(again.stdout)["articles"] == 0, "the archived page is the first half only"
    assert "skipped: two_parts: the class of its spider reads its articles" in again.stderr


def test_headers_and_a_proxy(site: NewsSite, home: Home, workplace: Workplace) -> None:
    origin = "http://abroad.example/"
    site.put(f"{origin}robots.txt", "", "text/plain")
    site.put(f"{origin}a.html", article_page("Report 0"))
    feed = f"<rss version='2.0'><channel><item><link>{origin}a.html</link></item></channel></rss>"
    site.put(f"{origin}feed.xml", feed, "text/xml")
    result = crawl(home, "abroad", origin, ABROAD_PROXY=site.url, ABROAD_KEY="k")
    assert (result.returncode, titles(workplace)) == (0, ["Report 0"]), result.stderr
    assert {request.headers["x-api-key"] for request in site.seen} == {"k"}
    assert {request.headers["accept-language"] for request in site.seen} == {"ar"}
    assert [request.headers.get("referer") for request in site.seen] == [None, None, origin]
