"""Repair of markup in which paragraphs and headings are not marked up as such, right before the body is read.

Text between line breaks, tables used for layout, interviews in definition lists, sub-headings and drop caps in elements
without a meaning, and the half of an article that waits for a click on "read more". Measured as a whole:
docs/decisions.md#markup-is-repaired-before-the-body-is-read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from crawler.extract.class_names import class_and_id, name_pattern
from crawler.extract.embedded_posts import keep_embedded_posts
from crawler.extract.page import BLOCK_TAGS, ParsedPage, element_text
from crawler.extract.prose import PROSE_CHARS, is_long, is_sentence
from crawler.text import word_set, words

_CONTAINERS = ("div", "td", "section", "article", "main", "body", "center", "font", "span")
# Unless its comment gives a measurement, a number was chosen by hand and no measurement of it is recorded. `make score`
# shows a change in the body figures of aeb, fundus_eval, trafilatura and fundus_tests.
_MIN_RUNS = 2
"""How many pieces of prose a container must have, so that they are its paragraphs."""

_MIN_SENTENCES = 3
"""How many headings of one tag and class must be sentences. Chosen by hand; one page of half A has them, with 11."""

_LONG_CELL = 400
"""Characters: a cell of a table of data has fewer."""

_MAX_TABLES, _MAX_ENTRIES, _MAX_DROP_CAPS, _MAX_HIDDEN = 200, 200, 20, 20
"""How many elements of a kind are looked at: no article has more, and hostile pages have a million."""

_MAX_DROP_CAP = 2
"""Characters of a drop cap: a letter, perhaps with a quotation mark."""

_SUBHEAD = name_pattern(
    r"(?:\w{1,4}_)?(?:sub-?head(?:line|ing)?|cross-?head(?:ing|line)?|inter-?tit(?:le|re)|zwischen-?titel|"
    r"section-?(?:title|head(?:line|ing)?))"
)
_MAX_SUBHEAD = 120  # characters
_DROP_CAP = re.compile(r"drop-?_?cap|initial-?letter|first-?letter")
_ONE_LETTER_WORDS = word_set("A I O Y E Ó U V")
"""Followed by a space, these letters may be words of their own."""

_HIDDEN = re.compile(
    r"display:\s*none|(?:^|[-_ ])(?:hidden|hide|collaps(?:e|ed|ible)|folded)(?:$|[-_ ])", re.IGNORECASE
)
_ATTRIBUTES_THAT_HIDE = ("hidden", "style", "class", "id", "aria-hidden")
_OPENED = word_set("div section span")


def repair_markup(page: ParsedPage) -> None:
    """Make paragraphs and headings from the markup used in their place, in the page's tree."""
    _join_drop_caps(page)
    html = page.tree.getroottree().getroot()
    if html.get("amp") is not None or html.get("⚡") is not None:
        for gate in page.tree.xpath("//*[starts-with(@amp-access, 'NOT ')]"):  # shown only to readers who do not pay
            gate.drop_tree()
    _unwrap_layout_tables(page.tree)
    _unwrap_definitions(page.tree)
    _lower_sentences(page.tree)
    for element in page.class_names.matching(_SUBHEAD):
        if element.tag in ("div", "span") and _is_between_paragraphs(element):
            element.tag = "h3"
    for parent in {br.getparent(): None for br in page.tree.iter("br")}:
        if parent is not None and parent.tag in _CONTAINERS:
            _wrap_runs(parent)
    for parent in {span.getparent(): None for span in page.tree.iter("span")}:
        if parent is not None and parent.tag in ("div", "section", "article"):
            _raise_spans(parent)
    for text in list(page.tree.iter("pre")):
        _split_preformatted(text)
    for item in page.tree.iter("li"):
        _separate_blocks(item)
    _flatten_entries(page.tree)
    _raise_captions(page.tree)
    keep_embedded_posts(page)
    _open_hidden_halves(page.tree)


def _join_drop_caps(page: ParsedPage) -> None:
    """A first letter in an element of its own belongs to the word that follows."""
    for element in page.class_names.matching(_DROP_CAP)[:_MAX_DROP_CAPS]:
        shown = element_text(element)
        if element.getparent() is None or not 0 < len(shown) <= _MAX_DROP_CAP:
            continue
        after, tail = element.getnext(), element.tail or ""
        rest = tail if tail.strip() or after is None else tail + (after.text or "")
        if not rest.strip() or (rest[0].isspace() and (shown in _ONE_LETTER_WORDS or not rest.lstrip()[0].islower())):
            continue
        if tail.strip():
            element.tail = tail.lstrip()
            element.drop_tag()
        elif after is not None:
            after.text, element.tail = shown + rest.lstrip(), None
            element.drop_tree()


