"""The memory of passages: which stored articles have a line, or a sentence much like one of these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from sqlite_utils import Database

from crawler.sentences import Sentence, marks
from crawler.store.parsed import Text

_COMMON = 40
"""A mark that more articles have is a set phrase, and says nothing. Copies do not count: they add no marks."""


def remember(db: Database, article_id: int, text: Text, own: Iterable[Sentence]) -> None:
    """Note the passages of an article: of its sentences those that are its `own`, not another's, and their lines."""
    own = list(own)
    others = {sentence.paragraph for sentence in text.sentences} - {sentence.paragraph for sentence in own}
    rows = {(mark, article_id, sentence.paragraph) for sentence in own for mark in marks(sentence.words)}
    rows.update(
        (mark, article_id, place) for place, mark in enumerate(text.marks) if mark is not None and place not in others
    )
    db.conn.executemany("INSERT OR IGNORE INTO passages (mark, article_id, position) VALUES (?, ?, ?)", sorted(rows))


def forget(db: Database, article_id: int) -> None:
    """Forget the passages of an article, before its text changes."""
    db.execute("DELETE FROM passages WHERE article_id = ?", [article_id])


def sharing(db: Database, sentences: Iterable[Sentence], *, without: Collection[int]) -> Counter[int]:
    """The articles that may have some of these sentences, and how many; `without` these articles."""
    shared: Counter[int] = Counter()
    for sentence in sentences:
        found: set[int] = set()
        for mark in marks(sentence.words):
            ids = db.conn.execute(
                "SELECT DISTINCT article_id FROM passages WHERE mark = ? LIMIT ?", [mark, _COMMON + 1]
            ).fetchall()
            if len(ids) <= _COMMON:
                found.update(article_id for (article_id,) in ids)
        shared.update(found.difference(without))
    return shared
