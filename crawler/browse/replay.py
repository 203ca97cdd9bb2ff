"""An archived page without what could run or request anything, to be shown in a sandboxed frame.

The response forbids the same again (POLICY): what a browser reads otherwise than this parser still gets no script, no
request and no form.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from lxml import etree, html
from lxml_html_clean import Cleaner

from crawler.archive.reader import ArchivedPage, RecordError, read_archived_page
from crawler.encoding.charset import decode
from crawler.items import RecordLocation
from crawler.text import word_set

POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'"
)

_HTML_TYPES = ("text/html", "application/xhtml+xml", "")
_ATTRIBUTES = word_set(
    "abbr align alt bgcolor border cellpadding cellspacing class color colspan cols compact datetime dir face headers "
    "height hspace id lang nowrap role rows rowspan rules scope size span src start style summary title type valign "
    "value vspace width"
)
_IMAGES_INSIDE = ("data:image/",)
_STYLE = "img{max-width:100%;height:auto}body{overflow-wrap:anywhere}"


class ReplayError(RuntimeError):
    """The page cannot be shown; the message says why."""


def replay(folder: Path, location: RecordLocation, *, max_bytes: int, language: str | None) -> str:
    """The archived page as a document in UTF-8. `folder`: of the archive. `language`: of the article; it helps where
    the page declares no encoding. Raises ReplayError."""
    try:
        page = read_archived_page(folder / location.file, location, max_bytes=max_bytes)
    except RecordError as error:
        raise ReplayError(str(error)) from error
    return harmless(page, language)


def harmless(page: ArchivedPage, language: str | None = None) -> str:
    """The page without scripts, addresses, forms and frames. What is not HTML is shown as text."""
    text = decode(page.body, page.content_type, language).replace("\0", "\N{REPLACEMENT CHARACTER}")
    kind = (page.content_type or "").partition(";")[0].strip().lower()
    tree = _parsed(text) if kind in _HTML_TYPES else None
    if tree is None:
        return f'<!DOCTYPE html><html><head><meta charset="utf-8"></head><body><pre>{escape(text)}</pre></body></html>'
    _remove_addresses(tree)
    _cleaner()(tree)
    head = tree.find("head")
    if head is None:
        head = html.Element("head")
        tree.insert(0, head)
    style = html.Element("style")
    style.text = _STYLE
    head.insert(0, style)
    head.insert(0, html.Element("meta", {"charset": "utf-8"}))
    return "<!DOCTYPE html>\n" + str(html.tostring(tree, encoding="unicode"))


def _parsed(text: str) -> html.HtmlElement | None:
    """The document; None if there is none in it."""
    parser = html.HTMLParser(encoding="utf-8")
    try:
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return tree if tree.tag == "html" else None


def _remove_addresses(tree: html.HtmlElement) -> None:
    """Remove all addresses but those of pictures that the page contains. A link shows where it led as its title."""
    for element in tree.iter(etree.Element):
        target = element.attrib.get("href")
        if element.tag == "a" and target is not None and target.startswith(("http://", "https://", "/")):
            element.set("title", target)
        source = element.attrib.get("src")
        if source is not None and not (element.tag == "img" and source.lower().startswith(_IMAGES_INSIDE)):
            del element.attrib["src"]


def _cleaner() -> Cleaner:
    return Cleaner(
        scripts=True,
        javascript=True,
        comments=True,
        style=False,
        inline_style=False,
        links=True,
        meta=True,
        page_structure=False,
        processing_instructions=True,
        embedded=True,
        frames=True,
        forms=True,
        annoying_tags=False,
        remove_unknown_tags=False,
        safe_attrs_only=True,
        safe_attrs=_ATTRIBUTES,
        kill_tags=("base", "template", "portal", "audio", "video", "source", "track"),
    )
