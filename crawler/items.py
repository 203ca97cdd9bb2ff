"""The data that the stages exchange: Candidate (discover), Article and RelatedArticle (extract), Page (the run).

Unknown is None (or an empty list), never an empty string. Every datetime is aware and in UTC.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Literal, NamedTuple

from crawler.structure import body_markdown
from crawler.usage import PageRights

ChannelKind = Literal["feed", "news_sitemap", "sitemap", "wordpress", "section"]
RelatedKind = Literal["block", "inline", "embedded"]
Precision = Literal["second", "minute", "hour", "day"]
PageType = Literal["article", "list", "gallery", "other", "blocked", "error"]
Outcome = Literal["new", "updated", "unchanged", "duplicate", "dropped", "blocked", "priced", "failed"]
OUTCOMES: tuple[Outcome, ...] = (
    "new", "updated", "unchanged", "duplicate", "dropped", "blocked", "priced", "failed",
)  # fmt: skip

PUBLISHED_IN_FUTURE = "published_in_future"
"""Key in an article's provenance: the date of a page that lies too far in the future, and where it came from."""

UNSURE = 0.7
"""An article with less confidence may be worth a look. Chosen by hand: 3 of 100 real pages of bench/confidence.py have
less, and nine of ten pages whose article was removed by script."""

# Kind of a revision → why the newer version replaced it.
REVISION_KINDS = {
    "update": "the site changed it",
    "extraction": "the page was extracted again with a better result",
    "embedded": "another article's text was moved out",
    "boilerplate": "repeated lines were moved out",
    "restored": "the earlier version was put back",
}


@dataclass(kw_only=True, slots=True)
class Candidate:
    """A URL that a channel lists as an article, with the data in its entry."""

    url: str
    """Absolute http or https URL as in the channel, without fragment."""

    channel: ChannelKind
    channel_url: str
    """The document that lists it: the child sitemap, not the sitemap index."""

    title: str | None = None
    published: datetime | None = None
    published_raw: str | None = None
    """The date as written in the channel."""

    modified: datetime | None = None
    """lastmod of a sitemap, updated of a feed, modified_gmt of WordPress."""

    authors: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    language: str | None = None
    """ISO 639-1, if the channel has it."""

    licence: str | None = None
    """The RSL document that a feed has for it."""

    @property
    def is_listed_as_article(self) -> bool:
        """Whether its channel lists articles only. A sitemap lists all pages of a site, unless it is one for news."""
        return self.channel != "sitemap" or self.title is not None


_CANDIDATE_FIELDS = tuple(each.name for each in fields(Candidate))
_CANDIDATE_DATES = ("published", "modified")


def candidate_to_json(candidate: Candidate, *, ensure_ascii: bool = False) -> str:
    """A candidate as a JSON object on one line, as in the database and the archive. Fields that are unknown are
    omitted."""
    # Not dataclasses.asdict, which copies every list: a sitemap may have 50,000 entries.
    values = {name: value for name in _CANDIDATE_FIELDS if (value := getattr(candidate, name)) not in (None, [])}
    dates = {name: values[name].isoformat() for name in _CANDIDATE_DATES if name in values}
    return json.dumps(values | dates, ensure_ascii=ensure_ascii)


def candidate_from_json(text: str) -> Candidate:
    """Parse the output of `candidate_to_json` of this or another version. Raises ValueError."""
    values = json.loads(text)
    try:
        dates = {name: datetime.fromisoformat(values[name]) for name in _CANDIDATE_DATES if name in values}
        return Candidate(**({name: values[name] for name in _CANDIDATE_FIELDS if name in values} | dates))
    except (TypeError, AttributeError) as error:
        raise ValueError(f"not a candidate: {text[:200]}") from error