def _unwrap_layout_tables(tree: HtmlElement) -> None:
    """Turn the cells of a table into containers if one is as long as several paragraphs: it lays out the page.

    A cell of text alone is a paragraph: beside paragraphs, trafilatura does not read the text of a container.
    """
    for table in list(tree.iter("table"))[:_MAX_TABLES]:
        cells = [
            cell for row in table.iter("tr") if _table_of(row) is table for cell in row if cell.tag in ("td", "th")
        ]
        if not any(len(cell.text_content()) >= _LONG_CELL for cell in cells):
            continue
        for part in (table, *(e for e in table.iter("tbody", "tr", "td", "th") if _table_of(e) is table)):
            part.tag = "div" if part.tag not in ("td", "th") or _has_parts(part) else "p"


def _has_parts(cell: HtmlElement) -> bool:
    """Whether a cell has paragraphs, lines or other blocks, and not only text."""
    return any(child.tag in BLOCK_TAGS or child.tag == "br" for child in cell.iterdescendants())


def _lower_sentences(tree: HtmlElement) -> None:
    """Turn headings that are sentences into paragraphs if several are alike: lists of pictures have their text there.

    trafilatura cuts the headings at the end of a text.
    """
    alike: dict[tuple[str, str | None], list[HtmlElement]] = defaultdict(list)
    for heading in tree.iter("h2", "h3", "h4"):
        if heading.find(".//a") is None and is_sentence(element_text(heading)):
            alike[str(heading.tag), heading.get("class")].append(heading)
    for headings in alike.values():
        for heading in headings if len(headings) >= _MIN_SENTENCES else ():
            heading.tag = "p"


def _table_of(element: HtmlElement) -> HtmlElement | None:
    return next(element.iterancestors("table"), None)


def _unwrap_definitions(tree: HtmlElement) -> None:
    """Turn a definition list whose answers are prose, an interview, into paragraphs."""
    for answers in list(tree.iter("dl")):
        if sum(map(is_long, answers.iterchildren("dd"))) < _MIN_RUNS:
            continue
        answers.tag = "div"
        for part in answers.iterchildren("dt", "dd"):
            part.tag = "div" if any(child.tag in BLOCK_TAGS for child in part) else "p"


def _is_between_paragraphs(element: HtmlElement) -> bool:
    before, after = element.getprevious(), element.getnext()
    around = [e for e in (before, after) if e is not None]
    return (
        0 < len(element_text(element)) <= _MAX_SUBHEAD
        and len(around) == 2
        and all(e.tag in ("p", "ul") for e in around)
    )


def _wrap_runs(container: HtmlElement) -> None:
    """Make paragraphs of the runs of text between double breaks or blocks, if several of them are prose."""
    runs = list(_runs(container))
    if sum(run.prose() >= PROSE_CHARS for run in runs) < _MIN_RUNS:
        return
    for run in runs:
        paragraph = container.makeelement("p", {})
        if run.holder is None:
            run.nodes[0].addprevious(paragraph)
        elif run.holder is container:
            paragraph.text, container.text = container.text, None
            container.insert(0, paragraph)
        else:
            paragraph.text, run.holder.tail = run.holder.tail, None
            run.holder.addnext(paragraph)
        for node in run.nodes:
            paragraph.append(node)  # its tail goes with it


@dataclass(slots=True)
class _Run:
    """A row of inline nodes, with the text before the first."""

    holder: HtmlElement | None = None
    """The element whose text (the container) or tail (a break, a block) begins the run."""

    text: str = ""
    nodes: list[HtmlElement] = field(default_factory=list)

    def prose(self) -> int:
        """Characters outside links."""
        total = len(self.text.strip())
        for node in self.nodes:
            links = sum(len(str(link.text_content())) for link in node.iter("a"))
            total += len(str(node.text_content())) - links + len((node.tail or "").strip())
        return total


