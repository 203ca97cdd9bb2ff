"""The container of the article, where its tag or its names say that it is something else: a sidebar, comments, a menu.

The steps after this one, ours and trafilatura's, remove such elements without a look at their text. What distinguishes
an article from a sidebar is its place after the headline, its share of the running text, and its column of paragraphs.
Measured: docs/decisions.md#a-container-with-the-article-is-kept-whatever-it-is-called.
"""

from __future__ import annotations

from functools import cached_property
from itertools import takewhile

from lxml.html import HtmlElement

from crawler.extract.class_names import class_and_id
from crawler.extract.page import BLOCK_TAGS, HEADINGS, ParsedPage
from crawler.extract.prose import PROSE_CHARS, running_text
from crawler.extract.reader.marks import frames, is_cut_as_section, is_cut_with_text, is_frame

_HOLDERS = ("aside", "footer", "button", "fieldset", "dialog", "label", "menu", "object", "video")
"""Elements that are removed with their text, and may hold an article or are closed too late."""

_OTHER_HOLDERS = ("nav", "form", "figure")
"""Elements with text that is kept: they are containers of the article only with a column of paragraphs."""

# Tuned on half A of the corpora in bench/score.md, as they are and with the article's container renamed.
_MIN_SHARE = 0.5
"""The share of the running text of its <article> (of the page, where there is none) that the article's element has."""

_MIN_SHARE_OF_FIRST = 0.35
"""The same, for a column of paragraphs right after the headline."""

_MIN_SHARE_WITHOUT_HEADLINE = 0.8
_MAX_BEFORE = 0.15
"""Running text between the headline and the article's element, as a share of the element's: a standfirst."""

_MAX_BEFORE_COLUMN = 0.25
"""The same, for a column of paragraphs. With .2 one page in a hundred is lost, with .5 no further one is found, and
asides and footers beside articles of two paragraphs are taken for the article."""

_MIN_CHARS = 800
"""Characters of an element without a column that may hold the article: footers with the site's own texts had 605."""

_MIN_FOOTER = 1500
"""A <footer> of an <article> with this many characters is part of the text, whatever is above it: on real pages, two
footers (author, contact) with half of the running text of their <article> had 368 and 1,100."""

_MIN_SHARE_OF_TEXT = 0.25
"""The share of all text, menus included, without which an element cannot have that share of the running text."""

_MIN_COLUMN, _MIN_ENTRIES = 3, 2
"""How many paragraphs are a column, and how many alike containers with labels are entries."""

_MOST = 0.5
"""The share of an element's running text that a column or entries have."""

_PROTECTED_SHARE = 6 / 7
"""trafilatura cuts no section with this share of the text of a container that it knows."""

_MAX_SUSPECTS = 20
"""A bound for the time: how many elements are looked at."""

_NO_LABELS = (*HEADINGS, "figure", "figcaption")
_NAMES = ("class", "id", "role", "style", "hidden", "aria-hidden")


def keep_misnamed(page: ParsedPage) -> None:
    """Make plain containers of the elements that hold the article and would be removed."""
    body = page.tree.find("body")
    if body is None:
        return
    line = _line_of_prose(body)
    suspects = [element for index, element in enumerate(line) if _is_lost(element, line, index, body)]
    suspects += [element for element in body.iter(*_HOLDERS) if element not in line and _is_large(element, body)]
    if not suspects:
        return
    text = _Text(page, body)
    misnamed = [element for element in line if _is_misnamed(element)]
    kept = [element for element in {**dict.fromkeys(suspects), **dict.fromkeys(misnamed)} if text.is_article(element)]
    for element in kept:
        if element.tag in _HOLDERS or element.tag in _OTHER_HOLDERS:
            element.tag = "div"
    # Where one is lost, the names of all count: without those of the outer one, the inner one would be cut.
    named = [element for element in kept if element in misnamed]
    if not any(element in suspects for element in named):
        return
    for element in named:
        for name in _NAMES:
            element.attrib.pop(name, None)
    page.class_names.discard(set(named))


def _is_lost(element: HtmlElement, line: list[HtmlElement], index: int, body: HtmlElement) -> bool:
    """Whether an element of the line would be removed: its tag is, its name is, or it is cut from the text of the
    container around it, while none inside it is known."""
    if element.tag in _HOLDERS or element.tag in _OTHER_HOLDERS:
        return True
    if is_cut_with_text(element) or _is_for_comments(element):
        return True
    if not is_cut_as_section(element) or any(map(is_frame, line[: index + 1])):
        return False
    around = next(filter(is_frame, line[index + 1 :]), body)
    return len(element.text_content()) < len(around.text_content()) * _PROTECTED_SHARE


def _is_misnamed(element: HtmlElement) -> bool:
    return is_cut_with_text(element) or is_cut_as_section(element) or _is_for_comments(element)


def _line_of_prose(body: HtmlElement) -> list[HtmlElement]:
    """The container with most of the prose and its ancestors in the body."""
    chars: dict[HtmlElement, int] = {}
    for paragraph in body.iter("p"):
        parent = paragraph.getparent()
        if parent is not None and (length := len(paragraph.text_content())) >= PROSE_CHARS:
            chars[parent] = chars.get(parent, 0) + length
    if sum(chars.values()) >= _MIN_CHARS:
        inner = max(chars, key=chars.__getitem__)
    else:  # its text is not in paragraphs
        running, inner = running_text(body), body
        while children := [c for c in inner if running.get(c, 0) > running.get(body, 0) * _MIN_SHARE]:
            inner = children[0]
    return list(takewhile(lambda element: element is not body, (inner, *inner.iterancestors())))


