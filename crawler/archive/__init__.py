"""The archive: the pages that articles were extracted from, as WARC files that other tools read as well."""

from __future__ import annotations

from pathlib import Path


def archive_folder(database: str, archive: str) -> Path | None:
    """The folder that NEWS_ARCHIVE names, a relative one beside the database; None if pages are not kept."""
    return Path(database).parent / archive if archive else None
