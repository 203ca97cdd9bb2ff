"""Read a page in full, and note what it shows of its site's template."""

from __future__ import annotations

import copy
from collections import Counter
from datetime import datetime
from itertools import islice

from lxml.etree import tostring
from lxml.html import HtmlElement

from crawler.extract.article import (
    article_of_page,
    extract,
    page_head,
    prepare_body,
    read_fields,
    read_prepared,
    remove_selected,
)
from crawler.extract.body import Block
from crawler.extract.clutter import without_clutter
from crawler.extract.page import ParsedPage, parse_page
from crawler.extract.page_head import PageHead
from crawler.extract.standfirst import Standfirst
from crawler.extract.templates.blocks import PlacedBlock, read_below, strip_unread
from crawler.extract.templates.needs import needed_paths
from crawler.extract.templates.observation import CUT, KEPT, NEUTRAL, SHARES, STANDFIRST, Observation
from crawler.extract.templates.paths import Paths, prefixes, step_of
from crawler.extract.templates.reduce import declares_article, follow, levels_of, prose_outside
from crawler.extract.templates.signals import FieldReading
from crawler.items import Article, Candidate
from crawler.profile import SiteProfile

# The numbers below were chosen by hand. bench/templates.py shows what they change.
_MIN_BODY = 300
"""Characters of an article from which something can be learnt."""

_MIN_COVER = 0.8
"""The share of an article's text that must be found in the page's elements."""

_MIN_PIECE = 12
"""Characters, without white space, of a piece of text that is looked up in the article: shorter ones stand anywhere."""


_MAX_ELEMENTS, _MAX_CHARS = 15_000, 1_000_000
"""Elements of a page, and characters of all paths of an observation: bounds for time and memory, far above any article
of the corpora. Larger pages teach nothing."""

_LARGE = 40
"""Elements from which on one is opened: smaller ones are boxes, of which the heading is needed with the links."""


class NotObservable(Exception):
    """Nothing can be learnt from this page; the message says why."""


class FullReading:
    """The full extraction of one page, and what it shows of the site's template while it reads."""

    def __init__(
        self,
        html: str,
        url: str,
        profile: SiteProfile | None = None,
        *,
        candidate: Candidate | None = None,
        fetched: datetime | None = None,
    ) -> None:
        self.fields: FieldReading | None = None
        """The fields before the body was read; None if the page has no content."""

        self._html, self._url, self._profile = html, url, profile
        self._candidate, self._fetched = candidate, fetched
        self._article: Article | None = None
        self._noted: _Noted | None = None
        self._problem = "no content"

    def read(self, page: ParsedPage | None = None, *, notes: bool) -> Article:
        """The article of the page. `page`: if it is parsed and otherwise untouched. `notes`: whether `observe` will be
        called."""
        page = page or parse_page(self._html, self._url, self._profile)
        if page is None:
            return extract(self._html, self._url, self._profile, candidate=self._candidate, fetched=self._fetched)
        if notes:
            if next(islice(page.tree.iter("*"), _MAX_ELEMENTS, None), None) is not None:
                self._problem = "too many elements"
            else:
                self._noted = _Noted(page.tree)
        self._article = article_of_page(
            page,
            self._html,
            candidate=self._candidate,
            fetched=self._fetched,
            fields=self._read_fields,
            body=self._read_body if self._noted else None,
        )
        return self._article

    def observe(self) -> Observation:
        """What the page shows, after `read`. Raises NotObservable."""
        article = self._article
        if article is None or self.fields is None or self._noted is None:
            raise NotObservable(self._problem)
        if article.page_type != "article" or len(article.body) < _MIN_BODY:
            raise NotObservable("no article, or a short one")
        observation = self._noted.observation(self._url, article, self.fields.standfirst)
        if observation.chars() > _MAX_CHARS:
            raise NotObservable("too many paths")
        return observation

    def _read_fields(self, page: ParsedPage, article: Article, fetched: datetime | None) -> Standfirst | None:
        standfirst = read_fields(page, article, fetched)
        self.fields = FieldReading(article, standfirst).copy()
        return standfirst

    def _read_body(self, page: ParsedPage, article: Article) -> list[Block]:
        assert self._noted is not None  # otherwise this is not called
        remove_selected(page)
        prepare_body(page)
        self._noted.note_prepared(page, page_head(page, article))
        return read_prepared(page, article)


