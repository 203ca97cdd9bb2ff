"""Copies and stories: which stored article an article copies, found among all that are stored.

The hashes of passages find a few candidates; their texts are compared sentence by sentence. An article that copies
another adds only the hashes of its own sentences, so that a text with a thousand copies is saved once.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crawler.similarity.parsed import ParsedText, parsed_text
from crawler.similarity.sentences import folded_words
from crawler.similarity.similarity import MIN_SHARE, MIN_WORDS, are_titles_of_issues, compare, is_copy
from crawler.store.database import Database
from crawler.store.dedupe.passages import Passages, SharedSentences

_MAX_CANDIDATES = 6
"""Texts that an article is compared with, the likeliest first. An unrelated one costs half a millisecond; see
docs/decisions.md#copies-are-found-by-sentences-not-by-minhash-of-whole-texts."""

_SHORT_TEXT = 6
"""A text with at most this number of sentences is compared with what may share one of them, a longer one with what may
share two. Chosen by hand, checked with `python -m bench.copies`."""

_MIN_SHARED = 0.25
"""Share of the shorter text's sentences that must have a hash in common with the other's. The copies of the labelled
pairs of bench/pairs.py have it for half or more, the edited ones included."""

_MIN_BRIEF_WORDS = 15
"""Words of an agency's brief, which sites publish under their own headlines; see
docs/decisions.md#copies-under-40-words-need-the-same-title-or-another-site."""

_NEXT_ISSUE = timedelta(hours=20)
"""Time between two issues of a daily notice; less than a day, because they do not appear at the same minute.
Chosen by hand; no measurement."""

_MAX_SAME_TEXTS = 50
"""Articles with one fingerprint that are compared: all but the first few are copies of the first."""

_COLUMNS = "id, site, title, body, word_count, fingerprint, published, first_seen, duplicate_of, story_id, is_notice"


@dataclass(frozen=True, slots=True)
class _Original:
    """The stored article whose text an article has."""

    row: dict[str, Any]
    similarity: float
    shared_sentences: int
    own_sentences: frozenset[int] = frozenset()
    """Indexes of the sentences of the copy that the original does not have."""


