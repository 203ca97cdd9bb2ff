"""A second reading of a page whose first reading found hardly any text: without the cuts that come before the first."""

from __future__ import annotations

from crawler.extract.body import Block, page_body, read_blocks
from crawler.extract.clutter import without_clutter
from crawler.extract.hydration import MIN_BODY
from crawler.extract.language import find_language
from crawler.extract.page import ParsedPage
from crawler.extract.page_head import PageHead
from crawler.extract.prose import PROSE_CHARS
from crawler.extract.tree import parse_html

# Measured: docs/decisions.md#a-stub-is-read-a-second-time.
STUB = 160
"""A shorter text, in characters, is not the body of an article."""

_MIN_LIST = 600
"""Characters of a list of links that is the article of a page with no other text."""

_MAX_LINKED_SHARE = 0.5


def second_reading(html: str, page: ParsedPage, head: PageHead, *, is_empty: bool) -> list[Block]:
    """The blocks of trafilatura's slow reading of the page as it was sent; none if they hold hardly any prose.

    `is_empty` says that the first reading found nothing at all: then a long list of links may be the article.
    """
    tree = parse_html(html)
    if tree is None:
        return []
    language = find_language(page, " ".join(sorted(tree.itertext(), key=len, reverse=True)))
    found = read_blocks(page_body, tree, language.text) if language else []
    blocks = found or read_blocks(page_body, tree, None)
    kept = without_clutter(blocks, head)
    if sum(len(block.text) for block in kept if _is_prose(block)) >= MIN_BODY:
        return kept
    if is_empty and sum(len(block.text) for block in blocks if block.kind == "item") >= _MIN_LIST:
        return blocks
    return []


def _is_prose(block: Block) -> bool:
    return len(block.text) >= PROSE_CHARS and not block.is_linked(_MAX_LINKED_SHARE)
