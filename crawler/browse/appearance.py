"""Choices of the reader that a cookie keeps: the language, and light or dark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode

from crawler.browse.languages import COOKIE as LANGUAGE_COOKIE
from crawler.browse.languages import LANGUAGES

THEMES = ("auto", "light", "dark")
_THEME_COOKIE = "rasid_theme"
_CHOICES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "_lang": (LANGUAGE_COOKIE, tuple(LANGUAGES)),
    "_theme": (_THEME_COOKIE, THEMES),
}
_YEAR = 365 * 86_400  # seconds


def theme_of(request: Any) -> str:
    """`auto` (the system's choice), `light` or `dark`, by `?_theme=` or the cookie."""
    wanted = (request.args.get("_theme"), request.cookies.get(_THEME_COOKIE))
    return next((theme for theme in wanted if theme in THEMES), "auto")


def cookies_of(query: bytes) -> list[str]:
    """The Set-Cookie headers that keep the choices in a query string."""
    if b"_lang=" not in query and b"_theme=" not in query:
        return []
    chosen = parse_qs(query.decode("latin-1"))
    return [
        f"{cookie}={values[-1]}; Max-Age={_YEAR}; Path=/; SameSite=Lax; HttpOnly"
        for name, (cookie, known) in _CHOICES.items()
        if (values := chosen.get(name)) and values[-1] in known
    ]


def with_choice(request: Any, **choice: str) -> str:
    """The link to this page with another language or theme."""
    kept = [(name, value) for name, value in parse_qsl(request.query_string) if name not in choice]
    return f"{request.path}?{urlencode([*kept, *choice.items()])}"
