"""Passages: hashes by which the stored articles are found that share a line, or a similar sentence, with a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable

from crawler.similarity.parsed import ParsedText
from crawler.similarity.sentences import Sentence, shingle_hashes
from crawler.store.database import Database

_MAX_HOLDERS = 40
"""A hash that more articles have belongs to a set phrase and says nothing. Copies do not count: they add no hashes.
Chosen by hand; no measurement."""

_BATCH = 200
"""Sentences of one statement; each has two hashes, and SQLite takes at least 999 values."""

_NOBODY: frozenset[int] = frozenset()


class Passages:
    """The table `passages`. All methods run inside the caller's transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, article_id: int, text: ParsedText, own: Iterable[Sentence]) -> None:
        """Save the hashes of an article: those of its `own` sentences, which no other article had before, and of the
        lines that contain no other sentences."""
        own = list(own)
        copied = {sentence.paragraph for sentence in text.sentences} - {sentence.paragraph for sentence in own}
        rows = {(hash_, article_id, sentence.paragraph) for sentence in own for hash_ in shingle_hashes(sentence.words)}
        rows.update(
            (hash_, article_id, position)
            for position, hash_ in enumerate(text.line_hashes)
            if hash_ is not None and position not in copied
        )
        self._db.conn.executemany(
            "INSERT OR IGNORE INTO passages (hash, article_id, position) VALUES (?, ?, ?)", sorted(rows)
        )

    def delete(self, article_id: int) -> None:
        """Delete the hashes of an article, before it is compared with others."""
        self._db.execute("DELETE FROM passages WHERE article_id = ?", [article_id])

    def count_shared(self, sentences: list[Sentence], *, without: Collection[int]) -> Counter[int]:
        """The articles that may have some of these sentences, with the number of these; `without` these articles."""
        shared: Counter[int] = Counter()
        for start in range(0, len(sentences), _BATCH):
            batch = sentences[start : start + _BATCH]
            holders = self._holders({hash_ for sentence in batch for hash_ in shingle_hashes(sentence.words)})
            for sentence in batch:
                first, last = shingle_hashes(sentence.words)
                shared.update((holders.get(first, _NOBODY) | holders.get(last, _NOBODY)).difference(without))
        return shared

    def _holders(self, hashes: set[int]) -> dict[int, set[int]]:
        """For each hash the articles that have it; without the hashes of set phrases."""
        values = ", ".join("?" * len(hashes))
        sql = f"SELECT hash, article_id FROM passages WHERE hash IN ({values}) ORDER BY hash LIMIT ?"
        limit = len(hashes) * (_MAX_HOLDERS + 1)
        rows = self._db.conn.execute(sql, [*hashes, limit]).fetchall()
        if len(rows) == limit:  # the rows of a set phrase may have kept others out
            sql = "SELECT hash, article_id FROM passages WHERE hash = ? LIMIT ?"
            rows = [row for hash_ in hashes for row in self._db.conn.execute(sql, [hash_, 2 * _MAX_HOLDERS])]
        holders: dict[int, set[int]] = {}
        for hash_, article_id in rows:
            holders.setdefault(hash_, set()).add(article_id)
        return {hash_: articles for hash_, articles in holders.items() if len(articles) <= _MAX_HOLDERS}
