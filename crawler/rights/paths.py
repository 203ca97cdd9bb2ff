"""Path patterns of robots.txt (RFC 9309, 2.2.3), which tdmrep.json and RSL documents have as well."""

from __future__ import annotations

from urllib.parse import quote, unquote, urlsplit


def path_of(url: str) -> str:
    """The path of a URL with its query, in the form that `matches` compares."""
    parts = urlsplit(url)
    return uniform((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def matches(pattern: str, path: str) -> bool:
    """Whether a path (of `path_of`) begins with a pattern, which may have `*` and a `$` at its end. It is not made a
    regular expression: the server could choose one that never ends."""
    to_the_end = pattern.endswith("$")
    first, *others = (uniform(piece) for piece in pattern.removesuffix("$").split("*"))
    if not path.startswith(first):
        return False
    at = len(first)
    if not others:
        return not to_the_end or at == len(path)
    for piece in others[:-1]:
        start = path.find(piece, at)
        if start < 0:
            return False
        at = start + len(piece)
    if to_the_end:
        return len(path) - len(others[-1]) >= at and path.endswith(others[-1])
    return path.find(others[-1], at) >= 0


def uniform(path: str) -> str:
    """The same for all ways to escape a path."""
    return quote(unquote(path, errors="surrogateescape"), safe="/?&=*$", errors="surrogateescape")
