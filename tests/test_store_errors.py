"""Every public method of the store against a database that is locked, full, read-only or damaged.

A method works, or it raises a StoreError that says what to do; it never raises an error of SQLite, and never leaves
half of what it was to write. A method that is added without a call below fails a test.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.items import Page, PageResult, RecordLocation, Validators
from crawler.profile import Channel
from crawler.store import ArticleFilter, Completion, OutcomeBatch, Store, StoreError
from crawler.store import store as store_module
from crawler.store.database import Database
from crawler.store.doubts import Doubt
from crawler.store.findings import RecordedFinding
from crawler.store.hosts import HostFile
from crawler.store.read.articles import ChangeRange
from crawler.store.templates import StoredTemplate
from crawler.usage import PageRights, Signal
from tests.made_up import FEED, HOME, LONG, NOW, SITE, a_candidate, an_article, fail, later, put, replace_text

BIG = "x" * 20_000
"""More than a page of a database: who writes this to a full one fails."""

ALL = ArticleFilter(with_duplicates=True)
SIGNAL = Signal(kind="robots", place="meta robots", text=BIG)
ROBOTS = HostFile(body=BIG.encode(), status=200, fetched=NOW)


@dataclass(frozen=True)
class Call:
    """A call of a method."""

    method: str
    function: Callable[[Store], object]
    writes: bool = True
    grows: bool = False
    """Whether the file must grow for what it writes."""

    in_steps: bool = False
    """Whether it is more than one transaction."""


class Sink:
    """An archive that takes every record."""

    def append(self, page: Page) -> RecordLocation:
        return RecordLocation(file=BIG, offset=0, length=1, digest="sha1:X")


def ended(path: str, text: str = LONG) -> PageResult:
    article = an_article(path, text)
    assert article.page is not None
    return PageResult(page=article.page, article=article)


def extraction(store: Store) -> list[Any]:
    [archived] = store.archive.articles()
    return [(archived, an_article("a", f"{LONG} {BIG}"))]


def list_in_snapshot(store: Store) -> list[Any]:
    with store.exports.snapshot():
        return list(store.exports.articles(ALL))


def reads(method: str, function: Callable[[Store], object]) -> Call:
    return Call(method, function, writes=False)


CALLS = (
    Call("record_outcomes", lambda s: s.record_outcomes([ended("b", BIG)], NOW, run_id=1, archive=Sink()), grows=True),
    Call("record_outcomes", lambda s: s.record_outcomes([ended("a", "Changed.")], NOW, run_id=1)),
    Call("record_batches", lambda s: s.record_batches([OutcomeBatch([ended("a", "Changed.")], 1)], NOW)),
    reads("close", lambda s: s.close()),
    Call("pages.enqueue", lambda s: s.pages.enqueue(SITE, [a_candidate("n", title=BIG)], NOW), grows=True),
    Call("pages.enqueue", lambda s: s.pages.enqueue(SITE, [a_candidate("a")], NOW, again=True)),
    Call("pages.add_fetched", lambda s: s.pages.add_fetched(SITE, a_candidate("n", title=BIG), NOW), grows=True),
    Call("pages.record_outcome", lambda s: s.pages.record_outcome(ended("a"), 1, NOW)),
    reads("pages.pending", lambda s: list(s.pages.pending(SITE, later(days=9)))),
    Call("pages.pending", lambda s: list(s.pages.pending("known"))),
    reads("pages.rechecks", lambda s: list(s.pages.rechecks(SITE, later(days=9)))),
    reads("pages.count_due", lambda s: s.pages.count_due(SITE, NOW)),
    reads("pages.count_waiting", lambda s: s.pages.count_waiting(SITE, NOW)),
    reads("pages.next_attempt", lambda s: s.pages.next_attempt(SITE, NOW)),
    reads("pages.reasons", lambda s: s.pages.reasons(SITE)),
    reads("pages.is_fetched", lambda s: s.pages.is_fetched([HOME + "a"], NOW)),
    Call("pages.reset", lambda s: s.pages.reset(site=SITE)),
    reads("pages.reset", lambda s: s.pages.reset(site=SITE, dry=True)),
    Call(
        "channels.record_answer",
        lambda s: s.channels.record_answer(SITE, "feed", HOME + BIG, [a_candidate("n")], NOW, status=200),
        grows=True,
    ),
    Call(
        "channels.record_answer",
        lambda s: s.channels.record_answer(
            SITE, "feed", FEED, [a_candidate("n")], NOW, status=200, completion=Completion(Validators(etag=BIG), "")
        ),
        grows=True,
    ),
    Call(
        "channels.record_answer",
        lambda s: s.channels.record_answer(SITE, "feed", FEED, [], NOW, status=500, problem=BIG),
        grows=True,
    ),
    Call(
        "channels.record_further_page",
        lambda s: s.channels.record_further_page(SITE, Channel("feed", FEED), [a_candidate("p")], NOW),
    ),
    reads("channels.readings", lambda s: s.channels.readings(SITE)),
    reads("channels.state", lambda s: s.channels.state(SITE, FEED, "", NOW)),
    Call("channels.record_unchanged", lambda s: s.channels.record_unchanged(SITE, FEED, NOW, status=304)),
    Call(
        "channels.record_complete",
        lambda s: s.channels.record_complete(SITE, FEED, Completion(Validators(etag=BIG), ""), NOW),
        grows=True,
    ),
    Call("channels.record_stop", lambda s: s.channels.record_stop(SITE, FEED, BIG), grows=True),
    reads("channels.sites_with", lambda s: s.channels.sites_with([FEED], HOME)),
    reads("channels.smallest_window", lambda s: s.channels.smallest_window(SITE)),
    reads("channels.open_gaps", lambda s: s.channels.open_gaps(SITE)),
    Call("channels.close_gaps", lambda s: s.channels.close_gaps(SITE, NOW, by="sitemap", new=1)),
    reads("set_aside.shape", lambda s: s.set_aside.shape(SITE, HOME + "a")),
    Call("set_aside.add", lambda s: s.set_aside.add("aside", HOME + "pending")),
    Call("set_aside.release_some", lambda s: s.set_aside.release_some("aside", NOW)),
    Call("set_aside.release_all", lambda s: s.set_aside.release_all("aside")),
    Call("set_aside.learn", lambda s: s.set_aside.learn(ended("learnt"), is_stored=True)),
    reads("hosts.get", lambda s: s.hosts.get("example.org")),
    reads("hosts.all", lambda s: s.hosts.all()),
    Call("hosts.add", lambda s: s.hosts.add([{"host": "example.net", "robots": BIG.encode()}]), grows=True),
    reads("hosts.robots", lambda s: s.hosts.robots("example.org")),
    Call("hosts.record_robots", lambda s: s.hosts.record_robots("example.org", ROBOTS), grows=True),
    reads("hosts.tdm", lambda s: s.hosts.tdm("example.org")),
    Call("hosts.record_tdm", lambda s: s.hosts.record_tdm("example.org", ROBOTS), grows=True),
    Call("rights.record_file", lambda s: s.rights.record_file(HOME + "robots.txt", ROBOTS), grows=True),
    reads("rights.file", lambda s: s.rights.file(HOME + "robots.txt")),
    reads("rights.of_article", lambda s: s.rights.of_article(1)),
    reads("rights.reserved", lambda s: s.rights.reserved(ALL, "all")),
    reads("rights.decisions", lambda s: s.rights.decisions(ALL)),
    Call("rights.record_page", lambda s: s.rights.record_page(1, PageRights((SIGNAL,)), NOW), grows=True),
    Call("hosts.record_retry_after", lambda s: s.hosts.record_retry_after(BIG, NOW), grows=True),
    Call("hosts.reserve_slot", lambda s: s.hosts.reserve_slot(BIG, NOW, 2.0, None), grows=True),
    Call("ledger.record_listed", lambda s: s.ledger.record_listed(SITE, "feed", FEED + "/other", [1], NOW)),
    reads("stale_channels.resting", lambda s: s.stale_channels.resting(SITE)),
    reads("stale_channels.are_all_resting", lambda s: s.stale_channels.are_all_resting(SITE)),
    Call("ledger.close_days", lambda s: s.ledger.close_days(SITE, later(days=40))),
    reads("ledger.days", lambda s: s.ledger.days(SITE, "2026-01-01", "2026-12-31")),
    reads("ledger.sites", lambda s: s.ledger.sites()),
    reads("ledger.pages", lambda s: list(s.ledger.pages(SITE, "2026-01-01", "2026-12-31"))),
    reads("ledger.polls", lambda s: s.ledger.polls(SITE, "2026-01-01", "2026-12-31")),
    reads("ledger.channels", lambda s: s.ledger.channels(SITE, "2026-01-01", "2026-12-31")),
    reads("ledger.overlap", lambda s: s.ledger.overlap(SITE, "2026-01-01", "2026-12-31")),
    reads("ledger.gaps", lambda s: s.ledger.gaps(SITE, "2026-01-01", "2026-12-31")),
    reads("outages.get", lambda s: s.outages.get(SITE, NOW)),
    Call("outages.record", lambda s: s.outages.record(SITE, "http_403", [HOME + "a"], NOW, run_started=NOW)),
    Call("outages.record", lambda s: s.outages.record("new", BIG, [], NOW, run_started=NOW), grows=True),
    Call("outages.end", lambda s: s.outages.end(SITE, [HOME + "a"])),
    reads("sites.states", lambda s: s.sites.states()),
    Call("templates.save", lambda s: s.templates.save(StoredTemplate(site=SITE, state=BIG)), grows=True),
    reads("templates.get", lambda s: s.templates.get(SITE)),
    reads("templates.checks", lambda s: s.templates.checks(SITE)),
    Call("templates.forget", lambda s: s.templates.forget("templated")),
    Call("of", lambda s: Store.of(s._db).sites.states(), writes=False),
    Call("sites.rename", lambda s: s.sites.rename(SITE, "renamed")),
    reads("sites.state", lambda s: s.sites.state(SITE)),
    Call("sites.record_poll", lambda s: s.sites.record_poll(BIG, NOW, success=True, next_poll=NOW), grows=True),
    reads("sites.publications", lambda s: s.sites.publications(SITE, NOW)),
    reads("sites.summaries", lambda s: s.sites.summaries()),
    reads("notices.shown", lambda s: s.notices.shown(NOW, within=timedelta(days=1))),
    reads("sites.overview", lambda s: s.sites.overview(NOW)),
    Call(
        "findings.record",
        lambda s: s.findings.record({SITE: [RecordedFinding(site=SITE, rule="rule", message=BIG)]}, NOW),
        grows=True,
    ),
    Call(
        "doubts.record",
        lambda s: s.doubts.record({SITE: Doubt(since=NOW, rules=(BIG,))}, NOW),
        grows=True,
    ),
    Call("doubts.record_reading", lambda s: s.doubts.record_reading("doubted", NOW, has_changed=True)),
    reads("doubts.all", lambda s: s.doubts.all()),
    reads("findings.all", lambda s: s.findings.all()),
    reads("findings.examined_sites", lambda s: s.findings.examined_sites(NOW)),
    Call("runs.begin", lambda s: s.runs.begin(SITE, {"text": BIG}, NOW), grows=True),
    Call("runs.count_outcomes", lambda s: s.runs.count_outcomes(1, Counter({"new": 1}))),
    Call("runs.finish", lambda s: s.runs.finish(1, {"reasons": {BIG: 1}}, "finished", NOW), grows=True),
    reads("runs.latest", lambda s: s.runs.latest(5)),
    reads("runs.history", lambda s: s.runs.history(SITE, NOW)),
    Call("runs.begin_scheduler_run", lambda s: s.runs.begin_scheduler_run(NOW)),
    Call(
        "runs.finish_scheduler_run",
        lambda s: s.runs.finish_scheduler_run(1, NOW, exit_code=1, message=BIG),
        grows=True,
    ),
    reads("runs.latest_scheduler_runs", lambda s: s.runs.latest_scheduler_runs(5)),
    reads("future_times.find", lambda s: s.future_times.find(later(days=-9))),
    Call("future_times.correct", lambda s: s.future_times.correct(later(days=-9))),
    reads("articles.find", lambda s: s.articles.find(HOME + "a")),
    reads("articles.detail", lambda s: s.articles.detail(1)),
    reads("articles.printed_dates", lambda s: s.articles.printed_dates(SITE)),
    Call("articles.compare_extraction", lambda s: s.articles.compare_extraction(extraction(s), NOW), grows=True),
    Call("articles.update_extraction", lambda s: s.articles.update_extraction(extraction(s), NOW), grows=True),
    Call("articles.restore", lambda s: s.articles.restore(later(days=1), article_id=3)),
    reads("articles.restore", lambda s: s.articles.restore(later(days=1), site=SITE, dry=True)),
    Call("archive.record_page", lambda s: s.archive.record_page(ended("c"), 2, NOW, Sink()), grows=True),
    reads("archive.committed_end", lambda s: s.archive.committed_end("a.warc.gz")),
    Call("archive.remove_file", lambda s: s.archive.remove_file("a.warc.gz")),
    reads("archive.articles", lambda s: list(s.archive.articles())),
    reads("archive.newest", lambda s: s.archive.newest(SITE, 5)),
    reads("archive.page", lambda s: s.archive.page(SITE, HOME + "a")),
    reads("search.find", lambda s: s.search.find("Title", ALL, 5)),
    reads("search.hits", lambda s: s.search.hits("word", [(1, 0.0)])),
    reads("search.count", lambda s: s.search.count("Title", ALL, "site")),
    reads("search.has_pending", lambda s: s.search.has_pending()),
    Call("search.index_batch", lambda s: s.search.index_batch()),
    Call("search.index_pending", lambda s: s.search.index_pending(), in_steps=True),
    Call("search.rebuild", lambda s: s.search.rebuild(), in_steps=True),
    reads("scheduled_exports.states", lambda s: s.scheduled_exports.states()),
    Call(
        "scheduled_exports.record_written",
        lambda s: s.scheduled_exports.record_written(BIG, NOW, "f", 1, NOW),
        grows=True,
    ),
    Call("scheduled_exports.record_problem", lambda s: s.scheduled_exports.record_problem(BIG, "p", NOW), grows=True),
    Call("scheduled_exports.forget", lambda s: s.scheduled_exports.forget("daily")),
    reads("exports.articles", lambda s: list(s.exports.articles(ALL))),
    reads("exports.newest_articles", lambda s: list(s.exports.newest_articles(ALL))),
    reads("exports.related_articles", lambda s: list(s.exports.related_articles(ALL))),
    reads("exports.stories", lambda s: list(s.exports.stories(ALL))),
    reads("exports.story_edges", lambda s: list(s.exports.story_edges(ALL))),
    reads("exports.removal_reason", lambda s: s.exports.removal_reason(HOME + "a")),
    reads("exports.snapshot", list_in_snapshot),
    reads("exports.newest_changes", lambda s: s.exports.newest_changes()),
    reads("exports.changed_articles", lambda s: list(s.exports.changed_articles(ChangeRange((0, 9), (0, 9), (0, 9))))),
    reads("exports.changes_since", lambda s: s.exports.changes_since("daily", ALL)),
    Call(
        "exports.record_export",
        lambda s: s.exports.record_export(BIG, ALL, ChangeRange((0, 1)), 1, NOW),
        grows=True,
    ),
)
WITHOUT_ROWS = ("close",)
"""Methods that read no row."""

SHOWN = [f"{number} {call.method}" for number, call in enumerate(CALLS)]


def public_methods(store: Store) -> set[str]:
    """All methods that code outside the store may call."""
    nouns = {name: part for name, part in vars(store).items() if not name.startswith("_")}
    ours = {name: part for name, part in nouns.items() if type(part).__module__.startswith("crawler.store")}
    named = {"": store} | {f"{name}.": part for name, part in ours.items()}
    return {
        f"{prefix}{name}"
        for prefix, part in named.items()
        for name in dir(type(part))
        if not name.startswith("_") and callable(getattr(type(part), name))
    }


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with something for each method to read or to change."""
    path = tmp_path_factory.mktemp("template") / "news.db"
    with Store(path) as store:
        run = store.runs.begin(SITE, {}, NOW)
        store.runs.begin_scheduler_run(NOW)
        put(store, an_article("a"))
        put(store, an_article("c", "Another text."))
        put(store, an_article("harmed", f"Own text. {LONG}"))
        replace_text(store, an_article("harmed", "Down."), NOW)
        store.channels.record_answer(SITE, "feed", FEED, [a_candidate("failing")], NOW, status=200)
        fail(store, "failing", retry=True)
        store.pages.enqueue("known", [a_candidate("moved")], NOW)
        store.pages.enqueue("aside", [a_candidate("pending"), a_candidate("aside")], NOW)
        store.set_aside.add("aside", HOME + "aside")
        store.hosts.record_robots("example.org", HostFile(body=b"", status=200, fetched=NOW))
        store.sites.record_poll(SITE, NOW, success=True, next_poll=NOW)
        store.outages.record(SITE, "http_403", [], NOW, run_started=NOW)
        store.scheduled_exports.record_problem("daily", "a problem", NOW)
        store.templates.save(StoredTemplate(site="templated"))
        store.doubts.record({"doubted": Doubt(since=NOW, rules=("date",))}, NOW)
        assert run == 1
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT INTO gaps (site, channel_url, noticed) VALUES (?, ?, ?)", [SITE, FEED, NOW.isoformat()])
        db.execute("INSERT INTO archive VALUES (1, 1, 'a.warc.gz', 0, 10, 'sha1:X', '2026-03-01T12:00:00Z', 1)")
        db.execute("INSERT INTO search_pending SELECT id FROM articles")
        # Its URL became known after it was listed, as the target of a redirect.
        db.execute("UPDATE articles SET site = 'known' WHERE id = 2")
        db.execute("INSERT INTO url_aliases VALUES (?, 2, 'final', 'key')", [HOME + "moved"])
    return path


