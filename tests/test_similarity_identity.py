"""The identity of a text: computed once, where the article is extracted, and never again where it is stored."""

from __future__ import annotations

import cProfile
import pickle
from collections import Counter
from pathlib import Path
from types import CodeType

import pytest

from crawler.items import Article, RelatedArticle
from crawler.similarity.identity import identify
from crawler.similarity.parsed import ParsedText, _cached_text, parsed_part, parsed_text
from crawler.store import Store
from pipelines.dedupe import DedupePipeline
from tests.made_up import put, row
from tests.test_copies_rules import wire
from tests.test_embedded_store import OTHER, OWN, THIRD

ARABIC = [
    "أعلنت الحكومة أمس عن خطّة جديدة لتطوير الميناء. وقال الوزير إنّها تكلّف ١٬٢٠٠ ليرة فقط.",
    "خلفية",
    "نهاية الخبر هنا.",
]
STEPS = ("sentences.sentences", "sentences.paragraph_words", "sentences.shingle_hashes", "text.fingerprint_of_words")


def calls(profile: cProfile.Profile) -> Counter[str]:
    """Module and name of a function → how often it was called."""
    counts: Counter[str] = Counter()
    for entry in profile.getstats():
        if isinstance(entry.code, CodeType) and "crawler" in entry.code.co_filename:
            counts[f"{Path(entry.code.co_filename).stem}.{entry.code.co_name}"] += entry.callcount
    return counts


def from_a_worker(article: Article) -> Article:
    """An identified article as another process receives it."""
    identify(article)
    sent = pickle.dumps(article)
    _cached_text.cache_clear()
    received: Article = pickle.loads(sent)
    return received


def test_each_step_of_the_text_work_is_taken_once_for_an_article_and_none_by_the_store(tmp_path: Path) -> None:
    article = wire("a", *OWN, *OTHER[:2])
    _cached_text.cache_clear()
    with cProfile.Profile() as in_worker:
        identify(article)
        identify(article)
    sentences = parsed_text(article.body).sentence_count
    assert [calls(in_worker)[step] for step in STEPS] == [1, 1, sentences, 1]
    received = from_a_worker(article)
    with Store(tmp_path / "news.db", boilerplate_pages=2) as store:
        put(store, from_a_worker(wire("other", *THIRD)))
        with cProfile.Profile() as in_store:
            DedupePipeline().process_item(received)
            assert put(store, received) == "new"
        assert [calls(in_store)[step] for step in STEPS] == [0, 0, 0, 0]
    stored = row(tmp_path / "news.db", "SELECT * FROM articles WHERE body LIKE ?", f"{OWN[0]}%")
    assert stored["fingerprint"] == received.fingerprint


@pytest.mark.parametrize("paragraphs", [[*OWN, *OTHER], ARABIC, ["It cost 1,200 in all then.", "x", *OWN], [""]])
def test_the_identity_of_a_part_is_that_of_the_text_without_the_rest(paragraphs: list[str]) -> None:
    body = "\n".join(paragraphs)
    for without in range(len(paragraphs)):
        kept = [place != without for place in range(len(paragraphs))]
        rest = tuple(text for place, text in enumerate(paragraphs) if place != without)
        _cached_text.cache_clear()
        if rest:
            assert parsed_part(body, kept).identity == ParsedText(rest).identity
    assert parsed_part(body, [True] * len(paragraphs)).identity == ParsedText(tuple(paragraphs)).identity


def test_a_text_with_more_sentences_than_are_compared_gets_those_that_follow_in_its_part() -> None:
    paragraphs = [f"This is sentence number {number} of many." for number in range(405)]
    part = parsed_part("\n".join(paragraphs), [place > 9 for place in range(405)])
    assert part.identity == ParsedText(tuple(paragraphs[10:])).identity
    assert part.sentence_count == 395


def test_what_a_component_has_changed_is_identified_again() -> None:
    article = wire("a", *OWN)
    article.related = [RelatedArticle(kind="inline", position=0, title="T", after=OWN[1])]
    article = from_a_worker(article)
    assert article.related[0].paragraph_index == 2
    article.paragraphs = [*OTHER, *OWN]
    assert DedupePipeline().process_item(article) is article
    assert article.identity == ParsedText((*OTHER, *OWN)).identity
    assert article.fingerprint == article.identity.fingerprint
    assert article.related[0].paragraph_index == len(OTHER) + 2