def _runs(container: HtmlElement) -> Iterator[_Run]:
    """The runs of a container in order; single breaks stay inside them."""
    run = _started(container, container.text)
    before: HtmlElement | None = None
    for child in container:
        after = child.getnext()
        if child.tag in BLOCK_TAGS or (child.tag == "br" and (_is_bare(child, after) or _is_bare(before, child))):
            if run:
                yield run
            run = _started(child, child.tail)
        else:
            run = run or _Run()
            run.nodes.append(child)
        before = child
    if run:
        yield run


def _started(holder: HtmlElement, text: str | None) -> _Run | None:
    return _Run(holder, text) if text and text.strip() else None


def _is_bare(one: HtmlElement | None, other: HtmlElement | None) -> bool:
    """Whether two elements are breaks with nothing between them."""
    return (
        one is not None and other is not None and one.tag == other.tag == "br" and not (one.tail and one.tail.strip())
    )


def _raise_spans(container: HtmlElement) -> None:
    """Make paragraphs of spans that are the whole content of a container, if several are prose."""
    spans = [child for child in container if child.tag == "span"]
    if sum(map(is_long, spans)) < _MIN_RUNS:
        return
    if (container.text or "").strip() or any((child.tail or "").strip() for child in container):
        return
    for span in spans:
        span.tag = "p"


def _split_preformatted(text: HtmlElement) -> None:
    """Make paragraphs of a preformatted text, as agencies send them: an empty or an indented line begins one."""
    if len(text):
        return
    parts = [part for part in re.split(r"\n[ \t]*\n|\n(?=[ \t]{2,}\S)", text.text or "") if part.strip()]
    if sum(len(part) >= PROSE_CHARS for part in parts) < _MIN_RUNS:
        return
    text.tag, text.text = "div", None
    for part in parts:
        paragraph = text.makeelement("p", {})
        paragraph.text = part
        text.append(paragraph)


def _separate_blocks(item: HtmlElement) -> None:
    """Put a space before the blocks of a list item: trafilatura drops their tags and would join their words."""
    before: HtmlElement | None = None
    for child in item:
        if child.tag in BLOCK_TAGS:
            if before is None:
                item.text = f"{item.text or ''} "
            else:
                before.tail = f"{before.tail or ''} "
        before = child


def _flatten_entries(tree: HtmlElement) -> None:
    """Make the entries of a live blog part of the article around them if each is an <article> of its own."""
    entries = [
        inner
        for inner in list(tree.iter("article"))[:_MAX_ENTRIES]
        if next(inner.iterancestors("article"), None) is not None
        and any(map(is_long, inner.iter("p")))
        and not any(heading.find(".//a") is not None for heading in inner.iter("h2", "h3", "h4"))
    ]
    if len(entries) < _MIN_RUNS:
        return
    for entry in entries:
        for header in list(entry.iter("header")):
            header.drop_tag()
        entry.drop_tag()  # a <div> of its class could be taken for the whole body


def _raise_captions(tree: HtmlElement) -> None:
    """Make paragraphs of the captions of a photo essay, whose text they are."""
    captions = [caption for caption in tree.iter("figcaption") if is_long(caption)]
    if len(captions) <= _MIN_RUNS or any(map(is_long, tree.iter("p"))):
        return
    for caption in captions:
        figure = caption.getparent()
        caption.tag = "p"
        if figure is not None and figure.tag == "figure":
            figure.tag = "div"


def _open_hidden_halves(tree: HtmlElement) -> None:
    """Show the hidden half of an article whose other half stands before it, unless it repeats that half."""
    checked = 0
    for element in tree.iter(*_OPENED):
        before = element.getprevious()
        if before is None or not element.attrib:
            continue
        style = f"{element.get('style') or ''} {class_and_id(element)}"
        if element.get("hidden") is None and not _HIDDEN.search(style):
            continue
        hidden = [element_text(p) for p in element.iter("p") if is_long(p)]
        if len(hidden) < _MIN_RUNS:
            continue
        checked += 1
        if checked > _MAX_HIDDEN:
            return
        earlier = [before, *before.itersiblings(preceding=True)]
        shown = [element_text(p) for sibling in earlier for p in sibling.iter("p") if is_long(p)]
        if shown and not {tuple(words(text)) for text in hidden} & {tuple(words(text)) for text in shown}:
            for name in _ATTRIBUTES_THAT_HIDE:
                element.attrib.pop(name, None)
