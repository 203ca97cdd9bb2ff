"""XML of strangers: no external entities, no network, no expansion; what is malformed is read as far as it goes."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from lxml import etree

from crawler.discover.document import repaired
from crawler.discover.found import ChannelProblem, Found
from crawler.text import clean

_ROOT = re.compile(r"\s*<([^\s<>/]+)")
_LAST = 200_000  # characters at the end of a document in which its last entry is looked for
_MAX_MESSAGE = 120  # characters of the parser's message, which quotes the document


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace, which sites get wrong more often than right; empty for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def namespace_of(element: etree._Element) -> str:
    """The namespace of an element, empty if it has none; etree.QName would refuse names that recovery makes."""
    return element.tag[1:].rpartition("}")[0] if isinstance(element.tag, str) else ""


def text_of(element: etree._Element | None) -> str | None:
    """All text within an element; None if there is none."""
    text = "" if element is None else "".join(element.itertext()).strip()
    return text or None


def read_tree(text: str, found: Found) -> etree._Element:
    """The root element of a document. Raises ChannelProblem if there is none."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, recover=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(repaired(text), parser)
    except etree.XMLSyntaxError as error:
        raise ChannelProblem(f"The document is no XML ({_message(error.msg)}).") from error
    if root is None:  # what recovery leaves of a document without an element; the stubs do not know it
        raise ChannelProblem("The document has no root element.")
    _tell_errors(parser.error_log, text, found)
    return root


def iter_elements(text: str, tags: tuple[str, ...], found: Found) -> Iterator[etree._Element]:
    """The elements of these local names one by one, each gone after its turn: 50,000 entries need not fit in memory.
    One within which the document breaks off is left out: half an address is another address."""
    names = [f"{{*}}{tag}" for tag in tags]
    events = etree.iterparse(
        io.BytesIO(repaired(text)),
        events=("end",),
        tag=names,
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    last_is_whole = not ends_within(text, tags)
    waiting: etree._Element | None = None
    try:
        for _, element in events:
            if waiting is not None:
                yield waiting
                waiting.clear()
                parent = element.getparent()
                while parent is not None and parent[0] is not element:
                    del parent[0]
            waiting = element
        if waiting is not None and last_is_whole:
            yield waiting
    except etree.XMLSyntaxError as error:
        found.problems.append(f"The XML breaks off ({_message(error.msg)}); what comes before was read.")
        found.cut_off = True
        return
    _tell_errors(events.error_log, text, found)


def ends_within(text: str, tags: tuple[str, ...]) -> bool:
    """Whether a document ends before the last element of these local names does."""
    names = "|".join(map(re.escape, tags))
    closed = [match[1] == "/" for match in re.finditer(rf"<(/?)(?:[\w.-]+:)?(?:{names})(?![\w.-])", text[-_LAST:])]
    return bool(closed) and not closed[-1]


def _tell_errors(log: etree._ListErrorLog, text: str, found: Found) -> None:
    errors = [entry for entry in log if entry.level >= etree.ErrorLevels.ERROR]
    if errors:
        first = errors[0]
        found.problems.append(
            f"The XML is malformed (line {first.line}: {_message(first.message)}); what can be read was read."
        )
        root = _ROOT.match(text)
        found.cut_off = root is not None and f"</{root[1]}" not in text


def _message(text: str | None) -> str:
    return clean(text or "it cannot be parsed")[:_MAX_MESSAGE].rstrip(".")
