"""The rights table: what each combination of signals means for each use, and the signal that decides it."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.rights.decide import HostRights, LicenceFile, page_rights
from crawler.rights.page import priced_signal, read_page
from crawler.rights.robots_lines import licence_url, read_robots
from crawler.rights.rsl import parse_rsl
from crawler.rights.tdmrep import file_rules
from crawler.usage import USES, PageRights, signals_from_json

TABLE = Path(__file__).parent / "rights" / "cases.tsv"
URL = "https://example.org/news/one.html"
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def cases() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def rights_of(text: str) -> PageRights:
    """The rights of a page with the signals of a row: one a line, each with the name of its place."""
    headers: list[tuple[str, str]] = []
    elements: list[str] = []
    robots, tdmrep, rsl, is_priced = b"", b"", None, False
    for line in filter(None, text.replace("\\t", "\t").split("\\n")):
        place, _, value = line.partition(" ")
        name, _, content = value.partition("=")
        if place == "header":
            field, _, header = value.partition(":")
            headers.append((field, header.removeprefix(" ")))
        elif place == "meta":
            elements.append(f'<meta name="{name}" content="{content}">')
        elif place == "link":
            elements.append(f'<link rel="{name}" href="{content}">')
        elif place == "schema":
            elements.append(f'<script type="application/ld+json">{{"{name}": "{content}"}}</script>')
        elif place == "robots":
            robots = value.replace(" | ", "\n").encode()
        elif place == "tdmrep":
            tdmrep = value.encode()
        elif place == "rsl":
            rsl, robots = value.encode(), b"License: https://example.org/rsl.xml"
        else:
            assert line == "status 402"
            is_priced = True
    page = read_page(headers, f"<html><head>{''.join(elements)}</head>".encode(), url=URL, now=NOW)
    rules, problem = file_rules(tdmrep)
    host = HostRights(robots=read_robots(robots, "Rasid"), tdm_rules=tuple(rules), tdm_problem=problem)
    known = {}
    if rsl is not None:
        known = {licence_url(host.robots.licences[0]): LicenceFile(parse_rsl(rsl))}
    rights = page_rights(page, host, URL, known)
    return PageRights((priced_signal(), *rights.signals)) if is_priced else rights


def test_the_table_has_at_least_two_hundred_combinations_each_with_its_source() -> None:
    rows = cases()
    assert len({row["signals"] for row in rows}) == len(rows) >= 200
    assert all(row["source"] for row in rows)


@pytest.mark.parametrize("row", cases(), ids=lambda row: row["signals"][:60])
def test_a_combination_of_signals_is_decided_as_its_source_says_and_can_be_traced(row: dict[str, str]) -> None:
    rights = rights_of(row["signals"])
    expected = {use: row[use] for use in USES}
    assert {use: rights.decision(use) for use in USES} == expected, [str(signal) for signal in rights.signals]
    for use in USES:
        places = [signal.place for signal in rights.reasons(use)]
        assert bool(places) or expected[use] == "unknown"
    decided = {signal.place for use in USES if expected[use] != "unknown" for signal in rights.reasons(use)}
    assert row["decided by"] in decided if row["decided by"] else not decided
    assert signals_from_json(rights.as_json()) == rights
