"""Copies among labelled pairs, found by a store. The pairs are those of bench/pairs.py."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.copies import found_in, judge
from bench.pairs import COPIES, OTHERS, Pair, pairs, stories
from crawler.items import PageResult
from crawler.similarity.parsed import ParsedText
from crawler.similarity.similarity import MIN_SHARE, compare
from crawler.store import Store
from tests.made_up import NOW, an_article, rows


@pytest.fixture(scope="module")
def labelled() -> list[Pair]:
    return list(pairs(1))


def test_there_are_pairs_of_each_kind_in_both_languages(labelled: list[Pair]) -> None:
    assert {pair.kind for pair in labelled} == {*COPIES, *OTHERS}
    assert {pair.first.language for pair in labelled} == {"ar", "en"}
    assert len(list(pairs(2))) >= 600


def test_copies_are_found_and_nothing_else_is(labelled: list[Pair], tmp_path: Path) -> None:
    precision, recall = judge(labelled, tmp_path)
    assert precision >= 0.99
    assert recall >= 0.95


@pytest.mark.parametrize("kind", ["same", "spelling", "agency"])
def test_what_is_no_edit_of_a_sentence_is_always_found(labelled: list[Pair], tmp_path: Path, kind: str) -> None:
    assert all(found_in(labelled, kind, tmp_path))


def test_a_comparison_that_ends_early_excludes_no_copy(labelled: list[Pair]) -> None:
    texts = [(ParsedText(tuple(pair.first.paragraphs)), ParsedText(tuple(pair.second.paragraphs))) for pair in labelled]
    others = [(one, other) for one, _ in texts[:20] for other, _ in texts[:20]]
    for one, other in [*texts, *((other, one) for one, other in texts), *others]:
        whole, early = compare(one, other), compare(one, other, at_least=MIN_SHARE)
        assert early == whole if whole.score >= MIN_SHARE else early.score < MIN_SHARE


def test_the_stories_themselves_are_different(tmp_path: Path) -> None:
    with Store(tmp_path / "news.db") as store:
        for number, story in enumerate(stories()):
            article = an_article(str(number), "\n".join(story.paragraphs), title=story.title)
            assert article.page is not None
            store.record_outcomes([PageResult(page=article.page, article=article)], NOW)
        assert rows(store.path, "SELECT id FROM articles WHERE duplicate_of IS NOT NULL") == []
