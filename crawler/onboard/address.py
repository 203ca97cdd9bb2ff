"""The address of a site as somebody types it → URLs to request, the most likely first."""

from __future__ import annotations

import re

from crawler.text import clean
from crawler.urls import absolute_url, host_of

_SCHEME = re.compile(r"^(?:feed:)?(?:(?P<scheme>[a-z]{2,7})\s*(?::\s*[/\\]{1,3}|[/\\]{2})|[/\\]{2})", re.IGNORECASE)
_SECURE = re.compile(r"h?t{1,3}ps\w?|hptt?ps|feeds|https.*", re.IGNORECASE)
_OTHER_SCHEMES = frozenset({"data", "file", "ftp", "ftps", "mailto", "sftp", "ssh"})
_QUOTES = "\"'`“”‘’«»<>()[]{}،,;"
_SHOWN = 80
"""Characters of a text that the message about it repeats."""

_LOCAL = re.compile(r"(?:localhost|.*\.localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]+\])(?::\d+)?", re.IGNORECASE)
_PORT = re.compile(r":\d+$")
_HOST = re.compile(r"(?:[^\W_](?:[\w-]*\w)?\.)+[^\W\d_][\w-]*\w|" + _LOCAL.pattern, re.IGNORECASE)


class AddressError(ValueError):
    """A text that cannot be the address of a site; the message is a sentence."""


def urls_of(text: str) -> list[str]:
    """The URLs that a typed address may mean, the most likely first. Raises AddressError.

    Without a scheme, and with a misspelt one, https comes before http; a local address is requested by http first. A
    name with and without `www.` are both tried.
    """
    # A space is never part of an address that somebody types or copies from a line break.
    typed = "".join(clean(text).split()).strip(_QUOTES).rstrip(".")
    scheme, rest = None, typed
    while match := _SCHEME.match(rest):  # "https://https://" comes from pasting behind what a form contains already
        scheme, rest = match["scheme"], rest[match.end() :]
        if scheme and scheme.lower() in _OTHER_SCHEMES:
            raise _no_address(text)
    rest = rest.lstrip("/\\").replace("\\", "/")
    host, slash, path = rest.partition("/")
    host, question, query = host.partition("?")
    host = host.rpartition("@")[2].replace("،", ".").replace(",", ".").rstrip(".:").lower()
    host = re.sub(r"^(?:www\.)?w{2,4}[.,]+|^www(?=\w+\.\w+\.)", "www.", re.sub(r"\.{2,}", ".", host))
    if not _HOST.fullmatch(_PORT.sub("", host)):
        raise _no_address(text)
    tail = question + query + (slash or "/") + path
    schemes = _schemes(scheme, host)
    urls = [f"{scheme}://{name}{tail}" for name in _names(host) for scheme in schemes]
    urls = [url for url in urls if absolute_url(url, "") is not None]
    if not urls:
        raise _no_address(text)
    return list(dict.fromkeys(urls))


def _no_address(text: str) -> AddressError:
    return AddressError(f"{text.strip()[:_SHOWN]!r} is not the address of a site; write it like www.example.com")


def _schemes(typed: str | None, host: str) -> tuple[str, ...]:
    if _LOCAL.fullmatch(host) and not (typed and _SECURE.fullmatch(typed)):
        return ("http", "https")
    return ("http", "https") if typed and typed.lower() == "http" else ("https", "http")


def _names(host: str) -> tuple[str, ...]:
    """The host and its variant with or without www."""
    if _LOCAL.fullmatch(host) or not host_of(f"//{host}"):
        return (host,)
    if host.startswith("www."):
        return (host, host.removeprefix("www."))
    return (host, f"www.{host}") if host.count(".") <= 2 else (host,)
