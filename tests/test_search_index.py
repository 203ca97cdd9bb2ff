"""The search index: consistent with the articles whoever writes them, ranked, marked, and safe from any query."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import sqlite_utils
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crawler.store import ArticleFilter, Hit, QueryError, Store
from tests.made_up import HOME, NOW, an_article, later, put

ALL = ArticleFilter(with_duplicates=True)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "news.db") as opened:
        yield opened


def paths(store: Store, query: str, article_filter: ArticleFilter = ALL, limit: int = 20) -> list[str]:
    return [hit.url.removeprefix(HOME) for hit in store.search.find(query, article_filter, limit)]


def text_of(segments: list[tuple[str, bool]]) -> str:
    return "".join(f"[{text}]" if is_hit else text for text, is_hit in segments)


# -- in step ---------------------------------------------------------------------------------------------------------


def test_an_article_is_found_as_soon_as_it_is_stored(store: Store) -> None:
    put(store, an_article("a", "رمان"))
    assert paths(store, "رمان") == ["a"]
    assert store.search.index_pending() == 0


def test_a_changed_article_is_found_by_its_new_text_alone(store: Store) -> None:
    put(store, an_article("a", "the town council opened the old harbour"))
    put(store, an_article("a", "the town council opened the new lighthouse"), later(days=1))
    assert paths(store, "harbour") == []
    assert paths(store, "lighthouse") == ["a"]


@pytest.mark.parametrize("query", ["مسؤول", "مسئول", "المسؤول", "والمسئول", '"المسؤول الاول"', "مسؤ*"])
def test_a_hamza_is_found_on_either_seat(store: Store, query: str) -> None:
    put(store, an_article("a", "زار المسؤول الأول المستشفى"))
    put(store, an_article("b", "زار المسئول الأول المستشفى"))
    put(store, an_article("c", "زار المسافر الأول المستشفى"))
    assert sorted(paths(store, query)) == ["a", "b"]


def test_an_unchanged_article_is_not_indexed_again(store: Store) -> None:
    put(store, an_article("a", "pomegranate"))
    with closing(sqlite3.connect(store.path)) as db:
        before = db.execute("SELECT doc_id FROM search_docs").fetchall()
        put(store, an_article("a", "pomegranate"), later(days=1))
        assert db.execute("SELECT doc_id FROM search_docs").fetchall() == before


def test_another_tool_may_insert_change_and_delete_articles(store: Store) -> None:
    put(store, an_article("a", "the old harbour"))
    put(store, an_article("b", "the ferry"))
    with closing(sqlite_utils.Database(store.path)) as db:
        template = db.table("articles").get(2)
        db.table("articles").update(1, {"body": "the new lighthouse"})
        db.table("articles").insert(template | {"id": 3, "url": HOME + "c", "body": "the oyster"})
        db.table("articles").delete(2)
    assert paths(store, "harbour") == []  # at once
    assert paths(store, "ferry") == []
    assert store.search.index_pending() == 2
    assert paths(store, "lighthouse") == ["a"]
    assert paths(store, "oyster") == ["c"]


def test_the_next_write_of_ours_indexes_what_another_tool_left(store: Store) -> None:
    put(store, an_article("a", "the old harbour"))
    with closing(sqlite3.connect(store.path)) as db, db:
        db.execute("UPDATE OR IGNORE articles SET body = 'the new lighthouse'")
    put(store, an_article("b", "the ferry"))
    assert paths(store, "lighthouse") == ["a"]


def test_a_write_that_fails_leaves_nothing_in_the_index(store: Store) -> None:
    broken = an_article("a", "harbour")
    broken.site = None  # type: ignore[assignment]
    with pytest.raises(sqlite3.IntegrityError):
        put(store, broken)
    put(store, an_article("b", "ferry"))
    assert paths(store, "harbour") == []
    assert paths(store, "ferry") == ["b"]


def test_the_index_is_rebuilt(store: Store) -> None:
    for path in "abc":
        put(store, an_article(path, f"harbour {path}"))
    with closing(sqlite3.connect(store.path)) as db, db:
        db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
    assert paths(store, "harbour") == []
    assert store.search.rebuild() == 3
    assert sorted(paths(store, "harbour")) == ["a", "b", "c"]
    with closing(sqlite3.connect(store.path)) as db:
        db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")


def test_articles_that_are_not_in_the_index_are_pending(tmp_path: Path) -> None:
    with Store(tmp_path / "news.db") as store:
        for number in range(450):
            put(store, an_article(str(number), f"harbour {number}"))
    with closing(sqlite3.connect(tmp_path / "news.db")) as db, db:  # as the migration leaves an older file
        db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('delete-all')")
        db.execute("DELETE FROM search_docs")
        db.execute("INSERT INTO search_pending SELECT id FROM articles")
    with Store(tmp_path / "news.db") as store:
        assert store.search.index_pending() == 450
        assert paths(store, "harbour 449") == ["449"]


# -- what is found ---------------------------------------------------------------------------------------------------


def test_all_words_must_occur_in_any_field(store: Store) -> None:
    put(store, an_article("a", "the harbour wall", title="Council", authors=["Gwenna Harl"], tags=["storm"]))
    put(store, an_article("b", "the harbour", title="Ferry"))
    assert paths(store, "harbour council storm harl") == ["a"]
    assert paths(store, "harbour nowhere") == []


def test_a_word_of_the_title_ranks_before_one_of_the_text(store: Store) -> None:
    put(store, an_article("body", "harbour and some more words that are not asked for", title="Council meets"))
    put(store, an_article("title", "council and some more words that are not asked for", title="The harbour"))
    assert paths(store, "harbour") == ["title", "body"]
    first, second = store.search.find("harbour", ALL, 2)
    assert first.score > second.score > 0


def test_phrases_match_in_sequence_and_prefixes_match_longer_words(store: Store) -> None:
    put(store, an_article("a", "red cross of the north"))
    put(store, an_article("b", "the cross was red"))
    assert paths(store, '"red cross"') == ["a"]
    assert sorted(paths(store, "red cross")) == ["a", "b"]
    assert paths(store, "nor*") == ["a"]
    assert paths(store, "nor") == []
    assert paths(store, '"red cro"*') == ["a"]


def test_a_phrase_takes_attached_prefixes(store: Store) -> None:
    put(store, an_article("a", "ذهب للمدرسة الثانوية صباحا"))
    put(store, an_article("b", "في مدرسة ثانوية"))
    assert paths(store, '"المدرسة الثانوية"') == ["a"]
    assert paths(store, '"مدرسة ثانوية"') == ["b"]
    [hit] = store.search.find('"المدرسة الثانوية"', ALL, 5)
    assert text_of(hit.snippet) == "ذهب [للمدرسة] [الثانوية] صباحا"


def test_filters_choose_among_what_is_found(store: Store) -> None:
    put(store, an_article("a", "harbour", published=NOW, language="en"))
    put(store, an_article("b", "harbour", published=NOW - timedelta(days=9), language="en", site="other"))
    put(store, an_article("c", "harbour", language="ar"), NOW)
    assert sorted(paths(store, "harbour", ArticleFilter(sites=("other",)))) == ["b"]
    assert sorted(paths(store, "harbour", ArticleFilter(since=NOW))) == ["a", "c"]
    assert sorted(paths(store, "harbour", ArticleFilter(until=NOW))) == ["b"]
    assert sorted(paths(store, "harbour", ArticleFilter(language="ar"))) == ["c"]
    assert len(paths(store, "harbour", limit=2)) == 2


def test_a_snippet_shows_the_words_that_were_found_as_they_are_written(store: Store) -> None:
    filler = " ".join(f"كلمة{n}" for n in range(100))
    put(store, an_article("a", f"{filler}\nقال الوَزيرُ إن المـدرسة\nجاهزة في ٢٠٢٦ {filler}", title="المَدرسة"))
    [hit] = store.search.find("وزير مدرسه 2026", ALL, 5)
    shown = text_of(hit.snippet)
    assert "[الوَزيرُ]" in shown
    assert "[المـدرسة]" in shown
    assert "[٢٠٢٦]" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert "\n" not in shown
    assert len(shown) < 400
    assert text_of(hit.title) == "[المَدرسة]"


def test_the_snippet_of_an_author_is_the_author(store: Store) -> None:
    put(store, an_article("a", "the harbour", authors=["Gwenna Harl"]))
    [hit] = store.search.find("harl", ALL, 5)
    assert text_of(hit.snippet) == "Gwenna [Harl]"


# -- hostile queries -------------------------------------------------------------------------------------------------

HOSTILE = [
    '"', '""', '"a', "'", "*", "a*b", "^a", "a NEAR b", "NEAR(a b, 5)", "NEAR(", "a AND", "OR", "NOT", "NOT a", "(",
    "((a)", "title:a", "{title}: a", "-a", "+a", "a + b", "a:b:c", "\\", "a\x00b", "\x00", "%", "_",
    "';DROP TABLE articles;--",
    "\ud800", "a\udcff", "a" * 10_000, "a " * 5_000, '"' * 10_000, "(" * 10_000, "* " * 5_000, "ب" * 10_000, "\u0301",
    "\u0640", "\u200c", "😀 a", "ﷺ", "नमस्ते", "สวัสดี", "𝔘𝔫𝔦", "\u2028", "a\nb", "\U000e0001", "ﬁ*", "٣*",
]  # fmt: skip


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store(tmp_path_factory.mktemp("filled") / "news.db") as store:
        put(store, an_article("a", "a b c title near and or not the harbour " + "ب" * 20_000))
        put(
            store,
            an_article("b", "مدرسة وبالمدرسة नमस्ते สวัสดี e\u0301 \U0001f600 " + " ".join(HOSTILE[:28])),
        )
        yield store


def answer(store: Store, query: str) -> list[Hit] | str:
    """The matches, or the error message."""
    try:
        result = store.search.find(query, ALL, 10)
        assert len(list(store.exports.articles(ArticleFilter(query=query, with_duplicates=True)))) == len(result)
    except QueryError as error:
        return str(error)
    return result


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_query_gives_articles_or_one_sentence(filled: Store, query: str) -> None:
    result = answer(filled, query)
    assert isinstance(result, list) or ("\n" not in result and len(result) < 200)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.text(), st.lists(st.sampled_from(['"', "*", "(", ")", "a", " ", "NEAR", "وب", "ال", "-", ":"])).map("".join)
    )
)
@example('"a"*"b"*')
def test_any_query_gives_articles_or_one_sentence(filled: Store, query: str) -> None:
    result = answer(filled, query)
    assert isinstance(result, list) or "\n" not in result


# SQLite's tables are of an older Unicode version than Python's: symbols, and what Unicode 3.2 lacks, are left out.
OLD_CHARACTERS = st.characters(categories=["L", "Nd", "P", "Zs"], max_codepoint=0xFFFF).filter(
    lambda character: unicodedata.ucd_3_2_0.category(character) != "Cn"
)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.text(OLD_CHARACTERS, min_size=1), min_size=1, max_size=4))
def test_what_a_text_says_is_found_by_its_own_words(tmp_path_factory: pytest.TempPathFactory, words: list[str]) -> None:
    with Store(tmp_path_factory.mktemp("own") / "news.db") as store:
        put(store, an_article("a", " ".join(words)))
        for word in words:
            result = answer(store, word.replace('"', " ").replace("*", " "))
            assert "contains no word" in result or [hit.url for hit in result if isinstance(hit, Hit)] == [HOME + "a"]
