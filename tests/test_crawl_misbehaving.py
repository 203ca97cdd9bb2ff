"""One crawl of a site that does everything wrong: each page costs itself and nothing else."""

from __future__ import annotations

import gzip
import re
import subprocess
import time
from collections.abc import Iterator

import pytest

import crawler
from crawler.items import OUTCOMES
from tests.conftest import Workplace
from tests.newssite import Handler, NewsSite, article_page, serve

ARABIC = (
    "أعلنت بلدية وادي السنديان اليوم الثلاثاء عن إعادة فتح الجسر القديم أمام المشاة بعد أعمال صيانة استمرت عاما كاملا.",
    "وقالت مهندسة المشروع إن الأعمدة الحجرية رممت يدويا، وإن الأهالي شاركوا في نقل الحجارة من المقلع القريب.",
)


class Crawled:
    """The site, the commands run on it, and their results."""

    def __init__(
        self, site: NewsSite, workplace: Workplace, result: subprocess.CompletedProcess[str], took: float
    ) -> None:
        self.site = site
        self.workplace = workplace
        self.result = result
        self.took = took
        self.pages = workplace.pages()


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    with serve() as site:
        workplace = Workplace(tmp_path_factory.mktemp("misbehaving"))
        site.put("/robots.txt", "User-agent: *\nDisallow: /private/\n", "text/plain")
        feed = site.feed("/feed.xml", build_pages(site))
        site.put(
            "/broken.xml", "<rss><channel><item><link>" + site.url + "from-broken.html</link></item><item", "text/xml"
        )
        site.article("/from-broken.html", "Out of a broken feed", paragraphs=("Only here. " * 20,))
        site.put("/page-instead.xml", article_page("No feed at all"))
        site.put("/error.xml", "sorry", "text/plain", status=500)
        channels = [feed, *(site.url + name for name in ("broken.xml", "page-instead.xml", "error.xml", "missing.xml"))]
        workplace.site_profile(site, feeds=channels)
        limits = ["DOWNLOAD_TIMEOUT=3", "RETRY_TIMES=1", "DOWNLOAD_MAXSIZE=1000000", "CONCURRENT_REQUESTS_PER_DOMAIN=4"]
        started = time.monotonic()
        result = workplace.run("crawl", "local", *(word for limit in limits for word in ("-s", limit)))
        yield Crawled(site, workplace, result, time.monotonic() - started)


def build_pages(site: NewsSite) -> list[str]:
    """Put all pages; the links that the feed names."""
    flaky = iter([503])
    links = [
        site.article("/good.html", "A good page"),
        site.answer("/moved.html", lambda h: h.redirect("/good-after-move.html", 301)),
        site.answer("/loop.html", lambda h: h.redirect("/loop2.html")),
        site.answer("/off-site.html", lambda h: h.redirect("http://elsewhere.invalid/")),
        site.answer("/file.html", lambda h: h.redirect("file:///etc/passwd")),
        site.answer("/stall.html", stall),
        site.put("/cut-off.html", article_page("Cut off")[:300], length=100_000),
        site.url + "missing.html",
        site.put("/gone.html", "gone", status=410),
        site.put("/error.html", "error", status=500),
        site.put("/too-many.html", "slow down", status=429),
        site.answer("/flaky.html", lambda h: flaky_answer(h, next(flaky, 200))),
        site.put("/picture.html", b"\xff\xd8\xff\xe0", "image/jpeg"),
        site.put("/document.html", b"%PDF-1.7 " + bytes(range(256)) * 9, "text/html"),
        site.put("/huge.html", "<p>word " * 200_000),
        site.put("/bomb.html", gzip.compress(b"<p>" * 3_000_000), headers={"Content-Encoding": "gzip"}),
        site.put("/bad-gzip.html", b"\x1f\x8b\x08\x00nonsense", headers={"Content-Encoding": "gzip"}),
        site.put("/empty.html", ""),
        site.put("/short.html", article_page("Short", ("Too short.",))),
        site.url + "private/secret.html",
        site.put("/utf8.html", article_page("مدينة", ARABIC, lang="ar"), "text/html"),
        site.put(
            "/windows.html", article_page("جسر", ARABIC, lang="ar").encode("cp1256"), "text/html; charset=windows-1256"
        ),
        site.put(
            "/meta.html", article_page("نهر", ARABIC, charset="iso-8859-6", lang="ar").encode("iso8859-6"), "text/html"
        ),
        site.put("/bare.html", article_page("واد", ARABIC, lang="ar").encode("cp1256"), "text/html"),
        site.put("/liar.html", article_page("حجر", ARABIC, lang="ar").encode("cp1256"), "text/html; charset=utf-8"),
    ]
    site.answer("/loop2.html", lambda h: h.redirect("/loop.html"))
    site.article(
        "/good-after-move.html", "A page that moved", paragraphs=("It moved to a better place last night. " * 5,)
    )
    return links


