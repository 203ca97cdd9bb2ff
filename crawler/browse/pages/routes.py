"""The paths of our pages, and the order in which the navigation lists them."""

from __future__ import annotations

from typing import Any

from crawler.browse.pages.article import article_page
from crawler.browse.pages.overview import overview_page
from crawler.browse.pages.saved_searches import save_search
from crawler.browse.pages.search import search_page
from crawler.browse.pages.search_export import search_file

ROUTES: list[tuple[str, Any]] = [
    (r"^/-/overview$", overview_page),
    (r"^/-/search$", search_page),
    (r"^/-/search/saved$", save_search),
    (r"^/-/search/articles\.(?P<suffix>csv|xlsx|jsonl|atom)$", search_file),
    (r"^/-/article/(?P<id>\d{1,18})$", article_page),
]


def navigation(database: str) -> list[tuple[str, str]]:
    """Path and English label of each page in the navigation. `database`: its name in Datasette."""
    return [("/-/overview", _("Overview")), ("/-/search", _("Search")), (f"/{database}", _("Tables"))]


def _(label: str) -> str:
    """Mark a label for translation: it is translated where it is printed."""
    return label
