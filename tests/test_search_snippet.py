"""The words that a snippet shows, and which of them are marked."""

from __future__ import annotations

import pytest

from crawler.store.search.query import Term, terms
from crawler.store.search.snippet import SNIPPET_WORDS, marked, snippet


def query_terms(query: str) -> list[Term]:
    return terms(query, lambda _: 0)


def shown(segments: list[tuple[str, bool]]) -> str:
    return "".join(f"[{part}]" if is_hit else part for part, is_hit in segments)


def numbered(count: int, **words: str) -> str:
    """w0 w1 w2 ..., with some of them replaced: `w7="tram"`."""
    return " ".join(words.get(f"w{n}", f"w{n}") for n in range(count))


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("tram", "A tram, the Trams, trams' TRAM.", "A [tram], the Trams, trams' [TRAM]."),
        ("tram*", "A tram, the Trams, stream.", "A [tram], the [Trams], stream."),
        ('"lost tram"', "A lost tram is lost. The tram, lost tram", "A [lost] [tram] is lost. The tram, [lost] [tram]"),
        ('"lost tr"*', "A lost tram is lost", "A [lost] [tram] is lost"),
        ('"lost tr"', "A lost tram is lost", "A lost tram is lost"),
        ('"a lost tram"', "a lost", "a lost"),
        ('"the lost tram"', "the last tram, the lost tram", "the last tram, [the] [lost] [tram]"),
        ("tram lost", "lost tram", "[lost] [tram]"),
        ("مدرسة", "في المدرسة، مَدرسةٌ ومدارس", "في [المدرسة]، [مَدرسةٌ] ومدارس"),
        ("cafe", "A café", "A [café]"),
        ("none", "", ""),
    ],
)
def test_matches_are_marked_in_the_original_spelling(query: str, text: str, expected: str) -> None:
    segments = marked(text, query_terms(query))
    assert shown(segments) == expected
    assert all(part for part, _ in segments), "no piece is empty"


def test_a_short_text_is_shown_whole_on_one_line() -> None:
    assert shown(snippet("The tram.\nIt was lost!", query_terms("lost"))) == "The tram. It was [lost]!"
    assert snippet("", query_terms("lost")) == snippet(" ... ", query_terms("lost")) == []


def test_a_text_without_a_hit_is_shown_from_its_beginning() -> None:
    assert shown(snippet(numbered(30), query_terms("tram"), 4)) == "w0 w1 w2 w3 …"
    assert shown(snippet(numbered(4) + ".", query_terms("tram"), 4)) == "w0 w1 w2 w3."
    assert len(snippet(numbered(100), query_terms("tram"))[0][0].split()) == SNIPPET_WORDS == 24


def test_a_quarter_of_the_snippet_precedes_the_first_match() -> None:
    text = numbered(40, w20="tram")
    assert shown(snippet(text, query_terms("tram"), 8)) == "… w18 w19 [tram] w21 w22 w23 w24 w25 …"
    assert shown(snippet(numbered(40, w1="tram"), query_terms("tram"), 8)) == "w0 [tram] w2 w3 w4 w5 w6 w7 …"
    assert shown(snippet(numbered(40, w38="tram") + "!", query_terms("tram"), 8)) == "… w36 w37 [tram] w39!"


def test_the_snippet_has_most_different_words_then_most_matches_then_comes_first() -> None:
    both = numbered(60, w5="tram", w6="tram", w7="tram", w40="lost", w45="tram")
    assert shown(snippet(both, query_terms("tram lost"), 8)) == "… w38 w39 [lost] w41 w42 w43 w44 [tram] …"
    thrice = numbered(60, w5="tram", w30="tram", w35="tram", w50="tram", w55="tram")
    assert shown(snippet(thrice, query_terms("tram"), 8)) == "… w28 w29 [tram] w31 w32 w33 w34 [tram] …"
    apart = numbered(60, w20="lost", w26="tram", w40="lost", w45="tram")
    assert shown(snippet(apart, query_terms("tram lost"), 8)) == "… w38 w39 [lost] w41 w42 w43 w44 [tram] …"


def test_a_word_of_two_terms_counts_for_the_first() -> None:
    text = numbered(60, w5="tram", w40="trams")
    assert shown(snippet(text, query_terms("tram tram*"), 8)) == "… w3 w4 [tram] w6 w7 w8 w9 w10 …"


def test_a_snippet_of_endless_words_is_cut() -> None:
    text = " ".join("x" * 1000 for _ in range(30))
    assert len(shown(snippet(text, query_terms("tram")))) < 4100
