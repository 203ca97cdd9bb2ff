"""What a store takes for a copy: short texts, issues of a notice, the best of several originals."""

from __future__ import annotations

import cProfile
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

import pytest

from crawler.items import Article
from crawler.similarity.sentences import folded_words, shingle_hashes
from crawler.store import ArticleFilter, Store
from tests.made_up import HOME, later, put, row, rows
from tests.test_copies_rules import edge, wire
from tests.test_embedded_store import OTHER, OWN, THIRD

WORDS = [f"word{letter}{number}" for letter in "abcdefgh" for number in "abcdefgh"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "news.db") as opened:
        yield opened


def brief(count: int) -> str:
    return " ".join(WORDS[:count])


@pytest.mark.parametrize(
    ("words", "title", "site", "outcome"),
    [
        (39, "Two", "example", "new"),
        (40, "Two", "example", "duplicate"),
        (14, "Two", "paper", "new"),
        (15, "Two", "paper", "duplicate"),
        (3, "One", "example", "duplicate"),
        (3, "One", "paper", "duplicate"),
    ],
)
def test_a_short_text_is_a_copy_under_the_same_title_or_as_a_brief_of_another_site(
    store: Store, words: int, title: str, site: str, outcome: str
) -> None:
    put(store, wire("a", brief(words), title="One"))
    assert put(store, wire("b", brief(words), title=title, site=site)) == outcome


@pytest.mark.parametrize(("words", "outcome"), [(8, "new"), (9, "duplicate")])
def test_an_edited_text_of_under_forty_words_is_not_a_copy(store: Store, words: int, outcome: str) -> None:
    lines = ["one two three four five six seven eight nine ten.", "a b c d e f g h i j k l.", "k l m n o p q r s."]
    put(store, wire("a", *lines, brief(words)))
    edited = lines[0].replace("ten", "eleventh")
    assert put(store, wire("b", edited.replace("eleventh", "more"), *lines[1:], brief(words), site="x")) == outcome


@pytest.mark.parametrize(("hours", "outcome"), [(19, "duplicate"), (20, "new"), (-20, "new")])
def test_the_next_issue_of_a_notice_comes_twenty_hours_later(store: Store, hours: int, outcome: str) -> None:
    put(store, wire("a", *OWN, title="Prices on Monday in town"))
    assert put(store, wire("b", *OWN, title="Prices on Tuesday in town", hours=hours)) == outcome


def test_without_a_day_or_on_another_site_a_text_is_not_the_next_issue(store: Store) -> None:
    put(store, wire("a", *OWN, title="Prices on Monday in town"))
    assert put(store, wire("b", *OWN, title="Prices on Tuesday in town", hours=None)) == "duplicate"
    assert put(store, wire("c", *OWN, title="Prices on Friday in town", hours=48, site="x")) == "duplicate"
    assert put(store, wire("d", *OWN, title="A market moves into the depot", hours=48)) == "duplicate"


def test_of_several_originals_the_most_similar_is_copied(store: Store) -> None:
    put(store, wire("half", *OWN[:3], *THIRD))
    put(store, wire("most", *OWN, *OTHER))
    put(store, wire("copy", *OWN, *OTHER[:2]))
    assert edge(store, "copy")["copy_of"] == HOME + "most"
    assert edge(store, "copy")["similarity"] == 1.0
    assert edge(store, "copy")["shared_sentences"] == 6


def test_of_two_originals_that_are_as_similar_the_first_is_copied(store: Store) -> None:
    put(store, wire("first", *OWN[:2], *OTHER))
    put(store, wire("second", *OWN[2:], *THIRD))
    put(store, wire("copy", *OWN[:2], *OTHER, *OWN[2:], *THIRD))
    assert edge(store, "copy")["copy_of"] == HOME + "first"


def test_a_copy_adds_its_own_sentences_alone_to_the_memory(store: Store) -> None:
    put(store, wire("a", *OWN))
    put(store, wire("b", *OWN, *OTHER, site="x"))
    counted = rows(store.path, "SELECT article_id, count(*) AS n FROM passages GROUP BY 1 ORDER BY 1")
    per_sentence = counted[0]["n"] / len(OWN)
    assert counted[1]["n"] < per_sentence * (len(OTHER) + 1)


def test_a_story_says_how_long_after_the_first_each_was_published(store: Store) -> None:
    put(store, wire("a", *OWN, hours=3))
    put(store, wire("b", *OWN, hours=4.5, site="x"))
    put(store, wire("c", *OWN, hours=2, site="y"))
    assert row(store.path, "SELECT first_id, articles FROM stories") == {"first_id": 3, "articles": 3}
    assert [edge(store, path)["lag"] for path in "bc"] == [9000, 0]
    assert [record["story_id"] for record in rows(store.path, "SELECT story_id FROM articles")] == [1, 1, 1]


