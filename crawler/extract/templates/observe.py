"""Note what one page shows of its site's template, after the full extraction has read the page."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from itertools import islice

from lxml.html import HtmlElement

from crawler.extract.article import page_head, prepare_body, read_fields, remove_selected
from crawler.extract.body import Block
from crawler.extract.clutter import without_clutter
from crawler.extract.page import ParsedPage, page_of
from crawler.extract.page_head import PageHead
from crawler.extract.source import find_source
from crawler.extract.standfirst import Standfirst
from crawler.extract.templates.blocks import PlacedBlock, read_below, strip_unread
from crawler.extract.templates.needs import needed_paths
from crawler.extract.templates.observation import CUT, KEPT, NEUTRAL, SHARES, STANDFIRST, Observation
from crawler.extract.templates.paths import paths_of, prefixes, step_of
from crawler.extract.templates.reduce import declares_article, drop, follow, prose_outside
from crawler.extract.templates.signals import evidence
from crawler.extract.tree import parse_html
from crawler.items import Article
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


def observe(
    html: str, url: str, article: Article, *, profile: SiteProfile | None = None, fetched: datetime | None = None
) -> Observation:
    """Note what a page shows, given the article that the full extraction has made of it. Raises NotObservable."""
    if article.page_type != "article" or len(article.body) < _MIN_BODY:
        raise NotObservable("no article, or a short one")
    tree = parse_html(html)
    if tree is None:
        raise NotObservable("no content")
    if sum(1 for _ in islice(tree.iter(), _MAX_ELEMENTS + 1)) > _MAX_ELEMENTS:
        raise NotObservable("too many elements")
    paths = paths_of(tree)
    tops = _tops(tree, paths, article.paragraphs)
    way = paths[tops[0]]
    alike, standing = follow(tree, way)
    wanted = needed_paths(paths, way, url, article)
    counts = Counter(paths.values())
    lines = {_squashed(text) for text in article.paragraphs}
    outside = {paths[p] for p, _ in prose_outside(tree, tops[-1]) if _squashed(str(p.text_content())) not in lines}
    observation = Observation(
        tops=[paths[top] for top in tops],
        repeated=sorted({path for top in tops for path in prefixes(paths[top]) if counts[path] > 1}),
        needed=[],
        unneeded=[],
        opened=[],
        outside=sorted(outside),
        length=sum(map(len, article.paragraphs)),
    )
    number = alike.index(tops[0])
    plans = [_sorted_out(standing, wanted, opens=opens) for opens in (True, False)]
    for round_, (needed, unneeded, opened) in enumerate(plans):
        page_tree = parse_html(html) if round_ else tree
        assert page_tree is not None  # it was parsed before
        reduced = _Reduced(way, (unneeded, opened), number)
        reduced.note(page_of(page_tree, html, url, profile, reduced.reduce), observation, article, fetched)
        observation.needed, observation.unneeded, observation.opened = sorted(needed), sorted(unneeded), sorted(opened)
        if not opened or all(is_right for _, is_right in observation.fields.values()):
            break
    if observation.chars() > _MAX_CHARS:
        raise NotObservable("too many paths")
    return observation


def _sorted_out(
    standing: list[tuple[str, HtmlElement]], wanted: set[str], *, opens: bool
) -> tuple[set[str], set[str], set[str]]:
    """The paths of the elements beside the way that are needed, that are not, and that are opened. `wanted`: paths of
    the elements that fields need. Without `opens` none is opened."""
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
                if opens and path not in wanted and is_large:
                    opened.add(path)
                    inner += [(f"{path} {step_of(child)}", child) for child in element]
        waiting = inner
    return needed, seen - needed, opened


def _tops(tree: HtmlElement, paths: dict[HtmlElement, str], paragraphs: list[str]) -> list[HtmlElement]:
    """The smallest element that holds each of SHARES of a text."""
    text = "\n".join(map(_squashed, paragraphs))
    weights: dict[HtmlElement, int] = {}
    found: set[str] = set()
    for element in paths:
        for piece, holder in ((element.text, element), (element.tail, element.getparent())):
            if piece is None or holder is None or len(piece) < _MIN_PIECE or piece.isspace():
                continue
            squashed = _squashed(piece)
            if len(squashed) >= _MIN_PIECE and squashed not in found and squashed in text:
                found.add(squashed)
                weights[holder] = weights.get(holder, 0) + len(squashed)
    for element in reversed(paths):
        parent = element.getparent()
        if element in weights and parent is not None:
            weights[parent] = weights.get(parent, 0) + weights[element]
    total = weights.get(tree, 0)
    if total < len(text) * _MIN_COVER:
        raise NotObservable("the text is not found in the page's elements")
    return [_smallest(tree, weights, total * share) for share in SHARES]


def _smallest(tree: HtmlElement, weights: dict[HtmlElement, int], wanted: float) -> HtmlElement:
    element: HtmlElement | None = tree
    top = tree
    while element is not None:
        top = element
        element = next((child for child in element if weights.get(child, 0) >= wanted), None)
    parent = top.getparent()
    # The container of a text in one paragraph is what holds the paragraph.
    return parent if top.tag in ("p", "span") and parent is not None else top


class _Reduced:
    """A page read as by a template of its own: without the elements that its fields do not need."""

    def __init__(self, way: str, parts: tuple[set[str], set[str]], number: int) -> None:
        """`parts`: the paths of elements to remove and to open. `number`: of the container among the elements to which
        the way leads."""
        self._way, self._parts, self._number = way, parts, number
        self._top: HtmlElement | None = None

    def reduce(self, tree: HtmlElement) -> None:
        """Remove what is not needed from a tree."""
        tops, standing = follow(tree, self._way)
        self._top = tops[self._number] if self._number < len(tops) else None
        drop(standing, *self._parts)

    def note(self, page: ParsedPage, observation: Observation, article: Article, fetched: datetime | None) -> None:
        """Note fields and blocks of a reduced page. Raises NotObservable."""
        top = self._top
        if top is None:
            raise NotObservable("the way to the body is lost")
        observation.is_declared = declares_article(page)
        part = Article(url=article.url, site=article.site)
        standfirst = read_fields(page, part, fetched)
        observation.fields = evidence(part, standfirst, article, _standfirst_of(article, standfirst))
        part.source = part.source or find_source(page, article.paragraphs)
        if part.source != article.source:
            observation.fields["authors"] = (observation.fields["authors"][0], False)
        remove_selected(page)
        start, path = self._start(top)
        before = read_below(top, self._way)
        prepare_body(page)
        if start.getroottree().getroot() is not page.tree:
            raise NotObservable("the container was removed")
        strip_unread(start)
        reading = read_below(start, path)
        observation.entered = sorted(reading.paths | before.paths)
        self._note_blocks(observation, reading.blocks, before.blocks, (page_head(page, article), article, standfirst))

    @staticmethod
    def _note_blocks(
        observation: Observation,
        placed: list[PlacedBlock],
        before: list[PlacedBlock],
        read: tuple[PageHead, Article, Standfirst | None],
    ) -> None:
        head, article, standfirst = read
        blocks = [one.block for one in placed]
        unclear = {id(block) for block in blocks} - {id(block) for block in without_clutter(blocks, head)}
        wanted = Counter(map(_squashed, article.paragraphs))
        observation.blocks = []
        kept = []
        for one in placed:
            state = _state(one.block, wanted, unclear, standfirst)
            observation.blocks.append((one.path, len(one.block.text), state))
            if state == KEPT:
                kept.append((one.path, one.block.text))
        paths = {path for path, _ in kept}
        way = observation.tops[0]
        now = [(one.path, one.block.text) for one in placed if one.path in paths and one.path.startswith(way)]
        observation.is_plain = now == [(one.path, one.block.text) for one in before if one.path in paths]

    def _start(self, top: HtmlElement) -> tuple[HtmlElement, str]:
        """The element around the body: other pages of the site may need it."""
        parent = top.getparent()
        if parent is None or parent.tag in ("body", "html"):
            return top, self._way
        return parent, self._way.rpartition(" ")[0]


def _standfirst_of(article: Article, standfirst: Standfirst | None) -> Standfirst | None:
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
