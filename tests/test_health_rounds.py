"""Which sites a round examines: those that were polled since their last examination, and all of them once an hour."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.health import Finding, examine_sites, new_findings
from crawler.profile import SiteProfile
from crawler.store import Store
from tests.made_up import NOW, later
from tests.test_store_cost import traced

PROFILES = [SiteProfile(name=name, title=name, url=f"https://{name}.example/") for name in ("down", "quiet", "up")]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with three sites, of which one never answered."""
    with Store(tmp_path / "news.db") as opened:
        for profile in PROFILES:
            poll(opened, profile.name, -1)
        yield opened


def poll(store: Store, name: str, minutes: float) -> None:
    """A poll that ends some minutes after NOW."""
    moment = later(minutes=minutes)
    url = f"https://{name}.example/feed"
    status, problem = (None, "timeout") if name == "down" else (200, None)
    store.channels.record_answer(name, "feed", url, [], moment, status=status, problem=problem)
    store.sites.record_poll(name, moment, success=name != "down", next_poll=moment + timedelta(hours=2))


def examined(store: Store, minutes: float) -> tuple[list[Finding], list[Finding], set[str]]:
    """What a round at this time finds, what it reports, and the sites whose history it reads."""
    with traced(store) as statements:
        findings, unreported = new_findings(store, PROFILES, later(minutes=minutes))
    read = {
        name for name in ("down", "quiet", "up") for each in statements if "run_days" in each and f"'{name}'" in each
    }
    return findings, unreported, read


def test_a_round_examines_the_sites_that_were_polled_and_reports_the_others_as_they_were_found(store: Store) -> None:
    first, reported, read = examined(store, 0)
    assert [(finding.site, finding.rule, finding.example) for finding in first] == [
        ("down", "unreachable", "https://down.example/feed")
    ]
    assert (reported, read) == (first, {"down", "quiet", "up"})
    assert examined(store, 5) == (first, [], set())
    poll(store, "up", 6)
    assert examined(store, 10) == (first, [], {"up"})
    assert first == examine_sites(store, PROFILES, NOW), "whole, with time and example"


def test_every_site_is_examined_once_an_hour_because_some_rules_look_at_the_time(store: Store) -> None:
    examined(store, 0)
    findings, _, read = examined(store, 61)
    assert read == {"down", "quiet", "up"}
    day_later, reported, _ = examined(store, 60 * 24 + 180)
    assert {finding.rule for finding in day_later} == {"unreachable", "not_crawled"}
    assert {finding.rule for finding in reported} == {"unreachable", "not_crawled"}, "once a day, and what is new"
    assert [finding.rule for finding in findings] == ["unreachable"]


def test_a_finding_of_a_site_that_was_polled_again_ends(store: Store) -> None:
    examined(store, 0)
    url = "https://down.example/feed"
    store.channels.record_answer("down", "feed", url, [], later(minutes=9), status=200)
    store.sites.record_poll("down", later(minutes=9), success=True, next_poll=later(hours=2))
    assert examined(store, 10) == ([], [], {"down"})
    assert store.findings.all() == []


def test_only_the_findings_of_the_given_sites_count(store: Store) -> None:
    examined(store, 0)
    assert new_findings(store, PROFILES[1:], later(minutes=1)) == ([], [])


def test_an_examination_under_a_clock_that_was_ahead_is_repeated(store: Store) -> None:
    examined(store, 50)
    assert examined(store, 5)[2] == {"down", "quiet", "up"}
