"""What a perfect crawl of the demo newsroom stores, derived from the content files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from demo.content import BODY_KINDS, Block, Content, Site, Story, paragraphs_of, read_content
from demo.printed_dates import TIMED_STYLES, printed_date, style_of
from demo.served_site import ServedSite

Precision = str  # as crawler.items.Precision: second, minute, hour or day


@dataclass(frozen=True, kw_only=True, slots=True)
class Pointer:
    """Another article that a page refers to or contains, in the order of the page."""

    kind: str
    """inline (in the text, with or without a link, or as a box), embedded, or block (below or beside the text)."""

    title: str
    path: str | None
    """None where the page gives no link."""

    paragraphs: tuple[str, ...] = ()
    """The other article's text, for embedded ones."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TrueArticle:
    """One article as it should be stored. Paths are percent-encoded as by crawler.urls.canonical_url."""

    site: str
    path: str
    title: str
    subtitle: str | None
    category: str
    authors: tuple[str, ...]
    source: str | None
    tags: tuple[str, ...]
    language: str
    published: str
    """ISO 8601, UTC, to the second."""

    published_printed: str
    """The date as the page prints it for readers."""

    page_precision: Precision
    """How exactly the page itself tells the date; its channels tell it to the second."""

    modified: str | None
    paragraphs: tuple[str, ...]
    """The article's own body: paragraphs, subheadings, quotations, list items; neither captions nor tables."""

    tables: tuple[tuple[tuple[str, ...], ...], ...]
    captions: tuple[str, ...]
    related: tuple[Pointer, ...]
    copy_of: tuple[str, str] | None
    """Site and path of the article whose text this one republishes word for word."""

    embeds: str | None
    """Path of the article of the same site whose whole text is in this page."""


def truth() -> list[TrueArticle]:
    """All articles of all three sites, newest first within each."""
    content = read_content()
    return [_true_article(content, site, story) for site in content.sites.values() for story in site.stories]


def _true_article(content: Content, site: Site, story: Story) -> TrueArticle:
    served = ServedSite(content, site, {})
    original = content.original(story)
    related = tuple(_pointers(served, story))
    return TrueArticle(
        site=site.name,
        path=story.path,
        title=story.title,
        subtitle=story.subtitle or None,
        category=site.sections[story.section],
        authors=story.authors,
        source=story.source or None,
        tags=story.tags,
        language=story.language,
        published=_utc(story.published),
        published_printed=printed_date(served, story),
        page_precision=_page_precision(served, story),
        modified=_utc(story.modified) if story.modified else None,
        paragraphs=tuple(paragraphs_of(story)),
        tables=tuple(block.rows for block in story.blocks if block.kind == "table"),
        captions=tuple(block.text for block in story.blocks if block.kind == "figure"),
        related=related,
        copy_of=(original.site, original.path) if original else None,
        embeds=next((pointer.path for pointer in related if pointer.kind == "embedded"), None),
    )


def _pointers(served: ServedSite, story: Story) -> Iterator[Pointer]:
    for block in story.blocks:
        if block.kind not in BODY_KINDS:
            yield from (_pointer_in_text(block, served.story(number)) for number in block.targets)
    for number in (*story.related, *((story.see_also,) if story.see_also else ())):
        other = served.story(number)
        yield Pointer(kind="block", title=other.title, path=other.path)


def _pointer_in_text(block: Block, target: Story) -> Pointer:
    if block.kind == "embed":
        text = tuple(paragraphs_of(target))
        return Pointer(kind="embedded", title=target.title, path=target.path, paragraphs=text)
    return Pointer(kind="inline", title=target.title, path=None if block.kind == "unlinked" else target.path)


def _page_precision(served: ServedSite, story: Story) -> Precision:
    if story.markup != "none" or served.site.engine != "wordpress":
        return "second"
    return "minute" if style_of(served, story) in TIMED_STYLES else "day"


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
