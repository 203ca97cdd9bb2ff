"""The catalogue: every entry is valid and has evidence, and the profiles in sites/ agree with it."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crawler.catalogue import CatalogueError, Entry, close_names, entries, find, search, sources
from crawler.profile import CHANNEL_KEYS
from crawler.profiles import read_profile
from tests.conftest import PROJECT
from tests.inprocess import Commands

ENTRIES = {entry.name: entry for entry in entries()}
PROFILES = sorted((PROJECT / "sites").glob("*.toml"))
COMPLETE: dict[str, Any] = {
    "name": "daily",
    "title": "Daily",
    "url": "https://daily.example/",
    "language": "en",
    "country": "GB",
    "timezone": "Europe/London",
    "confidence": "low",
    "evidence": ["lists"],
}


@pytest.fixture
def catalogue(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    commands = Commands(tmp_path / "news.db", capfd)
    return lambda *words: commands("catalogue", *words)


def test_every_entry_is_valid_and_names_sources_that_exist() -> None:
    assert len(ENTRIES) == len(entries()) > 600
    assert sum(entry.language == "ar" for entry in ENTRIES.values()) > 190
    for entry in ENTRIES.values():
        entry.check()
        assert set(entry.evidence) <= sources().keys(), entry.name
        assert entry.evidence_date or len(entry.evidence) > 1 or "lists" in entry.evidence, entry.name


def test_a_valid_profile_can_be_written_of_every_entry(tmp_path: Path) -> None:
    for entry in ENTRIES.values():
        path = tmp_path / f"{entry.name}.toml"
        # A JSON string or list of strings is a TOML value as well.
        path.write_text(
            "\n".join(f"{key} = {json.dumps(value)}" for key, value in entry.profile_data().items()), "utf-8"
        )
        assert read_profile(path).title == entry.title


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.stem)
def test_the_profiles_that_are_included_agree_with_the_catalogue(path: Path) -> None:
    profile, entry = tomllib.loads(path.read_text("utf-8")), ENTRIES[path.stem]
    of_entry = entry.profile_data()
    assert {key: profile[key] for key in of_entry} == of_entry
    further = profile.keys() - of_entry.keys() - {"enabled"}
    assert further <= CHANNEL_KEYS.keys()
    assert all(profile[key] == list(getattr(entry, key)) for key in further)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "24h"),
        ("language", "Arabic"),
        ("country", "UK of GB"),
        ("kind", "blog"),
        ("timezone", "Damascus"),
        ("url", "daily.example"),
        ("feeds", ["/feed"]),
        ("article_url", "("),
        ("confidence", "sure"),
        ("evidence_date", "last year"),
        ("evidence", []),
        ("feed", ["https://daily.example/feed"]),
    ],
)
def test_a_wrong_value_of_an_entry_is_named(key: str, value: object) -> None:
    Entry.parse(COMPLETE).check()
    with pytest.raises(CatalogueError, match=rf"^{'24h' if key == 'name' else 'daily'}: "):
        Entry.parse({**COMPLETE, key: value}).check()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("aljazeera_net", "aljazeera_net"),
        ("aljazeera", "aljazeera_net"),
        ("الجزيرة نت", "aljazeera_net"),
        ("AlJazeera.net", "aljazeera_net"),
        ("https://www.aljazeera.net/news/2026/11/1/x", "aljazeera_net"),
        ("www.dw.com/ar/thing", "dw_ar"),
        ("Enab Baladi", "enab_baladi"),
        ("the guardian", "the_guardian"),
    ],
)
def test_an_entry_is_found_by_name_title_host_or_any_url(text: str, name: str) -> None:
    entry = find(text)
    assert entry is not None
    assert entry.name == name


@pytest.mark.parametrize(
    ("text", "suggested"),
    [("aljazera_net", "aljazeera_net"), ("guardian", "the_guardian"), ("https://www.aljazera.net/", "aljazeera_net")],
)
def test_a_name_that_is_not_clear_is_not_guessed_but_suggested(text: str, suggested: str) -> None:
    assert find(text) is None
    assert suggested in close_names(text)


@pytest.mark.parametrize(
    "text", ["", " ", "qqqqqq", "https://nobody.invalid/", "/", "://", "http://[", "\x00", "ا" * 9999]
)
def test_nonsense_is_not_found(text: str) -> None:
    assert find(text) is None


def test_search_combines_words_language_country_and_kind() -> None:
    names = {entry.name for entry in search(language="ar", country="SY", kind="agency")}
    assert "sana_sy" in names
    assert "enab_baladi" not in names
    assert {entry.name for entry in search("عنب بلدي")} == {"enab_baladi"}
    assert search("qqqqqq") == []


def test_the_command_prints_a_table_that_says_nothing_is_verified(catalogue: Callable[..., Any]) -> None:
    result = catalogue("--language", "ar", "--country", "sy", "--kind", "agency")
    assert result.code == 0
    assert "sana_sy" in result.out
    assert "None of it is verified" in result.err


def test_the_command_as_json_has_every_key_and_the_sources(catalogue: Callable[..., Any]) -> None:
    result = json.loads(catalogue("sana", "--json").out)
    assert result["verified"] is False
    [arabic] = [site for site in result["sites"] if site["name"] == "sana_sy"]
    assert arabic["verified"] is False
    assert set(arabic["evidence"]) <= result["sources"].keys()
    assert arabic["evidence_date"] == "2026-09-25"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("aljazera_net",), 1, "did you mean aljazeera_net"),
        (("--kind", "agencies"), 2, "did you mean agency?"),
        (("--country", "Syria"), 2, "SY"),
        (("--nonsense",), 2, "unknown option --nonsense"),
    ],
)
def test_what_the_catalogue_does_not_have_is_said_with_advice(
    catalogue: Callable[..., Any], words: tuple[str, ...], code: int, said: str
) -> None:
    result = catalogue(*words)
    assert result.code == code
    assert said in result.err
