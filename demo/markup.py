"""The HTML that all three themes share: an article's text, its metadata for machines, printed dates."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from html import escape
from typing import Any

from demo.content import Block, Story, plain_text
from demo.served_site import ServedSite

PointerHtml = Callable[[ServedSite, Block], str]


def body_html(served: ServedSite, story: Story, pointer_html: PointerHtml) -> str:
    """The text of an article; the theme draws its pointers to other articles."""
    return "\n".join(_block_html(served, story, block, pointer_html) for block in story.blocks)


def _block_html(served: ServedSite, story: Story, block: Block, pointer_html: PointerHtml) -> str:
    if block.kind == "paragraph":
        return f"<p>{text_html(served, block.text)}</p>"
    if block.kind == "heading":
        return f"<h2>{_clock_html(served, story, block.text)}</h2>"
    if block.kind == "quote":
        return f"<blockquote><p>{text_html(served, block.text)}</p></blockquote>"
    if block.kind == "items":
        return "<ul>" + "".join(f"<li>{text_html(served, item)}</li>" for item in block.items) + "</ul>"
    if block.kind == "table":
        return _table_html(block)
    if block.kind == "figure":
        picture = f'<img src="{served.url(picture_path(story))}" alt="" width="800" height="320">'
        return f"<figure>{picture}<figcaption>{escape(block.text)}</figcaption></figure>"
    return pointer_html(served, block)


def text_html(served: ServedSite, text: str) -> str:
    """A text with its bold words and its links to other articles of the site."""

    def link(match: re.Match[str]) -> str:
        return f'<a href="{served.story_url(served.story(int(match[2])))}">{match[1]}</a>'

    linked = re.sub(r"\[([^\]]+)\]\((\d+)\)", link, escape(text, quote=False))
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", linked)


def _clock_html(served: ServedSite, story: Story, heading: str) -> str:
    """A heading; on a live page the clock time it begins with is marked up."""
    clock, _, rest = heading.partition(" ")
    if story.schema != "LiveBlogPosting":
        return text_html(served, heading)
    return f'<time datetime="{live_moment(served, story, clock).isoformat()}">{clock}</time> {text_html(served, rest)}'


def live_moment(served: ServedSite, story: Story, clock: str) -> datetime:
    """The clock time of an entry on a live page, on the day of the page."""
    hour, minute = clock.split(":")
    return served.local(story.published).replace(hour=int(hour), minute=int(minute), second=0)


def _table_html(block: Block) -> str:
    head, *rows = block.rows
    cells = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    lines = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{lines}</tbody></table>"


def picture_path(story: Story) -> str:
    """Path of an article's picture."""
    return f"/images/{story.number}.svg"


def has_picture(story: Story) -> bool:
    """Whether the article shows a picture."""
    return any(block.kind == "figure" for block in story.blocks)


def excerpt(story: Story, length: int = 170) -> str:
    """The beginning of the text, for listings, feeds and descriptions."""
    text = next((plain_text(block.text) for block in story.blocks if block.kind == "paragraph"), "")
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0] + "…"


def head_metadata(served: ServedSite, story: Story) -> str:
    """The machine-readable metadata of an article in <head>, as far as its `markup` says."""
    url = served.story_url(story)
    lines = [f'<link rel="canonical" href="{url}">', _property("og:title", f"{story.title} - {served.site.title}")]
    if story.markup == "none":
        return "\n".join(lines)
    lines += [
        _property("og:type", "article"),
        _property("og:url", url),
        _property("og:site_name", served.site.title),
        _property("og:description", excerpt(story)),
        _property("article:published_time", served.local(story.published).isoformat()),
        _property("article:section", served.site.sections[story.section]),
        *(_property("article:tag", tag) for tag in story.tags),
    ]
    if story.modified:
        lines.append(_property("article:modified_time", served.local(story.modified).isoformat()))
    if has_picture(story):
        lines.append(_property("og:image", served.url(picture_path(story))))
    if story.authors:
        lines.append(f'<meta name="author" content="{escape(", ".join(story.authors))}">')
    if story.markup in ("json-ld", "graph"):
        lines.append(json_script(_json_ld(served, story)))
    return "\n".join(lines)


def _property(name: str, value: str) -> str:
    return f'<meta property="{name}" content="{escape(value)}">'


def json_script(data: dict[str, Any]) -> str:
    """A JSON-LD script element; "</" is written so that no text can end it early."""
    text = json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/ld+json">{text}</script>'


def _json_ld(served: ServedSite, story: Story) -> dict[str, Any]:
    home = served.url("/")
    publisher = {"@type": "NewsMediaOrganization", "@id": home + "#publisher", "name": served.site.title, "url": home}
    article = _json_ld_article(served, story)
    if story.markup != "graph":
        return {"@context": "https://schema.org", **article, "publisher": publisher}
    page = {"@type": "WebPage", "@id": served.story_url(story), "name": f"{story.title} - {served.site.title}"}
    website = {"@type": "WebSite", "@id": home + "#website", "name": served.site.title, "url": home}
    article = {**article, "publisher": {"@id": publisher["@id"]}, "isPartOf": {"@id": page["@id"]}}
    return {"@context": "https://schema.org", "@graph": [website, publisher, page, article]}


def _json_ld_article(served: ServedSite, story: Story) -> dict[str, Any]:
    persons = [{"@type": "Person", "name": name, "url": served.url(served.author_path(name))} for name in story.authors]
    organization = {"@type": "Organization", "name": story.source or served.site.title}
    article: dict[str, Any] = {
        "@type": story.schema,
        "headline": story.title,
        "description": excerpt(story),
        "datePublished": served.local(story.published).isoformat(),
        "dateModified": served.local(story.changed).isoformat(),
        "author": persons or [organization],
        "articleSection": served.site.sections[story.section],
        "keywords": list(story.tags),
        "inLanguage": story.language,
        "mainEntityOfPage": served.story_url(story),
    }
    if has_picture(story):
        article["image"] = served.url(picture_path(story))
    if story.schema == "LiveBlogPosting":
        clocks = [block.text.partition(" ") for block in story.blocks if block.kind == "heading"]
        article["liveBlogUpdate"] = [
            {
                "@type": "BlogPosting",
                "headline": rest,
                "datePublished": live_moment(served, story, clock).isoformat(),
            }
            for clock, _, rest in clocks
        ]
    return article
