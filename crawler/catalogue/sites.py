"""Read the catalogue, and find entries in it."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

from crawler.catalogue.entry import Entry
from crawler.site_names import NamedSite, find_site
from crawler.text import words
from crawler.urls import bare_host, host_of

_FILE = "sites.json"


def entries() -> tuple[Entry, ...]:
    """All entries, by name."""
    return tuple(Entry.parse(data) for data in _data()["sites"])


def sources() -> dict[str, dict[str, str]]:
    """The sources of the entries: key → title, and where they are known url and date."""
    return dict(_data()["sources"])


def find(text: str) -> Entry | None:
    """The entry with this name, title, host or URL; None if there is none, or more than one."""
    name = find_site(text, _named()).name
    return next((entry for entry in entries() if entry.name == name), None)


def close_names(text: str) -> tuple[str, ...]:
    """Names of entries that may be meant if `find` finds none, best first."""
    return find_site(text, _named()).suggestions


def search(
    text: str = "", *, language: str | None = None, country: str | None = None, kind: str | None = None
) -> list[Entry]:
    """The entries of a language (ISO 639), country (ISO 3166) and kind in whose name, title or host each word of the
    text occurs."""
    wanted = words(text)
    return [
        entry
        for entry in entries()
        if language in (None, entry.language)
        and country in (None, entry.country)
        and kind in (None, entry.kind)
        and all(word in _searched(entry) for word in wanted)
    ]


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((files("crawler.catalogue") / _FILE).read_text("utf-8"))
    return data


@cache
def _named() -> tuple[NamedSite, ...]:
    return tuple(
        NamedSite(
            entry.name,
            entry.url,
            tuple(filter(None, (entry.title, entry.latin))),
            frozenset({bare_host(entry.url), host_of(entry.url)}),
        )
        for entry in entries()
    )


def _searched(entry: Entry) -> str:
    return " ".join(words(f"{entry.name} {entry.title} {entry.latin or ''} {host_of(entry.url)}".replace("_", " ")))
