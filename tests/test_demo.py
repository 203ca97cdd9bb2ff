"""`make demo` on the bundled newsroom, against what its content says must be stored."""

from __future__ import annotations

import csv
import json
import re
import socket
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from crawler.text import fold
from demo.truth import TrueArticle, truth
from tests.conftest import PROJECT


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    port = free_ports()
    for name in ("first", "second"):
        command = [sys.executable, "-m", "demo.run", "--build", str(folder), "--port", str(port)]
        result = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
        (folder / f"{name}.txt").write_text(result.stdout + result.stderr, "utf-8")
        assert result.returncode == 0, result.stdout + result.stderr
        assert "Traceback" not in result.stderr
    return folder


def free_ports() -> int:
    """The first of three neighbouring ports that are free."""
    for port in range(47610, 47900, 3):
        try:
            for number in (port, port + 1, port + 2):
                with closing(socket.socket()) as probe:
                    probe.bind(("127.0.0.1", number))
        except OSError:
            continue
        return port
    raise RuntimeError("no free ports")


@pytest.fixture(scope="module")
def stored(build: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """Site and path → row."""
    with closing(sqlite3.connect(build / "news.db")) as db:
        db.row_factory = sqlite3.Row
        rows = [dict(row) for row in db.execute("SELECT * FROM articles")]
    return {(row["site"], "/" + row["url"].split("/", 3)[3]): row for row in rows}


TRUTH = {(article.site, article.path): article for article in truth()}


def test_its_ports_are_not_of_those_that_the_system_takes_for_outgoing_connections() -> None:
    texts = [(PROJECT / name).read_text("utf-8") for name in ("Makefile", "demo/run.py", "crawler/commands/demo.py")]
    ports = {int(port) for text in texts for port in re.findall(r"(?:DEMO_PORT \?=|default=) ?(\d+)", text)}
    assert len(ports) == 1
    assert max(ports) + 2 < 32768


def test_every_article_is_stored_and_nothing_else(stored: dict[tuple[str, str], dict[str, Any]]) -> None:
    assert set(stored) == set(TRUTH)


def test_second_run_stores_nothing_new_and_says_so(build: Path) -> None:
    output = (build / "second.txt").read_text("utf-8")
    assert output.count("nothing new\n") == 3
    with closing(sqlite3.connect(build / "news.db")) as db:
        runs = db.execute("SELECT new + updated + duplicate + requested FROM runs ORDER BY id").fetchall()
    assert [count for (count,) in runs[3:]] == [0, 0, 0]


def test_it_ends_with_the_outcomes_five_rows_and_the_paths(build: Path) -> None:
    output = (build / "first.txt").read_text("utf-8")
    assert output.count("  requested ") == 3
    assert "First 5 of 40 rows" in output
    assert "news.db" in output
    assert "articles.csv" in output
    with (build / "articles.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 40


@pytest.mark.parametrize("key", TRUTH, ids=lambda key: f"{key[0]}-{key[1][-20:]}")
def test_an_article_is_what_its_source_says(
    stored: dict[tuple[str, str], dict[str, Any]], key: tuple[str, str]
) -> None:
    true, row = TRUTH[key], stored[key]
    assert row["title"] == true.title
    assert row["published"] == true.published.replace("+00:00", "Z")
    assert row["category"] == true.category
    assert json.loads(row["authors"]) == list(true.authors)
    assert row["language"] == true.language


@pytest.mark.parametrize("key", TRUTH, ids=lambda key: f"{key[0]}-{key[1][-20:]}")
def test_a_body_is_the_articles_own_text(stored: dict[tuple[str, str], dict[str, Any]], key: tuple[str, str]) -> None:
    true, body = TRUTH[key], stored[key]["body"].split("\n")
    missing = [paragraph for paragraph in true.paragraphs if paragraph not in body]
    assert not missing
    allowed = {*true.paragraphs, *true.captions, true.subtitle, *table_rows(true)}
    assert not [paragraph for paragraph in body if paragraph not in allowed]


def table_rows(true: TrueArticle) -> list[str]:
    return [" | ".join(row) for table in true.tables for row in table]


def test_republished_agency_copy_is_stored_and_marked(stored: dict[tuple[str, str], dict[str, Any]]) -> None:
    by_id = {row["id"]: key for key, row in stored.items()}
    marked = {key: by_id[row["duplicate_of"]] for key, row in stored.items() if row["duplicate_of"]}
    assert marked == {key: article.copy_of for key, article in TRUTH.items() if article.copy_of}


def test_related_articles_are_data(build: Path) -> None:
    with closing(sqlite3.connect(build / "news.db")) as db:
        rows = db.execute(
            "SELECT a.site, a.url, r.title FROM related_articles r JOIN articles a ON a.id = r.article_id"
        )
        stored = {((site, "/" + url.split("/", 3)[3]), fold(title or "")) for site, url, title in rows}
    expected = {(key, fold(pointer.title)) for key, article in TRUTH.items() for pointer in article.related}
    missing = expected - stored
    assert len(missing) <= len(expected) * 0.05, missing


def test_an_embedded_article_is_data_with_its_text_and_its_row(
    build: Path, stored: dict[tuple[str, str], dict[str, Any]]
) -> None:
    expected = {
        (key, pointer.title, "\n".join(pointer.paragraphs), stored[key[0], pointer.path]["id"])
        for key, article in TRUTH.items()
        for pointer in article.related
        if pointer.kind == "embedded" and pointer.path is not None
    }
    ids = {row["id"]: key for key, row in stored.items()}
    with closing(sqlite3.connect(build / "news.db")) as db:
        rows = db.execute(
            "SELECT article_id, title, text, target_id FROM related_articles WHERE kind = 'embedded'"
        ).fetchall()
    assert expected
    assert {(ids[article_id], title, text, target) for article_id, title, text, target in rows} == expected


def test_an_inline_pointer_leads_to_the_stored_article(build: Path) -> None:
    with closing(sqlite3.connect(build / "news.db")) as db:
        targets = Counter(
            target is not None
            for (target,) in db.execute(
                "SELECT target_id FROM related_articles WHERE kind = 'inline' AND url IS NOT NULL"
            )
        )
    assert targets[True] > 0
    assert targets[False] == 0
