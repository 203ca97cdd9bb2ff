"""Storing an article: whether the store has it already, its new row or its revision, and its related articles."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from crawler.items import Article, Outcome
from crawler.similarity.identity import identify
from crawler.similarity.parsed import ParsedText, parsed_part, parsed_text
from crawler.store.articles.notices import Notices
from crawler.store.articles.related import RelatedArticles, with_shifted_index
from crawler.store.articles.restore import HarmedArticle
from crawler.store.articles.revisions import REVISED, SAVED, RevisionKind, Revisions
from crawler.store.articles.shown_pages import page_url
from crawler.store.articles.suspect import SUSPECT_TEXT, SuspectTexts, has_lost_head
from crawler.store.articles.urls import ArticleUrls, found_url
from crawler.store.database import Database
from crawler.store.dedupe.body_update import BodyUpdate, body_columns
from crawler.store.dedupe.boilerplate import Boilerplate
from crawler.store.dedupe.copies import Stories
from crawler.store.dedupe.embedded import EmbeddedTexts, HostArticle
from crawler.store.dedupe.passages import Passages, SharedSentences
from crawler.store.times import to_text
from crawler.structure import structure_of_part


@dataclass(frozen=True, slots=True)
class Written:
    """What became of an article."""

    outcome: Outcome
    id: int | None
    """None if nothing is stored of it."""

    article: Article
    """As stored: without the texts of others and the site's boilerplate."""

    reason: str | None = None
    """Why it is `blocked`: nothing was stored."""

    notice_id: int | None = None
    """Equal for blocked pages that show the same text."""


