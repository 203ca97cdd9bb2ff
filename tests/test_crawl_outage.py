"""Nothing that a channel listed is lost: early failures are temporary, and the pages of a site in an outage wait."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.conftest import Workplace
from tests.newssite import Handler, NewsSite, article_page
from tests.test_crawl_again import PAST, last_run, text_of

DUE = ("due", "-s", "AUTOTHROTTLE_ENABLED=0", "-L", "ERROR")
CRAWL = ("crawl", "local", "-s", "AUTOTHROTTLE_ENABLED=0")
SOFT_404 = (
    '<!DOCTYPE html><html lang="ar" dir="rtl"><head><title>الصفحة غير موجودة</title></head><body><h1>عذراً</h1>'
    "<p>الصفحة التي تبحث عنها غير موجودة أو تم نقلها.</p></body></html>"
)
HOME_PAGE = (
    '<!DOCTYPE html><html lang="en"><head><title>Local</title><meta property="og:type" content="website"></head><body>'
    + "".join(
        f'<article><h2><a href="/news/old-{n}.html">Headline {n} of the day</a></h2></article>' for n in range(30)
    )
    + "</body></html>"
)
SHELL = '<!DOCTYPE html><html lang="en"><head><title></title></head><body><div id="app"></div></body></html>'


def refuse(handler: Handler) -> None:
    handler.reply("<h1>Forbidden</h1>", status=403)


def missing(handler: Handler) -> None:
    handler.reply("<h1>Not found</h1>", status=404)


def show(page: str) -> Callable[[Handler], None]:
    return lambda handler: handler.reply(page)


OUTAGES = {
    "soft_404_in_arabic": (show(SOFT_404), "other_page"),
    "home_page": (show(HOME_PAGE), "list_page"),
    "redirect_to_home": (lambda handler: handler.redirect("/"), "home_page"),
    "empty_shell": (show(SHELL), "no_body"),
    "refused": (refuse, "http_403"),
    "missing": (missing, "http_404"),
}


def pass_time(workplace: Workplace) -> None:
    """Let every wait end."""
    workplace.change("UPDATE pages SET next_attempt = ? WHERE next_attempt IS NOT NULL", PAST)
    workplace.change("UPDATE pages SET recheck_at = ? WHERE recheck_at IS NOT NULL", PAST)
    workplace.change("UPDATE sites SET next_poll = ?", PAST)


def findings(workplace: Workplace) -> dict[str, dict[str, str]]:
    """Site → rule → message."""
    found: dict[str, dict[str, str]] = {}
    for finding in json.loads(workplace.run("health", "--json").stdout):
        found.setdefault(finding["site"], {})[finding["rule"]] = finding["message"]
    return found


def newest_runs(workplace: Workplace) -> dict[str, dict[str, Any]]:
    """Site → its last run."""
    runs = workplace.rows("SELECT * FROM runs ORDER BY id")
    return {run["site"]: run | {"skipped": json.loads(run["skipped"])} for run in runs}


def reasons(workplace: Workplace) -> dict[str, dict[str, int]]:
    """Site → reason → number of pages in its last run."""
    return {name: json.loads(run["reasons"]) for name, run in newest_runs(workplace).items()}


def test_the_pages_that_a_site_lists_during_an_outage_are_fetched_when_it_ends(
    site: NewsSite, workplace: Workplace
) -> None:
    site.put("/", HOME_PAGE)
    for name, (answer, _) in OUTAGES.items():
        links = [site.answer(f"/{name}/{n}.html", answer) for n in range(6)]
        workplace.site_profile(site, name, feeds=[site.feed(f"/{name}.xml", links)])
    assert workplace.run(*DUE).returncode == 3
    assert reasons(workplace) == {name: {reason: 6} for name, (_, reason) in OUTAGES.items()}
    pages = workplace.rows("SELECT DISTINCT state, attempts, next_attempt > fetched AS waits FROM pages")
    assert pages == [{"state": "pending", "attempts": 0, "waits": 1}]
    found = findings(workplace)
    for name, (_, reason) in OUTAGES.items():
        ((rule, message),) = found[name].items()
        assert rule == "outage"
        assert "an outage, not a redesign" in message
        assert reason in message

    pass_time(workplace)
    workplace.run(*DUE)
    assert reasons(workplace) == {name: {reason: 3} for name, (_, reason) in OUTAGES.items()}, "of each three pages"
    assert [run["skipped"]["site_outage"] for run in newest_runs(workplace).values()] == [3] * 6

    workplace.change("UPDATE sites SET next_poll = ?", PAST)
    workplace.change("UPDATE pages SET next_attempt = ? WHERE url LIKE '%/1.html'", PAST)  # the others still wait
    for number, name in enumerate(OUTAGES):
        site.feed(f"/{name}.xml", [])  # nothing is listed any more
        for n in range(6):
            site.article(f"/{name}/{n}.html", f"Report {n}", paragraphs=text_of(1000 * number + n))
    assert workplace.run(*DUE).returncode == 0
    assert workplace.rows("SELECT count(*) AS n FROM pages WHERE state = 'done' AND article_id NOT NULL") == [{"n": 36}]
    assert findings(workplace) == {}


def test_an_outage_costs_a_site_with_a_backlog_few_requests(site: NewsSite, workplace: Workplace) -> None:
    links = [site.answer(f"/news/{n}.html", refuse) for n in range(80)]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    workplace.run(*CRAWL, "-s", "CONCURRENT_REQUESTS=8")
    run = last_run(workplace)
    assert 10 <= run["requested"] <= 30
    assert run["requested"] + run["skipped"]["site_outage"] == 80
    assert workplace.rows("SELECT max(attempts) AS n FROM pages WHERE state = 'pending'") == [{"n": 0}]


def test_an_outage_does_not_mark_stored_articles_as_gone(site: NewsSite, workplace: Workplace) -> None:
    links = [site.article(f"/news/{n}.html", f"Report {n}", paragraphs=text_of(n)) for n in range(4)]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    recheck = (*CRAWL, "-s", "NEWS_RECHECK_HOURS=1 9999 99999999")
    workplace.run(*recheck)
    pass_time(workplace)
    for n in range(4):
        site.answer(f"/news/{n}.html", missing)
    workplace.run(*recheck)
    assert last_run(workplace)["outage"] == "http_404"
    assert workplace.rows("SELECT DISTINCT gone FROM articles") == [{"gone": None}]
    pages = workplace.rows("SELECT DISTINCT state, gone, recheck_at > fetched AS again FROM pages")
    assert pages == [{"state": "done", "gone": None, "again": 1}]


def test_a_young_page_is_requested_again_whatever_its_failure_was(site: NewsSite, workplace: Workplace) -> None:
    site.put("/", HOME_PAGE)
    for number, (name, (answer, _)) in enumerate(OUTAGES.items()):
        links = [
            site.article(f"/{name}/1.html", "One", paragraphs=text_of(number)),
            site.answer(f"/{name}/2.html", answer),
        ]
        workplace.site_profile(site, name, feeds=[site.feed(f"/{name}.xml", links)])
    assert workplace.run(*DUE).returncode == 0
    assert reasons(workplace) == {name: {reason: 1} for name, (_, reason) in OUTAGES.items()}
    pages = workplace.rows("SELECT attempts FROM pages WHERE state = 'pending' AND next_attempt > fetched")
    assert pages == [{"attempts": 1}] * 6
    workplace.change("UPDATE sites SET next_poll = ?", PAST)
    before = len(site.seen)
    workplace.run(*DUE)
    assert not [path for path in site.paths()[before:] if path.endswith("2.html")], "their time has not come"
    pass_time(workplace)
    for number, name in enumerate(OUTAGES):  # the pages appear later than their feed entries
        site.article(f"/{name}/2.html", "Two", paragraphs=text_of(100 + number))
    workplace.run(*DUE)
    assert [run["new"] for run in newest_runs(workplace).values()] == [1] * 6


def test_a_page_that_is_dropped_again_costs_a_conditional_request(site: NewsSite, workplace: Workplace) -> None:
    statuses = []

    def shell(handler: Handler) -> None:
        statuses.append(304 if handler.headers.get("If-None-Match") == '"1"' else 200)
        handler.reply("" if statuses[-1] == 304 else SHELL, status=statuses[-1], headers={"ETag": '"1"'})

    links = [site.article("/news/1.html", "One"), site.answer("/news/2.html", shell)]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    for _ in range(3):
        workplace.run(*CRAWL)
        pass_time(workplace)
    assert statuses == [200, 304, 304]
    run = last_run(workplace)
    assert (run["dropped"], json.loads(run["reasons"])) == (1, {"no_body": 1})
    assert workplace.rows("SELECT attempts, reason FROM pages WHERE state = 'pending'") == [
        {"attempts": 3, "reason": "no_body"}
    ]
    workplace.change("UPDATE pages SET discovered = ?", PAST)
    workplace.run(*CRAWL)
    assert workplace.rows("SELECT state FROM pages WHERE reason = 'no_body'") == [{"state": "done"}], "it is not young"


def test_pages_wait_while_robots_txt_forbids_the_whole_site(site: NewsSite, workplace: Workplace) -> None:
    links = [site.article(f"/news/{n}.html", f"Report {n}", paragraphs=text_of(n)) for n in range(3)]
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    every_time = (*CRAWL, "-s", "NEWS_ROBOTS_HOURS=0")
    workplace.run(*every_time, "-a", "max_articles=0")
    site.put("/robots.txt", "User-agent: *\nDisallow: /\n", "text/plain")
    workplace.run(*every_time)
    assert json.loads(last_run(workplace)["reasons"]) == {"robots_disallow_all": 3}
    assert workplace.rows("SELECT DISTINCT state, attempts FROM pages") == [{"state": "pending", "attempts": 0}]
    assert "its robots.txt forbids everything" in findings(workplace)["local"]["outage"]
    assert not [path for path in site.paths() if path.startswith("/news/")]

    pass_time(workplace)
    site.put("/robots.txt", "User-agent: *\nAllow: /\n", "text/plain")
    workplace.run(*every_time)
    assert last_run(workplace)["new"] == 3
    assert findings(workplace) == {}


def test_pages_are_given_up_when_robots_txt_has_forbidden_the_site_for_too_long(
    site: NewsSite, workplace: Workplace
) -> None:
    links = [site.article(f"/news/{n}.html", f"Report {n}", paragraphs=text_of(n)) for n in range(3)]
    site.put("/robots.txt", "User-agent: *\nAllow: /feed.xml\nDisallow: /\n", "text/plain")
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", links)])
    workplace.run(*CRAWL)
    workplace.change("UPDATE pages SET discovered = ?", PAST)
    for days, state in ((29, "pending"), (31, "given_up")):
        pass_time(workplace)
        workplace.change("UPDATE sites SET outage_since = strftime('%Y-%m-%dT%H:%M:%SZ', 'now', ?)", f"-{days} days")
        workplace.run(*CRAWL)
        assert workplace.rows("SELECT DISTINCT state, reason FROM pages") == [
            {"state": state, "reason": "robots_disallow_all"}
        ]


def test_an_article_that_is_dated_thirty_hours_ahead_is_stored_without_the_date_until_that_has_come(
    site: NewsSite, workplace: Workplace
) -> None:
    ahead = (datetime.now(UTC) + timedelta(hours=30)).isoformat(timespec="seconds")
    page = article_page("Embargo", text_of(1)).replace("2026-11-10T08:30:00+00:00", ahead)
    workplace.site_profile(site, feeds=[site.feed("/feed.xml", [site.put("/news/1.html", page)])])
    assert workplace.run(*CRAWL).returncode == 0
    (article,) = workplace.rows("SELECT title, published, published_raw, provenance FROM articles")
    assert (article["title"], article["published"], article["published_raw"]) == ("Embargo", None, ahead)
    assert ahead in json.loads(article["provenance"])["published_in_future"]
    workplace.change("UPDATE pages SET recheck_at = ?", PAST)
    workplace.run(*CRAWL, "-s", "NEWS_FUTURE_HOURS=40")  # as if the date had come nearer; the page is the same
    (article,) = workplace.rows("SELECT published, provenance FROM articles")
    assert datetime.fromisoformat(article["published"]) == datetime.fromisoformat(ahead)
    assert "published_in_future" not in json.loads(article["provenance"])