class Stories:
    """The tables `stories` and `story_edges`, and `duplicate_of` and `story_id` of the articles. All methods run inside
    the caller's transaction."""

    def __init__(self, db: Database, passages: Passages) -> None:
        self._db = db
        self._passages = passages

    def assign(self, article_id: int, shared: SharedSentences | None = None, without: Collection[int] = ()) -> bool:
        """Find what an article copies and which story it belongs to, and save its passages. Whether it is a copy.

        `shared`: the result of Passages.count_shared for its sentences, if that is known. `without`: articles that it
        is not compared with.
        """
        story_id = self._assign(article_id, shared, without)
        if story_id is not None:
            self._update_story(story_id)
        return story_id is not None

    def _assign(
        self, article_id: int, shared: SharedSentences | None = None, without: Collection[int] = ()
    ) -> int | None:
        """As `assign`; the story that the article has joined as a copy, which is not updated yet."""
        self._passages.delete(article_id)
        row = self._row(article_id)
        text = parsed_text(row["body"])
        original = self._same_text(row, without) or self._near_copy(row, text, shared, without)
        self._passages.add(article_id, text, original.own_sentences if original else None)
        self._db.execute("DELETE FROM story_edges WHERE article_id = ?", [article_id])
        first = (original.row["duplicate_of"] or original.row["id"]) if original else None
        if (row["duplicate_of"], row["story_id"]) != (first, first or article_id):
            self._db.execute(
                "UPDATE articles SET duplicate_of = ?, story_id = ? WHERE id = ?",
                [first, first or article_id, article_id],
            )
        if original and first is not None:
            self._db.execute(
                "INSERT INTO story_edges (article_id, copy_of, similarity, shared_sentences) VALUES (?, ?, ?, ?)",
                [article_id, original.row["id"], round(original.similarity, 4), original.shared_sentences],
            )
        return first

    def reassign(self, article_id: int) -> bool:
        """Find the story of an article whose text has changed, and of those that copied it. Whether it is a copy."""
        before = self._row(article_id)["story_id"]
        copies = [
            copy_id
            for (copy_id,) in self._db.execute(
                """SELECT id FROM articles WHERE duplicate_of = ?
                   UNION SELECT article_id FROM story_edges WHERE copy_of = ? ORDER BY 1""",
                [article_id, article_id],
            ).fetchall()
        ]
        for copy_id in copies:
            self._db.execute("UPDATE articles SET duplicate_of = NULL, story_id = id WHERE id = ?", [copy_id])
        joined = self._assign(article_id, without=copies)
        # Each story once, at the end: an update reads and writes all of its articles.
        stories = {before, joined}
        later_copies = set(copies)
        for copy_id in copies:
            later_copies.remove(copy_id)
            stories.add(self._assign(copy_id, without=later_copies))
        for story_id in sorted(stories - {None}):
            self._update_story(story_id)
        return joined is not None

    def leave(self, article_ids: Collection[int]) -> None:
        """Take articles out of their stories whose texts turned out to be notices, and let nothing copy them. What
        copied one of them is compared again."""
        ids = ", ".join(map(str, article_ids))
        copies = [
            copy_id
            for (copy_id,) in self._db.execute(
                f"""SELECT id FROM articles WHERE duplicate_of IN ({ids}) AND id NOT IN ({ids})
                    UNION SELECT article_id FROM story_edges WHERE copy_of IN ({ids}) AND article_id NOT IN ({ids})
                    ORDER BY 1"""
            ).fetchall()
        ]
        stories = {self._row(article_id)["story_id"] for article_id in article_ids}
        for article_id in article_ids:
            self._passages.delete(article_id)
        self._db.execute(f"DELETE FROM story_edges WHERE article_id IN ({ids})")
        self._db.execute(f"UPDATE articles SET duplicate_of = NULL, story_id = id WHERE id IN ({ids})")
        later_copies = set(copies)
        for copy_id in copies:
            self._db.execute("UPDATE articles SET duplicate_of = NULL, story_id = id WHERE id = ?", [copy_id])
        for copy_id in copies:
            later_copies.remove(copy_id)
            stories.add(self._assign(copy_id, without=later_copies))
        for story_id in sorted(stories - {None}):
            self._update_story(story_id)

    def _row(self, article_id: int) -> dict[str, Any]:
        return next(iter(self._db.query(f"SELECT {_COLUMNS} FROM articles WHERE id = ?", [article_id])))

    def _same_text(self, row: dict[str, Any], without: Collection[int]) -> _Original | None:
        """The first article with the same words. A short one must have the same title, or be a brief of another site:
        a few words under many titles of one site are a notice of the site, for example that the video is loading."""
        for other in self._db.query(
            f"""SELECT {_COLUMNS} FROM articles WHERE fingerprint = :fingerprint AND id != :id AND NOT is_notice
                AND (:word_count >= {MIN_WORDS} OR title = :title
                     OR (:word_count >= {_MIN_BRIEF_WORDS} AND site != :site))
                ORDER BY id LIMIT {_MAX_SAME_TEXTS}""",
            row,
        ):
            if other["id"] not in without and not _is_next_issue(row, other):
                return _Original(other, 1.0, parsed_text(row["body"]).sentence_count)
        return None

    def _near_copy(
        self, row: dict[str, Any], text: ParsedText, shared: SharedSentences | None, without: Collection[int]
    ) -> _Original | None:
        """The article that shares most of its text."""
        if row["word_count"] < MIN_WORDS or not text.sentence_count:
            return None
        if shared is None:
            shared = self._passages.count_shared(text, without={row["id"]})
        needed = 1 if text.sentence_count <= _SHORT_TEXT else 2
        likely = sorted((-count, other) for other, count in shared.items() if count >= needed and other not in without)
        if not likely or text.is_table:
            return None
        best: _Original | None = None
        for count, other_id in likely[:_MAX_CANDIDATES]:
            other = self._row(other_id)
            if not other["duplicate_of"] and -count < _least_shared(row, text, other, shared.set_phrases):
                continue  # the hashes of a copy are not all saved
            original = self._compare(row, text, other, best.similarity if best else MIN_SHARE)
            if original and (best is None or original.similarity > best.similarity):
                best = original
                if best.similarity >= 1:
                    break  # no other can be more similar
        return best

    def _compare(
        self, row: dict[str, Any], text: ParsedText, other: dict[str, Any], at_least: float
    ) -> _Original | None:
        """The other article, if the text is a copy of it with this similarity."""
        if other["word_count"] < MIN_WORDS or other["id"] == row["id"] or _is_next_issue(row, other):
            return None
        other_text = parsed_text(other["body"])
        similarity = compare(text, other_text, at_least=at_least)
        if similarity.score < at_least:
            return None
        if similarity.template_variants:
            same_title = _is_a_day_apart(row, other) and folded_words(row["title"]) == folded_words(other["title"])
            if same_title or are_titles_of_issues(row["title"], other["title"], text, other_text):
                return None  # another issue of a notice some of whose values are the same by chance
        if not is_copy(text, other_text, similarity):
            return None
        own = frozenset(range(text.sentence_count)) - similarity.pairs.keys()
        return _Original(other, similarity.score, similarity.shared, own)

    def _update_story(self, story_id: int) -> None:
        """Save which article of a story was published first, and the lag of the others."""
        rows = list(
            self._db.query(
                """SELECT id, published, coalesce(published, first_seen) AS known FROM articles WHERE story_id = ?
                   ORDER BY known, id""",
                [story_id],
            )
        )
        if len(rows) < 2:
            self._db.execute("DELETE FROM stories WHERE id = ?", [story_id])
            return
        first = next((row for row in rows if row["published"]), rows[0])
        self._db.upsert("stories", ("id",), {"id": story_id, "first_id": first["id"], "articles": len(rows)})
        lags = [(_lag(row["published"], first["published"]), row["id"]) for row in rows]
        self._db.conn.executemany("UPDATE story_edges SET lag = ?1 WHERE article_id = ?2 AND lag IS NOT ?1", lags)


def _least_shared(row: dict[str, Any], text: ParsedText, other: dict[str, Any], set_phrases: int) -> float:
    """Sentences that a stored article must share with a text to be compared with it. How many it has is estimated."""
    shorter_count: float = text.sentence_count * min(1.0, other["word_count"] / row["word_count"])
    return _MIN_SHARED * (shorter_count - set_phrases)


def _is_next_issue(row: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two articles are two issues of one recurring notice: a day apart on one site, with titles that differ
    only in a date, a number or a name."""
    if not _is_a_day_apart(row, other) or row["title"] == other["title"]:
        return False
    return are_titles_of_issues(row["title"], other["title"], parsed_text(row["body"]), parsed_text(other["body"]))


def _is_a_day_apart(row: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two articles are of one site and of different days, as issues of a daily notice are."""
    if row["site"] != other["site"]:
        return False
    lag = _lag(row["published"], other["published"])
    return lag is not None and abs(lag) >= _NEXT_ISSUE.total_seconds()


def _lag(published: str | None, first: str | None) -> int | None:
    """Seconds between two publications, if both are known."""
    if not published or not first:
        return None
    return int((datetime.fromisoformat(published) - datetime.fromisoformat(first)).total_seconds())
