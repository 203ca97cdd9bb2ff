"""robots.txt in a crawl: redirects to other hosts, redirects without end, files without end (RFC 9309, 2.3 and 2.5)."""

from __future__ import annotations

import gzip
from functools import partial

from tests.conftest import Workplace
from tests.newssite import Handler, NewsSite, serve

RULES = "User-agent: *\nDisallow: /private/\n"
QUICK = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0", "-s", "RETRY_TIMES=0")
OBEYED = {"/news/1.html": "new", "/private/1.html": "robots"}


def crawled(site: NewsSite, workplace: Workplace, **keys: str) -> dict[str, str]:
    """The outcomes of two articles, of which RULES forbid one."""
    links = [site.article(f"/{where}/1.html", f"Pier of {where}") for where in ("news", "private")]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)], **keys)
    workplace.run("crawl", "local", *QUICK)
    return workplace.pages()


def test_a_robots_txt_on_another_host_holds_for_the_site(site: NewsSite, workplace: Workplace) -> None:
    with serve("127.0.0.2") as other:
        target = other.put("/shared/robots.txt", RULES, "text/plain")
        site.answer("/robots.txt", lambda handler: handler.redirect(target))
        assert crawled(site, workplace, headers='{ X-Token = "secret" }') == OBEYED
        assert other.paths() == ["/shared/robots.txt"]
        assert {seen.headers.get("x-token") for seen in site.seen} == {"secret"}
        assert "x-token" not in other.seen[0].headers


def test_five_redirects_are_followed(site: NewsSite, workplace: Workplace) -> None:
    for number, path in enumerate(("/robots.txt", "/1", "/2", "/3", "/4"), 1):
        site.answer(path, partial(Handler.redirect, location=f"/{number}"))
    site.put("/5", RULES, "text/plain")
    assert crawled(site, workplace) == OBEYED


def test_a_robots_txt_that_redirects_without_end_forbids_nothing(site: NewsSite, workplace: Workplace) -> None:
    site.answer("/robots.txt", lambda handler: handler.redirect("/robots.txt"))
    assert crawled(site, workplace) == {"/news/1.html": "new", "/private/1.html": "duplicate"}


def test_only_the_beginning_of_a_huge_robots_txt_is_read(site: NewsSite, workplace: Workplace) -> None:
    line = b"# nothing but this line, again and again, to the end of the file, and there is no end\n"
    sent = 0

    def huge(handler: Handler) -> None:
        nonlocal sent
        handler.send_response(200)
        handler.send_header("Content-Type", "text/plain")
        handler.send_header("Content-Length", str(50_000_000))
        handler.end_headers()
        handler.close_connection = True
        handler.wfile.write(RULES.encode())
        while sent < 50_000_000:  # until the client hangs up
            sent += handler.wfile.write(line * 100)

    site.answer("/robots.txt", huge)
    assert crawled(site, workplace) == OBEYED
    assert sent < 20_000_000
    [row] = workplace.rows("SELECT length(robots) AS length FROM hosts WHERE robots IS NOT NULL")
    assert row["length"] == 500 * 1024


def test_a_robots_txt_that_is_a_decompression_bomb_is_not_read(site: NewsSite, workplace: Workplace) -> None:
    bomb = gzip.compress(RULES.encode() + bytes(50_000_000))
    site.put("/robots.txt", bomb, "text/plain", headers={"Content-Encoding": "gzip"})
    assert crawled(site, workplace) == {}
    assert site.paths() == ["/robots.txt"]
