"""What a page shows above its body: headline, section, byline, date, and how a body repeats them at its top."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from crawler.dates.read import read_date
from crawler.extract.body import Block
from crawler.extract.clutter_patterns import DATE_LABEL
from crawler.extract.names import split_names
from crawler.extract.prose import PROSE_CHARS
from crawler.text import word_set, words

_BIO_VERBS = word_set("""
is was has covers writes reports works joined ist war hat schreibt arbeitet est es
هو هي كاتب كاتبة صحفي صحفية صحافي صحافية
""")
_LINE_PARTS = re.compile(r"[·•|,،]")

# The numbers were chosen by hand; no measurement of a single one is recorded. `make score` shows a change in the body
# figures (aeb `f1`, fundus_eval `par_f1`, fundus_tests, newspaper4k and arabic `body4_f1`). Lengths are in characters
# unless the name has another unit.
_TOP_BLOCKS = 6
"""How many blocks at the top may be headline, byline, date, section."""

_MAX_BEFORE_TITLE = 100
"""Lines before the headline that are as short as this are removed with it."""

_MIN_GLUED_TITLE, _MAX_KICKER = 15, 40
"""How long a title must be to be recognised behind a kicker, and how long the kicker may be at least."""

_MAX_HEAD_LINE = 120
_MAX_DATE_LINE = 60
_MAX_AROUND_DATE = 50
"""What a line may have besides the date as printed."""

_MIN_DAYS = 2
"""Lines of dates below the first paragraph that are a timetable. With 1, seven pages of all corpora print the article's
own date as text and one gains; with 2, that one page gains (newspaper `other_body4_f1`) and no other changes."""

_MAX_SECTION_WORDS = 4
"""A linked line at the top with at most this many words names a section."""

_MAX_BYLINE_REST = 4
"""Words that a byline may have besides the names."""

_NICKNAME_CHARS = 4
"""The first letters that a first name and its short form share: "Steph" for "Stephanie"."""

MOSTLY_LINKED = 0.8
"""The share of link text from which a block shows nothing but links."""


@dataclass(slots=True)
class PageHead:
    """What the page shows above its body, which the body must not repeat."""

    title: str
    others: list[str] = field(default_factory=list)
    """The headline as printed, the category, the source, the site's name."""

    titles: list[str] = field(default_factory=list)
    """Other wordings of the title."""

    authors: list[str] = field(default_factory=list)
    date: str | None = None
    """The date as printed."""


def without_head(blocks: list[Block], head: PageHead) -> list[Block]:
    """Without headline, section, byline and date at the top, and without short lines before the headline."""
    for at, block in enumerate(blocks[:_TOP_BLOCKS]):
        if _repeats_title(block, head.title):
            if all(len(before.text) <= _MAX_BEFORE_TITLE for before in blocks[:at]):
                blocks = blocks[at + 1 :]
            else:
                blocks = blocks[:at] + blocks[at + 1 :]
            break
    top = blocks[:_TOP_BLOCKS]
    days = _timetable(top, head)
    kept = [block for block in top if any(block is day for day in days) or not _is_head_line(block, head)]
    return kept + blocks[_TOP_BLOCKS:]


def _timetable(top: list[Block], head: PageHead) -> list[Block]:
    """The lines of dates below the first paragraph of prose, if there are several: an article has one date."""
    first = next((at for at, block in enumerate(top) if len(block.text) >= PROSE_CHARS), len(top))
    days = [
        block for block in top[first + 1 :] if len(block.text) <= _MAX_HEAD_LINE and _is_date_line(block.text, head)
    ]
    return days if len(days) >= _MIN_DAYS else []


def _repeats_title(block: Block, title: str) -> bool:
    """Whether a block is the title, alone or with a kicker before it."""
    own, title_words = words(block.text), words(title)
    if not title_words:
        return False
    if own == title_words:
        return True
    shown, expected = "".join(own), "".join(title_words)
    return (
        block.kind == "head"
        and len(expected) >= _MIN_GLUED_TITLE
        and shown.endswith(expected)
        and len(shown) <= 2 * len(expected) + _MAX_KICKER
    )


def _is_head_line(block: Block, head: PageHead) -> bool:
    text = block.text
    if len(text) > _MAX_HEAD_LINE:
        return bool(head.authors) and is_bio(block, head)
    own = words(text)
    if not own:
        return True
    if any(own == words(other) for other in head.others):
        return True
    # A kicker and a title are often glued ("CityThe bridge closes"); whole, another title may be the standfirst.
    if block.kind == "head" and any(own != (o := words(title)) and "".join(own) == "".join(o) for title in head.titles):
        return True
    if text.isdigit():
        return True
    if block.is_linked(MOSTLY_LINKED) and len(own) <= _MAX_SECTION_WORDS and block.kind != "head":
        return True
    return _is_byline(text, head) or _is_date_line(text, head)


def _is_byline(text: str, head: PageHead) -> bool:
    """Whether a line names the authors and contains hardly anything else."""
    if not head.authors or len(text) > _MAX_HEAD_LINE:
        return False
    left = " ".join(words(text))
    has_name = False
    for author in head.authors:
        name = " ".join(words(author))
        if name and name in left:
            left, has_name = left.replace(name, " "), True
    if not has_name:
        return False
    rest = left.split()
    return len(rest) <= _MAX_BYLINE_REST or all(word.isdigit() for word in rest) or not split_names(left)


def _is_date_line(text: str, head: PageHead) -> bool:
    """Whether a line is a date, with a label or a few words around it."""
    if head.date and head.date in text and len(text) <= len(head.date) + _MAX_AROUND_DATE:
        return True
    if len(text) > _MAX_DATE_LINE:
        return False
    parts = [part for part in _LINE_PARTS.split(text) if part.strip()]
    if parts and all(DATE_LABEL.fullmatch(part.strip()) for part in parts):  # the date itself was removed before
        return True
    return any(char.isdigit() for char in text) and read_date(DATE_LABEL.sub("", text)) is not None


def is_bio(block: Block, head: PageHead) -> bool:
    """Whether a block says who an author is: a name, followed by a verb such as "is" or "writes"."""
    own = words(block.text)
    for author in head.authors:
        name = words(author)
        if len(name) >= 2 and own[: len(name)] == name and set(own[len(name) :][:1]) & _BIO_VERBS:
            return True
        is_nickname = len(name) == 2 and own[1:2] == name[1:] and name[0].startswith(own[0][:_NICKNAME_CHARS])
        if is_nickname and set(own[2:3]) & _BIO_VERBS:
            return True
    return False
