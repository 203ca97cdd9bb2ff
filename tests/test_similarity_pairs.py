"""Which sentences of two texts are one, and what two texts must share to be copies: the limits of each rule."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.similarity.parsed import parsed_text
from crawler.similarity.similarity import Similarity, are_titles_of_issues, compare, count_equal_sentences, is_copy

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def sentence(name: str, words: int = 10) -> str:
    """A sentence of words, without figures, that no other name has."""
    return " ".join(f"{name}{LETTERS[n // 5] * 5}{LETTERS[n % 5] * 5}" for n in range(words)) + "."


def edited(text: str, count: int) -> str:
    """The sentence with `count` of its words, from the second on, replaced."""
    words = text.split()
    return " ".join([words[0], *(LETTERS[20 + n] * 12 for n in range(count)), *words[1 + count :]])


def text(*sentences: str) -> Any:
    return parsed_text("\n".join(sentences))


def compared(one: list[str], other: list[str]) -> Similarity:
    return compare(text(*one), text(*other))


def copies(one: list[str], other: list[str]) -> bool:
    """Whether two texts are copies; their order must not matter."""
    answers = {is_copy(a, b, compare(a, b)) for a, b in ((text(*one), text(*other)), (text(*other), text(*one)))}
    [answer] = answers
    return answer


BASE = [sentence(name) for name in ("ant", "bee", "cow", "dog", "eel", "fox", "gnu", "hen", "ibis", "jay")]
OTHER = [sentence(name) for name in ("kid", "lynx", "mole", "newt", "owl", "pig", "quail", "rat", "seal", "toad")]


@pytest.mark.parametrize(
    ("words", "changed", "is_same"), [(10, 2, True), (10, 3, False), (14, 2, True), (15, 3, True), (14, 3, False)]
)
def test_a_fifth_of_a_sentences_words_may_be_exchanged(words: int, changed: int, is_same: bool) -> None:
    one = sentence("ant", words)
    assert compared([one], [edited(one, changed)]).shared == is_same
    assert compared([edited(one, changed)], [one]).shared == is_same


@pytest.mark.parametrize(("added", "is_same"), [(2, True), (3, False)])
def test_words_that_are_added_or_left_out_count_as_exchanged(added: int, is_same: bool) -> None:
    longer = sentence("ant", 12)
    shorter = " ".join([*longer.split()[:5], *longer.split()[5 + added :]])
    assert compared([longer], [shorter]).shared == compared([shorter], [longer]).shared == is_same


def test_sentences_are_paired_one_to_one_with_equal_ones_first() -> None:
    assert compared([BASE[0], BASE[0], BASE[1]], [BASE[1], BASE[0], BASE[0]]).pairs == {0: 1, 1: 2, 2: 0}
    assert compared([edited(BASE[0], 1), BASE[0]], [BASE[0], BASE[1]]).pairs == {1: 0}
    assert compared([edited(BASE[0], 1), BASE[1]], [BASE[1], BASE[0]]).pairs == {0: 1, 1: 0}
    twice = compared([edited(BASE[0], 1), edited(BASE[0], 2)], [BASE[0]])
    assert (twice.pairs, twice.shared) == ({0: 0}, 1)


def test_a_repeated_sentence_is_shared_as_often_as_both_have_it() -> None:
    similarity = compared([BASE[0]] * 3, [BASE[0]])
    assert (similarity.shared, similarity.first_count, similarity.second_count) == (1, 3, 1)
    assert count_equal_sentences(text(*BASE[:3]), text(*BASE[1:])) == 2
    assert similarity.score == 1.0


def test_the_most_similar_of_several_sentences_is_taken() -> None:
    closest = edited(BASE[0], 1)
    assert compared([BASE[0]], [edited(BASE[0], 2), closest]).pairs == {0: 1}


def test_a_text_without_sentences_is_not_a_copy() -> None:
    assert compared([], []).score == 0
    assert not copies(["Too short."], ["Too short."])


@pytest.mark.parametrize(("shared", "expected"), [(6, True), (5, False)])
def test_six_of_ten_sentences_make_a_copy(shared: int, expected: bool) -> None:
    assert copies(BASE, [*BASE[:shared], *OTHER[shared:]]) is expected
    assert copies(BASE, [*BASE[:shared], *OTHER[shared:], *OTHER[:shared]]) is expected, "of the shorter text's"


def numbered(number: int) -> list[str]:
    return [f"{line[:-1]} {number}." for line in BASE]


@pytest.mark.parametrize(("changed", "expected"), [(1, True), (2, False)])
def test_a_fifth_of_template_variants_rules_a_copy_out(changed: int, expected: bool) -> None:
    one, other = numbered(5), numbered(6)
    assert copies(one, [*one[: 10 - changed], *other[10 - changed :]]) is expected


@pytest.mark.parametrize(("changed", "expected"), [(1, True), (2, False)])
def test_in_a_short_text_two_template_variants_rule_a_copy_out(changed: int, expected: bool) -> None:
    one, other = numbered(5)[:5], numbered(6)[:5]
    assert copies(one, [*one[: 5 - changed], *other[5 - changed :]]) is expected


def test_short_lines_with_other_figures_count_as_template_variants() -> None:
    assert copies([*BASE, "Dawn: 4:10"], [*BASE, "Dawn: 4:12"])
    assert not copies([*BASE, "Dawn: 4:10", "Noon: 12:01"], [*BASE, "Dawn: 4:12", "Noon: 12:02"])
    assert copies([*BASE, "Dawn: 4:10", "Noon: 12:01"], [*BASE, "Dawn: 4:10", "Dusk: 18:02"])


def test_a_name_that_replaces_another_wherever_it_stands_makes_variants() -> None:
    one = [f"قال رامز إن {line}" for line in BASE[:4]]
    assert compared(one, [line.replace("رامز", "نائل") for line in one]).template_variants >= 1
    assert compared(one, [line.replace("رامز", "نائل") for line in one]).shared == 0
    verbs = compared(one, [line.replace("قال", "ذكر") for line in one])
    assert (verbs.shared, verbs.template_variants) == (4, 0)
    both = [*one, BASE[5]]
    swapped = [line.replace("رامز", "نائل") for line in one] + [edited(BASE[5], 2)]
    assert compared(both, swapped).pairs == {4: 4}, "an edit beside the names is an edit"
    once = compared(one, [one[0].replace("رامز", "نائل"), *one[1:]])
    assert (once.shared, once.template_variants) == (4, 0)


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("25 degrees", "about 31 degrees", 0),
        ("25 degrees", "about 25 degrees", 1),
        ("on Monday", "late on Tuesday", 0),
        ("three people", "some four people", 0),
        ("three people", "some people", 1),
        ("warm", "31 degrees warm", 1),
        ("في يوم الخميس", "في يوم الجمعة", 0),
        ("في شهر حزيران", "في شهر رمضان", 0),
        ("في شهر حزيران", "في ذلك حزيران", 1),
    ],
)
def test_a_value_that_is_exchanged_for_more_words_is_another_value(one: str, other: str, shared: int) -> None:
    frame = "ant bee cow dog eel fox gnu hen {} ibis jay kid lynx mole newt owl pig."
    assert compared([frame.format(one)], [frame.format(other)]).shared == shared
    assert compared([frame.format(other)], [frame.format(one)]).shared == shared


def test_tables_and_live_blogs_are_copies_only_whole() -> None:
    rows = [f"{name} | {n} | {n + 1}" for n, name in enumerate(("alpha", "beta", "gamma", "delta"))]
    table = [*rows, *rows, *BASE[:6]]
    assert copies(table, table)
    assert not copies(table, [*table, OTHER[0]])
    entries = [f"{hour}:05 {line}" for hour, line in enumerate(BASE, start=10)]
    assert copies(entries, entries)
    assert not copies(entries, [*entries, "20:05 " + OTHER[0]])
    assert copies([*entries[:3], *BASE[3:]], [*entries, OTHER[0]]), "one of them is a live blog, not both"


@pytest.mark.parametrize(("own", "expected"), [(9, True), (10, False)])
def test_a_story_that_repeats_a_short_one_in_under_four_tenths_quotes_it(own: int, expected: bool) -> None:
    long = [sentence(f"own{LETTERS[n]}") for n in range(own)]
    assert copies(BASE[:6], [*long[:2], *BASE[:6], *long[2:]]) is expected
    assert copies(BASE[:6], [long[0], *BASE[:6], *long[1:]]), "it begins with the shorter one"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Prices of 3 May", "Prices of 4 May", True),
        ("Part 2", "Part 3", False),
        ("Prices on Monday", "Prices for all of the next Tuesday", False),
        ("Prices for all of the next Monday", "Prices on Tuesday", False),
        ("Six goals and 3 cards", "Six goals and 3 cards", False),
        ("The 3 of us", "The four of us", False),
    ],
)
def test_titles_of_issues_have_three_words_and_share_half_of_them(one: str, other: str, expected: bool) -> None:
    assert are_titles_of_issues(one, other) is are_titles_of_issues(other, one) is expected
