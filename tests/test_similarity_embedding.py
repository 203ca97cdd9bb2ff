"""Another article's text in a page's paragraphs: where it begins and ends, and how much of it makes it certain."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from crawler.similarity.find_embedded import EmbeddedArticle, Embedding, find_embedding

TITLE = "Lost tram found in a meadow"


def lines(name: str, *lengths: int) -> list[str]:
    """Paragraphs of one sentence each, with these numbers of words, unique to the name."""
    return [" ".join(f"{name}{at}w{n}" for n in range(length)) + "." for at, length in enumerate(lengths)]


OTHER = lines("tram", 20, 20, 20, 20, 20)
OWN = lines("market", 20, 20, 20, 20)
ARTICLE = EmbeddedArticle(
    id=7, url="https://example.org/7", site="s", title=TITLE, published=None, body="\n".join(OTHER)
)


def find(*paragraphs: str, article: EmbeddedArticle = ARTICLE, **known: Any) -> Embedding | None:
    defaults = {"is_pointed_to": False, "is_same_site": True, "is_later": True}
    return find_embedding(list(paragraphs), article, **(defaults | known))


def test_a_text_under_its_title_is_found_with_the_title_wherever_it_stands() -> None:
    assert find(*OWN, TITLE, *OTHER) == Embedding(4, 5, 10, TITLE, True)
    assert find(*OWN[:2], TITLE, *OTHER, *OWN[2:]) == Embedding(2, 3, 8, TITLE, True)
    assert find(*OWN, f"You may also want to: {TITLE}", *OTHER) is not None, "without the title"
    assert find(*OWN, f"See also this one: {TITLE}", *OTHER) == Embedding(4, 5, 10, TITLE, True)


def test_a_label_of_more_than_four_words_before_the_title_does_not_make_a_heading() -> None:
    result = find(*OWN, f"Here is what we wrote: {TITLE}", *OTHER, is_pointed_to=True)
    assert result == Embedding(5, 5, 10, None, True)


def test_a_text_that_a_pointer_announces_is_found_without_its_title() -> None:
    assert find(*OWN, *OTHER, is_pointed_to=True) == Embedding(4, 4, 9, None, True)


@pytest.mark.parametrize(("words", "is_found"), [(15, True), (14, False)])
def test_fifteen_words_of_the_host_precede_an_announced_text(words: int, is_found: bool) -> None:
    [lead] = lines("lead", words)
    assert (find(lead, TITLE, *OTHER) is not None) is is_found
    assert (find(lead, *OTHER, is_pointed_to=True, is_same_site=False) is not None) is is_found


@pytest.mark.parametrize(("words", "is_found"), [(60, True), (59, False)])
def test_sixty_words_precede_a_text_of_another_site_under_its_title(words: int, is_found: bool) -> None:
    lead = lines("lead", words)
    assert (find(*lead, TITLE, *OTHER, is_same_site=False) is not None) is is_found


@pytest.mark.parametrize(("words", "is_found"), [(67, True), (66, False)])
def test_a_text_that_nothing_announces_leaves_the_host_four_tenths_of_the_words(words: int, is_found: bool) -> None:
    assert (find(*lines("lead", words), *OTHER) is not None) is is_found


@pytest.mark.parametrize(("words", "is_found"), [(60, True), (59, False)])
def test_sixty_words_precede_a_text_that_nothing_announces(words: int, is_found: bool) -> None:
    shorter = replace(ARTICLE, body="\n".join(OTHER[:4]))
    assert (find(*lines("lead", words), *OTHER[:4], article=shorter) is not None) is is_found


@pytest.mark.parametrize("known", [{"is_same_site": False}, {"is_later": False}])
def test_a_text_that_nothing_announces_is_found_in_a_later_page_of_its_site_alone(known: dict[str, Any]) -> None:
    assert find(*OWN, *OTHER) == Embedding(4, 4, 9, None, False)
    assert find(*OWN, *OTHER, **known) is None
    assert find(*OWN, *OTHER, is_pointed_to=True, **known) is not None


@pytest.mark.parametrize(("words", "is_found"), [(7, True), (8, False)])
def test_a_text_that_nothing_announces_ends_the_page(words: int, is_found: bool) -> None:
    assert (find(*OWN, *OTHER, *lines("end", words)) is not None) is is_found
    assert find(*OWN, *OTHER, *lines("end", words), is_pointed_to=True) == Embedding(4, 4, 9, None, True)


@pytest.mark.parametrize(
    ("count", "announced", "unannounced"),
    [(10, True, True), (9, True, True), (8, True, False), (7, True, False), (6, False, False)],
)
def test_seven_tenths_of_an_announced_text_and_nine_of_another_must_be_there(
    count: int, announced: bool, unannounced: bool
) -> None:
    other, own = lines("tram", *(10,) * 10), lines("own", 120)
    article = replace(ARTICLE, body="\n".join(other))
    assert (find(*own, *other[:count], article=article, is_pointed_to=True) is not None) is announced
    assert (find(*own, *other[:count], article=article) is not None) is unannounced


@pytest.mark.parametrize(("lengths", "is_found"), [((40,), True), ((39,), False), ((10, 10), True)])
def test_one_paragraph_of_forty_words_or_two_of_any_length_are_enough(lengths: tuple[int, ...], is_found: bool) -> None:
    text = lines("tram", *lengths)
    article = replace(ARTICLE, body="\n".join(text))
    assert (find(*OWN, *text, article=article, is_pointed_to=True) is not None) is is_found


@pytest.mark.parametrize(("words", "end"), [(7, 10), (8, 7)])
def test_a_light_line_between_two_paragraphs_does_not_end_the_text(words: int, end: int) -> None:
    between = lines("caption", words)
    article = replace(ARTICLE, body="\n".join([*OTHER[:3], *lines("x", 4, 4)]))
    result = find(*OWN, *OTHER[:3], *between, *lines("x", 4, 4), article=article, is_pointed_to=True)
    assert result == Embedding(4, 4, end, None, True)


def test_a_light_line_behind_the_text_is_the_hosts() -> None:
    assert find(*OWN, *OTHER, "Photo: Ada Marsh", is_pointed_to=True) == Embedding(4, 4, 9, None, True)


def test_of_two_runs_the_one_with_more_words_is_taken() -> None:
    article = replace(ARTICLE, body="\n".join(OTHER))
    assert find(*OWN[:2], OTHER[0], *OWN[2:], *OTHER[1:], article=article, is_pointed_to=True) == Embedding(
        5, 5, 9, None, True
    )
    assert find(*OWN[:2], *OTHER[:4], *OWN[2:], OTHER[4], article=article, is_pointed_to=True) == Embedding(
        2, 2, 6, None, True
    )


@pytest.mark.parametrize(("words", "end"), [(12, 9), (14, 8)])
def test_six_tenths_of_a_paragraph_make_it_the_other_articles(words: int, end: int) -> None:
    mixed = f"{OTHER[-1]} {lines('own', words)[0]}"
    result = find(*OWN, *OTHER[:-1], mixed, is_pointed_to=True)
    assert result == Embedding(4, 4, end, None, True)


def test_a_text_with_few_sentences_word_for_word_is_not_looked_for() -> None:
    edited = [line.replace("w3 ", "w3 more ") for line in OTHER]
    assert find(*OWN, *OTHER[:2], *edited[2:], is_pointed_to=True) is not None
    assert find(*OWN, *OTHER[:1], *edited[1:], is_pointed_to=True) is None
