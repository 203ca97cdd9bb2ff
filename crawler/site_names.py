"""Find the site that somebody means: by its name or the beginning of it, its title, its host, or any of its URLs."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from crawler.profile import SiteProfile
from crawler.text import words
from crawler.urls import absolute_url, host_of, on_hosts

# A host as people write it, with or without a path: needs a dot, since a name has none.
_HOST = re.compile(r"[\w-]+(\.[\w-]+)+(:\d+)?([/?#].*)?")

_MIN_BEGINNING = 3
"""Letters that the beginning of a name must have to be taken for it. Chosen by hand."""

_CLOSE = 0.6
"""Similarity above which a name is suggested, as difflib measures it. Its default; chosen by hand."""

_SUGGESTIONS = 3
"""Names that are suggested at most. Chosen by hand."""


@dataclass(frozen=True, slots=True)
class NamedSite:
    """What a site can be recognised by."""

    name: str
    url: str
    """Home page, or the URL of the part of the site that this is."""

    titles: tuple[str, ...] = ()
    hosts: frozenset[str] = frozenset()
    """Hosts of its pages, subdomains included."""


@dataclass(frozen=True, slots=True)
class Match:
    """The result of a search for a name. Neither: nothing is like it."""

    name: str | None = None
    """The site that is meant, if it is only one."""

    suggestions: tuple[str, ...] = ()
    """Names of sites that may be meant, best first."""

    def hint(self) -> str:
        """The suggestions as a question, empty if there is none."""
        return f"did you mean {' or '.join(self.suggestions)}?" if self.suggestions else ""


def named(profile: SiteProfile) -> NamedSite:
    """A site that has a profile."""
    return NamedSite(profile.name, profile.url, (profile.title,), profile.own_hosts)


def find_site(text: str, sites: Sequence[NamedSite]) -> Match:
    """The site that `text` means: the exact name, else the owner of the host or URL, else a title, else the only name
    that begins with it. Suggestions if it is none of these, or several."""
    text = text.strip()
    if any(site.name == text for site in sites):
        return Match(text)
    url = as_url(text)
    if url is not None and (match := find_owner(url, sites)):
        return match
    joined = _joined(text)
    if joined:
        same = [site.name for site in sites if joined in {_joined(title) for title in (site.name, *site.titles)}]
        if same:
            return _only(same)
        if len(joined) >= _MIN_BEGINNING and url is None:
            begin = [site.name for site in sites if _begins(site.name, text)]
            if begin:
                return _only(begin)
    return Match(suggestions=_close(_joined(_label(url)) if url else joined, sites))


def as_url(text: str) -> str | None:
    """A URL, or a host with or without a path, as an absolute URL; None for what is neither."""
    text = text.strip()
    if "://" not in text:
        if not _HOST.fullmatch(text):
            return None
        text = f"https://{text}"
    return absolute_url(text, "")


def find_owner(url: str, sites: Sequence[NamedSite]) -> Match | None:
    """The site that owns a URL: of several on its host, that whose home page's path is the longest beginning of the
    URL's, and on its port if one is. A site that has another part of the host is only suggested. None: no site is on
    the host."""
    on_host = [site for site in sites if on_hosts(url, site.hosts)]
    on_port = [site for site in on_host if _port(site.url) == _port(url)]  # test servers differ in nothing else
    path = _path(url)
    for group in (on_port, on_host):
        lengths = {site.name: len(home) for site in group if path.startswith(home := _path(site.url))}
        if lengths:
            longest = max(lengths.values())
            return _only([name for name, length in lengths.items() if length == longest])
    return Match(suggestions=tuple(site.name for site in on_host[:_SUGGESTIONS])) if on_host else None


def _port(url: str) -> int | None:
    return urlsplit(url).port


def _path(url: str) -> str:
    return unquote(urlsplit(url).path).rstrip("/") + "/"


def _only(names: Sequence[str]) -> Match:
    return Match(names[0]) if len(names) == 1 else Match(suggestions=tuple(names[:_SUGGESTIONS]))


def _begins(name: str, text: str) -> bool:
    """Whether the name begins with the words of the text: `bbc` begins bbc_arabic, and `bb` does not."""
    given, own = _words(text), _words(name)
    return bool(given) and own[: len(given)] == given


def _words(text: str) -> list[str]:
    return words(text.replace("_", " "))


def _joined(text: str) -> str:
    return "".join(_words(text))


def _label(url: str | None) -> str:
    """The part of a host that is most like a name: `aljazeera` of www.aljazeera.example."""
    return max(host_of(url or "").removeprefix("www.").split("."), key=len)


def _close(joined: str, sites: Sequence[NamedSite]) -> tuple[str, ...]:
    known = {_joined(title): site.name for site in sites for title in (*site.titles, site.name)}
    found = (known[text] for text in difflib.get_close_matches(joined, known, 2 * _SUGGESTIONS, _CLOSE))
    containing = (site.name for site in sites if len(joined) >= _MIN_BEGINNING and joined in _joined(site.name))
    return tuple(dict.fromkeys([*found, *containing]))[:_SUGGESTIONS]