class ArticleWriter:
    """Stores the articles of one transaction. Two crawls may write at once: each must see what the other did."""

    def __init__(self, db: Database, now: datetime, *, boilerplate_pages: int = 0) -> None:
        """`boilerplate_pages`: articles of a site on which a line must be to be removed; 0 for never."""
        self._db = db
        self._now = now
        self._urls = ArticleUrls(db)
        self._related = RelatedArticles(db, self._urls)
        self._revisions = Revisions(db)
        self._suspects = SuspectTexts(db, now)
        self._notices = Notices(db, now)
        self._passages = Passages(db)
        self._stories = Stories(db, self._passages)
        bodies = BodyUpdate(db, now, self._stories)
        self._embedded = EmbeddedTexts(db, self._urls, self._related, self._passages, bodies)
        self._boilerplate = Boilerplate(db, now, self._related, bodies, min_articles=boilerplate_pages)

    def write(self, article: Article) -> Written:
        """Store an article; whether it was new, updated, unchanged or a duplicate.

        A text that another article has already is stored and marked (`duplicate_of`), never dropped. A page that leads
        to the article of another page, with the same text, adds no row and changes none. A text that may not be the
        article's replaces nothing (`blocked`).
        """
        article = replace(article)  # the caller's stays as it is
        identify(article)
        row = self._find_row(article)
        own, shared = self._without_foreign_text(article, row)
        if blocked := self._find_block(row, article, own, shared):
            return blocked
        self._notices.forget_page(article)
        if row is None:
            return self._add(own, shared)
        if row["site"] != article.site:  # an article stays with the site that it was stored for
            return self._add_urls(row, own)
        if row["page_url"] != page_url(article):
            if row["fingerprint"] == own.fingerprint:
                return self._add_urls(row, own)
            if at_found_url := self._resolve_canonical_conflict(row, article, own):
                return self.write(at_found_url)
            if blocked := self._block(row, article, own, shared):
                return blocked
        return self._update(row, own)

    def update_extraction(self, article: Article) -> bool | None:
        """Give a stored article what a better extraction of the same page found, as a revision of kind `extraction`;
        whether a reader sees a change. None if the article is not stored.

        The row is found by the page's URL, otherwise by the article's; its URL and the times it was seen stay.
        """
        rows = self._rows("page_url = ? ORDER BY id LIMIT 1", page_url(article)) or self._rows("url = ?", article.url)
        if not rows:
            return None
        row = rows[0]
        article = replace(article, url=row["url"])
        identify(article)
        own, _ = self._without_foreign_text(article, row)
        is_changed = self._update_row(row, own, "extraction")
        if is_changed:
            self._learn_changed_text(int(row["id"]), own.site, own.paragraphs)
        return is_changed

    def restore(self, harmed: HarmedArticle) -> None:
        """Put an earlier version of an article back, and let its page be requested again: what is there now is not the
        article, or was not when it was read."""
        article_id, paragraphs = harmed.article_id, harmed.version["body"].split("\n")
        [before] = self._rows("id = ?", article_id)
        row = {name: harmed.version[name] for name in SAVED}
        row |= body_columns(paragraphs, row["structure"])
        self._revisions.add(
            article_id, "restored", {name: before[name] for name in SAVED if before[name] != row[name]}, self._now
        )
        self._db.update("articles", article_id, row)
        self._related.replace(article_id, [])  # those of the other page; the article's own are not in the revisions
        self._learn_changed_text(article_id, before["site"], paragraphs)
        self._suspects.forget(article_id)
        self._db.execute("UPDATE archive SET current = 0 WHERE article_id = ? AND current = 1", [article_id])
        self._db.execute(
            """UPDATE archive SET current = 1 WHERE id = (SELECT id FROM archive WHERE article_id = ? AND fetched <= ?
                                                          ORDER BY fetched DESC, id DESC LIMIT 1)""",
            [article_id, harmed.version["seen"]],
        )
        self._db.execute(
            """UPDATE pages SET etag = NULL, last_modified = NULL, body_hash = NULL, recheck_at = ?
               WHERE article_id = ? AND url = ? AND state = 'done'""",
            [to_text(self._now), article_id, before["page_url"]],
        )

    # The steps, in the order of `write`.

    def _find_row(self, article: Article) -> dict[str, Any] | None:
        """The row of an article: at its URL, where its page was found, or at a variant of its URL (/amp, m., another
        last slash) with the same text."""
        rows = self._rows("url = ?", article.url)
        if not rows and found_url(article) != article.url:  # stored before its page had that canonical link, or in
            rows = self._rows("url = ? AND page_url = ?", found_url(article), page_url(article))  # spite of it
        if rows:
            return rows[0]
        for article_id in self._urls.find_variants(article.url):
            if same := self._rows("id = ? AND fingerprint = ?", article_id, article.fingerprint):
                return same[0]
        return None

    def _without_foreign_text(self, article: Article, row: dict[str, Any] | None) -> tuple[Article, SharedSentences]:
        """The article without the site's boilerplate and the texts of others, and the articles that share its
        sentences."""
        body = article.body
        parsed_text(body, article.identity)
        kept = self._boilerplate.kept_paragraphs(article.site, article.paragraphs)
        text = parsed_part(body, kept)
        article_id = int(row["id"]) if row else None
        host = HostArticle(article_id, article.site, to_text(article.published))
        shared = self._count_shared(text, article_id)
        related = with_shifted_index(article.related, kept)
        removal = self._embedded.remove_embedded(host, list(text.paragraphs), related, shared)
        if removal.is_changed:
            text = parsed_text("\n".join(removal.paragraphs))
            shared = self._count_shared(text, article_id)
        structure = structure_of_part(article.structure, article.paragraphs, removal.paragraphs)
        own = replace(article, paragraphs=removal.paragraphs, structure=structure, related=removal.related)
        own.identity = text.identity
        own.fingerprint = text.identity.fingerprint
        return own, shared

    def _add(self, article: Article, shared: SharedSentences) -> Written:
        seen = {"first_seen": to_text(self._now), "last_seen": to_text(self._now)}
        # Its own story from the beginning: to set that afterwards would write the row and its indexes twice.
        (article_id,) = self._db.execute("SELECT coalesce(max(id), 0) + 1 FROM articles").fetchone()
        self._db.insert("articles", _columns(article) | seen | {"id": article_id, "story_id": article_id})
        self._urls.add(article_id, article.url, article)
        self._write_links(article_id, article)
        self._embedded.correct_hosts(article_id, parsed_text(article.body), shared)
        is_copy = self._stories.assign(article_id, shared)
        self._boilerplate.learn(article_id, article.site, article.paragraphs)
        return Written("duplicate" if is_copy else "new", article_id, self._as_stored(article_id, article))

    def _add_urls(self, row: dict[str, Any], article: Article) -> Written:
        self._urls.add(row["id"], row["url"], article)
        self._related.link_to(row["id"], article)
        return Written("duplicate", row["id"], article)

    def _resolve_canonical_conflict(self, row: dict[str, Any], article: Article, own: Article) -> Article | None:
        """Two texts with one canonical link: the link is wrong, the URLs of the pages are not. The article with the URL
        at which it was found; None if it is the one that the row is of."""
        is_wrong = self._urls.is_canonical_wrong(row, own)
        if is_wrong:
            self._urls.revert_canonical(row)
        if found_url(article) != article.url or (is_wrong and not self._find_row(article)):
            return replace(article, url=found_url(article))
        return None

    def _find_block(
        self, row: dict[str, Any] | None, article: Article, own: Article, shared: SharedSentences
    ) -> Written | None:
        """What the page shows may not be its article: a notice of the site, or a suspect text."""
        if row is None:
            return self._block_redirected(article, own, shared) or self._block_notice(article, own, shared)
        if row["site"] != article.site:
            return None
        if row["is_notice"] or row["page_url"] != page_url(article):
            return self._block_notice(article, own, shared)
        return self._block(row, article, own, shared)

    def _block_notice(self, article: Article, own: Article, shared: SharedSentences) -> Written | None:
        """Store nothing of a page that shows a notice, or what may be one."""
        verdict = self._notices.judge(article, own, shared)
        if verdict is None:
            return None
        if verdict.marked:
            self._notices.mark(verdict.marked, verdict.notice_id)
            self._stories.leave(verdict.marked)
        return Written("blocked", None, own, SUSPECT_TEXT, verdict.notice_id)

    def _block(self, row: dict[str, Any], article: Article, own: Article, shared: SharedSentences) -> Written | None:
        """Keep the stored text if the new one is suspect."""
        if row["fingerprint"] != own.fingerprint:
            is_notice = self._notices.find(article) is not None
            if self._suspects.is_suspect(row, own, shared, is_notice=is_notice):
                return Written("blocked", int(row["id"]), own, SUSPECT_TEXT, self._notices.show(article))
        self._suspects.forget(int(row["id"]))
        return None

    def _block_redirected(self, article: Article, own: Article, shared: SharedSentences) -> Written | None:
        """The same for a stored page that now leads to another URL, like the home page; that URL may also be the one
        of a new article, which says when and by whom it was written."""
        rows = self._rows("page_url = ? AND site = ? ORDER BY id LIMIT 1", page_url(article), article.site)
        if rows and has_lost_head(rows[0], own):
            return self._block(rows[0], article, own, shared)
        return None

    def _update(self, row: dict[str, Any], article: Article) -> Written:
        article_id = int(row["id"])
        is_changed = self._update_row(row, article, "update")
        self._db.execute("UPDATE articles SET last_seen = ? WHERE id = ?", [to_text(self._now), article_id])
        if is_changed:
            self._learn_changed_text(article_id, article.site, article.paragraphs)
        return Written("updated" if is_changed else "unchanged", article_id, self._as_stored(article_id, article))

    def _update_row(self, before: dict[str, Any], article: Article, kind: RevisionKind) -> bool:
        """Whether a reader sees a change: then there is a revision, unless the earlier text was a notice."""
        article_id = int(before["id"])
        row = _columns(article) | {"url": before["url"]}
        is_changed = any(before[name] != row[name] for name in REVISED)
        if is_changed and not before["is_notice"]:
            previous = {name: before[name] for name in SAVED if before[name] != row[name]}
            self._revisions.add(article_id, kind, previous, self._now)
        if kind == "extraction":
            row["page_url"] = before["page_url"]
        else:
            row["is_notice"] = 0
        self._db.update("articles", article_id, row)
        self._urls.add(article_id, before["url"], article)
        self._write_links(article_id, article)
        return is_changed

    def _write_links(self, article_id: int, article: Article) -> None:
        self._related.replace(article_id, article.related)
        self._related.link_to(article_id, article)
        suspected = self._related.is_embedding_suspected(article_id, article.paragraphs, article.related)
        self._db.execute(
            "UPDATE articles SET embedded_suspected = ?1 WHERE id = ?2 AND embedded_suspected != ?1",
            [int(suspected), article_id],
        )

    def _learn_changed_text(self, article_id: int, site: str, paragraphs: list[str]) -> None:
        text = parsed_text("\n".join(paragraphs))
        self._embedded.correct_hosts(article_id, text, self._count_shared(text, article_id))
        self._stories.reassign(article_id)
        self._boilerplate.learn(article_id, site, paragraphs)

    def _as_stored(self, article_id: int, article: Article) -> Article:
        """The article with the text that its row has in the end."""
        [(body, structure)] = self._db.execute("SELECT body, structure FROM articles WHERE id = ?", [article_id])
        if body != article.body:
            related = self._related.read(article_id)
            article = replace(article, paragraphs=body.split("\n"), structure=structure, related=related)
        return article

    def _count_shared(self, text: ParsedText, article_id: int | None) -> SharedSentences:
        return self._passages.count_shared(text, without=() if article_id is None else (article_id,))

    def _rows(self, where: str, *values: object) -> list[dict[str, Any]]:
        return list(self._db.query(f"SELECT * FROM articles WHERE {where}", list(values)))


def _columns(article: Article) -> dict[str, Any]:
    return {
        "url": article.url,
        "page_url": page_url(article),
        "site": article.site,
        "title": article.title or "",
        "subtitle": article.subtitle,
        "authors": json.dumps(article.authors, ensure_ascii=False),
        "source": article.source,
        "category": article.category,
        "tags": json.dumps(article.tags, ensure_ascii=False),
        "language": article.language,
        "published": to_text(article.published),
        "published_raw": article.published_raw,
        "published_from": article.published_from,
        "published_precision": article.published_precision,
        "published_zone": article.published_zone,
        "modified": to_text(article.modified),
        "image_url": article.image_url,
        "paywalled": int(article.paywalled),
        "confidence": article.confidence,
        "provenance": json.dumps(article.provenance, ensure_ascii=False, sort_keys=True),
        "extractor": article.extractor,
        **body_columns(article.paragraphs, article.structure),
    }
