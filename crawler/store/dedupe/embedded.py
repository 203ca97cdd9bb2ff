"""Embedded articles: another article's paragraphs in a page's body, found by the passages of what is stored.

The shape of a page cannot tell them from an article that goes on after a pointer. They are another article's own text:
nearly all of it, in a row, behind text that is not the other's. See
docs/decisions.md#embedded-texts-are-recognized-by-memory-not-by-shape.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from crawler.items import RelatedArticle
from crawler.similarity.find_embedded import EmbeddedArticle, Embedding, find_embedding
from crawler.similarity.parsed import parsed_text
from crawler.similarity.sentences import folded_words
from crawler.store.articles.related import RelatedArticles, with_shifted_index
from crawler.store.articles.urls import ArticleUrls
from crawler.store.database import Database
from crawler.store.dedupe.body_update import BodyUpdate
from crawler.store.dedupe.passages import Passages
from crawler.urls import canonical_or_none

_MAX_CANDIDATES = 12
"""Stored articles that a page is searched for, and stored pages that are searched for an article."""

_MAX_POINTING = 50
"""Stored pages with a pointer to an article that are searched for its text."""

_MIN_SHARED_SENTENCES = 2
"""Sentences that a page must share with an article to be searched for it."""


@dataclass(frozen=True, slots=True)
class HostArticle:
    """The article whose page may contain other articles' texts."""

    id: int | None
    """None while it is not stored."""

    site: str
    published: str | None


@dataclass(slots=True)
class EmbeddedRemoval:
    """A page's own text, and its related articles, after the embedded texts were removed."""

    paragraphs: list[str]
    related: list[RelatedArticle]
    is_changed: bool = False

    def remove(self, embedding: Embedding, other: EmbeddedArticle, pointer: int | None) -> None:
        """Move one article's text from the body to the related articles, in the order of the page, in place of the
        pointer that announced it."""
        announced = self.related.pop(pointer) if pointer is not None else None
        embedded = RelatedArticle(
            kind="embedded",
            position=0,
            title=(announced and announced.title) or embedding.heading or other.title,
            url=(announced and announced.url) or other.url,
            text="\n".join(self.paragraphs[embedding.text_start : embedding.end]),
            paragraph_index=embedding.start,
        )
        self.related.insert(self._first_behind(embedding) if pointer is None else pointer, embedded)
        ordered = [replace(each, position=position) for position, each in enumerate(self.related)]
        kept = [not embedding.start <= index < embedding.end for index in range(len(self.paragraphs))]
        self.related = with_shifted_index(ordered, kept)
        self.paragraphs = self.paragraphs[: embedding.start] + self.paragraphs[embedding.end :]
        self.is_changed = True

    def _first_behind(self, embedding: Embedding) -> int:
        behind = (
            index
            for index, each in enumerate(self.related)
            if each.kind == "block" or (each.paragraph_index is not None and each.paragraph_index > embedding.start)
        )
        return next(behind, len(self.related))