class _Noted:
    """A page before it was read, and when its body was about to be read."""

    def __init__(self, tree: HtmlElement) -> None:
        """`tree`: of the page, which is copied."""
        self._tree = copy.deepcopy(tree)
        self._prepared: HtmlElement | None = None

    def note_prepared(self, page: ParsedPage, head: PageHead) -> None:
        """Note the tree from which the body is about to be read: the fields were read, and the markup is repaired."""
        self._prepared = copy.deepcopy(page.tree)
        self._head, self._is_declared = head, declares_article(page)

    def observation(self, url: str, article: Article, standfirst: Standfirst | None) -> Observation:
        """What the page shows of its template. Raises NotObservable."""
        paths = Paths()
        tops = _tops(self._tree, article.paragraphs)
        way = paths[tops[0]]
        _, standing = follow(self._tree, way)
        needed, unneeded, opened = _sorted_out(standing, needed_paths(standing, paths, way, url, article))
        lines = {_squashed(text) for text in article.paragraphs}
        prose = prose_outside(self._tree, tops[-1])
        observation = Observation(
            tops=[paths[top] for top in tops],
            repeated=_repeated(self._tree, {paths[top] for top in tops}),
            needed=sorted(needed),
            unneeded=sorted(unneeded),
            opened=sorted(opened),
            outside=sorted({paths[p] for p, _ in prose if _squashed(str(p.text_content())) not in lines}),
            length=sum(map(len, article.paragraphs)),
            is_declared=self._is_declared,
        )
        self._note_body(observation, tops[0], article, _shown(standfirst, article))
        return observation

    def _note_body(
        self, observation: Observation, top: HtmlElement, article: Article, standfirst: Standfirst | None
    ) -> None:
        """Note the blocks around the body. `top`: its container. Raises NotObservable."""
        way = observation.tops[0]
        prepared = self._prepared_container(top, way)
        is_same = tostring(top, with_tail=False) == tostring(prepared, with_tail=False)
        before = None if is_same else read_below(top, way)
        # The element around it too: other pages of the site may need it.
        parent = prepared.getparent()
        if parent is None or parent.tag in ("body", "html"):
            start, path = prepared, way
        else:
            start, path = parent, way.rpartition(" ")[0]
        strip_unread(start)
        reading = read_below(start, path)
        blocks = [one.block for one in reading.blocks]
        unclear = {id(block) for block in blocks} - {id(block) for block in without_clutter(blocks, self._head)}
        wanted = Counter(map(_squashed, article.paragraphs))
        observation.blocks = [
            (one.path, len(one.block.text), _state(one.block, wanted, unclear, standfirst)) for one in reading.blocks
        ]
        observation.entered = sorted(reading.paths | (before.paths if before else set()))
        observation.is_plain = before is None or _are_alike(before.blocks, reading.blocks, observation)

    def _prepared_container(self, top: HtmlElement, way: str) -> HtmlElement:
        alike = follow(self._tree, way)[0]
        left = follow(self._prepared, way)[0] if self._prepared is not None else []
        # By its place: to keep all elements of a page alive takes as long as to copy it.
        if len(left) != len(alike):
            raise NotObservable("the container was changed")
        return left[alike.index(top)]


def _repeated(tree: HtmlElement, ways: set[str]) -> list[str]:
    """The paths on some ways that lead to several elements."""
    return sorted(
        {
            path
            for way in ways
            for path, elements in zip(prefixes(way), levels_of(tree, way)[0], strict=True)
            if len(elements) > 1
        }
    )