@dataclass(kw_only=True, slots=True)
class RelatedArticle:
    """Another article that a page points to, or whose text is embedded in it. Never part of the body."""

    kind: RelatedKind
    position: int
    """Its position among all related articles of the page, from 0."""

    title: str | None = None
    url: str | None = None
    """Absolute."""

    text: str | None = None
    """The other article's paragraphs, one per line; only for kind `embedded`."""

    after: str | None = None
    """The text right before it on the page; only for kind `inline`. The store derives `paragraph_index` from it."""

    paragraph_index: int | None = None
    """Number of body paragraphs that precede it; None if it is unknown, or if it stands beside the body."""


@dataclass(kw_only=True, slots=True)
class Capture:
    """The response of a page, for the archive."""

    headers: list[tuple[bytes, bytes]]
    """As received, except that Content-Encoding and Content-Length match `body`."""

    body: bytes
    """Without content and transfer encoding; empty if the page is archived already."""

    protocol: str = "HTTP/1.1"
    address: str | None = None
    """IP address of the server."""

    candidate: Candidate | None = None
    """The channel's data, which the extraction may have used."""

    record: bytes | None = None
    """The WARC record of all this; set by the archive pipeline, like `digest`."""

    digest: str | None = None
    """The record's WARC-Payload-Digest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordLocation:
    """The location of a page's WARC record."""

    file: str
    """File name in the archive's folder, or the full path of a file elsewhere."""

    offset: int
    """In bytes, like the length."""

    length: int

    digest: str
    """Digest of the page's body: `sha1:` and base32."""


@dataclass(kw_only=True, slots=True)
class Page:
    """One requested URL with its request and response. It has exactly one outcome."""

    url: str
    """The key of the page in the store: crawler.urls.canonical_url of the URL in the channel."""

    site: str
    final_url: str | None = None
    """URL of the response, after redirects."""

    redirects: list[str] = field(default_factory=list)
    """URLs that redirected on the way to `final_url`, in order."""

    status: int | None = None
    """HTTP status of the last response; None if there was no response."""

    fetched: datetime | None = None
    etag: str | None = None
    last_modified: str | None = None
    """Validators (ETag, Last-Modified) as in the headers of the response."""

    body_hash: str | None = None
    directives: tuple[str, ...] = ()
    """Robots directives of the page: noindex, noarchive, noai, tdm ..."""

    rights: PageRights | None = None
    """What it says of its uses, with its host; None if nothing was received that could say it."""

    certificate_problem: str | None = None
    """Why the TLS certificate, which was accepted, could not be verified; with the host."""

    not_before: datetime | None = None
    """Earliest time of the next request, if the host sent Retry-After."""

    capture: Capture | None = None
    """The response, until the page is finished."""

    location: RecordLocation | None = None
    """Location of the archived response; None until it is archived."""

    is_retry: bool = False
    """Whether earlier requests gave no article."""

    is_finished: bool = False
    """Whether it has its outcome, committed or about to be; set by the run."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Validators:
    """Validators of a document: they show whether it has changed since it was last read."""

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """Headers of a conditional request."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in headers.items() if value}


@dataclass(kw_only=True, slots=True)
class PageResult:
    """The result of a requested page: an article, for which the store determines the outcome, or an outcome."""

    page: Page
    article: Article | None = None
    outcome: Outcome | None = None
    """`dropped`, `blocked`, `priced` or `failed` without an article; set by the store if there is one."""

    reason: str | None = None
    """Why it was dropped or failed, like `body_too_short` or `http_404`; `wall` or `suspect_text` if it was blocked."""

    retry: bool = False
    """Whether the failure may be transient, so that a later run tries again."""

    shown: str | None = None
    """What a dropped or blocked page showed: equal for pages with the same text, or, without a text, with the same
    bytes."""


INTERNAL_FIELDS = ("page", "identity")
"""Fields of an Article that the stages need and that no export has."""


