"""The Python API as type checkers and editors read it: they do not find the packages below rasid/project/."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Self

__all__ = [
    "Article",
    "CrawlError",
    "CrawlResult",
    "HomeError",
    "ProfileError",
    "QueryError",
    "RelatedArticle",
    "SiteProfile",
    "Store",
    "StoreError",
    "crawl_site",
    "extract",
    "project_folder",
    "read_profile",
    "use_project",
]

class HomeError(Exception): ...
class ProfileError(ValueError): ...
class StoreError(RuntimeError): ...
class QueryError(ValueError): ...
class CrawlError(Exception): ...

class SiteProfile:
    name: str
    title: str
    url: str

@dataclass(kw_only=True, slots=True)
class RelatedArticle:
    kind: Literal["block", "inline", "embedded"]
    position: int
    title: str | None = None
    url: str | None = None
    text: str | None = None
    after: str | None = None
    paragraph_index: int | None = None

@dataclass(kw_only=True, slots=True)
class Article:
    url: str
    site: str
    title: str | None = None
    subtitle: str | None = None
    paragraphs: list[str] = field(default_factory=list)
    structure: str | None = None
    authors: list[str] = field(default_factory=list)
    source: str | None = None
    category: str | None = None
    tags: list[str] = field(default_factory=list)
    language: str | None = None
    published: datetime | None = None
    published_raw: str | None = None
    published_from: str | None = None
    published_precision: Literal["second", "minute", "hour", "day"] | None = None
    published_zone: str | None = None
    modified: datetime | None = None
    image_url: str | None = None
    page_type: Literal["article", "list", "gallery", "other", "blocked", "error"] = "article"
    paywalled: bool = False
    confidence: float | None = None
    related: list[RelatedArticle] = field(default_factory=list)
    provenance: dict[str, str] = field(default_factory=dict)
    extractor: str | None = None
    fingerprint: str | None = None
    identity: Any = None
    page: Any = None
    @property
    def body(self) -> str: ...
    @property
    def body_markdown(self) -> str: ...

@dataclass(frozen=True, kw_only=True, slots=True)
class CrawlResult:
    site: str
    exit_code: int
    messages: str
    finish_reason: str | None = None
    run_id: int | None = None
    database: Path | None = None
    changes: tuple[int, int] | None = None
    stats: dict[str, Any] = field(default_factory=dict)
    @property
    def counts(self) -> dict[str, int]: ...
    def articles(self) -> Iterator[Article]: ...

class Store:
    @classmethod
    def open(cls, path: str | Path | None = None) -> Self: ...
    @property
    def path(self) -> Path: ...
    def articles(
        self,
        *,
        site: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        language: str | None = None,
        min_confidence: float | None = None,
        query: str | None = None,
        copies: bool = False,
    ) -> Iterator[Article]: ...
    def rows(
        self,
        *,
        site: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        language: str | None = None,
        min_confidence: float | None = None,
        query: str | None = None,
        copies: bool = False,
    ) -> Iterator[dict[str, Any]]: ...
    def article(self, url: str) -> Article | None: ...
    def close(self) -> None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *_: object) -> None: ...

def extract(
    html: str | bytes,
    url: str,
    profile: SiteProfile | None = None,
    *,
    candidate: Any = None,
    fetched: datetime | None = None,
) -> Article: ...
def read_profile(path: Path) -> SiteProfile: ...
def crawl_site(
    site: str | Path,
    *,
    home: str | Path | None = None,
    settings: Mapping[str, object] | None = None,
    timeout: float | None = None,
    **arguments: object,
) -> CrawlResult: ...
def project_folder() -> Path: ...
def use_project() -> None: ...