@pytest.fixture
def path(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(template, tmp_path / "news.db"))


def contents(path: Path) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        return {name: db.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in db.execute(tables).fetchall()}


@contextmanager
def locked(store: Store) -> Iterator[None]:
    with closing(sqlite3.connect(store.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def full(store: Store) -> Iterator[None]:
    db = store._db
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count = {pages}")
    yield
    with suppress(sqlite3.ProgrammingError):  # closed by the call
        db.execute("PRAGMA max_page_count = 1000000")


def attempt(store: Store, call: Call) -> StoreError | None:
    """Its error; every other exception fails the test."""
    try:
        call.function(store)
    except StoreError as error:
        assert call.method == "close" or not store._db.conn.in_transaction
        return error
    return None


def test_every_public_method_has_a_call(path: Path) -> None:
    with Store(path) as store:
        assert {call.method for call in CALLS} == public_methods(store)


@pytest.mark.parametrize("call", CALLS, ids=SHOWN)
def test_each_call_works_on_a_database_that_can_be_written(path: Path, call: Call) -> None:
    before = contents(path)
    with Store(path) as store:
        assert attempt(store, call) is None
    assert (contents(path) == before) == (not call.writes or call.method == "articles.compare_extraction")


@pytest.mark.parametrize("call", CALLS, ids=SHOWN)
def test_on_a_locked_database_a_method_reads_or_says_what_to_do(path: Path, call: Call) -> None:
    before = contents(path)
    with Store(path, timeout=0.02) as store:
        with locked(store):
            error = attempt(store, call)
        assert (error is not None) == call.writes
        assert error is None or "database is locked; another program holds it: wait for it to end" in str(error)
        assert contents(path) == before
        if call.method != "close":
            store.hosts.record_retry_after("example.org", NOW)


@pytest.mark.parametrize("call", CALLS, ids=SHOWN)
def test_in_a_full_database_a_method_works_or_writes_nothing_and_says_what_to_do(path: Path, call: Call) -> None:
    before = contents(path)
    with Store(path) as store:
        with full(store):
            error = attempt(store, call)
            if call.method == "close":
                return
        assert error is not None or not call.grows
        if error is not None:
            assert "database or disk is full; make room on the disk and run again" in str(error)
            after = contents(path)
            assert call.in_steps or after == before
        store.hosts.record_robots("example.org", ROBOTS)


@pytest.mark.parametrize("call", CALLS, ids=SHOWN)
def test_in_a_damaged_database_a_method_works_or_says_what_to_do(path: Path, call: Call) -> None:
    with Store(path) as store:
        size = path.stat().st_size
        with path.open("r+b") as file:  # all but the first page, which SQLite has read
            file.seek(4096)
            file.write(b"\xff" * (size - 4096))
        error = attempt(store, call)
        assert (error is None) == (call.method in WITHOUT_ROWS)
        assert error is None or "the file is damaged: restore a copy" in str(error)


@pytest.mark.parametrize("call", CALLS, ids=SHOWN)
def test_a_read_only_database_is_read_or_the_method_says_what_to_do(
    path: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def open_read_only(path: Path, **_: object) -> Database:
        return Database(sqlite3.connect(f"file:{path}?mode=ro", uri=True), path, is_read_only=True)

    before = contents(path)
    monkeypatch.setattr(store_module, "open_database", open_read_only)
    with Store(path) as store:
        error = attempt(store, call)
    assert (error is not None) == call.writes
    assert error is None or "readonly database; give yourself the right to write it and its folder" in str(error)
    assert contents(path) == before
