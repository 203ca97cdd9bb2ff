"""Rows as text: CSV and JSON Lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlite_utils.utils import Format, rows_from_file

from crawler.export import CsvRows, JsonLinesRows
from crawler.export.rows import plain_cell

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
# Parts of bodies; awkward ones are more frequent than on real sites.
PIECES = st.sampled_from(
    ["\n", "\r\n", "\r", "\\", "\\n", '"', '""', ",", ";", "'", "=", "+", "-", "@", "\t", " ", "\x00", "\u2028", "\x85"]
)
WORDS = st.sampled_from(["نص عربي", "می\u200cخواهم", "word", "=HYPERLINK(1)", "\ufeff", "🗞", "\x1c", "\x0b", "\x0c"])
TEXTS = st.one_of(st.lists(st.one_of(PIECES, WORDS), max_size=8).map("".join), st.text())


@pytest.fixture(autouse=True)
def long_fields() -> Iterator[None]:
    """Bodies may be longer than the default limit of Python's reader."""
    before = csv.field_size_limit(100_000_000)
    yield
    csv.field_size_limit(before)


def written(*rows: dict[str, Any], columns: tuple[str, ...] = ("a", "b"), header: bool = True) -> str:
    out = io.StringIO(newline="")
    writer = CsvRows(out, columns, plain=True, header=header)
    for row in rows:
        writer.write(row)
    return out.getvalue()


def unescaped(cell: str) -> str:
    """Decode a cell as docs/export.md describes it."""
    parts = (part.replace("\\n", "\n") for part in cell.split("\\\\"))
    text = "\\".join(parts)
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULAS else text


def as_stored(text: str) -> str:
    """Unify line breaks; a stored body contains no \\r."""
    defused = text[:1] == "\r"  # its apostrophe shows that there was one
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "'" + text if defused else text


@settings(deadline=None)
@given(TEXTS, TEXTS)
@example("a\\nb", "a\nb")
@example("\\", "\\\n\\\\n")
@example("\r=1", "\r")
def test_a_row_is_one_line_and_is_read_back_equal(one: str, other: str) -> None:
    text = written({"a": one, "b": other})
    assert text.endswith("\r\n")
    assert text.count("\n") == text.count("\r\n") == text.count("\r") == 2
    header, row = csv.reader(io.StringIO(text, newline=""))
    assert header == ["a", "b"]
    for cell, original in zip(row, (one, other), strict=True):
        if not (original[:1] == "'" and original[1:2] in FORMULAS):  # looks like a defused one
            assert unescaped(cell) == as_stored(original)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(TEXTS, TEXTS).filter(any), min_size=1, max_size=5))
def test_sqlite_utils_reads_the_same(values: list[tuple[str, str]]) -> None:
    raw = written(*({"a": one, "b": other} for one, other in values)).encode()
    with closing(sqlite_utils.Database(memory=True)) as db:
        read, _ = rows_from_file(io.BytesIO(raw), format=Format.CSV)
        db.table("articles").insert_all(read)
        result = [(row["a"], row["b"]) for row in db.table("articles").rows]
    assert result == [(str(plain_cell(one)), str(plain_cell(other))) for one, other in values]


def test_a_body_of_a_megabyte_is_read_back(tmp_path: Path) -> None:
    body = 'سطر، "مقتبس" \\ \n' * 50_000
    path = tmp_path / "articles.csv"
    path.write_bytes(written({"a": body}).encode())
    with path.open(encoding="utf-8", newline="") as file:
        [read] = csv.DictReader(file)
    assert unescaped(read["a"]) == body
    with closing(sqlite_utils.Database(memory=True)) as db, path.open("rb") as raw:
        db.table("articles").insert_all(rows_from_file(raw, format=Format.CSV)[0])
        [stored] = db.table("articles").rows
    assert unescaped(stored["a"]) == body


def test_csv_is_as_rfc_4180_has_it() -> None:
    assert written({"a": 'He said "no"', "b": "one, two"}, {"a": None, "b": 5}) == (
        'a,b\r\n"He said ""no""","one, two"\r\n,5\r\n'
    )


def test_the_header_is_written_once_or_not_at_all() -> None:
    assert written({"a": "1"}, {"a": "2"}).splitlines() == ["a,b", "1,", "2,"]
    assert written({"a": "1"}, header=False).splitlines() == ["1,"]
    assert written() == "a,b\r\n"


def test_the_columns_are_the_requested_ones_in_their_order_whatever_the_row_has() -> None:
    assert written({"x": 1, "b": 2, "a": 3}, columns=("b", "a", "c")).splitlines() == ["b,a,c", "2,3,"]


@pytest.mark.parametrize("start", FORMULAS)
def test_a_formula_is_text(start: str) -> None:
    text = start + "cmd|' /C calc'!A0"
    assert str(plain_cell(text)).startswith("'")
    [_, [cell, _]] = csv.reader(io.StringIO(written({"a": text}), newline=""))
    assert cell[0] == "'"


@pytest.mark.parametrize("text", ["\n=1+1", "\r\n=1+1", "\\=1"])
def test_a_formula_behind_a_line_break_is_behind_a_backslash(text: str) -> None:
    assert str(plain_cell(text)).lstrip("'").startswith("\\")


@pytest.mark.parametrize("text", ["'quoted' headline", "a=b", "1-2", "مرحبا @ الجميع", "数＝1", "：＝", " = ", ""])
def test_a_text_that_is_not_a_formula_is_unchanged(text: str) -> None:
    assert plain_cell(text) == text


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (-5, -5),
        (2.5, 2.5),
        ([], ""),
        (["سلمى", "Omar"], "سلمى; Omar"),
        (["=1", "x"], "'=1; x"),
        ({"ب": 1, "ا": "x\n"}, '{"ا": "x\\\\n", "ب": 1}'),
    ],
)
def test_a_value_that_is_not_text_has_its_cell(value: object, cell: object) -> None:
    assert plain_cell(value) == cell


@settings(deadline=None)
@given(TEXTS)
def test_a_json_line_is_one_line_and_is_read_back_equal(text: str) -> None:
    out = io.StringIO(newline="")
    rows = JsonLinesRows(out, ["a", "b", "c"])
    rows.write({"a": text, "b": None, "x": 1})
    rows.write({"c": [text], "a": {"k": 1}})
    lines = out.getvalue().split("\n")
    assert len(lines) == 3
    assert [json.loads(line) for line in lines[:2]] == [
        {"a": text, "b": None, "c": None},
        {"a": {"k": 1}, "b": None, "c": [text]},
    ]


def test_a_json_line_shows_letters_as_letters() -> None:
    out = io.StringIO()
    JsonLinesRows(out, ["a"]).write({"a": "نص"})
    assert out.getvalue() == '{"a": "نص"}\n'
