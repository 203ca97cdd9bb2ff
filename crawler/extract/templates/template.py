"""A learned template, and its form as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from crawler.extract.templates.blocks import LINKS, RUN
from crawler.extract.templates.paths import prefixes
from crawler.extract.templates.signals import SignalCounts

FORMAT = 2
"""Templates of another format are not read: they are learnt again."""

_MOSTLY = 0.9
"""The share of blocks with one path that were kept (or cut), from which the path decides alone. From a sketch on 44
sites; no measurement of the number alone is recorded."""

_MAX_PATHS, _MAX_CHARS, _MAX_PATH = 5000, 2_000_000, 8000
"""Bounds for what is read from the database: far above any template."""


@dataclass
class Template:
    """Where the pages of a site have their body and what of it is kept."""

    way: str
    """The path from the root to the container of the body. All other paths begin in it, unless they say otherwise."""

    paths: dict[str, list[int]]
    """Path of a block → how many such blocks were kept, and how many were cut."""

    known: set[str]
    """Paths of elements in the container that were seen."""

    outside: set[str]
    """Paths, from the root, of prose outside of the container that is not the article's. Set once, never added to."""

    dropped: set[str]
    """Paths, from the root, of elements beside the way that no field needs; they are removed before the fields are
    read. Empty if that would change fields."""

    opened: set[str]
    """Paths, from the root, of elements beside the way that are looked into for such elements."""

    signals: SignalCounts
    shortest: int
    longest: int
    """Characters of the bodies that it was learnt from."""

    is_declared: bool
    """Whether all pages declared that they are articles."""

    is_plain: bool
    """Whether the markup of no page needed repair for its body."""

    pages: int
    """How many pages it was learnt from."""

    agreement: float
    """The share of the text of these pages on which it and the full extraction agree."""

    version: int = 1
    """Counts the templates of a site."""

    extractor: str = ""
    """The program whose articles it was learnt from."""

    looks: int = 0
    """How many times it has learnt to look at more."""

    def look_at_more(self) -> None:
        """Remove less before the fields are read: first whole elements only, then nothing. What is known of the signals
        is of no use then."""
        if self.opened:
            self.dropped = {path for path in self.dropped if self.opened.isdisjoint(prefixes(path))}
            self.opened = set()
        else:
            self.dropped = set()
        self.signals = {}
        self.looks += 1

    @cached_property
    def kept(self) -> frozenset[str]:
        """Paths of blocks that belong to the body."""
        return frozenset(path for path, (kept, cut) in self.paths.items() if kept and kept >= (kept + cut) * _MOSTLY)

    @cached_property
    def undecided(self) -> frozenset[str]:
        """Paths of blocks that were kept on some pages and cut on others: nothing in a path says when."""
        return frozenset(
            path
            for path, (kept, cut) in self.paths.items()
            if kept + cut and (1 - _MOSTLY) < kept / (kept + cut) < _MOSTLY
        )

    @cached_property
    def entered(self) -> frozenset[str]:
        """Paths of elements in the container that lead to such blocks."""
        leads = {prefix for path in self.kept | self.undecided for prefix in prefixes(element_path(path))}
        return frozenset(leads)

    def to_json(self) -> str:
        """As stored."""
        values = {
            "format": FORMAT,
            "version": self.version,
            "extractor": self.extractor,
            "pages": self.pages,
            "agreement": round(self.agreement, 4),
            "way": self.way,
            "paths": self.paths,
            "known": sorted(self.known),
            "outside": sorted(self.outside),
            "dropped": sorted(self.dropped),
            "opened": sorted(self.opened),
            "signals": self.signals,
            "shortest": self.shortest,
            "longest": self.longest,
            "is_declared": self.is_declared,
            "is_plain": self.is_plain,
            "looks": self.looks,
        }
        return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def element_path(path: str) -> str:
    """The path of the element that a block's path names."""
    return path.removesuffix(LINKS).removesuffix(RUN)


@lru_cache(maxsize=256)
def template_from_json(text: str) -> Template:
    """Read a template. What the database holds may be damaged or of another version. Raises ValueError."""
    if len(text) > _MAX_CHARS:
        raise ValueError("not a template: too long")
    try:
        values = json.loads(text)
    except RecursionError as error:
        raise ValueError("not a template: nested too deep") from error
    if not isinstance(values, dict) or values.get("format") != FORMAT:
        raise ValueError(f"not a template of format {FORMAT}")
    try:
        return Template(
            way=_path(values["way"]),
            paths={_path(path): _counts(counts) for path, counts in _items(values["paths"])},
            known=_paths(values["known"]),
            outside=_paths(values["outside"]),
            dropped=_paths(values["dropped"]),
            opened=_paths(values["opened"]),
            signals={
                str(name): {str(signal): _counts(counts) for signal, counts in _items(signals)}
                for name, signals in _items(values["signals"])
            },
            shortest=_number(values["shortest"]),
            longest=_number(values["longest"]),
            is_declared=values["is_declared"] is True,
            is_plain=values["is_plain"] is True,
            pages=_number(values["pages"]),
            agreement=float(values["agreement"]),
            version=_number(values["version"]),
            extractor=str(values["extractor"]),
            looks=_number(values["looks"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a template: {type(error).__name__}: {error}") from error


def _path(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= _MAX_PATH:
        raise ValueError("not a template: not a path")
    return value


def _paths(values: Any) -> set[str]:
    if not isinstance(values, list) or len(values) > _MAX_PATHS:
        raise ValueError("not a template: not a list of paths")
    return set(map(_path, values))


def _items(values: Any) -> Any:
    if not isinstance(values, dict) or len(values) > _MAX_PATHS:
        raise ValueError("not a template: not an object")
    return values.items()


def _counts(values: Any) -> list[int]:
    if not isinstance(values, list) or len(values) != 2:
        raise ValueError("not a template: not two counts")
    return list(map(_number, values))


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise ValueError("not a template: not a number")
    return value
