"""The articles of the demo newsroom, read from `content/<site>/site.toml` and `content/<site>/<number>-<word>.md`.

content/README.md explains how to write an article file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import quote

CONTENT = Path(__file__).resolve().parent / "content"
# The present of the demo, always the same: "today" in page headers, the end of the news sitemap's two days.
REFERENCE = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)

BlockKind = Literal["paragraph", "heading", "quote", "items", "table", "inline", "unlinked", "embed", "box", "figure"]
BODY_KINDS = ("paragraph", "heading", "quote", "items", "table")
Markup = Literal["json-ld", "graph", "meta", "none"]
FeedLink = Literal["plain", "tracking", "redirect"]
_LINK = re.compile(r"\[([^\]]+)\]\((\d+)\)")
_NOT_WRITTEN = ("site", "number", "path", "blocks")  # fields of Story that are not in the front matter


class ContentError(ValueError):
    """A content file that cannot be used; the message names the file and says how to fix it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """One piece of an article's text, in the order of the page."""

    kind: BlockKind
    text: str = ""
    """Paragraph, heading, quote or caption, with `**bold**` and `[words](number)` still in it."""

    items: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    label: str = ""
    """The label before the title, like "اقرأ أيضاً"."""

    targets: tuple[int, ...] = ()
    """Numbers of the articles a pointer leads to."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """One article of one site."""

    site: str
    number: int
    path: str
    """Percent-encoded, from the root of the site."""

    title: str
    section: str
    """The section's slug."""

    published: datetime
    slug: str = ""
    subtitle: str = ""
    modified: datetime | None = None
    authors: tuple[str, ...] = ()
    byline: str = ""
    """The word before the names, like "بقلم"."""

    source: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    markup: Markup = "json-ld"
    """What of the metadata is there for machines."""

    date_style: str = ""
    schema: str = "NewsArticle"
    related: tuple[int, ...] = ()
    """Articles of the block below the text."""

    see_also: int | None = None
    copy_of: str = ""
    """`site/number` of the article whose text this one republishes."""

    feed_link: FeedLink = "plain"
    """How the feed links it: with tracking parameters, or by an address that redirects."""

    blocks: tuple[Block, ...] = ()

    @property
    def changed(self) -> datetime:
        """When it was last touched."""
        return self.modified or self.published


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """One site of the newsroom."""

    name: str
    title: str
    tagline: str
    engine: str
    """Which theme and channels it has: wordpress, ledger or agency."""

    language: str
    timezone: str
    article_path: str
    about: str
    contact: str
    newsletter: str
    footer: str
    sections: dict[str, str]
    """Slug → name, in the order of the menu."""

    stories: tuple[Story, ...] = ()
    """Newest first."""


@dataclass(frozen=True, slots=True)
class Content:
    """All three sites."""

    sites: dict[str, Site]

    def story(self, site: str, number: int) -> Story:
        """One article by its number. Raises ContentError."""
        for story in self.sites[site].stories if site in self.sites else ():
            if story.number == number:
                return story
        raise ContentError(f"{site} has no article {number}; look for a mistyped number in content/")

    def original(self, story: Story) -> Story | None:
        """The article that this one republishes."""
        site, _, number = story.copy_of.partition("/")
        return self.story(site, int(number)) if story.copy_of else None


def read_content(folder: Path = CONTENT) -> Content:
    """All sites and articles, with the texts of republished articles filled in and every number checked."""
    content = Content({path.parent.name: _read_site(path) for path in sorted(folder.glob("*/site.toml"))})
    filled = {}
    for name, site in content.sites.items():
        stories = tuple(_with_copied_text(content, story) for story in site.stories)
        filled[name] = replace(site, stories=stories)
    content = Content(filled)
    for site in content.sites.values():
        for story in site.stories:
            for number in _numbers_in(story):
                content.story(site.name, number)
    return content


def plain_text(text: str) -> str:
    """A text as the reader sees it: without `**` and without the numbers of its links."""
    return _LINK.sub(r"\1", text).replace("**", "")


