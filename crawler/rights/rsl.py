"""RSL 1.0 documents: which uses of a page the licences of its site grant."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree

from crawler.rights.paths import matches, path_of, uniform
from crawler.usage import MAX_SIGNALS, Effects, Preference, Scope, Signal, shortened

MEDIA_TYPE = "application/rsl+xml"
NAMESPACE = "https://rslstandard.org/rsl"
MAX_BYTES = 200_000
"""Longer documents are not read: nobody wrote such a list by hand. Chosen by hand."""

# The usage tokens and what they contain. `train-ai` is in the guide of the RSL site beside `ai-train`.
_AI = frozenset({"ai-train", "ai-input", "ai-index"})
_EVERYTHING = _AI | {"search", "tdm", "other"}
_CONTAINS: dict[str, frozenset[str]] = {
    "all": _EVERYTHING,
    "ai-all": _AI,
    "ai-train": frozenset({"ai-train"}),
    "train-ai": frozenset({"ai-train"}),
    "ai-input": frozenset({"ai-input"}),
    "ai-index": frozenset({"ai-index"}),
    "search": frozenset({"search"}),
}
# Text and data mining has no token of its own: only `all`, or no limit, grants it.
_SCOPES: dict[Scope, frozenset[str]] = {
    "search": frozenset({"search"}),
    "ai-train": frozenset({"ai-train"}),
    "tdm": frozenset({"tdm"}),
    "other": _EVERYTHING,
}
_FREE = ("free", "attribution")


@dataclass(frozen=True, slots=True)
class RslContent:
    """A content element: which URLs it is for, and what its licences grant."""

    origin: str | None
    """Of a full URL; None for a path."""

    path: str
    effects: Effects
    text: str

    def covers(self, url: str, path: str) -> bool:
        """Whether it is for a URL. `path`: `path_of` the URL."""
        return (self.origin is None or self.origin == _origin(url)) and matches(self.path, path)


@dataclass(frozen=True, slots=True)
class RslDocument:
    """A parsed document."""

    contents: tuple[RslContent, ...] = ()
    problem: str | None = None
    """Why nothing of it is understood."""

    def signals(self, url: str, place: str, file: str | None = None) -> list[Signal]:
        """What it says of a URL: the content elements with the longest pattern that matches."""
        if self.problem is not None:
            return [Signal(kind="rsl", place=place, text="", problem=self.problem, file=file)]
        path = path_of(url)
        fitting = [content for content in self.contents if content.covers(url, path)]
        longest = max((len(uniform(content.path)) for content in fitting), default=0)
        return [
            Signal(kind="rsl", place=place, text=content.text, effects=content.effects, file=file)
            for content in fitting
            if len(uniform(content.path)) == longest
        ]


def parse_rsl(body: bytes) -> RslDocument:
    """Parse an RSL document. Never raises: what is not one says nothing."""
    if len(body) > MAX_BYTES:
        return RslDocument(problem=f"longer than {MAX_BYTES} bytes: not read")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        return RslDocument(problem=shortened(f"not valid XML: {error}"))
    if _name(root) != "rsl":
        return RslDocument(problem="not an RSL document")
    contents = [element for element in root.iter() if _name(element) == "content"]
    return RslDocument(tuple(_content(element) for element in contents[:MAX_SIGNALS]))


def _content(element: etree._Element) -> RslContent:
    url = (element.get("url") or "").strip()
    parts = _parts(url)
    is_full = parts is not None and bool(parts[0])
    path = parts[1] if parts is not None and is_full else url
    licences = [child for child in element if _name(child) == "license"]
    offers = [_offer(licence, needs_server=bool(element.get("server"))) for licence in licences]
    text = etree.tostring(element, encoding="unicode", with_tail=False)
    return RslContent(parts[0] if parts is not None and is_full else None, path or "/", _combined(offers),
                      shortened(" ".join(text.split())))  # fmt: skip


def _combined(offers: list[dict[str, Preference]]) -> Effects:
    """The licences of a content element are offers: a use that one of them grants without a price is allowed (RSL 1.0,
    3.1.1). A use that none grants, or only for a price, is reserved."""
    if not offers:
        return {}
    effects: dict[Scope, Preference] = {}
    for scope, tokens in _SCOPES.items():
        granted = all(any(offer[token] == "allowed" for offer in offers) for token in tokens)
        effects[scope] = "allowed" if granted else "reserved"
    return effects


def _offer(licence: etree._Element, *, needs_server: bool) -> dict[str, Preference]:
    """For each use whether a licence grants it. Without `permits` of usage every use is granted; with it, only those
    that it lists; `prohibits` comes before `permits` (3.5, 3.6). A price, a licence server, and limits to some users or
    countries are conditions of which we do not know that they are met: the use is reserved (3.7)."""
    permitted: frozenset[str] | None = None
    prohibited: frozenset[str] = frozenset()
    is_free = not needs_server
    for child in licence:
        name, kind = _name(child), child.get("type") or "usage"
        if name in ("permits", "prohibits") and kind != "usage":
            is_free = False
        elif name == "permits":
            permitted = (permitted or frozenset()) | _tokens(child)
        elif name == "prohibits":
            prohibited |= _tokens(child)
        elif name == "payment" and not _is_free(child):
            is_free = False
    granted = (permitted if permitted is not None else _EVERYTHING) - prohibited
    return {token: "allowed" if is_free and token in granted else "reserved" for token in _EVERYTHING}


def _is_free(payment: etree._Element) -> bool:
    """A payment without a type is free only if it is empty."""
    kind = payment.get("type")
    return kind in _FREE if kind is not None else len(payment) == 0


def _tokens(element: etree._Element) -> frozenset[str]:
    words = "".join(str(text) for text in element.itertext()).replace(",", " ").split()
    return frozenset().union(*(_CONTAINS.get(word, frozenset()) for word in words))


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _parts(url: str) -> tuple[str, str] | None:
    """Origin and path of a URL; None if it is not one."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return (f"{parts.scheme}://{parts.netloc}".lower() if parts.netloc else "", path)


def _origin(url: str) -> str:
    parts = _parts(url)
    return parts[0] if parts is not None else ""
