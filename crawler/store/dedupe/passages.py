"""The memory of passages: which stored articles have a line, or a sentence much like one of these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from sqlite_utils import Database

from crawler.similarity.parsed import ParsedText
from crawler.similarity.sentences import Sentence, shingle_hashes

_COMMON = 40
"""A mark that more articles have is a set phrase, and says nothing. Copies do not count: they add no marks."""

_AT_ONCE = 200
"""Sentences asked for in one statement, of which each has two marks; SQLite takes 999 values at least."""

_NOBODY: frozenset[int] = frozenset()


def remember(db: Database, article_id: int, text: ParsedText, own: Iterable[Sentence]) -> None:
    """Note the passages of an article: of its sentences those that are its `own`, not another's, and their lines."""
    own = list(own)
    others = {sentence.paragraph for sentence in text.sentences} - {sentence.paragraph for sentence in own}
    rows = {(mark, article_id, sentence.paragraph) for sentence in own for mark in shingle_hashes(sentence.words)}
    rows.update(
        (mark, article_id, place)
        for place, mark in enumerate(text.line_hashes)
        if mark is not None and place not in others
    )
    db.conn.executemany("INSERT OR IGNORE INTO passages (hash, article_id, position) VALUES (?, ?, ?)", sorted(rows))


def forget(db: Database, article_id: int) -> None:
    """Forget the passages of an article, before its text changes."""
    db.execute("DELETE FROM passages WHERE article_id = ?", [article_id])


def sharing(db: Database, sentences: list[Sentence], *, without: Collection[int]) -> Counter[int]:
    """The articles that may have some of these sentences, and how many; `without` these articles."""
    shared: Counter[int] = Counter()
    for at in range(0, len(sentences), _AT_ONCE):
        some = sentences[at : at + _AT_ONCE]
        holders = _holders(db, {mark for sentence in some for mark in shingle_hashes(sentence.words)})
        for sentence in some:
            first, last = shingle_hashes(sentence.words)
            shared.update((holders.get(first, _NOBODY) | holders.get(last, _NOBODY)).difference(without))
    return shared


def _holders(db: Database, wanted: set[int]) -> dict[int, set[int]]:
    """For each mark the articles that have it; a common one is left out."""
    places = ", ".join("?" * len(wanted))
    sql = f"SELECT hash, article_id FROM passages WHERE hash IN ({places}) ORDER BY hash LIMIT ?"
    limit = len(wanted) * (_COMMON + 1)
    rows = db.conn.execute(sql, [*wanted, limit]).fetchall()
    if len(rows) == limit:  # a very common one may have kept others out
        sql = "SELECT hash, article_id FROM passages WHERE hash = ? LIMIT ?"
        rows = [row for mark in wanted for row in db.conn.execute(sql, [mark, 2 * _COMMON])]
    found: dict[int, set[int]] = {}
    for mark, article_id in rows:
        found.setdefault(mark, set()).add(article_id)
    return {mark: holders for mark, holders in found.items() if len(holders) <= _COMMON}
