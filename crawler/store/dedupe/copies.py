"""Copies and stories: the first stored article that shares an article's text, found among all that are stored.

The store's memory of passages names a few candidates; their texts are compared sentence by sentence. An article that
copies another adds to the memory only the sentences that are its own, so that a text with a thousand copies is
remembered once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from crawler.similarity.parsed import ParsedText, parsed_text
from crawler.similarity.sentences import Sentence, folded_words
from crawler.similarity.similarity import MIN_WORDS, are_titles_of_issues, compare, is_copy
from crawler.store.dedupe.passages import forget, remember, sharing
from crawler.store.times import from_text

_CANDIDATES = 6
"""How many texts an article is compared with, the likeliest first. An unrelated one costs half a millisecond."""

_FEW = 6
"""A text of so few sentences is compared with what may share one of them; a longer one, two."""

_BRIEF = 15
"""Words of an agency's brief, which sites print under headlines of their own."""

_NEXT_ISSUE = timedelta(hours=20)
_COLUMNS = "id, site, title, body, word_count, fingerprint, published, first_seen, duplicate_of, story_id"


@dataclass(frozen=True, slots=True)
class _Found:
    """The article whose text was found in another."""

    row: dict[str, Any]
    similarity: float
    shared: int
    own: list[Sentence]
    """The sentences that are not the other's."""


def place(db: Database, article_id: int, shared: Counter[int] | None = None, without: Collection[int] = ()) -> bool:
    """Find what an article copies and which story it belongs to, and remember its passages. Whether it is a copy.

    `shared`: what `sharing` found for its sentences, if that is known. `without`: articles that it is not compared
    with.
    """
    forget(db, article_id)
    row = _row(db, article_id)
    text = parsed_text(row["body"])
    found = _same_text(db, row, without) or _near_copy(db, row, text, shared, without)
    remember(db, article_id, text, found.own if found else text.sentences)
    db.execute("DELETE FROM story_edges WHERE article_id = ?", [article_id])
    first = (found.row["duplicate_of"] or found.row["id"]) if found else None
    db.execute(
        "UPDATE articles SET duplicate_of = ?, story_id = ? WHERE id = ?", [first, first or article_id, article_id]
    )
    if found and first is not None:
        db.table("story_edges").insert(
            {
                "article_id": article_id,
                "copy_of": found.row["id"],
                "similarity": round(found.similarity, 4),
                "shared_sentences": found.shared,
            }
        )
        _tell_story(db, first)
    return found is not None


def place_again(db: Database, article_id: int) -> bool:
    """Find the place of an article whose text has changed, and of those that copied it. Whether it is a copy now."""
    before = _row(db, article_id)["story_id"]
    copies = [
        copy_id
        for (copy_id,) in db.execute(
            """SELECT id FROM articles WHERE duplicate_of = ?
               UNION SELECT article_id FROM story_edges WHERE copy_of = ? ORDER BY 1""",
            [article_id, article_id],
        ).fetchall()
    ]
    for copy_id in copies:
        db.execute("UPDATE articles SET duplicate_of = NULL, story_id = id WHERE id = ?", [copy_id])
    is_duplicate = place(db, article_id, without=copies)
    for at, copy_id in enumerate(copies):
        place(db, copy_id, without=copies[at + 1 :])
    if before is not None:
        _tell_story(db, before)
    return is_duplicate


def _row(db: Database, article_id: int) -> dict[str, Any]:
    return next(iter(db.query(f"SELECT {_COLUMNS} FROM articles WHERE id = ?", [article_id])))


def _same_text(db: Database, row: dict[str, Any], without: Collection[int]) -> _Found | None:
    """The first article that has the same words. A short one must have the same title, or be a brief of another site:
    what a site says in a few words under many titles is a notice of its own, as that the video is loading."""
    for other in db.query(
        f"""SELECT {_COLUMNS} FROM articles WHERE fingerprint = :fingerprint AND id != :id
            AND (:word_count >= {MIN_WORDS} OR title = :title OR (:word_count >= {_BRIEF} AND site != :site))
            ORDER BY id LIMIT 50""",
        row,
    ):
        if other["id"] not in without and not _is_next_issue(row, other):
            return _Found(other, 1.0, len(parsed_text(row["body"]).sentences), [])
    return None


def _near_copy(
    db: Database, row: dict[str, Any], text: ParsedText, shared: Counter[int] | None, without: Collection[int]
) -> _Found | None:
    """The article that shares most of its text."""
    if row["word_count"] < MIN_WORDS or not text.sentences:
        return None
    if shared is None:
        shared = sharing(db, text.sentences, without={row["id"]})
    needed = 1 if len(text.sentences) <= _FEW else 2
    likely = sorted((-count, other) for other, count in shared.items() if count >= needed and other not in without)
    best: _Found | None = None
    if not likely or text.is_table:
        return None
    for _, other_id in likely[:_CANDIDATES]:
        other = _row(db, other_id)
        if other["word_count"] < MIN_WORDS or other_id == row["id"] or _is_next_issue(row, other):
            continue
        other_text = parsed_text(other["body"])
        similarity = compare(text, other_text)
        same_title = _is_a_day_apart(row, other) and folded_words(row["title"]) == folded_words(other["title"])
        if similarity.template_variants and (
            same_title or are_titles_of_issues(row["title"], other["title"], text, other_text)
        ):
            continue  # another issue of a notice some of whose values are the same by chance
        if is_copy(text, other_text, similarity) and (best is None or similarity.score > best.similarity):
            own = [sentence for at, sentence in enumerate(text.sentences) if at not in similarity.pairs]
            best = _Found(other, similarity.score, similarity.shared, own)
    return best


def _is_next_issue(row: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two articles are two issues of one recurring notice: a day apart on one site, titles that differ in a
    date, a number or a name alone."""
    if not _is_a_day_apart(row, other) or row["title"] == other["title"]:
        return False
    return are_titles_of_issues(row["title"], other["title"], parsed_text(row["body"]), parsed_text(other["body"]))


def _is_a_day_apart(row: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two articles are of one site and of two days, as issues of a daily notice are."""
    if row["site"] != other["site"] or not row["published"] or not other["published"]:
        return False
    return abs(_moment(row["published"]) - _moment(other["published"])) >= _NEXT_ISSUE


def _tell_story(db: Database, story_id: int) -> None:
    """Write what a story's articles say together: which was published first, and how long after it the others were."""
    rows = list(
        db.query(
            """SELECT id, published, coalesce(published, first_seen) AS known FROM articles WHERE story_id = ?
               ORDER BY known, id""",
            [story_id],
        )
    )
    if len(rows) < 2:
        db.execute("DELETE FROM stories WHERE id = ?", [story_id])
        return
    first = next((row for row in rows if row["published"]), rows[0])
    db.table("stories").upsert({"id": story_id, "first_id": first["id"], "articles": len(rows)}, pk="id")
    for row in rows:
        lag = None
        if row["published"] and first["published"]:
            lag = int((_moment(row["published"]) - _moment(first["published"])).total_seconds())
        db.execute("UPDATE story_edges SET lag = ? WHERE article_id = ? AND lag IS NOT ?", [lag, row["id"], lag])


def _moment(text: str) -> datetime:
    moment = from_text(text)
    assert moment is not None
    return moment
