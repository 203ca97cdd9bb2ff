"""Named exports that are due: written once for each moment, made up for once, and complete whenever they are killed."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.crawl.lock import SiteLock
from crawler.export import ExportError
from crawler.exporting.due import ExportOutcome, write_due
from crawler.exporting.named import NamedExport, read_export
from crawler.exporting.request import ExportRequest
from crawler.store import Store
from tests.conftest import PROJECT
from tests.made_up import HOME, an_article, put

Run = Callable[..., list[ExportOutcome]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "news.db") as opened:
        for path in "ab":
            put(opened, an_article(path, f"text of {path}"))
        yield opened


def an_export(folder: Path, **values: object) -> dict[str, NamedExport]:
    data = {"file": "news-{date}.jsonl", "timezone": "Asia/Damascus", "columns": ["url"], **values}
    return {"news": read_export("news", data, "exports.toml", folder)}


@pytest.fixture
def run(store: Store, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the schedule at a time."""

    def at(now: str, exports: dict[str, NamedExport], *, others_crawl: bool = False) -> list[ExportOutcome]:
        monkeypatch.setenv("NEWS_NOW", f"{now}+03:00")
        return list(write_due(store, exports, lambda request: request, others_crawl=others_crawl))

    return at


def paths(file: Path) -> str:
    return "".join(json.loads(line)["url"].removeprefix(HOME) for line in file.read_text("utf-8").splitlines())


def test_an_export_is_written_once_a_day_at_its_time(run: Run, tmp_path: Path, store: Store) -> None:
    exports = an_export(tmp_path)
    [first] = run("2026-11-26T12:00:00", exports)
    assert first.written is not None
    assert first.written.rows == 2
    assert run("2026-11-26T12:05:00", exports) == []
    assert run("2026-11-27T06:59:00", exports) == []
    put(store, an_article("c", "text of c"))
    assert len(run("2026-11-27T07:00:05", exports)) == 1
    assert run("2026-11-27T07:05:00", exports) == []
    assert paths(tmp_path / "news-2026-11-26.jsonl") == "ab"
    assert paths(tmp_path / "news-2026-11-27.jsonl") == "abc"


def test_what_passed_while_the_machine_was_off_is_made_up_for_once(run: Run, tmp_path: Path) -> None:
    exports = an_export(tmp_path)
    run("2026-11-20T08:00:00", exports)
    assert len(run("2026-11-27T10:00:00", exports)) == 1
    assert run("2026-11-27T10:05:00", exports) == []
    assert sorted(path.name for path in tmp_path.glob("*.jsonl")) == ["news-2026-11-20.jsonl", "news-2026-11-27.jsonl"]


def test_only_what_is_new_since_the_last_time(run: Run, tmp_path: Path, store: Store) -> None:
    exports = an_export(tmp_path, since_last=True)
    run("2026-11-20T08:00:00", exports)
    put(store, an_article("c", "text of c"))
    run("2026-11-25T08:00:00", exports)
    run("2026-11-26T08:00:00", exports)
    assert [paths(path) for path in sorted(tmp_path.glob("*.jsonl"))] == ["ab", "c", ""]


def test_kill_9_between_the_file_and_its_state_loses_no_row(run: Run, tmp_path: Path, store: Store) -> None:
    exports = an_export(tmp_path, since_last=True)
    run("2026-11-20T08:00:00", exports)
    put(store, an_article("c", "text of c"))
    script = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom crawler.exporting.due import write_due\n"
        "from crawler.exporting.named import read_export\nfrom crawler.store import Store\n"
        "from crawler.store.scheduled_exports import ScheduledExports\n"
        "ScheduledExports.record_written = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)\n"
        "folder = Path(sys.argv[1])\n"
        "data = {'file': 'news-{date}.jsonl', 'timezone': 'Asia/Damascus', 'columns': ['url'], 'since_last': True}\n"
        "export = read_export('news', data, 'exports.toml', folder)\n"
        "list(write_due(Store(folder / 'news.db'), {'news': export}, lambda request: request))\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        cwd=PROJECT,
        env={"NEWS_NOW": "2026-11-21T08:00:00+03:00"},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert paths(tmp_path / "news-2026-11-21.jsonl") == "c"
    put(store, an_article("d", "text of d"))
    assert len(run("2026-11-21T08:05:00", exports)) == 1, "the lock of the killed process is free"
    assert paths(tmp_path / "news-2026-11-21.jsonl") == "cd"
    assert run("2026-11-21T08:10:00", exports) == []


def test_a_problem_is_reported_once_a_day_and_tried_again_each_time(run: Run, tmp_path: Path) -> None:
    exports = an_export(tmp_path, file="later/news.jsonl")
    [first] = run("2026-11-27T08:00:00", exports)
    assert first.problem is not None
    assert "does not exist" in first.problem
    assert first.is_news
    assert [outcome.is_news for outcome in run("2026-11-27T08:05:00", exports)] == [False]
    assert [outcome.is_news for outcome in run("2026-11-28T08:05:00", exports)] == [True]
    (tmp_path / "later").mkdir()
    [outcome] = run("2026-11-28T08:10:00", exports)
    assert (outcome.problem, paths(tmp_path / "later" / "news.jsonl")) == (None, "ab")


def test_a_wrong_filter_replaces_no_file_and_nothing_new_is_right(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "news.jsonl"
    target.write_text("yesterday's")
    [outcome] = run("2026-11-27T08:00:00", an_export(tmp_path, file="news.jsonl", language="xx"))
    assert outcome.problem == "no article matches; the earlier file stays"
    assert target.read_text() == "yesterday's"
    [outcome] = run("2026-11-27T08:05:00", an_export(tmp_path, file="news.jsonl", since="1 day"))
    assert outcome.problem is None
    assert target.read_text() == ""


def test_another_process_that_writes_or_crawls_is_not_disturbed(run: Run, tmp_path: Path, store: Store) -> None:
    exports = an_export(tmp_path)
    lock = SiteLock(store.path, "export.news")
    assert lock.acquire()
    assert run("2026-11-27T07:00:05", exports) == []
    lock.release()
    assert run("2026-11-27T07:30:00", exports, others_crawl=True) == [], "it writes the file after its crawl"
    assert len(run("2026-11-27T08:00:00", exports, others_crawl=True)) == 1, "but it may hang"


def test_what_another_process_has_written_meanwhile_is_not_written_again(tmp_path: Path, store: Store) -> None:
    exports = an_export(tmp_path) | {"second": an_export(tmp_path, file="second.jsonl")["news"]}
    exports["second"] = replace(exports["second"], name="second")
    slow = write_due(store, exports, lambda request: request)
    assert next(slow).name == "news"
    assert [outcome.name for outcome in write_due(store, exports, lambda request: request)] == ["second"]
    assert list(slow) == []


def test_a_filter_that_cannot_be_prepared_is_a_problem(store: Store, tmp_path: Path) -> None:
    def fail(_: ExportRequest) -> ExportRequest:
        raise ExportError("unknown site twon")

    [outcome] = write_due(store, an_export(tmp_path), fail)
    assert outcome.problem == "unknown site twon"


def test_a_forgotten_export_begins_anew(run: Run, tmp_path: Path, store: Store) -> None:
    exports = an_export(tmp_path, since_last=True)
    run("2026-11-27T08:00:00", exports)
    store.scheduled_exports.forget("news")
    assert len(run("2026-11-27T08:05:00", exports)) == 1
    assert paths(tmp_path / "news-2026-11-27.jsonl") == "ab"
