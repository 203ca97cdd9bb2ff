"""What travels between the stages: Candidate (discover), Article and RelatedArticle (extract), Page (the run's record).

Unknown is None (or an empty list), never an empty string. Every datetime is aware and in UTC.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Literal

ChannelKind = Literal["feed", "news_sitemap", "sitemap", "wordpress", "section"]
RelatedKind = Literal["block", "inline", "embedded"]
Precision = Literal["second", "minute", "day"]
PageType = Literal["article", "list", "gallery", "blocked", "error"]
Outcome = Literal["new", "updated", "unchanged", "duplicate", "dropped", "blocked", "failed"]
OUTCOMES: tuple[Outcome, ...] = ("new", "updated", "unchanged", "duplicate", "dropped", "blocked", "failed")


@dataclass(kw_only=True, slots=True)
class Candidate:
    """A URL that a channel says is an article, with what the channel said of it."""

    url: str
    """Absolute http(s) URL, as the channel gave it, without fragment."""

    channel: ChannelKind
    channel_url: str
    """The document it was found in: the child sitemap, not the index that named it."""

    title: str | None = None
    published: datetime | None = None
    published_raw: str | None = None
    """The date as the channel wrote it."""

    modified: datetime | None = None
    """lastmod of a sitemap, updated of a feed, modified_gmt of WordPress."""

    authors: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    language: str | None = None
    """ISO 639-1 where the channel says so."""


_CANDIDATE_FIELDS = tuple(each.name for each in fields(Candidate))
_CANDIDATE_DATES = ("published", "modified")


def candidate_to_json(candidate: Candidate, *, ensure_ascii: bool = False) -> str:
    """A candidate as a JSON object on one line: the form in the database and in the archive. Unknown fields are left
    out."""
    # Not dataclasses.asdict, which copies every list: a sitemap may have 50,000 entries.
    values = {name: value for name in _CANDIDATE_FIELDS if (value := getattr(candidate, name)) not in (None, [])}
    dates = {name: values[name].isoformat() for name in _CANDIDATE_DATES if name in values}
    return json.dumps(values | dates, ensure_ascii=ensure_ascii)


def candidate_from_json(text: str) -> Candidate:
    """What `candidate_to_json` of this or another version wrote. Raises ValueError for anything else."""
    values = json.loads(text)
    try:
        dates = {name: datetime.fromisoformat(values[name]) for name in _CANDIDATE_DATES if name in values}
        return Candidate(**({name: values[name] for name in _CANDIDATE_FIELDS if name in values} | dates))
    except (TypeError, AttributeError) as error:
        raise ValueError(f"not a candidate: {text[:200]}") from error


@dataclass(kw_only=True, slots=True)
class RelatedArticle:
    """Another article that a page points to, or whose text it carries. Never part of the body."""

    kind: RelatedKind
    position: int
    """Order on the page, from 0, over all kinds."""

    title: str | None = None
    url: str | None = None
    """Absolute."""

    text: str | None = None
    """The other article's paragraphs, one a line; only for kind `embedded`."""

    after: str | None = None
    """The text right before it on the page; only for kind `inline`. The store derives `paragraph_index` from it."""

    paragraph_index: int | None = None
    """How many paragraphs of the body stand before it; None if that is not known, or it stands beside the body."""


@dataclass(kw_only=True, slots=True)
class Capture:
    """A page's response as it came, for the archive."""

    headers: list[tuple[bytes, bytes]]
    """As sent, but for Content-Encoding and Content-Length, which are those of `body`."""

    body: bytes
    """Without content and transfer encoding; empty where it is in the archive already."""

    protocol: str = "HTTP/1.1"
    address: str | None = None
    """IP address of the server."""

    candidate: Candidate | None = None
    """What the channel said of the page: extraction may have used it."""

    record: bytes | None = None
    """All this as a WARC record; set by the archive pipeline."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordLocation:
    """Where the WARC record of a page is."""

    file: str
    """Its name in the archive's folder; the full path if it is elsewhere."""

    offset: int
    length: int
    """In bytes of the file, as is the offset."""

    digest: str
    """Of the page's bytes: `sha1:` and base32."""