class EmbeddedTexts:
    """Removes embedded texts from new and stored articles, inside the caller's transaction."""

    def __init__(
        self, db: Database, urls: ArticleUrls, related: RelatedArticles, passages: Passages, bodies: BodyUpdate
    ) -> None:
        self._db = db
        self._urls = urls
        self._related = related
        self._passages = passages
        self._bodies = bodies

    def remove_embedded(
        self, host: HostArticle, paragraphs: list[str], related: list[RelatedArticle], shared: Counter[int]
    ) -> EmbeddedRemoval:
        """Remove the texts of stored articles from a page's body. `shared`: the result of Passages.count_shared for its
        sentences."""
        removal = EmbeddedRemoval(list(paragraphs), list(related))
        if len(paragraphs) > 1:
            self._remove_all(host, removal, list(self._candidates(host, related, shared)))
        return removal

    def correct_hosts(self, article_id: int, shared: Counter[int]) -> None:
        """Correct the earlier pages that contain the text of an article which is stored now. `shared`: as above, for
        the article's sentences."""
        row = self._row(article_id)
        embedded = _embedded(row)
        needed = max(1, len(embedded.text.sentences) // 2)
        likely = [other for other, count in shared.most_common(_MAX_CANDIDATES) if count >= needed]
        pointing = [
            other
            for (other,) in self._db.execute(
                f"""SELECT DISTINCT article_id FROM related_articles WHERE target_id = ? AND kind = 'inline'
                    LIMIT {_MAX_POINTING}""",
                [article_id],
            )
        ]
        for host_id in dict.fromkeys([*likely, *self._copies(likely, None), *pointing]):
            if host_id != article_id:
                self._correct_host(host_id, embedded)

    def _correct_host(self, host_id: int, embedded: EmbeddedArticle) -> None:
        row = self._row(host_id)
        host = HostArticle(host_id, row["site"], row["published"])
        removal = EmbeddedRemoval(row["body"].split("\n"), self._related.read(host_id))
        self._remove_all(host, removal, [embedded])
        if removal.is_changed:
            # Another article's text may be at the end now, where it is recognised without a title.
            sentences = parsed_text("\n".join(removal.paragraphs)).sentences
            shared = self._passages.count_shared(sentences, without=(host_id,))
            removal = self.remove_embedded(host, removal.paragraphs, removal.related, shared)
            self._related.replace(host_id, removal.related)
            self._bodies.replace(host_id, removal.paragraphs, "embedded")
        if row["embedded_suspected"] and not self._related.is_embedding_suspected(
            host_id, removal.paragraphs, removal.related
        ):
            self._db.execute("UPDATE articles SET embedded_suspected = 0 WHERE id = ?", [host_id])

    def _remove_all(self, host: HostArticle, removal: EmbeddedRemoval, others: list[EmbeddedArticle]) -> None:
        """First what a title announces: then the rest is more clearly the page's own."""
        for is_announced in (True, False):
            for other in others:
                pointer = self._pointer_to(removal.related, other)
                embedding = find_embedding(
                    removal.paragraphs,
                    other,
                    is_pointed_to=pointer is not None,
                    is_same_site=host.site == other.site,
                    is_later=bool(host.published and other.published and host.published >= other.published),
                )
                if embedding is not None and embedding.is_announced == is_announced:
                    removal.remove(embedding, other, pointer)

    def _pointer_to(self, related: list[RelatedArticle], other: EmbeddedArticle) -> int | None:
        """The index of the pointer to an article among the related ones: by its link, or by its title."""
        title = folded_words(other.title)
        for index, each in enumerate(related):
            if each.kind != "inline":
                continue
            url = canonical_or_none(each.url)
            if url is not None and (url == other.url or self._urls.find_article(url) == other.id):
                return index
            if title and folded_words(each.title or "") == title:
                return index
        return None

    def _candidates(
        self, host: HostArticle, related: list[RelatedArticle], shared: Counter[int]
    ) -> Iterable[EmbeddedArticle]:
        """The stored articles whose text a page may contain."""
        likely = [other for other, count in shared.most_common(_MAX_CANDIDATES) if count >= _MIN_SHARED_SENTENCES]
        targets = (
            self._urls.find_article(canonical_or_none(each.url), host.id) for each in related if each.kind == "inline"
        )
        pointed = [target for target in targets if target is not None]
        for other_id in dict.fromkeys([*pointed[:_MAX_CANDIDATES], *likely, *self._copies(likely, host.site)]):
            if other_id != host.id:
                yield _embedded(self._row(other_id))
        if host.id is not None:  # what was removed before stays removed, though the other article has changed since
            for row in self._db.query(
                """SELECT r.text, a.id, a.url, a.title, a.site, a.published FROM related_articles AS r
                   JOIN articles AS a ON a.id = r.target_id WHERE r.article_id = ? AND r.kind = 'embedded'""",
                [host.id],
            ):
                yield _embedded(row | {"body": row["text"] or ""})

    def _copies(self, article_ids: list[int], site: str | None) -> list[int]:
        """Copies of these articles: their passages are not saved."""
        if not article_ids:
            return []
        rows = self._db.execute(
            f"""SELECT id FROM articles WHERE duplicate_of IN ({", ".join("?" * len(article_ids))})
                AND (? IS NULL OR site = ?) ORDER BY id LIMIT {_MAX_CANDIDATES}""",
            [*article_ids, site, site],
        )
        return [article_id for (article_id,) in rows]

    def _row(self, article_id: int) -> dict[str, Any]:
        sql = "SELECT id, url, site, title, body, published, embedded_suspected FROM articles WHERE id = ?"
        return next(iter(self._db.query(sql, [article_id])))


def _embedded(row: dict[str, Any]) -> EmbeddedArticle:
    names = ("id", "url", "site", "title", "published")
    return EmbeddedArticle(**{name: row[name] for name in names}, text=parsed_text(row["body"]))
