"""What a store remembers of hosts, channels, sites and runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.items import ChannelKind, Page, PageResult, Validators
from crawler.store import Completion, Store
from crawler.store.channels import ChannelState
from crawler.store.findings import RecordedFinding
from crawler.store.hosts import Host, HostFile, Slot
from tests.made_up import FEED, HOME, NOW, SITE, a_candidate, an_article, enqueue, later, put, row, rows

ETAG = Validators(etag='"1"', last_modified="Sun, 01 Mar 2026 12:00:00 GMT", body_hash="abc")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "news.db") as opened:
        yield opened


# -- hosts -----------------------------------------------------------------------------------------------------------


def test_a_host_without_limits_has_none(store: Store) -> None:
    assert store.hosts.get("example.org") == Host(not_before=None, last_request=None, crawl_delay=0.0)
    assert store.hosts.robots("example.org") is None
    assert store.hosts.tdm("example.org") is None


def test_robots_and_tdm_files_are_saved_side_by_side(store: Store) -> None:
    robots = HostFile(body=b"User-agent: *", status=200, fetched=NOW)
    tdm = HostFile(body=b"", status=404, fetched=later(minutes=1))
    store.hosts.record_robots("example.org", robots)
    store.hosts.record_tdm("example.org", tdm)
    assert store.hosts.robots("example.org") == robots
    assert store.hosts.tdm("example.org") == tdm
    assert store.hosts.robots("example.org:8080") is None
    assert store.hosts.get("example.org").last_request == NOW, "that of robots.txt"
    store.hosts.record_robots("example.org", replace(robots, fetched=later(days=1), body=b""))
    assert store.hosts.robots("example.org") == HostFile(body=b"", status=200, fetched=later(days=1))


def test_a_fraction_of_a_second_is_rounded_up_where_a_host_must_be_left_alone(store: Store) -> None:
    store.hosts.record_retry_after("example.org", later(minutes=5, microseconds=1))
    store.hosts.record_robots("example.org", HostFile(body=b"", status=200, fetched=later(microseconds=1)))
    assert store.hosts.get("example.org") == Host(not_before=later(minutes=5, seconds=1), last_request=later(seconds=1))
    assert store.hosts.reserve_slot("other.org", later(microseconds=1), 10, None).last_request == later(seconds=1)


def test_two_processes_share_the_crawl_delay_of_a_host(store: Store) -> None:
    first = store.hosts.reserve_slot("example.org", NOW, 10, None)
    assert first == Slot(is_ours=True, last_request=NOW)
    assert store.hosts.get("example.org").crawl_delay == 10
    assert store.hosts.reserve_slot("example.org", later(seconds=9), 10, None) == Slot(is_ours=False, last_request=NOW)
    assert store.hosts.get("example.org").last_request == NOW, "a refused request has taken no slot"
    second = store.hosts.reserve_slot("example.org", later(seconds=10), 10, None)
    assert second == Slot(is_ours=True, last_request=later(seconds=10))
    mine = store.hosts.reserve_slot("example.org", later(seconds=12), 10, second.last_request)
    assert mine == Slot(is_ours=True, last_request=later(seconds=12)), "a process waits for itself elsewhere"


def test_a_request_dated_by_a_clock_far_ahead_does_not_keep_the_slot(store: Store) -> None:
    store.hosts.reserve_slot("example.org", later(days=300), 10, None)
    assert store.hosts.reserve_slot("example.org", NOW, 10, None) == Slot(is_ours=True, last_request=NOW)
    store.hosts.reserve_slot("example.org", later(seconds=5), 10, NOW)
    assert not store.hosts.reserve_slot("example.org", NOW, 10, None).is_ours


# -- channels --------------------------------------------------------------------------------------------------------


def answer(store: Store, *paths: str, now: datetime = NOW, kind: ChannelKind = "feed", url: str = FEED) -> Any:
    candidates = [replace(a_candidate(path), channel=kind, channel_url=url) for path in paths]
    return store.channels.record_answer(SITE, kind, url, candidates, now, status=200)


def refuse(store: Store, now: datetime, url: str = FEED) -> None:
    store.channels.record_answer(SITE, "feed", url, [], now, status=503, problem="http_503")


def test_a_channel_has_validators_once_all_that_it_leads_to_was_read_in_the_same_way(store: Store) -> None:
    assert store.channels.state(SITE, FEED, "v1", NOW) == ChannelState()
    answer(store, "a", "b")
    assert store.channels.state(SITE, FEED, "v1", NOW) == ChannelState(candidates=2, succeeded=NOW)
    store.channels.record_complete(SITE, FEED, Completion(ETAG, "v1"), later(seconds=5))
    complete = ChannelState(validators=ETAG, candidates=2, succeeded=NOW, completed=later(seconds=5))
    assert store.channels.state(SITE, FEED, "v1", NOW) == complete
    assert store.channels.state(SITE, FEED, "v2", NOW) == replace(complete, validators=Validators())
    assert store.channels.state("other", FEED, "v1", NOW) == ChannelState()
    answer(store, "a", now=later(hours=1))
    assert store.channels.state(SITE, FEED, "v1", NOW).validators == Validators()


def test_an_unchanged_channel_is_complete_only_if_it_was(store: Store) -> None:
    answer(store, "a")
    store.channels.record_unchanged(SITE, FEED, later(hours=1), status=304)
    assert store.channels.state(SITE, FEED, "v1", NOW) == ChannelState(candidates=1, succeeded=later(hours=1))
    store.channels.record_complete(SITE, FEED, Completion(ETAG, "v1"), later(hours=1))
    store.channels.record_unchanged(SITE, FEED, later(hours=2), status=304)
    state = store.channels.state(SITE, FEED, "v1", NOW)
    assert (state.succeeded, state.completed, state.validators) == (later(hours=2), later(hours=2), ETAG)
    assert row(store.path, "SELECT status, new FROM channels") == {"status": 304, "new": 0}


def test_the_first_failure_in_a_row_is_remembered_until_the_channel_succeeds(store: Store) -> None:
    answer(store, "a")
    for hours in (1, 2, 3):
        refuse(store, later(hours=hours))
    failing = row(store.path, "SELECT failing_since, problem, succeeded, checked FROM channels")
    assert failing == {
        "failing_since": "2026-03-01T13:00:00Z",
        "problem": "http_503",
        "succeeded": "2026-03-01T12:00:00Z",
        "checked": "2026-03-01T15:00:00Z",
    }
    store.channels.record_unchanged(SITE, FEED, later(hours=4), status=304)
    assert row(store.path, "SELECT failing_since, problem FROM channels") == {"failing_since": None, "problem": None}
    refuse(store, later(hours=5))
    answer(store, "a", now=later(hours=6))
    assert row(store.path, "SELECT failing_since FROM channels") == {"failing_since": None}


def test_a_problem_beside_usable_candidates_is_not_a_failure(store: Store) -> None:
    store.channels.record_answer(SITE, "feed", FEED, [a_candidate("a")], NOW, status=200, problem="cut off")
    assert store.channels.state(SITE, FEED, "v1", NOW).problem == "cut off"
    assert store.channels.state(SITE, FEED, "v1", NOW).succeeded == NOW
    assert store.runs.history(SITE, NOW).failing == []


def test_the_smallest_window_is_that_of_the_channels_that_list_the_newest_pages(store: Store) -> None:
    assert store.channels.smallest_window(SITE) is None
    answer(store, "a", kind="sitemap", url=HOME + "sitemap")
    answer(store, kind="section", url=HOME + "empty")
    assert store.channels.smallest_window(SITE) is None
    answer(store, *"abcd", kind="news_sitemap", url=HOME + "news")
    answer(store, *"abc", kind="feed", url=HOME + "feed3")
    answer(store, *"ab", kind="feed", url=HOME + "feed2")
    assert store.channels.smallest_window(SITE) == 2
    assert store.channels.smallest_window("other") is None
    refuse(store, later(hours=1), HOME + "feed2")
    assert store.channels.smallest_window(SITE) == 3


def test_a_gap_is_noticed_when_none_of_the_newest_pages_is_listed_again(store: Store) -> None:
    assert not answer(store, *"abcd").gap, "there is nothing before it"
    assert not answer(store, *"efc", now=later(hours=1)).gap
    assert not answer(store, now=later(hours=2)).gap, "it lists nothing"
    assert store.channels.open_gaps(SITE) == []


def test_a_page_that_is_pinned_below_the_newest_three_does_not_hide_a_gap(store: Store) -> None:
    answer(store, *"abcd")
    assert answer(store, *"efgd", now=later(hours=1)).gap
    assert store.channels.open_gaps(SITE) == [later(hours=1)]
    assert store.channels.open_gaps("other") == []


@pytest.mark.parametrize(
    ("before", "after", "is_gap"),
    [
        ("Labc", "Lxyz", True),  # a pinned page on top, whatever its date
        ("LMab", "LMxy", True),
        ("abcd", "xyza", False),  # the newest page before is the oldest now
        ("Labc", "Lxya", False),
        ("Labc", "xLyz", True),  # pinned to the second place
        ("abcdef", "xabcdy", False),  # a new page with an old date comes last
        ("abcd", "dcbax", False),  # a feed with its oldest page first
    ],
)
def test_a_pinned_page_does_not_hide_a_gap(store: Store, before: str, after: str, is_gap: bool) -> None:
    answer(store, *before)
    assert answer(store, *after, now=later(hours=1)).gap == is_gap


def test_a_gap_is_noticed_after_a_poll_for_which_the_channel_was_empty(store: Store) -> None:
    answer(store, *"abcd")
    answer(store, now=later(hours=1))
    assert answer(store, *"wxyz", now=later(hours=2)).gap


def test_known_pages_and_channels_that_reach_far_back_do_not_show_a_gap(store: Store) -> None:
    answer(store, *"abcdef")
    assert not answer(store, *"def", now=later(hours=1)).gap, "nothing of it is new"
    answer(store, *"uv", kind="sitemap", url=HOME + "sitemap")
    assert not answer(store, *"wx", kind="sitemap", url=HOME + "sitemap", now=later(hours=1)).gap


def test_a_gap_reaches_from_the_newest_page_before_to_the_oldest_after_across_failures(store: Store) -> None:
    def dated(*hours: int) -> list[Any]:
        return [a_candidate(f"p{hour}", published=later(hours=hour)) for hour in hours]

    enqueue(store, *dated(3, 2, 1), now=later(hours=3))
    refuse(store, later(hours=5))
    assert enqueue(store, *dated(9, 8, 7), now=later(hours=9)).gap
    record = row(store.path, "SELECT channel_url, noticed, since, until, closed FROM gaps")
    assert record == {
        "channel_url": FEED,
        "noticed": "2026-03-01T21:00:00Z",
        "since": "2026-03-01T15:00:00Z",
        "until": "2026-03-01T19:00:00Z",
        "closed": None,
    }


def test_gaps_are_closed_for_one_site_and_once(store: Store) -> None:
    answer(store, *"abc")
    answer(store, *"def", now=later(hours=1))
    store.channels.close_gaps("other", later(hours=2), by="sitemap", new=9)
    assert store.channels.open_gaps(SITE) == [later(hours=1)]
    store.channels.close_gaps(SITE, later(hours=2), by="sitemap", new=4)
    store.channels.close_gaps(SITE, later(hours=3), by="nothing", new=0)
    assert store.channels.open_gaps(SITE) == []
    closed = row(store.path, "SELECT closed, closed_by, new FROM gaps")
    assert closed == {"closed": "2026-03-01T14:00:00Z", "closed_by": "sitemap", "new": 4}


# -- sites -----------------------------------------------------------------------------------------------------------


def test_a_site_has_its_last_poll_its_failures_and_its_next_poll(store: Store) -> None:
    assert store.sites.states() == {}
    store.sites.record_poll(SITE, NOW, success=True, next_poll=later(minutes=30))
    for hours in (1, 2):
        store.sites.record_poll(SITE, later(hours=hours), success=False, next_poll=later(hours=hours + 1))
    store.sites.record_poll("other", NOW, success=False, next_poll=later(minutes=30))
    state = store.sites.states()[SITE]
    assert (state.last_poll, state.last_success, state.failures) == (later(hours=2), NOW, 2)
    assert (state.interval, state.next_poll) == (timedelta(hours=1), later(hours=3))
    store.sites.record_poll(SITE, later(hours=3), success=True, next_poll=later(hours=4))
    assert store.sites.states()[SITE].failures == 0
    assert (store.sites.states()["other"].failures, store.sites.states()["other"].last_success) == (1, None)


def test_publications_are_those_of_articles_to_the_minute_else_of_channels_else_discoveries(store: Store) -> None:
    put(store, an_article("exact", published=later(hours=-3), published_precision="minute"))
    enqueue(store, a_candidate("day", published=later(hours=-2)))
    put(store, an_article("day", published=later(hours=-9), published_precision="day"))
    enqueue(store, a_candidate("undated"), a_candidate("old", published=later(days=-9)), a_candidate("failed"))
    store.record_outcomes([PageResult(page=Page(url=HOME + "failed", site=SITE), outcome="failed")], NOW)
    store.channels.record_answer("other", "feed", FEED, [a_candidate("x")], NOW, status=200)
    assert store.sites.publications(SITE, later(days=-1)) == [later(hours=-3), later(hours=-2), NOW]
    assert store.sites.publications(SITE, later(seconds=1)) == []


def test_the_overview_counts_articles_by_week_and_month_and_pending_pages(store: Store) -> None:
    put(store, an_article("a", "one"), later(days=-28, seconds=-1))
    for path, days in (("b", -28), ("c", -7), ("d", 0)):
        put(store, an_article(path, f"text {path}"), later(days=days))
    enqueue(store, a_candidate("due"))
    store.runs.begin(SITE, {}, later(days=-1))
    store.runs.begin(SITE, {}, later(hours=-1))
    store.runs.begin("idle", {}, NOW)
    overview = store.sites.overview(NOW)
    site = overview[SITE]
    assert (site["articles"], site["month"], site["week"], site["pending"]) == (4, 3, 2, 1)
    assert (site["first_article"], site["last_article"]) == ("2026-02-01T11:59:59Z", "2026-03-01T12:00:00Z")
    assert site["last_crawl"] == "2026-03-01T11:00:00Z"
    assert overview["idle"] == {"site": "idle", "articles": 0, "last_crawl": "2026-03-01T12:00:00Z"}
    summaries = store.sites.summaries()
    assert {name: (found["articles"], found["last_crawl"]) for name, found in summaries.items()} == {
        SITE: (4, "2026-03-01T11:00:00Z"),
        "idle": (0, "2026-03-01T12:00:00Z"),
    }


def test_a_finding_is_reported_when_it_is_new_and_again_after_a_day(store: Store) -> None:
    def report(hours: int, *rules: str, site: str = SITE) -> list[str]:
        found = [RecordedFinding(site=site, rule=rule, message=f"{rule} at {hours}") for rule in rules]
        return sorted(rule for _, rule in store.findings.record({site: found}, later(hours=hours)))

    assert report(0, "slow") == ["slow"]
    assert report(1, "slow", "blocked") == ["blocked"]
    assert report(1, "slow", site="other") == ["slow"]
    assert report(23, "slow", "blocked") == []
    assert report(24, "slow", "blocked") == ["slow"]
    records = rows(store.path, "SELECT since, last_notified, message FROM findings WHERE site = ? ORDER BY rule", SITE)
    assert records[1] == {
        "since": "2026-03-01T12:00:00Z",
        "last_notified": "2026-03-02T12:00:00Z",
        "message": "slow at 24",
    }
    assert report(26, "blocked") == ["blocked"]
    assert report(27, "slow", "blocked") == ["slow"], "it had ended"
    assert report(3, "blocked") == ["blocked"], "it was reported by a clock that was ahead"


@pytest.mark.parametrize("rule", ["silent", "stale"])
def test_what_lasts_until_the_profile_is_changed_is_reported_once(store: Store, rule: str) -> None:
    finding = RecordedFinding(site=SITE, rule=rule, message="nothing new")
    reported = [bool(store.findings.record({SITE: [finding]}, later(days=days))) for days in range(40)]
    assert reported == [True, *[False] * 39]
    assert store.findings.record({SITE: []}, later(days=40)) == set()
    assert store.findings.record({SITE: [finding]}, later(days=41)) == {(SITE, rule)}, "it had ended"


# -- runs ------------------------------------------------------------------------------------------------------------


def test_the_latest_runs_come_newest_first_with_what_they_counted(store: Store) -> None:
    for number in range(4):
        run = store.runs.begin(SITE, {"n": str(number)}, later(hours=number))
        store.runs.finish(run, {"new": number, "reasons": {"b": 1, "a": number}}, "finished", later(hours=number + 1))
    latest = store.runs.latest(2)
    assert [(each["arguments"], each["new"], each["reasons"]) for each in latest] == [
        ({"n": "3"}, 3, {"a": 3, "b": 1}),
        ({"n": "2"}, 2, {"a": 2, "b": 1}),
    ]


def test_a_scheduler_run_has_its_crawls_its_exit_code_and_what_it_reported(store: Store) -> None:
    first, second = store.runs.begin_scheduler_run(NOW), store.runs.begin_scheduler_run(later(minutes=5))
    store.runs.begin(SITE, {}, NOW, scheduler_run_id=second)
    store.runs.finish_scheduler_run(first, later(minutes=1), exit_code=0, message="")
    store.runs.finish_scheduler_run(second, later(minutes=6), exit_code=1, message="example: locked")
    newest, before = store.runs.latest_scheduler_runs(5)
    assert (newest["id"], newest["exit_code"], newest["message"]) == (second, 1, "example: locked")
    assert (before["finished"], before["exit_code"], before["message"]) == ("2026-03-01T12:01:00Z", 0, None)
    assert store.runs.latest_scheduler_runs(1) == [newest]
    assert store.runs.latest(1)[0]["scheduler_run_id"] == second


def test_the_history_of_a_site_has_its_finished_runs_of_the_last_weeks_oldest_first(store: Store) -> None:
    for days in (-57, -56, -1):
        store.runs.finish(store.runs.begin(SITE, {}, later(days=days)), {"new": 1}, "finished", later(days=days))
    store.runs.begin(SITE, {}, NOW)
    store.runs.finish(store.runs.begin("other", {}, NOW), {}, "finished", NOW)
    result = store.runs.history(SITE, NOW).runs
    assert [(run["started"], run["finished"], run["reasons"]) for run in result] == [
        (later(days=-56), later(days=-56), {}),
        (later(days=-1), later(days=-1), {}),
    ]


def test_discoveries_leave_out_the_backlog_of_the_first_crawl_and_what_was_missed_before(store: Store) -> None:
    now = later(days=2)
    put(store, an_article("first", "one", published=NOW), NOW)
    put(store, an_article("backlog", "two", published=NOW), later(hours=6))
    put(store, an_article("next", "three", published=NOW), later(hours=6, seconds=1))
    put(store, an_article("undated", "four"), later(hours=8))
    put(store, an_article("missed", "five", published=later(days=-2)), later(days=1))
    put(store, an_article("late", "six", published=later(days=-1)), later(days=1, hours=23))
    assert store.runs.history(SITE, now).discoveries == [
        later(hours=6, seconds=1),
        later(hours=8),
        later(days=1, hours=23),
    ]
    assert store.runs.history("other", now).discoveries == []
    stopped = now + timedelta(days=300)
    assert store.runs.history(SITE, stopped).discoveries == store.runs.history(SITE, now).discoveries, "it stays silent"


def test_the_history_names_failing_channels_and_a_gap_that_nothing_fills_for_a_day(store: Store) -> None:
    answer(store, *"abc")
    answer(store, *"def", now=later(hours=1))
    answer(store, *"x", url=HOME + "bad")
    refuse(store, later(hours=2), HOME + "bad")
    history = store.runs.history(SITE, later(hours=3))
    assert [(each.url, each.problem, each.since) for each in history.failing] == [
        (HOME + "bad", "http_503", later(hours=2))
    ]
    assert (history.channels, history.unfilled_gap) == (2, None)
    store.channels.close_gaps(SITE, later(hours=2), by="nothing", new=0)
    assert store.runs.history(SITE, later(hours=26)).unfilled_gap == FEED
    assert store.runs.history(SITE, later(hours=26, seconds=1)).unfilled_gap is None
    assert store.runs.history("other", later(hours=3)).unfilled_gap is None


def test_a_channel_is_received_whole_once_a_day_if_it_is_silent_as_never_before(store: Store) -> None:
    def has_validators(**ahead: float) -> bool:
        return store.channels.state(SITE, FEED, "v1", later(**ahead)).validators == ETAG

    def read(*paths: str, **ahead: float) -> None:
        answer(store, *paths, now=later(**ahead))
        store.channels.record_complete(SITE, FEED, Completion(ETAG, "v1"), later(**ahead))

    read("a")
    read("b", days=2)
    assert has_validators(days=3.9), "it was silent for two days before"
    assert not has_validators(days=4.1)
    store.channels.record_unchanged(SITE, FEED, later(days=4.1), status=304)
    assert not has_validators(days=4.2), "a 304 says nothing"
    store.channels.record_unchanged(SITE, FEED, later(days=4.2), status=200)
    assert has_validators(days=5)
    assert not has_validators(days=5.3)
