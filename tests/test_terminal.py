"""What a person at a terminal sees: tables that fit, colours, relative times, readable URLs, progress."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler import clock
from crawler.cli.terminal import Column, format_table, isolated, print_table, readable_address, relative_time
from crawler.colours import paint
from crawler.store import Store
from tests.conftest import Workplace
from tests.made_up import an_article, put
from tests.terminals import at_terminal

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
SLUG = "%D9%82%D9%85%D8%A9-%D8%A3%D8%B3%D8%AA%D8%A7%D9%86%D8%A7"
"""قمة-أستانا"""


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
    print_table([Column("site"), Column("seen", "time")], [("a", "2026-11-27T12:00:00Z")], ["red"])
    assert capsys.readouterr().out == "locked\nsite  seen\na     2026-11-27T12:00:00Z\n"


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=3, seconds=10), "3 min ago"),
        (timedelta(minutes=59), "59 min ago"),
        (timedelta(hours=1), "1 h ago"),
        (timedelta(hours=47), "47 h ago"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=59), "59 days ago"),
        (timedelta(days=61), "2026-09-27"),
        (-timedelta(minutes=12), "in 12 min"),
        (-timedelta(hours=30), "in 30 h"),
        (-timedelta(days=400), "2028-01-01"),
    ],
)
def test_times_are_said_as_people_say_them(ago: timedelta, said: str) -> None:
    assert relative_time(NOW - ago, NOW) == said


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        (f"https://daily.example/{SLUG}/?p=1", "https://daily.example/قمة-أستانا/?p=1"),
        ("https://daily.example/caf%C3%A9", "https://daily.example/café"),
        ("https://xn--mgbh0fb.xn--kgbechtv/a", "https://مثال.إختبار/a"),
        # What would act on a terminal, reorder the line, end the URL or mean something in it.
        *(
            (f"https://daily.example/{escape}", f"https://daily.example/{escape}")
            for escape in ("%1B%5B2J", "%0A", "%20")
        ),
        *((f"https://d.example/{e}", f"https://d.example/{e}") for e in ("%E2%80%AE", "%C2%A0", "%2F%3F%23", "%C2%9B")),
        *((f"https://d.example/{e}", f"https://d.example/{e}") for e in ("%FF%FE", "%D9", "%", "%zz", "%ED%A0%80")),
    ],
)
def test_a_url_is_shown_with_its_letters_and_nothing_else(url: str, shown: str) -> None:
    assert readable_address(url) == shown


def test_right_to_left_text_is_isolated_and_other_text_is_not() -> None:
    assert isolated("سياسة 24") == "\u2068سياسة 24\u2069"
    assert isolated("Politics 24") == "Politics 24"


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    """An Arabic article, a profile that owns it, twelve more profiles, and a broken one."""
    workplace = Workplace(tmp_path_factory.mktemp("terminal"))
    for number in range(12):
        workplace.profile(
            f"daily_{number}", f'title = "صحيفة يومية طويلة الاسم {number}"\nurl = "https://d{number}.example/"\n'
        )
    workplace.profile("example", 'title = "المثال"\nurl = "https://example.org/"\nlanguage = "ar"\n')
    workplace.profile("broken", 'title: "x"\n')
    with Store(workplace.database) as store:
        text = "ذهب الوفد إلى المدينة القديمة وعاد في المساء إلى الميناء الذي افتتح هذا العام. " * 8
        article = an_article(f"{SLUG}-1", text, title="الوفد يزور المدينة", category="سياسة", language="ar")
        put(store, article, clock.now() - timedelta(minutes=5))
    return workplace


TABLES = [("status",), ("sites",), ("catalogue", "--country", "SY")]


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("words", TABLES, ids=" ".join)
def test_every_table_fits_the_terminal_and_keeps_the_names(
    stored: Workplace, words: tuple[str, ...], width: int
) -> None:
    screen = at_terminal(stored.folder, *words, width=width)
    header, *lines = screen.text.splitlines()
    table = [line for line in lines if ": " not in line and not line.startswith("3")]
    assert max(len(line.rstrip()) for line in (header, *table)) <= width
    if words[0] == "catalogue":
        assert "syria_untold_english" in screen.text
    else:
        assert any(line.startswith("example ") for line in table)
        assert "broken.toml: not valid TOML: line 1: a colon" in screen.text


def test_times_are_relative_at_a_terminal_and_exact_in_a_pipe(stored: Workplace) -> None:
    assert "min ago" in at_terminal(stored.folder, "status").text
    piped = stored.run("status").stdout
    assert "min ago" not in piped
    assert "T" in piped.split("example")[1].split()[0]
    [site] = [site for site in json.loads(stored.run("status", "--json").stdout)["sites"] if site["site"] == "example"]
    assert datetime.fromisoformat(site["last_article"])
    assert "seen 5 min ago" in at_terminal(stored.folder, "search", "المدينة").text.replace("6 min", "5 min")


def test_what_is_wrong_is_red_unless_no_color_or_the_terminal_is_dumb(stored: Workplace) -> None:
    assert "\x1b[31m" in at_terminal(stored.folder, "sites").raw
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        raw = at_terminal(stored.folder, "sites", environment=environment).raw
        assert "\x1b[31m" not in raw
        assert "broken" in raw


def test_arabic_urls_are_readable_and_texts_are_isolated_at_a_terminal(stored: Workplace) -> None:
    screen = at_terminal(stored.folder, "search", "المدينة")
    assert "/قمة-أستانا-1" in screen.text
    assert "· \u2068سياسة\u2069" in screen.raw
    assert SLUG in stored.run("search", "المدينة").stdout
    assert "/قمة-أستانا-1" in at_terminal(stored.folder, "show", "1").text


def test_matches_are_bold_at_a_terminal_and_unmarked_in_a_pipe(stored: Workplace) -> None:
    assert "\x1b[1mالمدينة\x1b[0m" in at_terminal(stored.folder, "search", "المدينة").raw
    assert "[[" not in stored.run("search", "المدينة").stdout
    assert "[[المدينة]]" in stored.run("search", "المدينة", "--json").stdout


def test_a_date_in_words_is_explained_at_a_terminal_alone(stored: Workplace) -> None:
    screen = at_terminal(stored.folder, "search", "المدينة", "--since", "7 days", width=120)
    week_ago = clock.now() - timedelta(days=7)
    assert f"--since 7 days: {week_ago:%Y-%m-%d} 00:00 UTC" in screen.text
    assert "--since" not in stored.run("search", "المدينة", "--since", "7 days").stderr


def test_long_commands_show_their_progress_at_a_terminal_alone(stored: Workplace, tmp_path: Path) -> None:
    for words in (
        ("export", str(tmp_path / "a.csv")),
        ("release", str(tmp_path / "release"), "--name", "news"),
        ("reextract", "--dry-run"),
    ):
        screen = at_terminal(stored.folder, *words)
        assert screen.code == 0, screen.text
        assert f"{words[0]}: " in screen.text, words
    assert stored.run("export", str(tmp_path / "b.csv")).stderr == ""
