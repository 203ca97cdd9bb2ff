"""A database that the user may read but not write: every command that reads works, and says what it cannot do."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.store import Store, StoreError, file_access
from tests.browsing import browse
from tests.conftest import PROJECT, Workplace
from tests.inprocess import Commands, Result
from tests.made_up import NOW, a_candidate, an_article, later, put


@pytest.fixture
def workplace(tmp_path: Path) -> Iterator[Workplace]:
    """A workplace with two articles, on a read-only mount: that binds root as well."""
    source, folder = tmp_path / "source", tmp_path / "mounted"
    source.mkdir()
    folder.mkdir()
    with Store(source / "news.db") as store:
        run = store.runs.begin("local", {}, NOW)
        store.pages.enqueue("local", [a_candidate("pending")], NOW)
        put(store, an_article("a", "The harbour wall fell.", site="local"))
        put(store, an_article("b", "A bridge opens in spring.", site="local"))
        store.runs.finish(run, {}, "finished", later(minutes=1))
    (source / "sites").mkdir()
    (source / "sites" / "local.toml").write_text('title = "Local"\nurl = "https://example.org/"\n', "utf-8")
    for words in (["--bind", str(source), str(folder)], ["-o", "remount,bind,ro", str(folder)]):
        if subprocess.run(["mount", *words], check=False, capture_output=True).returncode:
            pytest.skip("only root may mount a folder read-only")
    yield Workplace(folder)
    subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def writable(workplace: Workplace) -> Path:
    """The same database, where it can be written."""
    return workplace.folder.parent / "source" / "news.db"


COMMANDS = (
    ("status", "local"),
    ("sites", "Local"),
    ("search harbour", "http"),
    ("show 1", "The harbour wall fell."),
    ("export -", "harbour wall"),
    ("export - --query harbour", "harbour wall"),
)


@pytest.fixture
def run(workplace: Workplace, capfd: pytest.CaptureFixture[str]) -> Callable[[str], Result]:
    """Runs a command that crawls nothing."""
    commands = Commands(workplace.database, capfd)
    return lambda words: commands(*words.split(), "-s", f"NEWS_SITES={workplace.folder / 'sites'}")


def check_commands(run: Callable[[str], Result]) -> None:
    for words, text in COMMANDS:
        result = run(words)
        assert (words, result.code, result.err) == (words, 0, "")
        assert text in result.out
    health = run("health")
    assert (health.code, health.err) in ((0, ""), (3, ""))


def test_every_command_that_reads_works(workplace: Workplace, run: Callable[[str], Result]) -> None:
    assert not file_access.can_write(workplace.database)
    check_commands(run)
    assert sorted(path.name for path in workplace.folder.iterdir()) == ["news.db", "sites"]


def test_what_a_crawl_has_committed_to_its_wal_is_read(writable: Path, run: Callable[[str], Result]) -> None:
    with Store(writable) as store:
        put(store, an_article("c", "A third text.", site="local"))
        assert Path(f"{writable}-wal").stat().st_size
        check_commands(run)
        assert "A third text." in run("export -").out


def test_what_another_process_writes_meanwhile_is_reported_and_not_read_wrong(
    workplace: Workplace, writable: Path
) -> None:
    with Store(workplace.database, create=False) as store:
        assert store.articles.find("https://example.org/a") == 1
        with Store(writable) as other:
            put(other, an_article("c", "A third text.", site="local"))
            assert store.articles.find("https://example.org/c") is None, "the file is the same until the WAL is in it"
        with pytest.raises(StoreError, match="another process wrote to it while it was read"):
            store.articles.find("https://example.org/c")
    with Store(workplace.database, create=False) as store:
        assert store.articles.find("https://example.org/c") == 3


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("forget --site local", "give yourself the right to write it and its folder"),
        ("search --reindex", "give yourself the right to write it and its folder"),
        ("export {out} --since-last daily", "--since-last writes to it"),
    ],
)
def test_a_command_that_writes_says_that_it_cannot(
    workplace: Workplace, run: Callable[[str], Result], words: str, message: str
) -> None:
    out = workplace.folder.parent / "new.csv"
    result = run(words.format(out=out))
    assert (result.code, len(result.err.splitlines())) == (1, 1)
    assert message in result.err
    assert not out.exists()


def test_a_crawl_says_that_it_cannot_write(workplace: Workplace) -> None:
    for words in ("crawl local", "due"):
        result = workplace.run(*words.split())
        assert (result.returncode, len(result.stderr.splitlines())) == (1, 1)
        assert "give yourself the right to write it and its folder" in result.stderr


def test_articles_that_are_missing_in_the_search_index_are_reported(
    run: Callable[[str], Result], writable: Path
) -> None:
    with closing(sqlite3.connect(writable)) as db, db:
        db.execute("UPDATE articles SET title = 'Renamed' WHERE id = 2")
    result = run("search harbour")
    assert (result.code, "articles that are missing in its search index" in result.err) == (0, True)
    assert "harbour" in result.out


def test_a_file_of_an_earlier_version_is_not_migrated(run: Callable[[str], Result], writable: Path) -> None:
    writable.write_bytes(b"")
    result = run("status")
    assert (result.code, "was written by an earlier version" in result.err) == (1, True)


def test_another_user_reads_the_files_of_the_crawler() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may become another user")
    program = (
        "import os, sys; from pathlib import Path; from crawler.store import Store; import sqlite_utils.db, json\n"
        "os.setgid(65534); os.setuid(65534)\n"
        "with Store(Path(sys.argv[1]), create=False) as store: print(store.is_read_only, store.sites.summaries())"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "news.db"
        path.parent.chmod(0o755)

        def summaries() -> str:
            command = [sys.executable, "-c", program, str(path)]
            return subprocess.run(command, check=True, capture_output=True, text=True, cwd=PROJECT).stdout

        for number in (1, 2):
            with Store(path) as store:
                put(store, an_article(f"a{number}", f"Text {number}.", site="local"))
                assert f"'articles': {number}" in summaries()
            assert "True" in summaries()
            assert [file.name for file in path.parent.iterdir()] == ["news.db"]


def test_browse_reads_it_and_follows_what_is_written_meanwhile(workplace: Workplace, writable: Path) -> None:
    with browse(workplace.database) as server:
        assert "harbour wall" in server.get("/-/article/1").text
        assert server.get("/news/articles.json").status == 200
        for number, text in ((3, "A third text."), (4, "The fourth one.")):
            with Store(writable) as store:
                put(store, an_article(f"n{number}", text, site="local"))
            assert text in server.get(f"/-/article/{number}").text
            assert server.get("/-/overview").status == 200
