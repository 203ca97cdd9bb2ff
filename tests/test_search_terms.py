"""The terms of a query: its words, in all forms with attached Arabic prefixes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.store.search.query import MAX_TERMS, QueryError, Term, attached_forms, index_words, terms

# Word → number of texts that contain it, like in a newspaper of some thousand articles.
TEXTS = {
    "مدرسه": 90, "المدرسه": 120, "بالمدرسه": 9, "وبالمدرسه": 1, "ومدرسه": 4, "بمدرسه": 6, "وبمدرسه": 1,
    "وزير": 700, "الوزير": 400, "زير": 1, "بلديه": 300, "البلديه": 350, "لديه": 900, "كتاب": 200, "الكتاب": 150,
    "تاب": 2, "بحر": 80, "البحر": 140, "حر": 40, "الحر": 30, "لالمانيا": 20, "المانيا": 300, "مانيا": 1,
    "الوان": 30, "الالوان": 20, "الان": 400, "ان": 3000, "الري": 20, "ري": 2, "الله": 500, "له": 1500, "وافق": 300,
    "افق": 5, "الافق": 12, "الليل": 60, "ليل": 30, "لليل": 3, "وصلت": 200, "صلت": 1,
}  # fmt: skip


def count(word: str) -> int:
    return TEXTS.get(word, 0)


def forms(word: str, is_phrase: bool = False) -> set[str]:
    [folded] = index_words(word)
    return set(attached_forms(folded, count, is_phrase=is_phrase))


@pytest.mark.parametrize(
    "query", ["مدرسة", "المدرسة", "وبالمدرسة", "وللمدرسة", "بمدرسة", "وبمدرسة", "ومدرسة", "كمدرسة"]
)
@pytest.mark.parametrize(
    "text", ["مدرسة", "المدرسة", "وبالمدرسة", "للمدرسة", "فالمدرسة", "وبمدرسة", "لمدرسة", "كالمدرسة"]
)
def test_a_word_with_any_prefix_finds_the_word_with_any_other(query: str, text: str) -> None:
    assert index_words(text)[0] in forms(query)


@pytest.mark.parametrize(
    ("query", "other"),
    [
        ("وزير", "زير"),
        ("بلدية", "لديه"),
        ("كتاب", "تاب"),
        ("حر", "بحر"),
        ("ألوان", "وان"),
        ("ألمانيا", "مانيا"),
        ("الآن", "أن"),
        ("الله", "له"),
        ("وافق", "أفق"),
        ("وصلت", "صلت"),
    ],
)
def test_a_word_that_merely_begins_like_a_prefix_finds_itself_and_not_its_rest(query: str, other: str) -> None:
    result = forms(query)
    assert index_words(query)[0] in result
    assert index_words(other)[0] not in result


def test_the_word_of_the_query_is_always_the_first_form() -> None:
    for word in TEXTS:
        assert attached_forms(word, count)[0] == word


def test_night_loses_a_lam_when_it_is_for_the_night() -> None:
    assert "لليل" in forms("ليل")
    assert "لليل" in forms("الليل")
    assert "الري" in forms("للري")


def test_a_phrase_keeps_its_article_and_takes_other_prefixes() -> None:
    assert {"المدرسه", "بالمدرسه", "وللمدرسه"} <= forms("المدرسة", is_phrase=True)
    assert "مدرسه" not in forms("المدرسة", is_phrase=True)
    assert {"مدرسه", "ومدرسه", "لمدرسه"} <= forms("مدرسة", is_phrase=True)
    assert "المدرسه" not in forms("مدرسة", is_phrase=True)


def test_words_of_other_scripts_have_one_form() -> None:
    assert forms("School") == {"school"}
    assert forms("школа") == {"школа"}
    assert forms("٢٠٢٦") == {"2026"}


def test_quotes_make_phrases_and_stars_make_beginnings() -> None:
    nothing = terms('"Red Cross" aid* "blue moon"* co-op plain', lambda _: 0)
    assert nothing == [
        Term(("red",), ("cross",)),
        Term(("aid",), (), True),
        Term(("blue",), ("moon",), True),
        Term(("co",), ("op",)),
        Term(("plain",)),
    ]


def test_operators_are_words() -> None:
    assert [term.firsts[0] for term in terms("NOT (a OR b) title:c", lambda _: 0)] == ["not", "a", "or", "b", "title"]


def test_a_term_is_one_expression() -> None:
    assert Term(("a", "b"), ("c",), True).match() == '("a c" * OR "b c" *)'


@pytest.mark.parametrize("query", ["", " ", '"', '""', "*", "()", "«»", "\x00", "؟!", "😀", "ـــ", "َُِ"])
def test_a_query_without_a_word_is_reported(query: str) -> None:
    with pytest.raises(QueryError, match="the query contains no word; write at least one"):
        terms(query, count)


def test_too_many_words_are_reported() -> None:
    assert len(terms(" ".join(f"w{n}" for n in range(MAX_TERMS)), count)) == MAX_TERMS
    for many in (" ".join("w" * 5000), '"' + "w " * 5000 + '"', "-".join("w" * 5000)):
        with pytest.raises(QueryError, match="the query has 5000 words; write at most 32"):
            terms(many, count)


@settings(deadline=None)
@given(st.text(max_size=MAX_TERMS))
def test_any_query_gives_words_or_an_error(query: str) -> None:
    if index_words(query):
        assert all(term.firsts[0] for term in terms(query, count))
    else:
        with pytest.raises(QueryError, match="contains no word"):
            terms(query, count)
