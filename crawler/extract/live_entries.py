"""The entries of a live blog that stand in the linked data alone, until a script of the page shows them."""

from __future__ import annotations

from typing import NamedTuple

from crawler.extract.body import Block, schema_blocks
from crawler.extract.jsonld import resolved, text_value, urls_of
from crawler.extract.page import ParsedPage
from crawler.structure import Role
from crawler.structure.roles import heading
from crawler.text import clean, words

_START_WORDS = 12
"""An entry whose first words are in the body is shown by the page. Chosen by hand."""

_MAX_ENTRIES = 1_000
"""Entries that are read: a bound for hostile pages."""

_MAX_SHOWN = 0.5
"""From this share of shown entries the body is the page's own. Chosen by hand."""


class Entry(NamedTuple):
    """One entry of a live blog."""

    headline: str
    blocks: list[Block]

    @property
    def text(self) -> str:
        """Its text on one line."""
        return " ".join(block.text for block in self.blocks)


def with_entries(blocks: list[Block], page: ParsedPage) -> list[Block]:
    """The blocks, and after them the entries that the page does not show; the blocks alone if it shows half of them."""
    entries = live_entries(page)
    shown = " ".join(words(" ".join(block.text for block in blocks))) if entries else ""
    hidden = [entry for entry in entries if " ".join(words(entry.text)[:_START_WORDS]) not in shown]
    if len(hidden) <= len(entries) * _MAX_SHOWN:
        return blocks
    added = list(blocks)
    for entry in hidden:
        if entry.headline:
            added.append(Block(entry.headline, "head", role=Role((), heading(2))))
        added += entry.blocks
    return added


def live_entries(page: ParsedPage) -> list[Entry]:
    """The entries of `liveBlogUpdate` (https://schema.org/LiveBlogPosting), in the order of the linked data.

    Of the page's own article, and of a node for a live blog that has the URL of that article.
    """
    own = urls_of(page.article)
    lives = [
        node for node in page.nodes if node.get("liveBlogUpdate") and (node is page.article or urls_of(node) & own)
    ]
    updates = [update for node in lives for update in resolved(node["liveBlogUpdate"], page.nodes)]
    entries = [
        Entry(clean(text_value(update.get("headline"))), schema_blocks(text_value(update.get("articleBody"))))
        for update in updates[:_MAX_ENTRIES]
        if isinstance(update, dict)
    ]
    return [entry for entry in entries if entry.blocks]
