"""The signals in a response: its headers, its meta and link elements, and its linked data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from urllib.parse import urljoin

from crawler.rights import tdmrep
from crawler.rights.directives import ROBOT_NAMES, header_directives, read_directives
from crawler.rights.licences import described_licence, licence_link
from crawler.rights.preferences import usage_header
from crawler.rights.rsl import MEDIA_TYPE, parse_rsl
from crawler.usage import DIRECTIVES, MAX_SIGNALS, Effects, Signal, shortened

HEAD_BYTES = 100_000
"""Bytes at the start of a page that are searched for meta elements, licences and linked data. Chosen by hand: the heads
of pages are shorter."""
DATA_BYTES = 50_000
"""Bytes at the start of a page that are searched for usageInfo, which has no effect. Chosen by hand."""
FOOT_BYTES = 30_000
"""Bytes at the end of a page that are searched for links to licences: footers have them. Chosen by hand."""
_META = re.compile(rb"<meta\s([^<>]{1,1000})>", re.IGNORECASE)
_LINK = re.compile(rb"<(link|a)\s([^<>]{1,1000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"([a-z-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_INLINE_RSL = re.compile(
    rb"<script\s[^<>]{0,200}application/rsl\+xml[^<>]{0,200}>(.{1,20000}?)</script", re.IGNORECASE | re.DOTALL
)
_DESCRIBED = re.compile(
    rb'"(license|usageInfo)"\s*:\s*(?:"([^"\\]{1,500})"|\{[^{}]{0,300}?"(?:@id|url)"\s*:\s*"([^"\\]{1,500})")'
)
_LINK_VALUE = re.compile(r"<([^<>]{0,2000})>((?:\s*;\s*[\w*-]+\s*(?:=\s*(?:\"[^\"]*\"|[^\s\";,]+))?)*)")
_LINK_PARAMETER = re.compile(r"([\w*-]+)\s*(?:=\s*(?:\"([^\"]*)\"|([^\s\";,]+)))?")
_PRICED_EFFECTS: Effects = {
    "search": "reserved",
    "ai-train": "reserved",
    "tdm": "reserved",
    "other": "reserved",
}


@dataclass(frozen=True, slots=True)
class PageSignals:
    """What a response says."""

    signals: tuple[Signal, ...]
    """All but those of TDMRep."""

    tdm_header: tuple[Signal, ...]
    tdm_meta: tuple[Signal, ...]
    directives: frozenset[str]
    """Robots directives in lower case, as far as DIRECTIVES has them."""

    licences: tuple[tuple[str, str], ...]
    """Place and absolute URL of each link to an RSL document."""


class _Reader:
    """Collects what is found."""

    def __init__(self, url: str, now: datetime) -> None:
        self._url, self._now = url, now
        self.signals: list[Signal] = []
        self.tdm_header: list[Signal] = []
        self.tdm_meta: list[Signal] = []
        self.words: set[str] = set()
        self.licences: list[tuple[str, str]] = []

    def read_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        usage: list[str] = []
        for name, value in headers:
            match name.lower():
                case "x-robots-tag":
                    signal, words = header_directives(value, self._now)
                    self._add_directives(signal, words)
                case "content-usage":
                    usage.append(value)
                case "tdm-reservation":
                    self.tdm_header.append(tdmrep.reservation("header TDM-Reservation", value))
                case "tdm-policy":
                    self.tdm_header.append(tdmrep.policy("header TDM-Policy", value))
                case "link":
                    self._read_links(value)
        if usage:
            self.signals.append(usage_header(usage))

    def read_body(self, body: bytes) -> None:
        for element in _META.finditer(body, 0, HEAD_BYTES):
            # Its attributes are parsed only if it may be of ours: a page has fifty others.
            lower = element[1].lower()
            if b"robots" in lower or b"tdm-" in lower or b"rasid" in lower:
                self._read_meta(_attributes(element[1]))
        for start, end in _ends(len(body)):
            self._read_licences(body, start, end)
        for at in _places(body, b'"usageInfo"', 0, DATA_BYTES):
            self._read_described(body, at)

    def _read_licences(self, body: bytes, start: int, end: int) -> None:
        last = -1
        for at in _places(body, b"license", start, end):
            begin = body.rfind(b"<", max(0, at - 1000), at)
            if body[at - 1 : at] == b'"':
                self._read_described(body, at - 1)
            if begin == at - 1:
                last = self._read_inline_rsl(body, begin, last)
            elif begin > last:
                last = begin
                if (element := _LINK.match(body, begin)) is not None:
                    self._read_link(_attributes(element[2]), f"{element[1].decode().lower()} rel=license")

    def _read_inline_rsl(self, body: bytes, at: int, last: int) -> int:
        """The script around a <license> element; returns its beginning. Each is read once."""
        begin = body.rfind(b"<script", max(0, at - 20_000), at)
        script = _INLINE_RSL.match(body, begin) if begin > last else None
        if script is not None:
            self.signals += parse_rsl(script[1].strip()).signals(self._url, "script application/rsl+xml")
        return max(begin, last)

    def _add_directives(self, signal: Signal | None, words: frozenset[str]) -> None:
        if signal is not None:
            self.signals.append(signal)
            self.words |= words

    def _read_meta(self, attributes: dict[bytes, str]) -> None:
        name, content = attributes.get(b"name", "").lower(), attributes.get(b"content", "")
        if name in ROBOT_NAMES:
            self._add_directives(*read_directives(f"meta {name}", content, self._now))
        elif name == "tdm-reservation":
            self.tdm_meta.append(tdmrep.reservation("meta tdm-reservation", content))
        elif name == "tdm-policy":
            self.tdm_meta.append(tdmrep.policy("meta tdm-policy", content))

    def _read_link(self, attributes: dict[bytes, str], place: str) -> None:
        if "license" in attributes.get(b"rel", "").lower().split():
            self._add_licence(place, attributes.get(b"href", ""), attributes.get(b"type", ""))

    def _read_links(self, value: str) -> None:
        """RFC 8288: `<https://example.org/l.xml>; rel="license"; type="application/rsl+xml"`."""
        for link in _LINK_VALUE.finditer(value):
            values = {each[1].lower(): each[2] or each[3] or "" for each in _LINK_PARAMETER.finditer(link[2])}
            if "license" in values.get("rel", "").lower().split():
                self._add_licence("header Link", link[1], values.get("type", ""))

    def _add_licence(self, place: str, href: str, kind: str) -> None:
        try:
            url = urljoin(self._url, href.strip())
        except ValueError:
            url = ""
        if kind.split(";")[0].strip().lower() == MEDIA_TYPE:
            self.licences.append((place, url))
            self.signals.append(Signal(kind="rsl", place=place, text=shortened(url or href)))
        else:
            self.signals.append(licence_link(place, url or href))

    def _read_described(self, body: bytes, at: int) -> None:
        described = _DESCRIBED.match(body, at)
        if described is not None:
            text = (described[2] or described[3]).decode("latin-1")
            signal = described_licence(f"schema.org {described[1].decode()}", text)
            if signal not in self.signals:
                self.signals.append(signal)


def read_page(headers: Iterable[tuple[str, str]], body: bytes, *, url: str, now: datetime) -> PageSignals:
    """What a response says. `headers`: names in any case; a name may occur more than once. `url`: of the response.
    `now`: when it was received."""
    reader = _Reader(url, now)
    reader.read_headers(headers)
    reader.read_body(body)
    return PageSignals(
        tuple(reader.signals[:MAX_SIGNALS]),
        tuple(reader.tdm_header[:MAX_SIGNALS]),
        tuple(reader.tdm_meta[:MAX_SIGNALS]),
        frozenset(reader.words & set(DIRECTIVES)),
        tuple(dict.fromkeys(reader.licences)),
    )


def priced_signal() -> Signal:
    """The signal of a page that is sent only for money: status 402 (RFC 9110, 15.5.3)."""
    return Signal(kind="status", place="status", text="HTTP 402", effects=_PRICED_EFFECTS)


def _attributes(text: bytes) -> dict[bytes, str]:
    """Names in lower case. Of an attribute that occurs twice, the first counts, as in HTML."""
    found: dict[bytes, str] = {}
    for match in _ATTRIBUTE.finditer(text):
        value = (match[2] or match[3] or match[4] or b"").decode("latin-1").strip()
        found.setdefault(match[1].lower(), unescape(value))
    return found


def _ends(length: int) -> list[tuple[int, int]]:
    """The parts of a page that are searched for licences: its beginning and its end."""
    return [(0, HEAD_BYTES)] + ([(max(HEAD_BYTES, length - FOOT_BYTES), length)] if length > HEAD_BYTES else [])


def _places(body: bytes, word: bytes, start: int, end: int) -> Iterator[int]:
    """Where a word stands, at most MAX_SIGNALS times."""
    at = body.find(word, start, end)
    for _ in range(MAX_SIGNALS):
        if at < 0:
            return
        yield at
        at = body.find(word, at + 1, end)