def _are_alike(before: list[PlacedBlock], after: list[PlacedBlock], observation: Observation) -> bool:
    """Whether the container's blocks with the paths of the body are the same before and after the repair."""
    way = observation.tops[0]
    paths = {path for path, _, state in observation.blocks if state == KEPT}
    now = [(one.path, one.block.text) for one in after if one.path in paths and one.path.startswith(way)]
    return now == [(one.path, one.block.text) for one in before if one.path in paths]


def _sorted_out(standing: list[tuple[str, HtmlElement]], wanted: set[str]) -> tuple[set[str], set[str], set[str]]:
    """The paths of the elements beside the way that are needed, that are not, and that are opened. `wanted`: paths of
    the elements that fields need."""
    leading = {prefix for path in wanted for prefix in prefixes(path)}
    needed: set[str] = set()
    seen: set[str] = set()
    opened: set[str] = set()
    waiting = standing
    while waiting:
        inner = []
        for path, element in waiting:
            seen.add(path)
            if path in leading:
                needed.add(path)
                is_large = sum(1 for _ in islice(element.iter("*"), _LARGE + 1)) > _LARGE
                if path not in wanted and is_large:
                    opened.add(path)
                    inner += [(f"{path} {step_of(child)}", child) for child in element]
        waiting = inner
    return needed, seen - needed, opened


def _tops(tree: HtmlElement, paragraphs: list[str]) -> list[HtmlElement]:
    """The smallest element that holds each of SHARES of a text."""
    text = "\n".join(map(_squashed, paragraphs))
    weights: dict[HtmlElement, int] = {}
    found: set[str] = set()
    for element in tree.iter("*"):
        piece, tail = element.text, element.tail
        if piece is not None and len(piece) >= _MIN_PIECE and (length := _found(piece, text, found)):
            weights[element] = weights.get(element, 0) + length
        if tail is not None and len(tail) >= _MIN_PIECE and (length := _found(tail, text, found)):
            parent = element.getparent()
            if parent is not None:
                weights[parent] = weights.get(parent, 0) + length
    for element, weight in list(weights.items()):
        for around in element.iterancestors():
            weights[around] = weights.get(around, 0) + weight
    total = weights.get(tree, 0)
    if total < len(text) * _MIN_COVER:
        raise NotObservable("the text is not found in the page's elements")
    return [_smallest(tree, weights, total * share) for share in SHARES]


def _found(piece: str, text: str, found: set[str]) -> int:
    """The characters of a piece of text, without white space, if it is in the article and was not found before."""
    squashed = _squashed(piece)
    if len(squashed) < _MIN_PIECE or squashed in found or squashed not in text:
        return 0
    found.add(squashed)
    return len(squashed)


def _smallest(tree: HtmlElement, weights: dict[HtmlElement, int], wanted: float) -> HtmlElement:
    element: HtmlElement | None = tree
    top = tree
    while element is not None:
        top = element
        element = next((child for child in element if weights.get(child, 0) >= wanted), None)
    parent = top.getparent()
    # The container of a text in one paragraph is what holds the paragraph.
    return parent if top.tag in ("p", "span") and parent is not None else top


def _shown(standfirst: Standfirst | None, article: Article) -> Standfirst | None:
    """The standfirst that the full extraction found, as far as its article shows it."""
    if article.subtitle:
        return Standfirst(article.subtitle, is_first_paragraph=False)
    if standfirst is None or any(
        _squashed(standfirst.text)[:40] == _squashed(text)[:40] for text in article.paragraphs[:5]
    ):
        return standfirst
    return None


def _state(block: Block, wanted: Counter[str], unclear: set[int], standfirst: Standfirst | None) -> int:
    text = _squashed(block.text)
    is_standfirst = standfirst is not None and text == _squashed(standfirst.text)
    if wanted[text] > 0:
        wanted[text] -= 1
        return STANDFIRST if is_standfirst and standfirst is not None and standfirst.is_first_paragraph else KEPT
    return NEUTRAL if id(block) in unclear and not is_standfirst else CUT


def _squashed(text: str) -> str:
    return "".join(text.split())
