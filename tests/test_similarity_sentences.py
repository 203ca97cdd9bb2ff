"""Texts as sentences and words, their hashes, and the spellings and names that distinguish template variants."""

from __future__ import annotations

import random

import pytest

from crawler.similarity.parsed import parsed_text
from crawler.similarity.sentences import (
    MAX_SENTENCES,
    Sentence,
    comparable,
    folded_words,
    fragments,
    sentences,
    shingle_hashes,
    split_sentences,
    written_words,
)
from crawler.similarity.template_slots import ProperNouns, WordSpan, is_spelling_variant, may_be_proper_noun


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three? Four… Five", ["One.", "Two!", "Three?", "Four…", "Five"]),
        ('He said: "Go." Then he went.', ['He said: "Go."', "Then he went."]),
        ("(It rained.) We left. ", ["(It rained.)", "We left."]),
        ("قال: «نعم؟» ثم مضى. انتهى", ["قال: «نعم؟»", "ثم مضى.", "انتهى"]),
        ("Version 2.5 costs 1.200 euros.", ["Version 2.5 costs 1.200 euros."]),
        ("ختم۔ پھر", ["ختم۔", "پھر"]),
        ("  ", []),
    ],
)
def test_a_sentence_ends_at_a_mark_before_white_space_and_keeps_its_closing_quotes(
    text: str, expected: list[str]
) -> None:
    assert split_sentences(text) == expected


def test_sentences_of_four_words_count_and_know_their_paragraph() -> None:
    result = sentences(comparable("One two three four. One two three.\n\nThe Fair drew 1,200 guests."))
    assert result == [
        Sentence("one two three four", "One two three four", 0),
        Sentence("the fair drew 1200 guests", "The Fair drew 1200 guests", 2),
    ]
    lines = ["One two three four. One Two three.", "...", "1.5 up", "Up."]
    assert fragments(comparable("\n".join(lines))) == [("one", "two", "three"), ("15", "up"), ("up",)]


def test_words_are_folded_and_written_words_keep_their_capitals() -> None:
    assert folded_words("The MAYOR's 1'200 أُسَر") == ("the", "mayor", "s", "1200", "اسر")
    assert written_words("The MAYOR 1٬200") == ("The", "MAYOR", "1200")


def test_the_first_400_sentences_are_compared() -> None:
    paragraphs = [f"This is sentence number {n}." for n in range(MAX_SENTENCES + 5)]
    result = sentences("\n".join(paragraphs))
    assert len(result) == 400
    assert (result[-1].words[-1], result[-1].paragraph) == ("399", 399)


def test_hashes_fit_into_a_signed_column_and_are_the_same_in_every_process() -> None:
    assert shingle_hashes(("the", "mayor", "said", "that")) == (-6698113036814351263, 3133798753435731923)
    assert shingle_hashes(("a", "b", "c", "d")) != shingle_hashes(("b", "a", "c", "d"))
    low, high = shingle_hashes(("two", "words"))
    assert low == high
    assert shingle_hashes(("two", "others"))[0] not in (low, shingle_hashes(("three", "others"))[0])
    for number in range(300):
        low, high = shingle_hashes(tuple(f"w{number}x{k}" for k in range(9)))
        assert -(2**63) <= low < high < 2**63


