"""Embedded texts: another article's paragraphs that a page carries, told by the memory of what is stored.

The shape of a page cannot tell them from an article that goes on after a pointer. What tells them is that the
paragraphs are another article's own text: nearly all of it, in a row, behind text that is not the other's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from crawler.items import RelatedArticle
from crawler.similarity.find_embedded import EmbeddedArticle, Embedding, find_embedding
from crawler.similarity.parsed import parsed_text
from crawler.similarity.sentences import folded_words
from crawler.store.articles.related import is_embedding_suspected, read_related, shifted, write_related
from crawler.store.articles.urls import article_at
from crawler.store.dedupe.body_update import rewrite_body
from crawler.store.dedupe.passages import sharing
from crawler.urls import canonical_or_none

_OTHERS = 12
"""How many stored articles a page is searched for, and how many stored pages for an article."""


@dataclass(slots=True)
class Cut:
    """A page's own text, and what it says of others, when the embedded texts are moved out."""

    paragraphs: list[str]
    related: list[RelatedArticle]
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Carrier:
    """The page that may carry other articles' texts."""

    id: int | None
    """None while it is not stored."""

    site: str
    published: str | None


def cut_embedded(
    db: Database,
    carrier: Carrier,
    paragraphs: list[str],
    related: list[RelatedArticle],
    shared: Counter[int],
) -> Cut:
    """Move the texts of stored articles out of a page's body. `shared`: what `sharing` found for its sentences."""
    cut = Cut(list(paragraphs), list(related))
    if len(paragraphs) < 2:
        return cut
    others = list(_others_of(db, carrier, related, shared))
    for certain in (True, False):  # what a title announces first: what is left is more clearly the page's own
        for other in others:
            _move(db, carrier, cut, other, announced=certain)
    return cut