def _is_for_comments(element: HtmlElement) -> bool:
    return "comment" in class_and_id(element).lower()


def _is_large(element: HtmlElement, body: HtmlElement) -> bool:
    """A cheap test before the running text is counted: most pages have no such element."""
    length = len(element.text_content()) if len(element) else 0
    return length >= _MIN_CHARS and length >= len(_scope(element, body).text_content()) * _MIN_SHARE_OF_TEXT


def _scope(element: HtmlElement, body: HtmlElement) -> HtmlElement:
    return next(element.iterancestors("article"), body)


class _Text:
    """Where the running text of a page stands."""

    def __init__(self, page: ParsedPage, body: HtmlElement) -> None:
        self.page, self.body, self.running = page, body, running_text(body)

    @cached_property
    def known(self) -> list[HtmlElement]:
        """The containers that the reader would choose, as far as they have running text."""
        return [frame for frame in frames(self.page.tree) if frame in self.running]

    @cached_property
    def labelled(self) -> set[HtmlElement]:
        """The blocks with a text other than running text, headings and captions, and their ancestors."""
        return _labelled(self.body, self.running)

    def is_article(self, element: HtmlElement) -> bool:
        """Whether an element holds the article."""
        own = self.running.get(element, 0)
        share = own / self.running.get(_scope(element, self.body), 1)
        if share < _MIN_SHARE_OF_FIRST:
            return False
        is_column = self._is_column(element)
        if is_column and self.page.headline is None:
            return share >= _MIN_SHARE_WITHOUT_HEADLINE
        if not is_column and (own < _MIN_CHARS or element.tag in _OTHER_HOLDERS):
            return False
        if element.tag == "footer" and own >= _MIN_FOOTER and share >= _MIN_SHARE and self._is_in_article(element):
            return True
        if not is_column and _is_for_comments(element) and self._is_entries(element):
            return False
        before = self._before(element)
        if before is None:
            return False
        if is_column and before <= own * _MAX_BEFORE and share >= _MIN_SHARE_OF_FIRST:
            return True
        return share >= _MIN_SHARE and before <= own * (_MAX_BEFORE_COLUMN if is_column else _MAX_BEFORE)

    def _is_in_article(self, element: HtmlElement) -> bool:
        return _scope(element, self.body) is not self.body

    def _before(self, element: HtmlElement) -> int | None:
        """Running text between the headline and an element; None if the element is not below or around the headline,
        or a container that the reader knows is elsewhere."""
        headline = self.page.headline
        if headline is None:
            return None
        around = set(headline.iterancestors())
        if element in around:
            return 0
        around |= {element, *element.iterancestors()}
        if any(frame not in around and element not in frame.iterancestors() for frame in self.known):
            return None
        before, is_after = 0, False
        for other in self.page.tree.iter("*"):
            if other is element:
                return before if is_after else None
            if other is headline:
                is_after = True
            elif is_after and other in self.running:
                before += self.running[other] - sum(self.running.get(child, 0) for child in other)
        return None

    def _is_column(self, element: HtmlElement) -> bool:
        """Whether three children or more of one container have most of the running text, and no labels."""
        for inner in self._most_of(element):
            children = [child for child in inner if child in self.running]
            plain = [child for child in children if not self._has_labels(child)]
            if len(children) >= _MIN_COLUMN and self._is_most(plain, element):
                return True
        return False

    def _is_entries(self, element: HtmlElement) -> bool:
        """Whether most of the running text stands in alike containers with labels: a name, a time, a link to reply."""
        for inner in self._most_of(element):
            entries: dict[tuple[str, str | None], list[HtmlElement]] = {}
            for child in inner:
                if child in self.running and self._has_labels(child):
                    entries.setdefault((str(child.tag), child.get("class")), []).append(child)
            if any(len(alike) >= _MIN_ENTRIES and self._is_most(alike, element) for alike in entries.values()):
                return True
        return False

    def _most_of(self, element: HtmlElement) -> list[HtmlElement]:
        """An element, and the descendants that have most of its running text, from the outside in."""
        found: list[HtmlElement] = []
        inner: HtmlElement | None = element
        while inner is not None and self._is_most([inner], element):
            found.append(inner)
            inner = max((c for c in inner if c in self.running), key=self.running.__getitem__, default=None)
        return found

    def _is_most(self, parts: list[HtmlElement], element: HtmlElement) -> bool:
        return sum(self.running.get(part, 0) for part in parts) >= max(self.running.get(element, 0) * _MOST, 1)

    def _has_labels(self, element: HtmlElement) -> bool:
        """Whether other text than headings and captions stands beside the running text in an element."""
        return element in self.labelled and any(child in self.running for child in element)


def _labelled(body: HtmlElement, running: dict[HtmlElement, int]) -> set[HtmlElement]:
    labelled: set[HtmlElement] = set()
    block_of: dict[HtmlElement, HtmlElement] = {body: body}
    for element in body.iterdescendants("*"):
        above = element.getparent()
        block = element if element.tag in BLOCK_TAGS or above is None else block_of.get(above, body)
        block_of[element] = block
        if block in running or block.tag in _NO_LABELS or not (element.text or "").strip():
            continue
        for holder in (block, *block.iterancestors()):
            if holder in labelled:
                break
            labelled.add(holder)
    return labelled