@pytest.mark.parametrize(("edits", "share"), [(2, 0.82), (4, 0.56)])
def test_most_edited_sentences_keep_one_of_their_hashes(edits: int, share: float) -> None:
    chance = random.Random(1)
    kept = 0
    for number in range(1000):
        words = [f"w{number}x{k}" for k in range(20)]
        edited = list(words)
        for at in chance.sample(range(20), edits):
            edited[at] = f"new{number}x{at}"
        kept += bool(set(shingle_hashes(tuple(words))) & set(shingle_hashes(tuple(edited))))
    assert kept / 1000 == pytest.approx(share, abs=0.05)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("harbour", "harbor", True), ("rise", "rises", True), ("rise", "ris", False), ("cat", "cot", False),
        ("mill", "bill", True), ("bridge", "brodgi", False), ("colourful", "kolorful", True),
        ("colourful", "kolorfil", False), ("decision", "decisions", True), ("organise", "organize", True),
        ("12345", "12346", False), ("word1", "word2", False), ("ab", "abcd", False), ("abcde", "abcdefgh", False),
        ("abcdefgh", "abcdefghij", True), ("abcdefgh", "abcdefghijk", False), ("abcdefg", "abcdefghi", False),
        ("وقال", "قال", True), ("والمدينة", "المدينة", True), ("المدينة", "مدينة", True), ("بالمدينة", "للمدينة", True),
        ("ولد", "لد", False), ("المدير", "الوزير", False),
    ],
)  # fmt: skip
def test_two_words_are_spellings_of_one(one: str, other: str, expected: bool) -> None:
    assert is_spelling_variant(one, other) is is_spelling_variant(other, one) is expected


def test_names_are_the_words_with_a_capital_within_sentences_and_nowhere_without() -> None:
    text = parsed_text(
        "Smith met the mayor of Ellory on the bridge. The mayor said that smith was late again this week.\n"
        "People from Ellory and the Mayor of the next town were there as well, all of them."
    )
    assert ProperNouns.of(text.sentences).words == {"ellory"}


def test_capitals_do_not_mark_names_where_more_than_three_in_ten_words_have_one() -> None:
    def names(capitals: int) -> frozenset[str]:
        words = ["the", *(f"Name{n}" for n in range(capitals)), *(f"word{n}" for n in range(10 - capitals))]
        return ProperNouns.of([Sentence(" ".join(map(str.lower, words)), " ".join(words), 0)]).words

    assert names(3) == {"name0", "name1", "name2"}
    assert names(4) == frozenset()


def test_a_span_of_words_is_read_as_a_whole_and_word_by_word() -> None:
    [sentence] = sentences("The mayor of Ellory spoke.")
    span = WordSpan(sentence, 1, 4)
    assert (span.words, span.length) == (("mayor", "of", "ellory"), 3)
    assert [one.words for one in span.single()] == [("mayor",), ("of",), ("ellory",)]


def test_a_word_without_capitals_may_be_a_name_unless_it_is_common() -> None:
    assert [word for word in ("رامز", "وقال", "قال", "ramez", "Рамез", "12") if may_be_proper_noun(word)] == ["رامز"]


@pytest.mark.parametrize(
    ("lines", "is_table"),
    [
        (["Gold 45 47", "Silver 12 13"], True),
        (["one two three 4", "one two three 4 "], True),
        (["one two three four 5", "one two three four"], False),
        (["A | B", "C | D", "one line of text"], True),
        (["A | B", "one line of text"], False),
        (["the 3rd of the first five or six words"], False),
    ],
)
def test_a_fifth_of_figures_or_more_than_half_of_rows_make_a_table(lines: list[str], is_table: bool) -> None:
    assert parsed_text("\n".join(lines)).is_table is is_table


def test_four_entries_with_a_clock_make_a_live_blog() -> None:
    entries = [
        "9:05 The doors open.",
        " 10.15 The band plays.",
        "11:30 A break.",
        "12:00 The end.",
        "At 12:30 all left.",
    ]
    assert parsed_text("\n".join(entries)).is_live
    assert not parsed_text("\n".join(entries[1:])).is_live
    assert not parsed_text("\n".join(["123:456 is a ratio"] * 5)).is_live


def test_the_figures_of_short_lines_stand_under_their_words() -> None:
    text = parsed_text("Dawn: 4:10\nNoon 12 05\nNoon: 13\nno figures here\n17\nA sentence of five words 9.")
    assert text.figures == {("dawn",): ("4", "10"), ("noon",): ("12", "05")}
