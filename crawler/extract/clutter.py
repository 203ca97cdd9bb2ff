"""Page furniture among the blocks of a body: what repeats the head of the page, link lines, labels, closing lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import groupby

from crawler.dates.read import read_date
from crawler.extract.authors import is_credit_line, split_names
from crawler.extract.body import Block
from crawler.extract.class_names import name_pattern
from crawler.extract.clutter_patterns import ACCESS, CONSENT, COPYRIGHT, CREDIT, DATE_LABEL, LABELS, invites
from crawler.extract.lexicon import is_block_heading, pointer_at_start
from crawler.extract.page import ParsedPage
from crawler.extract.source import named_source
from crawler.text import word_set, words

# Names of the boxes that stand in or beside a body and are no part of it.
_BOX_NAME = name_pattern(
    r"share|shar(?:ing|ebar)|addtoany|social|follow(?:-?us)?|newsletter|subscri(?:be|ption)|tags?|"
    r"tag-?list|tag-?cloud|post-?tags|author-?(?:box|bio|info)|about-?author|comments?(?:-?form)?|respond|bread-?crumbs?|print|"
    r"copyright|toolbar|modal\w*|dialog|pop-?up|lightbox|social-?(?:share|links|icons)|share-?(?:bar|buttons|links|tools)"
)
_LABEL = 60
_TEASER = 250
_LONG = 200
"""Characters: no label is longer."""

_BOX_CHARS = 300
"""Boxes are small; a container with more text than this is named after something else."""

_MAX_LINK_LABEL = 30
_QUOTED_WORDS = 5
_MOST_QUOTES = 50
_TOP = 6
"""How many blocks at the top may be headline, byline, date, section."""

_BIO_VERBS = word_set("""
is was has covers writes reports works joined ist war hat schreibt arbeitet est es
هو هي كاتب كاتبة صحفي صحفية صحافي صحافية
""")
_ADDRESS = re.compile(r"https?:|www\.|\w@\w|\.\w{2,4}(?:/|$)")


_WHOLE = word_set("html body main article p a h1 h2 h3")


@dataclass(slots=True)
class PageHead:
    """What the page says above its body, which the body must not repeat."""

    title: str
    others: list[str] = field(default_factory=list)
    """The headline as printed, the category, the source, the site's name."""

    titles: list[str] = field(default_factory=list)
    """Other wordings of the title."""

    authors: list[str] = field(default_factory=list)
    date: str | None = None
    """The date as printed."""


def remove_clutter_boxes(page: ParsedPage) -> None:
    """Cut share bars, tag lists, follow boxes, comment forms and their like out of the page's tree."""
    for element in page.class_names.matching(_BOX_NAME):
        if element.tag in _WHOLE or element.getparent() is None or len(element.text_content()) > _BOX_CHARS:
            continue
        if page.headline is None or all(element is not a for a in (page.headline, *page.headline.iterancestors())):
            element.drop_tree()


def without_clutter(blocks: list[Block], head: PageHead) -> list[Block]:
    """The blocks that are the article: order kept, nothing rewritten."""
    kept = _without_top(blocks, head)
    kept = _without_headed_cards(kept)
    kept = _without_link_lists(kept)
    kept = [block for block in kept if not _is_label(block, head)]
    kept = _without_pull_quotes(kept)
    return _without_end(kept, head)


def _without_top(blocks: list[Block], head: PageHead) -> list[Block]:
    """Without headline, section, byline and date at the top, and without short lines that stand before the headline."""
    for at, block in enumerate(blocks[:_TOP]):
        if _repeats_title(block, head.title):
            if all(len(before.text) <= 100 for before in blocks[:at]):
                blocks = blocks[at + 1 :]
            else:
                blocks = blocks[:at] + blocks[at + 1 :]
            break
    top = [block for block in blocks[:_TOP] if not _is_head_line(block, head)]
    return top + blocks[_TOP:]


def _repeats_title(block: Block, title: str) -> bool:
    """Whether a block is the title, alone or with a kicker before it."""
    own, wanted = words(block.text), words(title)
    if not wanted or not own:
        return False
    if own == wanted:
        return True
    joined, goal = "".join(own), "".join(wanted)
    return block.kind == "head" and len(goal) >= 15 and joined.endswith(goal) and len(joined) <= 2 * len(goal) + 40


def _is_head_line(block: Block, head: PageHead) -> bool:
    text = block.text
    if len(text) > 120:
        return bool(head.authors) and _is_bio(block, head)
    own = words(text)
    if not own:
        return True
    if any(own == words(other) for other in head.others):
        return True
    # A kicker and a title are often glued ("CityThe bridge closes"); whole, another title may be the standfirst.
    if block.kind == "head" and any(own != (o := words(title)) and "".join(own) == "".join(o) for title in head.titles):
        return True
    if len(own) <= 2 and text.isdigit():
        return True
    if block.linked >= len(text) * 0.8 and len(own) <= 4 and block.kind != "head":
        return True
    return _is_byline(text, head) or _is_date_line(text, head)


def _is_byline(text: str, head: PageHead) -> bool:
    """Whether a line names the authors and says nothing else of weight."""
    if not head.authors or len(text) > 120:
        return False
    left = " ".join(words(text))
    named = False
    for author in head.authors:
        name = " ".join(words(author))
        if name and name in left:
            left, named = left.replace(name, " "), True
    if not named:
        return False
    rest = left.split()
    return len(rest) <= 4 or all(word.isdigit() for word in rest) or not split_names(left)


