"""Passages: hashes by which the stored articles are found that share a line, or a similar sentence, with a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from crawler.similarity.parsed import ParsedText
from crawler.store.database import Database

_MAX_HOLDERS = 40
"""A hash that more articles have belongs to a set phrase and says nothing. Copies do not count: they add no hashes.
Chosen by hand; no measurement."""

_BATCH = 200
"""Sentences of one statement; each has two hashes, and SQLite takes at least 999 values."""


class SharedSentences(Counter[int]):
    """Articles → the number of sentences of a text that they may have."""

    set_phrases = 0
    """Sentences of the text that were not looked up, because too many articles have them."""


class Passages:
    """The table `passages`. All methods run inside the caller's transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, article_id: int, text: ParsedText, own: Collection[int] | None = None) -> None:
        """Save the hashes of an article: those of its `own` sentences, which no other article had before, and of the
        lines that contain no other sentences. `own`: their indexes; None for all."""
        sentences = list(enumerate(_sentences(text)))
        own_sentences = sentences if own is None else [each for each in sentences if each[0] in own]
        own_paragraphs = {paragraph for _, (paragraph, _, _) in own_sentences}
        copied = {paragraph for _, (paragraph, _, _) in sentences} - own_paragraphs
        rows = {(hash_, article_id, paragraph) for _, (paragraph, *hashes) in own_sentences for hash_ in hashes}
        rows.update(
            (hash_, article_id, position)
            for position, hash_ in enumerate(text.identity.line_hashes)
            if hash_ is not None and position not in copied
        )
        self._db.conn.executemany(
            "INSERT OR IGNORE INTO passages (hash, article_id, position) VALUES (?, ?, ?)", sorted(rows)
        )

    def delete(self, article_id: int) -> None:
        """Delete the hashes of an article, before it is compared with others."""
        self._db.execute("DELETE FROM passages WHERE article_id = ?", [article_id])

    def count_shared(self, text: ParsedText, *, without: Collection[int]) -> SharedSentences:
        """The articles that may have some of the sentences of a text, with the number of these; `without` these
        articles."""
        shared = SharedSentences()
        sentences = _sentences(text)
        for start in range(0, len(sentences), _BATCH):
            batch = sentences[start : start + _BATCH]
            holders = self._holders({hash_ for _, *hashes in batch for hash_ in hashes})
            for _, *own in batch:
                found = [holders[hash_] for hash_ in own if hash_ in holders]
                usable = [articles for articles in found if len(articles) <= _MAX_HOLDERS]
                if usable:
                    shared.update(set().union(*usable).difference(without))
                shared.set_phrases += len(usable) < len(found)
        return shared

    def _holders(self, hashes: set[int]) -> dict[int, set[int]]:
        """For each hash the articles that have it; of a set phrase, more than _MAX_HOLDERS of them."""
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
        return holders


def _sentences(text: ParsedText) -> list[tuple[int, int, int]]:
    """The paragraph of each sentence of a text, and its two hashes."""
    known = text.identity
    return list(zip(known.sentence_paragraphs, known.sentence_hashes[::2], known.sentence_hashes[1::2], strict=True))
