"""One entry of the catalogue, validated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self
from zoneinfo import ZoneInfo

from crawler.urls import absolute_url, host_of, on_hosts

KINDS = ("agency", "broadcaster", "newspaper")
"""What a publisher is known as. An entry without a kind is an online publication, or nobody has looked."""

CONFIDENCE = ("high", "medium", "low")

_CHANNELS = ("feeds", "news_sitemaps", "wordpress_apis", "sections", "sitemaps")


class CatalogueError(ValueError):
    """An entry that cannot be used; the message names the entry, the key and the value."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A news site as public lists describe it. Nothing in it was checked by us."""

    name: str
    """Name of the profile that is made of it."""

    title: str
    """The site's own name."""

    latin: str | None = None
    """The name in Latin letters, if `title` is not."""

    url: str
    language: str
    """ISO 639: two letters, or three where there are no two."""

    country: str
    """ISO 3166 alpha-2: the seat, or the country that it reports about."""

    kind: str | None = None
    """One of KINDS."""

    timezone: str
    """IANA name: the usual one of the country."""

    feeds: tuple[str, ...] = ()
    news_sitemaps: tuple[str, ...] = ()
    wordpress_apis: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    article_url: str | None = None
    """Regular expression, derived from a few addresses of articles."""

    wordpress: bool = False
    """Whether signs of WordPress were seen."""

    answered: str | None = None
    """Day on which one of the channels, or the home page, last answered somebody else's check."""

    confidence: str
    """One of CONFIDENCE. high: a channel answered a dated check, or a crawler that is maintained uses it. medium: two
    independent sources agree. low: one source, or sources that contradict each other."""

    evidence: tuple[str, ...]
    """Where it comes from: keys of `sources()`."""

    evidence_date: str | None = None
    """Date of the newest source: a day or a month. None if no source has a date."""

    note: str | None = None
    """A known difficulty."""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Self:
        """An entry of the file. Raises CatalogueError."""
        name = str(data.get("name"))
        known = {field.name for field in fields(cls)}
        for key in data.keys() - known:
            raise CatalogueError(f"{name}: {key} = {data[key]!r}: unknown key")
        for key in ("name", "title", "url", "language", "country", "timezone", "confidence", "evidence"):
            if not data.get(key):
                raise CatalogueError(f"{name}: {key} is missing")
        values: dict[str, Any] = {key: tuple(item) if isinstance(item, list) else item for key, item in data.items()}
        return cls(**values)

    def check(self) -> None:
        """Raise CatalogueError for a value that no profile could have."""
        shapes = {
            "name": (self.name, r"[a-z][a-z0-9_]*"),
            "language": (self.language, r"[a-z]{2,3}"),
            "country": (self.country, r"[A-Z]{2}"),
            "kind": (self.kind or KINDS[0], "|".join(KINDS)),
            "confidence": (self.confidence, "|".join(CONFIDENCE)),
            "evidence_date": (self.evidence_date or "2026-01", r"20\d\d-[01]\d(-[0-3]\d)?"),
            "answered": (self.answered or "2026-01-01", r"20\d\d-[01]\d-[0-3]\d"),
        }
        for key, (value, shape) in shapes.items():
            if not re.fullmatch(shape, value):
                raise CatalogueError(f"{self.name}: {key} = {value!r}: must match {shape}")
        for url in (self.url, *self.channels()):
            if absolute_url(url, "") is None:
                raise CatalogueError(f"{self.name}: {url!r}: must be an absolute http or https URL")
        try:
            ZoneInfo(self.timezone)
            re.compile(self.article_url or "")
        except (ValueError, OSError, KeyError, re.error) as error:
            raise CatalogueError(f"{self.name}: {error}") from error

    def channels(self) -> list[str]:
        """The addresses of all channels."""
        return [url for key in _CHANNELS for url in getattr(self, key)]

    def profile_data(self) -> dict[str, Any]:
        """The keys and values of a profile, sites/<name>.toml. Without sitemaps if it has a feed or a news sitemap:
        they list the articles of many years."""
        left_out = {"sitemaps"} if self.feeds or self.news_sitemaps else set()
        channels = {key: list(getattr(self, key)) for key in _CHANNELS if key not in left_out}
        own = frozenset({host_of(self.url).removeprefix("www.")})
        urls = [url for values in channels.values() for url in values]
        data = {
            "title": self.title,
            "url": self.url,
            "language": self.language if len(self.language) == 2 else None,
            "timezone": self.timezone,
            "hosts": sorted({host_of(url) for url in urls if not on_hosts(url, own)}),
            **channels,
            "article_url": self.article_url,
        }
        return {key: value for key, value in data.items() if value}

    def as_json(self) -> dict[str, Any]:
        """The entry for JSON output, with all keys. `verified` is always false."""
        return {**asdict(self), "verified": False}