def test_a_text_that_shares_too_little_is_not_in_a_story(store: Store) -> None:
    put(store, wire("a", *OWN))
    put(store, wire("b", OWN[0], *OTHER))
    assert rows(store.path, "SELECT duplicate_of FROM articles WHERE duplicate_of IS NOT NULL") == []
    assert rows(store.path, "SELECT * FROM story_edges") == rows(store.path, "SELECT * FROM stories") == []


def edited_so_that_one_hash_is_left(sentence: str) -> str:
    """The sentence with one word exchanged, so that it shares exactly one of its two hashes with the original."""
    words = sentence.rstrip(".").split()
    before = set(shingle_hashes(folded_words(sentence)))
    for at in range(len(words)):
        edited = " ".join([*words[:at], "instead", *words[at + 1 :]]) + "."
        if len(before & set(shingle_hashes(folded_words(edited)))) == 1:
            return edited
    raise AssertionError(f"no edit leaves one hash of {sentence!r}")


def test_a_copy_is_found_by_either_of_the_two_hashes_of_its_sentences(store: Store) -> None:
    put(store, wire("a", *OWN))
    assert put(store, wire("b", *map(edited_so_that_one_hash_is_left, OWN), site="x")) == "duplicate"


def test_an_export_follows_related_articles_and_edges_only_if_it_contains_them(store: Store) -> None:
    put(store, wire("a", *OWN))
    put(store, wire("b", *OWN, site="x"))
    everything = ArticleFilter(with_duplicates=True)
    plain = store.exports.changes_since("plain", everything)
    assert (plain.related, plain.edges) == (None, None)
    full = store.exports.changes_since("full", everything, with_related=True, with_edges=True)
    assert full.related == (0, 0)
    assert full.edges is not None
    assert full.edges[1] > full.edges[0] == 0
    store.exports.record_export("full", everything, full, 2, later())
    again = store.exports.changes_since("full", everything, with_edges=True)
    assert (again.articles[0], again.edges) == (full.articles[1], (full.edges[1], full.edges[1]))


@pytest.mark.parametrize("sign", ["{}", "{} 2{}"], ids=["copies", "issues"])
def test_a_text_with_many_copies_is_compared_with_few_of_them(store: Store, sign: str) -> None:
    def address(number: int) -> Article:
        title = sign.format(f"Prices in the towns {chr(97 + number)}", number)
        text = [*OWN[:-1], f"{OWN[-1]} {sign.format('mark' + chr(97 + number), number)}"]
        article: Article = wire(f"page{number}", *text, title=title, site=f"paper{number % 3}")
        return article

    for number in range(12):
        put(store, address(number))
    with cProfile.Profile() as profile:
        put(store, address(12))
    calls = {function.co_name: entry.callcount for entry in profile.getstats() if (function := code_of(entry.code))}
    assert calls.get("compare", 0) <= 7
    assert calls.get("find_embedding", 0) <= 4
    assert calls.get("is_same_notice", 0) == 0


def sentences(name: str, count: int) -> list[str]:
    return [
        f"{name} {letter} wrote {name}{letter} lines about {letter}{name} towns." for letter in "abcdefghijkl"[:count]
    ]


@pytest.mark.parametrize(("shared", "compared"), [(2, 0), (3, 1)])
def test_a_text_is_compared_with_those_that_share_a_quarter_of_its_sentences(
    store: Store, shared: int, compared: int
) -> None:
    put(store, wire("a", *sentences("own", 12)))
    with cProfile.Profile() as profile:
        assert put(store, wire("b", *sentences("own", shared), *sentences("new", 12 - shared))) == "new"
    calls = {function.co_name: entry.callcount for entry in profile.getstats() if (function := code_of(entry.code))}
    assert calls.get("compare", 0) == compared


def test_a_copy_is_found_though_half_of_its_sentences_are_set_phrases(store: Store) -> None:
    phrases = sentences("set", 3)
    for number in range(41):
        text = [*phrases, *sentences(f"page{number}x", 12)]
        assert put(store, wire(f"page{number}", *text, title=f"X{number}", site=f"site{number}")) == "new"
    put(store, wire("original", *phrases, *OWN[:3], title="A market moves"))
    assert put(store, wire("copy", *phrases, OWN[0], *OTHER[:2], title="A move", site="paper")) == "duplicate"


def code_of(code: object) -> CodeType | None:
    return code if isinstance(code, CodeType) else None
