"""What is said about a TOML file that people wrote wrongly: the cause, by line, everything at once and once."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.profile import ProfileError
from crawler.profiles import read_profile
from crawler.toml_file import TomlFileError, read_toml

GOOD = 'title = "Daily"\nurl = "https://daily.example/"\n'


def message(folder: Path, content: str | bytes) -> str:
    """What is said about a file with this content."""
    path = folder / "daily.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(TomlFileError) as caught:
        read_toml(path, "docs/profiles.md")
    return str(caught.value)


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        ("title = “Daily”", "line 1: typographic quotes"),
        (GOOD + "feeds = [«https://daily.example/feed»]", "line 3: typographic quotes"),
        ("title = ‘Daily’", "line 1: typographic quotes"),
        ('title: "Daily"', "line 1: a colon; write title = …"),
        (GOOD + 'feeds: ["https://daily.example/feed"]', "line 3: a colon; write feeds = …"),
        (GOOD + 'feeds = ["https://a.example/1"، "https://a.example/2"]', "line 3: ، in place of ,"),
        (GOOD + 'language\u00a0= "en"', "line 3: an invisible character, U+00A0 (no-break space); delete it"),
        (GOOD + '\u200flanguage = "ar"', "line 3: an invisible character, U+200F (right-to-left mark); delete it"),
        (GOOD + '\ufefflanguage = "ar"', "line 3: an invisible character, U+FEFF (byte order mark); delete it"),
        ("title = Daily News", 'line 1: a text needs quotes: title = "Daily News"'),
        (GOOD + "enabled = False", "line 3: write enabled = false"),
        (GOOD + "enabled = yes", "line 3: write enabled = true"),
        ('title = "Daily', 'line 1: the quote " is not closed'),
        (GOOD + 'article_url = "/\\d+$"', "line 3: \\d in double quotes; put a regular expression in single quotes"),
        (GOOD + 'title = "Again"', "line 3: this key is there twice"),
    ],
    ids=lambda text: ascii(text)[-40:],
)
def test_the_cause_of_broken_toml_is_named_with_its_line(tmp_path: Path, content: str, cause: str) -> None:
    said = message(tmp_path, content)
    assert said.startswith("daily.toml: not valid TOML: line ")
    assert cause in said


def test_every_line_that_can_be_none_of_toml_is_named_at_once(tmp_path: Path) -> None:
    said = message(tmp_path, "# “a comment”\ntitle = “Daily”\nurl: https://daily.example/\nlanguage = ”ar”\n")
    assert [part.split(":")[0] for part in said.removeprefix("daily.toml: not valid TOML: ").split("; line")] == [
        "line 2",
        " 3",
        " 4",
    ]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_named(tmp_path: Path, encoding: str) -> None:
    assert "it is UTF-16 text, and it must be a UTF-8 text file" in message(tmp_path, GOOD.encode(encoding))


def test_another_encoding_is_named_with_the_line(tmp_path: Path) -> None:
    content = (GOOD + 'licence = "المثال"\n').encode("cp1256")
    assert message(tmp_path, content).startswith("daily.toml: cannot be read: line 3 is not UTF-8, and it must be a")


def test_tabs_typographic_quotes_in_a_text_and_a_byte_order_mark_are_valid(tmp_path: Path) -> None:
    path = tmp_path / "daily.toml"
    path.write_bytes("\ufefftitle\t=\t\"“Daily”: a paper\"\t# “x”\r\n\turl = 'https://daily.example/'\r\n".encode())
    assert read_profile(path).title == "“Daily”: a paper"


@pytest.mark.parametrize(
    "content", ["<html>", "=", "[", "]]", "feeds = [", "a = 1 2", "\x01", "\x7f = 1", '"""', "a.b.c"]
)
def test_what_has_no_known_cause_is_said_as_the_parser_says_it(tmp_path: Path, content: str) -> None:
    said = message(tmp_path, content)
    assert said.startswith("daily.toml: not valid TOML: ")
    assert "compare it with docs/profiles.md" in said


def test_all_mistakes_of_a_profile_are_named_at_once_and_once_each(tmp_path: Path) -> None:
    path = tmp_path / "daily.toml"
    path.write_text(
        'title = ""\nurl = "www.daily.example"\nlangauge = "en"\nlanguage = "Arabic"\ntimezone = "Damascus"\n'
        'feed = ["https://daily.example/feed"]\nenabled = "yes"\ndelay = -1\nhosts = "x"\n'
        'feeds = ["/feed", "/feed"]\narticle_url = "("\n[selectors]\nbodi = "p"\ntitle = "p["\n',
        "utf-8",
    )
    with pytest.raises(ProfileError) as caught:
        read_profile(path)
    lines = str(caught.value).splitlines()
    assert all(line.startswith("daily.toml: ") for line in lines)
    assert sorted(line.split()[1] for line in lines) == [
        *("article_url", "delay", "enabled", "feed", "feeds", "hosts", "langauge", "language"),
        *("selectors.bodi", "selectors.title", "timezone", "title", "url"),
    ]
    said = dict(line.removeprefix("daily.toml: ").split(" = ", 1) for line in lines)
    assert said["url"].endswith("; did you mean 'https://www.daily.example'?")
    assert said["langauge"].endswith("; did you mean language?")
    assert said["feed"].endswith("; did you mean feeds?")
    assert said["timezone"].endswith("; did you mean Asia/Damascus?")
    assert said["enabled"].endswith("without quotes: enabled = true")
    assert said["hosts"].endswith('like hosts = ["x"]')
    assert said["selectors.bodi"].endswith("; did you mean body?")


def test_channels_are_not_called_foreign_when_the_url_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "daily.toml"
    path.write_text('title = "Daily"\nurl = "daily"\nfeeds = ["https://daily.example/feed"]\n', "utf-8")
    with pytest.raises(ProfileError) as caught:
        read_profile(path)
    assert str(caught.value) == "daily.toml: url = 'daily': must be an absolute http or https URL"
