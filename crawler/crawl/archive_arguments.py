"""What can be said with `-a` to `scrapy crawl archive`."""

from __future__ import annotations

import glob
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from crawler.crawl.arguments import ArgumentError, check_names, whole_number, yes_or_no

ARCHIVE_ARGUMENTS = {
    "files": "WARC files, patterns allowed, commas between them: -a files='archive/*.warc.gz'",
    "sites": "take only pages of these, names of profiles or hosts: -a sites=bbc_arabic,daily.example",
    "max_articles": "take at most so many pages: -a max_articles=50",
    "force": "take a page even if one as new was fetched before: -a force=1",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveArguments:
    """The arguments of one crawl of archives, checked."""

    files: tuple[Path, ...]
    """In the order of their names, which begin with a date where we or Common Crawl gave them."""

    sites: frozenset[str] = frozenset()
    """Empty: all."""

    max_articles: int | None = None
    force: bool = False

    @classmethod
    def parse(cls, given: dict[str, str]) -> Self:
        """From the strings of the command line. Raises ArgumentError."""
        check_names(given, ARCHIVE_ARGUMENTS)
        return cls(
            files=_files(given.get("files", "")),
            sites=frozenset(site.strip() for site in given.get("sites", "").split(",") if site.strip()),
            max_articles=whole_number(given["max_articles"]) if "max_articles" in given else None,
            force=yes_or_no(given.get("force", "0")),
        )


def _files(text: str) -> tuple[Path, ...]:
    patterns = [pattern.strip() for pattern in text.split(",") if pattern.strip()]
    if not patterns:
        raise ArgumentError("name the files: -a files='archive/*.warc.gz'")
    found: set[Path] = set()
    for pattern in patterns:
        files = [path for name in glob.glob(pattern, recursive=True) if (path := Path(name)).is_file()]
        if not files:
            raise ArgumentError(f"-a files={pattern}: there is no such file")
        found.update(files)
    return tuple(sorted(found, key=lambda path: (path.name, path)))