def stall(handler: Handler) -> None:
    time.sleep(8)


def flaky_answer(handler: Handler, status: int) -> None:
    page = article_page("Second try", ("The second answer is a good one, as so often in the life of a server. " * 3,))
    handler.reply(page if status == 200 else "not now", status=status)


@pytest.mark.parametrize(
    ("page", "outcome"),
    [
        ("/good.html", "new"),
        ("/moved.html", "new"),
        ("/loop.html", "redirect_loop"),
        ("/off-site.html", "off_site"),
        ("/file.html", "http_302"),
        ("/stall.html", "timeout"),
        ("/cut-off.html", "cut_off"),
        ("/missing.html", "http_404"),
        ("/gone.html", "http_410"),
        ("/error.html", "http_500"),
        ("/too-many.html", "http_429"),
        ("/flaky.html", "new"),
        ("/picture.html", "not_html"),
        ("/document.html", "no_body"),
        ("/huge.html", "too_large"),
        ("/bomb.html", "too_large"),
        ("/bad-gzip.html", "no_body"),
        ("/empty.html", "no_body"),
        ("/short.html", "body_too_short"),
        ("/private/secret.html", "robots"),
        ("/from-broken.html", "new"),
    ],
)
def test_each_page_ends_in_its_own_outcome(crawled: Crawled, page: str, outcome: str) -> None:
    assert crawled.pages[page] == outcome


@pytest.mark.parametrize("page", ["/utf8.html", "/windows.html", "/meta.html", "/bare.html", "/liar.html"])
def test_arabic_comes_out_right_whatever_its_encoding(crawled: Crawled, page: str) -> None:
    (row,) = crawled.workplace.rows("SELECT * FROM articles WHERE page_url = ?", crawled.site.url.rstrip("/") + page)
    assert row["body"].split("\n")[0].replace("،", ",") == ARABIC[0].replace("،", ",")


def test_the_crawl_goes_on_and_ends_well(crawled: Crawled) -> None:
    assert crawled.result.returncode == 0, crawled.result.stderr
    assert "Traceback" not in crawled.result.stderr


def test_the_final_url_of_a_redirect_is_the_articles(crawled: Crawled) -> None:
    (row,) = crawled.workplace.rows("SELECT url FROM articles WHERE page_url LIKE '%/moved.html'")
    assert row["url"].endswith("/good-after-move.html")


def test_outcomes_add_up_and_are_what_the_server_saw(crawled: Crawled) -> None:
    (run,) = crawled.workplace.rows("SELECT * FROM runs")
    outcomes = (*OUTCOMES, "unfinished")
    assert run["requested"] == sum(run[name] for name in outcomes) == len(crawled.pages)
    assert run["unfinished"] == 0
    requested = {path for path in crawled.site.paths() if path in crawled.pages}
    assert set(crawled.pages) - requested == {"/private/secret.html"}


def test_a_failed_channel_is_reported_with_its_url_and_costs_only_itself(crawled: Crawled) -> None:
    problems = {
        r["url"].rsplit("/")[-1]: r["problem"] for r in crawled.workplace.rows("SELECT url, problem FROM channels")
    }
    assert problems["feed.xml"] is None
    assert "http_500" in problems["error.xml"]
    assert "http_404" in problems["missing.xml"]
    assert "HTML" in problems["page-instead.xml"]
    assert problems["broken.xml"]
    for name in ("broken.xml", "page-instead.xml", "error.xml", "missing.xml"):
        assert crawled.site.url + name in crawled.result.stderr


def test_young_pages_are_tried_again_whatever_failed_and_soonest_if_it_is_transient(crawled: Crawled) -> None:
    reasons = {
        state: {row["reason"] for row in crawled.workplace.rows(f"SELECT reason FROM pages WHERE {where}")}
        for state, where in {
            "soon": "state = 'pending' AND next_attempt < strftime('%Y-%m-%dT%H:%M:%SZ', fetched, '+20 minutes')",
            "given up": "state = 'given_up'",
        }.items()
    }
    assert reasons == {"soon": {"timeout", "cut_off", "http_500", "http_429"}, "given up": {"too_large"}}
    (waiting,) = crawled.workplace.rows("SELECT count(*) AS pages FROM pages WHERE state = 'pending'")
    assert waiting["pages"] == 15


def test_the_user_agent_contains_a_contact(crawled: Crawled) -> None:
    (agent,) = {seen.headers["user-agent"] for seen in crawled.site.seen}
    form = rf"Mozilla/5\.0 \(compatible; Rasid/{re.escape(crawler.__version__)}; \+mailto:\S+\)"
    assert re.fullmatch(form, agent)


def test_a_slow_page_holds_nobody_up_for_long(crawled: Crawled) -> None:
    assert crawled.took < 60
