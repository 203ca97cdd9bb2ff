"""Every phrase in tests/extract_phrases.json is known. Whoever drops one from the lexicon drops it there too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crawler.extract import extract
from crawler.extract.authors import is_credit_line
from crawler.extract.body import Block
from crawler.extract.clutter import without_clutter
from crawler.extract.language import _COMMON_WORDS
from crawler.extract.lexicon import AGENCIES, is_block_heading, pointer_at_start
from crawler.extract.names import split_names
from crawler.extract.page_head import PageHead
from crawler.text import words

PHRASES: dict[str, list[str]] = json.loads((Path(__file__).parent / "extract_phrases.json").read_text("utf-8"))
COMMON_WORDS: dict[str, str] = json.loads((Path(__file__).parent / "extract_common_words.json").read_text("utf-8"))
TEXT = "The council of the town decided on Monday that the old stone bridge will stay closed for the whole summer."


def phrases(name: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("phrase", PHRASES[name])


@phrases("pointers")
def test_a_pointer_is_taken_whole(phrase: str) -> None:
    pointer = pointer_at_start([*words(phrase), "xyz"])
    assert pointer is not None
    assert pointer.length == len(words(phrase))


@phrases("weak_pointers")
def test_an_ordinary_word_is_a_weak_pointer(phrase: str) -> None:
    pointer = pointer_at_start(words(phrase))
    assert pointer is not None
    assert pointer.is_weak


def test_all_other_pointers_are_strong() -> None:
    weak = {tuple(words(phrase)) for phrase in PHRASES["weak_pointers"]}
    for phrase in PHRASES["pointers"]:
        pointer = pointer_at_start(words(phrase))
        assert pointer is not None
        assert pointer.is_weak == (tuple(words(phrase)) in weak)


@phrases("headings")
def test_a_heading_of_a_box_is_known_and_is_nothing_more(phrase: str) -> None:
    assert is_block_heading(words(phrase))
    assert not is_block_heading([*words(phrase), "xyz"])


@phrases("agencies")
def test_an_agency_is_known(phrase: str) -> None:
    assert tuple(words(phrase)) in AGENCIES


@phrases("byline")
def test_the_words_before_a_name_are_no_part_of_it(phrase: str) -> None:
    assert split_names(f"{phrase} Lena Holm") == ["Lena Holm"]


@phrases("credit")
def test_a_credit_line_is_known_by_its_first_words(phrase: str) -> None:
    assert is_credit_line(f"{phrase} Lena Holm")


@phrases("labels")
def test_a_label_among_the_paragraphs_is_removed(phrase: str) -> None:
    blocks = [Block(TEXT, "p"), Block(phrase, "p"), Block(TEXT, "p")]
    assert [block.text for block in without_clutter(blocks, PageHead(""))] == [TEXT, TEXT]


@phrases("no_category")
def test_a_word_in_the_place_of_a_category_is_none(phrase: str) -> None:
    page = f"<meta property='article:section' content='{phrase}'><h1>The bridge closes</h1><p>{TEXT}</p>"
    assert extract(page, "https://town.example/a/bridge").category is None


@phrases("list_titles")
def test_a_list_is_known_by_its_headline(phrase: str) -> None:
    page = f"<h1>{phrase}</h1><p>{TEXT}</p>"
    assert extract(page, "https://town.example/a/bridge").page_type == "list"


@phrases("standing_titles")
def test_a_page_that_every_site_has_is_known_by_its_headline(phrase: str) -> None:
    page = f"<h1>{phrase}</h1><p>{TEXT}</p>"
    assert extract(page, "https://town.example/a/bridge").page_type == "other"


@phrases("bio_verbs")
def test_a_bio_below_the_text_is_known_by_its_verb(phrase: str) -> None:
    blocks = [Block(TEXT, "p"), Block(f"Lena Holm {phrase} xyz xyz.", "p")]
    assert [block.text for block in without_clutter(blocks, PageHead("", authors=["Lena Holm"]))] == [TEXT]


@pytest.mark.parametrize("language", COMMON_WORDS)
def test_a_text_of_the_most_common_words_of_a_language_is_in_that_language(language: str) -> None:
    text = " ".join(COMMON_WORDS[language].split() * 4)
    page = f"<article><h1>Xyz</h1><p>{text}.</p><p>{text}!</p></article>"
    assert extract(page, "https://town.example/a/bridge").language == language
    assert _COMMON_WORDS[language] == set(COMMON_WORDS[language].split())
