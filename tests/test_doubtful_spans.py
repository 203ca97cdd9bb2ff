"""A redesign on a real site: noticed within ten pages, its articles marked, and mended from the archive."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.health.doubt import judge_doubt, record_doubt
from crawler.health.finding import Finding
from crawler.health.page_quality import judge_pages
from crawler.store import Store
from crawler.store.doubts import DoubtfulSpan
from tests.conftest import Workplace
from tests.made_up import NOW, SITE, an_article, later, put
from tests.newssite import NewsSite
from tests.test_crawl_again import PAST, text_of
from tests.test_health_rules import GOOD, PAGE, PROFILE, a_run

FAST = ("-s", "CONCURRENT_REQUESTS_PER_DOMAIN=8", "-s", "AUTOTHROTTLE_ENABLED=0")
AUTHORS = "SELECT url, authors, last_seen FROM articles ORDER BY id"


def page(n: int, *, redesigned: bool) -> str:
    """A page; the old design names the author where every reader looks, the new one where only a selector finds it."""
    author = "<i class='x1'>Nora Field</i>" if redesigned else ""
    meta = "" if redesigned else "<meta name='author' content='Nora Field'>"
    text = "".join(f"<p>{each}</p>" for each in text_of(n))
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>Report {n}</title>{meta}</head><body><article><h1>Report {n}</h1>"
        f"<time datetime='2026-11-10T08:30:00Z'></time>{text}</article>{author}</body></html>"
    )


def publish(site: NewsSite, numbers: range, *, redesigned: bool) -> None:
    """Put pages, which become the feed together with some earlier ones."""
    new = [site.put(f"/news/{n}.html", page(n, redesigned=redesigned)) for n in reversed(numbers)]
    earlier = [f"{site.url}news/{n}.html" for n in range(max(numbers.start - 3, 0), numbers.start)]
    site.feed("/feed.xml", [*new, *reversed(earlier)])


def due(workplace: Workplace) -> tuple[int, str]:
    if workplace.database.exists():
        workplace.change("UPDATE sites SET next_poll = ?", PAST)
    result = workplace.run("due", *FAST, "-L", "ERROR")
    return result.returncode, result.stderr


def doubtful(workplace: Workplace) -> list[str]:
    """The messages of the rule."""
    found = json.loads(workplace.run("health", "--json").stdout)
    return [finding["message"] for finding in found if finding["rule"] == "doubtful"]


def test_a_redesign_marks_the_pages_after_it_and_they_are_mended_from_the_archive(
    site: NewsSite, workplace: Workplace
) -> None:
    workplace.site_profile(site, feeds=[site.url + "feed.xml"])
    for numbers in (range(24), range(24, 30)):
        publish(site, numbers, redesigned=False)
        assert due(workplace)[0] == 0
    publish(site, range(30, 37), redesigned=True)
    code, reported = due(workplace)
    assert code == 3
    assert "7 of its last 7 pages have no author" in reported
    assert "7 articles fetched since then are doubtful (authors)" in " ".join(reported.split())
    before = workplace.rows(AUTHORS)
    unmended = json.loads(workplace.run("reextract", "--doubtful", "--json").stdout)
    assert (unmended["articles"], unmended["changed"]) == (7, 0)
    assert len(doubtful(workplace)) == 1, "nothing has changed: the profile is still wrong"

    with (workplace.folder / "sites" / "local.toml").open("a", encoding="utf-8") as file:
        file.write("[selectors]\nauthors = '.x1'\n")
    assert json.loads(workplace.run("reextract", "--doubtful", "--dry-run", "--json").stdout)["changed"] == 7
    assert len(doubtful(workplace)) == 1, "a dry run ends no doubt"
    mended = json.loads(workplace.run("reextract", "--doubtful", "--json").stdout)
    assert (mended["articles"], mended["changed"], mended["fields"]["authors"]) == (7, 7, 7)
    after = workplace.rows(AUTHORS)
    assert after[:30] == before[:30]
    assert [row["authors"] for row in after[30:]] == ['["Nora Field"]'] * 7
    assert doubtful(workplace) == []

    publish(site, range(37, 57), redesigned=True)
    assert due(workplace) == (0, "")
    assert workplace.rows("SELECT * FROM doubtful_spans") == []


def test_sixty_pages_without_a_change_are_not_doubtful(site: NewsSite, workplace: Workplace) -> None:
    workplace.site_profile(site, feeds=[site.url + "feed.xml"])
    for numbers in (range(30), range(30, 40), range(40, 60)):
        publish(site, numbers, redesigned=False)
        assert due(workplace) == (0, "")
    assert workplace.rows("SELECT * FROM doubtful_spans") == []
    assert json.loads(workplace.run("reextract", "--doubtful", "--json").stdout)["articles"] == 0


@pytest.mark.parametrize("field", ["title", "date", "authors", "sure"])
@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 10])
def test_a_redesign_is_noticed_within_ten_pages_whatever_the_runs_have(size: int, field: str) -> None:
    runs, pages = [*GOOD], 0
    found: list[Finding] = []
    while not found:
        pages += size
        runs.append(a_run(-10 + len(runs) / 10, size, **{field: 0, "without": {field: PAGE}}))
        found = [*judge_pages(PROFILE, runs, NOW)]
    assert pages <= 10
    assert [each.since for each in found] == [runs[len(GOOD)]["started"]]


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 10])
def test_texts_that_become_short_are_noticed_within_ten_pages(size: int) -> None:
    runs = [*GOOD]
    while not (found := [*judge_pages(PROFILE, runs, NOW)]):
        runs.append(a_run(-10 + len(runs) / 10, size, chars=size * 300))
    assert (len(runs) - len(GOOD)) * size <= 10
    assert [each.since for each in found] == [runs[len(GOOD)]["started"]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "news.db") as opened:
        yield opened


def finding(rule: str, hours: float) -> Finding:
    return Finding(site=SITE, rule=rule, message="worse", since=later(hours=hours))


def span(store: Store) -> DoubtfulSpan | None:
    return next(iter(store.doubts.all()), None)


def test_a_span_that_ends_by_itself_stays_until_it_is_read_again(store: Store) -> None:
    record_doubt(store, {SITE: [finding("date", 0)]}, later(hours=1))
    record_doubt(store, {SITE: []}, later(hours=5))
    record_doubt(store, {SITE: []}, later(hours=9))
    found = span(store)
    assert found is not None
    assert (found.since, found.until, found.rules) == (NOW, later(hours=5), ("date",))
    store.doubts.record_reading(SITE, later(hours=10), has_changed=False)
    assert span(store) is None


def test_the_begin_of_a_span_moves_only_when_another_rule_finds_it(store: Store) -> None:
    for found in ([finding("date", 0)], [finding("date", -20)], [finding("slow", -90), finding("date", 3)]):
        record_doubt(store, {SITE: found}, later(hours=1))
        known = span(store)
        assert known is not None
        assert (known.since, known.rules) == (NOW, ("date",))
    record_doubt(store, {SITE: [finding("date", 2), finding("confidence", -2)]}, later(hours=4))
    known = span(store)
    assert known is not None
    assert (known.since, known.rules) == (later(hours=-2), ("confidence", "date"))


def test_a_redesign_after_a_mend_is_doubtful_again(store: Store) -> None:
    record_doubt(store, {SITE: [finding("date", 0)]}, later(hours=1))
    store.doubts.record_reading(SITE, later(hours=2), has_changed=True)
    known = span(store)
    assert known is not None
    assert known.is_mended
    record_doubt(store, {SITE: []}, later(hours=3))
    assert span(store) is None
    record_doubt(store, {SITE: [finding("body_length", 4)]}, later(hours=5))
    known = span(store)
    assert known is not None
    assert (known.since, known.is_mended) == (later(hours=4), False)


def test_a_span_without_articles_is_not_reported(store: Store) -> None:
    put(store, an_article("a", "Text of a."), NOW + timedelta(hours=1))  # not archived: it cannot be extracted again
    record_doubt(store, {SITE: [finding("title", 0)]}, later(hours=2))
    assert span(store) is not None
    assert list(judge_doubt(SITE, store.doubts.all())) == []
