"""The blocks of text below an element, each with the path that leads to it."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml.etree import strip_elements
from lxml.html import HtmlElement

from crawler.extract.block_roles import Nesting, role_of_row
from crawler.extract.body import Block
from crawler.extract.lighten import REMOVED_TAGS
from crawler.extract.page import BLOCK_TAGS, HEADINGS, element_text
from crawler.extract.templates.paths import step_of
from crawler.structure import Role
from crawler.structure.markdown import CELLS
from crawler.text import clean

_NEVER_READ = (*REMOVED_TAGS, "noscript", "nav")
"""Elements whose text the reader of bodies leaves out. Figures and forms are learnt: some sites put quotes or the whole
body into them."""

_LINKED = 0.4
"""The share of link text from which a block has a path of its own: `p` and `p` that is a link mean different things.
Taken from a sketch of this module; no measurement of the number alone is recorded."""

_KINDS = {**dict.fromkeys(HEADINGS, "head"), "li": "item", "blockquote": "quote", "td": "row", "th": "row"}
_INHERITED = ("item", "quote")
LINKS = " +links"
RUN = " #run"
"""What the path of a block ends with: it is mostly links, or it is text beside other blocks."""


@dataclass(slots=True)
class PlacedBlock:
    """A block and its path."""

    path: str
    block: Block


@dataclass(slots=True)
class Reading:
    """What is below an element."""

    blocks: list[PlacedBlock] = field(default_factory=list)
    paths: set[str] = field(default_factory=set)
    """Of the elements that were entered."""

    unknown: list[tuple[str, int]] = field(default_factory=list)
    """Path and characters of the elements that were not: nothing is known of them."""


def strip_unread(top: HtmlElement) -> None:
    """Remove the elements below `top` whose text is never read."""
    strip_elements(top, *_NEVER_READ, with_tail=False)


def read_below(
    top: HtmlElement, path: str, *, known: Set[str] | None = None, entered: Set[str] | None = None
) -> Reading:
    """The blocks below an element, in order; their paths begin with `path`. With `known` and `entered` (paths): only
    what is below the entered elements is read, and the elements that are not known are listed."""
    reading = Reading()
    _Walk(reading, known, entered).element(top, path, _Inside("p", 0, Nesting()))
    return reading


@dataclass(slots=True)
class _Run:
    """Text between two blocks."""

    pieces: list[str] = field(default_factory=list)
    linked: int = 0

    def add(self, text: str | None) -> None:
        if text:
            self.pieces.append(text.replace("\n", " ") if "\n" in text else text)

    def add_inline(self, element: HtmlElement) -> None:
        """An element without blocks; a break in it ends the line."""
        if len(element) == 0:
            text = element.text
            self.add(text)
            if text and (element.tag == "a"):
                self.linked += len(text)
            return
        self.linked += sum(len(clean(str(link.text_content()))) for link in element.iter("a"))
        self._add_parts(element)

    def _add_parts(self, element: HtmlElement) -> None:
        self.add(element.text)
        for child in element:
            if child.tag == "br":
                self.pieces.append("\n")
            else:
                self._add_parts(child)
            self.add(child.tail)

    def lines(self) -> Iterator[tuple[str, int]]:
        """Its lines and the characters of each that are link text."""
        lines = [line for part in "".join(self.pieces).split("\n") if (line := clean(part))]
        total = sum(map(len, lines))
        for line in lines:
            yield line, self.linked * len(line) // total if self.linked else 0


class _Inside(NamedTuple):
    """What the elements around a block make of it."""

    kind: str
    group: int
    nesting: Nesting


@dataclass(slots=True)
class _Walk:
    reading: Reading
    known: Set[str] | None
    entered: Set[str] | None
    groups: int = 0

    def element(self, element: HtmlElement, path: str, around: _Inside) -> None:
        """Read an element that may hold blocks."""
        self.reading.paths.add(path)
        if element.tag == "tr":
            self._row(element, path, around.nesting)
            return
        kind, group, nesting = around
        if element.tag in ("ul", "ol", "table"):
            self.groups += 1
            group = self.groups
        kind = kind if kind in _INHERITED else _KINDS.get(str(element.tag), "p")
        inside = _Inside(kind, group, nesting.within(element))
        run, is_leaf = _Run(), True
        run.add(element.text)
        for child in element:
            if child.tag == "br":
                run.pieces.append("\n")
            elif child.tag in BLOCK_TAGS or _has_blocks(child):
                is_leaf = False
                self._end(run, path + RUN, inside)
                run = _Run()
                self._child(child, f"{path} {step_of(child)}" if path else step_of(child), inside)
            else:
                run.add_inline(child)
            run.add(child.tail)
        self._end(run, path if is_leaf else path + RUN, inside)

    def _child(self, child: HtmlElement, path: str, inside: _Inside) -> None:
        if self.entered is not None and path not in self.entered:
            if self.known is None or path not in self.known:
                self.reading.unknown.append((path, len(str(child.text_content()).strip())))
            return
        self.element(child, path, inside)

    def _row(self, row: HtmlElement, path: str, nesting: Nesting) -> None:
        cells = [text for cell in row if (text := element_text(cell))]
        if cells:
            linked = sum(len(clean(str(link.text_content()))) for link in row.iter("a"))
            role = Role(nesting.role.containers, role_of_row(row).form)
            self._add(Block(CELLS.join(cells), "row", linked, self.groups, role), path)

    def _end(self, run: _Run, path: str, inside: _Inside) -> None:
        if run.pieces:
            for text, linked in run.lines():
                self._add(Block(text, inside.kind, linked, inside.group, inside.nesting.role), path)

    def _add(self, block: Block, path: str) -> None:
        self.reading.blocks.append(
            PlacedBlock(path + LINKS if block.linked > len(block.text) * _LINKED else path, block)
        )


def _has_blocks(element: HtmlElement) -> bool:
    return len(element) > 0 and any(inner.tag in BLOCK_TAGS for inner in element.iterdescendants())
