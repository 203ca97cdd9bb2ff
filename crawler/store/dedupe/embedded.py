"""Embedded articles: another article's paragraphs in a page's body, found by the passages of what is stored.

The shape of a page cannot tell them from an article that goes on after a pointer. They are another article's own text:
nearly all of it, in a row, behind text that is not the other's. See
docs/decisions.md#embedded-texts-are-recognized-by-memory-not-by-shape.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from crawler.items import RelatedArticle
from crawler.similarity.find_embedded import (
    EmbeddedArticle,
    Embedding,
    find_embedding,
    has_title,
    may_have_title,
)
from crawler.similarity.parsed import ParsedText, parsed_text
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

_MIN_HOST_LENGTH = 1.2
"""Words of a page, against those of an article that it contains without announcing it. At least two fifths of such a
page are its own, so it is half as long again; the rest allows for texts with many marks between the words."""

_MIN_SHARED_SENTENCES = 2
"""Sentences that a page must share with an article to be searched for it."""


@dataclass(frozen=True, slots=True)
class HostArticle:
    """The article whose page may contain other articles' texts."""

    id: int | None
    """None while it is not stored."""

    site: str
    published: str | None

    def may_follow(self, other: dict[str, Any]) -> bool:
        """Whether its page may contain the other article without announcing it: it is a later one of the same site."""
        return self.site == other["site"] and self.is_later(other["published"])

    def is_later(self, published: str | None) -> bool:
        """Whether it is known to be published no earlier than another article."""
        return bool(self.published and published and self.published >= published)


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
            pointers = _Pointers(self._urls)
            self._remove_all(host, removal, self._candidates(host, removal, pointers, shared), pointers)
        return removal

    def correct_hosts(self, article_id: int, text: ParsedText, shared: Counter[int]) -> None:
        """Correct the earlier pages that contain the text of an article which is stored now. `shared`: as above, for
        the article's sentences."""
        needed = max(1, text.sentence_count // 2)
        likely = [other for other, count in shared.most_common(_MAX_CANDIDATES) if count >= needed]
        pointing = [
            other
            for (other,) in self._db.execute(
                f"""SELECT DISTINCT article_id FROM related_articles WHERE target_id = ? AND kind = 'inline'
                    LIMIT {_MAX_POINTING}""",
                [article_id],
            )
        ]
        host_ids = [
            each for each in dict.fromkeys([*likely, *self._copies(likely, None), *pointing]) if each != article_id
        ]
        if not host_ids:
            return
        article, *hosts = self._rows([article_id, *host_ids])
        embedded = _embedded(article, "\n".join(text.paragraphs))
        for host in hosts:
            if host["id"] in pointing or self._may_be_host(host, article):
                self._correct_host(host, embedded)
            self._clear_suspicion(host)

    def _may_be_host(self, row: dict[str, Any], other: dict[str, Any]) -> bool:
        """Whether a stored page may contain another article's text. Of a text with many copies, most of the pages that
        share its sentences are copies themselves: what rules them out must cost little."""
        host = HostArticle(row["id"], row["site"], row["published"])
        if host.may_follow(other) and row["word_count"] >= other["word_count"] * _MIN_HOST_LENGTH:
            return True
        if may_have_title(self._body(row["id"]), other["title"]):
            return True
        related = self._related.read(row["id"])
        return _Pointers(self._urls).find(related, other["id"], other["url"], other["title"]) is not None

    def _correct_host(self, row: dict[str, Any], embedded: EmbeddedArticle) -> None:
        host = HostArticle(row["id"], row["site"], row["published"])
        removal = EmbeddedRemoval(self._body(row["id"]).split("\n"), self._related.read(row["id"]))
        self._remove_all(host, removal, [embedded], _Pointers(self._urls))
        if removal.is_changed:
            # Another article's text may be at the end now, where it is recognised without a title.
            text = parsed_text("\n".join(removal.paragraphs))
            shared = self._passages.count_shared(text, without=(row["id"],))
            removal = self.remove_embedded(host, removal.paragraphs, removal.related, shared)
            self._related.replace(row["id"], removal.related)
            self._bodies.replace(row["id"], removal.paragraphs, "embedded")

    def _clear_suspicion(self, row: dict[str, Any]) -> None:
        """The article that is stored now may be the one whose text was suspected on a page."""
        if row["embedded_suspected"] and not self._related.is_embedding_suspected(
            row["id"], self._body(row["id"]).split("\n"), self._related.read(row["id"])
        ):
            self._db.execute("UPDATE articles SET embedded_suspected = 0 WHERE id = ?", [row["id"]])

    def _remove_all(
        self, host: HostArticle, removal: EmbeddedRemoval, others: list[EmbeddedArticle], pointers: _Pointers
    ) -> None:
        """First what a title announces: then the rest is more clearly the page's own."""
        found: dict[int, Embedding | None] = {}
        for is_announced in (True, False):
            for number, other in enumerate(others):
                pointer = pointers.find(removal.related, other.id, other.url, other.title)
                if number not in found:
                    found[number] = find_embedding(
                        removal.paragraphs,
                        other,
                        is_pointed_to=pointer is not None,
                        is_same_site=host.site == other.site,
                        is_later=host.is_later(other.published),
                    )
                embedding = found[number]
                if embedding is not None and embedding.is_announced == is_announced:
                    removal.remove(embedding, other, pointer)
                    found.clear()  # the page is another now

    def _candidates(
        self, host: HostArticle, page: EmbeddedRemoval, pointers: _Pointers, shared: Counter[int]
    ) -> list[EmbeddedArticle]:
        """The stored articles whose text a page may contain."""
        likely = [other for other, count in shared.most_common(_MAX_CANDIDATES) if count >= _MIN_SHARED_SENTENCES]
        targets = (pointers.target(each) for each in page.related)
        pointed = [target for target in targets if target is not None and target != host.id]
        ids = dict.fromkeys([*pointed[:_MAX_CANDIDATES], *likely, *self._copies(likely, host.site)])
        text = parsed_text("\n".join(page.paragraphs))
        others = [
            _embedded(row, self._body(row["id"]))
            for row in self._rows([other_id for other_id in ids if other_id != host.id])
            if host.may_follow(row)
            or has_title(text, row["title"])
            or pointers.find(page.related, row["id"], row["url"], row["title"]) is not None
        ]
        if host.id is not None:  # what was removed before stays removed, though the other article has changed since
            rows = self._db.query(
                """SELECT r.text, a.id, a.url, a.title, a.site, a.published FROM related_articles AS r
                   JOIN articles AS a ON a.id = r.target_id WHERE r.article_id = ? AND r.kind = 'embedded'""",
                [host.id],
            )
            others += [_embedded(row, row["text"] or "") for row in list(rows)]
        return others

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

    def _rows(self, article_ids: Collection[int]) -> list[dict[str, Any]]:
        """What is known of articles without their texts, in this order."""
        if not article_ids:
            return []
        rows = self._db.query(
            f"""SELECT id, url, site, title, word_count, published, embedded_suspected FROM articles
                WHERE id IN ({", ".join("?" * len(article_ids))})""",
            list(article_ids),
        )
        by_id = {row["id"]: row for row in rows}
        return [by_id[article_id] for article_id in article_ids]

    def _body(self, article_id: int) -> str:
        return str(self._db.execute("SELECT body FROM articles WHERE id = ?", [article_id]).fetchone()[0])


class _Pointers:
    """What the pointers of a page lead to; each is looked up once."""

    def __init__(self, urls: ArticleUrls) -> None:
        self._urls = urls
        self._targets: dict[str | None, tuple[str | None, int | None]] = {}

    def target(self, pointer: RelatedArticle) -> int | None:
        """The stored article behind a pointer; None for other related articles."""
        return self._look_up(pointer.url)[1] if pointer.kind == "inline" else None

    def find(self, related: list[RelatedArticle], other_id: int, url: str, title: str) -> int | None:
        """The index of the pointer to an article among the related ones: by its link, or by its title."""
        words: tuple[str, ...] | None = None
        for index, each in enumerate(related):
            if each.kind != "inline":
                continue
            pointer_url, target = self._look_up(each.url)
            if pointer_url is not None and (pointer_url == url or target == other_id):
                return index
            words = folded_words(title) if words is None else words
            if words and folded_words(each.title or "") == words:
                return index
        return None

    def _look_up(self, url: str | None) -> tuple[str | None, int | None]:
        if url not in self._targets:
            canonical = canonical_or_none(url)
            self._targets[url] = canonical, self._urls.find_article(canonical)
        return self._targets[url]


def _embedded(row: dict[str, Any], body: str) -> EmbeddedArticle:
    names = ("id", "url", "site", "title", "published")
    return EmbeddedArticle(**{name: row[name] for name in names}, body=body)
