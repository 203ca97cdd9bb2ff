"""The order of the steps: HTML of one page in, one Article out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from crawler.dates.read import ReadDate, read_date
from crawler.encoding.charset import decode
from crawler.extract.authors import find_byline, persons_among, signature
from crawler.extract.body import Block, body_blocks, keep_times_of_entries, length_of, marked_blocks, texts_of
from crawler.extract.body_structure import body_structure, preformatted_text
from crawler.extract.clutter import without_clutter
from crawler.extract.clutter_boxes import remove_clutter_boxes
from crawler.extract.confidence import confidence, see_article, signals_of
from crawler.extract.frame import keep_own_teaser
from crawler.extract.hydration import MIN_BODY, state_blocks
from crawler.extract.invisible import invisible_marks
from crawler.extract.jsonld import text_value
from crawler.extract.language import find_language
from crawler.extract.live_entries import with_entries
from crawler.extract.misnamed import keep_misnamed
from crawler.extract.page import ParsedPage, element_text, parse_page
from crawler.extract.page_head import PageHead
from crawler.extract.pagetype import is_paywalled, page_type
from crawler.extract.published import LAST_RESORTS, find_modified, find_published, zone_of
from crawler.extract.related import extract_related
from crawler.extract.repair import repair_markup
from crawler.extract.second_reading import STUB, second_reading
from crawler.extract.section import GUESSED, find_category
from crawler.extract.source import find_source
from crawler.extract.standfirst import Standfirst, begins_body, find_standfirst
from crawler.extract.tags import find_tags
from crawler.extract.title import find_title, other_titles
from crawler.extract.tree import canonical_link
from crawler.extract.version import extractor
from crawler.extract.walls import shows_article
from crawler.items import Article, Candidate
from crawler.profile import SiteProfile
from crawler.text import words
from crawler.urls import absolute_url, bare_host, canonical_or_none

FieldReader = Callable[[ParsedPage, Article, "datetime | None"], "Standfirst | None"]
BodyReader = Callable[[ParsedPage, Article], list[Block]]

_DECLARED = ("json-ld", "meta:")
"""Signals in which an author or a section is declared; others are read from what the page shows."""

_MAX_LOST_DEPTH, _MIN_DEPTH = 1, 2
"""A canonical link may have one path segment less than the page's URL if two are left. Chosen by hand on the cases of
tests/pages/canonical_*; no measurement is recorded, and no figure of `make score` covers the URL."""


def extract(
    html: str | bytes,
    url: str,
    profile: SiteProfile | None = None,
    *,
    candidate: Candidate | None = None,
    fetched: datetime | None = None,
) -> Article:
    """Extract the article of a page. Pure: the same input gives the same Article, at any time and with any store.

    Bytes are decoded by what they declare, or by what they look like.

    The channel's data (`candidate`) fills only fields for which the page itself gives nothing. Relative dates
    ("3 hours ago") count from `fetched`. A page without an article gives an Article without paragraphs.
    """
    if isinstance(html, bytes):
        html = decode(html, language=profile.language if profile else None)
    page = parse_page(html, url, profile)
    if page is None:
        article = Article(url=url, site=profile.name if profile else "", extractor=extractor())
        _fill_from_channel(article, candidate, None)
        return article
    return article_of_page(page, html, candidate=candidate, fetched=fetched)


def article_of_page(
    page: ParsedPage,
    html: str,
    *,
    candidate: Candidate | None,
    fetched: datetime | None,
    fields: FieldReader | None = None,
    body: BodyReader | None = None,
) -> Article:
    """The article of a page that is parsed and otherwise untouched; see `extract`. `fields` and `body`: other readers
    than `read_fields` and `read_body`."""
    article = Article(url=page.url, site=page.profile.name if page.profile else "", extractor=extractor())
    if marks := invisible_marks(html):
        article.provenance["invisible_marks"] = marks
    article.url = article_url(page)
    standfirst = (fields or read_fields)(page, article, fetched)
    see_article(page)
    preformatted = preformatted_text(page.tree)
    blocks = (body or read_body)(page, article)
    if length_of(blocks) < STUB and not page.selected("body"):
        page.trace.was_read_again = True
        blocks = second_reading(html, page, page_head(page, article), is_empty=not blocks) or blocks
    if standfirst and not begins_body(standfirst, texts_of(blocks)):
        if standfirst.is_first_paragraph:
            blocks.insert(0, Block(standfirst.text, "p"))
        else:
            article.subtitle = standfirst.text
    if not article.authors and (name := signature(texts_of(blocks))):
        article.authors, article.provenance["authors"] = [name], "signature"
        blocks.pop()
    article.paragraphs, article.structure = texts_of(blocks), body_structure(blocks, preformatted)
    article.source = article.source or find_source(page, article.paragraphs)
    _read_language(page, article)
    article.page_type = page_type(page, article.paragraphs, is_signed=shows_article(page, article))
    article.paywalled = is_paywalled(page, article.paragraphs)
    _fill_from_channel(article, candidate, page)
    article.confidence = confidence(signals_of(page, article, html)) if article.paragraphs else 0.0
    return article


def article_url(page: ParsedPage) -> str:
    """The page's canonical link if it can be the URL of this page, else the URL where the page was found."""
    page_url = canonical_or_none(page.url) or page.url
    link = absolute_url(canonical_link(page.tree) or "", page.base)
    if link is None:
        return page_url
    canonical = canonical_or_none(link) or link
    is_own = bare_host(canonical) == bare_host(page_url) or (page.profile is not None and page.profile.owns(canonical))
    return canonical if is_own and _may_replace(page_url, canonical) else page_url


