"""scrapy health and status on a real site: a redesign is noticed within one run."""

from __future__ import annotations

import json

from tests.conftest import Workplace
from tests.newssite import NewsSite
from tests.test_crawl_again import PAST, text_of


def redesigned(n: int) -> str:
    """A page whose title has moved into a picture and whose text is loaded by a script."""
    return f'<!DOCTYPE html><html lang="en"><head><title></title></head><body><div id="app-{n}"></div></body></html>'


def test_a_redesign_is_caught_within_one_run_and_reported_once(site: NewsSite, workplace: Workplace) -> None:
    links = [site.article(f"/news/{n}.html", f"Report {n}", paragraphs=text_of(n)) for n in range(30)]
    site.feed("/feed.xml", links)
    workplace.site_profile(site, feeds=[site.url + "feed.xml"])
    first = workplace.run("due", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8", "-s", "AUTOTHROTTLE_ENABLED=0")
    assert first.returncode == 0, first.stderr
    assert workplace.run("health").stdout == ""
    new = [site.put(f"/news/{n}.html", redesigned(n)) for n in range(30, 37)]
    site.feed("/feed.xml", [*new, *links])
    workplace.change("UPDATE sites SET next_poll = ?", PAST)
    result = workplace.run("due", "-L", "ERROR")
    assert result.returncode == 3
    lines = result.stderr.splitlines()
    assert "7 of its last 7 pages have no text, 0 of 30 earlier ones" in " ".join(lines)
    assert f"for example {site.url}news/" in lines[0]
    workplace.change("UPDATE sites SET next_poll = ?", PAST)
    again = workplace.run("due", "-L", "ERROR")
    assert (again.returncode, again.stderr) == (3, ""), "it is still so, but was reported today"
    health = workplace.run("health", "--json")
    assert health.returncode == 3
    values = {finding["rule"]: finding for finding in json.loads(health.stdout)}
    assert values["body"]["example"].startswith(site.url)
    status(site, workplace)


def status(site: NewsSite, workplace: Workplace) -> None:
    """Earlier runs of the site."""
    status_of_all = json.loads(workplace.run("status", "--json").stdout)
    (row,) = status_of_all["sites"]
    assert (row["site"], row["articles"], row["pending"], row["failures"]) == ("local", 30, 7, 0), "they are retried"
    assert row["articles_a_day_7"] == round(30 / 7, 1)
    assert row["articles_a_day_28"] == round(30 / 28, 1)
    assert row["next_poll"] > row["last_success"]
    assert row["problems"]
    last, redesign, first = status_of_all["runs"]
    assert (first["new"], first["requests"], first["finish_reason"]) == (30, 32, "finished")
    assert first["bytes"] > 30 * 500
    assert last["requests"] == 1
    ((_, error),) = redesign["errors"].items()
    assert error["pages"] == 7
    assert error["example"].startswith(site.url + "news/3")
    assert [r["exit_code"] for r in status_of_all["scheduler_runs"]] == [3, 3, 0]
    table = workplace.run("status")
    assert table.returncode == 3
    assert "unhealthy" in table.stdout
    assert "7 no_" in table.stdout
    assert "\x1b" not in table.stdout
