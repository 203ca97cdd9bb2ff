"""`scrapy add` as somebody types it: forms of the address, several sites, hostile sites, questions, failures."""

from __future__ import annotations

import itertools
import json
import signal
import threading
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from crawler.onboard.opml import read_opml
from demo.odd_sites.pages import article_page, feed_tag, list_page, rss
from demo.odd_sites.text import OddArticle, articles
from tests.conftest import Workplace
from tests.inprocess import Commands
from tests.newssite import Handler, NewsSite, serve
from tests.terminals import at_terminal

FAST = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0")
ITEMS = articles(12)


def _path(article: OddArticle) -> str:
    return f"/news/{article.slug}-{article.number}"


def _put_site(site: NewsSite, *, feed: str = "feed.xml", link_host: str = "") -> None:
    """A home page, twelve articles, a feed."""
    links = [(_path(one), one.title) for one in ITEMS]
    site.put("/", list_page("The Plain Paper", links, head=feed_tag(f"/{feed}")))
    for one in ITEMS:
        site.put(_path(one), article_page(one, "The Plain Paper"))
    base = link_host or site.url.rstrip("/")
    site.put(f"/{feed}", rss("The Plain Paper", [(base + _path(one), one) for one in ITEMS]), "text/xml")


FORMS = {
    "host": "{host}",
    "misspelt": " HTTP//{host}/ ",
    "other scheme": "htp://{host}",
    "https": "https://{host}/",  # the server speaks http alone
    "feed": "{url}feed.xml",
    "article": "{url}news/{slug}",
}
STRANGE = {
    "empty": b"",
    "binary": b"\x00\xff" * 50_000,
    "open tags": b"<" * 200_000,
    "deep": b"<div>" * 100_000,
    "links": b"<a href='/a'>x" * 30_000,
    "braces": b"{" * 100_000,
}


