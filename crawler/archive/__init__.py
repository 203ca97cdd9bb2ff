"""The archive: the pages of stored articles, as WARC files that other tools can read."""

from __future__ import annotations

from pathlib import Path


def archive_folder(database: str, archive: str) -> Path | None:
    """The folder of NEWS_ARCHIVE, relative to the database's folder; None if pages are not archived."""
    return Path(database).parent / archive if archive else None