def correct_carriers(db: Database, article_id: int, shared: Counter[int], now: datetime) -> None:
    """Put right the earlier pages that carry the text of an article which is stored now."""
    target = _row(db, article_id)
    count = len(parsed_text(target["body"]).sentences)
    needed = max(1, count // 2)
    likely = [other for other, found in shared.most_common(_OTHERS) if found >= needed]
    pointing = [
        other
        for (other,) in db.execute(
            "SELECT DISTINCT article_id FROM related_articles WHERE target_id = ? AND kind = 'inline' LIMIT 50",
            [article_id],
        )
    ]
    for carrier_id in dict.fromkeys([*likely, *_stories_of(db, likely, None), *pointing]):
        if carrier_id != article_id:
            _correct(db, carrier_id, target, now)


def _correct(db: Database, carrier_id: int, target: dict[str, Any], now: datetime) -> None:
    row = _row(db, carrier_id)
    related = read_related(db, carrier_id)
    cut = Cut(row["body"].split("\n"), related)
    carrier = Carrier(carrier_id, row["site"], row["published"])
    for certain in (True, False):
        _move(db, carrier, cut, _other(target), announced=certain)
    if cut.is_changed:
        # Another article's text may stand at the end now, where it is told without a title.
        shared = sharing(db, parsed_text("\n".join(cut.paragraphs)).sentences, without=(carrier_id,))
        cut = cut_embedded(db, carrier, cut.paragraphs, cut.related, shared)
        write_related(db, carrier_id, cut.related)
        rewrite_body(db, carrier_id, cut.paragraphs, "embedded", now)
    if row["embedded_suspected"] and not is_embedding_suspected(db, carrier_id, cut.paragraphs, cut.related):
        db.execute("UPDATE articles SET embedded_suspected = 0 WHERE id = ?", [carrier_id])


def _move(db: Database, carrier: Carrier, cut: Cut, other: EmbeddedArticle, *, announced: bool) -> None:
    """Move one article's text out, if it stands in the page for certain."""
    pointer = _pointer_to(db, cut.related, other)
    found = find_embedding(
        cut.paragraphs,
        other,
        is_pointed_to=pointer is not None,
        is_same_site=carrier.site == other.site,
        is_later=bool(carrier.published and other.published and carrier.published >= other.published),
    )
    if found is None or found.is_announced != announced:
        return
    _note(cut, found, other, pointer)
    kept = [not found.start <= at < found.end for at in range(len(cut.paragraphs))]
    cut.related = shifted(cut.related, kept)
    cut.paragraphs = cut.paragraphs[: found.start] + cut.paragraphs[found.end :]
    cut.is_changed = True


def _note(cut: Cut, found: Embedding, other: EmbeddedArticle, pointer: int | None) -> None:
    """Put the embedded article among the related ones, in the order of the page, in place of what announced it."""
    announced = cut.related.pop(pointer) if pointer is not None else None
    noted = RelatedArticle(
        kind="embedded",
        position=0,
        title=(announced and announced.title) or found.heading or other.title,
        url=(announced and announced.url) or other.url,
        text="\n".join(cut.paragraphs[found.text_start : found.end]),
        paragraph_index=found.start,
    )
    at = pointer
    if at is None:
        later = (
            at
            for at, known in enumerate(cut.related)
            if known.kind == "block" or (known.paragraph_index is not None and known.paragraph_index > found.start)
        )
        at = next(later, len(cut.related))
    cut.related.insert(at, noted)
    cut.related = [replace(known, position=position) for position, known in enumerate(cut.related)]


def _pointer_to(db: Database, related: list[RelatedArticle], other: EmbeddedArticle) -> int | None:
    """Where among the related articles the pointer to an article is: by its link, or by its title."""
    title = folded_words(other.title)
    for at, known in enumerate(related):
        if known.kind != "inline":
            continue
        url = canonical_or_none(known.url)
        if url is not None and (url == other.url or article_at(db, url) == other.id):
            return at
        if title and folded_words(known.title or "") == title:
            return at
    return None


def _others_of(
    db: Database, carrier: Carrier, related: list[RelatedArticle], shared: Counter[int]
) -> Iterable[EmbeddedArticle]:
    """The stored articles whose text a page may carry."""
    likely = [other for other, count in shared.most_common(_OTHERS) if count >= 2]
    pointed = [
        target
        for known in related
        if known.kind == "inline" and (target := article_at(db, canonical_or_none(known.url), carrier.id)) is not None
    ]
    for other_id in dict.fromkeys([*pointed[:_OTHERS], *likely, *_stories_of(db, likely, carrier.site)]):
        if other_id != carrier.id:
            yield _other(_row(db, other_id))
    if carrier.id is not None:  # what was moved out before stays out, though the other article has changed since
        for row in db.query(
            """SELECT r.text, a.id, a.url, a.title, a.site, a.published FROM related_articles AS r
               JOIN articles AS a ON a.id = r.target_id WHERE r.article_id = ? AND r.kind = 'embedded'""",
            [carrier.id],
        ):
            yield _other(row | {"body": row["text"] or ""})


def _stories_of(db: Database, article_ids: list[int], site: str | None) -> list[int]:
    """EmbeddedArticle articles of the same stories: copies are not in the memory of passages themselves."""
    marks = ", ".join("?" * len(article_ids))
    return [
        found
        for (found,) in db.execute(
            f"""SELECT id FROM articles WHERE duplicate_of IN ({marks}) AND (? IS NULL OR site = ?)
                ORDER BY id LIMIT ?""",
            [*article_ids, site, site, _OTHERS],
        )
    ]


def _row(db: Database, article_id: int) -> dict[str, Any]:
    return next(
        iter(
            db.query(
                "SELECT id, url, site, title, body, published, embedded_suspected FROM articles WHERE id = ?",
                [article_id],
            )
        )
    )


def _other(row: dict[str, Any]) -> EmbeddedArticle:
    return EmbeddedArticle(
        id=row["id"],
        url=row["url"],
        site=row["site"],
        title=row["title"],
        published=row["published"],
        text=parsed_text(row["body"]),
    )
