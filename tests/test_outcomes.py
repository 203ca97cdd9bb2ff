"""The counts of a run: every requested page has one outcome, and the sums add up."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.crawl import report
from crawler.crawl.stats import CrawlStats, Stage
from crawler.items import OUTCOMES, Outcome, Page, PageResult
from tests.made_up import Collected


def ended(url: str, outcome: Outcome | None, reason: str | None = None) -> PageResult:
    return PageResult(page=Page(url=url, site="example"), outcome=outcome, reason=reason)


STAGES: dict[Outcome, Stage] = {"dropped": "validate", "blocked": "fetch", "failed": "fetch"}


def of(*ends: tuple[Outcome, str | None], unfinished: int = 0, collected: Collected | None = None) -> CrawlStats:
    made = CrawlStats(Collected() if collected is None else collected)
    for number, (outcome, reason) in enumerate(ends):
        made.request(str(number))
        made.record_outcome(ended(str(number), outcome, reason), STAGES.get(outcome, "store"))
    for number in range(unfinished):
        made.request(f"unfinished {number}")
    return made


ENDS = st.tuples(st.sampled_from(OUTCOMES), st.sampled_from([None, "http_404", "timeout"]))


@settings(deadline=None)
@given(st.lists(ENDS), st.integers(0, 5))
def test_the_outcomes_and_the_unfinished_add_up_to_the_pages_requested(
    ends: list[tuple[Outcome, str | None]], unfinished: int
) -> None:
    columns = of(*ends, unfinished=unfinished).columns()
    assert columns["requested"] == len(ends) + unfinished
    assert sum(columns[outcome] for outcome in OUTCOMES) + columns["unfinished"] == columns["requested"]
    assert sum(columns["reasons"].values()) == sum(reason is not None for _, reason in ends)


@settings(deadline=None)
@given(st.lists(ENDS), st.integers(0, 5))
def test_the_stats_of_scrapy_add_up_as_well(ends: list[tuple[Outcome, str | None]], unfinished: int) -> None:
    collected = Collected()
    of(*ends, unfinished=unfinished, collected=collected).close()
    outcomes = {key: count for key, count in collected.items() if key.split("/")[1] in OUTCOMES}
    assert sum(outcomes.values()) + collected["run/unfinished"] == collected["fetch/requested"]
    assert collected["fetch/requested"] == len(ends) + unfinished
    reasons = Counter(reason for _, reason in ends if reason is not None)
    for reason in reasons:
        assert sum(count for key, count in outcomes.items() if key.endswith(f"/{reason}")) == reasons[reason]


@settings(deadline=None)
@given(st.lists(ENDS), st.integers(0, 5))
def test_the_table_adds_up_as_well(ends: list[tuple[Outcome, str | None]], unfinished: int) -> None:
    table = report.table(of(*ends, unfinished=unfinished), "example")
    counts = {name: int(count) for name, count in re.findall(r"^  ([a-z]+) +(\d+)", table, re.MULTILINE)}
    requested = counts.pop("requested")
    assert sum(counts.values()) == requested == len(ends) + unfinished
    assert Counter({name: count for name, count in counts.items() if name != "unfinished"}) == Counter(
        outcome for outcome, _ in ends
    )


def test_a_retry_of_a_page_counts_once() -> None:
    made = CrawlStats(Collected())
    made.request("a")
    made.request("a")
    assert made.requested == made.unfinished == 1
    assert made.is_in_progress("a")
    made.record_outcome(ended("a", "new"), "store")
    assert made.unfinished == 0
    assert not made.is_in_progress("a")


def test_a_page_cannot_have_two_outcomes() -> None:
    made = of(("new", None))
    with pytest.raises(KeyError):
        made.record_outcome(ended("0", "new"), "store")
    assert made.columns()["new"] == 1


def test_a_page_that_was_never_requested_cannot_have_an_outcome() -> None:
    made = CrawlStats(Collected())
    with pytest.raises(KeyError):
        made.record_outcome(ended("a", "new"), "store")
    assert sum(made.outcomes.values()) == 0


def test_a_page_cannot_finish_without_an_outcome() -> None:
    made = CrawlStats(Collected())
    made.request("a")
    with pytest.raises(AssertionError):
        made.record_outcome(ended("a", None), "store")
    assert made.is_in_progress("a"), "it is still to be counted"


def test_what_was_left_out_is_counted_by_reason_and_known_pages_once() -> None:
    made = CrawlStats(Collected())
    made.skip("too_old", 2)
    made.skip("foreign")
    made.skip_known(frozenset("abc"))
    made.skip_known(frozenset("a"))
    assert made.columns()["skipped"] == {"too_old": 2, "foreign": 1, "known": 3}
    assert made.columns()["skipped"] == {"too_old": 2, "foreign": 1, "known": 3}, "asking changes nothing"
    assert "skipped 3 known, 2 too old, 1 foreign" in report.table(made, "example")


def test_the_columns_can_be_written_as_json() -> None:
    assert json.loads(json.dumps(of(("failed", "http_404"), unfinished=1).columns()))["reasons"] == {"http_404": 1}


def test_the_table_begins_with_what_a_reader_wants_to_know_first() -> None:
    made = of(
        ("new", None), ("failed", "http_404"), ("failed", "http_404"), ("dropped", "body_too_short"), unfinished=1
    )
    made.count("discover/new", 7)
    made.count("discover/channel_problems", 2)
    assert report.table(made, "example").split("\n") == [
        "example: 7 new URLs discovered",
        "  new              1",
        "  updated          0",
        "  unchanged        0",
        "  duplicate        0",
        "  dropped          1",
        "  blocked          0",
        "  priced           0",
        "  failed           2",
        "  unfinished       1  the run was stopped; the next run requests them",
        "  requested        5  (2 http 404, 1 body too short)",
        "  channel problems: 2, see the warnings above",
    ]


def test_a_run_without_new_articles_reports_nothing_new() -> None:
    assert report.table(of(("unchanged", None)), "example").endswith("\n  nothing new")
    assert "nothing new" not in report.table(of(("updated", None)), "example")
