"""Searches that a reader has saved. They are in a cookie of her browser: the server only reads the database, has no
accounts, and needs no script for it."""

from __future__ import annotations

import base64
import json
from typing import Any, NamedTuple
from urllib.parse import urlencode

from crawler.browse.pages.search_request import SearchRequest, parse_request

COOKIE = "rasid_searches"
_PATH = "/-/search"
_YEAR = 365 * 86_400  # seconds

MAX_SAVED = 20
_MAX_NAME = 80  # characters
_MAX_COOKIE = 3_800
"""Bytes: a browser keeps at most 4096 of a cookie, with its name and attributes (RFC 6265, 6.1)."""

_MAX_SEARCH = 1_500
"""Characters of a search that is saved: a few long ones fit into the cookie. Chosen by hand."""


class SavedSearch(NamedTuple):
    """A search with a name."""

    name: str
    request: SearchRequest


def saved_searches(request: Any) -> list[SavedSearch]:
    """The searches in the cookie of a request. What is not valid is ignored: the cookie is the browser's."""
    try:
        pairs = json.loads(base64.urlsafe_b64decode(request.cookies.get(COOKIE, "")))
        known = {str(name)[:_MAX_NAME]: parse_request(str(query)) for name, query in pairs[:MAX_SAVED]}
    except (ValueError, TypeError, KeyError, RecursionError):
        return []
    return [SavedSearch(name, search) for name, search in known.items() if name]


async def save_search(request: Any, datasette: Any) -> Any:
    """Save a search under a name, or remove it, and go back to it. Only by a form: a link of another site must not."""
    from datasette import Response
    from datasette.utils.asgi import BadRequest

    if request.method != "POST":
        return Response.redirect(_PATH)
    posted = await request.post_vars()
    search = parse_request(posted.get("search", "").removeprefix("?"))
    name = " ".join(posted.get("name", "").split())[:_MAX_NAME] or search.q[:_MAX_NAME]
    if len(urlencode(search.parameters(), errors="replace")) > _MAX_SEARCH:
        raise BadRequest("The search is too long to be saved.")
    searches = [saved for saved in saved_searches(request) if saved.name != name]
    if "remove" not in posted and name:
        searches.insert(0, SavedSearch(name, search))
    response = Response.redirect(search.link(), status=303)
    response.set_cookie(COOKIE, _packed(searches), max_age=_YEAR, path=_PATH, httponly=True, samesite="lax")
    return response


def _packed(searches: list[SavedSearch]) -> str:
    """The cookie, without the oldest searches if there are too many of them for it."""
    kept = searches[:MAX_SAVED]
    while True:
        pairs = [(name, urlencode(search.parameters(), errors="replace")) for name, search in kept]
        packed = base64.urlsafe_b64encode(json.dumps(pairs).encode()).decode()
        if len(packed) <= _MAX_COOKIE or not kept:
            return packed
        kept.pop()
