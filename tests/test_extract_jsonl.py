"""Pages as JSON Lines: what a site repeats is cut, answers stay in order, and a bad page costs only itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

from crawler.extract.workers.jsonl import answers, lines_of
from crawler.extract.workers.single import IsolatedWork, WorkFailed
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
    return [found["text"].split("\n") for found in answers(pages)]


def test_a_line_on_two_pages_of_a_site_is_cut_from_both() -> None:
    found = texts(page("north", *report("north"), BOX), page("south", *report("south"), BOX))
    assert found == [report("north"), report("south")]


def test_the_same_line_on_pages_of_different_sites_stays() -> None:
    found = texts(page("north", *report("north"), BOX), page("south", *report("south"), BOX, host="other.example"))
    assert [paragraphs[-1] for paragraphs in found] == [BOX, BOX]


def test_two_versions_of_one_page_lose_nothing() -> None:
    found = texts(page("north", *report("north")), page("again", *report("north")))
    assert found == [report("north"), report("north")]


def test_answers_keep_the_order_of_the_pages_whatever_their_sites() -> None:
    pages = [page(f"p{n}", *report(f"p{n}"), host=f"site{n % 3}.example") for n in range(9)]
    assert [found["id"] for found in answers(pages)] == [f"p{n}" for n in range(9)]


def test_a_pause_brings_the_answers_so_far_and_lines_stay_known() -> None:
    asked: list[str] = []

    def lines() -> Iterator[bytes | None]:
        for name in ("north", "south", "pause", "east"):
            asked.append(name)
            yield None if name == "pause" else page(name, *report(name), BOX)

    found = [(answer["id"], BOX in answer["text"], asked[-1]) for answer in answers(lines())]
    assert found == [("north", False, "pause"), ("south", False, "pause"), ("east", False, "east")]


def test_one_who_writes_page_by_page_gets_each_answer() -> None:
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
        assert list(lines_of(file, pause=5)) == [b"one", b"two", b"three"]
    thread.join()


def test_work_that_kills_or_hangs_its_process_costs_only_itself() -> None:
    with IsolatedWork(_odd_work, 0.5) as work:
        said = []
        for asked in ("a", "die", "b", "hang", "c"):
            try:
                said.append(work.ask(asked))
            except WorkFailed as error:
                said.append(str(error).split(":")[0])
    assert said == ["A", "ProcessDied", "B", "TimeoutError", "C"]


def _odd_work(asked: str) -> str:
    if asked == "die":
        os._exit(3)
    if asked == "hang":
        time.sleep(60)
    return asked.upper()


def test_a_line_in_the_middle_needs_twice_as_many_pages_as_one_at_the_edge() -> None:
    def known(count: int, place: int) -> bool:
        lines = SiteLines()
        for n in range(20):
            text = [f"Paragraph {k} of report {n} has words of its own." for k in range(9)]
            if n < count:
                text[place] = BOX
            lines.add(line_hashes(text))
        return bool(lines.known)

    assert [known(count, 8) for count in (4, 5)] == [False, True]
    assert [known(count, 4) for count in (9, 10)] == [False, True]


def test_a_line_must_stand_on_a_twentieth_of_the_pages() -> None:
    assert [pages_needed(pages, 5) for pages in (3, 100, 101, 1000)] == [5, 5, 6, 50]


def test_never_more_than_a_third_of_a_body_is_cut() -> None:
    short = ["One two three four five six.", BOX]
    known = {mark for mark in line_hashes([BOX]) if mark is not None}
    assert without_lines(short, known) == short
    assert without_lines([*PARAGRAPHS, BOX], known) == list(PARAGRAPHS)


def test_short_labels_and_long_paragraphs_are_never_taken_for_what_a_site_repeats() -> None:
    assert line_hashes(["Read it here", "word " * 61, "", "four words are enough"])[:3] == [None, None, None]