def _may_replace(page_url: str, canonical: str) -> bool:
    """Whether a canonical URL is as deep as the page's.

    Templates that give the home page or a section as the canonical URL of every page lose whole path segments.
    """
    depth, own_depth = _depth(canonical), _depth(page_url)
    if depth == 0:
        return False
    if own_depth == 0 or depth >= own_depth:
        return True
    return own_depth - depth <= _MAX_LOST_DEPTH and depth >= _MIN_DEPTH


def _depth(url: str) -> int:
    return len([segment for segment in urlsplit(url).path.split("/") if segment])


def read_fields(page: ParsedPage, article: Article, fetched: datetime | None) -> Standfirst | None:
    """Set the fields that are read before the body, and find the standfirst. Removes the related articles from the
    page's tree."""
    article.related = extract_related(page)
    _read_metadata(page, article, fetched)
    return find_standfirst(page, article.title)


def read_body(page: ParsedPage, article: Article) -> list[Block]:
    """The blocks of the body."""
    remove_selected(page)
    if marked := page.selected("body"):
        return with_noted_links(page, marked_blocks(marked))
    prepare_body(page)
    return read_prepared(page, article)


def read_prepared(page: ParsedPage, article: Article) -> list[Block]:
    """The blocks of the body of a page that is prepared. Its tree is of no use afterwards."""
    blocks = body_blocks(page, text_value(page.article.get("articleBody")))
    blocks = with_entries(without_clutter(blocks, page_head(page, article)), page)
    with_noted_links(page, blocks)
    if page.is_bare and page.scripts and length_of(blocks) < MIN_BODY:
        return state_blocks(page.scripts.values(), article.title or "") or blocks
    return blocks


def with_noted_links(page: ParsedPage, blocks: list[Block]) -> list[Block]:
    """The blocks that are the body. Notes how much of them is links."""
    page.trace.linked = sum(block.linked for block in blocks)
    return blocks


def remove_selected(page: ParsedPage) -> None:
    """Remove what the profile's selector `remove` selects."""
    for element in page.selected("remove"):
        if element.getparent() is not None:
            element.drop_tree()


def prepare_body(page: ParsedPage) -> None:
    """Remove the boxes of clutter, keep the lead and repair the markup, so that the body can be read."""
    keep_misnamed(page)
    remove_clutter_boxes(page)
    keep_own_teaser(page)
    repair_markup(page)
    keep_times_of_entries(page.tree)


def page_head(page: ParsedPage, article: Article) -> PageHead:
    """What the page shows above its body."""
    others = [article.category or "", article.source or ""]
    if page.headline is not None:
        others.append(element_text(page.headline))
    others += page.meta.get("og:site_name", [])
    return PageHead(article.title or "", others, other_titles(page), article.authors, article.published_raw)


def _read_metadata(page: ParsedPage, article: Article, fetched: datetime | None) -> None:
    if title := find_title(page):
        article.title, article.provenance["title"] = title
    byline = find_byline(page)
    article.authors, article.source = byline.authors, byline.source
    if byline.signal:
        article.provenance["authors"] = byline.signal
    category = find_category(page, article.title)
    if category and category.signal in GUESSED and words(category.text) in map(words, article.authors):
        category = None  # on some sites the articles' addresses begin with that of their author
    if category:
        article.category, article.provenance["category"] = category
        is_declared = (byline.signal or "").startswith(_DECLARED) and not category.signal.startswith(_DECLARED)
        if not is_declared:  # some themes show the section in the place of the byline
            article.authors = [name for name in article.authors if words(name) != words(category.text)]
    article.tags = find_tags(page, [article.title or "", article.category or "", *article.authors])
    if published := find_published(page, fetched):
        article.published, article.published_from = published.date.value, published.signal
        article.published_raw, article.published_precision = published.date.raw, published.date.precision
        article.published_zone = zone_of(published.date)
        if published.conflict:
            article.provenance["published_conflict"] = published.conflict
    article.modified = find_modified(page)
    image = page.first_meta("og:image", "twitter:image") or text_value(page.article.get("image"))
    article.image_url = absolute_url(image, page.base) if image else None


def _read_language(page: ParsedPage, article: Article) -> None:
    if language := find_language(page, article.body or article.title or ""):
        article.language, article.provenance["language"] = language


def _fill_from_channel(article: Article, candidate: Candidate | None, page: ParsedPage | None) -> None:
    """Fill the fields that the page leaves empty from the channel's data."""
    if candidate is None:
        return
    signal = f"channel:{candidate.channel}"
    if not article.title and candidate.title:
        article.title, article.provenance["title"] = candidate.title, signal
    if candidate.published and (not article.published or article.published_from in LAST_RESORTS):
        article.published, article.published_raw = candidate.published, candidate.published_raw
        date = read_date(candidate.published_raw or "")
        article.published_from, article.published_precision = signal, date.precision if date else "second"
        article.published_zone = _zone_in_channel(candidate.published, date, page.profile if page else None)
    authors = persons_among(candidate.authors, page) if page else candidate.authors
    if not article.authors and authors:
        article.authors, article.provenance["authors"] = authors, signal
    if not article.category and candidate.categories:
        article.category, article.provenance["category"] = candidate.categories[0], signal
    if not article.language and candidate.language:
        article.language, article.provenance["language"] = candidate.language, signal


def _zone_in_channel(published: datetime, date: ReadDate | None, profile: SiteProfile | None) -> str | None:
    """Where the time zone of the channel's date came from. Without one of its own, it was read in the profile's."""
    if date is None:
        return None
    if date.zone_from == "page" or profile is None:
        return zone_of(date)
    offset = date.value - published
    return zone_of(replace(date, zone_from="profile", offset=offset))
