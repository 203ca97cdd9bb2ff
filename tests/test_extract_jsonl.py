"""Pages as JSON Lines: repeated lines are removed, results stay in order, a bad page affects no other."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from crawler.extract.workers.jsonl import extract_lines, read_lines
from crawler.extract.workers.single import SingleWorker, WorkerFailed
from crawler.similarity.repeated_lines import SiteLines, line_hashes, pages_needed, without_lines
from tests.conftest import PROJECT
from tests.newssite import PARAGRAPHS, article_page

BOX = "Get the harbour letter every Friday, free and without a word of advertising."


def page(name: str, *paragraphs: str, host: str = "paper.example") -> bytes:
    html = article_page(f"Headline of the report {name}", paragraphs)
    return json.dumps({"id": name, "url": f"https://{host}/news/{name}.html", "html": html}).encode()


def report(name: str) -> list[str]:
    return [f"In {name} and {name}ville, {paragraph[0].lower()}{paragraph[1:]}" for paragraph in PARAGRAPHS]


def texts(*pages: bytes | None) -> list[list[str]]:
    return [result["text"].split("\n") for result in extract_lines(pages)]


def test_a_line_on_two_pages_of_a_site_is_cut_from_both() -> None:
    result = texts(page("north", *report("north"), BOX), page("south", *report("south"), BOX))
    assert result == [report("north"), report("south")]


def test_the_same_line_on_pages_of_different_sites_stays() -> None:
    result = texts(page("north", *report("north"), BOX), page("south", *report("south"), BOX, host="other.example"))
    assert [paragraphs[-1] for paragraphs in result] == [BOX, BOX]


def test_two_versions_of_one_page_lose_nothing() -> None:
    result = texts(page("north", *report("north")), page("again", *report("north")))
    assert result == [report("north"), report("north")]


def test_results_keep_the_order_of_the_pages_whatever_their_sites() -> None:
    pages = [page(f"p{n}", *report(f"p{n}"), host=f"site{n % 3}.example") for n in range(9)]
    assert [result["id"] for result in extract_lines(pages)] == [f"p{n}" for n in range(9)]


def test_a_pause_returns_the_results_so_far_and_lines_stay_known() -> None:
    read: list[str] = []

    def lines() -> Iterator[bytes | None]:
        for name in ("north", "south", "pause", "east"):
            read.append(name)
            yield None if name == "pause" else page(name, *report(name), BOX)

    values = [(result["id"], BOX in result["text"], read[-1]) for result in extract_lines(lines())]
    assert values == [("north", False, "pause"), ("south", False, "pause"), ("east", False, "east")]


def test_a_caller_that_writes_page_by_page_gets_each_result() -> None:
    command = [sys.executable, "-m", "scrapy", "extract", "--jsonl"]
    with subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for name in ("north", "south"):
            process.stdin.write(page(name, *report(name)) + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == name
        process.stdin.close()
        assert process.stdout.read() == b""
    assert process.returncode == 0


def test_lines_are_whole_however_the_pipe_cuts_them() -> None:
    reading, writing = os.pipe()

    def write() -> None:
        for piece in (b"on", b"e\ntwo\nthr", b"ee"):
            os.write(writing, piece)
            time.sleep(0.05)
        os.close(writing)

    thread = threading.Thread(target=write)
    thread.start()
    with os.fdopen(reading, "rb") as file:
        assert list(read_lines(file, pause=5)) == [b"one", b"two", b"three"]
    thread.join()


def test_a_call_that_kills_or_hangs_its_process_affects_no_other() -> None:
    with SingleWorker(_odd_work, 0.5) as worker:
        results = []
        for argument in ("a", "die", "b", "hang", "c"):
            try:
                results.append(worker.call(argument))
            except WorkerFailed as error:
                results.append(str(error).split(":")[0])
    assert results == ["A", "ProcessDied", "B", "TimeoutError", "C"]


def test_a_dead_worker_is_noticed_at_once_and_not_when_the_time_limit_ends() -> None:
    began = time.monotonic()
    with SingleWorker(_odd_work, 60) as worker, pytest.raises(WorkerFailed, match="ProcessDied: exit code 3"):
        worker.call("die")
    assert time.monotonic() - began < 20


def test_a_line_that_is_not_a_page_says_which_and_why() -> None:
    lines = [b"{}", b"", b"[1", b'{"id": 1, "html": 5}', page("north", *report("north"))]
    problems = [(result.get("line"), result.get("error", "").partition(": ")[2]) for result in extract_lines(lines)]
    assert [(line, problem.split(":")[0]) for line, problem in problems] == [
        (1, "KeyError"),
        (3, "JSONDecodeError"),
        (4, "TypeError"),
        (None, ""),
    ]


def _odd_work(argument: str) -> str:
    if argument == "die":
        os._exit(3)
    if argument == "hang":
        time.sleep(60)
    return argument.upper()


def test_a_line_in_the_middle_needs_twice_as_many_pages_as_one_at_the_edge() -> None:
    def known(count: int, index: int) -> bool:
        lines = SiteLines()
        for n in range(20):
            text = [f"Paragraph {k} of report {n} has words of its own." for k in range(9)]
            if n < count:
                text[index] = BOX
            lines.add(line_hashes(text))
        return bool(lines.known)

    assert [known(count, 8) for count in (4, 5)] == [False, True]
    assert [known(count, 4) for count in (9, 10)] == [False, True]


def test_a_line_must_stand_on_a_twentieth_of_the_pages() -> None:
    assert [pages_needed(pages, 5) for pages in (3, 100, 101, 1000)] == [5, 5, 6, 50]


def test_never_more_than_a_third_of_a_body_is_cut() -> None:
    short = ["One two three four five six.", BOX]
    known = {line_hash for line_hash in line_hashes([BOX]) if line_hash is not None}
    assert without_lines(short, known) == short
    assert without_lines([*PARAGRAPHS, BOX], known) == list(PARAGRAPHS)


def test_short_labels_and_long_paragraphs_are_never_taken_for_what_a_site_repeats() -> None:
    assert line_hashes(["Read it here", "word " * 61, "", "four words are enough"])[:3] == [None, None, None]
