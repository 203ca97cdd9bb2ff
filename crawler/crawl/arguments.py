"""The arguments (`-a`) of a crawl, of sites and of archives."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self, get_args

from crawler.crawl.moment import EXAMPLES, read_moment
from crawler.items import ChannelKind

ARGUMENTS = {
    "url": "use this URL in place of the site's own, for example a test server: -a url=http://127.0.0.1:8000/",
    "since": "skip articles that a channel dates earlier: -a since=2026-01-01, -a since='7 days'",
    "max_articles": "request at most this number of article pages: -a max_articles=50",
    "channel": f"read only channels of one kind ({', '.join(get_args(ChannelKind))}): -a channel=feed",
    "force": "fetch the listed articles even if they are already stored: -a force=1",
}
ARCHIVE_ARGUMENTS = {
    "files": "WARC files, wildcards allowed, separated by commas: -a files='archive/*.warc.gz'",
    "sites": "only pages of these sites, by profile name or host: -a sites=bbc_arabic,daily.example",
    "max_articles": "extract at most this number of pages: -a max_articles=50",
    "force": "extract pages again even if a version as new is already stored: -a force=1",
}
ARGUMENT_HELP = "; ".join(f"{name}: {text}" for name, text in ARGUMENTS.items())

_MAX_DIGITS = 18
"""Larger numbers do not fit into SQLite's integers."""


class ArgumentError(ValueError):
    """An argument that cannot be used; the message says what to write instead."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CrawlArguments:
    """The arguments of one crawl of a site, validated."""

    url: str | None = None
    since: datetime | None = None
    max_articles: int | None = None
    channel: ChannelKind | None = None
    force: bool = False

    @classmethod
    def parse(cls, raw: Mapping[str, object]) -> Self:
        """Parse the strings of the command line, or what a script gives in their place. Raises ArgumentError."""
        return cls._parse({name: str(value) for name, value in raw.items()})

    @classmethod
    def _parse(cls, raw: dict[str, str]) -> Self:
        _check_names(raw, ARGUMENTS)
        channel = raw.get("channel")
        kind = next((kind for kind in get_args(ChannelKind) if kind == channel), None)
        if channel is not None and kind is None:
            raise ArgumentError(f"-a channel={channel}: must be one of {', '.join(get_args(ChannelKind))}")
        return cls(
            url=raw.get("url"),
            since=parse_moment(raw["since"], "-a since") if "since" in raw else None,
            max_articles=_parse_count(raw["max_articles"]) if "max_articles" in raw else None,
            channel=kind,
            force=_parse_flag(raw.get("force", "0")),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveArguments:
    """The arguments of one crawl of archives, validated."""

    files: tuple[Path, ...]
    """Sorted by name: names begin with a date in our archives and in Common Crawl's."""

    sites: frozenset[str] = frozenset()
    """Empty: all sites."""

    max_articles: int | None = None
    force: bool = False

    @classmethod
    def parse(cls, raw: Mapping[str, object]) -> Self:
        """Parse the strings of the command line, or what a script gives in their place. Raises ArgumentError."""
        return cls._parse({name: str(value) for name, value in raw.items()})

    @classmethod
    def _parse(cls, raw: dict[str, str]) -> Self:
        _check_names(raw, ARCHIVE_ARGUMENTS)
        return cls(
            files=_find_files(raw.get("files", "")),
            sites=frozenset(site.strip() for site in raw.get("sites", "").split(",") if site.strip()),
            max_articles=_parse_count(raw["max_articles"]) if "max_articles" in raw else None,
            force=_parse_flag(raw.get("force", "0")),
        )


def parse_moment(text: str, option: str) -> datetime:
    """Parse a date or time, see `read_moment`, into UTC. Raises ArgumentError that names the option."""
    try:
        return read_moment(text)
    except ValueError:
        raise ArgumentError(f"{option} {text!r}: must be a date like {EXAMPLES}") from None


def _check_names(raw: Iterable[str], known: Iterable[str]) -> None:
    names = tuple(known)
    for name in raw:
        if name not in names and not name.startswith("_"):  # scrapyd adds its own, as _job
            raise ArgumentError(f"-a {name}: unknown argument; the arguments are {', '.join(names)}")


def _parse_count(text: str) -> int:
    if not text.isdecimal() or len(text) > _MAX_DIGITS:
        raise ArgumentError(f"-a max_articles={text}: must be a whole number, like 50")
    return int(text)


def _parse_flag(text: str) -> bool:
    value = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}.get(text.lower())
    if value is None:
        raise ArgumentError(f"-a force={text}: must be 1 or 0")
    return value


def _find_files(text: str) -> tuple[Path, ...]:
    patterns = [pattern.strip() for pattern in text.split(",") if pattern.strip()]
    if not patterns:
        raise ArgumentError("-a files is missing; give the archive files, like -a files='archive/*.warc.gz'")
    paths: set[Path] = set()
    for pattern in patterns:
        files = [path for name in glob.glob(pattern, recursive=True) if (path := Path(name)).is_file()]
        if not files:
            raise ArgumentError(f"-a files={pattern}: no such file")
        paths.update(files)
    return tuple(sorted(paths, key=lambda path: (path.name, path)))
