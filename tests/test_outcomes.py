"""The counts of a run: every requested page ends once, and the sums add up."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.crawl.stats import Outcomes
from crawler.items import OUTCOMES, Outcome, Page, PageResult


def ended(url: str, outcome: Outcome | None, reason: str | None = None) -> PageResult:
    return PageResult(page=Page(url=url, site="example"), outcome=outcome, reason=reason)


def of(*ends: tuple[Outcome, str | None], unfinished: int = 0) -> Outcomes:
    made = Outcomes()
    for number, (outcome, reason) in enumerate(ends):
        made.request(str(number))
        made.settle(ended(str(number), outcome, reason))
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
def test_the_table_adds_up_as_well(ends: list[tuple[Outcome, str | None]], unfinished: int) -> None:
    table = of(*ends, unfinished=unfinished).table("example")
    counts = {name: int(count) for name, count in re.findall(r"^  ([a-z]+) +(\d+)", table, re.MULTILINE)}
    requested = counts.pop("requested")
    assert sum(counts.values()) == requested == len(ends) + unfinished
    assert Counter({name: count for name, count in counts.items() if name != "unfinished"}) == Counter(
        outcome for outcome, _ in ends
    )


def test_a_retry_of_a_page_counts_once() -> None:
    made = Outcomes()
    made.request("a")
    made.request("a")
    assert made.requested == made.unfinished == 1
    assert made.is_under_way("a")
    made.settle(ended("a", "new"))
    assert made.unfinished == 0
    assert not made.is_under_way("a")


def test_a_page_cannot_end_twice() -> None:
    made = of(("new", None))
    with pytest.raises(KeyError):
        made.settle(ended("0", "new"))
    assert made.columns()["new"] == 1


def test_a_page_that_was_never_asked_for_cannot_end() -> None:
    made = Outcomes()
    with pytest.raises(KeyError):
        made.settle(ended("a", "new"))
    assert sum(made.outcomes.values()) == 0


def test_a_page_cannot_end_without_an_outcome() -> None:
    made = Outcomes()
    made.request("a")
    with pytest.raises(AssertionError):
        made.settle(ended("a", None))
    assert made.is_under_way("a"), "it is still to be counted"


def test_what_was_left_out_is_counted_by_reason_and_known_pages_once() -> None:
    made = Outcomes()
    made.skipped.update({"too_old": 2, "foreign": 1})
    made.known |= {"a", "b", "c"}
    made.known |= {"a"}
    assert made.columns()["skipped"] == {"too_old": 2, "foreign": 1, "known": 3}
    assert made.columns()["skipped"] == {"too_old": 2, "foreign": 1, "known": 3}, "asking changes nothing"
    assert "skipped 3 known, 2 too old, 1 foreign" in made.table("example")


def test_the_columns_can_be_written_as_json() -> None:
    assert json.loads(json.dumps(of(("failed", "http_404"), unfinished=1).columns()))["reasons"] == {"http_404": 1}


def test_the_table_says_what_a_reader_asks_first() -> None:
    made = of(
        ("new", None), ("failed", "http_404"), ("failed", "http_404"), ("dropped", "body_too_short"), unfinished=1
    )
    made.discovered = 7
    made.channel_problems = 2
    assert made.table("example").split("\n") == [
        "example: 7 new URLs discovered",
        "  new              1",
        "  updated          0",
        "  unchanged        0",
        "  duplicate        0",
        "  dropped          1",
        "  blocked          0",
        "  failed           2",
        "  unfinished       1  the run was stopped; the next one takes them up",
        "  requested        5  (2 http 404, 1 body too short)",
        "  channel problems: 2, see the warnings above",
    ]


def test_a_run_without_news_says_so() -> None:
    assert of(("unchanged", None)).table("example").endswith("\n  nothing new")
    assert "nothing new" not in of(("updated", None)).table("example")