def paragraphs_of(story: Story) -> list[str]:
    """The article's own body as a reader sees it, tables aside: paragraphs, subheadings, quotations, list items."""
    found: list[str] = []
    for block in story.blocks:
        if block.kind in ("paragraph", "heading", "quote"):
            found.append(plain_text(block.text))
        elif block.kind == "items":
            found.extend(plain_text(item) for item in block.items)
    return found


def _read_site(path: Path) -> Site:
    data = tomllib.loads(path.read_text("utf-8"))
    site = Site(name=path.parent.name, **data)
    stories = [_read_story(site, file) for file in path.parent.glob("*.md")]
    return replace(site, stories=tuple(sorted(stories, key=lambda story: story.published, reverse=True)))


def _read_story(site: Site, path: Path) -> Story:
    data, text = _front_and_text(path)
    known = {field.name for field in fields(Story)} - {*_NOT_WRITTEN}
    for key in ("title", "section", "published"):
        if key not in data:
            raise ContentError(f"{path.name}: {key} is missing; every article needs title, section and published")
    for key in data:
        if key not in known:
            raise ContentError(f"{path.name}: unknown key {key!r}; the keys are {', '.join(sorted(known))}")
    data = {key: tuple(value) if isinstance(value, list) else value for key, value in data.items()}
    if data["section"] not in site.sections or data.get("markup", "meta") not in get_args(Markup):
        raise ContentError(f"{path.name}: {site.name} has no such section or markup")
    data.setdefault("language", site.language)
    number = int(path.stem.partition("-")[0])
    address = site.article_path.format(number=number, **{key: data.get(key, "") for key in known})
    blocks = tuple(_blocks(path.name, text))
    return Story(site=site.name, number=number, path=quote(address), blocks=blocks, **data)


def _front_and_text(path: Path) -> tuple[dict[str, Any], str]:
    parts = path.read_text("utf-8").split("+++\n", 2)
    if len(parts) != 3 or parts[0]:
        raise ContentError(
            f"{path.name}: begin the file with the facts between two lines of +++, as the other files do"
        )
    try:
        return tomllib.loads(parts[1]), parts[2]
    except tomllib.TOMLDecodeError as error:
        raise ContentError(
            f"{path.name}: the facts are not valid TOML ({error}); compare them with another file of the folder"
        ) from error


def _blocks(name: str, text: str) -> Iterator[Block]:
    for chunk in re.split(r"\n\s*\n", text.strip()):
        lines = [line.strip() for line in chunk.splitlines()]
        if not lines:
            continue
        if chunk.startswith("@"):
            yield _pointer(name, lines[0])
        elif chunk.startswith("## "):
            yield Block(kind="heading", text=lines[0][3:])
        elif chunk.startswith("> "):
            yield Block(kind="quote", text=" ".join(line.removeprefix("> ") for line in lines))
        elif all(line.startswith("- ") for line in lines):
            yield Block(kind="items", items=tuple(line[2:] for line in lines))
        elif all(line.startswith("|") for line in lines):
            rows = tuple(tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines)
            yield Block(kind="table", rows=rows)
        else:
            yield Block(kind="paragraph", text=" ".join(lines))


def _pointer(name: str, line: str) -> Block:
    """`@inline label | number`, `@unlinked …`, `@embed …`, `@box label | number number` or `@figure caption`."""
    word, _, rest = line[1:].partition(" ")
    if word == "figure":
        return Block(kind="figure", text=rest.strip())
    label, _, numbers = rest.partition("|")
    targets = tuple(int(number) for number in numbers.split())
    if word not in ("inline", "unlinked", "embed", "box") or not targets:
        raise ContentError(f"{name}: {line!r} is not a valid pointer; content/README.md lists them")
    return Block(kind=word, label=label.strip(), targets=targets)  # type: ignore[arg-type]  # checked above


def _with_copied_text(content: Content, story: Story) -> Story:
    original = content.original(story)
    if original is None:
        return story
    own = tuple(block for block in original.blocks if block.kind in BODY_KINDS)
    return replace(story, blocks=own + story.blocks)


def _numbers_in(story: Story) -> Iterator[int]:
    yield from story.related
    if story.see_also:
        yield story.see_also
    for block in story.blocks:
        yield from block.targets
        for text in (block.text, *block.items):
            yield from (int(number) for _, number in _LINK.findall(text))