class TextIdentity(NamedTuple):
    """What the store compares an article's body by. This is pure text work: it is done once, in the worker
    process that extracts the article. The process that writes the database only compares keys."""

    checksum: int
    """crawler.similarity.parsed.checksum of the body: a component may have changed the text since."""

    letters: str | None
    """The body folded by crawler.text.fold_letters; None if that changes nothing."""

    fingerprint: str
    """crawler.text.fingerprint of the body."""

    line_hashes: tuple[int | None, ...]
    """For each paragraph, see crawler.similarity.repeated_lines.line_hashes."""

    word_counts: tuple[int, ...]
    """Number of words of each paragraph."""

    figure_counts: tuple[int, ...]
    """Number of words of each paragraph that begin with a digit."""

    sentence_paragraphs: tuple[int, ...]
    """Index of the paragraph of each sentence."""

    sentence_hashes: tuple[int, ...]
    """Two for each sentence, see crawler.similarity.sentences.shingle_hashes."""


@dataclass(kw_only=True, slots=True)
class Article:
    """One news article, as extracted from one page."""

    url: str
    """Identity: the page's canonical link if it is plausible, else the URL of the response."""

    site: str
    """Name of the profile."""

    title: str | None = None
    subtitle: str | None = None
    paragraphs: list[str] = field(default_factory=list)
    """The paragraphs of the body, in order, without line breaks."""

    structure: str | None = None
    """What the paragraphs are, see crawler.structure.roles; None if all are plain paragraphs."""

    authors: list[str] = field(default_factory=list)
    """Names of persons, without "By" or "بقلم"."""

    source: str | None = None
    """Agency or outlet that the page gives as its source."""

    category: str | None = None
    """Section of the site that the article belongs to, from breadcrumb, section link or metadata."""

    tags: list[str] = field(default_factory=list)
    language: str | None = None
    """ISO 639-1."""

    published: datetime | None = None
    """None if the page has no date that can be parsed without guessing."""

    published_raw: str | None = None
    """The date as printed on the page or in its metadata."""

    published_from: str | None = None
    """The signal that it was read from, like `json-ld`, `meta:article:published_time`, `time`, `byline`,
    `channel:feed`."""

    published_precision: Precision | None = None
    """`hour`: read from a text like "3 hours ago", so that `published` is at most an hour too late. `day`:
    `published` is midnight UTC of that day, whatever the zone."""

    published_zone: str | None = None
    """Where the time zone of `published` comes from, with its offset: `page +02:00` (printed with the date), `profile
    +03:00`, `inferred -05:00` (from two times of one instant), `url -03:00` (the nearest in which it is the day in the
    URL; the hour may be another), or `assumed`: there is none, UTC was taken."""

    modified: datetime | None = None
    image_url: str | None = None
    page_type: PageType = "article"
    """Type of the page; `other` declares that it is something else than an article, `blocked` is a consent or bot wall,
    `error` an error page with status 200."""

    paywalled: bool = False
    """Whether the page declares that it shows only the beginning of the article."""

    confidence: float | None = None
    """How sure the body is: the F1 that is expected of it, 0 to 1. None if a spider of one's own read it."""

    related: list[RelatedArticle] = field(default_factory=list)
    provenance: dict[str, str] = field(default_factory=dict)
    """Field name → the signal of its value, like title → json-ld; `channel:feed` if the page has no value."""

    extractor: str | None = None
    """Program and library that extracted it, with versions: crawler.extract.version.extractor."""

    fingerprint: str | None = None
    """crawler.text.fingerprint of the body; set by dedupe."""

    identity: TextIdentity | None = None
    """What the store compares the body by; set by the worker process."""

    page: Page | None = None
    """The page that it was extracted from; set by the spider."""

    @property
    def body(self) -> str:
        """The body as it is stored: one paragraph per line."""
        return "\n".join(self.paragraphs)

    @property
    def body_markdown(self) -> str:
        """The body as Markdown: with subheadings, lists, quotes and tables."""
        return body_markdown(self.body, self.structure)
