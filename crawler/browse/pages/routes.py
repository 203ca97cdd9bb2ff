"""The paths of our pages, and the order in which the navigation lists them."""

from __future__ import annotations

from typing import Any

from crawler.browse.pages.archived_page import archived_page
from crawler.browse.pages.article import article_page
from crawler.browse.pages.ledger import ledger_file, ledger_page, ledger_pages_page
from crawler.browse.pages.overview import overview_page
from crawler.browse.pages.runs import due_page, run_page, runs_page
from crawler.browse.pages.saved_searches import save_search
from crawler.browse.pages.search import search_page
from crawler.browse.pages.search_export import search_file
from crawler.browse.pages.site import site_page
from crawler.browse.pages.sites import sites_page
from crawler.browse.pages.story import story_page

ROUTES: list[tuple[str, Any]] = [
    (r"^/-/overview$", overview_page),
    (r"^/-/search$", search_page),
    (r"^/-/search/saved$", save_search),
    (r"^/-/search/articles\.(?P<suffix>csv|xlsx|jsonl|atom)$", search_file),
    (r"^/-/article/(?P<id>\d{1,18})$", article_page),
    (r"^/-/sites$", sites_page),
    (r"^/-/site/(?P<name>.+)$", site_page),
    (r"^/-/runs$", runs_page),
    (r"^/-/run/(?P<number>\d{1,18})$", run_page),
    (r"^/-/run/due/(?P<number>\d{1,18})$", due_page),
    (r"^/-/ledger$", ledger_page),
    (r"^/-/ledger\.(?P<format>json|csv)$", ledger_file),
    (r"^/-/ledger/pages$", ledger_pages_page),
    (r"^/-/article/(?P<id>\d{1,18})/page$", archived_page),
    (r"^/-/story/(?P<id>\d{1,18})$", story_page),
]


def navigation(database: str) -> list[tuple[str, str]]:
    """Path and English label of each page in the navigation. `database`: its name in Datasette."""
    return [
        ("/-/overview", _("Overview")),
        ("/-/search", _("Search")),
        ("/-/sites", _("Sites")),
        ("/-/runs", _("Runs")),
        ("/-/ledger", _("Ledger")),
        (f"/{database}", _("Tables")),
    ]


def _(label: str) -> str:
    """Mark a label for translation: it is translated where it is printed."""
    return label
