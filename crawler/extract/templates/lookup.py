"""Read a page by its site's template. What the template does not know of is a reason for the full extraction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from lxml.html import HtmlElement

from crawler.extract.article import (
    article_of_page,
    page_head,
    prepare_body,
    read_fields,
    remove_selected,
    with_noted_links,
)
from crawler.extract.body import Block, length_of
from crawler.extract.clutter import without_clutter
from crawler.extract.jsonld import text_value
from crawler.extract.live_entries import with_entries
from crawler.extract.page import ParsedPage, parse_page
from crawler.extract.pagetype import is_paywalled, may_show_paywall
from crawler.extract.standfirst import Standfirst
from crawler.extract.templates.blocks import read_below, strip_unread
from crawler.extract.templates.paths import path_of
from crawler.extract.templates.reduce import declares_article, drop, follow, prose_outside
from crawler.extract.templates.signals import Evidence, FieldReading, evidence, is_trusted
from crawler.extract.templates.template import Template
from crawler.items import Article, Candidate
from crawler.profile import SiteProfile

# The numbers below are from a sketch on 44 sites of 40 pages, in which one page of 1,099 was wrong and passed all
# checks; no measurement of a single one is recorded. Lengths are in characters.
_MIN_UNKNOWN = 40
"""An element that the template does not know may have less text than this."""

_MIN_UNDECIDED = 60
"""A block that some pages keep and others cut may have less text than this; then most pages decide."""

_MAX_OUTSIDE = 0.08
"""Prose outside of the container, as a share of the body, in places where the pages of the site had none. With the
sketch's .25, 4 of 286 pages lost a fifth of their text after a redesign that moved it to a second container; none with
.08, and no further page went to the full extraction without a redesign (bench/templates.py, 20 sites of 40 pages)."""

_MAX_PROSE = 200
"""Paragraphs outside of the container whose place is looked up: a bound for the time. More of them count as unknown."""

_MIN_BODY = 200
_SHORTER, _LONGER = 0.25, 4.0
"""How a body compares with the shortest and with the longest that the template was learnt from."""

_MIN_DECLARED, _LESS, _MORE = 500, 0.5, 2.0
"""How a body compares with an `articleBody` of at least this length."""


class Miss(Exception):
    """The template cannot give this page; the message says why."""


@dataclass(slots=True)
class LookedUp:
    """What a lookup gave."""

    article: Article | None = None
    miss: str | None = None
    """Why the template did not give an article."""

    page: ParsedPage | None = None
    """The parsed page, if nothing of it was changed: the full extraction may use it."""

    evidence: Evidence = field(default_factory=dict)
    """What the page says of the signals of its fields, where the whole page was read too."""

    looks: int = 0
    """See TemplateUse."""


def look_up(
    html: str,
    url: str,
    template: Template,
    profile: SiteProfile | None = None,
    *,
    candidate: Candidate | None = None,
    fetched: datetime | None = None,
    whole: FieldReading | None = None,
) -> LookedUp:
    """The article of a page by its site's template; it has every field that `extract` sets. `whole`: the fields of the
    whole page, if they were read."""
    lookup = _Lookup(html, url, template, profile, whole)
    page = parse_page(html, url, profile, lookup.reduce)
    if page is None:
        return LookedUp(miss="no content")
    if lookup.miss is None and template.is_declared and not declares_article(page):
        return LookedUp(miss="not declared as an article")
    if lookup.miss is not None:
        return LookedUp(miss=lookup.miss, page=page)
    try:
        article = article_of_page(
            page, html, candidate=candidate, fetched=fetched, fields=lookup.read_fields, body=lookup.read_body
        )
        lookup.check(page, article)
    except Miss as miss:
        return LookedUp(miss=str(miss), evidence=lookup.evidence, looks=template.looks)
    article.provenance["template"] = str(template.version)
    return LookedUp(article, evidence=lookup.evidence, looks=template.looks)


class _Lookup:
    """The readers of fields and body for one page."""

    def __init__(
        self, html: str, url: str, template: Template, profile: SiteProfile | None, fields: FieldReading | None
    ) -> None:
        self.miss: str | None = None
        self.evidence: Evidence = {}
        self._html, self._url, self._template, self._profile = html, url, template, profile
        self._top: HtmlElement | None = None
        self._prose_outside = 0
        self._whole: ParsedPage | None = None
        self._whole_fields = fields

    def reduce(self, tree: HtmlElement) -> None:
        """Find the container, and remove what no field needs. A tree without it stays as it is."""
        template = self._template
        tops, beside = follow(tree, template.way)
        if len(tops) != 1:
            self.miss = f"{len(tops)} containers"
            return
        [self._top] = tops
        for number, (paragraph, length) in enumerate(prose_outside(tree, self._top)):
            if number >= _MAX_PROSE or path_of(paragraph) not in template.outside:
                self._prose_outside += length
        if self._prose_outside > len(str(self._top.text_content())) * _MAX_OUTSIDE:
            self.miss = "prose outside of the container"
            return
        drop(beside, template.dropped, template.opened)

    def read_fields(self, page: ParsedPage, article: Article, fetched: datetime | None) -> Standfirst | None:
        """The fields of the parts that are left. Each whose signal is not trusted is read from the whole page."""
        standfirst = read_fields(page, article, fetched)
        if not self._template.dropped:
            return standfirst
        part = FieldReading(article, standfirst)
        counts = self._template.signals
        doubtful = {name for name, signal in part.signals().items() if not is_trusted(counts, name, signal)}
        if not doubtful and self._whole_fields is None:
            return standfirst
        whole = self._whole_fields or self._read_whole(fetched)
        self.evidence = evidence(part, whole)
        _replace(article, whole.article, doubtful)
        return whole.standfirst if "standfirst" in doubtful else standfirst

    def read_body(self, page: ParsedPage, article: Article) -> list[Block]:
        """The blocks of the container that belong to the body. Raises Miss."""
        template = self._template
        top = self._top
        remove_selected(page)
        if not template.is_plain:
            prepare_body(page)
        if top is None or top.getroottree().getroot() is not page.tree:
            raise Miss("the container was removed")
        strip_unread(top)
        reading = read_below(top, "", known=template.known, entered=template.entered)
        if any(length >= _MIN_UNKNOWN for _, length in reading.unknown):
            raise Miss("unknown element with text")
        blocks: list[Block] = []
        for placed in reading.blocks:
            if placed.path in template.kept:
                _add(blocks, placed.block)
            elif placed.path in template.undecided:
                if len(placed.block.text) >= _MIN_UNDECIDED:
                    raise Miss("kept on some pages and cut on others")
                kept, cut = template.paths[placed.path]
                if kept >= cut:
                    _add(blocks, placed.block)
            elif placed.path not in template.paths and len(placed.block.text) >= _MIN_UNKNOWN:
                raise Miss("unknown block of text")
        blocks = with_entries(without_clutter(blocks, page_head(page, article)), page)
        with_noted_links(page, blocks)
        self._check_length(length_of(blocks), page)
        return blocks

    def check(self, page: ParsedPage, article: Article) -> None:
        """Check what is known at the end. Raises Miss."""
        if article.page_type != "article":
            raise Miss(f"page type {article.page_type}")
        if not article.title:
            raise Miss("no title")
        if self._template.dropped and not article.paywalled and may_show_paywall(self._html, article.paragraphs):
            article.paywalled = is_paywalled(self._whole_page(), article.paragraphs)

    def _check_length(self, length: int, page: ParsedPage) -> None:
        template = self._template
        if length < max(_MIN_BODY, template.shortest * _SHORTER) or length > template.longest * _LONGER:
            raise Miss("length of the body")
        if self._prose_outside > length * _MAX_OUTSIDE:
            raise Miss("prose outside of the container")
        declared = len(text_value(page.article.get("articleBody")))
        if declared >= _MIN_DECLARED and not declared * _LESS < length < declared * _MORE:
            raise Miss("length of articleBody")

    def _read_whole(self, fetched: datetime | None) -> FieldReading:
        article = Article(url=self._url, site=self._profile.name if self._profile else "")
        return FieldReading(article, read_fields(self._whole_page(), article, fetched))

    def _whole_page(self) -> ParsedPage:
        if self._whole is None:
            self._whole = parse_page(self._html, self._url, self._profile)
        assert self._whole is not None  # it was parsed before
        return self._whole


def _add(blocks: list[Block], block: Block) -> None:
    """Add a block that does not repeat the one before: the full extraction has such paragraphs once."""
    if not blocks or blocks[-1].text != block.text:
        blocks.append(block)


def _replace(article: Article, whole: Article, fields: set[str]) -> None:
    """Take these fields from the reading of the whole page."""
    for name in ("title", "authors", "category"):
        if name in fields:
            setattr(article, name, getattr(whole, name))
            article.provenance.pop(name, None)
            if name in whole.provenance:
                article.provenance[name] = whole.provenance[name]
    if "authors" in fields:
        article.source = whole.source
    if "published" in fields:
        for part in ("published", "published_from", "published_raw", "published_precision", "published_zone"):
            setattr(article, part, getattr(whole, part))
        article.provenance.pop("published_conflict", None)
        if "published_conflict" in whole.provenance:
            article.provenance["published_conflict"] = whole.provenance["published_conflict"]
    if "tags" in fields:
        article.tags = whole.tags
    if "related" in fields:
        article.related = whole.related
