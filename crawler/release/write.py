"""Write a release into a temporary folder, which gets its final name when it is complete."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crawler.export.columns import (
    ARTICLE_COLUMNS,
    CHANGED_COLUMNS,
    EDGE_COLUMNS,
    LEDGER_COLUMNS,
    MISSING_COLUMNS,
    RELATED_COLUMNS,
    REMOVED_COLUMNS,
    REMOVED_EDGE_COLUMNS,
)
from crawler.export.staging import ExportError, staged_folder
from crawler.profile import SiteProfile
from crawler.release.card import write_card
from crawler.release.delta import Previous, diff_articles, diff_edges, with_related
from crawler.release.facts import Facts
from crawler.release.missing import Missing
from crawler.release.package import PACKAGE, DataFile, resources, write_json, write_sums, write_table
from crawler.release.rights import ReleaseRights
from crawler.store import ArticleFilter, Store

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")  # Frictionless


@dataclass(frozen=True, kw_only=True, slots=True)
class Release:
    """The contents of a release."""

    name: str
    article_filter: ArticleFilter
    formats: Sequence[str]
    previous: Path | None = None
    """Write only the differences from this release."""


Track = Callable[[Iterable[Mapping[str, Any]]], Iterator[Mapping[str, Any]]]
"""Passes rows on, and may count them."""


def write_release(
    store: Store, release: Release, target: Path, profiles: Mapping[str, SiteProfile], track: Track = iter
) -> Facts:
    """Write a release into a folder that does not exist yet, and return its figures. `track` sees the articles go by.
    Raises ExportError.

    The same database gives the same bytes: `created` is not the time of writing but the latest `last_seen` of the
    articles (docs/decisions.md#a-release-has-no-clock).
    """
    if not _NAME.fullmatch(release.name):
        raise ExportError(
            f"--name {release.name!r}: must consist of lower-case letters, digits, dots, dashes and underscores"
        )
    filters = release.article_filter.as_text()
    facts = Facts()
    with store.exports.snapshot(), staged_folder(target) as folder:
        if release.previous:
            previous = Previous(release.previous, filters)
            files = _write_delta(store, release, previous, folder, facts, track)
        else:
            previous = None
            files = _write_full(store, release, folder, facts, track)
        rights = ReleaseRights.read(store, release.article_filter)
        missing = Missing(store, release.article_filter)
        files += write_table(folder, "ledger", LEDGER_COLUMNS, missing.ledger_rows(), release.formats)
        files += write_table(folder, "missing", MISSING_COLUMNS, missing.page_rows(), release.formats)
        write_json(folder / PACKAGE, _package(release, facts, files, profiles, previous))
        write_card(
            folder,
            release.name,
            facts,
            files,
            profiles=profiles,
            filters=filters,
            previous=previous.name if previous else None,
            missing=missing,
            rights=rights,
        )
        write_sums(folder)
    return facts


def _write_full(store: Store, release: Release, folder: Path, facts: Facts, track: Track) -> list[DataFile]:
    article_filter, formats = release.article_filter, release.formats
    articles = track(store.exports.articles(article_filter))
    return [
        *write_table(folder, "articles", ARTICLE_COLUMNS, facts.counting(articles), formats),
        *write_table(
            folder, "related_articles", RELATED_COLUMNS, store.exports.related_articles(article_filter), formats
        ),
        *write_table(
            folder, "story_edges", EDGE_COLUMNS, store.exports.story_edges(_with_copies(article_filter)), formats
        ),
    ]


def _write_delta(
    store: Store, release: Release, previous: Previous, folder: Path, facts: Facts, track: Track
) -> list[DataFile]:
    article_filter, formats = release.article_filter, release.formats
    removed: list[dict[str, Any]] = []
    removed_edges: list[dict[str, Any]] = []
    changed: set[int] = set()

    def add_removed(row: Mapping[str, Any]) -> None:
        removed.append({"id": row["id"], "url": row["url"], "reason": store.exports.removal_reason(row["url"])})

    before = with_related(previous.rows(), previous.related())
    rows = diff_articles(
        before,
        with_related(track(store.exports.articles(article_filter)), store.exports.related_articles(article_filter)),
        add_removed,
    )
    files = write_table(folder, "changes", CHANGED_COLUMNS, facts.counting(_collecting_ids(rows, changed)), formats)
    files += write_table(folder, "removed", REMOVED_COLUMNS, removed, formats)
    related = (row for row in store.exports.related_articles(article_filter) if row["article_id"] in changed)
    files += write_table(folder, "related_articles", RELATED_COLUMNS, related, formats)
    edges = diff_edges(previous.edges(), store.exports.story_edges(_with_copies(article_filter)), removed_edges)
    files += write_table(folder, "story_edges", EDGE_COLUMNS, edges, formats)
    return files + write_table(folder, "removed_story_edges", REMOVED_EDGE_COLUMNS, removed_edges, formats)


def _with_copies(article_filter: ArticleFilter) -> ArticleFilter:
    """The filter for story edges, which belong to copies."""
    return replace(article_filter, with_duplicates=True, only_stories=False)


def _collecting_ids(rows: Iterable[Mapping[str, Any]], ids: set[int]) -> Iterator[Mapping[str, Any]]:
    for row in rows:
        ids.add(row["id"])
        yield row


def _package(
    release: Release,
    facts: Facts,
    files: Sequence[DataFile],
    profiles: Mapping[str, SiteProfile],
    previous: Previous | None,
) -> dict[str, Any]:
    known = [profiles[site] for site in sorted(facts.sites) if site in profiles]
    package: dict[str, Any] = {"profile": "data-package", "name": release.name}
    if facts.newest:
        package["created"] = facts.newest
    if previous:
        package["previous"] = {"name": previous.name, "created": previous.created}
    return package | {
        "filters": release.article_filter.as_text(),
        "extractors": dict(sorted(facts.extractors.items())),
        "sources": [{"title": profile.title, "path": profile.url} for profile in known],
        "resources": resources(files),
    }
