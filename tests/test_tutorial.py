"""The commands of docs/tutorial.md, run as a reader does, print what the page shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from crawler.onboard.write import profile_name
from demo.newsroom import serve_newsroom
from docs.transcript import ADDRESS, NAME, Desk
from tests.conftest import PROJECT
from tests.installed import Installed

ANY_LINES = "..."


def transcripts(page: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a page, with the lines that it prints."""
    text = (PROJECT / "docs" / page).read_text("utf-8")
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for part in block.removeprefix("$ ").split("\n$ "):
            command, *lines = part.rstrip("\n").split("\n")
            yield command, lines


def shape(line: str) -> str:
    """A line without what is different in each run: numbers, times, weekdays, the width of columns."""
    line = re.sub(r"just now|\d+ \w+ ago|\d{4}-\d\d-\d\d|\bin \d+ (min|h|days)\b", "TIME", line)
    line = re.sub(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b", "DAY", re.sub(r"\d+(\.\d+)?", "N", line))
    return " ".join(line.split())


def pattern(lines: list[str]) -> str:
    """A regular expression for the output that a page shows."""
    return "".join(r"(.*\n)*?" if line == ANY_LINES else re.escape(shape(line)) + r" ?\n" for line in lines)


def test_the_tutorial_shows_what_happens(installed: Installed, tmp_path: Path) -> None:
    assert profile_name(ADDRESS, ()) == NAME
    with serve_newsroom() as newsroom:
        desk = Desk(tmp_path, [str(installed.rasid)], newsroom["demo_en"])
        for command, lines in transcripts("tutorial.md"):
            screen = desk.run(command)
            printed = "".join(f"{shape(line)}\n" for line in screen.plain.split("\n")) if screen.text else ""
            assert re.fullmatch(pattern(lines), printed), f"$ {command}\n{screen.plain}"
            assert screen.code == 0, command
            if command.startswith("rasid add"):
                (tmp_path / ".local/share/rasid/settings.toml").write_text("DOWNLOAD_DELAY = 0\n")
    sheet = openpyxl.load_workbook(tmp_path / "news.xlsx")["Articles"]
    assert sheet.max_row > 10


@pytest.mark.parametrize("page", ["tutorial_ar.md"])
def test_a_translation_shows_the_same(page: str) -> None:
    assert list(transcripts(page)) == list(transcripts("tutorial.md"))
