"""Tables for a terminal."""

from __future__ import annotations

import pytest

from crawler.cli.terminal import format_table, paint


def test_every_column_is_as_wide_as_its_widest_cell_and_no_line_ends_in_spaces() -> None:
    rows: list[tuple[str, ...]] = [("site", "state", "new"), ("a", "overdue for a week", "7"), ("longest_name", "", "")]
    assert format_table(rows).split("\n") == [
        "site          state               new",
        "a             overdue for a week  7",
        "longest_name",
    ]


def test_a_mark_has_no_width_and_a_wide_letter_has_two() -> None:
    assert format_table([("新闻", "x"), ("cafe\u0301", "y"), ("ab\u200fcd", "z")]).split("\n") == [
        "新闻  x",
        "cafe\u0301  y",
        "ab\u200fcd  z",
    ]


def test_colours_are_left_out_where_standard_output_is_not_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print(paint("locked", "red"))
    assert capsys.readouterr().out == "locked\n"
