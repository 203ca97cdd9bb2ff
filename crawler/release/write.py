"""Writing a release: all of its files in a folder beside its place, which gets its name when it is whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crawler.export.columns import (
    ARTICLE_COLUMNS,
    CHANGED_COLUMNS,
    EDGE_COLUMNS,
    RELATED_COLUMNS,
    REMOVED_COLUMNS,
    REMOVED_EDGE_COLUMNS,
)
from crawler.export.staging import ExportError, staged_folder
from crawler.profile import SiteProfile
from crawler.release.card import write_card
from crawler.release.delta import Previous, changed_edges, changes, with_related
from crawler.release.facts import Facts
from crawler.release.package import PACKAGE, DataFile, resource, write_json, write_sums, write_table
from crawler.store import ArticleFilter, Store

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")  # Frictionless


@dataclass(frozen=True, kw_only=True, slots=True)
class Release:
    """What to release."""

    name: str
    wanted: ArticleFilter
    formats: Sequence[str]
    previous: Path | None = None
    """The release to which only the differences are wanted."""


def write_release(store: Store, release: Release, target: Path, profiles: Mapping[str, SiteProfile]) -> Facts:
    """Write a release into a folder that does not exist yet; what is in it. Raises ExportError.

    The same database gives the same bytes: the release has no clock. `created` is when the newest of its articles was
    last seen.
    """
    if not _NAME.fullmatch(release.name):
        raise ExportError(f"--name {release.name!r}: use small letters, digits, dots, dashes and underscores")
    filters = release.wanted.as_text()
    facts = Facts()
    with store.snapshot(), staged_folder(target) as folder:
        if release.previous:
            previous = Previous(release.previous, filters)
            files = _write_delta(store, release, previous, folder, facts)
        else:
            previous = None
            files = _write_full(store, release, folder, facts)
        write_json(folder / PACKAGE, _package(release, facts, files, profiles, previous))
        write_card(
            folder,
            release.name,
            facts,
            files,
            profiles=profiles,
            filters=filters,
            previous=previous.name if previous else None,
        )
        write_sums(folder)
    return facts


def _write_full(store: Store, release: Release, folder: Path, facts: Facts) -> list[DataFile]:
    wanted, formats = release.wanted, release.formats
    return [
        *write_table(folder, "articles", ARTICLE_COLUMNS, facts.counting(store.articles(wanted)), formats),
        *write_table(folder, "related_articles", RELATED_COLUMNS, store.related_articles(wanted), formats),
        *write_table(folder, "story_edges", EDGE_COLUMNS, store.story_edges(_with_copies(wanted)), formats),
    ]


def _write_delta(store: Store, release: Release, previous: Previous, folder: Path, facts: Facts) -> list[DataFile]:
    wanted, formats = release.wanted, release.formats
    gone: list[dict[str, Any]] = []
    gone_edges: list[dict[str, Any]] = []
    touched: set[int] = set()

    def removed(row: Mapping[str, Any]) -> None:
        gone.append({"id": row["id"], "url": row["url"], "reason": store.fate(row["url"])})

    before = with_related(previous.rows(), previous.related())
    rows = changes(before, with_related(store.articles(wanted), store.related_articles(wanted)), removed)
    files = write_table(folder, "changes", CHANGED_COLUMNS, facts.counting(_noting(rows, touched)), formats)
    files += write_table(folder, "removed", REMOVED_COLUMNS, gone, formats)
    related = (row for row in store.related_articles(wanted) if row["article_id"] in touched)
    files += write_table(folder, "related_articles", RELATED_COLUMNS, related, formats)
    edges = changed_edges(previous.edges(), store.story_edges(_with_copies(wanted)), gone_edges)
    files += write_table(folder, "story_edges", EDGE_COLUMNS, edges, formats)
    return files + write_table(folder, "removed_story_edges", REMOVED_EDGE_COLUMNS, gone_edges, formats)


def _with_copies(wanted: ArticleFilter) -> ArticleFilter:
    """The filter for story edges, which are of copies."""
    return replace(wanted, with_duplicates=True, only_stories=False)


def _noting(rows: Iterable[Mapping[str, Any]], touched: set[int]) -> Iterator[Mapping[str, Any]]:
    for row in rows:
        touched.add(row["id"])
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
        "filters": release.wanted.as_text(),
        "extractors": dict(sorted(facts.extractors.items())),
        "sources": [{"title": profile.title, "path": profile.url} for profile in known],
        "resources": [resource(file) for file in files],
    }
