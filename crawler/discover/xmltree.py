"""XML of strangers: no external entities, no network, no expansion. Malformed XML is read as far as possible."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from lxml import etree

from crawler.discover.document import repaired
from crawler.discover.result import MAX_QUOTE, ChannelProblem, ChannelResult
from crawler.text import clean

_ROOT = re.compile(r"\s*<([^\s<>/]+)")
# Characters at the end of a document in which its last entry is searched. Chosen by hand: entries are shorter.
_LAST_CHARS = 200_000


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace, which is wrong on many sites; empty for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def namespace_of(element: etree._Element) -> str:
    """The namespace of an element, empty if it has none. etree.QName rejects names that recovery creates."""
    return element.tag[1:].rpartition("}")[0] if isinstance(element.tag, str) else ""


def inner_text(element: etree._Element | None) -> str | None:
    """All text within an element; None if it is empty."""
    text = "" if element is None else "".join(element.itertext()).strip()
    return text or None


def read_tree(text: str, result: ChannelResult) -> etree._Element:
    """The root element of a document. Raises ChannelProblem if there is none."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, recover=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(repaired(text), parser)
    except etree.XMLSyntaxError as error:
        raise ChannelProblem(f"The document is not valid XML ({_message(error.msg)}).") from error
    if root is None:  # recovery of a document without an element; the type stubs do not have this case
        raise ChannelProblem("The document has no root element.")
    _report_errors(parser.error_log, text, result)
    return root


def iter_elements(text: str, tags: tuple[str, ...], result: ChannelResult) -> Iterator[etree._Element]:
    """The elements with these local names, one by one. Each is deleted after its turn, so that 50,000 entries need not
    fit in memory. The one within which the document breaks off is left out: half a URL is another URL."""
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
    previous: etree._Element | None = None
    try:
        for _, element in events:
            if previous is not None:
                yield previous
                previous.clear()
                parent = element.getparent()
                while parent is not None and parent[0] is not element:
                    del parent[0]
            previous = element
        if previous is not None and last_is_whole:
            yield previous
    except etree.XMLSyntaxError as error:
        result.problems.append(f"The XML breaks off ({_message(error.msg)}); the part before that was read.")
        result.is_cut_off = True
        return
    _report_errors(events.error_log, text, result)


def ends_within(text: str, tags: tuple[str, ...]) -> bool:
    """Whether a document ends within an element with one of these local names."""
    names = "|".join(map(re.escape, tags))
    closed = [
        match[1] == "/" for match in re.finditer(rf"<(/?)(?:[\w.-]+:)?(?:{names})(?![\w.-])", text[-_LAST_CHARS:])
    ]
    return bool(closed) and not closed[-1]


def _report_errors(log: etree._ListErrorLog, text: str, result: ChannelResult) -> None:
    errors = [entry for entry in log if entry.level >= etree.ErrorLevels.ERROR]
    if errors:
        first = errors[0]
        result.problems.append(
            f"The XML is malformed (line {first.line}: {_message(first.message)}); all that is readable was read."
        )
        root = _ROOT.match(text)
        result.is_cut_off = root is not None and f"</{root[1]}" not in text


def _message(text: str | None) -> str:
    return clean(text or "no message of the parser")[:MAX_QUOTE].rstrip(".")