@dataclass(kw_only=True, slots=True)
class Page:
    """One requested URL and how its request went; it ends in exactly one outcome."""

    url: str
    """The key of the page in the store: crawler.urls.canonical_url of what the channel said."""

    site: str
    final_url: str | None = None
    """Where the response came from, after redirects."""

    redirects: list[str] = field(default_factory=list)
    """Addresses on the way to `final_url`, in order."""

    status: int | None = None
    """HTTP status of the last response; None if there was none."""

    fetched: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    """Validators of the response, as its headers gave them."""

    body_hash: str | None = None
    directives: tuple[str, ...] = ()
    """Robots directives of the page: noindex, noarchive, noai, tdm ..."""

    not_before: datetime | None = None
    """When the host wants to be asked again at the earliest, if it said so."""

    capture: Capture | None = None
    """The response, until the page is finished."""

    location: RecordLocation | None = None
    """Where the response is kept, once it is."""

    is_finished: bool = False
    """Whether it has its outcome, committed or about to be; set by the run."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Validators:
    """What tells whether a document has changed since it was last read."""

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Headers of a conditional request."""
        said = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in said.items() if value}


@dataclass(kw_only=True, slots=True)
class PageResult:
    """How a requested page ended: with an article, for which the store finds the outcome, or without one."""

    page: Page
    article: Article | None = None
    outcome: Outcome | None = None
    """`dropped`, `blocked` or `failed` without an article; set by the store with one."""

    reason: str | None = None
    """Why it was dropped or failed, as `body_too_short` or `http_404`; `wall` for one that was blocked."""

    retry: bool = False
    """Whether what kept the page from us may pass, so that a later run tries it again."""


@dataclass(kw_only=True, slots=True)
class Article:
    """One news article, as extracted from one page."""

    url: str
    """Identity: the page's own canonical link where that is plausible, else where the page was found in the end."""

    site: str
    """Name of the profile."""

    title: str | None = None
    subtitle: str | None = None
    paragraphs: list[str] = field(default_factory=list)
    """The body, in order; no paragraph holds a line break."""

    authors: list[str] = field(default_factory=list)
    """Persons, without "By" or "بقلم"."""

    source: str | None = None
    """Agency or outlet that the page names as its source."""

    category: str | None = None
    """The section the site files the article under, from breadcrumb, section link or metadata."""

    tags: list[str] = field(default_factory=list)
    language: str | None = None
    """ISO 639-1."""

    published: datetime | None = None
    """None if the page gives no date that can be read without guessing."""

    published_raw: str | None = None
    """The date as printed on the page or in its metadata."""

    published_from: str | None = None
    """The signal it was read from, e.g. `json-ld`, `meta:article:published_time`, `time`, `byline`, `channel:feed`."""

    published_precision: Precision | None = None
    modified: datetime | None = None
    image_url: str | None = None
    page_type: PageType = "article"
    """What the page is; `blocked` is a consent or bot wall, `error` an error page that came with status 200."""

    paywalled: bool = False
    """Whether the page says that readers see only its beginning."""

    related: list[RelatedArticle] = field(default_factory=list)
    provenance: dict[str, str] = field(default_factory=dict)
    """Field name → where its value came from, as title → json-ld; `channel:feed` if the page did not say it."""

    extractor: str | None = None
    """Program and library that took it out of its page, with their versions: crawler.extract.version.extractor."""

    fingerprint: str | None = None
    """crawler.text.fingerprint of the body; set by dedupe."""

    page: Page | None = None
    """The request it came from; set by the spider."""

    @property
    def body(self) -> str:
        """The body as it is stored: one paragraph a line."""
        return "\n".join(self.paragraphs)
