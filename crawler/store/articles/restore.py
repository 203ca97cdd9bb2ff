"""Restoring texts from the revisions: articles whose text was replaced by what was not the article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.similarity.overlap import overlap
from crawler.similarity.parsed import parsed_text
from crawler.store.articles.revisions import Revisions
from crawler.store.articles.suspect import KEPT_OVERLAP, NO_OVERLAP, SuspectTexts, is_bare
from crawler.store.database import Database
from crawler.store.dedupe.passages import Passages
from crawler.store.times import to_text


@dataclass(frozen=True, slots=True)
class HarmedArticle:
    """An article whose stored text is not its own, and the version that it had before."""

    article_id: int
    url: str
    replaced: str
    """When the version was replaced, as in the table `revisions`."""

    text: str
    """The stored text."""

    version: dict[str, Any]
    """The fields of revisions.SAVED before, and `seen`: when they were first seen."""


class HarmedArticles:
    """Finds harmed articles. All methods run inside the caller's transaction."""

    def __init__(self, db: Database, now: datetime) -> None:
        self._db = db
        self._revisions = Revisions(db)
        self._passages = Passages(db)
        self._suspects = SuspectTexts(db, now)

    def find(self, *, article_id: int | None, site: str | None, since: datetime | None) -> list[HarmedArticle]:
        """The harmed articles among one or those of a site, if they were harmed at `since` or later.

        For a site, the stored text must have lost date and authors, or be the text of other pages as well. For a single
        article it is enough that it has nothing in common with the earlier one.
        """
        rows = self._db.query(
            """SELECT * FROM articles WHERE (:id IS NULL OR id = :id) AND (:site IS NULL OR site = :site)
               AND EXISTS (SELECT 1 FROM revisions WHERE article_id = articles.id AND kind = 'update'
                           AND (:since IS NULL OR replaced >= :since)) ORDER BY id""",
            {"id": article_id, "site": site, "since": to_text(since)},
        )
        candidates = (self._harm(row, to_text(since) or "", is_single=article_id is not None) for row in list(rows))
        return [harmed for harmed in candidates if harmed is not None]

    def _harm(self, row: dict[str, Any], since: str, *, is_single: bool) -> HarmedArticle | None:
        """The newest version that the stored text should not have replaced."""
        versions = self._revisions.versions(row["id"])
        is_shown: bool | None = None
        for version, newer in zip(versions[-2::-1], versions[:0:-1], strict=True):
            share = overlap(version["body"], row["body"])
            if newer["kind"] != "update" or newer["seen"] < since or share >= KEPT_OVERLAP:
                continue
            if is_bare(version) and not is_bare(row):
                continue  # then this version was the notice, and the article has come back
            if is_shown is None:
                is_shown = self._is_shown_elsewhere(row)
            has_lost_head = is_bare(row) and not is_bare(version)
            if is_shown or has_lost_head or (is_single and share < NO_OVERLAP):
                return HarmedArticle(row["id"], row["url"], newer["seen"], row["body"], version)
        return None

    def _is_shown_elsewhere(self, row: dict[str, Any]) -> bool:
        shared = self._passages.count_shared(parsed_text(row["body"]), without=(row["id"],))
        return self._suspects.is_shown_elsewhere(row["id"], row["site"], row["body"], shared)