@dataclass
class Run:
    """Many sites, added by one command."""

    workplace: Workplace
    sites: dict[str, NewsSite] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    surveys: dict[str, dict[str, Any]] = field(default_factory=dict)
    profiles: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Name of a site of the test → its profile."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """All sites of this module are added at once: a command for each would take a minute."""
    run = Run(Workplace(tmp_path_factory.mktemp("add")))
    with ExitStack() as stack:
        names = [
            *FORMS,
            *STRANGE,
            "down",
            "private",
            "closed",
            "broken",
            "hops",
            "delay",
            "twice",
            "other host",
            "partner",
            "banner",
            "long way",
        ]
        run.sites["elsewhere"] = stack.enter_context(
            serve("127.0.0.5")
        )  # another host, which is added before the others
        run.sites |= {name: stack.enter_context(serve()) for name in names}
        inner = run.sites["inner"] = stack.enter_context(serve("127.0.0.3"))
        for name, site in run.sites.items():
            host, slug = site.url.split("/")[2], _path(ITEMS[3]).rpartition("/")[2]
            run.typed[name] = FORMS.get(name, "{url}").format(host=host, url=site.url, slug=slug)
        _put_sites(run.sites, inner)
        run.typed["down"] = "http://127.0.0.4:9/"
        del run.typed["inner"]
        twice = f"{run.sites['twice'].url}feed.xml"
        result = run.workplace.run("add", "--json", "--yes", *run.typed.values(), twice, *FAST)
        assert "Traceback" not in result.stderr
        assert result.returncode == 1, result.stderr
        surveys = {survey["address"]: survey for survey in map(json.loads, result.stdout.splitlines())}
        run.surveys = {name: surveys[typed] for name, typed in run.typed.items()} | {"twice again": surveys[twice]}
        written = _profiles(run.workplace).values()
        run.profiles = {
            name: profile for name, site in run.sites.items() for profile in written if profile["url"] == site.url
        }
        yield run


def _put_sites(sites: dict[str, NewsSite], inner: NewsSite) -> None:
    for name in (*FORMS, "private", "delay", "twice"):
        _put_site(sites[name])
    for name, body in STRANGE.items():
        sites[name].put("/", body)
    inner.feed("/feed", [f"{inner.url}secret"])
    tags = feed_tag(f"{inner.url}feed") + feed_tag("/feed.xml")
    sites["private"].put("/", list_page("x", [], head=tags))
    sites["private"].put("/robots.txt", f"User-agent: *\nSitemap: {inner.url}map.xml\n", "text/plain")
    _put_site(sites["other host"], link_host=inner.url.rstrip("/"))
    _put_site(sites["partner"])
    _put_site(sites["elsewhere"])
    tags = feed_tag(f"{sites['elsewhere'].url}feed.xml") + feed_tag("/feed.xml")
    sites["partner"].put("/", list_page("x", [], head=tags))
    _put_site(sites["banner"])
    banner = f"<title>News</title>{feed_tag('/feed.xml')}<p>We use cookies.</p><button>Accept all cookies</button>"
    sites["banner"].put("/", banner)
    _put_site(sites["long way"])
    for one in ITEMS:
        steps = [_path(one), *(f"/{step}{_path(one)}" for step in range(5))]
        for step, target in itertools.pairwise(steps):
            sites["long way"].answer(step, lambda handler, target=target: handler.redirect(target))  # type: ignore[misc]
        sites["long way"].put(steps[-1], article_page(one, "The Plain Paper"))
    sites["closed"].put("/", "<h1>Just a moment</h1>", status=403)
    sites["broken"].put("/", "<h1>Oops</h1>", status=500)
    for number in range(5):
        target = f"/hop{number + 1}"
        sites["hops"].answer(f"/hop{number}", lambda handler, target=target: handler.redirect(target))  # type: ignore[misc]
    sites["hops"].put("/", list_page("x", [], head="".join(feed_tag(f"/hop{n}") for n in range(5))))
    sites["delay"].put("/robots.txt", "User-agent: *\nCrawl-delay: 0.2\n", "text/plain")


def _profiles(workplace: Workplace) -> dict[str, dict[str, Any]]:
    return {
        path.stem: tomllib.loads(path.read_text("utf-8"))
        for path in sorted((workplace.folder / "sites").glob("*.toml"))
    }


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_the_address_leads_to_the_site(run: Run, form: str) -> None:
    assert run.surveys[form]["verdict"] == "ok", run.surveys[form]["reason"]
    assert run.profiles[form]["feeds"] == [f"{run.sites[form].url}feed.xml"]


@pytest.mark.parametrize("body", STRANGE)
def test_a_strange_home_page_gets_a_verdict(run: Run, body: str) -> None:
    assert run.surveys[body]["verdict"] in ("no_channels", "javascript", "no_articles")
    assert body not in run.profiles


def test_no_site_gets_more_than_25_requests(run: Run) -> None:
    for name, survey in run.surveys.items():
        if name not in ("down", "twice", "twice again", "elsewhere"):
            # A request that is refused by TLS never reaches the server.
            assert len(run.sites[name].seen) <= survey["requests"] <= 25, name
    assert run.surveys["hops"]["requests"] == len(run.sites["hops"].seen)
    assert run.surveys["long way"]["requests"] == len(run.sites["long way"].seen) == 25
    assert run.surveys["long way"]["verdict"] == "ok"
    assert {one["state"] for one in run.surveys["long way"]["articles"]} == {"article"}


def test_a_server_that_is_not_there_is_named(run: Run) -> None:
    assert run.surveys["down"]["verdict"] == "unreachable"
    assert run.surveys["down"]["reason"] == "127.0.0.4 refuses the connection"


def test_a_refusal_is_called_a_wall_and_an_error_an_error(run: Run) -> None:
    assert run.surveys["closed"]["verdict"] == "wall"
    assert "HTTP 403" in run.surveys["closed"]["reason"]
    assert run.surveys["broken"]["verdict"] == "unreachable"
    assert "http 500" in run.surveys["broken"]["reason"]


def test_a_private_address_that_a_page_names_is_not_requested(run: Run) -> None:
    assert run.surveys["private"]["verdict"] == "ok"
    assert [one for one in run.surveys["private"]["channels"] if "private" in (one["problem"] or "")]
    assert run.surveys["other host"]["verdict"] == "no_articles"
    assert not run.sites["inner"].seen


def test_a_small_home_page_with_a_banner_about_cookies_is_no_wall(run: Run) -> None:
    assert run.surveys["banner"]["verdict"] == "ok", run.surveys["banner"]["reason"]


def test_no_host_of_a_partner_gets_into_the_profile(run: Run) -> None:
    assert run.surveys["partner"]["verdict"] == "ok"
    assert "hosts" not in run.profiles["partner"]
    problems = [one["problem"] for one in run.surveys["partner"]["channels"]]
    assert "It lists only pages of other sites, most of 127.0.0.5." in problems


def test_two_addresses_of_one_site_give_one_profile(run: Run) -> None:
    verdicts = sorted(run.surveys[name]["verdict"] for name in ("twice", "twice again"))
    assert verdicts == ["already_there", "ok"]
    names = [survey["name"] for survey in run.surveys.values() if survey["name"]]
    assert sorted(names) == sorted(_profiles(run.workplace))


def test_a_crawl_delay_is_kept(run: Run) -> None:
    assert run.surveys["delay"]["verdict"] == "ok"
    times = [seen.at for seen in run.sites["delay"].seen[1:]]
    assert times[-1] - times[0] > 0.2 * (len(times) - 2)  # one may have reached the server late


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "give the address of a site"),
        (("hello",), "'hello' is not the address of a site; write it like www.example.com"),
        (("aljazera",), "The catalogue has"),
        (("--opml", "/nonexistent.opml"), "cannot be read"),
        (("--name", "Not A Name", "a.example"), "must consist of lower-case letters"),
        (("--name", "x", "a.example", "b.example"), "--name is for one site"),
        (("--bad", "a.example"), "--bad"),
    ],
)
def test_wrong_usage_is_one_sentence(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], words: tuple[str, ...], message: str
) -> None:
    result = Commands(tmp_path / "news.db", capfd)("add", *words)
    assert result.code == 2
    assert message in result.err + result.out
    assert "Traceback" not in result.err


def test_what_a_hostile_site_sends_stays_text(workplace: Workplace, site: NewsSite) -> None:
    _put_site(site)
    evil = '\x1b]0;owned\x07Evil\u202e &#10;[selectors]&#10;body = 1 """ \' \\u0000'
    site.put("/", list_page(evil, [], head=f'<meta property="og:site_name" content="{evil}">{feed_tag("/feed.xml")}'))
    result = workplace.run("add", "--yes", site.url, *FAST)
    assert result.returncode == 0, result.stderr
    assert "\x1b" not in result.stdout
    assert "\u202e" not in result.stdout
    [profile] = _profiles(workplace).values()
    assert "selectors" not in profile
    assert profile["title"].startswith("]0;owned")


