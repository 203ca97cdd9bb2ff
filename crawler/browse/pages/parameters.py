"""Parameters of the pages that have filters: whatever a request has in them, a page gets valid values."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

_MAX_DIGITS = 6
"""Digits of the number of a page; more are a mistake or hostile."""

_MAX_TEXT = 300
"""Characters of a text that are read: longer than any name of a site."""


def page_number(request: Any) -> int:
    """The number of the page in `?page=`, 1 if it is not valid."""
    text = request.args.get("page") or ""
    return max(int(text), 1) if text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS else 1


def choice(request: Any, name: str, known: Collection[str], default: str) -> str:
    """The value of a parameter that has to be one of these."""
    value = request.args.get(name)
    return value if value in known else default


def plain_text(request: Any, name: str) -> str:
    """The value of a parameter without spaces at its ends; a NUL or half of a surrogate pair is not text."""
    value = (request.args.get(name) or "").strip()[:_MAX_TEXT]
    return value.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def day(request: Any, name: str, default: date) -> date:
    """The day in a parameter, like 2026-01-31."""
    try:
        return date.fromisoformat(request.args.get(name) or "")
    except ValueError:
        return default


def linker(path: str, parameters: Mapping[str, Any]) -> Callable[..., str]:
    """A function that links to a page with these parameters and others; None or an empty text leaves one out."""

    def link(**other: Any) -> str:
        merged = {**parameters, **other}
        query = urlencode({name: value for name, value in merged.items() if value not in (None, "")})
        return f"{path}?{query}" if query else path

    return link