def _is_date_line(text: str, head: PageHead) -> bool:
    """Whether a line is a date, with a label or a few words around it."""
    if head.date and head.date in text and len(text) <= len(head.date) + 50:
        return True
    if len(text) > 60:
        return False
    parts = [part for part in re.split(r"[·•|,،]", text) if part.strip()]
    if parts and all(DATE_LABEL.fullmatch(part.strip()) for part in parts):  # the date itself was cut out before
        return True
    return any(char.isdigit() for char in text) and read_date(DATE_LABEL.sub("", text)) is not None


def _is_bio(block: Block, head: PageHead) -> bool:
    """Whether a block tells who the author is."""
    own = words(block.text)
    for author in head.authors:
        name = words(author)
        if len(name) >= 2 and own[: len(name)] == name and len(own) > len(name) and own[len(name)] in _BIO_VERBS:
            return True
        # Signed with the short form of the first name: "Steph" for "Stephanie".
        if (
            len(name) == 2
            and own[1:2] == name[1:]
            and name[0].startswith(own[0][:4])
            and own[2:3]
            and own[2] in _BIO_VERBS
        ):
            return True
    return False


def _without_headed_cards(blocks: list[Block]) -> list[Block]:
    """Without linked headings and their teasers under a heading like "More from"; the first paragraph ends the box."""
    kept: list[Block] = []
    in_box = after_card = False
    for block in blocks:
        is_card = block.linked >= len(block.text) * 0.4
        in_box = _heads_box(block) or (in_box and (is_card or (after_card and len(block.text) <= _TEASER)))
        after_card = in_box and is_card
        if not in_box:
            kept.append(block)
    return kept


def _heads_box(block: Block) -> bool:
    if block.kind != "head" or len(block.text) > _LABEL:
        return False
    own = words(block.text)
    return is_block_heading(own) or any(is_block_heading(own[:length]) for length in (2, 3) if len(own) <= length + 3)


def _without_link_lists(blocks: list[Block]) -> list[Block]:
    """Without lists of which every item is mostly a link: 53 of 60 such items on real pages were other articles."""
    kept: list[Block] = []
    for (kind, _), members in groupby(blocks, key=lambda block: (block.kind, block.group)):
        group = list(members)
        if kind == "item" and all(block.linked > len(block.text) * 0.4 for block in group):
            continue
        kept.extend(group)
    return kept


def _without_pull_quotes(blocks: list[Block]) -> list[Block]:
    """Without quotes that only repeat a part of another paragraph in larger type."""
    quotes = [block for block in blocks if block.kind == "quote" and len(block.text) <= _TEASER]
    if not 0 < len(quotes) <= _MOST_QUOTES:
        return blocks
    said = [" ".join(words(block.text)) for block in blocks if block.kind != "quote"]
    repeated = [
        q for q in quotes if len(own := words(q.text)) >= _QUOTED_WORDS and any(" ".join(own) in s for s in said)
    ]
    return [block for block in blocks if all(block is not quote for quote in repeated)]


def _is_label(block: Block, head: PageHead) -> bool:
    """Whether a block is a line of links, a heading of a box that is not there, a picture credit, or mere ornament."""
    text = block.text
    if len(text) > _LONG and block.linked < len(text) * 0.4:
        return bool(CONSENT.search(text))
    own = words(text)
    if not own or tuple(own) in LABELS:
        return True
    if block.linked >= len(text) * 0.8 and len(text) <= _LONG:
        if block.kind not in ("head", "item", "row") and len(own) >= 4 and not _ADDRESS.search(text):
            return True
        if any(own == words(author) for author in head.authors):
            return True
    elif block.kind == "head" and block.linked > len(text) * 0.4:
        return True
    if len(text) <= _LABEL and len(own) > 1 and is_block_heading(own):
        return True
    if block.linked > len(text) * 0.4 and (marker := pointer_at_start(own)) is not None and not marker.weak:
        return True
    if CONSENT.search(text) or (len(text) <= _LONG and invites(text)):
        return True
    return len(text) <= 120 and bool(CREDIT.search(text) or ACCESS.search(text))


def _without_end(blocks: list[Block], head: PageHead) -> list[Block]:
    """Without what stands under the last paragraph: links, headings of nothing, copyright lines, who the author is."""
    blocks = list(blocks)
    while len(blocks) > 1:
        last = blocks[-1]
        own = words(last.text[:600])
        if (
            (
                last.kind not in ("item", "row")
                and last.linked >= len(last.text) * 0.8
                and not _ADDRESS.search(last.text)
            )
            or last.kind == "head"
            or (len(last.text) <= 200 and COPYRIGHT.search(last.text))
            or (len(last.text) <= 600 and _is_bio(last, head))
            or any(own == words(author) for author in head.authors)
            or named_source(last.text) is not None
            or (len(last.text) <= _LABEL and last.text.endswith((":", "：")))
            or _is_labelled_link(last)
            or is_credit_line(last.text)
        ):
            blocks.pop()
        else:
            break
    return blocks


def _is_labelled_link(block: Block) -> bool:
    """Whether a block is a label and links, as "Tag: bridges"."""
    label, colon, rest = block.text.partition(":")
    if not colon or len(label) > _MAX_LINK_LABEL or label.startswith("http"):
        return False
    return 0 < len(rest.strip()) * 0.55 <= block.linked