def test_without_a_terminal_a_new_profile_is_written_and_no_other_replaced(
    workplace: Workplace, site: NewsSite
) -> None:
    _put_site(site)
    opml = workplace.folder / "feeds.opml"
    opml.write_text(f'<opml version="2.0"><body><outline xmlUrl="{site.url}feed.xml"/></body></opml>', "utf-8")
    result = workplace.run("add", "--opml", str(opml), "--name", "plain", *FAST)
    assert result.returncode == 0, result.stderr
    path = workplace.folder / "sites" / "plain.toml"
    assert f"{path} written. Crawl it: scrapy crawl plain" in result.stdout
    exported = workplace.folder / "out.opml"
    assert workplace.run("export", "--opml", str(exported)).returncode == 0
    assert read_opml(exported) == [f"{site.url}feed.xml"]
    path.write_text(path.read_text("utf-8") + "# mine\n", "utf-8")
    result = workplace.run("add", site.url, "--replace", *FAST)
    assert result.returncode == 1
    assert "--yes writes the profile" in result.stderr
    assert "# mine" in path.read_text("utf-8")
    result = workplace.run("add", site.url, "--replace", "--yes", *FAST)
    assert result.returncode == 0
    assert "# mine" not in path.read_text("utf-8")
    assert len(_profiles(workplace)) == 1


def test_a_stop_is_quick_and_writes_nothing(workplace: Workplace, site: NewsSite) -> None:
    requested, released = threading.Event(), threading.Event()

    def hang(handler: Handler) -> None:
        requested.set()
        released.wait(60)

    site.answer("/", hang)
    with workplace.start("add", "--yes", site.url) as process:
        assert requested.wait(60)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
        released.set()
    assert (process.returncode, err) == (1, "stopped: 1 of 1 sites were not added\n")
    assert not list(workplace.folder.glob("sites/*"))


def test_the_terminal_shows_colours_and_lines_of_80_columns(workplace: Workplace, site: NewsSite) -> None:
    _put_site(site)
    (workplace.folder / "sites").mkdir()
    screen = at_terminal(workplace.folder, "add", site.url, "--yes", *FAST)
    assert screen.code == 0, screen.text
    assert "\x1b[32m  + feed, link tag of the home page" in screen.raw
    lines = screen.text.split("requests ...")[-1].splitlines()
    assert not [line for line in lines if len(line) > 80 and " " in line.strip() and ".toml" not in line]


def test_a_folder_that_cannot_be_written_is_one_sentence(workplace: Workplace, site: NewsSite, tmp_path: Path) -> None:
    _put_site(site)
    (tmp_path / "sites").write_text("a file", "utf-8")
    result = workplace.run("add", "--yes", site.url, *FAST)
    assert result.returncode == 1
    assert "cannot write" in result.stderr
    assert "Traceback" not in result.stderr
