"""Clutter in and around a body: boxes, lines of links, labels, calls to subscribe, closing lines."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby

from crawler.extract.authors import is_credit_line
from crawler.extract.body import Block
from crawler.extract.clutter_patterns import (
    ACCESS,
    CONSENT,
    COPYRIGHT,
    CREDIT,
    CREDITED,
    FEEDBACK,
    LABELS,
    READING_TIME,
    invites,
)
from crawler.extract.lexicon import is_block_heading, pointer_at_start
from crawler.extract.page_head import MOSTLY_LINKED, PageHead, is_bio, without_head
from crawler.extract.source import source_of_line
from crawler.text import words

_ADDRESS = re.compile(r"https?:|www\.|\w@\w|\.\w{2,4}(?:/|$)")

_SENTENCE_END = re.compile(r"[.。][\"”’»)]*$")

# Unless its comment gives a measurement, a number was chosen by hand and no measurement of it is recorded. `make score`
# shows a change in the body figures (aeb `f1`, fundus_eval `par_f1`, fundus_tests, newspaper4k and arabic `body4_f1`).
# Lengths are in characters unless the name has another unit.
_LINKED = 0.4
"""The share of link text from which a heading, label or list item leads to another article. Of 60 items on real pages
in lists whose every item has more, 53 were other articles."""

_MAX_LABEL = 60
_MAX_TEASER = 250
_MAX_LINE = 200
"""The length of a call to subscribe was tried on 757 real pages
(docs/decisions.md#a-call-to-subscribe-needs-two-signs); the same bound holds for lines of links and copyright lines."""

_MIN_LINKED_WORDS = 4
"""A line of links with fewer words may be a name or a number in running text."""

_MAX_PICTURE_CREDIT = 120
_MAX_BIO = 600
_LONG_LINK, _MOST_LINKED = 120, 0.5
"""Characters of a link that is a paragraph and no title, and the share of the text from which such links are it."""

_HEADING_WORDS, _MAX_WORDS_AFTER = (2, 3), 3
"""How many words of a heading can be those of a box, and how many of a name may follow: "More from the town"."""

_MIN_POINTS, _MAX_POINTS, _MIN_TEXT_OF_POINTS = 2, 7, 3
"""How many key points a box has, and how many times their length the paragraphs after it. Tuned on half A: with points
that end with a full stop, aeb B loses .002 and trafilatura A as much."""

_MIN_QUOTED_WORDS = 5
_MAX_QUOTES = 50
"""A bound for the time: each quote is compared with every paragraph."""

_MAX_LINK_LABEL = 30
_LABELLED_SHARE = 0.55
"""The share of the text after a label that must be link text."""


def without_clutter(blocks: list[Block], head: PageHead) -> list[Block]:
    """The blocks that belong to the article: order kept, nothing rewritten."""
    if _is_linked_text(blocks):
        blocks = [replace(block, linked=0) for block in blocks]
    kept = without_head(blocks, head)
    kept = _without_key_points(kept)
    kept = _without_headed_cards(kept)
    kept = _without_link_lists(kept)
    kept = [block for block in kept if not _is_clutter(block, head)]
    kept = _without_pull_quotes(kept)
    return _without_end(kept, head)


def _is_linked_text(blocks: list[Block]) -> bool:
    """Whether a page makes each paragraph of its text a link. Lists of other articles have titles: they are shorter."""
    paragraphs = [block for block in blocks if block.kind == "p"]
    linked = sum(len(b.text) for b in paragraphs if len(b.text) >= _LONG_LINK and b.is_linked(MOSTLY_LINKED))
    return linked > sum(len(block.text) for block in paragraphs) * _MOST_LINKED


def _without_key_points(blocks: list[Block]) -> list[Block]:
    """Without the list of key points above the first paragraph, and its heading."""
    start = 1 if blocks and len(blocks[0].text) <= _MAX_LABEL and not _is_key_point(blocks[0]) else 0
    end = start
    while end < len(blocks) and _is_key_point(blocks[end]):
        end += 1
    points = sum(len(block.text) for block in blocks[start:end])
    prose = sum(len(block.text) for block in blocks[end:] if block.kind == "p")
    is_box = _MIN_POINTS <= end - start <= _MAX_POINTS and prose >= points * _MIN_TEXT_OF_POINTS
    return blocks[end:] if is_box else blocks


def _is_key_point(block: Block) -> bool:
    """Whether a block is a short item without a full stop; bullets may be printed in paragraphs."""
    is_item = block.kind == "item" or block.text.startswith("•")
    return is_item and len(block.text) <= _MAX_TEASER and not _SENTENCE_END.search(block.text)


def _without_headed_cards(blocks: list[Block]) -> list[Block]:
    """Without linked headings and their teasers below a heading like "More from"; the first paragraph ends the box."""
    kept: list[Block] = []
    in_box = after_card = False
    for block in blocks:
        is_card = block.is_linked(_LINKED)
        in_box = _heads_box(block) or (in_box and (is_card or (after_card and len(block.text) <= _MAX_TEASER)))
        after_card = in_box and is_card
        if not in_box:
            kept.append(block)
    return kept


def _heads_box(block: Block) -> bool:
    """Whether a block is a heading like "More from", alone or with up to three words of a name after it."""
    if block.kind != "head" or len(block.text) > _MAX_LABEL:
        return False
    own = words(block.text)
    lengths = (length for length in _HEADING_WORDS if len(own) <= length + _MAX_WORDS_AFTER)
    return is_block_heading(own) or any(is_block_heading(own[:length]) for length in lengths)


def _without_link_lists(blocks: list[Block]) -> list[Block]:
    """Without lists in which every item is mostly a link."""
    kept: list[Block] = []
    for (kind, _), members in groupby(blocks, key=lambda block: (block.kind, block.group)):
        group = list(members)
        if kind == "item" and all(block.linked > len(block.text) * _LINKED for block in group):
            continue
        kept.extend(group)
    return kept


def _without_pull_quotes(blocks: list[Block]) -> list[Block]:
    """Without quotes that only repeat a part of another paragraph in larger type."""
    quotes = [block for block in blocks if block.kind == "quote" and len(block.text) <= _MAX_TEASER]
    if not 0 < len(quotes) <= _MAX_QUOTES:
        return blocks
    paragraphs = [" ".join(words(block.text)) for block in blocks if block.kind != "quote"]
    repeated = [quote for quote in quotes if _is_repeated(words(quote.text), paragraphs)]
    return [block for block in blocks if all(block is not quote for quote in repeated)]


def _is_repeated(quote: list[str], paragraphs: list[str]) -> bool:
    return len(quote) >= _MIN_QUOTED_WORDS and any(" ".join(quote) in paragraph for paragraph in paragraphs)


def _is_clutter(block: Block, head: PageHead) -> bool:
    """Whether a block is a line of links, the heading of a box that was removed, a picture credit or an ornament."""
    text = block.text
    if len(text) > _MAX_LINE and not block.is_linked(_LINKED):
        return bool(CONSENT.match(text))
    own = words(text)
    if not own or tuple(own) in LABELS:
        return True
    if block.is_linked(MOSTLY_LINKED) and len(text) <= _MAX_LINE:
        if (
            block.kind not in ("head", "item", "row", "quote")
            and len(own) >= _MIN_LINKED_WORDS
            and not _ADDRESS.search(text)
            and not _SENTENCE_END.search(text)
        ):
            return True
        if any(own == words(author) for author in head.authors):
            return True
    elif block.kind == "head" and block.linked > len(text) * _LINKED:
        return True
    if len(text) <= _MAX_LABEL and len(own) > 1 and is_block_heading(own):
        return True
    pointer = pointer_at_start(own) if block.linked > len(text) * _LINKED else None
    if pointer is not None and not pointer.is_weak:
        return True
    if CONSENT.match(text) or (
        len(text) <= _MAX_LINE and (FEEDBACK.match(text) or READING_TIME.match(text) or invites(text))
    ):
        return True
    if block.kind == "p" and CREDITED.search(text):
        return True
    return len(text) <= _MAX_PICTURE_CREDIT and bool(CREDIT.match(text) or ACCESS.search(text))


def _without_end(blocks: list[Block], head: PageHead) -> list[Block]:
    """Without the lines below the last paragraph."""
    end = len(blocks)
    while end > 1 and _is_closing_line(blocks[end - 1], head):
        end -= 1
    return blocks[:end]


def _is_closing_line(block: Block, head: PageHead) -> bool:
    """Whether a last block is links, the heading of a removed box, a copyright line, a credit or an author's bio."""
    text = block.text
    own = words(text[:_MAX_BIO])
    if block.kind == "head" or any(own == words(author) for author in head.authors):
        return True
    if (
        block.kind not in ("item", "row")
        and len(text) <= _MAX_LINE
        and block.is_linked(MOSTLY_LINKED)
        and not _ADDRESS.search(text)
    ):
        return True
    if len(text) <= _MAX_LINE and COPYRIGHT.match(text):
        return True
    if len(text) <= _MAX_BIO and is_bio(block, head):
        return True
    if len(text) <= _MAX_LABEL and text.endswith((":", "：")):
        return True
    return source_of_line(text) is not None or _is_labelled_link(block) or is_credit_line(text)


def _is_labelled_link(block: Block) -> bool:
    """Whether a block is a label and links, as "Tag: bridges"."""
    label, colon, rest = block.text.partition(":")
    if not colon or len(label) > _MAX_LINK_LABEL or label.startswith("http"):
        return False
    return 0 < len(rest.strip()) * _LABELLED_SHARE <= block.linked
